//! What the bytes of a chunk are: a bit for each byte.

use fearless_simd::prelude::*;

use crate::csv::record::FIRST_OF_LETTER;
use crate::csv::simd::{self, CHUNK, Chunk};
use crate::text::null_words;

/// The classes of the bytes of a chunk: a bit for each byte.
#[derive(Clone, Copy, Default)]
pub(super) struct Classes {
    pub(super) commas: u64,
    pub(super) feeds: u64,
    pub(super) returns: u64,
    pub(super) quotes: u64,
    /// Control characters, line ends among them.
    pub(super) controls: u64,
    pub(super) high: u64,
    pub(super) spaces: u64,
    pub(super) alphanumeric: u64,
    /// Full stops behind full stops.
    pub(super) more_stops: u64,
    /// The first letters of null words.
    pub(super) null_letters: u64,
}

impl Classes {
    #[inline(always)]
    pub(super) fn of<S: Simd>(simd: S, chunk: &[u8; CHUNK]) -> Self {
        let chunk = Chunk::from_slice(simd, chunk);
        let stops = simd::equal(chunk, b'.');
        Self {
            commas: simd::equal(chunk, b','),
            feeds: simd::equal(chunk, b'\n'),
            returns: simd::equal(chunk, b'\r'),
            quotes: simd::equal(chunk, b'"'),
            controls: simd::controls(chunk),
            high: simd::high(chunk),
            spaces: simd::equal(chunk, b' '),
            alphanumeric: simd::alphanumeric(chunk),
            more_stops: stops & stops << 1,
            null_letters: simd::any_of(chunk | 0x20, null_words::FIRST_BYTES),
        }
    }

    /// Whether there is nothing but printable ASCII without quotes, and line feeds.
    #[inline(always)]
    pub(super) fn are_simple(&self) -> bool {
        self.controls & !self.feeds | self.quotes | self.high == 0
    }
}

/// For each byte, whether the number of set bits up to it is odd.
#[inline(always)]
pub(super) fn parity(bits: u64) -> u64 {
    if bits == 0 {
        return 0;
    }
    [1, 2, 4, 8, 16, 32].iter().fold(bits, |parity, shift| parity ^ parity << shift)
}

/// Finds single letters of western Europe, as in `José`, among the bytes that are not ASCII. They are
/// one half of the letters from U+0080 to U+00FF, two bytes each.
#[derive(Default)]
pub(super) struct Letters {
    /// Whether the last chunk ended in the first byte of one, or in the second.
    pub(super) first: u64,
    pub(super) second: u64,
}

impl Letters {
    /// The first bytes of such letters, and the bytes that show something else. `high` are all bytes
    /// that are not ASCII.
    #[inline(always)]
    pub(super) fn take<S: Simd>(&mut self, simd: S, chunk: &[u8; CHUNK], high: u64) -> (u64, u64) {
        if high == 0 {
            // A letter that the last chunk left open is broken here.
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
