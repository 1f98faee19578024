//! Finds the bytes of a file that mean something to its form: delimiters, quotes, line ends, and
//! whatever is not plain text.
//!
//! All the others are values, and are never looked at one by one: sixty-four bytes are compared at
//! once, and what is left is a bit for each byte that counts.

use wide::u8x16;

pub(crate) const CHUNK: usize = 64;

/// As many bytes as are compared at once; of a number with a bit for each, the lowest is the first.
pub(crate) type Chunk = [u8; CHUNK];

/// Walks over the bytes that count: `,`, `"`, control characters (line ends among them), DEL, and
/// all that is not ASCII.
///
/// It holds a place, not the bytes, so that they can be moved; whoever calls hands over the same
/// bytes each time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    /// Where the next chunk starts.
    next: usize,
    /// The bytes that count of the chunk before, those that were passed not among them.
    mask: u64,
}

impl Marks {
    /// Starts at a byte.
    pub(crate) fn at(start: usize) -> Self {
        Self { next: start, mask: 0 }
    }

    /// Up to where bytes were compared.
    pub(crate) fn reached(&self) -> usize {
        self.next
    }

    /// The next byte that counts, and where it is.
    #[inline]
    pub(crate) fn next(&mut self, bytes: &[u8]) -> Option<(usize, u8)> {
        while self.mask == 0 {
            self.advance(bytes)?;
        }
        let at = self.next - CHUNK + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        Some((at, *bytes.get(at)?))
    }

    /// Passes the byte that comes next.
    #[inline]
    pub(crate) fn skip(&mut self, bytes: &[u8]) {
        if self.mask == 0 {
            self.next(bytes);
        } else {
            self.mask &= self.mask - 1;
        }
    }

    fn advance(&mut self, bytes: &[u8]) -> Option<()> {
        let rest = bytes.get(self.next..)?;
        self.mask = match rest.first_chunk() {
            Some(chunk) => count(chunk),
            None if rest.is_empty() => return None,
            None => {
                let mut padded = [b'a'; CHUNK];
                padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                count(&padded)
            }
        };
        self.next += CHUNK;
        Some(())
    }
}

/// The bytes that count; see [`Marks`].
#[inline]
pub(crate) fn count(chunk: &Chunk) -> u64 {
    bits(chunk, |bytes| {
        let is_control = bytes.min(u8x16::splat(0x1F)).simd_eq(bytes);
        let counts = is_control
            | bytes.simd_eq(u8x16::splat(b','))
            | bytes.simd_eq(u8x16::splat(b'"'))
            | bytes.simd_eq(u8x16::splat(0x7F));
        // Without ASCII the highest bit, which is the one that is asked, is set anyway.
        counts | bytes
    })
}

/// The bytes that are this one.
#[inline]
pub(crate) fn equal(chunk: &Chunk, byte: u8) -> u64 {
    bits(chunk, |bytes| bytes.simd_eq(u8x16::splat(byte)))
}

/// The bytes that are this one or a greater one.
#[inline]
pub(crate) fn at_least(chunk: &Chunk, byte: u8) -> u64 {
    bits(chunk, |bytes| bytes.max(u8x16::splat(byte)).simd_eq(bytes))
}

/// The letters and digits of ASCII.
#[inline]
pub(crate) fn alphanumeric(chunk: &Chunk) -> u64 {
    bits(chunk, is_alphanumeric)
}

/// The bytes that are one of two letters, small or capital.
#[inline]
pub(crate) fn letters(chunk: &Chunk, one: u8, other: u8) -> u64 {
    bits(chunk, |bytes| {
        let small = bytes | u8x16::splat(0x20);
        small.simd_eq(u8x16::splat(one)) | small.simd_eq(u8x16::splat(other))
    })
}

/// Of the letters and digits of ASCII all bits are set, of the others none.
#[inline]
pub(crate) fn is_alphanumeric(bytes: u8x16) -> u8x16 {
    within(bytes | u8x16::splat(0x20), b'a', b'z') | is_digit(bytes)
}

/// As [`is_alphanumeric`], of digits.
#[inline]
pub(crate) fn is_digit(bytes: u8x16) -> u8x16 {
    within(bytes, b'0', b'9')
}

#[inline]
fn within(bytes: u8x16, low: u8, high: u8) -> u8x16 {
    let above = bytes - u8x16::splat(low);
    above.min(u8x16::splat(high - low)).simd_eq(above)
}

/// The bytes that are not ASCII.
#[inline]
pub(crate) fn high(chunk: &Chunk) -> u64 {
    bits(chunk, |bytes| bytes)
}

/// A bit for each byte, which is the highest of what is made of it.
#[inline]
fn bits(chunk: &Chunk, make: impl Fn(u8x16) -> u8x16) -> u64 {
    let (quarters, _) = chunk.as_chunks::<16>();
    quarters
        .iter()
        .rev()
        .fold(0, |bits, quarter| bits << 16 | u64::from(make(u8x16::new(*quarter)).to_bitmask()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_counts_and_nothing_else() {
        let counts = |byte: u8| matches!(byte, b',' | b'"' | 0..=0x1F | 0x7F..);
        // Every byte at every place of a chunk, and of one that is cut off.
        for length in [1, 15, 16, 63, 64, 65, 130] {
            for byte in 0..=u8::MAX {
                for at in 0..length {
                    let mut bytes = vec![b'x'; length];
                    bytes[at] = byte;
                    let mut marks = Marks::default();
                    let expected = counts(byte).then_some((at, byte));
                    assert_eq!(marks.next(&bytes), expected);
                    assert_eq!(marks.next(&bytes), None);
                }
            }
        }
    }

    #[test]
    fn knows_each_byte_at_each_place() {
        for byte in 0..=u8::MAX {
            for at in 0..CHUNK {
                let mut chunk = [b'-'; CHUNK];
                chunk[at] = byte;
                let here = |is: bool| u64::from(is) << at;
                assert_eq!(alphanumeric(&chunk), here(byte.is_ascii_alphanumeric()), "{byte}");
                assert_eq!(letters(&chunk, b'n', b'u'), here(b"NnUu".contains(&byte)), "{byte}");
            }
        }
    }

    #[test]
    fn starts_anywhere() {
        let bytes = [b','; 200];
        for start in 0..bytes.len() {
            let mut marks = Marks::at(start);
            marks.skip(&bytes);
            let rest: Vec<_> =
                std::iter::from_fn(|| marks.next(&bytes)).map(|(at, _)| at).collect();
            assert_eq!(rest, (start + 1..bytes.len()).collect::<Vec<_>>());
        }
    }
}
