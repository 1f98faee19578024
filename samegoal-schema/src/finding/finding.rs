//! One defect at one place.

use std::fmt;

use super::cell::Cell;
use super::message::{Message, Part};
use super::rule::{Consequence, Rule, Severity, Variant};
use crate::schema::Text;

/// One defect at one place.
pub struct Finding {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Which of the rule's weights it has.
    pub variant: Variant,
    /// How many values or records it stands for; 1 for most.
    pub count: u64,
    /// How many of these are records of other files, by each file's name in the schema.
    pub elsewhere: Vec<(Text, u64)>,
    /// The name of the fix that cures it in a copy, if there is one.
    pub fix: Option<&'static str>,
    /// Where it is; `None` for the file as a whole.
    pub location: Option<Location>,
    /// What is wrong.
    pub message: Message,
    /// What SameGoal does with it, and how to fix it.
    pub help: Message,
    /// A few words at the place itself, in an excerpt: `rename to ...`.
    pub label: Message,
    /// Second places that the finding depends on.
    pub related: Vec<Related>,
    /// The line where the finding starts, if it helps to see it.
    pub excerpt: Option<Excerpt>,
}

impl Rule {
    /// Starts a finding of this rule, about a whole file.
    pub fn finding(&'static self) -> Finding {
        Finding {
            rule: self,
            variant: Variant::USUAL,
            count: 1,
            elsewhere: Vec::new(),
            fix: None,
            location: None,
            message: Message::default(),
            help: Message::default(),
            label: Message::default(),
            related: Vec::new(),
            excerpt: None,
        }
    }
}

impl Finding {
    /// How many values or records of its own file it stands for.
    pub fn count_here(&self) -> u64 {
        let elsewhere: u64 = self.elsewhere.iter().map(|(_, count)| count).sum();
        self.count.saturating_sub(elsewhere)
    }

    /// Sets what is wrong.
    #[must_use]
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = message.into();
        self
    }

    /// Sets what SameGoal does with it and how to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Message>) -> Self {
        self.help = help.into();
        self
    }

    /// Sets the few words at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<Message>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets the line to show.
    #[must_use]
    pub fn excerpt(mut self, excerpt: Option<Excerpt>) -> Self {
        self.excerpt = excerpt;
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }

    /// Sets which of the rule's weights it has; `true` is that of the first exception.
    #[must_use]
    pub fn variant(mut self, variant: impl Into<Variant>) -> Self {
        self.variant = variant.into();
        self
    }

    /// Sets how many values or records it stands for.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// Names the fix that cures it in a copy.
    #[must_use]
    pub fn fix(mut self, fix: &'static str) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The severity before any configuration.
    pub fn severity(&self) -> Severity {
        self.weight().0
    }

    /// What SameGoal does with it.
    pub fn consequence(&self) -> Consequence {
        self.weight().1
    }

    fn weight(&self) -> (Severity, Consequence) {
        self.rule.weight(self.variant)
    }
}

impl fmt::Debug for Finding {
    /// Shows the rule and the place, never the text: it may contain a cell.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule.name)?;
        match &self.location {
            Some(place) => write!(f, "@{}:{}", place.line, place.column),
            None => Ok(()),
        }
    }
}

/// A place in a file.
#[derive(Clone, Default)]
pub struct Location {
    /// The physical line, from 1; LF, CRLF and a lone CR each end one, also inside quotes.
    pub line: u64,
    /// The character within the physical line, from 1. A byte that is not UTF-8 counts as one
    /// character; a byte-order mark at the start of the file does not count.
    pub column: u64,
    /// One past the last character, on the same line.
    pub end_column: u64,
    /// The byte offset in the file on disk, from 0.
    pub byte_offset: u64,
    /// The record, from 1; 0 is the header; `None` if the place is not in a record.
    pub record: Option<u64>,
    /// The row and column in a spreadsheet that opens the file, both from 1.
    pub cell: Option<(u64, u32)>,
    /// The column's known name, or else its header.
    pub field: Option<Message>,
    /// Whether the columns and the byte offset say nothing about values: a place in the header or
    /// at the start of the file. Behind a value, they would give its length away.
    pub is_public: bool,
}

impl Location {
    /// The start of a file.
    pub(crate) fn start() -> Self {
        Self { line: 1, column: 1, end_column: 1, is_public: true, ..Self::default() }
    }

    /// The name of the column, if it is a known one.
    pub fn known_field(&self) -> Option<&str> {
        match &*self.field.as_ref()?.parts {
            [Part::Text(name)] => Some(name),
            _ => None,
        }
    }

    /// The place as a spreadsheet writes it: `F1043`.
    ///
    /// ```
    /// use samegoal_schema::Location;
    /// let place = Location { cell: Some((1043, 28)), ..Location::default() };
    /// assert_eq!(place.cell_name().as_deref(), Some("AB1043"));
    /// ```
    pub fn cell_name(&self) -> Option<String> {
        let (row, mut column) = self.cell?;
        let mut letters = Vec::new();
        while column > 0 {
            let digit = u8::try_from((column - 1) % 26).unwrap_or_default();
            letters.insert(0, char::from(b'A' + digit));
            column = (column - 1) / 26;
        }
        Some(letters.into_iter().collect::<String>() + &row.to_string())
    }
}

/// A second place that a finding depends on.
pub struct Related {
    /// The API file with the place, if it is not the finding's own.
    pub file: Option<Text>,
    /// Where in that file; `None` for the file as a whole.
    pub location: Option<Location>,
    /// What is there.
    pub message: Message,
}

/// A part of a physical line, to show to people.
#[derive(Clone)]
pub struct Excerpt {
    /// The pieces of the line, in order: one or more for each field, which may be empty, and
    /// the delimiters between them, which are public.
    pub pieces: Vec<Cell>,
    /// How many fields of the line come before the first piece.
    pub skipped: u64,
    /// The pieces that the finding is about: from, to (exclusive).
    pub marked: (usize, usize),
    /// Whether the line continues before the first piece or after the last.
    pub cut: (bool, bool),
}
