//! Comparisons of 64 bytes at once.
//!
//! Each function returns a number with a bit for each byte; the lowest bit is the first byte. The rest
//! of the reader then works on numbers: to shift all bits by one asks each byte for the byte before it,
//! and the lowest set bit is the next place of interest. No byte of a value is examined alone.
//!
//! `Simd` is SSE2, AVX2 or AVX-512, whichever the processor has; safe code picks it once for a whole
//! loop. So these functions are always inlined: a call in between would fall back to SSE2.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x16, u8x64};

pub(crate) const CHUNK: usize = 64;

/// The bytes that are compared at once.
pub(crate) type Chunk<S> = u8x64<S>;

/// The control characters of ASCII, line ends and DEL among them.
#[inline(always)]
pub(crate) fn controls<S: Simd>(chunk: Chunk<S>) -> u64 {
    (chunk.simd_le(0x1F) | chunk.simd_eq(0x7F)).to_bitmask()
}

/// The bytes that are this one.
#[inline(always)]
pub(crate) fn equal<S: Simd>(chunk: Chunk<S>, byte: u8) -> u64 {
    chunk.simd_eq(byte).to_bitmask()
}

/// The bytes that are this one or a greater one.
#[inline(always)]
pub(crate) fn at_least<S: Simd>(chunk: Chunk<S>, byte: u8) -> u64 {
    chunk.simd_ge(byte).to_bitmask()
}

/// Whether one of these bytes, none of which is a blank, or this pair of bytes is in a text.
#[inline(always)]
pub(crate) fn has_any<S: Simd, const COUNT: usize>(
    simd: S,
    text: &[u8],
    of: [u8; COUNT],
    [one, other]: [u8; 2],
) -> bool {
    let (chunks, rest) = text.as_chunks::<CHUNK>();
    let mut last = [b' '; CHUNK];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let (mut found, mut before) = (0, 0);
    for chunk in chunks {
        let chunk = Chunk::from_slice(simd, chunk);
        let ones = equal(chunk, one);
        found |= any_of(chunk, of) | equal(chunk, other) & (ones << 1 | before);
        before = ones >> (CHUNK - 1);
    }
    let chunk = Chunk::from_slice(simd, &last);
    found |= any_of(chunk, of) | equal(chunk, other) & (equal(chunk, one) << 1 | before);
    found != 0
}

/// The bytes that are one of these.
#[inline(always)]
pub(crate) fn any_of<S: Simd, const COUNT: usize>(chunk: Chunk<S>, of: [u8; COUNT]) -> u64 {
    let mut found = None;
    for byte in of {
        let is = chunk.simd_eq(byte);
        found = Some(match found {
            Some(found) => found | is,
            None => is,
        });
    }
    match found {
        Some(found) => found.to_bitmask(),
        None => 0,
    }
}

/// The letters and digits of ASCII.
#[inline(always)]
pub(crate) fn alphanumeric<S: Simd>(chunk: Chunk<S>) -> u64 {
    let is_letter = ((chunk | 0x20) - b'a').simd_le(b'z' - b'a');
    (is_letter | (chunk - b'0').simd_le(9)).to_bitmask()
}

/// The bytes that are not ASCII.
#[inline(always)]
pub(crate) fn high<S: Simd>(chunk: Chunk<S>) -> u64 {
    at_least(chunk, 0x80)
}

/// The digits among sixteen bytes.
#[inline(always)]
pub(crate) fn digits_of(bytes: [u8; 16]) -> u64 {
    dispatch!(Level::baseline(), simd => {
        (u8x16::load_array(simd, bytes) - b'0').simd_le(9).to_bitmask()
    })
}

/// The letters and digits among sixteen bytes.
#[inline(always)]
pub(crate) fn alphanumeric_of(bytes: [u8; 16]) -> u64 {
    dispatch!(Level::baseline(), simd => {
        let bytes = u8x16::load_array(simd, bytes);
        let is_letter = ((bytes | 0x20) - b'a').simd_le(b'z' - b'a');
        (is_letter | (bytes - b'0').simd_le(9)).to_bitmask()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_each_byte_at_each_place() {
        for byte in 0..=u8::MAX {
            for at in 0..CHUNK {
                let mut bytes = [b'-'; CHUNK];
                bytes[at] = byte;
                for level in [Level::baseline(), Level::new()] {
                    let found = dispatch!(level, simd => {
                        let chunk = Chunk::from_slice(simd, &bytes);
                        [
                            alphanumeric(chunk),
                            any_of(chunk | 0x20, *b"nu"),
                            controls(chunk),
                            high(chunk),
                            equal(chunk, b'x'),
                            at_least(chunk, 0xC0),
                        ]
                    });
                    let is = [
                        byte.is_ascii_alphanumeric(),
                        b"NnUu".contains(&byte),
                        byte.is_ascii_control(),
                        !byte.is_ascii(),
                        byte == b'x',
                        byte >= 0xC0,
                    ];
                    assert_eq!(found, is.map(|is| u64::from(is) << at), "{byte} {level:?}");
                }
            }
        }
    }

    #[test]
    fn knows_each_byte_among_sixteen() {
        for byte in 0..=u8::MAX {
            for at in 0..16 {
                let mut bytes = [b'-'; 16];
                bytes[at] = byte;
                let here = |is: bool| u64::from(is) << at;
                assert_eq!(alphanumeric_of(bytes), here(byte.is_ascii_alphanumeric()), "{byte}");
                assert_eq!(digits_of(bytes), here(byte.is_ascii_digit()), "{byte}");
            }
        }
    }
}
