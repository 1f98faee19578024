//! Sentences that can contain cells.

use super::cell::Cell;
use crate::schema::Text;

/// A sentence whose parts may come from a file.
#[derive(Clone, Default)]
pub struct Message {
    /// The parts in order.
    pub parts: Vec<Part>,
}

impl Message {
    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Appends the program's own words.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    /// Appends words that would give a value away, and what to say where values are masked.
    #[must_use]
    pub fn hint(mut self, shown: impl Into<Self>, masked: impl Into<Text>) -> Self {
        self.parts.push(Part::Hint { shown: shown.into(), masked: masked.into() });
        self
    }

    /// Appends something from a file.
    #[must_use]
    pub fn cell(mut self, cell: Cell) -> Self {
        self.parts.push(Part::Cell(cell));
        self
    }
}

impl<T: Into<Text>> From<T> for Message {
    fn from(text: T) -> Self {
        Self::default().text(text)
    }
}

/// A part of a [`Message`].
#[derive(Clone)]
pub enum Part {
    /// The program's own words, including published names.
    Text(Text),
    /// Something from a file.
    Cell(Cell),
    /// Words that depend on what a cell contains.
    Hint {
        /// What to say where values are shown.
        shown: Message,
        /// What to say where values are masked.
        masked: Text,
    },
}
