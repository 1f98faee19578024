//! The sums of the JSON report: of the run, and of each target.

use std::borrow::Cow;
use std::collections::BTreeMap;

use samegoal_schema::{Consequence, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::order::Order;
use super::super::part::Part;
use super::super::{Options, Report, verdict};
use super::{CONSEQUENCES, is_zero};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

/// What SameGoal would do with what was looked at.
#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Verdict {
    /// The farthest-reaching consequence of all findings, whatever their severity. Absent if nothing
    /// was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", extend("enum" = CONSEQUENCES))]
    consequence: Option<Consequence>,
    /// It in a sentence, which names how much of the delivery is lost.
    sentence: String,
}

/// The sums of one target.
#[derive(Serialize, JsonSchema)]
pub(super) struct TargetSummary {
    /// What SameGoal would do with it.
    verdict: Verdict,
    /// How many errors were found in it.
    errors: u64,
    /// How many warnings were found in it.
    warnings: u64,
    /// How many times there was advice on it.
    advice: u64,
}

/// The sums of a run. They count everything, also what is left out of `findings`.
#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Summary<'a> {
    /// How many errors were found.
    errors: u64,
    /// How many warnings were found.
    warnings: u64,
    /// How many times there was advice.
    advice: u64,
    /// How many findings were not reported because the configuration accepts them. Absent if none.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    accepted: u64,
    /// The rules that were broken, by their names.
    by_rule: BTreeMap<&'static str, ByRule>,
    /// How many findings `stage` would fix in its copy. Absent if none.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    fixable: u64,
    /// What could not be checked, and what the user took out of force.
    not_checked: Vec<NotChecked<'a>>,
}

/// The sum of a rule's findings.
#[derive(Serialize, JsonSchema)]
struct ByRule {
    /// The highest severity that one of the findings has.
    #[schemars(with = "String", extend("enum" = ["error", "warning", "advice"]))]
    severity: Severity,
    /// How many findings there are.
    total: u64,
    /// How many of them are in `findings`.
    shown: u64,
}

/// Something that could not be checked, or that the user took out of force.
#[derive(Serialize, JsonSchema)]
struct NotChecked<'a> {
    /// The file or directory. Absent where it is the whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    path: Option<Cow<'a, str>>,
    /// What was not checked, such as the `columns` of the file, or what is out of force: `rules` that
    /// are off, `severities` that were lowered, `findings` that are accepted.
    what: Cow<'a, str>,
    /// The names of the rules, if that is what is out of force.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schemars(with = "Vec<String>", default)]
    rules: &'a [&'static str],
    /// How many findings it holds for. Absent where they are not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    count: Option<u64>,
    /// Why not.
    why: Cow<'a, str>,
}

impl TargetSummary {
    pub(super) fn new<'a>(
        report: &'a Report,
        part: &Part<'a>,
        order: &Order<'a>,
        masker: Masker,
    ) -> Self {
        Self {
            verdict: Verdict {
                consequence: part.worst(),
                sentence: verdict::sentence_of(report, part, order, masker),
            },
            errors: part.count(Severity::Error),
            warnings: part.count(Severity::Warning),
            advice: part.count(Severity::Advice),
        }
    }
}

impl Verdict {
    pub(in crate::report) fn new(report: &Report, options: &Options) -> Self {
        let (order, masker) = (Order::new(report), Masker::new(options.values));
        Self {
            consequence: Part::whole(report).worst(),
            sentence: verdict::sentence(report, &order, masker),
        }
    }
}

impl<'a> Summary<'a> {
    pub(in crate::report) fn new(report: &'a Report, options: &Options) -> Self {
        let found = &report.found;
        let mut by_rule: BTreeMap<_, _> = found
            .rules
            .iter()
            .map(|(name, sum)| {
                (*name, ByRule { severity: sum.severity, total: sum.total, shown: 0 })
            })
            .collect();
        for file in &found.files {
            if let Some(sum) = by_rule.get_mut(file.rule.name) {
                sum.shown += file.shown(options.max_findings);
            }
        }
        let off = found.off.iter().map(|off| NotChecked {
            path: None,
            what: off.what.as_str().into(),
            rules: &off.rules,
            count: off.count,
            why: visible(&off.why()).into_owned().into(),
        });
        let not_checked = report.not_checked.iter().map(|it| NotChecked {
            path: Some(visible(&it.path)),
            what: visible(&it.what),
            rules: &[],
            count: None,
            why: visible(&it.why),
        });
        Self {
            errors: found.errors,
            warnings: found.warnings,
            advice: found.advice,
            accepted: found.accepted,
            by_rule,
            fixable: found.fixable(),
            not_checked: not_checked.chain(off).collect(),
        }
    }
}
