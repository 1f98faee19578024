//! Bytes from a file, and how private they are.

use crate::schema::Content;

/// Bytes from a file.
///
/// It implements no `Display`, `Debug` or `Serialize`, so that no cell is printed by accident:
///
/// ```compile_fail
/// let cell = samegoal_schema::Cell::new(b"Ada", samegoal_schema::Privacy::Private(samegoal_schema::Content::Name));
/// println!("{cell:?}");
/// ```
#[derive(Clone)]
pub struct Cell {
    bytes: Box<[u8]>,
    privacy: Privacy,
}

impl Cell {
    /// The longest part of a cell that is kept for a report, in bytes.
    pub const KEPT: usize = 256;

    /// Keeps the beginning of `bytes`, up to [`KEPT`](Self::KEPT).
    pub fn new(bytes: &[u8], privacy: Privacy) -> Self {
        let mut end = bytes.len().min(Self::KEPT);
        // Never split a character.
        while end < bytes.len() && end > 0 && bytes.get(end).is_some_and(|b| b & 0xC0 == 0x80) {
            end -= 1;
        }
        Self { bytes: bytes.get(..end).unwrap_or_default().into(), privacy }
    }

    /// The bytes themselves, only for the one place that decides how much of them to show.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// How private the bytes are.
    pub fn privacy(&self) -> Privacy {
        self.privacy
    }
}

/// How private something from a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// A published name, or one close to it, or only punctuation: not personal data.
    Public,
    /// Personal data of this kind.
    Private(Content),
}
