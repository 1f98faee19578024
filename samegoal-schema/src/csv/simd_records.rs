//! Simple records, many at a time: the bits of 64 bytes say where fields and records end.
//!
//! ```text
//! bytes       1001,Okafor,"12 Oak St, Apt 4",Ada⏎1002,NA,Lee ,12 Elm St⏎1003,N
//! commas      ....1......1..........1.......1........1..1....1..............1.
//! quotes      ............1................1..................................
//! inside      ............11111111111111111...................................
//! separators  ....1......1..................1...1....1..1....1.........1....1.
//! ends        ..................................1......................1......
//! begins      1....1......1..................1...1....1..1....1.........1....1
//! suspects    ..........................................1....1................
//! ```
//!
//! The first byte is the lowest bit, drawn on the left. The steps:
//!
//! - *quotes*, *commas* and line feeds are one comparison each.
//! - *inside*: a byte is within quotes if the number of quotes up to it is odd. That holds while each
//!   quote opens a field at its start or closes it at its end. At any other quote the reader stops.
//! - *separators*: commas and line ends that are not inside. Each ends a field. *ends* are those that
//!   end a record, too.
//! - *begins*: the separators shifted by one. What the last chunk leaves comes in as a [`Carry`].
//! - *suspects*: values whose edges are not those of a text. Here `NA` may be a null word, and a
//!   space stands before a comma. So most texts need no look of their own.
//!
//! The reader stops at the first byte that it does not know: a quote within a value, a doubled quote,
//! a line end inside quotes, a bare carriage return, a tab or another control character. It also stops
//! where less than 64 bytes are left. The record there is left to the [grammar](super::field::parse_record).

mod classes;

use std::array;

use fearless_simd::{Level, Simd, dispatch};

use self::classes::{Classes, Letters, parity};
use crate::csv::batch::{Batch, Entry};
use crate::csv::bits;
use crate::csv::field::{FieldEnd, Quoting};
use crate::csv::limits::MAX_FIELD;
use crate::csv::record::Terminator;
use crate::csv::simd::CHUNK;
use crate::text::null_words;

/// How many fields end in most chunks at most.
const USUAL_FIELDS: usize = 12;

/// The last bytes of a chunk: a null word that begins there may end in the next one.
const LAST_BYTES: u64 = u64::MAX << (CHUNK - null_words::LONGEST);

/// How far the reader came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Where the next record starts.
    pub(crate) start: usize,
    /// The line that it starts on.
    pub(crate) line: u64,
    /// Up to where bytes were compared.
    pub(crate) reached: usize,
}

/// How many chunks are compared before the first of them is walked. Comparisons do not branch, so
/// the processor runs ahead; a walk branches on what the bytes are.
const MOST_CHUNKS: usize = 16;

/// Adds the records from `start` on to the batch, up to the first that is not simple. The first one
/// starts on `line`.
pub(crate) fn read_simple_records(
    bytes: &[u8],
    start: usize,
    line: u64,
    batch: &mut Batch,
) -> Progress {
    read_at_level(Level::new(), bytes, start, line, batch)
}

fn read_at_level(
    level: Level,
    bytes: &[u8],
    start: usize,
    line: u64,
    batch: &mut Batch,
) -> Progress {
    dispatch!(level, simd => read_with(simd, bytes, start, line, batch))
}

/// As [`read_simple_records`], with the best instructions of the processor.
#[inline(always)]
fn read_with<S: Simd>(
    simd: S,
    bytes: &[u8],
    start: usize,
    line: u64,
    batch: &mut Batch,
) -> Progress {
    let kept = batch.fields.len();
    let mut reader = SimdReader {
        batch,
        start,
        line,
        kept,
        carry: Carry { begins: 1, ..Carry::default() },
        letters: Letters::default(),
        open: Flags::default(),
    };
    let mut classes = [Classes::default(); MOST_CHUNKS];
    let (mut at, mut most) = (start, 1);
    'read: loop {
        let (chunks, _) = bytes.get(at..).unwrap_or_default().as_chunks::<CHUNK>();
        if chunks.is_empty() {
            break;
        }
        for (classes, chunk) in classes.iter_mut().zip(chunks).take(most) {
            *classes = Classes::of(simd, chunk);
        }
        for (classes, chunk) in classes.iter().zip(chunks).take(most) {
            let is_read = if classes.are_simple() && !reader.is_carrying() {
                reader.simple_chunk(at, classes)
            } else {
                let before_feed = bytes.get(at + CHUNK) == Some(&b'\n');
                simd.vectorize(|| reader.any_chunk(simd, at, classes, chunk, before_feed))
            };
            at += CHUNK;
            if !is_read {
                break 'read;
            }
        }
        // If the reader stops early, the chunks compared ahead are lost: so it starts with one.
        most = MOST_CHUNKS.min(2 * most);
    }
    let SimdReader { start, line, kept, .. } = reader;
    batch.fields.truncate(kept);
    Progress { start, line, reached: at }
}

struct SimdReader<'b> {
    batch: &'b mut Batch,
    /// Where the open record starts, and on which line.
    start: usize,
    line: u64,
    /// How many fields the finished records have.
    kept: usize,
    carry: Carry,
    letters: Letters,
    /// The flags of the open record from earlier chunks.
    open: Flags,
}

/// What one chunk leaves for the first byte of the next: a bit each, the lowest.
#[derive(Default)]
struct Carry {
    /// Whether a field begins.
    begins: u64,
    /// Whether a carriage return waits for its line feed.
    half: u64,
    /// Whether the last byte was a quote that opens a field, or closes it.
    opening: u64,
    closing: u64,
    /// Whether the next byte is within quotes.
    inside: u64,
    /// Whether the last byte was a space.
    space: u64,
    /// The values of the last chunk that may be null words, by their first byte: all bits.
    null_words: u64,
}

/// The structural bytes of a chunk: a bit for each byte.
#[derive(Clone, Copy, Default)]
struct Structural {
    /// Commas and ends of records.
    separators: u64,
    /// The separators behind a closing quote.
    quoted: u64,
    /// Line feeds alone, and the carriage returns of `pairs`.
    ends: u64,
    /// Carriage returns before line feeds.
    pairs: u64,
}

/// The bytes of a chunk that change the state of their record: a bit for each byte.
#[derive(Clone, Copy, Default)]
struct Flags {
    high: u64,
    foreign: u64,
    /// Where a value begins or ends unlike a text, or may be a null word.
    suspects: u64,
}

impl Flags {
    /// The flags of some of the bytes.
    fn within(self, bytes: u64) -> Self {
        Self {
            high: self.high & bytes,
            foreign: self.foreign & bytes,
            suspects: self.suspects & bytes,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            high: self.high | other.high,
            foreign: self.foreign | other.foreign,
            suspects: self.suspects | other.suspects,
        }
    }
}

impl SimdReader<'_> {
    /// Whether the last chunk leaves a quote, a line end or a letter open.
    #[inline(always)]
    fn is_carrying(&self) -> bool {
        let Carry { opening, closing, inside, half, .. } = self.carry;
        opening | closing | inside | half | self.letters.first | self.letters.second != 0
    }

    /// Reads a chunk of ASCII without quotes and carriage returns; returns whether to go on.
    #[inline(always)]
    fn simple_chunk(&mut self, at: usize, classes: &Classes) -> bool {
        let separators = classes.commas | classes.feeds;
        let begins = separators << 1 | self.carry.begins;
        let suspects = self.carry.suspects(classes, begins, separators, 0);
        self.carry.begins = separators >> (CHUNK - 1);
        let fields = self.batch.fields.len();
        let structural = Structural { separators, ends: classes.feeds, ..Structural::default() };
        self.fields(at, &structural);
        // Most chunks have no suspects. With a constant the compiler leaves the flags out.
        if suspects == 0 {
            self.records(at, fields, &structural, Flags::default())
        } else {
            self.records(at, fields, &structural, Flags { suspects, ..Flags::default() })
        }
    }

    /// As [`simple_chunk`](Self::simple_chunk), of any bytes. `before_feed`: whether a line feed follows.
    #[inline(always)]
    fn any_chunk<S: Simd>(
        &mut self,
        simd: S,
        at: usize,
        classes: &Classes,
        chunk: &[u8; CHUNK],
        before_feed: bool,
    ) -> bool {
        let Classes { commas, feeds, returns, quotes, controls, high, .. } = *classes;
        let carry = &mut self.carry;
        // The line feed of the last pair may be in the next chunk.
        let pairs = returns & (feeds >> 1 | u64::from(before_feed) << (CHUNK - 1));
        let halves = pairs << 1 | carry.half;
        let all_ends = feeds & !halves | pairs;
        // From the opening quote to the byte before the closing one.
        let inside = parity(quotes) ^ carry.inside.wrapping_neg();
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let ends = all_ends & !inside;
        let separators = commas & !inside | ends;
        // The last byte of each.
        let passed = separators & !pairs | halves;
        let begins = passed << 1 | carry.begins;
        let closed = closing << 1 | carry.closing;
        let stops = controls & !(feeds | pairs)
            | all_ends & inside
            | opening & !begins
            | closed & !separators;
        let (firsts, foreign) = self.letters.take(simd, chunk, high);
        let flags = Flags {
            high,
            foreign,
            suspects: carry.suspects(
                classes,
                begins & !opening | opening << 1 | carry.opening,
                separators & !closed | closing,
                firsts,
            ),
        };
        *carry = Carry {
            begins: passed >> (CHUNK - 1),
            half: pairs >> (CHUNK - 1),
            opening: opening >> (CHUNK - 1),
            closing: closing >> (CHUNK - 1),
            inside: inside >> (CHUNK - 1),
            ..*carry
        };
        let known = if stops == 0 { u64::MAX } else { (stops & stops.wrapping_neg()) - 1 };
        let structural = Structural {
            separators: separators & known,
            quoted: closed & separators & known,
            ends: ends & known,
            pairs,
        };
        let fields = self.batch.fields.len();
        self.fields(at, &structural);
        self.records(at, fields, &structural, flags) && stops == 0
    }

    /// Adds the fields that end in a chunk.
    ///
    /// The processor cannot predict how many these are, and a wrong guess is costly. So the usual
    /// number is always written, and the surplus is cut off.
    #[inline(always)]
    fn fields(&mut self, at: usize, structural: &Structural) {
        let fields = &mut self.batch.fields;
        let before = fields.len();
        let mut rest = structural.separators;
        let mut next = || {
            let place = (rest | 1 << (CHUNK - 1)).trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            FieldEnd::new(at + place, Quoting::None)
        };
        let usual_fields: [FieldEnd; USUAL_FIELDS] = array::from_fn(|_| next());
        fields.extend_from_slice(&usual_fields);
        let count = structural.separators.count_ones() as usize;
        match count.checked_sub(USUAL_FIELDS) {
            Some(others) => fields.extend((0..others).map(|_| next())),
            None => fields.truncate(before + count),
        }
        for place in bits::set(structural.quoted) {
            let index = (structural.separators & !(u64::MAX << place)).count_ones() as usize;
            if let Some(field) = fields.get_mut(before + index) {
                *field = FieldEnd::new(at + place as usize, Quoting::Plain);
            }
        }
    }

    /// Adds the records that end in a chunk, whose fields begin at `fields`; returns whether to go on.
    #[inline(always)]
    fn records(&mut self, at: usize, fields: usize, structural: &Structural, flags: Flags) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "a batch is far smaller")]
        let place = |place: usize| place as u32;
        let mut before = 0;
        for end in bits::set(structural.ends) {
            let bit = 1 << end;
            let upto = bit | (bit - 1);
            let is_pair = structural.pairs & bit != 0;
            let end = at + end as usize;
            if end - self.start > MAX_FIELD {
                return false;
            }
            self.kept = fields + (structural.separators & upto).count_ones() as usize;
            let own = self.open.and(flags.within(upto & !before));
            self.batch.records.push(Entry {
                line: self.line,
                start: place(self.start),
                end: place(end),
                fields: place(self.kept),
                faults: place(self.batch.faults.len()),
                ends_in: if is_pair { Terminator::CrLf } else { Terminator::Lf },
                is_ascii: own.high == 0,
                is_western: own.foreign == 0,
                has_clean_edges: own.suspects == 0,
                is_one_line: true,
            });
            self.start = end + 1 + usize::from(is_pair);
            self.line += 1;
            self.open = Flags::default();
            before = upto;
        }
        self.open = self.open.and(flags.within(!before));
        true
    }
}

impl Carry {
    /// The bytes of a chunk that make a value suspect as a text: its first byte if it is no letter and
    /// no digit and not among `letters`, its end if that follows a space or a null word, or two full stops
    /// in a row.
    #[inline(always)]
    fn suspects(&mut self, classes: &Classes, begins: u64, ends: u64, letters: u64) -> u64 {
        let Classes { spaces, alphanumeric, null_letters, more_stops, .. } = *classes;
        let null_words = begins & null_letters;
        let suspects = begins & !(alphanumeric | letters | ends)
            | (spaces << 1 | self.space) & ends
            | self.ends_of_null_words(null_words) & ends
            | more_stops;
        self.space = spaces >> (CHUNK - 1);
        self.null_words = null_words & LAST_BYTES;
        suspects
    }

    /// Where values end that have the first letter and the length of a null word.
    #[inline(always)]
    fn ends_of_null_words(&self, null_words: u64) -> u64 {
        if null_words | self.null_words == 0 {
            return 0;
        }
        let behind = |length: usize| null_words << length | self.null_words >> (CHUNK - length);
        null_words::LENGTHS.iter().fold(0, |ends, length| ends | behind(usize::from(*length)))
    }
}

#[cfg(test)]
mod tests;
