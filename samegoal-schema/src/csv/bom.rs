//! The byte-order mark that some programs write at the start of a file.

/// The UTF-8 byte-order mark.
pub(crate) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// As many marks as a file starts with at most. A program that takes the mark for text and writes one
/// of its own leaves two.
pub(crate) const MARKS: &[u8] = b"\xEF\xBB\xBF\xEF\xBB\xBF";

/// The marks that a file with this `head` starts with. They are no part of its first record.
pub(crate) fn marks(head: &[u8]) -> &'static [u8] {
    [MARKS, MARK].into_iter().find(|marks| head.starts_with(marks)).unwrap_or_default()
}
