//! What happens when the program itself is at fault.

use std::io::{self, Write};

use samegoal_schema::text::escape::visible;

/// From now on, a panic prints a line that names the place in the program and nothing else,
/// and ends with the exit status of what could not be run: its usual message may hold a piece of a
/// cell, and an abort may leave the whole memory in a file.
pub fn end_quietly() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or(String::new(), |at| format!(" ({at})"));
        let place = visible(&place);
        // If standard error is gone too, there is nowhere left to report it.
        let _ = writeln!(
            io::stderr(),
            "error: internal error{place}; please report it, without any data"
        );
        #[expect(clippy::exit, reason = "there is nothing to go on with")]
        std::process::exit(2);
    }));
}
