//! Short values as numbers: sixteen bytes are compared and looked through at once.

/// Up to sixteen bytes, the first of which are the lowest; those that are not there are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Word {
    bytes: u128,
    length: usize,
}

const LONGEST: usize = 16;

const ZEROS: u128 = each(b'0');

/// Sixteen times the same byte.
const fn each(byte: u8) -> u128 {
    u128::from_ne_bytes([byte; LONGEST])
}

impl Word {
    /// The first `length` bytes, if they are few enough. It costs least where others follow.
    #[inline]
    pub(crate) fn at_start(bytes: &[u8], length: usize) -> Option<Self> {
        if length > LONGEST {
            return None;
        }
        let whole = match bytes.first_chunk() {
            Some(chunk) => u128::from_le_bytes(*chunk),
            None => padded(bytes),
        };
        // All of them are too many to shift by.
        let beyond = u128::MAX.checked_shl(8 * length as u32).unwrap_or(0);
        Some(Self { bytes: whole & !beyond, length })
    }

    /// These bytes, if they are few enough.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        Self::at_start(bytes, bytes.len())
    }

    /// What they are as a decimal number, if all of them are digits; `None` for none.
    #[inline]
    pub(crate) fn number(self) -> Option<u64> {
        if self.length == 0 {
            return None;
        }
        // The last digit comes to stand at the end, and zeros before the first.
        let missing = 8 * (LONGEST - self.length) as u32;
        let digits = self.bytes << missing | ZEROS & ((1 << missing) - 1);
        let is_high = digits & each(0xF0) ^ ZEROS;
        let is_low = digits.wrapping_add(each(6)) & each(0xF0) ^ ZEROS;
        if is_high | is_low != 0 {
            return None;
        }
        let digits = digits ^ ZEROS;
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
        let (first, last) = (digits as u64, (digits >> 64) as u64);
        Some(eight_digits(first) * 100_000_000 + eight_digits(last))
    }
}

/// The number of eight digits from 0 to 9, the first of which is the lowest byte.
#[inline]
fn eight_digits(digits: u64) -> u64 {
    let pairs = (digits * 10 + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    (fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF
}

#[cold]
fn padded(bytes: &[u8]) -> u128 {
    let mut padded = [0; LONGEST];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    u128::from_le_bytes(padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_counts_for_nothing() {
        let text = b"female and whatever else";
        for length in 0..=LONGEST {
            assert_eq!(Word::at_start(text, length), Word::new(&text[..length]), "{length}");
        }
        assert_eq!(Word::new(text), None);
        assert_ne!(Word::new(b"a"), Word::new(b"a\0"));
    }

    #[test]
    fn reads_numbers_of_every_length() {
        let number = |text: &[u8]| Word::new(text).and_then(Word::number);
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
