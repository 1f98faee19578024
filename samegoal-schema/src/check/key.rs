//! Keys: what identifies a record, once in a file; and references to the keys of another file.

use crate::blank::{is_blank, trim};
use crate::finding::{Location, Message, Related, Sink};
use crate::keys::{First, KeyIndex};
use crate::model::Reference;
use crate::rule::rules;
use crate::sheet::{Row, Sheet};

rules! {
    /// The key of a record is that of an earlier record of the file.
    ///
    /// ## Why it matters
    ///
    /// A `Student Id` stands for one student. Of two records with the same one at most one is loaded,
    /// and which one is not published.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,Ada,...                  wrong: a record for each enrollment
    /// 1001,Okafor,Ada,...
    ///
    /// 1001,Okafor,Ada,...                  right: one record a student
    /// ```
    ///
    /// ## How to mend it
    ///
    /// The export joins to a table with several rows a student: enrollments, addresses, races. Pick
    /// one of them in the query, for example the current enrollment, instead of all. If two students
    /// really share an id, mend it in the student information system.
    DUPLICATE = "key/duplicate", Error, RecordLost;

    /// A record refers to a student who is not in students.csv.
    ///
    /// ## Why it matters
    ///
    /// A guardian is loaded with the student and never without: a record whose `Student Id` is not in
    /// the students.csv of the same delivery is not loaded.
    ///
    /// ## Example
    ///
    /// ```text
    /// students.csv     1001                wrong: 1002 is nobody's
    /// guardians.csv    1002
    ///
    /// students.csv     1001                right
    /// guardians.csv    1001
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Select both files by the same rule: guardians of the students that are exported, and of no
    /// others. If the ids look alike, compare them letter for letter: leading zeros are easily lost,
    /// and an internal id is not the student's number.
    UNKNOWN_STUDENT = "link/unknown-student", Error, RecordLost;
}

/// Judges the key of one file.
pub(crate) struct KeyCheck {
    position: usize,
    pub(crate) index: KeyIndex,
}

impl KeyCheck {
    pub(crate) fn new(position: usize) -> Self {
        Self { position, index: KeyIndex::default() }
    }

    /// Judges the key of a record that has the header's width.
    pub(crate) fn record(&mut self, sheet: &Sheet<'_>, row: &Row<'_>, sink: &mut dyn Sink) {
        let Some(field) = row.record.field(self.position) else { return };
        let value = field.value();
        let key = trim(&value);
        if is_blank(key) {
            return;
        }
        let place = row.record.place(field.range());
        let column = u32::try_from(place.column).unwrap_or(u32::MAX);
        let Some(first) = self.index.insert(key, First { line: place.line, column }) else {
            return;
        };
        sheet.at_field(sink, &DUPLICATE, false, row, self.position, |finding| {
            let name = sheet
                .known()
                .find(|(index, _)| *index == self.position)
                .map_or("the key".into(), |(_, spec)| spec.name.clone());
            finding
                .message(
                    Message::from("`")
                        .text(name)
                        .text("` is `")
                        .cell(sheet.cell(self.position, key))
                        .text(format!("`, as it is on line {} already", first.line)),
                )
                .label("a second record with this key")
                .help(
                    "SameGoal keeps one record a key. Look for a join in the export that brings \
                     several rows a student, such as enrollments or addresses.",
                )
                .related(Related {
                    file: None,
                    location: Some(Location {
                        line: first.line,
                        column: u64::from(first.column),
                        ..Location::default()
                    }),
                    message: "the first record with this key".into(),
                })
        });
    }

    /// Remembers what may be the key of a record that cannot be judged.
    pub(crate) fn excuse(&mut self, row: &Row<'_>) {
        for field in row.record.fields() {
            let value = field.value();
            // What a wrong quote joined may hold the key as one of its pieces.
            for piece in value.split(|byte| matches!(byte, b',' | b'\n' | b'\r' | b'"')) {
                self.index.excuse(trim(piece));
            }
        }
    }
}

/// Judges the references of one column.
pub(crate) struct LinkCheck<'s, 'k> {
    position: usize,
    reference: &'s Reference,
    index: &'k KeyIndex,
}

impl<'s, 'k> LinkCheck<'s, 'k> {
    pub(crate) fn new(position: usize, reference: &'s Reference, index: &'k KeyIndex) -> Self {
        Self { position, reference, index }
    }

    /// Judges the reference of a record that has the header's width.
    pub(crate) fn record(&self, sheet: &Sheet<'_>, row: &Row<'_>, sink: &mut dyn Sink) {
        let Some(field) = row.record.field(self.position) else { return };
        let value = field.value();
        let key = trim(&value);
        if is_blank(key) || self.index.covers(key) {
            return;
        }
        sheet.at_field(sink, &UNKNOWN_STUDENT, false, row, self.position, |finding| {
            let Reference { file, column, .. } = self.reference;
            finding
                .message(
                    Message::from("no record of ")
                        .text(file.clone())
                        .text(" has the ")
                        .text(format!("`{column}` `"))
                        .cell(sheet.cell(self.position, key))
                        .text("`"),
                )
                .label("no such student")
                .help(
                    "SameGoal does not load a record whose student is not in the same delivery. \
                     Select both files by the same rule, and compare the ids letter for letter: \
                     leading zeros are easily lost.",
                )
                .related(Related {
                    file: Some(file.clone()),
                    location: None,
                    message: Message::from("the ids were read from here"),
                })
        });
    }
}
