//! Many records taken apart in one go: nothing is looked at but which of sixty-four bytes are what.
//!
//! Outside of quotes each comma parts two fields and each line end two records. A byte is within
//! quotes if there is an odd number of them up to it; that holds as long as each one stands where a
//! field begins or right before it ends. A record of which this is not so, or that takes a closer
//! look for another reason, is left to [`quick`](crate::quick).
//!
//! On the way it shows whether the values of a record begin and end as texts do. So nothing else
//! has to be asked of most values.

use std::array;

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};

use crate::csv::batch::{Batch, Entry};
use crate::csv::bits;
use crate::csv::limits::MAX_FIELD;
use crate::csv::record::FieldEnd;
use crate::csv::record::{FIRST_OF_LETTER, Quoting, Terminator};
use crate::csv::simd::{self, CHUNK, Chunk};
use crate::text::nothing::{WORD_LENGTHS, WORD_LETTERS};

/// How many fields end in a chunk, most often at most.
const USUAL: usize = 12;

/// The last bytes of a chunk: a word for nothing that begins there may end in the next one.
const LONGEST_WORD: u64 = {
    let [.., longest] = WORD_LENGTHS;
    u64::MAX << (CHUNK - longest)
};

/// Where a sweep came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Where the first record starts that was left.
    pub(crate) start: usize,
    /// The line that it starts on.
    pub(crate) line: u64,
    /// Up to where bytes were looked at.
    pub(crate) reached: usize,
}

/// How many chunks are compared at a time at most. Then the processor goes through them without being
/// held up by what they hold.
const MOST_CHUNKS: usize = 16;

/// Adds the records from `start` on to the batch, up to the first that takes a closer look. The
/// first one starts on `line`.
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

/// As [`sweep`], with such instructions as the processor has.
#[inline(always)]
fn read_with<S: Simd>(
    simd: S,
    bytes: &[u8],
    start: usize,
    line: u64,
    batch: &mut Batch,
) -> Progress {
    let kept = batch.fields.len();
    let mut sweep = SimdReader {
        batch,
        start,
        line,
        kept,
        before: Before { begins: 1, ..Before::default() },
        letters: Letters::default(),
        open: Seen::default(),
    };
    let mut kinds = [Kinds::default(); MOST_CHUNKS];
    let (mut at, mut most) = (start, 1);
    'sweep: loop {
        let (chunks, _) = bytes.get(at..).unwrap_or_default().as_chunks::<CHUNK>();
        if chunks.is_empty() {
            break;
        }
        for (kinds, chunk) in kinds.iter_mut().zip(chunks).take(most) {
            *kinds = Kinds::of(simd, chunk);
        }
        for (kinds, chunk) in kinds.iter().zip(chunks).take(most) {
            let is_swept = if kinds.are_common() && !sweep.is_uncommon() {
                sweep.chunk(at, kinds)
            } else {
                let before_feed = bytes.get(at + CHUNK) == Some(&b'\n');
                simd.vectorize(|| sweep.uncommon_chunk(simd, at, kinds, chunk, before_feed))
            };
            at += CHUNK;
            if !is_swept {
                break 'sweep;
            }
        }
        // What is compared in vain, because the sweep ends early, is to be little.
        most = MOST_CHUNKS.min(2 * most);
    }
    let SimdReader { start, line, kept, .. } = sweep;
    batch.fields.truncate(kept);
    Progress { start, line, reached: at }
}

/// Which bytes of a chunk are what: a bit for each.
#[derive(Clone, Copy, Default)]
struct Kinds {
    commas: u64,
    feeds: u64,
    returns: u64,
    quotes: u64,
    /// Control characters, line ends among them.
    controls: u64,
    high: u64,
    blanks: u64,
    alphanumeric: u64,
    /// The letters that words for nothing begin with.
    word_letters: u64,
}

impl Kinds {
    #[inline(always)]
    fn of<S: Simd>(simd: S, chunk: &[u8; CHUNK]) -> Self {
        let chunk = Chunk::from_slice(simd, chunk);
        let [one, other] = WORD_LETTERS;
        Self {
            commas: simd::equal(chunk, b','),
            feeds: simd::equal(chunk, b'\n'),
            returns: simd::equal(chunk, b'\r'),
            quotes: simd::equal(chunk, b'"'),
            controls: simd::controls(chunk),
            high: simd::high(chunk),
            blanks: simd::equal(chunk, b' '),
            alphanumeric: simd::alphanumeric(chunk),
            word_letters: simd::letters(chunk, one, other),
        }
    }

    /// Whether there is nothing but ASCII, commas and line feeds.
    #[inline(always)]
    fn are_common(&self) -> bool {
        self.controls & !self.feeds | self.quotes | self.high == 0
    }
}

struct SimdReader<'b> {
    batch: &'b mut Batch,
    /// Where the record starts that is being taken apart, and on which line.
    start: usize,
    line: u64,
    /// How many fields the records before it have.
    kept: usize,
    before: Before,
    letters: Letters,
    /// What was seen of this record before this chunk.
    open: Seen,
}

/// What the bytes before a chunk mean for its first ones: a bit each, the lowest.
#[derive(Default)]
struct Before {
    /// Whether a field begins.
    begins: u64,
    /// Whether a line end goes on.
    half: u64,
    /// Whether a quote has opened one, or closed it.
    opening: u64,
    closing: u64,
    /// Whether it is within quotes.
    inside: u64,
    /// Whether a blank is before it.
    blank: u64,
    /// Where a value begins in the chunk before that may be a word for nothing: all bits.
    words: u64,
}

/// What of a chunk parts fields and records: a bit for each byte.
#[derive(Clone, Copy, Default)]
struct Parts {
    /// Commas and ends of records.
    separators: u64,
    /// Those of them behind a closing quote.
    quoted: u64,
    /// Line feeds alone, and the carriage returns of `pairs`.
    ends: u64,
    /// Carriage returns before line feeds.
    pairs: u64,
}

/// What of a chunk is out of the ordinary, if only a little: a bit for each byte.
#[derive(Clone, Copy, Default)]
struct Seen {
    high: u64,
    foreign: u64,
    /// Where a value does not begin or end as texts do, or may be a word for nothing.
    suspects: u64,
}

impl Seen {
    /// As much of it as lies in some bytes.
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
    /// Whether something of the chunk before goes on in the next one.
    #[inline(always)]
    fn is_uncommon(&self) -> bool {
        let Before { opening, closing, inside, half, .. } = self.before;
        opening | closing | inside | half | self.letters.first | self.letters.second != 0
    }

    /// Takes in a chunk of ASCII without quotes and carriage returns; answers whether all of it.
    #[inline(always)]
    fn chunk(&mut self, at: usize, kinds: &Kinds) -> bool {
        let separators = kinds.commas | kinds.feeds;
        let begins = separators << 1 | self.before.begins;
        let suspects = self.before.suspects(kinds, begins, separators, 0);
        self.before.begins = separators >> (CHUNK - 1);
        let fields = self.batch.fields.len();
        let parts = Parts { separators, ends: kinds.feeds, ..Parts::default() };
        self.fields(at, &parts);
        // Where nothing was seen, as is most often so, there is less to do.
        if suspects == 0 {
            self.records(at, fields, &parts, Seen::default())
        } else {
            self.records(at, fields, &parts, Seen { suspects, ..Seen::default() })
        }
    }

    /// As [`chunk`](Self::chunk), of any bytes. `before_feed`: whether a line feed is behind them.
    #[inline(always)]
    fn uncommon_chunk<S: Simd>(
        &mut self,
        simd: S,
        at: usize,
        kinds: &Kinds,
        chunk: &[u8; CHUNK],
        before_feed: bool,
    ) -> bool {
        let Kinds { commas, feeds, returns, quotes, controls, high, .. } = *kinds;
        let before = &mut self.before;
        // The other half of the last one may be in the next chunk.
        let pairs = returns & (feeds >> 1 | u64::from(before_feed) << (CHUNK - 1));
        let halves = pairs << 1 | before.half;
        let all_ends = feeds & !halves | pairs;
        // From an opening quote on, up to the byte before the closing one.
        let inside = parity(quotes) ^ before.inside.wrapping_neg();
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let ends = all_ends & !inside;
        let separators = commas & !inside | ends;
        // The last byte of each.
        let passed = separators & !pairs | halves;
        let begins = passed << 1 | before.begins;
        let closed = closing << 1 | before.closing;
        let stops = controls & !(feeds | pairs)
            | all_ends & inside
            | opening & !begins
            | closed & !separators;
        let (firsts, foreign) = self.letters.take(simd, chunk, high);
        let seen = Seen {
            high,
            foreign,
            suspects: before.suspects(
                kinds,
                begins & !opening | opening << 1 | before.opening,
                separators & !closed | closing,
                firsts,
            ),
        };
        *before = Before {
            begins: passed >> (CHUNK - 1),
            half: pairs >> (CHUNK - 1),
            opening: opening >> (CHUNK - 1),
            closing: closing >> (CHUNK - 1),
            inside: inside >> (CHUNK - 1),
            ..*before
        };
        let known = if stops == 0 { u64::MAX } else { (stops & stops.wrapping_neg()) - 1 };
        let parts = Parts {
            separators: separators & known,
            quoted: closed & separators & known,
            ends: ends & known,
            pairs,
        };
        let fields = self.batch.fields.len();
        self.fields(at, &parts);
        self.records(at, fields, &parts, seen) && stops == 0
    }

    /// Adds the fields that end in a chunk.
    ///
    /// How many there are nobody can foretell, least of all the processor. So as many as there usually
    /// are at most are written in any case, and those that are none are cut off.
    #[inline(always)]
    fn fields(&mut self, at: usize, parts: &Parts) {
        let fields = &mut self.batch.fields;
        let before = fields.len();
        let mut rest = parts.separators;
        let mut next = || {
            let place = (rest | 1 << (CHUNK - 1)).trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            FieldEnd::new(at + place, Quoting::None)
        };
        let usual: [FieldEnd; USUAL] = array::from_fn(|_| next());
        fields.extend_from_slice(&usual);
        let count = parts.separators.count_ones() as usize;
        match count.checked_sub(USUAL) {
            Some(others) => fields.extend((0..others).map(|_| next())),
            None => fields.truncate(before + count),
        }
        for place in bits::set(parts.quoted) {
            let index = (parts.separators & !(u64::MAX << place)).count_ones() as usize;
            if let Some(field) = fields.get_mut(before + index) {
                *field = FieldEnd::new(at + place as usize, Quoting::Plain);
            }
        }
    }

    /// Adds the records that end in a chunk, the fields of which begin at `fields`; answers whether
    /// all could be.
    #[inline(always)]
    fn records(&mut self, at: usize, fields: usize, parts: &Parts, seen: Seen) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "a batch is far smaller")]
        let place = |place: usize| place as u32;
        let mut before = 0;
        for end in bits::set(parts.ends) {
            let bit = 1 << end;
            let upto = bit | (bit - 1);
            let is_pair = parts.pairs & bit != 0;
            let end = at + end as usize;
            if end - self.start > MAX_FIELD {
                return false;
            }
            self.kept = fields + (parts.separators & upto).count_ones() as usize;
            let own = self.open.and(seen.within(upto & !before));
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
            self.open = Seen::default();
            before = upto;
        }
        self.open = self.open.and(seen.within(!before));
        true
    }
}

impl Before {
    /// The bytes of a chunk at which a value shows to be in doubt as a text: where it begins, if it
    /// does so with neither a letter nor a digit nor what is among `letters`, or where it ends.
    #[inline(always)]
    fn suspects(&mut self, kinds: &Kinds, begins: u64, ends: u64, letters: u64) -> u64 {
        let Kinds { blanks, alphanumeric, word_letters, .. } = *kinds;
        let words = begins & word_letters;
        let suspects = begins & !(alphanumeric | letters | ends)
            | (blanks << 1 | self.blank) & ends
            | self.ends_of_words(words) & ends;
        self.blank = blanks >> (CHUNK - 1);
        self.words = words & LONGEST_WORD;
        suspects
    }

    /// Where one would end that has as many letters as a word for nothing.
    #[inline(always)]
    fn ends_of_words(&self, words: u64) -> u64 {
        if words | self.words == 0 {
            return 0;
        }
        let behind = |length: usize| words << length | self.words >> (CHUNK - length);
        WORD_LENGTHS.iter().fold(0, |ends, length| ends | behind(*length))
    }
}

/// For each byte, whether there is an odd number of set bits up to it.
#[inline(always)]
fn parity(bits: u64) -> u64 {
    if bits == 0 {
        return 0;
    }
    [1, 2, 4, 8, 16, 32].iter().fold(bits, |parity, shift| parity ^ parity << shift)
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
    /// The bytes of a chunk with which one begins, and those at which something else is or shows.
    /// `high` are all that are not ASCII.
    #[inline(always)]
    fn take<S: Simd>(&mut self, simd: S, chunk: &[u8; CHUNK], high: u64) -> (u64, u64) {
        if high == 0 {
            // What was open is at its end here.
            let foreign = self.first;
            *self = Self::default();
            return (0, foreign);
        }
        let chunk = Chunk::from_slice(simd, chunk);
        let first = simd::equal(chunk, FIRST_OF_LETTER);
        let second = high & !simd::at_least(chunk, 0xC0);
        let foreign = (second ^ (first << 1 | self.first))
            | (high & !(first | second))
            | ((second << 1 | self.second) & first);
        (self.first, self.second) = (first >> (CHUNK - 1), second >> (CHUNK - 1));
        (first, foreign)
    }
}

#[cfg(test)]
mod tests;
