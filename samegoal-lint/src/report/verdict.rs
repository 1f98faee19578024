//! The closing lines: what SameGoal would do with the delivery, how much was found, what to fix
//! first, and what was not checked.

use std::fmt::Write;
use std::time::Duration;

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Severity, thousands};

use super::order::{Order, weight};
use super::part::Part;
use super::{Changes, Fixed, Kind, Options, Report, Target, plural};
use crate::policy::Withheld;
use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::text::escape::visible;

mod extent;
mod next;

/// The most rules that a sentence names.
const NAMED_RULES: usize = 6;

/// The lines, without line ends. A clean run has two.
pub fn lines(report: &Report, options: &Options) -> Vec<String> {
    let mut lines = opening(report, options);
    lines.extend(closing(report, options));
    lines
}

/// What was not checked, what was staged, and that values are masked.
pub(super) fn closing(report: &Report, options: &Options) -> Vec<String> {
    let mut lines = vec![not_checked(report) + &beside(report)];
    lines.extend(staged(report));
    lines.extend(masked(report, options).map(str::to_owned));
    lines.extend(changes(report));
    lines
}

/// What has changed among the students since the delivery before, a line for each that was compared.
pub(super) fn changes(report: &Report) -> impl Iterator<Item = String> {
    let is_one = report.targets.len() == 1;
    report.compared.iter().filter_map(move |it| {
        let Changes { new, gone, total } = it.changes?;
        let (new, gone, total) = (plural(new, "student"), thousands(gone), thousands(total));
        let line = format!("{new} new, {gone} gone, {total} in all.");
        Some(if is_one { line } else { format!("{}: {line}", visible(&it.target)) })
    })
}

/// The verdict and, if anything was found, the sums with the next step.
pub(super) fn opening(report: &Report, options: &Options) -> Vec<String> {
    let masker = Masker::new(options.values);
    let order = Order::new(report);
    let checked = checked(report, options.elapsed);
    let part = Part::whole(report);
    if part.totals.is_empty() {
        return vec![format!("{}: {checked}.", harmless(report, None))];
    }
    let step = next::step(report, &order, masker).map(|step| format!(" {step}"));
    let sums = format!("{} in {}{checked}", part.counts(), failing(report));
    let sums = format!("{sums}{}.{}", fixable(report), step.unwrap_or_default());
    vec![sentence(report, &order, masker), sums]
}

/// That values are masked, where some may be.
pub(super) fn masked(report: &Report, options: &Options) -> Option<&'static str> {
    let masked = if options.pins_mask {
        "Values are masked, as the configuration or the environment demands."
    } else {
        "Values are masked; `--values show` shows them."
    };
    (options.values == Values::Mask && !report.found.findings.is_empty()).then_some(masked)
}

/// A line for each rule and file with more findings than `most`, the number shown.
pub fn left_out(report: &Report, most: usize) -> impl Iterator<Item = String> {
    report.found.left_out(most).map(|left| {
        let (count, path) = (thousands(left.count), visible(left.path));
        format!("… and {count} more {} in {path}", left.rule.name)
    })
}

/// A line for each file that was read, if more is shown.
pub fn read(report: &Report, options: &Options) -> impl Iterator<Item = String> {
    report.files().filter(|_| options.verbose).map(|file| {
        let (path, name) = (visible(&file.path), visible(&file.as_name));
        let records = file
            .records
            .map_or_else(|| "records not separated".to_owned(), |it| plural(it, "record"));
        format!("Read {path} as {name}: {}, {records}.", plural(file.bytes, "byte"))
    })
}

/// What SameGoal would do, in a sentence: of several deliveries with the one that fares worst.
pub(super) fn sentence<'a>(report: &'a Report, order: &Order<'a>, masker: Masker) -> String {
    let parts = Part::deliveries(report);
    let worst = parts.iter().filter(|part| !part.totals.is_empty()).min_by_key(|part| {
        part.weightiest().map(|(severity, consequence)| weight(severity, consequence))
    });
    // What is wrong with the configuration is in no delivery.
    let whole = Part::whole(report);
    let part = worst.filter(|part| part.weightiest() == whole.weightiest()).unwrap_or(&whole);
    sentence_of(report, part, order, masker)
}

/// What SameGoal would do with a part.
pub(super) fn sentence_of<'a>(
    report: &'a Report,
    part: &Part<'a>,
    order: &Order<'a>,
    masker: Masker,
) -> String {
    let Some((severity, consequence)) = part.weightiest() else {
        return harmless(report, part.target) + ".";
    };
    let first = part.first(order, severity, consequence);
    if let Some(reported) = first.filter(|it| report.says_no_delivery(it)) {
        let message = masker.message(&reported.finding.message);
        return format!("The PATH {message}. SameGoal would find nothing to load there.");
    }
    let mut verdict = match severity {
        // What the user made light of is lost all the same.
        Severity::Advice if consequence < Consequence::Suspicious && has_lowered(report) => {
            outcome(report, part, (severity, consequence), "may")
        }
        Severity::Advice if report.found.fails(severity) => "There is advice".to_owned(),
        Severity::Advice => format!("{}, but there is advice", harmless(report, part.target)),
        Severity::Warning => outcome(report, part, (severity, consequence), "may"),
        Severity::Error => outcome(report, part, (severity, consequence), "would"),
    };
    if let Some(reported) = first
        && !reported.finding.message.is_empty()
    {
        let message = masker.message(&reported.finding.message);
        let _ = write!(verdict, ": {}", message.trim_end_matches('.'));
    }
    verdict.push('.');
    let risks = part.of_weight(Severity::Warning, Consequence::DataAtRisk).next().is_some();
    if risks && severity == Severity::Error && consequence != Consequence::DataAtRisk {
        verdict.push_str(" Data that SameGoal already has may also be at risk.");
    }
    verdict
}

/// Whether something that was found weighs less than by itself.
fn has_lowered(report: &Report) -> bool {
    let lowered = report.found.off.iter().filter(|off| off.what == Withheld::Severities);
    lowered.filter_map(|off| off.count).any(|count| count > 0)
}

/// What SameGoal does with a defect of that weight; how surely, the severity decides.
fn outcome(
    report: &Report,
    part: &Part<'_>,
    (severity, consequence): (Severity, Consequence),
    may: &str,
) -> String {
    let what = subject(report, part.target);
    match consequence {
        Consequence::DataAtRisk => {
            let what = if part.target.is_some() { what } else { capital(&what) };
            format!(
                "{what} {may} put data that SameGoal already has at risk of being deleted or \
                 overwritten"
            )
        }
        Consequence::DeliveryIgnored => format!("SameGoal {may} ignore {what}"),
        Consequence::FileIgnored => {
            format!("SameGoal {may} ignore {}", extent::files(part, severity))
        }
        Consequence::RecordLost => {
            let records = extent::records(part, severity).unwrap_or("some records".to_owned());
            let of = match part.target {
                Some(target) => format!(" of {}", visible(&target.path)),
                None => String::new(),
            };
            format!("{}{of} {may} not be loaded", capital(&records))
        }
        Consequence::ValueLost => {
            format!("{} {may} be lost", extent::values(part, severity))
        }
        Consequence::Suspicious if severity == Severity::Error => {
            format!("Something in {what} must be fixed before it is uploaded")
        }
        Consequence::Suspicious => {
            let is_all = part.worst() == Some(Consequence::Suspicious);
            let is_harmless = is_all && !report.found.failed && !report.found.has_serious_off();
            let nothing =
                if is_harmless { "Nothing would be lost, but something" } else { "Something" };
            format!("{nothing} in {what} looks wrong")
        }
    }
}

/// What was checked, within a sentence.
fn subject(report: &Report, target: Option<&Target>) -> String {
    if let Some(target) = target {
        return visible(&target.path).into_owned();
    }
    let single =
        !report.targets.is_empty() && report.targets.iter().all(|it| it.kind == Kind::File);
    let what = match (single, report.targets.len(), Part::deliveries(report).is_empty()) {
        (true, 1, _) => "this file",
        (true, ..) => "these files",
        (false, _, true) => "this delivery",
        (false, _, false) => "these deliveries",
    };
    what.to_owned()
}

fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(letter) = text.get_mut(..1) {
        letter.make_ascii_uppercase();
    }
    text
}

/// That nothing weighty was found, and by what.
fn harmless(report: &Report, target: Option<&Target>) -> String {
    let what = subject(report, target);
    let nothing = if report.found.has_serious_off() {
        "The rules that are on found nothing"
    } else {
        "Nothing was found"
    };
    if report.found.accepted > 0 {
        return format!("{nothing} in {what} except what the configuration accepts");
    }
    format!("{nothing} that would keep SameGoal from loading {what}")
}

/// `2 of 50 deliveries, `, where there are several.
fn failing(report: &Report) -> String {
    let parts = Part::deliveries(report);
    let Some(severity) = Part::whole(report).weightiest().map(|(severity, _)| severity) else {
        return String::new();
    };
    let having = parts.iter().filter(|part| part.count(severity) > 0).count();
    match parts.len() {
        0 => String::new(),
        number if parts.iter().any(|it| it.target.is_some_and(|it| it.is_no_delivery)) => {
            format!("{having} of {number} paths, ")
        }
        number => format!("{having} of {number} deliveries, "),
    }
}

/// How many findings `stage` would fix, for a run that only lints.
fn fixable(report: &Report) -> String {
    let number = report.found.fixable();
    let are = if number == 1 { "is" } else { "are" };
    if number > 0 && report.fixes.is_empty() && report.staged.is_empty() {
        format!("; {} {are} fixed by `stage`", thousands(number))
    } else {
        String::new()
    }
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
    for off in report.found.off.iter().filter(|off| off.what == Withheld::Severities) {
        let (why, names) = (off.why(), visible(&off.names(NAMED_RULES)).into_owned());
        let found = plural(off.count.unwrap_or_default(), "finding");
        let _ = write!(text, " Severity of {names} {why} ({found}).");
    }
    if report.found.accepted > 0 {
        let are = if report.found.accepted == 1 { "is" } else { "are" };
        let found = plural(report.found.accepted, "finding");
        let _ = write!(text, " {found} {are} accepted.");
    }
    text
}

/// What was fixed in copies and what was staged; nothing for a run that only lints.
pub(super) fn staged(report: &Report) -> Vec<String> {
    let mut sentences: Vec<_> = fixed(report).into_iter().collect();
    if !report.staged.is_empty() {
        let paths: Vec<_> = report.staged.iter().map(|path| visible(path)).collect();
        sentences.push(format!("Staged: {}.", paths.join(", ")));
    }
    sentences
}

/// What was fixed in the copies, if anything was.
fn fixed(report: &Report) -> Option<String> {
    let mut files: IndexMap<&str, Vec<String>> = IndexMap::new();
    for Fixed { path, fix, count, .. } in &report.fixes {
        let fix = format!("{} {} ({})", thousands(*count), fix.name, fix.level);
        files.entry(path).or_default().push(fix);
    }
    let files: Vec<_> = files
        .iter()
        .map(|(path, fixes)| format!("{}: {}", visible(path), fixes.join(", ")))
        .collect();
    (!files.is_empty()).then(|| format!("Fixed in the copy: {}.", files.join("; ")))
}

/// One line, whatever there is: what is not checked for the same reason stands together.
fn not_checked(report: &Report) -> String {
    const NAMED: usize = 3;
    let mut groups: IndexMap<_, Vec<&str>> = IndexMap::new();
    for it in &report.not_checked {
        groups.entry((&*it.what, &*it.why, &*it.remedy)).or_default().push(&it.path);
    }
    let off = report.found.off.iter().filter(|off| off.what == Withheld::Rules);
    let off = off.map(|off| {
        let rules = if off.rules.len() == 1 { "rule" } else { "rules" };
        format!("{rules} {} ({})", visible(&off.names(NAMED_RULES)), visible(&off.why()))
    });
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
        .chain(off)
        .collect();
    if groups.is_empty() {
        return "Everything that can be checked was checked.".to_owned();
    }
    format!("Not checked: {}.", groups.join("; "))
}

#[cfg(test)]
mod tests;
