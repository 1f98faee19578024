//! The piece of a line that is shown with a finding.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use samegoal_schema::{Excerpt, Location};
use unicode_width::UnicodeWidthChar;

use samegoal_schema::finding::{Line, Masker};

/// A piece of a line that may be seen, and where it stands.
#[derive(Debug)]
pub(super) struct Snippet {
    name: String,
    text: String,
    /// The bytes of `text` that the finding is about: from, to (exclusive).
    mark: (usize, usize),
    cut: (bool, bool),
    /// The place, from 0.
    row: usize,
    column: usize,
}

impl Snippet {
    pub(super) fn new(
        name: String,
        location: &Location,
        excerpt: &Excerpt,
        masker: Masker,
    ) -> Self {
        let Line { text, mark } = masker.line(excerpt);
        let column = if masker.shows_columns_of(location) {
            location.column
        } else {
            // The column in the masked line.
            let skipped = excerpt.skipped * "‹…›,".chars().count() as u64;
            let before = text.get(..mark.start).unwrap_or_default();
            skipped + before.chars().count() as u64 + 1
        };
        let index = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        Self {
            name,
            text,
            mark: (mark.start, mark.end),
            cut: excerpt.cut,
            // miette adds one.
            row: index(location.line).min(usize::MAX - 1),
            column: index(column).min(usize::MAX - 1),
        }
    }

    /// Trims the text to a terminal of that width. The mark stays in sight, with as much of
    /// the `label` below it as there is room for.
    pub(super) fn fitted(mut self, width: usize, label: &str, ellipsis: &str) -> Self {
        const AFTER: usize = 12;
        const LEAST: usize = 20;
        let gutter = (self.row + 1).to_string().len() + " ".len() + " │ ".chars().count();
        let room = width.saturating_sub(gutter).max(LEAST);
        let dots = width_of(ellipsis);
        let part = |from, to| self.text.get(from..to).unwrap_or_default();

        let before = width_of(part(0, self.mark.0));
        let marked = width_of(part(self.mark.0, self.mark.1));
        let after = width_of(part(self.mark.1, self.text.len())).min(AFTER);
        let below = marked / 2 + "╰── ".chars().count() + width_of(label);
        let wanted = before + (marked + after).max(below) + dots;
        let skipped = match wanted.saturating_sub(room) {
            0 => 0,
            // The ellipsis takes room, too.
            over => (over + dots).min(before),
        };
        let from = byte_at(&self.text, skipped, Rounding::Up);
        let lead = if from > 0 || self.cut.0 { ellipsis } else { "" };
        let rest = part(from, self.text.len());
        let room = room.saturating_sub(width_of(lead));
        let whole = width_of(rest) + if self.cut.1 { dots } else { 0 } <= room;
        let kept = if whole {
            rest
        } else {
            let end = byte_at(rest, room.saturating_sub(dots), Rounding::Down);
            rest.get(..end).unwrap_or_default()
        };
        let tail = if whole && !self.cut.1 { "" } else { ellipsis };

        let moved = |byte: usize| byte.saturating_sub(from).min(kept.len()) + lead.len();
        let mark = (moved(self.mark.0), moved(self.mark.1));
        let mut text = [lead, kept, tail].concat();
        if mark.0 == text.len() {
            // miette draws no label beyond the last character.
            text.push(' ');
        }
        self.mark = mark;
        self.text = text;
        self
    }

    /// The text before what the finding is about, that, and the text after it.
    pub(super) fn parts(&self) -> [&str; 3] {
        let (from, to) = self.mark;
        [0..from, from..to, to..self.text.len()].map(|part| self.text.get(part).unwrap_or_default())
    }

    /// The bytes of the source that the finding is about.
    pub(super) fn mark(&self) -> SourceSpan {
        SourceSpan::new(self.mark.0.into(), self.mark.1 - self.mark.0)
    }
}

fn width_of(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

#[derive(Clone, Copy)]
enum Rounding {
    Up,
    Down,
}

/// The byte at which the text has been `width` columns wide, or its end.
fn byte_at(text: &str, width: usize, rounding: Rounding) -> usize {
    let mut passed = 0;
    for (byte, c) in text.char_indices() {
        let next = passed + c.width().unwrap_or(0);
        match rounding {
            Rounding::Up if passed >= width => return byte,
            Rounding::Down if next > width => return byte,
            _ => passed = next,
        }
    }
    text.len()
}

/// The whole snippet, whatever part of it is asked for: it is one line.
impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            SourceSpan::new(0.into(), self.text.len()),
            self.row,
            self.column,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::sample::{at, line, public};
    use samegoal_schema::finding::Values;

    fn fitted(fields: &[&str], marked: usize, width: usize, label: &str) -> (String, String) {
        let excerpt = line(fields, marked);
        let snippet = Snippet::new("x".into(), &at(1, 1), &excerpt, Masker::new(Values::Show))
            .fitted(width, label, "…");
        let mark = snippet.text.get(snippet.mark.0..snippet.mark.1).unwrap().to_owned();
        (snippet.text, mark)
    }

    fn both(text: &str, mark: &str) -> (String, String) {
        (text.into(), mark.into())
    }

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(fitted(&["a", "b", "c"], 1, 40, "here"), both("a,b,c", "b"));
    }

    #[test]
    fn a_long_line_keeps_its_start_if_it_can() {
        let x = "x".repeat(50);
        let expected = format!("a,DOB,{}…", "x".repeat(28));
        assert_eq!(fitted(&["a", "DOB", &x], 1, 40, "here"), both(&expected, "DOB"));
    }

    #[test]
    fn a_mark_at_the_right_is_brought_into_sight_with_its_label() {
        let x = "x".repeat(50);
        let (text, mark) = fitted(&[&x, "DOB"], 1, 40, "here");
        assert_eq!((width_of(&text), mark.as_str()), (28, "DOB"));
        assert!(text.starts_with("…x") && text.ends_with("x,DOB"), "{text}");
        let (text, mark) = fitted(&[&x, "DOB", &x], 1, 40, &"long ".repeat(20));
        assert_eq!((width_of(&text), mark.as_str()), (35, "DOB"));
        assert!(text.starts_with("…DOB,x"), "{text}");
    }

    #[test]
    fn a_mark_that_is_too_long_is_cut() {
        let (text, mark) = fitted(&["a", &"x".repeat(500)], 1, 40, "here");
        assert_eq!(text, format!("…{}…", "x".repeat(33)));
        assert_eq!(mark, "x".repeat(33));
    }

    #[test]
    fn wide_characters_count_twice() {
        let (text, mark) = fitted(&["a", &"李".repeat(50), "b"], 2, 40, "");
        assert_eq!(mark, "b");
        assert!(width_of(&text) <= 35, "{text}");
    }

    #[test]
    fn the_end_of_a_line_can_be_marked() {
        let (text, mark) = fitted(&["a", ""], 1, 40, "here");
        assert_eq!((text.as_str(), mark.as_str()), ("a, ", ""));
    }

    proptest! {
        #[test]
        fn any_snippet_fits_and_has_its_mark_within(
            pieces in prop::collection::vec(".{0,40}", 0..8),
            marked in (0_usize..9, 0_usize..9),
            cut in any::<(bool, bool)>(),
            width in 0_usize..120,
            label in ".{0,60}",
        ) {
            let pieces = pieces.iter().map(|piece| public(piece)).collect();
            let excerpt = Excerpt { pieces, skipped: 0, marked, cut };
            let snippet =
                Snippet::new("x".into(), &at(12, 1), &excerpt, Masker::new(Values::Show))
                    .fitted(width, &label, "…");
            let (from, to) = snippet.mark;
            prop_assert!(snippet.text.get(from..to).is_some());
            prop_assert!(from < snippet.text.len());
            // One blank may have been added for the mark.
            prop_assert!(width_of(&snippet.text) <= width.saturating_sub(6).max(20) + 1);
        }
    }
}
