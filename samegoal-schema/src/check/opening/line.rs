//! The first physical lines of a file.

use std::borrow::Cow;
use std::iter;

use crate::check::printed;
use crate::csv::Scanner;
use crate::csv::field::line_end;
use crate::text::whitespace::is_whitespace;

/// How many lines are examined.
const MOST: usize = 20;

pub(super) struct Line {
    /// Where it starts, and where the next one starts.
    pub(super) start: usize,
    pub(super) next: usize,
    /// The whole line, without the quotes and commas around it.
    pub(super) text: String,
    pub(super) cells: Vec<Cow<'static, [u8]>>,
    /// Whether its quotes are unbalanced; true also for one line of a longer record.
    pub(super) is_torn: bool,
}

impl Line {
    fn new(bytes: &[u8], start: usize, next: usize) -> Self {
        let text = printed::text(bytes).into_owned();
        let mut scanner = Scanner::with_read_size(bytes, bytes.len());
        // Reading from a slice never fails.
        let record = scanner.read_record().ok().flatten();
        let is_torn = record.is_some_and(|record| !record.faults().is_empty());
        let owned = |value: Cow<'_, [u8]>| Cow::Owned(value.into_owned());
        let fields = record.into_iter().flat_map(|record| record.fields());
        let cells = fields.map(|field| owned(field.value())).collect();
        Self { start, next, text, cells, is_torn }
    }

    /// How many cells are not empty.
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !is_whitespace(cell)).count()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.filled() == 0
    }
}

/// The first lines of a text. If the text ends within the last one, that line counts only if
/// `is_all`.
pub(super) fn lines(text: &[u8], is_all: bool) -> impl Iterator<Item = Line> {
    let mut at = 0;
    let next_line = move || {
        let start = at;
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr2(b'\n', b'\r', rest).or(is_all.then_some(rest.len()))?;
        at = text.len().min(start + end + line_end(rest, end));
        Some(Line::new(rest.get(..end)?, start, at))
    };
    iter::from_fn(next_line).take(MOST)
}
