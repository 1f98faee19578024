//! How much of a delivery a defect takes with it.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Severity, thousands};

use super::super::part::Part;
use super::super::{FileEntry, plural};
use crate::policy::Reported;
use samegoal_schema::text::escape::visible;
use samegoal_schema::text::wording::joined;

/// The most files that a sentence names.
const NAMED: usize = 3;

/// The records of one API file.
#[derive(Clone, Copy, Default)]
struct Lost {
    records: u64,
    of: u64,
    /// Whether there may be fewer.
    at_most: bool,
}

/// `450 of 450 guardian records`: what findings of that severity lose, as far as it is known.
pub(super) fn records(part: &Part<'_>, severity: Severity) -> Option<String> {
    let mut files: IndexMap<&str, Lost> = IndexMap::new();
    for file in &part.files {
        let Some(lost) = lost_in(part, file, severity) else { continue };
        let sum = files.entry(&file.as_name).or_default();
        sum.records += lost.records;
        sum.of += lost.of;
        sum.at_most |= lost.at_most;
    }
    let phrase = |(name, lost): (&str, Lost)| {
        let up_to = if lost.at_most { "up to " } else { "" };
        let (records, of) = (thousands(lost.records), thousands(lost.of));
        let end = if lost.of == 1 { "" } else { "s" };
        format!("{up_to}{records} of {of} {} record{end}", visible(&thing(name)))
    };
    let phrases: Vec<_> = files.into_iter().map(phrase).collect();
    (!phrases.is_empty()).then(|| joined(&phrases, "and"))
}

/// What a file has a record for: `guardian`, `user role`.
fn thing(name: &str) -> String {
    let stem = name.strip_suffix(".csv").unwrap_or(name);
    stem.strip_suffix('s').unwrap_or(stem).replace('_', " ")
}

/// The records of a file that are lost; `None` if it loses none, or an unknown number.
fn lost_in(part: &Part<'_>, file: &FileEntry, severity: Severity) -> Option<Lost> {
    let of = file.records?;
    let totals = part.of_weight(severity, Consequence::RecordLost);
    let mut total: u64 =
        totals.filter(|it| *it.path == *file.path).map(|it| it.count(severity)).sum();
    // Two findings can be about the same record, which is lost only once.
    let mut seen = BTreeSet::new();
    let (mut kept, mut others, mut folded) = (0, 0, 0);
    for reported in &part.findings {
        let finding = &reported.finding;
        if reported.severity != severity || finding.consequence() != Consequence::RecordLost {
            continue;
        }
        if *reported.path != *file.path {
            // What is wrong in another file can take records of this one with it.
            let here = lost_beside(reported, file);
            total += here;
            kept += here;
            others += here;
            folded += u64::from(here > 0);
            continue;
        }
        if finding.location.is_none() {
            // It is about the file as a whole: guardians without students.
            return Some(Lost { records: of, of, at_most: false });
        }
        let count = finding.count_here();
        total = total.saturating_sub(finding.count - count);
        kept += count;
        match finding.location.as_ref().and_then(|place| place.record) {
            Some(record) if count == 1 => {
                seen.insert(record);
            }
            _ => {
                others += count;
                folded += 1;
            }
        }
    }
    if total == 0 {
        return None;
    }
    let seen = u64::try_from(seen.len()).unwrap_or(u64::MAX);
    let is_exact = kept == total && (folded == 0 || (folded == 1 && seen == 0));
    let records = if is_exact { seen + others } else { total };
    Some(Lost { records: records.min(of), of, at_most: !is_exact })
}

/// How many records of a file a finding in another one of the same delivery stands for.
fn lost_beside(reported: &Reported, file: &FileEntry) -> u64 {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    if folder(&reported.path) != folder(&file.path) {
        return 0;
    }
    let elsewhere = reported.finding.elsewhere.iter();
    elsewhere.filter(|(name, _)| **name == *file.as_name).map(|(_, count)| count).sum()
}

/// `12 values in epoch/students.csv`
pub(super) fn values(part: &Part<'_>, severity: Severity) -> String {
    let mut paths: IndexMap<&str, u64> = IndexMap::new();
    for total in part.of_weight(severity, Consequence::ValueLost) {
        *paths.entry(&total.path).or_default() += total.count(severity);
    }
    format!("{} in {}", plural(paths.values().sum(), "value"), named(paths.keys().copied()))
}

/// `epoch/students.csv (1,200 records)`, `a.csv and b.csv`, `12 files`
pub(super) fn files(part: &Part<'_>, severity: Severity) -> String {
    let paths: BTreeSet<&str> =
        part.of_weight(severity, Consequence::FileIgnored).map(|total| &*total.path).collect();
    let mut text = named(paths.iter().copied());
    if let (Some(path), 1) = (paths.first(), paths.len())
        && let Some(file) = part.files.iter().find(|file| file.path == *path)
        && let Some(records) = file.records.filter(|records| *records > 0)
    {
        text = format!("{text} ({})", plural(records, "record"));
    }
    text
}

fn named<'p>(paths: impl Iterator<Item = &'p str>) -> String {
    let paths: Vec<_> = paths.map(|path| visible(path).into_owned()).collect();
    match paths.len() {
        0 => "a file".to_owned(),
        number if number > NAMED => plural(u64::try_from(number).unwrap_or(u64::MAX), "file"),
        _ => joined(&paths, "and"),
    }
}
