//! Bytes that were read, in memory that is used again.

use std::io::{self, Read};
use std::ops::Deref;

/// Bytes from a reader. The memory is allocated once, and never cleared.
#[derive(Default)]
pub(crate) struct Buffer {
    room: Vec<u8>,
    /// How many of them were read.
    filled: usize,
}

impl Deref for Buffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.room.get(..self.filled).unwrap_or_default()
    }
}

impl Buffer {
    /// Replaces the content.
    pub(crate) fn restart(&mut self, bytes: &[u8]) {
        self.filled = bytes.len();
        match self.room.get_mut(..bytes.len()) {
            Some(room) => room.copy_from_slice(bytes),
            None => self.room = bytes.to_vec(),
        }
    }

    pub(crate) fn forget(&mut self, count: usize) {
        let count = count.min(self.filled);
        self.room.copy_within(count..self.filled, 0);
        self.filled -= count;
    }

    /// Reads up to `most` more bytes, and fewer only where the source ends or fails. Returns how many,
    /// and whether the source ended.
    pub(crate) fn fill(
        &mut self,
        source: &mut impl Read,
        most: usize,
    ) -> (usize, io::Result<bool>) {
        let (before, end) = (self.filled, self.filled + most);
        if self.room.len() < end {
            self.room.resize(end, 0);
        }
        let outcome = loop {
            let room = self.room.get_mut(self.filled..end).unwrap_or_default();
            if room.is_empty() {
                break Ok(false);
            }
            match source.read(room) {
                Ok(0) => break Ok(true),
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        (self.filled - before, outcome)
    }
}
