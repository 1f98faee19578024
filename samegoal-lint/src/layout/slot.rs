//! One file of the API, and the entries of a directory that stand for it.

use samegoal_schema::FileSpec;

use crate::listing::Entry;

/// One file of the API and what stands for it.
pub(super) struct Slot<'a> {
    pub(super) spec: &'a FileSpec,
    pub(super) plain: Option<&'a Entry>,
    pub(super) auto: Option<&'a Entry>,
    /// Files that are nearly named like it, and whether they are nearer to the auto name.
    pub(super) near: Vec<(&'a Entry, bool)>,
    /// Files that are recognized by their header.
    pub(super) by_header: Vec<&'a Entry>,
    /// Files that are meant for it, but packed, in another format, or not whole yet.
    pub(super) in_other_form: Vec<&'a Entry>,
    pub(super) workbooks: Vec<&'a Entry>,
    /// The file to check.
    pub(super) planned: Option<&'a Entry>,
    /// Whether its absence, if it is absent, has another finding already.
    pub(super) explained: bool,
    /// Whether that finding is that a file beside needs it.
    pub(super) is_needed: bool,
}

impl<'a> Slot<'a> {
    pub(super) fn new(spec: &'a FileSpec) -> Self {
        Self {
            spec,
            plain: None,
            auto: None,
            near: Vec::new(),
            by_header: Vec::new(),
            in_other_form: Vec::new(),
            workbooks: Vec::new(),
            planned: None,
            explained: false,
            is_needed: false,
        }
    }

    /// Whether a file stands for it, under whatever name.
    pub(super) fn is_there(&self) -> bool {
        self.plain.is_some()
            || self.auto.is_some()
            || !self.near.is_empty()
            || !self.by_header.is_empty()
    }
}
