//! Repeats in one line: a defect of a column that is in every record is one thing to fix, and so
//! is one that many columns have for one reason.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use samegoal_schema::thousands;

use super::order::Order;
use super::reason::{MANY, Reason, is_misnamed, members};
use super::words::stands_for;
use super::{Options, Report, rename};
use crate::policy::Reported;
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

/// What is drawn of the findings, causes before what follows from them.
pub(super) struct Folded<'a> {
    pub(super) groups: Vec<Repeated<'a>>,
    /// A line for each rule and file with still more.
    pub(super) left_out: Vec<String>,
}

/// A finding, and those of the same rule, file and column after it; or, if there are many such
/// columns with one cause, those of all of them.
pub(super) struct Repeated<'a> {
    pub(super) first: &'a Reported,
    /// The first of each column or file, this one among them, if there are many.
    pub(super) columns: Vec<&'a Reported>,
    pub(super) rest: Rest,
}

/// Findings that are not drawn.
#[derive(Default)]
pub(super) struct Rest {
    count: u64,
    /// The first and the last line, as far as they have one.
    lines: Option<(u64, u64)>,
    /// Whether the line of some is unknown.
    open: bool,
}

/// A file or directory and a rule.
type Of<'a> = (&'a str, &'static str);

impl<'a> Folded<'a> {
    pub(super) fn new(report: &'a Report, options: &Options) -> Self {
        let found = &report.found;
        let most = options.max_findings;
        let order = Order::new(report);
        let groups = if options.verbose {
            order.sorted(found.shown(most)).into_iter().map(Grouped::of).collect()
        } else {
            joined(by_column(order.sorted(found.findings.iter()), Masker::new(options.values)))
        };
        let mut drawn: IndexMap<Of<'_>, usize> = IndexMap::new();
        let mut shown: IndexMap<Of<'_>, u64> = IndexMap::new();
        let mut kept = Vec::new();
        for group in groups {
            let drawn = drawn.entry(of(group.first)).or_default();
            if most > 0 && *drawn >= most {
                continue;
            }
            *drawn += 1;
            for (of, count) in &group.counts {
                *shown.entry(*of).or_default() += count;
            }
            kept.push(group);
        }
        let mut left_out = Vec::new();
        for total in &found.files {
            let of = (&*total.path, total.rule.name);
            let shown = shown.get(&of).copied().unwrap_or_default();
            let count = total.total().saturating_sub(shown);
            if count == 0 {
                continue;
            }
            let is_of = |group: &&mut Grouped<'_>| group.counts.contains_key(&of);
            let mut own = kept.iter_mut().filter(is_of).filter(|_| !options.verbose);
            match (own.next(), own.next()) {
                (Some(only), None) => only.rest.add_unseen(count),
                _ => left_out.push(format!(
                    "… and {} more {} in {}",
                    thousands(count),
                    total.rule.name,
                    visible(&total.path)
                )),
            }
        }
        let groups = kept.into_iter().map(|it| Repeated {
            first: it.first,
            columns: if it.columns.len() >= MANY { it.columns } else { Vec::new() },
            rest: it.rest,
        });
        Self { groups: groups.collect(), left_out }
    }
}

fn of(reported: &Reported) -> Of<'_> {
    (&reported.path, reported.finding.rule.name)
}

/// Findings that are shown together.
struct Grouped<'a> {
    first: &'a Reported,
    columns: Vec<&'a Reported>,
    rest: Rest,
    /// How many findings there are of each file.
    counts: IndexMap<Of<'a>, u64>,
}

impl<'a> Grouped<'a> {
    fn of(first: &'a Reported) -> Self {
        let counts = [(of(first), first.finding.count)].into();
        Self { first, columns: vec![first], rest: Rest::default(), counts }
    }

    fn add(&mut self, reported: &'a Reported) {
        self.rest.add(reported);
        *self.counts.entry(of(reported)).or_default() += reported.finding.count;
    }

    fn join(&mut self, other: Self) {
        self.rest.add(other.first);
        self.rest.join(&other.rest);
        self.columns.extend(other.columns);
        for (of, count) in other.counts {
            *self.counts.entry(of).or_default() += count;
        }
    }
}

fn by_column<'a>(sorted: Vec<&'a Reported>, masker: Masker) -> Vec<Grouped<'a>> {
    let mut groups: IndexMap<_, Grouped<'a>> = IndexMap::new();
    for reported in sorted {
        let field = reported.finding.location.as_ref().and_then(|it| it.field.as_ref());
        let key = (of(reported), field.map(|field| masker.message(field)));
        match groups.get_mut(&key) {
            Some(group) => group.add(reported),
            None => {
                groups.insert(key, Grouped::of(reported));
            }
        }
    }
    groups.into_values().collect()
}

/// The groups, with those of one cause as one if they are many.
fn joined(groups: Vec<Grouped<'_>>) -> Vec<Grouped<'_>> {
    let mut numbers: BTreeMap<Reason, usize> = BTreeMap::new();
    for group in &groups {
        *numbers.entry(Reason::of(group.first)).or_default() += 1;
    }
    let mut all: Vec<Grouped<'_>> = Vec::new();
    let mut places: BTreeMap<Reason, usize> = BTreeMap::new();
    for group in groups {
        let reason = Reason::of(group.first);
        if numbers.get(&reason).is_none_or(|number| *number < MANY) {
            all.push(group);
        } else if let Some(first) = places.get(&reason).and_then(|place| all.get_mut(*place)) {
            first.join(group);
        } else {
            places.insert(reason, all.len());
            all.push(group);
        }
    }
    all
}

impl Repeated<'_> {
    /// Whether it stands for headers of a file that are all to be renamed.
    pub(super) fn renames(&self) -> bool {
        !self.columns.is_empty() && is_misnamed(self.first)
    }

    pub(super) fn message(&self, masker: Masker) -> String {
        if self.renames() {
            let number = self.columns.len();
            return format!("{number} column names are not exact");
        }
        masker.message(&self.first.finding.message)
            + &stands_for(&self.first.finding).unwrap_or_default()
    }

    /// What SameGoal does with it, and how to fix it.
    pub(super) fn help(&self, masker: Masker) -> String {
        if self.renames() {
            return "SameGoal looks up columns by their exact names; without a required one, it may \
                    ignore the file. Rename the headers at their source: in the query, in the \
                    export template of the student information system, or in the first row of \
                    the spreadsheet."
                .to_owned();
        }
        masker.message(&self.first.finding.help)
    }

    /// The columns and files that it stands for, a line each for those that may be wrapped.
    pub(super) fn members(&self) -> Vec<String> {
        if self.columns.is_empty() || self.renames() {
            return Vec::new();
        }
        members(self.columns.iter().copied()).lines()
    }

    /// Lines that must stay as they are: a table, and commands to copy.
    pub(super) fn commands(&self) -> Vec<String> {
        if self.renames() { rename::lines(&self.columns) } else { Vec::new() }
    }

    /// What is said of those that are not drawn, if there are any.
    pub(super) fn rest(&self) -> Option<String> {
        if self.renames() { None } else { self.rest.line() }
    }
}

impl Rest {
    fn add(&mut self, reported: &Reported) {
        self.count += reported.finding.count;
        match &reported.finding.location {
            None => self.open = true,
            Some(place) => {
                let (first, last) = self.lines.unwrap_or((place.line, place.line));
                self.lines = Some((first.min(place.line), last.max(place.line)));
            }
        }
    }

    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.open |= other.open;
        if let Some((first, last)) = other.lines {
            let (least, most) = self.lines.unwrap_or((first, last));
            self.lines = Some((least.min(first), most.max(last)));
        }
    }

    fn add_unseen(&mut self, count: u64) {
        self.count += count;
        self.open = true;
    }

    pub(super) fn line(&self) -> Option<String> {
        let place = match self.lines {
            None => String::new(),
            Some((first, last)) if !self.open && first == last => {
                format!(" in line {}", thousands(first))
            }
            Some((first, _)) if self.open => format!(" from line {} on", thousands(first)),
            Some((first, last)) => format!(" in lines {}–{}", thousands(first), thousands(last)),
        };
        (self.count > 0).then(|| format!("… and {} more like this{place}", thousands(self.count)))
    }
}

#[cfg(test)]
mod tests {
    use samegoal_schema::{Finding, Location};

    use super::*;
    use crate::report::sample::{FIELD_COUNT, MISSING_COMPLETE, at, capped};

    fn finding(line: u64, field: &'static str) -> (&'static str, Finding) {
        let place = Location { field: Some(field.into()), ..at(line, 1) };
        ("x.csv", FIELD_COUNT.finding().at(place))
    }

    fn folded(report: &Report, max_findings: usize, verbose: bool) -> (Vec<String>, Vec<String>) {
        let options = Options { verbose, max_findings, ..Options::default() };
        let folded = Folded::new(report, &options);
        let rest = |group: &Repeated<'_>| group.rest.line().unwrap_or_default();
        (folded.groups.iter().map(rest).collect(), folded.left_out)
    }

    fn one(rest: &str) -> (Vec<String>, Vec<String>) {
        (vec![rest.to_owned()], vec![])
    }

    #[test]
    fn repeats_are_a_line() {
        for (lines, expected) in [
            (1..=1, ""),
            (1..=2, "… and 1 more like this in line 2"),
            (1..=900, "… and 899 more like this in lines 2–900"),
            (1..=4212, "… and 4,211 more like this from line 2 on"),
        ] {
            let report = capped(lines.map(|line| finding(line, "a")).collect(), 1000);
            assert_eq!(folded(&report, 20, false), one(expected));
        }
    }

    #[test]
    fn without_a_place_there_is_a_number() {
        let report = capped((0..3).map(|_| ("x", MISSING_COMPLETE.finding())).collect(), 1000);
        assert_eq!(folded(&report, 20, false), one("… and 2 more like this"));
    }

    #[test]
    fn columns_are_distinguished() {
        let fields = ["a", "b", "c"].into_iter().cycle();
        let findings = (1..=6).zip(fields).map(|(line, field)| finding(line, field)).collect();
        let report = capped(findings, 1000);
        let (rest, left_out) = folded(&report, 20, false);
        assert_eq!(rest.len(), 3);
        assert_eq!(rest[1], "… and 1 more like this in line 5");
        assert!(left_out.is_empty());
        let (rest, left_out) = folded(&report, 2, false);
        assert_eq!(
            (rest.len(), &*left_out),
            (2, &["… and 2 more csv/field-count in x.csv".into()][..])
        );
    }

    #[test]
    fn on_request_every_repeat_is_drawn() {
        let report = capped((1..=30).map(|line| finding(line, "a")).collect(), 1000);
        let (rest, left_out) = folded(&report, 20, true);
        assert!(rest.len() == 20 && rest.iter().all(String::is_empty));
        assert_eq!(left_out, ["… and 10 more csv/field-count in x.csv"]);
    }
}
