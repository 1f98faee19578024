//! The tests of the whole way: from a directory to a report, and from a command line to an exit
//! status. The cases are files; `fixtures/README.md` says how to add one.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by a panic"
)]

mod canary;
mod case;
mod clean;
mod cli;
mod config;
mod damage;
mod dependencies;
mod docs;
mod drift;
mod fixtures;
mod floors;
mod formats;
mod line_ends;
mod meta;
mod monotone;
mod names;
#[cfg(target_os = "linux")]
mod on_disk;
#[cfg(unix)]
mod places;
mod readme;
mod reidentified;
mod robust;
mod said;
#[cfg(unix)]
mod special_files;
mod stage;
mod targets;
mod tree;
mod upload_script;
