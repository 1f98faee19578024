//! Readers that are harder to read from than a slice.

use std::io::{self, ErrorKind, Read};

/// Returns only a few bytes at a time.
pub(crate) struct Trickle<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) most: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.most.min(buffer.len());
        self.bytes.read(&mut buffer[..most])
    }
}

/// Is interrupted before each read, and fails once, at one byte, in one way.
pub(crate) struct Failing<'a> {
    pub(crate) bytes: &'a [u8],
    /// How many bytes it returns before the failure.
    pub(crate) left: usize,
    pub(crate) most: usize,
    pub(crate) failure: Option<ErrorKind>,
    pub(crate) interrupted: bool,
}

impl<'a> Failing<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, most: usize, failure: ErrorKind) -> Self {
        Self { bytes, left: at, most, failure: Some(failure), interrupted: false }
    }
}

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(ErrorKind::Interrupted.into());
        }
        let mut most = self.most.min(buffer.len());
        if self.failure.is_some() {
            if self.left == 0 {
                return Err(self.failure.take().unwrap().into());
            }
            most = most.min(self.left);
        }
        let read = self.bytes.read(&mut buffer[..most])?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

/// Returns a beginning and then a pattern over and over, without holding all of it.
pub(crate) struct Endless<'a> {
    head: &'a [u8],
    pattern: Vec<u8>,
    at: usize,
    left: u64,
}

impl<'a> Endless<'a> {
    /// `length` bytes in all.
    pub(crate) fn new(head: &'a [u8], pattern: &[u8], length: u64) -> Self {
        // Long enough to copy whole patterns, and a multiple of the pattern.
        let pattern = pattern.repeat((64 << 10) / pattern.len() + 1);
        Self { head, pattern, at: 0, left: length }
    }
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = &mut buffer[..most];
        let read = if self.head.is_empty() {
            let read = (&self.pattern[self.at..]).read(buffer)?;
            self.at = (self.at + read) % self.pattern.len();
            read
        } else {
            self.head.read(buffer)?
        };
        self.left -= read as u64;
        Ok(read)
    }
}
