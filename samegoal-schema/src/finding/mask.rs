//! Decides how much of a cell to show. Only this module looks into a [`Cell`].
//!
//! A masked value keeps no letter and no digit of personal data. What remains is a shape:
//! `99/99/9999` for a date, a class of lengths for a name. Nothing is hashed: a district has only a
//! few thousand ids, so hashes would give them away.

use super::cell::{Cell, Privacy};
use super::message::{Message, Part};
use crate::schema::Content;
use crate::text::escape;

/// How much of the values to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// The values as they are.
    Show,
    /// Only their shape.
    #[default]
    Mask,
}

/// Turns messages and cells into text that may leave the program.
///
/// ```
/// use samegoal_schema::finding::{Masker, Values};
/// use samegoal_schema::{Cell, Content, Message, Privacy};
///
/// let date = Cell::new(b"13/31/2012", Privacy::Private(Content::Date));
/// let message = Message::from("no such date: `").cell(date).text("`");
/// assert_eq!(Masker::new(Values::Show).message(&message), "no such date: `13/31/2012`");
/// assert_eq!(Masker::new(Values::Mask).message(&message), "no such date: `99/99/9999`");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Masker {
    values: Values,
}

/// The longest shape of a value, in characters.
const SHAPE: usize = 24;

#[derive(Clone, Copy)]
enum Form {
    Long,
    Short,
}

impl Masker {
    /// Shows or masks values.
    pub const fn new(values: Values) -> Self {
        Self { values }
    }

    /// How much it shows.
    pub const fn values(self) -> Values {
        self.values
    }

    /// The message as one visible line.
    pub fn message(self, message: &Message) -> String {
        let mut out = String::new();
        for part in &message.parts {
            match part {
                Part::Text(text) => escape::push(&mut out, text),
                Part::Cell(cell) => self.push(&mut out, cell, Form::Long),
            }
        }
        out
    }

    /// The cell as visible text.
    pub fn cell(self, cell: &Cell) -> String {
        let mut out = String::new();
        self.push(&mut out, cell, Form::Long);
        out
    }

    /// Appends the cell as a part of a longer line, as short as possible.
    pub fn push_piece(self, out: &mut String, cell: &Cell) {
        self.push(out, cell, Form::Short);
    }

    fn push(self, out: &mut String, cell: &Cell, form: Form) {
        match (cell.privacy(), self.values) {
            (Privacy::Public, _) | (_, Values::Show) => escape::push_bytes(out, cell.expose()),
            (Privacy::Private(content), Values::Mask) => match content {
                Content::Identifier | Content::Date | Content::Category => {
                    escape::push(out, &shape(cell.expose()));
                }
                Content::Name | Content::Address | Content::FreeText => {
                    out.push_str(length_class(cell.expose(), form));
                }
            },
        }
    }
}

fn shape(bytes: &[u8]) -> String {
    let mut characters = characters(bytes);
    let mut out: String = characters.by_ref().take(SHAPE).map(veil).collect();
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

/// What may replace a character; `None` is a byte that is not UTF-8, which is usually a letter in
/// an older encoding.
fn veil(c: Option<char>) -> char {
    match c {
        Some(c) if c.is_numeric() => '9',
        Some(c) if c.is_uppercase() => 'A',
        Some(c) if c.is_alphabetic() => 'a',
        Some(c) if c.is_ascii() => c,
        _ => '·',
    }
}

fn length_class(bytes: &[u8], form: Form) -> &'static str {
    match (characters(bytes).take(33).count(), form) {
        (0, Form::Long) => "‹empty›",
        (0, Form::Short) => "‹›",
        (1..=8, Form::Long) => "‹1-8 characters›",
        (1..=8, Form::Short) => "‹1-8›",
        (9..=32, Form::Long) => "‹9-32 characters›",
        (9..=32, Form::Short) => "‹9-32›",
        (_, Form::Long) => "‹33 or more characters›",
        (_, Form::Short) => "‹33+›",
    }
}

fn characters(bytes: &[u8]) -> impl Iterator<Item = Option<char>> {
    bytes.utf8_chunks().flat_map(|chunk| {
        chunk.valid().chars().map(Some).chain(chunk.invalid().iter().map(|_| None))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONTENTS: [Content; 6] = [
        Content::Identifier,
        Content::Date,
        Content::Category,
        Content::Name,
        Content::Address,
        Content::FreeText,
    ];

    fn private(bytes: &[u8], content: Content) -> Cell {
        Cell::new(bytes, Privacy::Private(content))
    }

    fn masked(bytes: &[u8], content: Content) -> String {
        Masker::new(Values::Mask).cell(&private(bytes, content))
    }

    #[test]
    fn public_text_is_shown_and_escaped() {
        let cell = Cell::new(b"Student Id\x1b\xe9", Privacy::Public);
        for values in [Values::Show, Values::Mask] {
            assert_eq!(Masker::new(values).cell(&cell), r"Student Id\u{1b}\xE9");
        }
    }

    #[test]
    fn shown_values_are_escaped() {
        for content in CONTENTS {
            let cell = private("Ada\n::x".as_bytes(), content);
            assert_eq!(Masker::new(Values::Show).cell(&cell), r"Ada\n:\u{3a}x");
        }
    }

    #[test]
    fn codes_keep_their_shape() {
        for (bytes, expected) in [
            (&b"00123-Ab"[..], "99999-Aa"),
            (b"13/31/2012", "99/99/9999"),
            (b"1.23E+11", "9.99A+99"),
            (b"\"x\" ", "\"a\" "),
            (b"", ""),
            ("Éß李٣½".as_bytes(), "Aaa99"),
            ("a\u{a0}b–c\u{202e}".as_bytes(), "a·a·a·"),
            (b"Jos\xe9\xff", "Aaa··"),
            (b"a\tb\0", r"a\ta\u{0}"),
            (b"::set-output", r":\u{3a}aaa-aaaaaa"),
            (&[b'7'; 24], "999999999999999999999999"),
            (&[b'7'; 25], "999999999999999999999999…"),
        ] {
            assert_eq!(masked(bytes, Content::Identifier), expected);
        }
    }

    #[test]
    fn prose_keeps_only_its_length_class() {
        for (length, long, short) in [
            (0, "‹empty›", "‹›"),
            (1, "‹1-8 characters›", "‹1-8›"),
            (8, "‹1-8 characters›", "‹1-8›"),
            (9, "‹9-32 characters›", "‹9-32›"),
            (32, "‹9-32 characters›", "‹9-32›"),
            (33, "‹33 or more characters›", "‹33+›"),
            (1000, "‹33 or more characters›", "‹33+›"),
        ] {
            // Characters count, not bytes.
            let text = "é".repeat(length);
            for content in [Content::Name, Content::Address, Content::FreeText] {
                assert_eq!(masked(text.as_bytes(), content), long);
                let mut piece = String::new();
                let masker = Masker::new(Values::Mask);
                masker.push_piece(&mut piece, &private(text.as_bytes(), content));
                assert_eq!(piece, short);
            }
        }
    }

    #[test]
    fn a_message_is_escaped_as_a_whole() {
        let message = Message::from("##").cell(Cell::new(b"[x]:", Privacy::Public)).text(":");
        assert_eq!(Masker::new(Values::Mask).message(&message), r"##\u{5b}x]:\u{3a}");
        assert_eq!(Masker::new(Values::Mask).message(&Message::default()), "");
    }

    proptest! {
        #[test]
        fn no_letter_or_digit_survives(text in "\\PC*") {
            let shape = shape(text.as_bytes());
            prop_assert!(shape.chars().all(|c| !c.is_alphanumeric() || "9aA".contains(c)));
            prop_assert!(shape.chars().count() <= SHAPE + 1);
        }

        #[test]
        fn values_of_one_shape_are_masked_alike(a in "[0-9]{3}[a-z]{2}", b in "[0-9]{3}[a-z]{2}") {
            for content in CONTENTS {
                prop_assert_eq!(masked(a.as_bytes(), content), masked(b.as_bytes(), content));
            }
        }
    }
}
