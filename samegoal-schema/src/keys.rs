//! The keys of a file: which values there are, and where each was first.

use std::collections::{HashMap, HashSet};

use crate::finding::Location;
use crate::scan::Field;
use crate::sheet::Row;

/// How many values from unreadable records are remembered before links are given up.
const MOST_EXCUSED: usize = 100_000;

/// Where a value was first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) line: u64,
    pub(crate) column: u32,
}

impl First {
    /// Where a field of a record is.
    pub(crate) fn of(row: &Row<'_>, field: &Field<'_>) -> Self {
        let place = row.record.place(field.range());
        Self { line: place.line, column: u32::try_from(place.column).unwrap_or(u32::MAX) }
    }

    /// The place, as far as it is remembered.
    pub(crate) fn location(self) -> Location {
        Location { line: self.line, column: self.column.into(), ..Location::default() }
    }
}

/// A key that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// Its number, from 0, in the order of the file.
    pub(crate) number: u32,
    pub(crate) first: First,
}

/// What became of a key that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Insertion {
    New,
    /// It is new, but differs from that one only in case or leading zeros.
    Alike(Key),
    /// It was there before.
    Same(Key),
}

/// What is known of a value that refers to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    To(Key),
    /// It may refer to a record that could not be read.
    Excused,
    /// To none, but there is one that differs only in case or leading zeros.
    Alike(Key),
    Unknown,
}

/// The keys of one column.
#[derive(Default)]
pub(crate) struct KeyIndex {
    keys: HashMap<Box<[u8]>, Key>,
    /// The first key of each folded form, where the key is written otherwise.
    folded: HashMap<Box<[u8]>, Key>,
    /// What may be a key, from records that could not be taken apart.
    excused: HashSet<Box<[u8]>>,
    is_overrun: bool,
}

impl KeyIndex {
    /// Takes a key in.
    pub(crate) fn insert(&mut self, key: &[u8], here: First) -> Insertion {
        if let Some(same) = self.keys.get(key) {
            return Insertion::Same(*same);
        }
        let folded = folded(key);
        let alike = self.alike(key, folded.as_deref());
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let new = Key { number, first: here };
        self.keys.insert(key.into(), new);
        if let Some(folded) = folded {
            self.folded.entry(folded.into()).or_insert(new);
        }
        alike.map_or(Insertion::New, Insertion::Alike)
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Remembers something that may be a key but cannot be relied on.
    pub(crate) fn excuse(&mut self, value: &[u8]) {
        if self.excused.len() >= MOST_EXCUSED {
            self.is_overrun = true;
        } else if !value.is_empty() {
            self.excused.insert(value.into());
        }
    }

    /// Whether too many records were unreadable for links to be judged.
    pub(crate) fn is_overrun(&self) -> bool {
        self.is_overrun
    }

    /// What a value refers to.
    pub(crate) fn find(&self, value: &[u8]) -> Reference {
        if let Some(key) = self.keys.get(value) {
            return Reference::To(*key);
        }
        if self.excused.contains(value) {
            return Reference::Excused;
        }
        self.alike(value, folded(value).as_deref()).map_or(Reference::Unknown, Reference::Alike)
    }

    /// A key of the same folded form; `folded` is that form where it is another than the value.
    fn alike(&self, value: &[u8], folded: Option<&[u8]>) -> Option<Key> {
        match folded {
            Some(folded) => self.keys.get(folded).or_else(|| self.folded.get(folded)),
            None => self.folded.get(value),
        }
        .copied()
    }
}

/// The value in capitals and without leading zeros, if that is another one.
pub(crate) fn folded(value: &[u8]) -> Option<Vec<u8>> {
    let has_zeros = matches!(value, [b'0', _, ..]);
    if !has_zeros && !value.iter().any(u8::is_ascii_lowercase) {
        return None;
    }
    let zeros = value.iter().take_while(|byte| **byte == b'0').count();
    let rest = value.get(zeros.min(value.len().saturating_sub(1))..).unwrap_or_default();
    Some(rest.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(keys: &[&str]) -> KeyIndex {
        let mut index = KeyIndex::default();
        for (line, key) in (2..).zip(keys) {
            index.insert(key.as_bytes(), First { line, column: 1 });
        }
        index
    }

    #[test]
    fn tells_keys_that_are_the_same_from_those_that_are_alike() {
        for (before, key, expected) in [
            (&["1001"][..], "1001", "same 2"),
            (&["1001"], "01001", "alike 2"),
            (&["01001"], "1001", "alike 2"),
            (&["01001"], "001001", "alike 2"),
            (&["a1"], "A1", "alike 2"),
            (&["A1"], "a1", "alike 2"),
            (&["0A1"], "a1", "alike 2"),
            (&["a1", "A1"], "A1", "same 3"),
            (&["0"], "00", "alike 2"),
            (&["1001", "1002"], "10010", "new"),
            (&["1001"], "11", "new"),
            (&["100"], "1", "new"),
        ] {
            let found = match index(before).insert(key.as_bytes(), First::default()) {
                Insertion::New => "new".to_owned(),
                Insertion::Alike(other) => format!("alike {}", other.first.line),
                Insertion::Same(other) => format!("same {}", other.first.line),
            };
            assert_eq!(found, expected, "{key} after {before:?}");
        }
    }

    #[test]
    fn tells_what_a_value_refers_to() {
        let mut index = index(&["1001", "0A2"]);
        index.excuse(b"77");
        assert!(matches!(index.find(b"1001"), Reference::To(Key { number: 0, .. })));
        assert!(matches!(index.find(b"001001"), Reference::Alike(Key { number: 0, .. })));
        assert!(matches!(index.find(b"a2"), Reference::Alike(Key { number: 1, .. })));
        assert_eq!(index.find(b"77"), Reference::Excused);
        assert_eq!(index.find(b"1002"), Reference::Unknown);
        assert_eq!(index.len(), 2);
    }
}
