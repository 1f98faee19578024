//! The outcome for one file.

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
