//! What became of one file.

use crate::finding::Cures;
use crate::schema::Text;

/// What became of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// How many bytes were read.
    pub bytes: u64,
    /// How many records there are after the header, blank lines not counted; `None` if they cannot
    /// be told apart.
    pub records: Option<u64>,
    /// What could not be judged.
    pub not_checked: Vec<NotChecked>,
    /// Which fixes would be made in a copy; those that are [open](crate::fix::Cure::is_open) are not
    /// known.
    pub cures: Cures,
    /// Whether the sink closed before the end.
    pub is_cut_short: bool,
}

/// Something that could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// What it is, for example `columns`.
    pub what: Text,
    /// Why.
    pub why: Text,
}
