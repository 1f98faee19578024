//! Whitespace around a value.

/// Whether there is only whitespace, including no-break spaces.
pub(crate) fn is_whitespace(bytes: &[u8]) -> bool {
    match bytes.first() {
        None => true,
        Some(byte) if byte.is_ascii_graphic() => false,
        Some(_) => trim(bytes).is_empty(),
    }
}

/// The bytes without surrounding whitespace, including no-break spaces.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => bytes,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim().as_bytes(),
            Err(_) => bytes.trim_ascii(),
        },
    }
}

/// Whether a fix may trim the value: not if that removes a line, because lines must stay where they
/// are.
pub(crate) fn is_trimmed(whole: &[u8], trimmed: &[u8]) -> bool {
    let ends = |bytes: &[u8]| bytes.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    ends(whole) == ends(trimmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_what_unicode_calls_white_space() {
        assert_eq!(trim("\u{a0} Ada \t\u{3000}".as_bytes()), b"Ada");
        assert_eq!(trim("é".as_bytes()), "é".as_bytes());
        assert_eq!(trim(b" \xE9 "), b"\xE9");
        assert!(is_whitespace(" \u{a0}".as_bytes()));
        assert!(!is_whitespace(b"\xA0"));
        assert!(is_whitespace(b""));
    }
}
