//! What has gone since the previous delivery.

use super::rules;
use super::share::{of, percent, share, weigh};
use indexmap::IndexMap;
use samegoal_schema::check::key::Unguarded;
use samegoal_schema::check::profile::{Changes, Profile, ProfiledColumn, Profiles};
use samegoal_schema::{Completeness, FileSpec, Finding, Message, Schema, Severity, thousands};

use super::thresholds::Thresholds;
use super::{Previous, columns, is_needed, is_whole_truth};
use crate::digest::FileDigest;
use samegoal_schema::text::wording::plural;

/// The delivery that is linted.
pub(crate) struct Current {
    pub(crate) profiles: Profiles,
    /// The files of the API that were read; `None` for one that cannot be.
    pub(crate) files: IndexMap<String, Option<FileDigest>>,
    /// The files of the API that are not there without another finding that says why; `None` where
    /// a single file was read, and nothing is known of others.
    pub(crate) absent: Option<Vec<String>>,
}

/// Two deliveries, and from which loss on to speak.
pub(crate) struct Comparison<'a> {
    pub(crate) api: &'a Schema,
    pub(crate) thresholds: Thresholds,
    pub(crate) previous: &'a Previous,
    pub(crate) current: &'a Current,
}

/// What came of a comparison.
#[derive(Default)]
pub(crate) struct Outcome {
    /// Findings about a file of the API; `None` is the delivery as a whole.
    pub(crate) findings: Vec<(Option<String>, Finding)>,
    /// Files that could not be compared, and why not.
    pub(crate) not_compared: Vec<(String, &'static str)>,
    /// What has changed among the students, if that is known.
    pub(crate) changes: Option<Changes>,
}

impl Outcome {
    fn push(&mut self, spec: &FileSpec, finding: Finding) {
        self.findings.push((Some(spec.name.to_string()), finding));
    }
}

impl Comparison<'_> {
    pub(crate) fn run(&self) -> Outcome {
        let mut outcome = Outcome { changes: self.changes(), ..Outcome::default() };
        let is_unchanged = self.is_unchanged();
        if is_unchanged {
            outcome.findings.push((None, unchanged()));
        }
        for name in self.current.absent.iter().flatten() {
            if self.previous.has(name) {
                outcome.findings.push((None, self.missing_file(name)));
            }
        }
        for spec in self.api.files() {
            let was_there = self.previous.has(&spec.name);
            let is_told = !is_unchanged
                && was_there
                && self.current.files.contains_key(&*spec.name)
                && self.file(spec, &mut outcome);
            // What has gone says why.
            let unguarded = self.current.profiles.file(&spec.name);
            let unguarded = unguarded.and_then(|profile| profile.unguarded.as_ref()?.finding());
            if let (false, Some(finding)) = (is_told, unguarded) {
                outcome.push(spec, finding);
            }
        }
        outcome
    }

    /// What has changed among the students. Unknown for a file that is cut off.
    fn changes(&self) -> Option<Changes> {
        let spec = self.api.files().find(|spec| is_needed(self.api, &spec.name))?;
        let current = self.current.profiles.file(&spec.name)?;
        let previous = self.previous.profiles.file(&spec.name)?;
        current.changes.clone().filter(|_| cut_off(previous, current).is_none())
    }

    /// Compares a file that both deliveries have; returns whether it reported students without
    /// guardians.
    fn file(&self, spec: &FileSpec, outcome: &mut Outcome) -> bool {
        let previous = self.previous.profiles.file(&spec.name);
        let current = self.current.profiles.file(&spec.name);
        let (previous, current) = match (previous, current) {
            (Some(previous), Some(current)) => (previous, current),
            (previous, _) => {
                let why = match previous {
                    None => "the previous epoch's file has no readable records",
                    Some(_) => "it has no readable records",
                };
                outcome.not_compared.push((spec.name.to_string(), why));
                return false;
            }
        };
        missing_columns(spec, previous, current, outcome);
        // A file without records is one with that defect, and not drift.
        if current.records == 0 {
            return false;
        }
        let cut_off = cut_off(previous, current);
        if let Some(changes) = &current.changes {
            let findings = columns::changed(changes, current, self.thresholds);
            outcome
                .findings
                .extend(findings.into_iter().map(|finding| (Some(spec.name.to_string()), finding)));
            if cut_off.is_none() && self.vanished_students(spec, changes, outcome) {
                return false;
            }
        }
        // What was cut off is missing because of that.
        if let Some(why) = cut_off {
            outcome.not_compared.push((spec.name.to_string(), why));
            return false;
        }
        if self.vanished_guardians(spec, current, outcome) {
            return true;
        }
        self.fewer_records(spec, previous, current, outcome);
        false
    }

    fn is_unchanged(&self) -> bool {
        let (previous, current) = (&self.previous.files, &self.current.files);
        self.current.absent.is_some()
            && !current.is_empty()
            && previous.len() == current.len()
            && current.iter().all(|(name, digest)| {
                digest.is_some() && previous.get(name).is_some_and(|other| other == digest)
            })
    }

    fn weigh(&self, part: u64, whole: u64) -> Option<Severity> {
        weigh(part, whole, self.thresholds.warning_over, self.thresholds.error_over)
    }

    fn missing_file(&self, name: &str) -> Finding {
        let is_harmless = self.api.file(name).is_none_or(|spec| !is_whole_truth(self.api, spec));
        rules::MISSING_FILE
            .finding()
            .variant(is_harmless)
            .message(format!("`{name}` is missing; the previous epoch had it"))
            .help(
                "SameGoal keeps its old data from that file. Check the log of the export that \
                 writes it.",
            )
    }

    fn vanished_students(&self, spec: &FileSpec, changes: &Changes, outcome: &mut Outcome) -> bool {
        let (gone, before) = (changes.gone(), changes.before);
        let Some(severity) = self.weigh(gone, before) else { return false };
        let is_class = changes.is_class_gone;
        let mut message = format!(
            "{} students of the previous epoch are missing from {} ({})",
            of(gone, before),
            spec.name,
            percent(gone, before)
        );
        if is_class {
            message += "; they look like a class that graduated";
        }
        let help = if changes.renumbered.saturating_mul(2) >= gone {
            "Most of them are here with an id that differs only in leading zeros. SameGoal takes \
             them for other students. Export the id as text."
        } else if changes.new.saturating_mul(10) >= gone.saturating_mul(9) {
            "There are about as many new students: the ids probably changed. SameGoal takes them \
             for other students."
        } else if is_class {
            "SameGoal does not update students who are left out. Deliver the students who left \
             once more, with a `District Enrollment` such as `GRADUATED`."
        } else {
            "SameGoal does not update students who are left out, and does not learn that they \
             left. Check the filter of the export: a school, a grade or a school year."
        };
        let is_mild = severity == Severity::Warning || is_class;
        let finding = rules::VANISHED_STUDENTS.finding().variant(is_mild).count(gone);
        outcome.push(spec, finding.message(message).help(help));
        true
    }

    fn vanished_guardians(
        &self,
        spec: &FileSpec,
        current: &Profile,
        outcome: &mut Outcome,
    ) -> bool {
        let Some(students) = spec.requires.as_deref() else { return false };
        let previous = &self.previous.profiles;
        let lost = self.current.profiles.no_longer_named(previous, &spec.name, students);
        let Some((before, gone)) = lost else { return false };
        let gone = gone.saturating_sub(current.broken);
        let Some(severity) = self.weigh(gone, before) else { return false };
        let message = format!(
            "{} students who had a guardian in the previous epoch have none in {} ({}): SameGoal \
             would delete their guardians",
            of(gone, before),
            spec.name,
            percent(gone, before)
        );
        // What it stands for may weigh more.
        let unguarded = current.unguarded.as_ref().and_then(Unguarded::finding);
        let severity = severity.max(unguarded.map_or(severity, |it| it.severity()));
        let finding = rules::VANISHED_GUARDIANS.finding().variant(severity == Severity::Warning);
        let finding = finding.count(gone).message(message).help(
            "Do not upload this epoch until you know why. Usual causes are a filter such as \
             \"primary contact only\", or a join that fails for one school.",
        );
        outcome.push(spec, finding);
        true
    }

    /// Reports the loss of records of a file from which what is missing is deleted or grows old, if that
    /// is not for the students who are gone.
    fn fewer_records(
        &self,
        spec: &FileSpec,
        previous: &Profile,
        current: &Profile,
        outcome: &mut Outcome,
    ) {
        if !is_whole_truth(self.api, spec) {
            return;
        }
        let expected = match &outcome.changes {
            // With students go their guardians.
            Some(changes) if current.changes.is_none() => {
                share(previous.records, changes.before - changes.gone(), changes.before)
            }
            _ => previous.records,
        };
        let lost = expected.saturating_sub(current.records);
        let Some(severity) = self.weigh(lost, expected) else { return };
        let fewer = previous.records.saturating_sub(current.records);
        let message = format!(
            "{} has {}; the previous epoch had {} ({} fewer)",
            spec.name,
            plural(current.records, "record"),
            thousands(previous.records),
            percent(fewer, previous.records)
        );
        let finding = rules::FEWER_RECORDS.finding().variant(severity == Severity::Warning);
        let finding = finding.count(fewer).message(message).help(
            "Compare the query with the previous one: its filter, its school year, its joins. \
             SameGoal deletes guardians who are missing from the file.",
        );
        outcome.push(spec, finding);
    }
}

/// Why records that are in one of the two only say nothing, if so.
fn cut_off(previous: &Profile, current: &Profile) -> Option<&'static str> {
    if current.is_cut_off {
        Some("it is incomplete, so only the remaining records were compared")
    } else if previous.is_cut_off {
        Some("the previous epoch's file is incomplete, so only the records in both were compared")
    } else {
        None
    }
}

fn unchanged() -> Finding {
    rules::UNCHANGED
        .finding()
        .message("every file is identical to the one in the previous epoch")
        .help(
            "This is normal on weekends and holidays. On other days, check whether the export \
             ran, and whether it wrote to the folder that is delivered.",
        )
}

fn missing_columns(spec: &FileSpec, previous: &Profile, current: &Profile, outcome: &mut Outcome) {
    for (position, column) in previous.columns.iter().enumerate() {
        let is_gone = match &column.name {
            // A missing required column is reported already.
            Some(name) => {
                let known = spec.columns.get(name);
                known.is_some_and(|known| !known.presence.is_demanded())
                    && !current.has_column(name)
            }
            // A file whose columns are all known is better without further ones.
            None => {
                spec.completeness == Completeness::Partial
                    && !column.header.expose().trim_ascii().is_empty()
                    && !current.has_header(&column.header)
            }
        };
        if is_gone {
            outcome.push(spec, missing_column(column, position, current));
        }
    }
}

fn missing_column(column: &ProfiledColumn, position: usize, current: &Profile) -> Finding {
    let name = match &column.name {
        Some(name) => Message::from(name.clone()),
        None => Message::default().cell(column.header.clone()),
    };
    let mut message = Message::from(format!("column {} of the previous epoch, `", position + 1));
    message.parts.extend(name.parts.iter().cloned());
    let mut location = current.header.clone();
    location.field = Some(name);
    rules::MISSING_COLUMN.finding().at(location).message(message.text("`, is missing")).help(
        "Add the column to the export again, under the same name. SameGoal's data in it may go \
         out of date or be erased.",
    )
}
