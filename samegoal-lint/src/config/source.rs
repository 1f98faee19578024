//! The text of a configuration, and where in it something is said.

use std::ops::Range;

use samegoal_schema::{Cell, Excerpt, Location, Privacy};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The most characters of a line that are shown before and after a place.
const AROUND: usize = 120;

/// A configuration as text.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) text: String,
}

/// A step on the way to a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// Into a table.
    Key(&'a str),
    /// Into an array.
    Index(usize),
}

impl Source {
    /// The bytes of what lies at the end of the way: a key with what belongs to it is found by its
    /// key. Where the way ends early, it is the last thing that is there.
    pub(super) fn find(&self, way: &[Step<'_>]) -> Range<usize> {
        self.walk(way).0
    }

    /// The bytes of the value at the end of the way, if the way does not end early.
    pub(super) fn value(&self, way: &[Step<'_>]) -> Option<Range<usize>> {
        self.walk(way).1
    }

    fn walk(&self, way: &[Step<'_>]) -> (Range<usize>, Option<Range<usize>>) {
        let Ok(document) = DeTable::parse(&self.text) else { return (0..0, None) };
        let mut found = 0..0;
        let mut last = None;
        let mut here = Here::Table(document.get_ref());
        for step in way {
            let next = match (here, step) {
                (Here::Table(table), Step::Key(name)) => table
                    .iter()
                    .find(|(key, _)| key.get_ref() == name)
                    .map(|(key, value)| (key.span(), value)),
                (Here::Array(array), Step::Index(index)) => {
                    array.get(*index).map(|value| (value.span(), value))
                }
                _ => None,
            };
            let Some((span, value)) = next else { return (found, None) };
            found = span;
            last = Some(value.span());
            here = match value.get_ref() {
                DeValue::Table(table) => Here::Table(table),
                DeValue::Array(array) => Here::Array(array),
                _ => Here::Leaf,
            };
        }
        (found, last)
    }

    /// The place of some bytes.
    pub(super) fn location(&self, range: &Range<usize>) -> Location {
        let start = self.boundary(range.start);
        let before = self.text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = characters(before.get(line_start..).unwrap_or_default()) + 1;
        let marked = self.marked(start, range.end);
        Location {
            line: before.matches('\n').count() as u64 + 1,
            column,
            end_column: column + characters(marked).max(1),
            byte_offset: start as u64,
            is_public: self.is_toml(),
            ..Location::default()
        }
    }

    /// Whether it is TOML. If not, it may be anything, even a file with personal data.
    fn is_toml(&self) -> bool {
        DeTable::parse(&self.text).is_ok()
    }

    /// The line around some bytes. It is the district's own file, and names no person.
    pub(super) fn excerpt(&self, range: &Range<usize>) -> Excerpt {
        let start = self.boundary(range.start);
        let before = self.text.get(..start).unwrap_or_default();
        let before = before.rsplit('\n').next().unwrap_or_default();
        let marked = self.marked(start, range.end);
        let after = self.text.get(start + marked.len()..).unwrap_or_default();
        let after = after.lines().next().unwrap_or_default();
        let skipped = before.chars().count().saturating_sub(AROUND);
        let shown_before: String = before.chars().skip(skipped).collect();
        let shown_marked: String = marked.chars().take(AROUND).collect();
        let shown_after: String = after.chars().take(AROUND).collect();
        let is_cut = shown_after.len() < after.len() || shown_marked.len() < marked.len();
        let pieces = [&shown_before, &shown_marked, &shown_after];
        Excerpt {
            pieces: pieces.map(|text| Cell::new(text.as_bytes(), Privacy::Public)).into(),
            skipped: 0,
            marked: (1, 2),
            cut: (skipped > 0, is_cut),
        }
    }

    /// What is marked of the line.
    fn marked(&self, start: usize, end: usize) -> &str {
        let marked = self.text.get(start..self.boundary(end).max(start)).unwrap_or_default();
        marked.lines().next().unwrap_or_default()
    }

    /// The byte, or the first before it that begins a character.
    fn boundary(&self, byte: usize) -> usize {
        self.text.floor_char_boundary(byte)
    }
}

fn characters(text: &str) -> u64 {
    text.chars().count() as u64
}

enum Here<'a, 'i> {
    Table(&'a DeTable<'i>),
    Array(&'a [Spanned<DeValue<'i>>]),
    Leaf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_to_a_place() {
        let source = Source {
            text: "buildings = [\"Élan\", \"B\"]\n\n[files.\"users.csv\".columns]\nName = { key = true }\n\
                   [[accept]]\nrule = 1\n[[accept]]\nrule = 2\n"
                .to_owned(),
        };
        for (way, expected) in [
            (&[Step::Key("buildings"), Step::Index(1)][..], (1, 22)),
            (&[Step::Key("files"), Step::Key("users.csv")], (3, 8)),
            (&[Step::Key("files"), Step::Key("users.csv"), Step::Key("complete")], (3, 8)),
            (
                &[
                    Step::Key("files"),
                    Step::Key("users.csv"),
                    Step::Key("columns"),
                    Step::Key("Name"),
                    Step::Key("key"),
                ],
                (4, 10),
            ),
            (&[Step::Key("accept"), Step::Index(1), Step::Key("rule")], (8, 1)),
            (&[Step::Key("nothing")], (1, 1)),
        ] {
            let place = source.location(&source.find(way));
            assert_eq!((place.line, place.column), expected, "{way:?}");
        }
    }

    #[test]
    fn a_long_line_is_shown_in_part() {
        let text = format!("buildings = [{}, 7, {}]", "'x', ".repeat(90), "'y', ".repeat(90));
        let at = text.find('7').unwrap();
        let excerpt = Source { text }.excerpt(&(at..at + 1));
        assert_eq!(
            excerpt.pieces.iter().map(|it| it.expose().len()).collect::<Vec<_>>(),
            [120, 1, 120]
        );
        assert_eq!(excerpt.cut, (true, true));
    }
}
