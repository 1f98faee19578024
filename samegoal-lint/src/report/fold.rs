//! Repeats, told in a line: a defect of a column that is in every record is one thing to mend.

use indexmap::IndexMap;
use samegoal_schema::thousands;

use super::{Options, Report};
use crate::escape::visible;
use crate::mask::Masker;
use crate::policy::Reported;

/// What is drawn of the findings, the most urgent first.
pub(super) struct Folded<'a> {
    pub(super) groups: Vec<Repeated<'a>>,
    /// A line for each rule and file of which there is still more.
    pub(super) left_out: Vec<String>,
}

/// A finding, and those of the same rule, file and column after it.
pub(super) struct Repeated<'a> {
    pub(super) first: &'a Reported,
    pub(super) rest: Rest,
}

/// Findings that are not drawn.
#[derive(Default)]
pub(super) struct Rest {
    count: u64,
    /// The first and the last line, as far as they have one.
    lines: Option<(u64, u64)>,
    /// Whether there are some of which nobody knows the line.
    open: bool,
}

impl<'a> Folded<'a> {
    pub(super) fn new(report: &'a Report, options: &Options) -> Self {
        let found = &report.found;
        let masker = Masker::new(options.values);
        let most = options.max_findings;
        let mut sorted: Vec<_> = if options.verbose {
            found.shown(most).collect()
        } else {
            found.findings.iter().collect()
        };
        sorted.sort_by_key(|reported| reported.urgency());
        let mut groups: IndexMap<_, Repeated<'_>> = IndexMap::new();
        let mut drawn: IndexMap<_, usize> = IndexMap::new();
        let mut told: IndexMap<_, u64> = IndexMap::new();
        for (number, reported) in sorted.into_iter().enumerate() {
            let of = (&*reported.path, reported.finding.rule.name);
            let field = reported.finding.location.as_ref().and_then(|it| it.field.as_ref());
            let field = field.map(|field| masker.message(field));
            let key = (of, field, if options.verbose { number } else { 0 });
            if let Some(group) = groups.get_mut(&key) {
                group.rest.add(reported);
            } else {
                let drawn = drawn.entry(of).or_default();
                if most > 0 && *drawn >= most {
                    continue;
                }
                *drawn += 1;
                groups.insert(key, Repeated { first: reported, rest: Rest::default() });
            }
            *told.entry(of).or_default() += 1;
        }
        let mut left_out = Vec::new();
        for total in &found.files {
            let of = (&*total.path, total.rule.name);
            let count = total.total() - told.get(&of).copied().unwrap_or_default();
            if count == 0 {
                continue;
            }
            let mut own = groups.iter_mut().filter(|(key, _)| key.0 == of && !options.verbose);
            match (own.next(), own.next()) {
                (Some((_, only)), None) => only.rest.add_unseen(count),
                _ => left_out.push(format!(
                    "… and {} more {} in {}",
                    thousands(count),
                    total.rule.name,
                    visible(&total.path)
                )),
            }
        }
        Self { groups: groups.into_values().collect(), left_out }
    }
}

impl Rest {
    fn add(&mut self, reported: &Reported) {
        self.count += 1;
        match &reported.finding.location {
            None => self.open = true,
            Some(place) => {
                let (first, last) = self.lines.unwrap_or((place.line, place.line));
                self.lines = Some((first.min(place.line), last.max(place.line)));
            }
        }
    }

    fn add_unseen(&mut self, count: u64) {
        self.count += count;
        self.open = true;
    }

    /// What is to be said of them, if there are any.
    pub(super) fn line(&self) -> Option<String> {
        let place = match self.lines {
            None => String::new(),
            Some((first, _)) if self.open => format!(" from line {} on", thousands(first)),
            Some((first, last)) if first == last => format!(" in line {}", thousands(first)),
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
    fn columns_are_told_apart() {
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
