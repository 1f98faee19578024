//! Whether bytes that are not UTF-8 are certainly Windows-1252.
//!
//! One byte is `é` in Windows-1252, `È` on the old Mac and `Ú` in DOS. So each such byte must fit
//! its neighbors as Windows-1252, and the file must not also contain UTF-8.

use encoding_rs::WINDOWS_1252;

use crate::text::encoding;

/// What is known about a file's bytes so far.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    has_utf8: bool,
    has_other: bool,
    is_doubtful: bool,
}

impl Doubt {
    pub(super) fn record(&mut self, bytes: &[u8]) {
        if bytes.is_ascii() {
            return;
        }
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            self.has_utf8 |= !chunk.valid().is_ascii();
            at += chunk.valid().len();
            for _ in chunk.invalid() {
                self.has_other = true;
                self.is_doubtful |= !is_certain(bytes, at);
                at += 1;
            }
        }
    }

    /// Whether all bytes that are not ASCII are Windows-1252; `None` if all are UTF-8.
    pub(super) fn is_windows_1252(&self) -> Option<bool> {
        self.has_other.then_some(!self.has_utf8 && !self.is_doubtful)
    }
}

/// The text in UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Vec<u8> {
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned().into_bytes()
}

/// Whether the byte fits its neighbors as Windows-1252, and would not in another encoding.
fn is_certain(bytes: &[u8], at: usize) -> bool {
    let guess = encoding::guess(bytes, at);
    let Some(character) = guess.character.filter(|_| guess.encoding == "Windows-1252") else {
        return false;
    };
    // In Núñez, the neighbor is as doubtful as the letter itself; the next one decides.
    let (before, after) = (bytes.get(..at), bytes.get(at..));
    let before = before.and_then(|bytes| bytes.iter().rfind(|byte| byte.is_ascii())).copied();
    let after = after.and_then(|bytes| bytes.iter().find(|byte| byte.is_ascii())).copied();
    let is = |byte: Option<u8>, class: fn(&u8) -> bool| byte.as_ref().is_some_and(class);
    let is_letter = |byte| is(byte, u8::is_ascii_alphabetic);
    match character {
        // In the other encodings, capital and small letters change places.
        'ƒ' | 'ª' | 'º' | 'µ' => false,
        _ if character.is_lowercase() => {
            is(before, u8::is_ascii_lowercase) || is(after, u8::is_ascii_lowercase)
        }
        _ if character.is_uppercase() => {
            !is(before, u8::is_ascii_lowercase) && (is_letter(before) || is_letter(after))
        }
        '’' => is_letter(before),
        // Most of them are letters in other encodings, so they must not be next to a letter.
        _ => !is_letter(before) && !is_letter(after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_must_fit_as_windows_1252_and_as_nothing_else() {
        for (bytes, expected) in [
            (&b"Jos\xE9,Mu\xF1oz"[..], true),
            (b"MU\xD1OZ", true),
            (b"\xC1lvarez", true),
            (b"N\xFA\xF1ez", true),
            (b"N\xDA\xD1EZ", true),
            (b"O\x92Brien", true),
            (b"12 \x96 14", true),
            // DOS
            (b"Jos\x82", false),
            (b"Mu\xA4oz", false),
            (b"Mari\xA0,", false),
            (b"MU\xA5OZ", false),
            // Mac OS
            (b"Jos\x8E", false),
            (b"G\xE7RCIA", false),
            (b"MU\x84OZ", false),
            // Both at once, as after joining two files
            (b"Jos\xE9,Jos\xC3\xA9", false),
            (b"Jos\xC3\xA9", false),
            (b"Jose", false),
            (b"\x81", false),
        ] {
            let mut doubt = Doubt::default();
            doubt.record(bytes);
            assert_eq!(doubt.is_windows_1252() == Some(true), expected, "{}", bytes.escape_ascii());
        }
        assert_eq!(decode(b"Jos\xE9 \x96"), "José –".as_bytes());
    }
}
