//! Checks of files and of sets of files.
//!
//! Files come in by name; findings go out to a sink, and a summary is returned. Imports all floors
//! below: `check`, `finding`, `csv`, `schema`, `text`.

mod error;
mod file;
mod header;
mod records;
mod session;
mod summary;
mod workers;

pub use error::Error;
pub(crate) use records::is_header;
pub use session::{Session, check, recognize};
pub use summary::{NotChecked, Summary};
