//! Many records taken apart in one go: those without quotes.
//!
//! Where there is no quote, each comma parts two fields and each line end two records, so nothing
//! is looked at but which of sixty-four bytes are what. A record that takes a closer look is left
//! to [`quick`](crate::quick).

use crate::batch::{Batch, Entry, FieldEnd};
use crate::marks::{self, CHUNK, Chunk};
use crate::record::{Quoting, RecordEnd};
use crate::scan::MAX_FIELD;

/// Where a sweep came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Swept {
    /// Where the first record starts that was left.
    pub(crate) start: usize,
    /// The line that it starts on.
    pub(crate) line: u64,
    /// Up to where bytes were looked at.
    pub(crate) reached: usize,
}

/// Adds the records from `start` on to the batch, up to the first that takes a closer look. The
/// first one starts on `line`.
pub(crate) fn sweep(bytes: &[u8], start: usize, line: u64, batch: &mut Batch) -> Swept {
    let kept = batch.fields.len();
    let mut sweep =
        Sweep { batch, start, line, kept, letters: Letters::default(), high: 0, foreign: 0 };
    let mut at = start;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let next = bytes.get(at + CHUNK).copied();
        let (length, is_end) = sweep.chunk(at, chunk, next);
        at += length;
        if is_end {
            break;
        }
    }
    let Sweep { start, line, kept, .. } = sweep;
    batch.fields.truncate(kept);
    Swept { start, line, reached: at }
}

struct Sweep<'b> {
    batch: &'b mut Batch,
    /// Where the record starts that is being taken apart, and on which line.
    start: usize,
    line: u64,
    /// How many fields the records before it have.
    kept: usize,
    letters: Letters,
    /// What of the record before this chunk is not ASCII, and what of that is out of the ordinary.
    high: u64,
    foreign: u64,
}

/// Bits of the bytes of a chunk.
struct Seen {
    /// Commas and ends of records.
    separators: u64,
    /// Line feeds alone, and the carriage returns of `pairs`.
    ends: u64,
    /// Carriage returns before line feeds.
    pairs: u64,
    high: u64,
    foreign: u64,
}

impl Sweep<'_> {
    /// Takes a chunk in; answers how long it is with the line end that it ends in, and whether it
    /// holds what ends the sweep. `next` is the byte behind it.
    #[inline]
    fn chunk(&mut self, at: usize, chunk: &Chunk, next: Option<u8>) -> (usize, bool) {
        let commas = marks::equal(chunk, b',');
        let feeds = marks::equal(chunk, b'\n');
        let others = marks::count(chunk) & !(commas | feeds);
        let mut seen =
            Seen { separators: commas | feeds, ends: feeds, pairs: 0, high: 0, foreign: 0 };
        if others == 0 && !self.letters.is_open() {
            return (CHUNK, !self.take(at, &seen));
        }
        let returns = marks::equal(chunk, b'\r');
        let is_halved = returns >> (CHUNK - 1) == 1 && next == Some(b'\n');
        seen.pairs = returns & (feeds >> 1 | u64::from(is_halved) << (CHUNK - 1));
        seen.ends = feeds & !(seen.pairs << 1) | seen.pairs;
        seen.separators = commas | seen.ends;
        seen.high = marks::high(chunk);
        seen.foreign = self.letters.foreign(chunk, seen.high);
        let closer = others & !seen.pairs & !seen.high;
        if closer != 0 {
            let before = (closer & closer.wrapping_neg()) - 1;
            seen.ends &= before;
            seen.separators &= before;
        }
        let is_taken = self.take(at, &seen);
        (CHUNK + usize::from(is_halved), !is_taken || closer != 0)
    }

    /// Adds the fields and the records that end in a chunk; answers whether all could be.
    #[inline]
    fn take(&mut self, at: usize, seen: &Seen) -> bool {
        let fields = self.batch.fields.len();
        let mut rest = seen.separators;
        self.batch.fields.extend((0..rest.count_ones()).map(|_| {
            let bit = rest.trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            FieldEnd::new(at + bit, Quoting::None)
        }));
        let mut ends = seen.ends;
        let mut before = 0;
        while ends != 0 {
            let bit = ends & ends.wrapping_neg();
            let upto = bit | (bit - 1);
            let own = upto & !before;
            let end = at + bit.trailing_zeros() as usize;
            let is_pair = seen.pairs & bit != 0;
            if end - self.start > MAX_FIELD {
                return false;
            }
            self.kept = fields + (seen.separators & upto).count_ones() as usize;
            // A buffer is far smaller than this can count.
            let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            self.batch.records.push(Entry {
                line: self.line,
                start: place(self.start),
                end: place(end),
                fields: place(self.kept),
                faults: place(self.batch.faults.len()),
                ends_in: if is_pair { RecordEnd::CrLf } else { RecordEnd::Lf },
                is_plain: self.high | seen.high & own == 0,
                is_harmless: self.foreign | seen.foreign & own == 0,
                is_one_line: true,
            });
            self.start = end + 1 + usize::from(is_pair);
            self.line += 1;
            (self.high, self.foreign) = (0, 0);
            before = upto;
            ends &= !bit;
        }
        self.high |= seen.high & !before;
        self.foreign |= seen.foreign & !before;
        true
    }
}

/// Tells letters of western Europe that stand by themselves, as in `José`, from all else that is
/// not ASCII. They are one half of the letters from U+0080 to U+00FF, two bytes each.
#[derive(Default)]
struct Letters {
    /// Whether the chunk before ended in the first byte of one, or in the second.
    first: u64,
    second: u64,
}

impl Letters {
    fn is_open(&self) -> bool {
        self.first | self.second != 0
    }

    /// The bytes at which something else is or shows.
    fn foreign(&mut self, chunk: &Chunk, high: u64) -> u64 {
        let first = marks::equal(chunk, 0xC3);
        let second = high & !marks::at_least(chunk, 0xC0);
        let foreign = (second ^ (first << 1 | self.first))
            | (high & !(first | second))
            | ((second << 1 | self.second) & first);
        (self.first, self.second) = (first >> (CHUNK - 1), second >> (CHUNK - 1));
        foreign
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Marks;
    use crate::quick::{Clean, split_clean};
    use crate::record::has_single_letters_only;

    /// What a sweep says of each record, one after the other.
    fn swept(bytes: &[u8], start: usize) -> (Batch, Swept) {
        let mut batch = Batch::default();
        let swept = sweep(bytes, start, 1, &mut batch);
        (batch, swept)
    }

    /// Each record that was taken is what the careful way makes of it, and none too many was taken.
    fn agrees(bytes: &[u8]) {
        let (batch, swept) = swept(bytes, 0);
        let shown = bytes.escape_ascii();
        let (mut start, mut taken) = (0, 0);
        for (line, record) in (1..).zip(&batch.records) {
            let mut fields = Vec::new();
            let clean = split_clean(bytes, start, false, &mut Marks::at(start), &mut fields);
            let Some(Clean { end, next, line_ends: 0, is_plain }) = clean else {
                panic!("{clean:?} at {start} of {shown}")
            };
            assert_eq!(
                (record.start as usize, record.end as usize),
                (start, start + end),
                "{shown}"
            );
            assert_eq!(record.line, line, "{shown}");
            assert_eq!(record.ends_in.as_bytes(), &bytes[start + end..start + next], "{shown}");
            assert_eq!(batch.fields[taken..record.fields as usize], fields, "{shown}");
            assert_eq!(record.is_plain, is_plain, "{shown}");
            let own = &bytes[start..start + end];
            assert_eq!(record.is_harmless, has_single_letters_only(own), "{shown}");
            taken = record.fields as usize;
            start += next;
        }
        assert_eq!((swept.start, batch.fields.len()), (start, taken), "{shown}");
        // It ends where there is less than a chunk, or at what it does not know.
        let rest = &bytes[start..];
        let record = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_known = |(at, byte): (usize, &u8)| match byte {
            b'\r' => rest.get(at + 1) == Some(&b'\n'),
            byte => matches!(byte, b' '..=b'!' | b'#'..=b'~' | 0x80..),
        };
        let is_known = record.iter().enumerate().all(is_known);
        assert!(!is_known || record.len() == rest.len() || rest.len() <= 2 * CHUNK, "{shown}");
    }

    #[test]
    fn takes_records_apart_as_the_careful_way_does() {
        // Every beginning of a text that has all there is at every place of a chunk.
        let pieces: [&[u8]; 12] = [
            b"1001,Okafor,Ada\n",
            b",,\r\n",
            "José,Zoë\n".as_bytes(),
            "ÅÅ,é\r\n".as_bytes(),
            "’,ł\n".as_bytes(),
            b"\xE9,\xC3\n",
            b"\xC3\r\n",
            b"\n",
            b"a\rb\n",
            b"\"1\",2\n",
            b"1\t2\n",
            b"1,\x7F\n",
        ];
        for first in 0..pieces.len() {
            for second in 0..pieces.len() {
                let mut bytes = Vec::new();
                for padding in 0..CHUNK {
                    bytes.clear();
                    bytes.resize(padding, b'x');
                    for piece in [first, first, second, second, first, second, 0, first] {
                        bytes.extend_from_slice(pieces[piece]);
                    }
                    bytes.extend_from_slice(&[b'y'; CHUNK]);
                    agrees(&bytes);
                }
            }
        }
    }

    #[test]
    fn leaves_a_field_that_may_be_too_long() {
        let bytes = [b"1,2\n".repeat(20), vec![b'x'; MAX_FIELD + 1], b"\n".repeat(CHUNK)].concat();
        let (batch, swept) = swept(&bytes, 0);
        assert_eq!((batch.records.len(), swept.start, swept.line), (20, 80, 21));
    }
}
