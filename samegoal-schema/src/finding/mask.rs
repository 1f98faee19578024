//! Decides how much of a cell to show. Only this module looks into a [`Cell`].
//!
//! What shows of a masked value depends only on its column, never on what the value looks like. The
//! id or date that a finding is about shows its shape, `‹99/99/9999›`; everything else shows as
//! `‹…›`. The shape of a value from a short list is as good as the value. Nothing is hashed: a
//! district has only a few thousand ids, so hashes would give them away.

use std::ops::Range;

use super::cell::{Cell, Privacy};
use super::finding::{Excerpt, Location};
use super::message::{Message, Part};
use crate::schema::Content;
use crate::text::escape;

/// How much of the values to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// The values as they are.
    Show,
    /// At most their shape.
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
/// assert_eq!(Masker::new(Values::Mask).message(&message), "no such date: `‹99/99/9999›`");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Masker {
    values: Values,
}

/// A line of a file as it may be shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text.
    pub text: String,
    /// The bytes of the text that the finding is about.
    pub mark: Range<usize>,
}

/// The longest shape of a value, in characters.
const SHAPE: usize = 24;

/// What a value shows as that shows nothing.
const HIDDEN: &str = "‹…›";

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
        self.push_message(&mut out, message);
        out
    }

    fn push_message(self, out: &mut String, message: &Message) {
        for part in &message.parts {
            match part {
                Part::Text(text) => escape::push(out, text),
                Part::Cell(cell) => self.push(out, cell),
                Part::Hint { shown, masked } => match self.values {
                    Values::Show => self.push_message(out, shown),
                    Values::Mask => escape::push(out, masked),
                },
            }
        }
    }

    /// The cell as visible text.
    pub fn cell(self, cell: &Cell) -> String {
        let mut out = String::new();
        self.push(&mut out, cell);
        out
    }

    /// Appends the cell to a line of cells that no finding is about.
    pub fn push_neighbor(self, out: &mut String, cell: &Cell) {
        if self.hides(cell) { out.push_str(HIDDEN) } else { self.push(out, cell) }
    }

    /// Whether the columns and the byte offset of a place may be shown. Its line and its cell
    /// always may.
    pub fn shows_columns_of(self, place: &Location) -> bool {
        self.values == Values::Show || place.is_public
    }

    /// The line of an excerpt. Masked, a field is one piece, however little of it is marked.
    pub fn line(self, excerpt: &Excerpt) -> Line {
        let pieces = &excerpt.pieces;
        let marked = excerpt.marked.0..excerpt.marked.1;
        let (mut text, mut from, mut to) = (String::new(), None, None);
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            // What is left of the field, as far as it is masked.
            let rest = pieces.get(at..).unwrap_or_default();
            let length = rest.iter().take_while(|piece| self.hides(piece)).count().max(1);
            let field = at..at + length;
            let is_marked = field.start < marked.end && marked.start < field.end;
            if is_marked || field.start == marked.start {
                from = from.or(Some(text.len()));
            }
            let is_all = field.start <= marked.start && marked.end <= field.end;
            match rest.get(..length).filter(|_| self.hides(piece)) {
                Some(field) if is_marked && is_all => push_masked(&mut text, field),
                Some(_) => text.push_str(HIDDEN),
                None => self.push(&mut text, piece),
            }
            if is_marked {
                to = Some(text.len());
            }
            at = field.end;
        }
        let from = from.unwrap_or(text.len());
        Line { mark: from..to.unwrap_or(from), text }
    }

    fn hides(self, cell: &Cell) -> bool {
        self.values == Values::Mask && cell.privacy() != Privacy::Public
    }

    /// Appends the cell as visible text.
    pub fn push(self, out: &mut String, cell: &Cell) {
        if self.hides(cell) {
            push_masked(out, std::slice::from_ref(cell));
        } else {
            escape::push_bytes(out, cell.expose());
        }
    }
}

/// Appends what shows of the pieces of a value that a finding is about.
fn push_masked(out: &mut String, pieces: &[Cell]) {
    let has_shape = |piece: &Cell| {
        matches!(piece.privacy(), Privacy::Private(Content::Identifier | Content::Date))
    };
    if pieces.iter().all(has_shape) {
        let bytes: Vec<u8> = pieces.iter().flat_map(Cell::expose).copied().collect();
        out.push('‹');
        escape::push(out, &shape(&bytes));
        out.push('›');
    } else {
        out.push_str(HIDDEN);
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
            assert_eq!(masked(bytes, Content::Identifier), format!("‹{expected}›"));
        }
    }

    #[test]
    fn what_shows_depends_on_the_column_alone() {
        for value in ["", "F", "Female", "DROPPED_OUT", "12 Oak St", "é", &"x".repeat(1000)] {
            for content in [Content::Category, Content::Name, Content::Address, Content::FreeText] {
                assert_eq!(masked(value.as_bytes(), content), "‹…›");
            }
        }
    }

    #[test]
    fn a_hint_says_what_may_be_said() {
        let cell = private(b"Femal", Content::Category);
        let shown = Message::from("; `").cell(cell).text("` looks like `F`");
        let message = Message::from("not allowed").hint(shown, ", like others");
        assert_eq!(Masker::new(Values::Mask).message(&message), "not allowed, like others");
        let shown = "not allowed; `Femal` looks like `F`";
        assert_eq!(Masker::new(Values::Show).message(&message), shown);
    }

    #[test]
    fn a_line_shows_only_what_is_marked() {
        let id = |bytes: &[u8]| private(bytes, Content::Identifier);
        let name = |bytes: &[u8]| private(bytes, Content::Name);
        let comma = || Cell::new(b",", Privacy::Public);
        let line = |pieces: &[Cell], marked: (usize, usize)| {
            let excerpt =
                Excerpt { pieces: pieces.into(), skipped: 0, marked, cut: (false, false) };
            [Values::Mask, Values::Show].map(|values| {
                let Line { text, mark } = Masker::new(values).line(&excerpt);
                let [before, marked, after] = [0..mark.start, mark.clone(), mark.end..text.len()]
                    .map(|it| text.get(it).unwrap());
                format!("{before}[{marked}]{after}")
            })
        };
        for (pieces, marked, masked, shown) in [
            // The whole field, with its shape.
            (
                vec![id(b"10-1"), comma(), name(b"Ada"), comma(), id(b"7")],
                (0, 1),
                "[‹99-9›],‹…›,‹…›",
                "[10-1],Ada,7",
            ),
            // A part of one: neither where it is nor how much shows.
            (
                vec![id(b"7"), comma(), name(b"J"), name(b"\""), name(b"o"), comma(), name(b"")],
                (3, 4),
                "‹…›,[‹…›],‹…›",
                "7,J[\"]o,",
            ),
            (vec![id(b"1"), id(b" "), id(b"2")], (1, 2), "[‹9 9›]", "1[ ]2"),
            // An empty field.
            (vec![id(b"7"), comma(), name(b""), comma()], (2, 3), "‹…›,[‹…›],", "7,[],"),
            // The record: none of its values more than the others.
            (vec![id(b"7"), comma(), name(b"Ada")], (0, 3), "[‹…›,‹…›]", "[7,Ada]"),
            // Before it, and after it.
            (vec![id(b"7"), comma(), name(b"Ada")], (0, 0), "[]‹…›,‹…›", "[]7,Ada"),
            (vec![id(b"7"), comma(), name(b"Ada")], (3, 3), "‹…›,‹…›[]", "7,Ada[]"),
        ] {
            assert_eq!(line(&pieces, marked), [masked, shown], "{shown}");
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
