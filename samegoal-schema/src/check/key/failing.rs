//! References that fail: each is a finding while there are few; if most of a file's references
//! fail, one finding says why.

use std::mem;

use super::unguarded::Unguarded;
use crate::check::keys::{self, KeyIndex};
use crate::finding::{Finding, Part, Sink, Variant, report, report_many, rules};
use crate::schema::Reference;
use crate::text::wording::thousands;

rules! {
    /// A record refers to a student who is not in students.csv.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loads a guardian only together with the student. It does not load a record whose
    /// `Student Id` is not in the students.csv of the same delivery.
    ///
    /// ## Example
    ///
    /// ```text
    /// students.csv     1001                wrong: students.csv has no 1002
    /// guardians.csv    1002
    ///
    /// students.csv     1001                right
    /// guardians.csv    1001
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Select the records of both files by the same rule: only the guardians of the exported
    /// students. If the ids look alike, compare them letter for letter: leading zeros are easily
    /// lost, and an internal id is not the student's number.
    UNKNOWN_STUDENT = "link/unknown-student", Error, RecordLost
        ; "where a quarter of the active students, and at least 5, have no guardian because of it": Error, DataAtRisk;
}

/// How many findings wait until it is known whether there are many.
const MOST_HELD: usize = 2048;

/// At least this many make one finding.
const FEWEST: u64 = 5;

/// The references of one file that fail.
#[derive(Default)]
pub(super) struct Failing {
    count: u64,
    /// How they almost match.
    reasons: Reasons,
    state: State,
}

enum State {
    /// Not known yet whether they are few.
    Held(Vec<Finding>),
    /// They are few: each is a finding.
    Apart,
    /// They are most: the first stands for all.
    Together(Box<Finding>),
}

impl Default for State {
    fn default() -> Self {
        Self::Held(Vec::new())
    }
}

/// How many references would match if...
#[derive(Default)]
struct Reasons {
    /// ... leading zeros were ignored.
    zeros: u64,
    /// ... case was ignored.
    case: u64,
    /// ... one file did not add `.0` to its ids.
    decimals: u64,
    /// ... everything but letters and digits was ignored.
    signs: u64,
    /// ... they referred to another column: how many were compared, and how many equal it.
    columns: Vec<(u64, u64)>,
}

impl Failing {
    /// Takes a reference that fails, in the record with that number.
    pub(super) fn take(
        &mut self,
        index: &KeyIndex,
        key: &[u8],
        record: u64,
        sink: &mut dyn Sink,
        build: impl FnOnce(Finding) -> Finding,
    ) {
        self.count += 1;
        self.reasons.take(index, key);
        match &mut self.state {
            State::Held(held) if held.len() < MOST_HELD => {
                held.push(build(UNKNOWN_STUDENT.finding()));
            }
            State::Held(_) => {
                self.decide(record, sink);
                if matches!(self.state, State::Apart) {
                    report(sink, &UNKNOWN_STUDENT, false, build);
                }
            }
            State::Apart => report(sink, &UNKNOWN_STUDENT, false, build),
            State::Together(_) => {}
        }
    }

    fn are_most(&self, records: u64) -> bool {
        self.count >= FEWEST && self.count * 2 > records
    }

    /// Decides whether the held findings are most of this many records.
    fn decide(&mut self, records: u64, sink: &mut dyn Sink) {
        let are_most = self.are_most(records);
        match &mut self.state {
            State::Held(held) if are_most && !held.is_empty() => {
                self.state = State::Together(Box::new(held.swap_remove(0)));
            }
            State::Held(_) => {
                self.settle(None, sink);
            }
            State::Apart | State::Together(_) => {}
        }
    }

    /// Reports the held findings one by one; returns whether there were any. `unguarded` students
    /// have no guardian because of them.
    pub(super) fn settle(&mut self, unguarded: Option<&Unguarded>, sink: &mut dyn Sink) -> bool {
        let State::Held(held) = mem::replace(&mut self.state, State::Apart) else { return false };
        let is_any = !held.is_empty();
        let variant = Variant::from(unguarded.is_some());
        let mut note = unguarded.map(Unguarded::note);
        for mut finding in held {
            let note = note.take();
            report(sink, &UNKNOWN_STUDENT, variant, |_| {
                finding.help.parts.extend(note.map(|note| Part::Text(note.into())));
                finding.variant(variant)
            });
        }
        is_any
    }

    /// Reports the held findings of a file with this many records. `unguarded` students have no
    /// guardian because of them; returns whether a finding says so.
    pub(super) fn finish(
        mut self,
        reference: &Reference,
        index: &KeyIndex,
        records: u64,
        unguarded: Option<&Unguarded>,
        sink: &mut dyn Sink,
    ) -> bool {
        let are_most = self.are_most(records);
        let State::Together(first) = (match self.state {
            State::Held(_) if !are_most => return self.settle(unguarded, sink),
            _ => {
                self.decide(records, sink);
                self.state
            }
        }) else {
            return false;
        };
        let Reference { file, column, .. } = reference;
        let (count, mut help) = (self.count, self.reasons.help(reference, index, self.count));
        help.extend(unguarded.map(Unguarded::note));
        let variant = Variant::from(unguarded.is_some());
        report_many(sink, &UNKNOWN_STUDENT, variant, count, |_| {
            first
                .variant(variant)
                .count(count)
                .message(format!(
                    "{} of {} records have a `{column}` that is not in {file}; this is the first one",
                    thousands(count),
                    thousands(records)
                ))
                .help(help)
        });
        true
    }
}

impl Reasons {
    fn take(&mut self, index: &KeyIndex, key: &[u8]) {
        let leads_somewhere = |key: &[u8]| {
            !key.is_empty()
                && matches!(index.find(key), keys::Reference::To(_) | keys::Reference::Alike(_))
        };
        if leads_somewhere(key) {
            let is_number = key.iter().all(u8::is_ascii_digit);
            *(if is_number { &mut self.zeros } else { &mut self.case }) += 1;
        } else if leads_somewhere(key.strip_suffix(b".0").unwrap_or_default())
            || leads_somewhere(&[key, b".0"].concat())
        {
            self.decimals += 1;
        } else if leads_somewhere(&super::bare(key)) {
            self.signs += 1;
        }
        let found = index.beside().find(key);
        self.columns.resize(index.beside().names().count(), (0, 0));
        for ((asked, equal), found) in self.columns.iter_mut().zip(found) {
            *asked += u64::from(found.is_some());
            *equal += u64::from(found == Some(true));
        }
    }

    /// Why `count` references fail, and what to do about it.
    fn help(
        &self,
        Reference { file, column, .. }: &Reference,
        index: &KeyIndex,
        count: u64,
    ) -> String {
        let are_most = |number: u64| number * 2 > count;
        let column_instead = self.columns.iter().zip(index.beside().names()).find(|(seen, _)| {
            let (asked, equal) = **seen;
            // The index knows only as many values as records it sampled.
            let known = index.share_sampled(asked);
            equal > 0 && equal * 2 > known
        });
        let same = "take the id from the same field for both files, as text";
        if let Some((_, other)) = column_instead {
            format!(
                "They match the column `{other}` of {file}. Export `{column}` here from the same \
                 field that fills `{column}` there."
            )
        } else if are_most(self.zeros) {
            format!("They differ from those in {file} only in leading zeros: {same}.")
        } else if are_most(self.case) {
            format!("They differ from those in {file} only in case or leading zeros: {same}.")
        } else if are_most(self.decimals) {
            format!(
                "One of the two files has `.0` after its ids, so a program treated them as \
                 numbers: {same}."
            )
        } else if are_most(self.signs) {
            format!("They differ from those in {file} only in spaces or punctuation: {same}.")
        } else if index.has_mostly_damaged() {
            format!(
                "A spreadsheet damaged most ids in {file}, such as `9.00E+08`. Export {file} again \
                 and do not open it in Excel."
            )
        } else {
            format!(
                "SameGoal does not load a record whose student is not in the same delivery. Export \
                 both files on the same day from the same system, and {same}."
            )
        }
    }
}
