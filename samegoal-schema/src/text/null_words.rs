//! Words for "no value", such as `NULL` and `N/A`, and what shows that a value is not one of them.
//!
//! Only the two lists are written by hand; the rest is computed from them. So the fast path also finds
//! a new word.

/// What stands for "no value" in any column and in any case.
pub(crate) const FOR_NOTHING: &[&str] = &[
    "N/A",
    "N.A.",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#ERROR!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "Loading...",
    "(blank)",
    "(null)",
    "(none)",
    "<null>",
    "<none>",
    "<NA>",
    "[NULL]",
    "\\N",
    "-",
    "--",
    "---",
    "undefined",
];

/// Words for "no value" that are also names.
pub(crate) const BARE_WORDS: &[&str] = &["NULL", "NA", "None", "NIL", "nan"];

/// The word of either list that a text is.
#[inline]
pub(crate) fn word(text: &[u8]) -> Option<&'static str> {
    let (first, last) = (usize::from(*text.first()?), usize::from(*text.last()?));
    let lengths = LENGTHS_BY_FIRST.get(first)? & LENGTHS_BY_LAST.get(last)?;
    let may_be_one = text.len() < BITS && lengths >> text.len() & 1 == 1;
    if may_be_one { find(text) } else { None }
}

#[cold]
fn find(text: &[u8]) -> Option<&'static str> {
    let mut words = FOR_NOTHING.iter().chain(BARE_WORDS).copied();
    words.find(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

const BITS: usize = u32::BITS as usize;

/// The words of both lists.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile")]
const WORDS: [&[u8]; FOR_NOTHING.len() + BARE_WORDS.len()] = {
    let mut words: [&[u8]; FOR_NOTHING.len() + BARE_WORDS.len()] =
        [b""; FOR_NOTHING.len() + BARE_WORDS.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = match at.checked_sub(FOR_NOTHING.len()) {
            None => FOR_NOTHING[at].as_bytes(),
            Some(at) => BARE_WORDS[at].as_bytes(),
        };
        at += 1;
    }
    words
};

/// For each byte, the lengths of the words that begin with it: a bit for each length.
const LENGTHS_BY_FIRST: [u32; 256] = lengths_by_end(true);

/// The same of the words that end with it.
const LENGTHS_BY_LAST: [u32; 256] = lengths_by_end(false);

#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile")]
const fn lengths_by_end(is_first: bool) -> [u32; 256] {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < WORDS.len() {
        let word = WORDS[at];
        let end = if is_first { word[0] } else { word[word.len() - 1] };
        lengths[end.to_ascii_lowercase() as usize] |= 1 << word.len();
        lengths[end.to_ascii_uppercase() as usize] |= 1 << word.len();
        at += 1;
    }
    lengths
}

/// The small letters and digits that words begin with, a bit for each byte, and the lengths of these
/// words. A word that begins with anything else is suspect because of that, and one with three full stops
/// because of these.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile")]
const PLAIN: (u128, u32) = {
    let (mut firsts, mut lengths) = (0, 0);
    let mut at = 0;
    while at < WORDS.len() {
        let word = WORDS[at];
        if word[0].is_ascii_alphanumeric() && !has_stops(word) {
            firsts |= 1 << word[0].to_ascii_lowercase();
            lengths |= 1 << word.len();
        }
        at += 1;
    }
    (firsts, lengths)
};

/// Whether three full stops in a row are in a word: wherever a chunk ends, two of them are in one.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile")]
const fn has_stops(word: &[u8]) -> bool {
    let mut at = 2;
    while at < word.len() {
        if word[at - 2] == b'.' && word[at - 1] == b'.' && word[at] == b'.' {
            return true;
        }
        at += 1;
    }
    false
}

/// The small letters and digits that words begin with.
pub(crate) const FIRST_BYTES: [u8; PLAIN.0.count_ones() as usize] = set_bits(PLAIN.0);

/// The lengths of words that begin with one of these, the shortest first.
pub(crate) const LENGTHS: [u8; PLAIN.1.count_ones() as usize] = set_bits(PLAIN.1 as u128);

/// The longest of these lengths.
pub(crate) const LONGEST: usize = PLAIN.1.ilog2() as usize;

/// Which bits are set, from the lowest.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile")]
const fn set_bits<const COUNT: usize>(mut bits: u128) -> [u8; COUNT] {
    let mut set = [0; COUNT];
    let mut at = 0;
    while bits != 0 {
        #[expect(clippy::cast_possible_truncation, reason = "there are 128 bits")]
        {
            set[at] = bits.trailing_zeros() as u8;
        }
        bits &= bits - 1;
        at += 1;
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_may_be_one() {
        for word in FOR_NOTHING.iter().chain(BARE_WORDS) {
            for word in [word.to_lowercase(), word.to_uppercase()] {
                let first = word.as_bytes()[0];
                assert!(super::word(word.as_bytes()).is_some(), "{word}");
                assert_eq!(super::word(format!("{word}s").as_bytes()), None, "{word}");
                let is_plain = FIRST_BYTES.contains(&first.to_ascii_lowercase())
                    && LENGTHS.contains(&u8::try_from(word.len()).unwrap());
                let is_seen = is_plain || word.contains("...");
                assert_eq!(is_seen, first.is_ascii_alphanumeric(), "{word}");
            }
        }
    }
}
