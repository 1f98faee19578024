//! What a fix may change in a header, because it can mean only one thing.

use super::matching::Binding;
use crate::check::bytes;
use crate::schema::{ColumnSpec, Completeness, FileSpec};

/// Whether a fix may replace the header at a position with its column's name: it is that name,
/// written differently, or a former one, and no other header fits.
///
/// A header with a line end stays, because a fix keeps lines where they are. So does one with
/// characters that are not text: a control character may have come from anywhere.
pub(crate) fn is_renamed(binding: &Binding, position: usize, header: &[u8]) -> bool {
    let is_left = |character: char| {
        matches!(character, '\r' | '\n') || character.is_control() && bytes::is_unseen(character)
    };
    binding.is_certain(position)
        && std::str::from_utf8(header).is_ok_and(|text| !text.contains(is_left))
}

/// The optional columns that a fix adds if every record fits the header. A file without the
/// required ones may be a different file, and is wrong anyway.
pub(crate) fn added<'s>(
    spec: &'s FileSpec,
    binding: &Binding,
) -> impl Iterator<Item = &'s ColumnSpec> {
    let is_demanded = |column: &usize| {
        spec.columns.get_index(*column).is_some_and(|(_, it)| it.presence.is_demanded())
    };
    let is_whole = spec.completeness == Completeness::Complete
        && binding.missing_required.is_empty()
        && !binding.contests.keys().any(is_demanded);
    let missing = if is_whole { binding.missing_optional.as_slice() } else { &[] };
    missing.iter().filter_map(|&index| Some(spec.columns.get_index(index)?.1))
}
