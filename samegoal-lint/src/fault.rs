//! What happens when the program itself is at fault, or the machine has too little for it.

use std::io::{self, Write};

use samegoal_schema::text::escape::visible;

/// The exit status of a run that came to no result.
const COULD_NOT_RUN: i32 = 2;

/// From now on, a panic prints a line that names the place in the program and nothing else,
/// and ends with the exit status of what could not be run: its usual message may hold a piece of a
/// cell. Where memory runs out, the standard library says so and aborts; that ends in the same way, for
/// an abort may leave the whole memory in a file.
pub fn end_quietly() {
    #[cfg(unix)]
    leave_no_memory_behind();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or(String::new(), |at| format!(" ({at})"));
        let place = visible(&place);
        // If standard error is gone too, there is nowhere left to report it.
        let _ = writeln!(
            io::stderr(),
            "error: internal error{place}; please report it, without any data"
        );
        #[expect(clippy::exit, reason = "there is nothing to go on with")]
        std::process::exit(COULD_NOT_RUN);
    }));
}

/// What cannot be had is no reason not to run.
#[cfg(unix)]
fn leave_no_memory_behind() {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
    let always = Arc::new(AtomicBool::new(true));
    let _ = signal_hook::flag::register_conditional_shutdown(libc::SIGABRT, COULD_NOT_RUN, always);
}
