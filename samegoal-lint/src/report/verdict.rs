//! The closing lines: what SameGoal would do with the delivery, how much was found, what to mend
//! first, and what was not checked.

use std::cmp::Reverse;
use std::fmt::Write;
use std::time::Duration;

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Severity, thousands};

use super::{Fixed, Kind, Options, Report, place, plural};
use crate::escape::visible;
use crate::mask::{Masker, Values};
use crate::policy::Reported;

/// The lines, without line ends. A clean run has two.
pub fn lines(report: &Report, options: &Options) -> Vec<String> {
    let mut lines = opening(report, options);
    lines.push(not_checked(report) + &beside(report));
    lines.extend(staged(report));
    lines.extend(masked(report, options).map(str::to_owned));
    lines
}

/// The verdict and, if anything was found, the sums with the next step.
pub(super) fn opening(report: &Report, options: &Options) -> Vec<String> {
    let checked = checked(report, options.elapsed);
    match Weightiest::of(report) {
        None => vec![format!("{}: {checked}.", harmless(report))],
        Some(weightiest) => vec![
            weightiest.verdict(report, Masker::new(options.values)),
            format!("{} in {checked}.{}", counts(report), next_step(report)),
        ],
    }
}

/// That values are masked, where some may be.
pub(super) fn masked(report: &Report, options: &Options) -> Option<&'static str> {
    (options.values == Values::Mask && !report.found.findings.is_empty())
        .then_some("Values are masked; `--values show` shows them.")
}

/// A line for each rule and file of which more was found than `most`, which is what is shown.
pub fn left_out(report: &Report, most: usize) -> impl Iterator<Item = String> {
    report.found.left_out(most).map(|left| {
        let (count, path) = (thousands(left.count), visible(left.path));
        format!("… and {count} more {} in {path}", left.rule.name)
    })
}

/// A line for each file that was read, if more is to be told.
pub fn read(report: &Report, options: &Options) -> impl Iterator<Item = String> {
    report.files().filter(|_| options.verbose).map(|file| {
        let (path, name) = (visible(&file.path), visible(&file.as_name));
        let records = file
            .records
            .map_or_else(|| "records not told apart".to_owned(), |it| plural(it, "record"));
        format!("Read {path} as {name}: {}, {records}.", plural(file.bytes, "byte"))
    })
}

/// What weighs most of all that was found, also of what was not kept.
struct Weightiest<'a> {
    severity: Severity,
    consequence: Consequence,
    /// `None` if findings of that weight were not kept.
    reported: Option<&'a Reported>,
}

impl<'a> Weightiest<'a> {
    fn of(report: &'a Report) -> Option<Self> {
        let weights =
            report.found.rules.values().map(|sum| (Reverse(sum.severity), sum.consequence));
        let (Reverse(severity), consequence) = weights.min()?;
        let reported = first(report, severity, consequence);
        Some(Self { severity, consequence, reported })
    }

    fn verdict(&self, report: &Report, masker: Masker) -> String {
        let mut verdict = match self.severity {
            Severity::Advice => format!("{}, but there is advice", harmless(report)),
            Severity::Warning => self.sentence(report, "may"),
            Severity::Error => self.sentence(report, "would"),
        };
        if let Some(reported) = self.reported {
            let message = masker.message(&reported.finding.message);
            let _ = write!(verdict, ": {}", message.trim_end_matches('.'));
        }
        verdict.push('.');
        verdict
    }

    /// What SameGoal does with a defect of that weight; how surely, the severity decides.
    fn sentence(&self, report: &Report, may: &str) -> String {
        let data = match self.consequence {
            Consequence::DeliveryIgnored => return format!("SameGoal {may} ignore this delivery"),
            Consequence::FileIgnored => {
                let path =
                    self.reported.map_or("a file".into(), |reported| visible(&reported.path));
                return format!("SameGoal {may} leave out {path}");
            }
            Consequence::DataAtRisk => {
                return "Data that SameGoal already has may be deleted or overwritten".to_owned();
            }
            Consequence::Suspicious => {
                let mut consequences = report.found.rules.values().map(|sum| sum.consequence);
                let nothing = consequences.all(|it| it == Consequence::Suspicious);
                let but = if nothing { "Nothing would be lost, but this" } else { "This" };
                return format!("{but} is seldom meant");
            }
            Consequence::RecordLost => "records",
            Consequence::ValueLost => "values",
        };
        format!("Some {data} {may} be lost")
    }
}

fn first(report: &Report, severity: Severity, consequence: Consequence) -> Option<&Reported> {
    report.found.findings.iter().find(|reported| {
        reported.severity == severity && reported.finding.consequence() == consequence
    })
}

fn harmless(report: &Report) -> String {
    let single =
        !report.targets.is_empty() && report.targets.iter().all(|it| it.kind == Kind::File);
    let what = match (single, report.targets.len()) {
        (true, 1) => "this file",
        (true, _) => "these files",
        (false, _) => "this delivery",
    };
    if report.found.accepted > 0 {
        return format!("Nothing was found in {what} but what the configuration accepts");
    }
    format!("Nothing was found that would keep SameGoal from loading {what}")
}

/// `2 errors, 1 warning`
fn counts(report: &Report) -> String {
    let found = &report.found;
    let advice = if found.advice == 1 { "piece of advice" } else { "pieces of advice" };
    let mut counts = Vec::new();
    if found.errors > 0 {
        counts.push(plural(found.errors, "error"));
    }
    if found.warnings > 0 {
        counts.push(plural(found.warnings, "warning"));
    }
    if found.advice > 0 {
        counts.push(format!("{} {advice}", thousands(found.advice)));
    }
    counts.join(", ")
}

/// `2 files, 1,204 records (12 ms)`
fn checked(report: &Report, elapsed: Option<Duration>) -> String {
    let files = u64::try_from(report.files().count()).unwrap_or(u64::MAX);
    let records = report.files().filter_map(|file| file.records).sum();
    let mut checked = format!("{}, {}", plural(files, "file"), plural(records, "record"));
    if let Some(elapsed) = elapsed {
        let _ = match elapsed {
            it if it < Duration::from_secs(1) => write!(checked, " ({} ms)", it.as_millis().max(1)),
            it => write!(checked, " ({:.1} s)", it.as_secs_f64()),
        };
    }
    checked
}

fn next_step(report: &Report) -> String {
    let candidate = report.found.findings.iter().min_by_key(|reported| reported.urgency());
    candidate.map_or_else(String::new, |reported| {
        let name = reported.finding.rule.name;
        let place = place(&reported.path, reported.finding.location.as_ref());
        format!(" Mend {place} first: `samegoal-lint explain {name}` tells how.")
    })
}

/// What the run went by beside the files, as further sentences of the same line.
fn beside(report: &Report) -> String {
    let mut text = String::new();
    if let Some(config) = &report.config {
        let _ = write!(text, " Configuration: {}.", visible(config));
    }
    let mut previous: Vec<_> = report.compared.iter().map(|it| visible(&it.previous)).collect();
    previous.dedup();
    if !previous.is_empty() {
        let _ = write!(text, " Compared with {}.", previous.join(", "));
    }
    if report.found.accepted > 0 {
        let are = if report.found.accepted == 1 { "is" } else { "are" };
        let found = plural(report.found.accepted, "finding");
        let _ = write!(text, " {found} {are} accepted.");
    }
    text
}

/// What was mended in copies and what was staged; nothing for a run that only lints.
pub(super) fn staged(report: &Report) -> Vec<String> {
    let mut sentences: Vec<_> = mended(report).into_iter().collect();
    if !report.staged.is_empty() {
        let paths: Vec<_> = report.staged.iter().map(|path| visible(path)).collect();
        sentences.push(format!("Staged: {}.", paths.join(", ")));
    }
    sentences
}

/// What was mended in the copies, if anything was.
fn mended(report: &Report) -> Option<String> {
    let mut files: IndexMap<&str, Vec<String>> = IndexMap::new();
    for Fixed { path, fix, count, .. } in &report.fixes {
        let fix = format!("{} {} ({})", thousands(*count), fix.name, fix.level);
        files.entry(path).or_default().push(fix);
    }
    let files: Vec<_> = files
        .iter()
        .map(|(path, fixes)| format!("{}: {}", visible(path), fixes.join(", ")))
        .collect();
    (!files.is_empty()).then(|| format!("Mended in the copy: {}.", files.join("; ")))
}

/// One line, whatever there is: what is not checked for the same reason stands together.
fn not_checked(report: &Report) -> String {
    const NAMED: usize = 3;
    let mut groups: IndexMap<_, Vec<&str>> = IndexMap::new();
    for it in &report.not_checked {
        groups.entry((&*it.what, &*it.why, &*it.remedy)).or_default().push(&it.path);
    }
    if groups.is_empty() {
        return "Everything that can be checked was checked.".to_owned();
    }
    let groups: Vec<_> = groups
        .into_iter()
        .map(|((what, why, remedy), paths)| {
            let mut named: Vec<_> = paths.iter().take(NAMED).map(|path| visible(path)).collect();
            if paths.len() > NAMED {
                named.push(format!("{} more", paths.len() - NAMED).into());
            }
            let stop = if remedy.is_empty() { "" } else { "; " };
            let (what, named) = (visible(what), named.join(", "));
            format!("{what} of {named} ({}{stop}{})", visible(why), visible(remedy))
        })
        .collect();
    format!("Not checked: {}.", groups.join("; "))
}

#[cfg(test)]
mod tests;
