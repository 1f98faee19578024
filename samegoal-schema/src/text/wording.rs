//! Words for messages.

/// How people call a character: by name and code if it is invisible, by itself if it is visible.
///
/// Only for characters that are not letters or digits: those are personal data.
pub(crate) fn describe(character: char) -> String {
    let name = match character {
        ' ' => "a space",
        '-' => "a hyphen (`-`)",
        '.' => "a period (`.`)",
        '_' => "an underscore (`_`)",
        '\'' => "an apostrophe (`'`)",
        '/' => "a slash (`/`)",
        '\0' => "a NUL byte",
        '\u{1a}' => "the old end-of-file mark Ctrl-Z (U+001A)",
        '\t' => "a tab",
        '\u{feff}' => "a byte-order mark (U+FEFF)",
        '\u{200b}' => "a zero-width space (U+200B)",
        '\u{200c}' | '\u{200d}' => "a zero-width joiner",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a text direction control character"
        }
        '\u{a0}' => "a no-break space (U+00A0)",
        '!'..='~' => return format!("`{character}`"),
        _ => return format!("the character U+{:04X}", u32::from(character)),
    };
    name.to_owned()
}

/// Names as a list: `` `a`, `b` and `c` ``.
pub(crate) fn list(names: &[impl AsRef<str>]) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).map(|name| format!("`{name}`")).collect();
    joined(&names, "and")
}

/// Phrases as a list: `a, b and c`, with `and` as the `last` word between them.
pub fn joined(phrases: &[String], last: &str) -> String {
    match phrases {
        [first @ .., end] if !first.is_empty() => format!("{} {last} {end}", first.join(", ")),
        _ => phrases.concat(),
    }
}

/// A number with thousands separators: `1,204`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The number and the thing, in the singular or with an `s`.
pub fn plural(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", thousands(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_and_lists_as_people_do() {
        let thousands = [0, 12, 999, 1_000, 123_456, 1_204_567].map(thousands);
        assert_eq!(thousands, ["0", "12", "999", "1,000", "123,456", "1,204,567"]);
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list(&["a"]), "`a`");
    }
}
