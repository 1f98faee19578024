//! Which encoding bytes are in if they are not UTF-8, and which text was read in the wrong
//! encoding.

use encoding_rs::{EncoderResult, Encoding, MACINTOSH, WINDOWS_1252};

/// What a byte that is not UTF-8 most likely means.
pub(crate) struct Guess {
    /// The common name of the encoding.
    pub(crate) encoding: &'static str,
    /// The character, if the byte is one in that encoding.
    pub(crate) character: Option<char>,
}

/// Guesses from the letters around the byte: an accented letter is between letters, a dash between
/// spaces.
pub(crate) fn guess(bytes: &[u8], at: usize) -> Guess {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
    let after = bytes.get(at + 1).copied();
    let is_lower = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase());
    let is_letter = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic());
    let mac = decode(byte, MACINTOSH);
    // In Windows-1252, these are punctuation and a few rare letters; on the old Mac, they are the
    // accented letters. The right single quote (0x92) also comes between letters: before a capital
    // in O'Brien, and before the s of a possessive.
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

/// Whether a part of the text is UTF-8 that was read as Windows-1252 or Latin-1: `Ã©` for `é`.
///
/// One such sequence is enough if its characters never follow each other in real text. The other
/// sequences occur in capitals (`KŘÍŽ` contains the bytes of a Greek accent), so two in a row are
/// needed there.
pub(crate) fn is_garbled(text: &str) -> bool {
    text.char_indices().any(|(at, character)| {
        let Some((meant, bytes, rest)) = text.get(at..).and_then(decode_again) else {
            return false;
        };
        match bytes {
            // A capital before the closing quotation mark of a quotation.
            [0xC3, 0x91..=0x94, ..] if closes_quotation(text, at + character.len_utf8()) => false,
            // Nordic capitals before a quote, a dash or, in Estonian, the letters Š and Ž.
            [0xC4 | 0xC5, 0x92 | 0x94 | 0x96, ..] | [0xC4, 0x8A | 0x8E | 0x9A | 0x9E, ..] => false,
            // Latin letters with accents, signs, punctuation, Vietnamese, a byte-order mark, an
            // emoji.
            [0xC2..=0xC5, ..]
            | [0xE1, 0xBA | 0xBB, ..]
            | [0xE2, 0x80 | 0x82 | 0x84, ..]
            | [0xEF, 0xBB, ..]
            | [0xF0, 0x9F, ..] => true,
            _ => meant != character && decode_again(rest).is_some(),
        }
    })
}

/// Whether there is a typographic quotation mark that closes a quotation.
fn closes_quotation(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    let mut rest = rest.chars();
    let opening: &[char] = match rest.next() {
        Some('\u{201d}' | '\u{201c}') => &['\u{201c}', '\u{201e}'],
        Some('\u{2019}' | '\u{2018}') => &['\u{2018}', '\u{201a}'],
        _ => return false,
    };
    before.contains(opening) && !rest.next().is_some_and(char::is_alphabetic)
}

/// The text before it was read in the wrong encoding.
pub(crate) fn repaired(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (meant, after) = match decode_again(rest) {
            Some((meant, _, after)) => (meant, after),
            None => (character, rest.get(character.len_utf8()..).unwrap_or_default()),
        };
        repaired.push(meant);
        rest = after;
    }
    repaired
}

/// The character whose UTF-8 bytes, each read as a character, start the text; those bytes; and the
/// text after them.
fn decode_again(text: &str) -> Option<(char, [u8; 4], &str)> {
    let mut chars = text.chars();
    let lead = u8::try_from(u32::from(chars.next()?)).ok()?;
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for byte in bytes.iter_mut().take(length).skip(1) {
        *byte = encode(chars.next()?)?;
    }
    let meant = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    // These characters are real: a letter before a quotation mark.
    if meant.is_control() {
        return None;
    }
    Some((meant, bytes, chars.as_str()))
}

/// The byte of a character in Windows-1252 or, if that has none, in Latin-1.
fn encode(character: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(character)) {
        return Some(byte);
    }
    let (mut text, mut byte) = ([0; 4], [0; 4]);
    let text = character.encode_utf8(&mut text);
    let (result, _, written) =
        WINDOWS_1252.new_encoder().encode_from_utf8_without_replacement(text, &mut byte, true);
    (result == EncoderResult::InputEmpty && written == 1).then(|| byte.first().copied())?
}

fn decode(byte: u8, encoding: &'static Encoding) -> Option<char> {
    encoding.decode_without_bom_handling(&[byte]).0.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_the_encodings_by_the_letters_around() {
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
    #[test]
    fn knows_text_that_was_read_in_the_wrong_encoding() {
        for meant in [
            "Peña",
            "Muñoz",
            "Álvarez",
            "Ñandú",
            "Ólafur",
            "CÔTÉ",
            "NICOLÒ",
            "Íñigo",
            "O’Brien",
            "“Ada”",
            "Łukasz",
            "Świątek",
            "Čapek",
            "Ayşe",
            "Şahin",
            "Erdős",
            "Nguyễn",
            "Иван",
            "Ιω",
            "王芳",
            "محمد",
            "Łódź",
            "12 º",
            "\u{feff}1001",
            "\u{a0}Ada",
            "Ada 🎓",
        ] {
            let windows = WINDOWS_1252.decode_without_bom_handling(meant.as_bytes()).0;
            let latin: String = meant.bytes().map(char::from).collect();
            for garbled in [&*windows, &latin] {
                assert!(is_garbled(garbled), "{garbled:?} for {meant}");
                assert_eq!(repaired(garbled), meant);
            }
        }
    }

    #[test]
    fn leaves_names_alone_as_people_write_them() {
        for text in [
            "JOÃO",
            "CONCEIÇÃO",
            "GUIMARÃES",
            "KŘÍŽ",
            "TOMÁŠ",
            "BENEŠ",
            "RŮŽIČKA",
            "ŽIŽKOVÁ",
            "ÄŽ",
            "MÄRŠ",
            "ÅSE",
            "“ÄIJÄ”",
            "“ROMÃ”",
            "„ROMÃ“",
            "‘IRMÃ’",
            "ROMÂ”",
            "“ROMÂ” ANA",
            "HÄMÄ’S",
            "SMÅ–BLÅ",
            "Åsa-Märta",
            "ANDRÉ’S",
            "JOSÉ–MARÍA",
            "D’ANDRÉ",
            "«ÉTÉ»",
            "NUÑEZ…",
            "ÎLE-D’ORLÉANS",
            "FRANÇOIS",
            "Þór",
            "Zoë",
            "Nguyễn",
            "Đặng",
            "İbrahim",
            "Łódź",
            "王芳",
            "Иван",
            "محمد",
            "é",
            "Ã",
            "Â",
            "",
        ] {
            assert!(!is_garbled(text), "{text}");
        }
    }
}
