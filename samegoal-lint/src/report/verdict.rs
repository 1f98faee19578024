//! The closing lines: what SameGoal would do with the delivery, how much was found, what to mend
//! first, and what was not checked.

use std::cmp::Reverse;
use std::fmt::Write;
use std::time::Duration;

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Severity};

use super::{Fixed, Kind, Options, Report, grouped, place, plural};
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
        let (count, path) = (grouped(left.count), visible(left.path));
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
        counts.push(format!("{} {advice}", grouped(found.advice)));
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
        let fix = format!("{} {} ({})", grouped(*count), fix.name, fix.level);
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
mod tests {
    use samegoal_schema::{Content, Finding, Message};

    use super::*;
    use crate::report::NotChecked;
    use crate::report::sample::*;

    fn lines(report: &Report, values: Values) -> Vec<String> {
        super::lines(report, &Options { values, ..Options::default() })
    }

    fn verdict(findings: Vec<(&str, Finding)>) -> Vec<String> {
        lines(&with_findings(findings), Values::Show)
    }

    #[test]
    fn a_clean_run_is_two_lines() {
        let mut report = with_findings(Vec::new());
        let elapsed = Some(Duration::from_millis(12));
        assert_eq!(
            super::lines(&report, &Options { elapsed, ..Options::default() }),
            [
                "Nothing was found that would keep SameGoal from loading this delivery: 2 files, \
                 1,204 records (12 ms).",
                "Everything that can be checked was checked.",
            ]
        );
        report.not_checked = ["a", "b", "c", "d", "e"].map(NotChecked::columns).into();
        report.not_checked.push(NotChecked {
            path: "a\n::x".into(),
            what: "records".into(),
            why: "it is a workbook".into(),
            remedy: "".into(),
        });
        let [_, not_checked] = &lines(&report, Values::Mask)[..] else { panic!() };
        assert_eq!(
            not_checked,
            "Not checked: columns of a, b, c, 2 more (the column list is not published; \
             `samegoal-lint learn` takes it from an epoch that SameGoal has processed); records of \
             a\\n:\\u{3a}x (it is a workbook)."
        );
    }

    #[test]
    fn what_the_run_went_by_is_named() {
        let mut report = with_findings(Vec::new());
        report.config = Some("district/samegoal-lint.toml".to_owned());
        report.found.accepted = 14;
        assert_eq!(
            super::lines(&report, &Options::default()),
            [
                "Nothing was found in this delivery but what the configuration accepts: 2 files, \
                 1,204 records.",
                "Everything that can be checked was checked. Configuration: \
                 district/samegoal-lint.toml. 14 findings are accepted.",
            ]
        );
    }

    #[test]
    fn a_single_file_is_no_delivery() {
        let mut report = with_findings(Vec::new());
        report.targets[0].kind = Kind::File;
        assert!(lines(&report, Values::Mask)[0].contains("from loading this file: "));
    }

    #[test]
    fn the_weightiest_error_gives_the_verdict() {
        let lost =
            || ("epoch/students.csv", FIELD_COUNT.finding().message("too short.").at(at(3, 1)));
        let ignored = || ("epoch/students.csv", misnamed());
        let complete =
            || ("epoch", MISSING_COMPLETE.finding().message("there is no COMPLETE file"));
        let blank = || ("epoch/guardians.csv", BLANK_LINE.finding().message("blank").at(at(2, 1)));
        let advice = || ("epoch", NO_GUARDIANS.finding().message("12 students have none"));
        for (findings, first, second) in [
            (
                vec![lost(), ignored(), complete(), blank()],
                "SameGoal would ignore this delivery: there is no COMPLETE file.",
                "3 errors, 1 warning in 2 files, 1,204 records. Mend epoch/students.csv:1:33 first: \
                 `samegoal-lint explain header/misnamed-column` tells how.",
            ),
            (
                vec![lost(), ignored()],
                "SameGoal would leave out epoch/students.csv: the required column `Date of Birth` \
                 is missing, and `DOB` looks like it.",
                "2 errors in 2 files, 1,204 records. Mend epoch/students.csv:1:33 first: \
                 `samegoal-lint explain header/misnamed-column` tells how.",
            ),
            (
                vec![blank(), lost(), advice()],
                "Some records would be lost: too short.",
                "1 error, 1 warning, 1 piece of advice in 2 files, 1,204 records. Mend \
                 epoch/students.csv:3:1 first: `samegoal-lint explain csv/field-count` tells how.",
            ),
            (
                vec![blank()],
                "Nothing would be lost, but this is seldom meant: blank.",
                "1 warning in 2 files, 1,204 records. Mend epoch/guardians.csv:2:1 first: \
                 `samegoal-lint explain csv/blank-line` tells how.",
            ),
            (
                vec![blank(), advice()],
                "This is seldom meant: blank.",
                "1 warning, 1 piece of advice in 2 files, 1,204 records. Mend \
                 epoch/guardians.csv:2:1 first: `samegoal-lint explain csv/blank-line` tells how.",
            ),
            (
                vec![advice()],
                "Nothing was found that would keep SameGoal from loading this delivery, but there \
                 is advice: 12 students have none.",
                "1 piece of advice in 2 files, 1,204 records. Mend epoch first: `samegoal-lint \
                 explain link/no-guardians` tells how.",
            ),
        ] {
            let told = verdict(findings);
            assert_eq!(told[..2], [first, second]);
            assert_eq!(told.len(), 3);
        }
    }

    #[test]
    fn a_lowered_severity_lowers_the_voice() {
        let mut report = with_findings(vec![("epoch", MISSING_COMPLETE.finding().message("none"))]);
        report.found.rules[0].severity = Severity::Warning;
        report.found.findings[0].severity = Severity::Warning;
        assert_eq!(lines(&report, Values::Show)[0], "SameGoal may ignore this delivery: none.");
    }

    #[test]
    fn a_finding_that_was_not_kept_still_gives_the_verdict() {
        let vanished = |exceptional| VANISHED.finding().exceptional(exceptional).message("gone");
        let report = capped(vec![("epoch", vanished(true)), ("epoch", vanished(false))], 1);
        let told = lines(&report, Values::Show);
        assert_eq!(told[0], "Data that SameGoal already has may be deleted or overwritten.");
        assert_eq!(
            left_out(&report, 0).collect::<Vec<_>>(),
            ["… and 1 more drift/vanished-students in epoch"]
        );
    }

    #[test]
    fn masked_values_are_said_to_be_masked() {
        let message = Message::from("no such date: ").cell(private("13/31/2012", Content::Date));
        let report = with_findings(vec![("epoch", FIELD_COUNT.finding().message(message))]);
        let masked = lines(&report, Values::Mask);
        assert_eq!(masked[0], "Some records would be lost: no such date: 99/99/9999.");
        assert_eq!(masked[3], "Values are masked; `--values show` shows them.");
        let shown = lines(&report, Values::Show);
        assert_eq!(shown[0], "Some records would be lost: no such date: 13/31/2012.");
        assert_eq!(shown.len(), 3);
    }

    #[test]
    fn a_second_is_told_in_seconds() {
        for (elapsed, expected) in [(0, "(1 ms)"), (999, "(999 ms)"), (1234, "(1.2 s)")] {
            let elapsed = Some(Duration::from_millis(elapsed));
            assert_eq!(
                checked(&Report::default(), elapsed),
                format!("0 files, 0 records {expected}")
            );
        }
    }

    #[test]
    fn what_was_read_is_told_on_request() {
        let mut report = with_findings(Vec::new());
        report.targets[0].files[0].records = None;
        let told =
            |verbose| read(&report, &Options { verbose, ..Options::default() }).collect::<Vec<_>>();
        assert_eq!(
            told(true),
            [
                "Read epoch/guardians.csv as guardians.csv: 2,170 bytes, records not told apart.",
                "Read epoch/students.csv as students.csv: 2,170 bytes, 1,200 records.",
            ]
        );
        assert_eq!(told(false), Vec::<String>::new());
    }

    #[test]
    fn masked_is_the_default() {
        assert_eq!(Options::default().values, Values::Mask);
    }
}
