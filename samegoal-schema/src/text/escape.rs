//! Makes text printable. Text from outside reaches a terminal, a log or a report only through here.
//!
//! It neutralizes three things:
//!
//! - **Control characters** and other invisible characters that change what is displayed become
//!   `\t`, `\n`, `\r` or `\u{202e}`. The result is one line.
//! - **Bytes that are not UTF-8** become `\xE9`.
//! - **Commands that build systems read from a log**. GitHub takes a line that begins with two
//!   colons, after any whitespace; others take `##[`, `##vso[` and the like anywhere. Text may be
//!   wrapped later, so any word can end up at the start of a line. So where two colons meet, the
//!   second becomes `\u{3a}`, and the bracket of `##name[` becomes `\u{5b}`.
//!
//! Backslashes stay as they are, so that escaping twice is the same as escaping once.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with everything escaped that is not plainly visible.
///
/// ```
/// use samegoal_schema::text::escape::visible;
/// assert_eq!(visible("Ada, 3"), "Ada, 3");
/// assert_eq!(visible("a\u{1b}[31m\n"), r"a\u{1b}[31m\n");
/// assert_eq!(visible("::error::x"), r":\u{3a}error:\u{3a}x");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) || text.contains("::") || text.contains("##") {
        let mut out = String::with_capacity(text.len() + 16);
        push(&mut out, text);
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// The bytes as visible text.
///
/// ```
/// assert_eq!(samegoal_schema::text::escape::visible_bytes(b"Jos\xe9"), r"Jos\xE9");
/// ```
pub fn visible_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    push_bytes(&mut out, bytes);
    out
}

/// The text as a TOML string with only plainly visible characters, which stands for exactly this
/// text.
///
/// ```
/// use samegoal_schema::text::escape::toml_string;
/// assert_eq!(toml_string("O'Neill \"Annex\""), r#""O'Neill \"Annex\"""#);
/// assert_eq!(toml_string("a\u{a0}\u{200b}b::c"), r#""a\u00A0\u200Bb:\u003Ac""#);
/// ```
pub fn toml_string(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        let is_command = (c == ':' && out.ends_with(':')) || (c == '[' && ends_like_command(&out));
        let is_odd_blank = c.is_whitespace() && c != ' ';
        // Writing to a string never fails.
        let _ = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            _ if is_hidden(c) || is_odd_blank || is_command => match u32::from(c) {
                code @ 0x1_0000.. => write!(out, "\\U{code:08X}"),
                code => write!(out, "\\u{code:04X}"),
            },
            _ => write!(out, "{c}"),
        };
    }
    out.push('"');
    out
}

/// Appends visible text. It considers the end of `out`, so that two harmless texts do not form a
/// command.
pub fn push(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\t' => out.push_str(r"\t"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            ':' if out.ends_with(':') => out.extend(c.escape_unicode()),
            '[' if ends_like_command(out) => out.extend(c.escape_unicode()),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
}

/// Appends bytes as visible text; see [`push`].
pub fn push_bytes(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        push(out, chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string never fails.
            let _ = write!(out, r"\x{byte:02X}");
        }
    }
}

fn ends_like_command(out: &str) -> bool {
    out.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with("##")
}

/// Whether the character is invisible but may change how its neighbors are displayed or read.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' // soft hyphen
            | '\u{61C}' // Arabic letter mark
            | '\u{180E}' // Mongolian vowel separator
            | '\u{200B}'..='\u{200F}' // zero-width characters and direction marks
            | '\u{2028}'..='\u{202E}' // line and paragraph separator, direction overrides
            | '\u{2060}'..='\u{206F}' // word joiner, invisible operators, direction isolates
            | '\u{FEFF}' // byte-order mark
            | '\u{FDD0}'..='\u{FDEF}' // noncharacters
            | '\u{FFF9}'..='\u{FFFB}' // interlinear annotation
            | '\u{E0000}'..='\u{E007F}' // tags
        )
        // Also noncharacters, and XML forbids the first two.
        || u32::from(c) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        for text in ["", "Ada Lovelace", "Zoë 李 O'Néill", "a:b #1 [2]", r"C:\temp"] {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn hidden_characters_are_written_out() {
        for (text, expected) in [
            ("a\0b", r"a\u{0}b"),
            ("a\tb\r\n", r"a\tb\r\n"),
            ("\u{7f}\u{85}", r"\u{7f}\u{85}"),
            ("\u{202e}gpj", r"\u{202e}gpj"),
            ("a\u{200b}b\u{ad}\u{feff}", r"a\u{200b}b\u{ad}\u{feff}"),
            ("\u{ffff}\u{1fffe}\u{fdd0}", r"\u{ffff}\u{1fffe}\u{fdd0}"),
            ("\u{2028}\u{e0041}\u{61c}\u{180e}", r"\u{2028}\u{e0041}\u{61c}\u{180e}"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn workflow_commands_are_broken() {
        for (text, expected) in [
            ("::error::x", r":\u{3a}error:\u{3a}x"),
            (" ::warning", r" :\u{3a}warning"),
            (":::", r":\u{3a}:"),
            ("##[error]x", r"##\u{5b}error]x"),
            ("a ##vso[task.x]", r"a ##vso\u{5b}task.x]"),
            ("##teamcity[x]", r"##teamcity\u{5b}x]"),
            ("####", "####"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn a_command_does_not_arise_where_two_texts_meet() {
        let mut out = String::from("##");
        push(&mut out, "[error]:");
        push(&mut out, ":x");
        assert_eq!(out, r"##\u{5b}error]:\u{3a}x");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_written_in_hexadecimal() {
        assert_eq!(visible_bytes(b"Jos\xe9 \xff\xfe\0\xe2\x82"), r"Jos\xE9 \xFF\xFE\u{0}\xE2\x82");
        assert_eq!(visible_bytes("Zoë".as_bytes()), "Zoë");
    }

    fn is_safe(text: &str) -> bool {
        !text.chars().any(is_hidden)
            && !text.contains("::")
            && !text.contains("##[")
            && !text.to_ascii_lowercase().contains("##vso[")
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives(text in any::<String>()) {
            prop_assert!(is_safe(&visible(&text)));
        }

        #[test]
        fn no_bytes_survive_unseen(bytes in any::<Vec<u8>>()) {
            prop_assert!(is_safe(&visible_bytes(&bytes)));
        }

        #[test]
        fn no_command_survives_any_cut(parts in prop::collection::vec("[:#vso\\[\\n\u{202e}]{0,4}", 0..8)) {
            let mut out = String::new();
            for part in &parts {
                push(&mut out, part);
            }
            prop_assert!(is_safe(&out));
            let whole = parts.concat();
            prop_assert_eq!(out, visible(&whole));
        }

        #[test]
        fn escaping_twice_is_escaping_once(text in any::<String>()) {
            let once = visible(&text).into_owned();
            prop_assert_eq!(visible(&once), once.as_str());
        }

        #[test]
        fn visible_text_stays_as_it_is(text in "[a-zA-Z0-9 ,.;é李\"'/\\\\-]*") {
            prop_assert_eq!(visible(&text), text.as_str());
        }
    }
}
