//! Records one by one.

use std::io::{self, Read};
use std::mem;

use crate::csv::batch::Batch;
use crate::csv::batcher::Batcher;
use crate::csv::record::Record;

/// How many bytes one read asks for, by default.
pub(crate) const READ_SIZE: usize = 256 << 10;

/// Reads records from bytes.
///
/// ```
/// use samegoal_schema::csv::Scanner;
///
/// let mut scanner = Scanner::new("Id,Name\r\n1,\"Ada \"\"A\"\"\"\r\n".as_bytes());
/// let header = scanner.read_record()?.unwrap();
/// assert_eq!(header.len(), 2);
/// let record = scanner.read_record()?.unwrap();
/// assert_eq!(record.line(), 2);
/// assert_eq!(record.field(1).unwrap().value().as_ref(), b"Ada \"A\"");
/// assert!(scanner.read_record()?.is_none());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Scanner<R> {
    batcher: Batcher<R>,
    batch: Batch,
    /// The next record of the batch.
    next: usize,
}

impl<R: Read> Scanner<R> {
    /// A scanner over all that `source` gives.
    pub fn new(source: R) -> Self {
        Self::with_read_size(source, READ_SIZE)
    }

    /// A scanner that asks `source` for about this many bytes at a time. The records are the same for
    /// any size; small ones are for tests.
    pub fn with_read_size(source: R, bytes: usize) -> Self {
        Self { batcher: Batcher::new(source, bytes), batch: Batch::default(), next: 0 }
    }

    /// Sets how many fields a record should have; the default is the width of the first record that is
    /// not blank. It only decides where records go on after an unclosed quote. Call it before the first
    /// record.
    pub fn set_width(&mut self, fields: usize) {
        self.batcher.set_width(fields);
    }

    /// The first bytes of the file, up to `length`; fewer only if the file has no more, or if the reader
    /// fails after some. Call it before the first record.
    ///
    /// # Errors
    ///
    /// The error of the reader before its first byte, other than [`io::ErrorKind::Interrupted`].
    pub fn head(&mut self, length: usize) -> io::Result<&[u8]> {
        self.batcher.head(length)
    }

    /// Skips bytes that [`head`](Self::head) has shown, after the byte-order marks. They are that many
    /// whole lines. Call it before the first record.
    pub(crate) fn skip(&mut self, bytes: usize, lines: u64) -> io::Result<()> {
        self.batcher.skip(bytes, lines)
    }

    /// How many bytes of the file were read so far, also ahead of the current record.
    pub fn bytes_read(&self) -> u64 {
        self.batcher.bytes_read()
    }

    /// How many bytes were examined so far; bytes that were examined twice count twice. For tests: it
    /// is in proportion to [`bytes_read`](Self::bytes_read), whatever the bytes are.
    #[doc(hidden)]
    pub fn work(&self) -> u64 {
        self.batcher.work()
    }

    /// The next record, or `None` at the end. A blank line is a record of one empty field.
    ///
    /// # Errors
    ///
    /// The error of the reader, other than [`io::ErrorKind::Interrupted`], after all records before that
    /// place. The next call reads on from there.
    pub fn read_record(&mut self) -> io::Result<Option<Record<'_>>> {
        while self.next >= self.batch.len() {
            self.next = 0;
            if !self.batcher.next_batch(&mut self.batch)? {
                return Ok(None);
            }
        }
        self.next += 1;
        Ok(self.batch.record(self.next - 1))
    }

    /// The batcher, the current batch, and the next record in it.
    pub(crate) fn parts(&mut self) -> (&mut Batcher<R>, Batch, usize) {
        (&mut self.batcher, mem::take(&mut self.batch), mem::take(&mut self.next))
    }
}
