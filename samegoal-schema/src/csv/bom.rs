//! The byte-order mark that some programs write at the start of a file.

/// The UTF-8 byte-order mark.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// As many boms as a file starts with at most. A program that takes the mark for text and writes one
/// of its own leaves two.
pub(crate) const BOMS: &[u8] = b"\xEF\xBB\xBF\xEF\xBB\xBF";

/// The boms that a file with this `head` starts with. They are no part of its first record.
pub(crate) fn boms(head: &[u8]) -> &'static [u8] {
    [BOMS, BOM].into_iter().find(|boms| head.starts_with(boms)).unwrap_or_default()
}
