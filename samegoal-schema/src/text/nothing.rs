//! Words for "no value", such as `NULL` and `N/A`.

/// The letters that these words begin with, small or capital.
pub(crate) const WORD_LETTERS: [u8; 2] = [b'n', b'u'];

/// How long these words are.
pub(crate) const WORD_LENGTHS: [usize; 4] = [2, 3, 4, 9];
