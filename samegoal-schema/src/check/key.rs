//! Keys: what identifies a record, once in a file; and references to the keys of another file.

use std::borrow::Cow;
use std::ops::Range;

use crate::blank::trim;
use crate::check::bytes::Spoilt;
use crate::finding::{Message, Related, Sink, report};
use crate::keys::{self, Ask, Expected, First, Insertion, Key, KeyIndex, Packed};
use crate::model::{Reference, Text};
use crate::rule::rules;
use crate::scan::Field;
use crate::sheet::{Row, Sheet};
use crate::stretch::Stretch;
use crate::words::thousands;

#[cfg(test)]
mod tests;

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

    /// The key of a record differs from an earlier one only in case or leading zeros.
    ///
    /// ## Why it matters
    ///
    /// `A17` and `a17`, or `0123` and `123`, are two students to a program that compares letter for
    /// letter, and one to a program that does not. Most often they are one student who was exported
    /// twice, from two systems that write the id differently.
    ///
    /// ## Example
    ///
    /// ```text
    /// 0123,Okafor,Ada                      wrong: most likely the same student
    /// 123,Okafor,Ada
    ///
    /// 0123,Okafor,Ada                      right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Take the id from one system only, as text. If they really are two students, give one of them
    /// another id in the student information system.
    NEAR_DUPLICATE = "key/near-duplicate", Warning, Suspicious;

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

    /// There are students without a guardian.
    ///
    /// ## Why it matters
    ///
    /// guardians.csv is the whole truth for the students beside it. A guardian whom SameGoal has, and
    /// whose record is missing, is deleted. A few students without one may be right: those who are of
    /// age, for example. Many are a sign that the export selects too little.
    ///
    /// ## Example
    ///
    /// ```text
    /// students.csv     1001, 1002          doubtful: who is there for 1002?
    /// guardians.csv    1001
    ///
    /// students.csv     1001, 1002          right
    /// guardians.csv    1001, 1002
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Compare the number with what the student information system says. If it is too high, look at
    /// the filter of the guardians' query: one contact type only, one school only, an end date.
    NO_GUARDIANS = "link/no-guardians", Advice, DataAtRisk;
}

/// Judges the key of one file.
pub(crate) struct KeyCheck {
    position: usize,
    pub(crate) index: KeyIndex,
    expected: Expected,
}

impl KeyCheck {
    pub(crate) fn new(position: usize) -> Self {
        Self { position, index: KeyIndex::default(), expected: Expected::default() }
    }

    /// Tells that these records will be judged next.
    pub(crate) fn expect(&mut self, stretch: &Stretch<'_>) {
        self.expected = self.index.expect(stretch, self.position);
    }

    /// Takes in the keys of expected records, up to the first of which there may be something to say;
    /// answers which one that is.
    pub(crate) fn pass(&mut self, stretch: &Stretch<'_>, mut records: Range<usize>) -> usize {
        let end = records.end;
        let mut is_new = |record: &usize| {
            let key = self.expected.get(*record).zip(stretch.first(*record, self.position));
            key.is_some_and(|(key, here)| self.index.insert_new(key, here))
        };
        records.find(|record| !is_new(record)).unwrap_or(end)
    }

    /// Judges the key of a record that has the header's width.
    pub(crate) fn record(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        spoilt: &Spoilt,
        sink: &mut dyn Sink,
    ) {
        let Some((field, key)) = filled(row, self.position) else { return };
        if spoilt.contains(self.position) {
            self.index.excuse(&bare(&key));
            return;
        }
        match self.index.insert(&key, First::of(row, &field)) {
            Insertion::New => {}
            Insertion::Same(other) => self.duplicate(sheet, row, &key, other, sink),
            Insertion::Alike(other) => self.near_duplicate(sheet, row, &key, other, sink),
        }
    }

    fn duplicate(
        &self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        key: &[u8],
        other: Key,
        sink: &mut dyn Sink,
    ) {
        sheet.at_field(sink, &DUPLICATE, false, row, self.position, |finding| {
            finding
                .message(
                    self.name_and_cell(sheet, key)
                        .text(format!("`, as it is on line {} already", other.first.line)),
                )
                .label("a second record with this key")
                .help(
                    "SameGoal keeps one record a key. Look for a join in the export that brings \
                     several rows a student, such as enrollments or addresses.",
                )
                .related(Related {
                    file: None,
                    location: Some(other.first.location()),
                    message: "the first record with this key".into(),
                })
        });
    }

    fn near_duplicate(
        &self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        key: &[u8],
        other: Key,
        sink: &mut dyn Sink,
    ) {
        sheet.at_field(sink, &NEAR_DUPLICATE, false, row, self.position, |finding| {
            finding
                .message(self.name_and_cell(sheet, key).text(format!(
                    "`, which differs only in {} from the one on line {}",
                    difference(key),
                    other.first.line
                )))
                .label("most likely the same")
                .help(
                    "Two systems seem to write one id in two ways. Take it from one of them, as \
                     text; if they are two students, give one of them another id.",
                )
                .related(Related {
                    file: None,
                    location: Some(other.first.location()),
                    message: "the record with the other key".into(),
                })
        });
    }

    fn name_and_cell(&self, sheet: &Sheet<'_>, key: &[u8]) -> Message {
        let column = sheet.known().find(|(index, _)| *index == self.position);
        Message::from("`")
            .text(column.map_or("the key".into(), |(_, spec)| spec.name.clone()))
            .text("` is `")
            .cell(sheet.cell(self.position, key))
    }

    /// Remembers what may be the key of a record that cannot be judged.
    pub(crate) fn excuse(&mut self, row: &Row<'_>) {
        for_each_piece(row, |piece| self.index.excuse(piece));
    }
}

/// Calls `take` with what may be a value in a record that cannot be judged: what a wrong quote
/// joined may hold it as one of its pieces.
fn for_each_piece(row: &Row<'_>, mut take: impl FnMut(&[u8])) {
    for field in row.record.fields() {
        let value = field.value();
        for piece in value.split(|byte| matches!(byte, b',' | b'\n' | b'\r' | b'"')) {
            take(trim(piece));
        }
    }
}

/// A field and its value without the white space round it, if there is any left.
fn filled<'a>(row: &Row<'a>, position: usize) -> Option<(Field<'a>, Cow<'a, [u8]>)> {
    let field = row.record.field(position)?;
    let value = match field.value() {
        Cow::Borrowed(value) => Cow::Borrowed(trim(value)),
        Cow::Owned(value) => Cow::Owned(trim(&value).to_vec()),
    };
    (!value.is_empty()).then_some((field, value))
}

/// A spoilt key as it was most likely meant: its letters and digits.
fn bare(key: &[u8]) -> Vec<u8> {
    key.iter().copied().filter(u8::is_ascii_alphanumeric).collect()
}

/// In what a key and one that is alike can differ.
fn difference(key: &[u8]) -> &'static str {
    if key.iter().all(u8::is_ascii_digit) { "leading zeros" } else { "case or leading zeros" }
}

/// Judges the references of one column.
pub(crate) struct LinkCheck<'s, 'k> {
    position: usize,
    reference: &'s Reference,
    index: &'k KeyIndex,
    /// Which keys were referred to: a bit for each, by number.
    referred: Vec<u64>,
    /// The last one that was right.
    last: Option<Packed>,
}

impl<'s, 'k> LinkCheck<'s, 'k> {
    pub(crate) fn new(position: usize, reference: &'s Reference, index: &'k KeyIndex) -> Self {
        let words = if reference.expects_each { index.numbers().div_ceil(64) } else { 0 };
        Self { position, reference, index, referred: vec![0; words], last: None }
    }

    /// Looks at the references of records that will be judged next; answers of which there may be
    /// something to say, a bit for each. The others are done.
    pub(crate) fn doubts(&mut self, stretch: &Stretch<'_>) -> u64 {
        let expected = self.index.expect(stretch, self.position);
        (0..stretch.len()).fold(0, |doubts, record| {
            doubts | u64::from(!self.is_right(expected.get(record))) << record
        })
    }

    #[inline]
    fn is_right(&mut self, ask: Option<&Ask>) -> bool {
        // Most often several records in a row are about one student.
        if ask.is_some_and(|ask| self.last == Some(ask.key)) {
            return true;
        }
        let Some((ask, number)) = ask.and_then(|ask| Some((ask, self.index.number_of(ask)?)))
        else {
            return false;
        };
        self.mark(number);
        self.last = Some(ask.key);
        true
    }

    /// Judges the reference of a record that has the header's width.
    pub(crate) fn record(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        spoilt: &Spoilt,
        sink: &mut dyn Sink,
    ) {
        let Some((_, key)) = filled(row, self.position) else { return };
        if spoilt.contains(self.position) {
            self.mark_found(self.index.find(&bare(&key)));
            return;
        }
        let found = self.index.find(&key);
        self.mark_found(found);
        match found {
            keys::Reference::To(_) | keys::Reference::Excused => {}
            keys::Reference::Alike(other) => self.unknown(sheet, row, &key, Some(other), sink),
            keys::Reference::Unknown => self.unknown(sheet, row, &key, None, sink),
        }
    }

    /// Takes what may be references in a record that cannot be judged for references.
    pub(crate) fn excuse(&mut self, row: &Row<'_>) {
        if self.reference.expects_each {
            for_each_piece(row, |piece| self.mark_found(self.index.find(piece)));
        }
    }

    fn mark_found(&mut self, found: keys::Reference) {
        if let keys::Reference::To(key) | keys::Reference::Alike(key) = found {
            self.mark(key.number);
        }
    }

    #[inline]
    fn mark(&mut self, number: usize) {
        if let Some(word) = self.referred.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn unknown(
        &self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        key: &[u8],
        alike: Option<Key>,
        sink: &mut dyn Sink,
    ) {
        sheet.at_field(sink, &UNKNOWN_STUDENT, false, row, self.position, |finding| {
            let Reference { file, column, .. } = self.reference;
            let cell = || sheet.cell(self.position, key);
            let finding = finding
                .message(
                    Message::from("no record of ")
                        .text(file.clone())
                        .text(format!(" has the `{column}` `"))
                        .cell(cell())
                        .text("`"),
                )
                .label("no such student");
            let related = |location, message: Text| Related {
                file: Some(file.clone()),
                location,
                message: message.into(),
            };
            match alike {
                Some(other) => finding
                    .help(
                        Message::from(format!(
                            "SameGoal does not load a record whose student is not in the same \
                             delivery. Line {} of {file} differs from `",
                            other.first.line
                        ))
                        .cell(cell())
                        .text(format!(
                            "` only in {}: take the id from the same column for both files, as text.",
                            difference(key)
                        )),
                    )
                    .related(related(
                        Some(other.first.location()),
                        "most likely the student who is meant".into(),
                    )),
                None => finding
                    .help(
                        "SameGoal does not load a record whose student is not in the same \
                         delivery. Select both files by the same rule, and take the id from the \
                         same column.",
                    )
                    .related(related(None, "the ids were read from here".into())),
            }
        });
    }

    /// Reports how many keys nothing referred to, if each is expected to be.
    pub(crate) fn finish(self, sink: &mut dyn Sink) {
        let all = self.index.len() as u64;
        let referred: u64 = self.referred.iter().map(|word| u64::from(word.count_ones())).sum();
        if !self.reference.expects_each || referred >= all {
            return;
        }
        let file = &self.reference.file;
        report(sink, &NO_GUARDIANS, false, |finding| {
            finding
                .message(format!(
                    "{} of {} students of {file} have no guardian here",
                    thousands(all - referred),
                    thousands(all)
                ))
                .help(
                    "SameGoal deletes the guardians that it has for them, since the file is taken \
                     for the whole truth. Look whether the query leaves guardians out.",
                )
                .related(Related {
                    file: Some(file.clone()),
                    location: None,
                    message: "the students were read from here".into(),
                })
        });
    }
}
