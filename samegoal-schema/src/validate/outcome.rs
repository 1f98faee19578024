//! The outcome for one file. Defects of the data are findings, never errors.

use std::io;

use crate::finding::Cures;
use crate::schema::Text;

/// The outcome for one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// How many bytes were read.
    pub bytes: u64,
    /// How many records follow the header, without blank lines; `None` if they cannot be separated.
    pub records: Option<u64>,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// Which fixes a copy would get. Whether it would get an [open](crate::fix::Cure::is_open) one is
    /// not known.
    pub cures: Cures,
    /// Whether the sink closed before the end.
    pub is_cut_short: bool,
}

/// Something that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// What it is, for example `columns`.
    pub what: Text,
    /// Why.
    pub why: Text,
}

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
