//! The known names of a file's columns, and which of them a header resembles.

use std::collections::HashMap;

use super::difference::Difference;
use super::reading::{self, LONGEST, Scope, readings};
use super::typing::Words;
use crate::schema::{ColumnSpec, Completeness, FileSpec};
use crate::text::lookalike;

/// That a header resembles a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resemblance {
    pub(super) difference: Difference,
    /// The column, as an index in the published order.
    pub(super) column: usize,
    /// The key column that the header is easily confused with, if it has another system's name for
    /// the internal key.
    pub(super) internal_for: Option<usize>,
}

/// All known names of a file's columns.
pub(super) struct Names<'s> {
    spec: &'s FileSpec,
    by_key: HashMap<String, Vec<Name<'s>>>,
    /// The names, and their published spellings, that a mistyped header may be meant for.
    words: Vec<(Words, usize)>,
}

#[derive(Clone, Copy)]
struct Name<'s> {
    text: &'s str,
    /// `None` for the name itself and its published spellings.
    difference: Option<Difference>,
    column: usize,
}

impl<'s> Names<'s> {
    pub(super) fn new(spec: &'s FileSpec) -> Self {
        let mut names = Self { spec, by_key: HashMap::new(), words: Vec::new() };
        for (column, known) in spec.columns().enumerate() {
            for text in std::iter::once(&known.name).chain(&known.spellings) {
                names.words.push((Words::of(text), column));
                names.add(Name { text, difference: None, column });
            }
            for (others, difference) in [
                (&known.former_names, Difference::FormerName),
                (&known.synonyms, Difference::Synonym),
                (&known.doubtful, Difference::Doubtful),
            ] {
                for text in others {
                    names.add(Name { text, difference: Some(difference), column });
                }
            }
        }
        names
    }

    fn add(&mut self, name: Name<'s>) {
        let names = self.by_key.entry(reading::key(name.text)).or_default();
        if !names.iter().any(|known| known.column == name.column) {
            names.push(name);
        }
    }

    /// The columns that a header resembles, free or not: a header that means a column that is
    /// already there must not be taken as another one.
    pub(super) fn resemblances(&self, header: &str) -> Vec<Resemblance> {
        for reading in readings(header) {
            let Some(names) = self.by_key.get(&reading.name) else { continue };
            let found: Vec<Resemblance> = names
                .iter()
                .filter_map(|name| self.resemblance(header, name, reading.scope))
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
        self.misspelled(header)
    }

    fn resemblance(&self, header: &str, name: &Name<'_>, scope: Scope) -> Option<Resemblance> {
        let (_, column) = self.spec.columns.get_index(name.column)?;
        let difference = match name.difference {
            None if scope == Scope::Whole => written(header, name.text),
            None => Difference::Synonym,
            Some(difference) => difference,
        };
        let is_meant = match difference {
            // Such a name rarely stands for a column that is not required.
            Difference::Doubtful => {
                column.presence.is_demanded() && matches!(scope, Scope::Whole | Scope::Any)
            }
            difference => difference.is_same_name() || self.is_guessed(column),
        };
        let internal_for = match (difference, &column.internal_for) {
            (Difference::Synonym, Some(key)) => self.spec.columns.get_index_of(key),
            _ => None,
        };
        (is_meant && scope.has(column)).then_some(Resemblance {
            difference,
            column: name.column,
            internal_for,
        })
    }

    /// The columns that a mistyped header is closest to.
    fn misspelled(&self, header: &str) -> Vec<Resemblance> {
        if header.len() > LONGEST {
            return Vec::new();
        }
        let header = Words::of(header);
        let near = |(words, column): &(Words, usize)| {
            let difference = Difference::Spelling(header.errors(words)?);
            Some(Resemblance { difference, column: *column, internal_for: None })
        };
        let mut found: Vec<Resemblance> = self.words.iter().filter_map(near).collect();
        if let Some(nearest) = found.iter().map(|found| found.difference).min() {
            found.retain(|found| {
                let column = self.spec.columns.get_index(found.column);
                found.difference == nearest
                    && column.is_some_and(|(_, column)| self.is_guessed(column))
            });
        }
        found
    }

    /// Whether a header may be taken as a column with an entirely different name.
    fn is_guessed(&self, column: &ColumnSpec) -> bool {
        self.spec.completeness == Completeness::Complete || column.presence.is_demanded()
    }
}

/// How a header differs from a name with the same normal form.
fn written(header: &str, name: &str) -> Difference {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let visible = lookalike::visible(header);
    if reading::has_misread_mark(header) {
        Difference::MisreadMark
    } else if header.trim() == name {
        Difference::Padding
    } else if visible == name {
        Difference::Invisible
    } else if visible.to_lowercase() == name.to_lowercase() {
        Difference::Case
    } else if letters(&visible) == letters(name) {
        Difference::Separators
    } else {
        Difference::LookAlike
    }
}
