//! Checks of files and of sets of files.
//!
//! Files come in by name; findings go out to a sink, and a summary is returned. Imports all floors
//! below: `check`, `finding`, `csv`, `schema`, `text`.

mod file;
mod header;
mod outcome;
mod records;
mod session;
mod workers;

pub use outcome::{Error, NotChecked, Summary};
pub(crate) use records::is_header;
pub use session::{Session, check, recognize};
