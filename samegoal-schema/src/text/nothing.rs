//! Words for nothing, such as `NULL` and `N/A`.

/// The letters that the words for nothing begin with, small or capital.
pub(crate) const WORD_LETTERS: [u8; 2] = [b'n', b'u'];

/// How long the words for nothing are.
pub(crate) const WORD_LENGTHS: [usize; 4] = [2, 3, 4, 9];
