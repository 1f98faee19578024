//! Bytes into batches of records.

mod next_record;

use std::io::{self, Read};
use std::mem;

use memchr::memchr2;

use self::next_record::{Next, width_of};
use super::batch::{Batch, Entry};
use super::bom::{BOMS, boms};
use super::buffer::Buffer;
use super::field::{Fault, FieldEnd, Quoting, RecordEnd, line_end, spans};
use super::record::{Terminator, count_line_ends, is_western};

use super::simd_records::read_simple_records;

/// Reads bytes, and groups the records that lie in them.
pub(crate) struct Batcher<R> {
    source: R,
    /// What was read and not yet given out, from `start` on.
    buffer: Buffer,
    /// Where in the buffer the next record starts.
    start: usize,
    /// How many bytes the source gave.
    taken: u64,
    /// How many bytes one read asks for.
    read_size: usize,
    at_end: bool,
    /// An error of the source behind some bytes. It is returned once these are used up, so that
    /// the findings before it do not depend on the size of the reads.
    failure: Option<io::Error>,
    begun: bool,
    /// Whether the rest of a record that was too long must still be skipped.
    discarding: bool,
    line: u64,
    row: u64,
    width: Option<usize>,
    /// How many bytes were read ahead to find where records go on after a wrong quote.
    effort: u64,
    /// How many bytes were examined in all.
    work: u64,
    /// Those of the record that is being read; places count from its start.
    fields: Vec<FieldEnd>,
    faults: Vec<Fault>,
}

impl<R: Read> Batcher<R> {
    pub(crate) fn new(source: R, read_size: usize) -> Self {
        Self {
            source,
            buffer: Buffer::default(),
            start: 0,
            taken: 0,
            read_size: read_size.max(1),
            at_end: false,
            failure: None,
            begun: false,
            discarding: false,
            line: 1,
            row: 1,
            width: None,
            effort: 0,
            work: 0,
            fields: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn set_width(&mut self, fields: usize) {
        self.width = Some(fields);
    }

    pub(crate) fn head(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.unread().len() < length && !self.at_end && self.failure.is_none() {
            if let Err(failure) = self.fill() {
                self.failure = Some(failure);
            }
        }
        match self.failure.take_if(|_| self.buffer.len() == self.start) {
            Some(failure) => Err(failure),
            None => Ok(self.unread().get(..length.min(self.unread().len())).unwrap_or_default()),
        }
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.taken
    }

    pub(crate) fn work(&self) -> u64 {
        self.work
    }

    /// Whether all records were given out.
    pub(crate) fn is_done(&self) -> bool {
        self.at_end && self.unread().is_empty()
    }

    /// Reads the next records; returns whether there are any.
    pub(crate) fn next_batch(&mut self, batch: &mut Batch) -> io::Result<bool> {
        batch.clear();
        if !self.begun {
            self.begin()?;
        }
        if self.discarding {
            self.discard()?;
        }
        batch.row = self.row;
        loop {
            batch.offset = self.taken - self.buffer.len() as u64;
            self.take_records(batch);
            if batch.len() > 0 {
                break;
            }
            if self.unread().is_empty() && self.at_end {
                return Ok(false);
            }
            self.fill()?;
        }
        // The batch takes the bytes along. Those without a record start the next buffer.
        let mut next = mem::take(&mut batch.bytes);
        next.restart(self.unread());
        batch.bytes = mem::replace(&mut self.buffer, next);
        self.start = 0;
        self.row += batch.len() as u64;
        Ok(true)
    }

    pub(crate) fn skip(&mut self, bytes: usize, lines: u64) -> io::Result<()> {
        self.begin()?;
        self.start = self.buffer.len().min(self.start + bytes);
        self.line += lines;
        self.row += lines;
        Ok(())
    }

    fn begin(&mut self) -> io::Result<()> {
        // No more is read before the first record: the source may fail behind it.
        let may_go_on = |unread: &[u8]| unread.len() < BOMS.len() && BOMS.starts_with(unread);
        while may_go_on(self.unread()) && !self.at_end {
            self.fill()?;
        }
        self.start += boms(self.unread()).len();
        self.begun = true;
        Ok(())
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads once more, or less where the source ends or fails.
    fn fill(&mut self) -> io::Result<()> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.buffer.forget(self.start);
        self.start = 0;
        let (read, outcome) = self.buffer.fill(&mut self.source, self.read_size);
        self.taken += read as u64;
        match outcome {
            Ok(at_end) => self.at_end = at_end,
            Err(failure) if read > 0 => self.failure = Some(failure),
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    /// Skips the rest of the physical line.
    fn discard(&mut self) -> io::Result<()> {
        loop {
            let unread = self.unread();
            if let Some(end) = memchr2(b'\n', b'\r', unread) {
                let is_cut = unread.get(end..) == Some(b"\r");
                if is_cut && !self.at_end {
                    self.start += end;
                    self.fill()?;
                    continue;
                }
                self.start += end + line_end(unread, end);
                break;
            }
            self.start = self.buffer.len();
            if self.at_end {
                break;
            }
            self.fill()?;
        }
        self.line += 1;
        self.discarding = false;
        Ok(())
    }

    /// Takes as many records from the buffer as are whole.
    fn take_records(&mut self, batch: &mut Batch) {
        // Behind a record with a fault there is most likely another.
        let mut is_simple = true;
        while self.start < self.buffer.len() && !self.discarding {
            // The header says how wide records are, so it is read first.
            if self.width.is_some() && is_simple {
                let progress = read_simple_records(&self.buffer, self.start, self.line, batch);
                self.work += (progress.reached - self.start) as u64;
                (self.start, self.line) = (progress.start, progress.line);
                if self.start == self.buffer.len() {
                    break;
                }
            }
            let Some(next) = self.next_record() else { break };
            is_simple = self.faults.is_empty();
            self.push(batch, &next);
        }
    }

    /// Adds a record whose fields and faults are in `fields` and `faults`.
    fn push(&mut self, batch: &mut Batch, next: &Next) {
        let RecordEnd { end, next: behind } = next.end;
        let unread = self.unread();
        let bytes = unread.get(..end).unwrap_or_default();
        let quoted = spans(&self.fields, 0).filter(|(_, quoting)| *quoting != Quoting::None);
        let line_ends: u32 =
            quoted.map(|(range, _)| count_line_ends(bytes.get(range).unwrap_or_default())).sum();
        let ends_in = match unread.get(end..behind) {
            Some(b"\n") => Terminator::Lf,
            Some(b"\r\n") => Terminator::CrLf,
            Some(b"\r") => Terminator::Cr,
            _ => Terminator::None,
        };
        let is_ascii = bytes.iter().all(|byte| matches!(byte, 0x20..=0x7E | b'\t' | b'\n' | b'\r'));
        let is_western = is_ascii || is_western(bytes);
        batch.fields.extend(self.fields.iter().map(|field| field.shifted(self.start)));
        batch.faults.append(&mut self.faults);
        // A buffer is far smaller than 4 GiB.
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        batch.records.push(Entry {
            line: self.line,
            start: place(self.start),
            end: place(self.start + end),
            fields: place(batch.fields.len()),
            faults: place(batch.faults.len()),
            ends_in,
            is_ascii,
            is_western,
            has_clean_edges: false,
            is_one_line: line_ends == 0,
        });
        if self.width.is_none() {
            let header = batch.record_in(&self.buffer, batch.len() - 1);
            self.width = header.and_then(|header| width_of(&header));
        }
        self.line += u64::from(line_ends) + u64::from(!next.is_long);
        self.start += behind;
        self.discarding = next.is_long;
    }
}
