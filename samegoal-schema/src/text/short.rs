//! Short values as numbers, so that sixteen bytes are compared and searched at once.

/// Up to sixteen bytes, the first byte lowest; missing bytes are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShortText {
    bytes: u128,
    length: usize,
}

/// The maximum length of a word in bytes.
pub(crate) const LONGEST: usize = 16;

const HALF: usize = LONGEST / 2;

const ZEROS: u64 = each(b'0');

const POWERS: [u64; HALF + 1] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The mask for the bytes of a word, by length.
const OWN: [u128; LONGEST + 1] = {
    let mut own = [u128::MAX; LONGEST + 1];
    let mut length = 0;
    while length < LONGEST {
        #[expect(clippy::indexing_slicing, reason = "it is less than the length")]
        {
            own[length] = (1 << (8 * length)) - 1;
        }
        length += 1;
    }
    own
};

/// Eight times the same byte.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; HALF])
}

impl ShortText {
    /// The first `length` bytes, if they fit.
    #[inline(always)]
    pub(crate) fn at_start(bytes: [u8; LONGEST], length: usize) -> Option<Self> {
        let own = OWN.get(length)?;
        Some(Self { bytes: u128::from_le_bytes(bytes) & own, length })
    }

    /// These bytes, if they fit.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let head = bytes.first_chunk().copied().unwrap_or_else(|| padded(bytes));
        Self::at_start(head, bytes.len())
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        self.length
    }

    /// A number below 256, evenly distributed for most words and factors.
    #[inline]
    pub(crate) fn mixed(self, factor: u64) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "both halves count")]
        let folded = self.bytes as u64 ^ ((self.bytes >> 64) as u64).rotate_left(32);
        usize::from(folded.wrapping_mul(factor).to_be_bytes()[0])
    }

    /// Their value as a decimal number, if all are digits; `None` if there are no bytes.
    #[inline(always)]
    pub(crate) fn number(self) -> Option<u64> {
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
        let (first, last) = (self.bytes as u64, (self.bytes >> 64) as u64);
        match self.length {
            0 => None,
            1..=HALF => digits(first, self.length),
            length => {
                let last = digits(last, length - HALF)?;
                Some(digits(first, HALF)? * POWERS.get(length - HALF)? + last)
            }
        }
    }
}

/// The value of `length` digits, the first one in the lowest byte.
#[inline(always)]
fn digits(bytes: u64, length: usize) -> Option<u64> {
    // Shifts the last digit to the end; empty bytes before the first count as zeros.
    Some(eight_digits(known_digits((bytes ^ ZEROS) << (8 * (HALF - length)))?))
}

/// Eight digits as four two-digit numbers, the first digit in the lowest byte.
#[inline]
pub(crate) fn pairs_of_digits(bytes: u64) -> Option<[u8; 4]> {
    let [first, _, second, _, third, _, fourth, _] =
        pairs(known_digits(bytes ^ ZEROS)?).to_le_bytes();
    Some([first, second, third, fourth])
}

/// These bytes, if they are numbers from 0 to 9.
#[inline]
fn known_digits(digits: u64) -> Option<u64> {
    // A byte above 9 has a bit in its upper half, or gets one when 6 is added.
    ((digits | digits.wrapping_add(each(6))) & each(0xF0) == 0).then_some(digits)
}

/// The two-digit numbers in every other byte.
#[inline]
fn pairs(digits: u64) -> u64 {
    (digits * 10 + (digits >> 8)) & 0x00FF_00FF_00FF_00FF
}

/// The value of eight digits from 0 to 9, the first one in the lowest byte.
#[inline]
fn eight_digits(digits: u64) -> u64 {
    let pairs = pairs(digits);
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    (fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF
}

/// Bytes followed by zeros.
#[cold]
pub(crate) fn padded(bytes: &[u8]) -> [u8; LONGEST] {
    let mut padded = [0; LONGEST];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_counts_for_nothing() {
        let text = b"female and whatever else";
        for length in 0..=LONGEST {
            let word = ShortText::at_start(*text.first_chunk().unwrap(), length);
            assert_eq!(word, ShortText::new(&text[..length]), "{length}");
        }
        assert_eq!(ShortText::new(text), None);
        assert_ne!(ShortText::new(b"a"), ShortText::new(b"a\0"));
    }

    #[test]
    fn reads_numbers_of_every_length() {
        let number = |text: &[u8]| ShortText::new(text).and_then(ShortText::number);
        for length in 1..=LONGEST {
            let digits = &b"9182736450918273"[..length];
            let expected = std::str::from_utf8(digits).unwrap().parse().unwrap();
            assert_eq!(number(digits), Some(expected));
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut other = digits.to_vec();
                    other[at] = byte;
                    assert_eq!(number(&other).is_some(), byte.is_ascii_digit(), "{other:?}");
                }
            }
        }
        assert_eq!(number(b""), None);
        assert_eq!(number(b"0000000000000000"), Some(0));
        assert_eq!(number(b"9999999999999999"), Some(9_999_999_999_999_999));
    }
}
