//! Keys that fit into a number.
//!
//! Nearly every id of a student does: up to sixteen digits, or up to ten letters and digits. As a
//! number it needs no memory of its own and is compared at once.

use std::num::NonZeroU64;

use crate::text::short::ShortText;

/// A key of up to sixteen digits, or of up to ten letters and digits, and nothing else.
///
/// Digits: the highest bit, the length, the value. Others: six bits a character, none of them 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed(NonZeroU64);

const DIGITS: u64 = 1 << 63;
const VALUE_BITS: u32 = 57;
const VALUE: u64 = (1 << VALUE_BITS) - 1;
const CHARACTER_BITS: u32 = 6;
const CHARACTER: u64 = (1 << CHARACTER_BITS) - 1;
const MOST_CHARACTERS: usize = 10;
/// The packed `0` and the first packed letters.
const ZERO: u64 = 1;
const UPPER_A: u64 = 11;
const LOWER_A: u64 = 37;

impl Packed {
    /// The key as a number, if it fits.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        Self::of(ShortText::new(key)?, || key)
    }

    /// As [`new`](Self::new), of a key that is a short text already. `key` is called only if it is not
    /// all digits.
    #[inline(always)]
    pub(crate) fn of<'k>(word: ShortText, key: impl FnOnce() -> &'k [u8]) -> Option<Self> {
        match word.number() {
            Some(number) => {
                NonZeroU64::new(DIGITS | (word.len() as u64) << VALUE_BITS | number).map(Self)
            }
            None => Self::of_characters(key()),
        }
    }

    #[inline(never)]
    fn of_characters(key: &[u8]) -> Option<Self> {
        if key.len() > MOST_CHARACTERS {
            return None;
        }
        let packed = key.iter().try_fold(0, |packed, byte| {
            let character = match byte {
                b'0'..=b'9' => u64::from(byte - b'0') + ZERO,
                b'A'..=b'Z' => u64::from(byte - b'A') + UPPER_A,
                b'a'..=b'z' => u64::from(byte - b'a') + LOWER_A,
                _ => return None,
            };
            Some(packed << CHARACTER_BITS | character)
        })?;
        NonZeroU64::new(packed).map(Self)
    }

    pub(crate) fn get(self) -> u64 {
        self.0.get()
    }

    /// The form that keys share if they differ only in case or leading zeros.
    #[inline]
    pub(crate) fn folded(self) -> u64 {
        folded(self.get())
    }
}

/// See [`Packed::folded`]; nothing folds to 0.
#[inline]
pub(crate) fn folded(packed: u64) -> u64 {
    if packed & DIGITS != 0 {
        return packed & (DIGITS | VALUE);
    }
    let mut folded = 0;
    // From the last character to the first, so that zeros at the end of the walk are leading ones.
    let mut rest = packed;
    let mut place = 0;
    let mut whole = 0;
    while rest != 0 {
        let upper = upper(rest);
        whole |= upper << place;
        if upper != ZERO {
            folded = whole;
        }
        rest >>= CHARACTER_BITS;
        place += CHARACTER_BITS;
    }
    folded
}

/// Whether a packed key has this folded form.
#[inline]
pub(super) fn is_alike(packed: u64, form: u64) -> bool {
    if form & DIGITS != 0 {
        return packed & (DIGITS | VALUE) == form;
    }
    // To compare the last characters is fast.
    packed & DIGITS == 0 && upper(packed) == form & CHARACTER && folded(packed) == form
}

/// The last character as a capital.
#[inline]
fn upper(packed: u64) -> u64 {
    let character = packed & CHARACTER;
    if character >= LOWER_A { character - (LOWER_A - UPPER_A) } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(key: &str) -> Option<u64> {
        Packed::new(key.as_bytes()).map(Packed::get)
    }

    #[test]
    fn keys_that_differ_are_numbers_that_differ() {
        let keys = [
            "0",
            "00",
            "1",
            "01",
            "10",
            "9",
            "9999999999999999",
            "0000000000000000",
            "a",
            "A",
            "aa",
            "AA",
            "A0",
            "0A",
            "00A",
            "Z9",
            "zzzzzzzzzz",
            "ZZZZZZZZZZ",
            "1234567A",
            "12345678A9",
        ];
        for one in keys {
            for other in keys {
                assert_eq!(pack(one) == pack(other), one == other, "{one} {other}");
            }
            assert!(pack(one).is_some_and(|packed| folded(packed) != 0), "{one}");
        }
    }

    #[test]
    fn other_keys_do_not_fit() {
        for key in ["", "12345678901234567", "abcdefghijk", "a-b", "1 2", "é", "a\0", "-1"] {
            assert_eq!(pack(key), None, "{key}");
        }
    }

    #[test]
    fn case_and_leading_zeros_fold() {
        for (one, other, is_alike) in [
            ("1", "001", true),
            ("a1", "A1", true),
            ("0a1", "A1", true),
            ("0", "000", true),
            ("1", "10", false),
            ("A1", "A10", false),
            ("A01", "A1", false),
            ("10A", "1A", false),
        ] {
            let folded = |key: &str| Packed::new(key.as_bytes()).unwrap().folded();
            assert_eq!(folded(one) == folded(other), is_alike, "{one} {other}");
        }
    }
}
