//! Why a file could not be checked. Defects of the data are findings, never errors.

use std::io;

/// Why a file could not be checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The reader failed. Findings up to that point were reported.
    #[error("cannot read after byte {offset}")]
    Read {
        /// How many bytes were read before.
        offset: u64,
        /// The error of the reader.
        #[source]
        source: io::Error,
    },
    /// The schema has no file of that name.
    #[error("`{0}` is not a file of the API")]
    UnknownFile(String),
}
