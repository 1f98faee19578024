//! What has gone since the previous delivery.

use indexmap::IndexMap;
use samegoal_schema::profile::{Ids, Profile, ProfiledColumn, Profiles};
use samegoal_schema::rule::drift as rules;
use samegoal_schema::{Completeness, FileSpec, Finding, Message, Rule, Schema, thousands};

use super::{Previous, is_needed};
use crate::config::Thresholds;
use crate::digest::FileDigest;
use crate::report::plural;

/// The delivery that is linted.
pub(crate) struct Current {
    pub(crate) profiles: Profiles,
    /// The files of the API that were read; `None` for one that cannot be.
    pub(crate) files: IndexMap<String, Option<FileDigest>>,
    /// The files of the API that are not there without another finding that tells why; `None` where
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
}

/// So many students of the previous delivery, of which so many have gone.
struct Vanished {
    of: u64,
    gone: u64,
}

impl Comparison<'_> {
    pub(crate) fn run(&self) -> Outcome {
        let mut outcome = Outcome::default();
        if self.is_unchanged() {
            outcome.findings.push((None, unchanged()));
            return outcome;
        }
        for name in self.current.absent.iter().flatten() {
            if self.previous.files.contains_key(name) {
                outcome.findings.push((None, missing_file(name)));
            }
        }
        let vanished = self.vanished_students(&mut outcome);
        for spec in self.api.files() {
            if !(self.previous.files.contains_key(&*spec.name)
                && self.current.files.contains_key(&*spec.name))
            {
                continue;
            }
            match self.profiles(spec) {
                Ok((previous, current)) => {
                    Self::columns(spec, previous, current, &mut outcome);
                    self.records(spec, previous, current, vanished.as_ref(), &mut outcome);
                }
                Err(why) => outcome.not_compared.push((spec.name.to_string(), why)),
            }
        }
        outcome
    }

    fn profiles(&self, spec: &FileSpec) -> Result<(&Profile, &Profile), &'static str> {
        let previous = self.previous.profiles.file(&spec.name);
        let current = self.current.profiles.file(&spec.name);
        match (previous, current) {
            (Some(previous), Some(current)) => Ok((previous, current)),
            (None, _) => Err("that of the previous epoch has no records that could be read"),
            (_, None) => Err("it has no records that could be read"),
        }
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

    /// What the loss of a part of a whole is: nothing, a warning (the exception) or an error.
    fn weigh(&self, part: u64, whole: u64) -> Option<bool> {
        let Thresholds { warning_over, error_over } = self.thresholds;
        if error_over.is_exceeded(part, whole) {
            Some(false)
        } else {
            warning_over.is_exceeded(part, whole).then_some(true)
        }
    }

    fn columns(spec: &FileSpec, previous: &Profile, current: &Profile, outcome: &mut Outcome) {
        for (position, column) in previous.columns.iter().enumerate() {
            let is_gone = match &column.name {
                // That a demanded one is missing is told already.
                Some(name) => {
                    let known = spec.columns.get(name);
                    known.is_some_and(|known| !known.presence.is_demanded())
                        && !current.has_column(name)
                }
                // Of a file whose columns are all known, a further one is best left out.
                None => {
                    spec.completeness == Completeness::Partial
                        && !column.header.expose().trim_ascii().is_empty()
                        && !current.has_header(&column.header)
                }
            };
            if is_gone {
                let finding = missing_column(column, position, current);
                outcome.findings.push((Some(spec.name.to_string()), finding));
            }
        }
    }

    /// The loss of students, if it is great enough to be told.
    fn vanished_students(&self, outcome: &mut Outcome) -> Option<Vanished> {
        let spec = self.api.files().find(|spec| is_needed(self.api, &spec.name))?;
        let (previous, current) = self.profiles(spec).ok()?;
        if current.records == 0 {
            return None;
        }
        let (before, now) = (previous.ids.as_ref()?, current.ids.as_ref()?);
        // A student whose record is broken has that for a finding.
        let gone = before.missing_from(now).saturating_sub(current.broken);
        let exceptional = self.weigh(gone, before.len())?;
        let message = format!(
            "{} students of the previous epoch are not in {} any more ({})",
            of(gone, before.len()),
            spec.name,
            percent(gone, before.len())
        );
        let new = now.missing_from(before);
        let help = if new.saturating_mul(10) >= gone.saturating_mul(9) {
            "About as many new ones have come: the ids were probably changed, as by lost leading \
             zeros. SameGoal would take these for other students."
        } else {
            "SameGoal keeps students who are left out as they were; nothing tells it that they have \
             left. Look at the filter of the export: a school, a grade or a school year."
        };
        let finding = finding(&rules::VANISHED_STUDENTS, exceptional, message).help(help);
        outcome.findings.push((Some(spec.name.to_string()), finding));
        Some(Vanished { of: before.len(), gone })
    }

    fn records(
        &self,
        spec: &FileSpec,
        previous: &Profile,
        current: &Profile,
        vanished: Option<&Vanished>,
        outcome: &mut Outcome,
    ) {
        // A file without records is one with that defect, and not drift.
        if current.records == 0 {
            return;
        }
        if self.vanished_guardians(spec, previous, current, outcome) {
            return;
        }
        let expected = match vanished {
            Some(_) if is_needed(self.api, &spec.name) => return,
            // With students go their records in other files.
            Some(Vanished { of, gone }) if previous.ids.is_some() => {
                share(previous.records, of - gone, *of)
            }
            _ => previous.records,
        };
        let lost = expected.saturating_sub(current.records);
        let Some(exceptional) = self.weigh(lost, expected) else { return };
        let message = format!(
            "{} has {}, and the previous epoch had {} ({} fewer)",
            spec.name,
            plural(current.records, "record"),
            thousands(previous.records),
            percent(previous.records.saturating_sub(current.records), previous.records)
        );
        let finding = finding(&rules::FEWER_RECORDS, exceptional, message).help(
            "Compare the query with the one of last time: its filter, its school year, its joins. \
             What is missing from a file that is the whole truth is deleted; elsewhere it grows old.",
        );
        outcome.findings.push((Some(spec.name.to_string()), finding));
    }

    /// Whether students lost their guardians, and so many that it was told.
    fn vanished_guardians(
        &self,
        spec: &FileSpec,
        previous: &Profile,
        current: &Profile,
        outcome: &mut Outcome,
    ) -> bool {
        let Some(students) = spec.requires.as_deref() else { return false };
        let (Some(before), Some(now)) = (&previous.ids, &current.ids) else { return false };
        // Who has left loses nothing by it.
        let delivered = self.current.profiles.file(students).and_then(|it| it.ids.as_ref());
        let before: Ids = match delivered {
            Some(delivered) => before.shared_with(delivered),
            None => before.clone(),
        };
        let gone = before.missing_from(now).saturating_sub(current.broken);
        let Some(exceptional) = self.weigh(gone, before.len()) else { return false };
        let message = format!(
            "{} students who had a guardian in the previous epoch have none in {} ({}): SameGoal \
             would delete the guardians that it has for them",
            of(gone, before.len()),
            spec.name,
            percent(gone, before.len())
        );
        let finding = finding(&rules::VANISHED_GUARDIANS, exceptional, message).help(
            "Do not upload this epoch before you know why. A filter such as the primary contact \
             only, or a join that fails for one school, is the usual cause.",
        );
        outcome.findings.push((Some(spec.name.to_string()), finding));
        true
    }
}

fn finding(rule: &'static Rule, exceptional: bool, message: String) -> Finding {
    rule.finding().variant(exceptional).message(message)
}

fn unchanged() -> Finding {
    rules::UNCHANGED
        .finding()
        .message("every file is, byte for byte, that of the previous epoch")
        .help(
            "See whether the export has run, and whether it wrote to the folder that is delivered.",
        )
}

fn missing_file(name: &str) -> Finding {
    rules::MISSING_FILE
        .finding()
        .message(format!("`{name}` is missing, and the previous epoch had it"))
        .help(
            "What SameGoal has of that kind stays as it was. Look into the log of the export that \
             writes the file.",
        )
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
        "Put it back where the export is made, under the same name: what SameGoal has of it may grow \
         old or be emptied.",
    )
}

/// `1,012 of 1,204`
fn of(part: u64, whole: u64) -> String {
    format!("{} of {}", thousands(part), thousands(whole))
}

fn percent(part: u64, whole: u64) -> String {
    format!("{} %", share(100, part, whole))
}

/// So much of a number as `part` is of `whole`.
fn share(number: u64, part: u64, whole: u64) -> u64 {
    let share = u128::from(number) * u128::from(part) / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}
