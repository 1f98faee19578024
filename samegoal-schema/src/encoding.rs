//! Which encoding bytes are in that are not UTF-8.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// What a byte that is not UTF-8 was most likely meant to be.
pub(crate) struct Guess {
    /// The encoding, as people call it.
    pub(crate) encoding: &'static str,
    /// The character, if the byte stands for one there.
    pub(crate) character: Option<char>,
}

/// Guesses by the letters round the byte: an accented letter stands between letters, a dash between
/// blanks.
pub(crate) fn guess(bytes: &[u8], at: usize) -> Guess {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
    let after = bytes.get(at + 1).copied();
    let is_lower = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase());
    let is_letter = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic());
    let mac = decode(byte, MACINTOSH);
    // In Windows-1252 these are marks and a few rare letters; on the old Mac they are the accented
    // ones. The right single quote (0x92) also stands between letters: in O'Brien before a capital,
    // and before the s of a genitive.
    let is_apostrophe = byte == 0x92
        && (after.is_some_and(|byte| byte.is_ascii_uppercase())
            || (after == Some(b's') && !is_letter(bytes.get(at + 2).copied())));
    let is_mac = matches!(byte, 0x80..=0x9F)
        && mac.is_some_and(char::is_alphabetic)
        && (is_lower(before) || is_lower(after))
        && !is_apostrophe;
    if is_mac {
        return Guess { encoding: "Mac OS Roman", character: mac };
    }
    let character = decode(byte, WINDOWS_1252).filter(|character| !character.is_control());
    Guess { encoding: "Windows-1252", character }
}

fn decode(byte: u8, encoding: &'static Encoding) -> Option<char> {
    encoding.decode_without_bom_handling(&[byte]).0.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_encodings_by_the_letters_around() {
        for (bytes, at, encoding, character) in [
            (&b"Jos\xE9"[..], 3, "Windows-1252", 'é'),
            (b"Jos\x8E,", 3, "Mac OS Roman", 'é'),
            (b"Mu\x96oz", 2, "Mac OS Roman", 'ñ'),
            (b"Mu\xF1oz", 2, "Windows-1252", 'ñ'),
            (b"O\x92Brien", 1, "Windows-1252", '’'),
            (b"Mart\x92nez", 4, "Mac OS Roman", 'í'),
            (b"12 \x96 14", 3, "Windows-1252", '–'),
        ] {
            let guess = guess(bytes, at);
            assert_eq!((guess.encoding, guess.character), (encoding, Some(character)));
        }
    }
}
