//! References to the keys of another file.

use super::{bare, difference, filled, for_each_piece};
use crate::check::bytes::Spoilt;
use crate::finding::{Message, Related, Sink, report};
use crate::keys::{self, Asks, Key, KeyIndex};
use crate::model::{Reference, Text};
use crate::rule::rules;
use crate::sheet::{Row, Sheet};
use crate::stretch::{Ends, Stretch};
use crate::words::thousands;

rules! {
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

/// Looks at the references of one column, many at a time.
pub(crate) struct LinkLooker<'k> {
    position: usize,
    index: &'k KeyIndex,
    /// Whether it matters who is referred to.
    is_marking: bool,
}

/// What was seen of the references of a stretch.
pub(crate) struct Links {
    /// The records of which there may be something to say, a bit for each.
    pub(crate) doubts: u64,
    /// The numbers of the keys that the others refer to.
    referred: Vec<usize>,
}

impl LinkLooker<'_> {
    /// Looks at the references of a stretch, but for those of the `skipped` records.
    pub(crate) fn look(&self, stretch: &Stretch<'_>, ends: &Ends, skipped: u64) -> Links {
        let asks = Asks::new(&ends.column(stretch, self.position), self.index.asker());
        self.index.expect(&asks);
        let mut links = Links { doubts: 0, referred: Vec::new() };
        let mut last = None;
        for record in 0..stretch.len() {
            let ask = asks.get(record);
            // Most often several records in a row are about one student.
            let is_known = ask.is_some() && ask.map(|ask| ask.key) == last;
            if is_known || skipped >> record & 1 == 1 {
                continue;
            }
            match ask.and_then(|ask| self.index.number_of(ask)) {
                None => links.doubts |= 1 << record,
                Some(number) => {
                    last = ask.map(|ask| ask.key);
                    if self.is_marking {
                        links.referred.push(number);
                    }
                }
            }
        }
        links
    }
}

/// Judges the references of one column.
pub(crate) struct LinkCheck<'s, 'k> {
    position: usize,
    reference: &'s Reference,
    index: &'k KeyIndex,
    /// Which keys were referred to: a bit for each, by number.
    referred: Vec<u64>,
}

impl<'s, 'k> LinkCheck<'s, 'k> {
    pub(crate) fn new(position: usize, reference: &'s Reference, index: &'k KeyIndex) -> Self {
        let words = if reference.expects_each { index.numbers().div_ceil(64) } else { 0 };
        Self { position, reference, index, referred: vec![0; words] }
    }

    /// Who looks at its references.
    pub(crate) fn looker(&self) -> LinkLooker<'k> {
        LinkLooker {
            position: self.position,
            index: self.index,
            is_marking: !self.referred.is_empty(),
        }
    }

    /// Takes in what was seen of the references of a stretch.
    pub(crate) fn absorb(&mut self, links: &Links) {
        links.referred.iter().for_each(|number| self.mark(*number));
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
