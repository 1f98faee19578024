//! Writes deliveries that have nothing wrong with them, and each as it was on the day before: the
//! same bytes each time, and no real data. The test `clean` lints them all.
//!
//! ```text
//! cargo run --example generate_clean -- DIR
//! ```

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::Parser;

mod district;

use district::{Day, deliveries};

/// Writes every delivery into a folder of its name.
#[derive(Parser)]
struct Options {
    /// Where to write; made if it is not there
    dir: PathBuf,
    /// Only these deliveries
    names: Vec<String>,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    for delivery in deliveries() {
        if !options.names.is_empty() && !options.names.iter().any(|name| name == delivery.name) {
            continue;
        }
        for day in [Day::Before, Day::Today] {
            for (path, bytes) in delivery.files(day) {
                let path = options.dir.join(delivery.name).join(path);
                path.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::write(path, bytes)?;
            }
        }
    }
    Ok(())
}
