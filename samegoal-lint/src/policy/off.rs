//! What the user took out of force: rules that report nothing, findings that weigh less than they
//! would, findings that are accepted. None of it may go unsaid, or a clean run is not what it seems.

use crate::rules::RULES;
use indexmap::IndexMap;
use samegoal_schema::{Consequence, Rule};

use super::{Level, Policy};

/// Checks that do not count as they would by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Off {
    /// What does not count.
    pub what: Withheld,
    /// The rules, in the order of the list of all.
    pub rules: Vec<&'static str>,
    /// How many findings there were, where they are counted: those that weigh less, and those that
    /// are accepted.
    pub count: Option<u64>,
    /// Who said so.
    pub by: By,
    /// The configuration, where several are in force.
    pub config: Option<String>,
    /// The only file in which it holds, by its name in the configuration.
    pub file: Option<String>,
    /// The only column in which it holds.
    pub column: Option<String>,
    /// Whether one of them is needed to say that everything is loaded.
    is_serious: bool,
}

/// What does not count as it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Withheld {
    /// Rules that report nothing.
    Rules,
    /// Rules whose findings weigh less.
    Severities,
    /// Findings that are accepted.
    Findings,
}

/// Where the user said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// An option of this run.
    CommandLine,
    /// The configuration.
    Configuration,
}

impl Withheld {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Severities => "severities",
            Self::Findings => "findings",
        }
    }
}

impl Off {
    fn new(what: Withheld, by: By) -> Self {
        Self {
            what,
            rules: Vec::new(),
            count: (what != Withheld::Rules).then_some(0),
            by,
            config: None,
            file: None,
            column: None,
            is_serious: false,
        }
    }

    /// Findings that were accepted.
    pub(super) fn accepted(rules: Vec<&'static str>, count: u64) -> Self {
        Self { rules, count: Some(count), ..Self::new(Withheld::Findings, By::Configuration) }
    }

    /// How it came about: `turned off on the command line`.
    pub fn why(&self) -> String {
        let done = match self.what {
            Withheld::Rules => "turned off",
            Withheld::Severities => "lowered",
            Withheld::Findings => "accepted",
        };
        let by = match (self.by, &self.config) {
            (By::CommandLine, _) => "on the command line".to_owned(),
            (By::Configuration, None) => "in the configuration".to_owned(),
            (By::Configuration, Some(path)) => format!("in {path}"),
        };
        match (&self.file, &self.column) {
            (Some(file), Some(column)) => format!("{done} {by} for `{column}` of {file}"),
            (Some(file), None) => format!("{done} {by} for {file}"),
            (None, _) => format!("{done} {by}"),
        }
    }

    /// Names the configuration that it is from, unless it is named already.
    pub(crate) fn name_configuration(&mut self, path: Option<&str>) {
        if self.by == By::Configuration && self.config.is_none() {
            self.config = path.map(str::to_owned);
        }
    }

    /// Adds the findings of another run, if it is out of force there for the same reason.
    pub(super) fn absorb(&mut self, other: &Self) -> bool {
        let is_same = *self == Self { count: self.count, ..other.clone() };
        if is_same {
            self.count = self.count.zip(other.count).map(|(one, other)| one + other);
        }
        is_same
    }

    /// Whether SameGoal may lose or ignore something that the rules would have reported.
    pub fn is_serious(&self) -> bool {
        self.is_serious
    }

    /// The rules in few words: a group that is all off by its name, and at most `most` names.
    pub fn names(&self, most: usize) -> String {
        let mut names: Vec<&str> = Vec::new();
        for name in &self.rules {
            let group = name.split_once('/').map_or(*name, |(group, _)| group);
            let mut siblings = RULES.iter().filter(|rule| rule.group() == group);
            if siblings.all(|rule| self.rules.contains(&rule.name)) {
                if names.last() != Some(&group) {
                    names.push(group);
                }
            } else {
                names.push(name);
            }
        }
        let more = names.len().saturating_sub(most);
        names.truncate(most);
        let names = names.join(", ");
        if more > 0 { format!("{names} and {more} more") } else { names }
    }
}

impl Policy {
    /// What is out of force in files that [`is_read`](Fn) knows, with the number of findings of a
    /// rule that weigh less.
    pub(super) fn off(
        &self,
        is_read: &dyn Fn(&str) -> bool,
        lowered: &IndexMap<&'static str, u64>,
    ) -> Vec<Off> {
        let mut all: IndexMap<_, Off> = IndexMap::new();
        for &rule in RULES {
            let mut note = |level: Level, by: By, file: Option<&str>, column: Option<&str>| {
                let what = match level {
                    Level::Off => Withheld::Rules,
                    Level::At(severity) if severity < rule.severity => Withheld::Severities,
                    Level::At(_) => return,
                };
                let key = (what, by, file.map(str::to_owned), column.map(str::to_owned));
                let off = all.entry(key).or_insert_with_key(|(what, by, file, column)| Off {
                    file: file.clone(),
                    column: column.clone(),
                    ..Off::new(*what, *by)
                });
                off.rules.push(rule.name);
                off.is_serious |= what == Withheld::Rules && loses(rule);
                if let Some(count) = &mut off.count {
                    *count += lowered.get(rule.name).copied().unwrap_or_default();
                }
            };
            if let Some(level) = self.commanded(rule) {
                note(level, By::CommandLine, None, None);
                continue;
            }
            if let Some(level) = self.configured(rule) {
                note(level, By::Configuration, None, None);
            }
            for it in self.scoped.iter().filter(|it| it.rule.matches(rule) && is_read(&it.file)) {
                note(it.level, By::Configuration, Some(&it.file), it.column.as_deref());
            }
        }
        all.into_values().collect()
    }
}

/// Whether the rule reports what SameGoal loses or ignores.
fn loses(rule: &Rule) -> bool {
    let exceptions = rule.exceptions.iter().map(|it| it.consequence);
    exceptions.chain([rule.consequence]).any(|it| it <= Consequence::ValueLost)
}

#[cfg(test)]
mod tests {
    use samegoal_schema::Severity;

    use super::super::{Scoped, Selector};
    use super::*;

    fn selector(name: &str) -> Selector {
        Selector::parse(name).unwrap()
    }

    fn off(policy: &Policy) -> Vec<(String, String, bool)> {
        let off = policy.off(&|file| file == "students.csv", &IndexMap::new());
        off.iter().map(|it| (it.names(3), it.why(), it.is_serious())).collect()
    }

    fn one(names: &str, why: &str, is_serious: bool) -> Vec<(String, String, bool)> {
        vec![(names.to_owned(), why.to_owned(), is_serious)]
    }

    #[test]
    fn whatever_turns_a_rule_off_is_named() {
        let usual = Policy::default;
        assert!(off(&usual()).is_empty());
        let command = "turned off on the command line";
        for policy in [
            Policy { ignore: vec![selector("value/impossible-date")], ..usual() },
            Policy { overrides: vec![(selector("value/impossible-date"), Level::Off)], ..usual() },
        ] {
            assert_eq!(off(&policy), one("value/impossible-date", command, true));
        }
        let policy = Policy { ignore: vec![selector("value/padded")], ..usual() };
        assert_eq!(off(&policy), one("value/padded", command, false));
        let policy = Policy { ignore: vec![selector("drift"), selector("link")], ..usual() };
        assert_eq!(off(&policy), one("link, drift", command, true));
        let policy = Policy { configured: vec![(selector("link"), Level::Off)], ..usual() };
        assert_eq!(off(&policy), one("link", "turned off in the configuration", true));
        let policy = Policy { select: vec![selector("layout")], ..usual() };
        let [(names, ..)] = &off(&policy)[..] else { panic!() };
        assert!(names.starts_with("csv, header, value and "), "{names}");
    }

    #[test]
    fn one_file_or_column_is_named_where_it_is_read() {
        let scoped = |file: &str, column: Option<&str>| Policy {
            scoped: vec![Scoped {
                rule: selector("value/bad-date"),
                file: file.to_owned(),
                column: column.map(str::to_owned),
                level: Level::Off,
            }],
            ..Policy::default()
        };
        let why = "turned off in the configuration for ";
        for (column, of) in [(None, ""), (Some("Date of Birth"), "`Date of Birth` of ")] {
            let expected = one("value/bad-date", &format!("{why}{of}students.csv"), true);
            assert_eq!(off(&scoped("students.csv", column)), expected);
        }
        assert!(off(&scoped("guardians.csv", None)).is_empty());
    }

    #[test]
    fn what_weighs_less_is_named_and_what_weighs_more_is_not() {
        let at = |severity| Policy {
            overrides: vec![(selector("value/padded"), Level::At(severity))],
            ..Policy::default()
        };
        let lowered = one("value/padded", "lowered on the command line", false);
        assert_eq!(off(&at(Severity::Advice)), lowered);
        assert!(off(&at(Severity::Error)).is_empty());
    }
}
