//! What a rule does with the values of one column.

use std::ops::RangeInclusive;

use super::Value;
use crate::finding::Sink;

/// What a rule does in a column that it applies to.
#[derive(Default)]
pub(crate) struct Part {
    /// Reports what is wrong with a value, unless an earlier rule found it unusable.
    pub(super) check: Option<Check>,
    pub(crate) screen: Option<Screen>,
}

pub(super) type Check = fn(&Value<'_>, &mut dyn Sink);

/// The values that must not pass unchecked: those with one of these lengths for which `is_suspect` is
/// true. They may be too many, never too few.
pub(crate) struct Screen {
    pub(crate) lengths: RangeInclusive<usize>,
    pub(crate) is_suspect: fn(&[u8]) -> bool,
}
