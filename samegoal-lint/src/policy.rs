//! Which findings are reported, how much each weighs, and how many are kept.
//!
//! A [`Policy`] is what the user wants; a [`Collector`] applies it while findings come in, so that a
//! file of five million bad records costs no memory; [`Found`] is what is left at the end.

use std::fmt;
use std::str::FromStr;

use crate::rules::RULES;
use samegoal_schema::{Rule, Severity, Variant};

use samegoal_schema::text::escape::visible;

mod accepting;
mod collector;
mod found;
mod off;
mod scope;

pub use collector::{Collector, Fixing};
pub(crate) use found::SEVERITIES;
pub use found::{Census, FileTotal, Found, LeftOut, Reported, RuleTotal};
pub use off::{By, Off, Withheld};
pub use scope::{Accepted, Scope, Scoped};

/// What the user wants to have reported, and how.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Severities other than the rules' own. A rule's name beats its group's; of one name, the
    /// last beats the others. An override also beats the rule's exceptions.
    pub overrides: Vec<(Selector, Level)>,
    /// Severities that a configuration gives: as `overrides`, which go before them.
    pub configured: Vec<(Selector, Level)>,
    /// Severities in one file or one column only. They go before `configured`, and come after
    /// `overrides`.
    pub scoped: Vec<Scoped>,
    /// Findings that are not reported until there are more of them.
    pub accepted: Vec<Accepted>,
    /// Whether to count the findings by rule, file and column, which [`Found::census`] is made of.
    pub takes_census: bool,
    /// The rules to report; empty for all.
    pub select: Vec<Selector>,
    /// The rules not to report, whatever [`select`](Self::select) says.
    pub ignore: Vec<Selector>,
    /// The most findings of one rule that are kept for one file; 0 for all. Totals are exact
    /// whatever the number. The default is [`TEXT_CAP`](Self::TEXT_CAP).
    pub max_findings: usize,
    /// The severity from which on a finding fails the run; `None` if none does. The default is
    /// [`Severity::Error`].
    pub fail_on: Option<Severity>,
}

impl Policy {
    /// The usual [`max_findings`](Self::max_findings) of reports for people.
    pub const TEXT_CAP: usize = 20;
    /// The usual [`max_findings`](Self::max_findings) of a page that can be searched.
    pub const PAGE_CAP: usize = 100;
    /// The usual [`max_findings`](Self::max_findings) of reports for programs.
    pub const DATA_CAP: usize = 1000;

    /// How a rule's findings weigh, and whether they are reported at all.
    pub fn level(&self, rule: &Rule, variant: Variant) -> Level {
        self.level_in(rule, variant, &Scope::default())
    }

    /// As [`level`](Self::level), for findings in one file or column.
    pub fn level_in(&self, rule: &Rule, variant: Variant, scope: &Scope<'_>) -> Level {
        self.commanded(rule)
            .or_else(|| scope::scoped(&self.scoped, rule, scope))
            .or_else(|| self.configured(rule))
            .unwrap_or(Level::At(rule.weight(variant).0))
    }

    /// The level that the command line gives, if it says anything.
    fn commanded(&self, rule: &Rule) -> Option<Level> {
        let is_on = self.select.is_empty() || named(&self.select, rule);
        if named(&self.ignore, rule) || !is_on {
            return Some(Level::Off);
        }
        narrowest(&self.overrides, rule)
    }

    /// The level that the configuration gives for all files, if it says anything.
    fn configured(&self, rule: &Rule) -> Option<Level> {
        narrowest(&self.configured, rule)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            overrides: Vec::new(),
            configured: Vec::new(),
            scoped: Vec::new(),
            accepted: Vec::new(),
            takes_census: false,
            select: Vec::new(),
            ignore: Vec::new(),
            max_findings: Self::TEXT_CAP,
            fail_on: Some(Severity::Error),
        }
    }
}

fn named(list: &[Selector], rule: &Rule) -> bool {
    list.iter().any(|selector| selector.matches(rule))
}

/// The last level that the list gives the rule or, if there is none, its group.
fn narrowest(list: &[(Selector, Level)], rule: &Rule) -> Option<Level> {
    let latest = |name: &str| {
        list.iter().rev().find(|(selector, _)| selector.name == name).map(|(_, level)| *level)
    };
    latest(rule.name).or_else(|| latest(rule.group()))
}

/// A rule or a group of rules, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Selector {
    name: &'static str,
}

impl Selector {
    /// The rule or group of that name.
    ///
    /// # Errors
    ///
    /// [`PolicyError::UnknownRule`] if there is neither.
    pub fn parse(name: &str) -> Result<Self, PolicyError> {
        Self::all()
            .find(|known| known.name == name)
            .ok_or_else(|| PolicyError::UnknownRule(UnknownName::new(name, names())))
    }

    /// Every rule and every group, each group before its rules.
    pub fn all() -> impl Iterator<Item = Self> {
        names().map(|name| Self { name })
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        self.name
    }

    /// Whether this is the rule, or its group.
    pub fn matches(self, rule: &Rule) -> bool {
        self.name == rule.name || self.name == rule.group()
    }
}

/// The names of the rules, each group's before those of its rules.
fn names() -> impl Iterator<Item = &'static str> {
    let mut group = "";
    RULES.iter().flat_map(move |rule| {
        let first = (rule.group() != group).then(|| rule.group());
        group = rule.group();
        first.into_iter().chain([rule.name])
    })
}

/// A rule or group with the level that it is given, as in `csv/blank-line=off`.
///
/// # Errors
///
/// [`PolicyError`] if the form is another, or one of the names is unknown.
///
/// ```
/// use samegoal_lint::policy::{PolicyError, parse_override};
/// assert!(matches!(parse_override("csv/blank-line"), Err(PolicyError::NoLevel(_))));
/// ```
pub fn parse_override(text: &str) -> Result<(Selector, Level), PolicyError> {
    let (name, level) =
        text.split_once('=').ok_or_else(|| PolicyError::NoLevel(visible(text).into_owned()))?;
    Ok((Selector::parse(name.trim())?, level.trim().parse()?))
}

/// How much a finding weighs, if it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Neither reported nor counted.
    Off,
    /// Reported at this severity.
    At(Severity),
}

impl FromStr for Level {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        match text {
            "off" => Ok(Self::Off),
            "advice" => Ok(Self::At(Severity::Advice)),
            "warning" => Ok(Self::At(Severity::Warning)),
            "error" => Ok(Self::At(Severity::Error)),
            _ => Err(PolicyError::UnknownLevel(visible(text).into_owned())),
        }
    }
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// There is no rule and no group of that name.
    #[error("there is no rule or group {0}; `samegoal-lint rules` lists them")]
    UnknownRule(UnknownName),
    /// There is no severity of that name.
    #[error("`{0}` is not a severity: use error, warning, advice or off")]
    UnknownLevel(String),
    /// The level is missing.
    #[error("`{0}` has no severity: write RULE=error, RULE=warning, RULE=advice or RULE=off")]
    NoLevel(String),
}

/// A name that is not known, and the known ones that it may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The name, made visible.
    pub name: String,
    /// Up to three known names, the nearest first.
    pub nearest: Vec<String>,
}

impl UnknownName {
    /// Looks for known names that are near `name`.
    pub(crate) fn new(name: &str, known: impl IntoIterator<Item: AsRef<str>>) -> Self {
        const NEAR: f64 = 0.85;
        // The search takes the product of the lengths; no one mistypes a thousand characters.
        let typed: String = name.chars().take(100).collect::<String>().to_ascii_lowercase();
        let mut nearest: Vec<_> = known
            .into_iter()
            .map(|known| {
                let known = known.as_ref();
                let lower = known.to_ascii_lowercase();
                let whole = strsim::jaro_winkler(&typed, &lower);
                // `unclosed-quote` for `csv/unclosed-quote`
                let part = lower.split_once('/').map_or(0.0, |(_, defect)| {
                    let typed = typed.split_once('/').map_or(typed.as_str(), |(_, defect)| defect);
                    strsim::jaro_winkler(typed, defect)
                });
                (whole.max(part), known.to_owned())
            })
            .filter(|(nearness, _)| *nearness >= NEAR)
            .collect();
        nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
        nearest.truncate(3);
        let nearest = nearest.into_iter().map(|(_, known)| known).collect();
        Self { name: visible(name).into_owned(), nearest }
    }
}

/// Stands for a word of a configuration that no known one is near.
const VEIL: &str = "‹…›";

impl UnknownName {
    /// Without the name, unless it is near a known one: the file that it stands in may not be the
    /// configuration that it seems to be.
    pub(crate) fn veiled(self) -> Self {
        if self.nearest.is_empty() { Self { name: VEIL.to_owned(), ..self } } else { self }
    }
}

impl PolicyError {
    /// As [`UnknownName::veiled`].
    pub(crate) fn veiled(self) -> Self {
        match self {
            Self::UnknownRule(name) => Self::UnknownRule(name.veiled()),
            Self::UnknownLevel(_) => Self::UnknownLevel(VEIL.to_owned()),
            Self::NoLevel(_) => Self::NoLevel(VEIL.to_owned()),
        }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name)?;
        for (place, name) in self.nearest.iter().enumerate() {
            f.write_str(if place == 0 { " (did you mean " } else { " or " })?;
            write!(f, "`{name}`")?;
        }
        f.write_str(if self.nearest.is_empty() { "" } else { "?)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{BLANK_LINE, FIELD_COUNT, VANISHED};

    fn selector(name: &str) -> Selector {
        Selector::parse(name).unwrap()
    }

    #[test]
    fn without_a_policy_a_rule_weighs_what_it_says() {
        let policy = Policy::default();
        assert_eq!(policy.level(&FIELD_COUNT, Variant::USUAL), Level::At(Severity::Error));
        assert_eq!(policy.level(&VANISHED, Variant::USUAL), Level::At(Severity::Error));
        assert_eq!(policy.level(&VANISHED, Variant::exception(0)), Level::At(Severity::Warning));
    }

    #[test]
    fn an_override_beats_the_exception_and_a_rule_beats_its_group() {
        let overrides = [
            ("drift", Level::At(Severity::Warning)),
            ("drift", Level::At(Severity::Advice)),
            ("csv/blank-line", Level::Off),
            ("csv", Level::At(Severity::Error)),
        ];
        let policy = Policy {
            overrides: overrides.map(|(name, level)| (selector(name), level)).to_vec(),
            ..Policy::default()
        };
        for variant in [Variant::USUAL, Variant::exception(0)] {
            assert_eq!(policy.level(&VANISHED, variant), Level::At(Severity::Advice));
            assert_eq!(policy.level(&BLANK_LINE, variant), Level::Off);
            assert_eq!(policy.level(&FIELD_COUNT, variant), Level::At(Severity::Error));
        }
    }

    #[test]
    fn selection_and_ignoring_take_rules_and_groups() {
        let policy = Policy {
            select: vec![selector("csv")],
            ignore: vec![selector("csv/blank-line")],
            ..Policy::default()
        };
        assert_eq!(policy.level(&FIELD_COUNT, Variant::USUAL), Level::At(Severity::Error));
        assert_eq!(policy.level(&BLANK_LINE, Variant::USUAL), Level::Off);
        assert_eq!(policy.level(&VANISHED, Variant::USUAL), Level::Off);
    }

    #[test]
    fn an_override_is_a_name_and_a_level() {
        let parse = |text| parse_override(text).map(|(name, level)| (name.name, level));
        assert_eq!(parse("csv=off").unwrap(), ("csv", Level::Off));
        assert_eq!(
            parse("csv/blank-line = error").unwrap(),
            ("csv/blank-line", Level::At(Severity::Error))
        );
        assert_eq!(
            parse("csv=fatal").unwrap_err().to_string(),
            "`fatal` is not a severity: use error, warning, advice or off"
        );
        assert!(matches!(parse("csv"), Err(PolicyError::NoLevel(_))));
        assert!(matches!(parse("=off"), Err(PolicyError::UnknownRule(_))));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        for (typed, nearest) in [
            ("csv/feild-count", Some("csv/field-count")),
            ("field-count", Some("csv/field-count")),
            ("CSV/Field-Count", Some("csv/field-count")),
            ("drfit", Some("drift")),
            ("header/field-count", Some("csv/field-count")),
            ("zzz", None),
            ("", None),
        ] {
            let error = Selector::parse(typed).unwrap_err();
            let PolicyError::UnknownRule(unknown) = &error else { panic!("{error}") };
            assert_eq!(unknown.nearest.first().map(String::as_str), nearest, "{typed}");
        }
        assert_eq!(
            Selector::parse("drfit\u{1b}").unwrap_err().to_string(),
            r"there is no rule or group `drfit\u{1b}` (did you mean `drift`?); `samegoal-lint rules` lists them"
        );
    }
}
