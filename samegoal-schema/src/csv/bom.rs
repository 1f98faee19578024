//! The byte-order mark that some programs write at the start of a file.

pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The most byte-order marks at the start of a file. A program that reads the first as text and writes
/// its own leaves two.
pub(crate) const BOMS: &[u8] = b"\xEF\xBB\xBF\xEF\xBB\xBF";

/// The byte-order marks at the start of a file. They are not part of its first record.
pub(crate) fn boms(head: &[u8]) -> &'static [u8] {
    [BOMS, BOM].into_iter().find(|boms| head.starts_with(boms)).unwrap_or_default()
}

/// What follows the marks at the start of some bytes, however many there are.
pub(crate) fn without_boms(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix(BOM) {
        bytes = rest;
    }
    bytes
}
