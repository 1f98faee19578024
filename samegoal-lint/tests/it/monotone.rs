//! The report is true as a whole: neither a rule nor more damage ever makes it milder, and its last
//! lines never contradict what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use samegoal_lint::config::Loaded;
use samegoal_lint::learn::{OnErrors, learn};
use samegoal_lint::listing::Memory;
use samegoal_lint::policy::{Off, Policy, Selector, Withheld};
use samegoal_lint::report::{Options, Report, verdict};
use samegoal_lint::rules::RULES;
use samegoal_lint::run::{Request, run};
use samegoal_schema::text::calendar::Date;
use samegoal_schema::{Consequence, Schema, Severity, generic_api};

use crate::case::{self, each};
use crate::clean::district::Day;
use crate::clean::district::numbers::Rng;
use crate::damage::{Damage, Weight, Whole, kinds};

const EPOCH: &str = "20260105-020000";
const PREVIOUS: &str = "20260104-020000";

/// Damage that is milder the more there is, or that is no error, which is known. Each must be so.
const MILDER: &[&str] = &[];

/// A delivery that is damaged again and again, with what is known of its district.
struct Ward {
    api: Schema,
    whole: Whole,
    before: Memory,
    request: Request,
}

/// What is known of a district.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Known {
    Nothing,
    /// The columns of its files.
    Columns,
    /// These, and the delivery of the day before.
    Previous,
}

impl Ward {
    fn new(name: &str, known: Known) -> Self {
        let (whole, api) = (Whole::of(name), generic_api());
        let files = whole.delivery.files(Day::Before);
        let before = files.into_iter().fold(Memory::new(), |it, (path, file)| it.file(path, file));
        let config = (known >= Known::Columns).then(|| {
            let text = learn(&before, &api, Path::new(PREVIOUS), OnErrors::Refuse).unwrap();
            Arc::new(Loaded::parse(&api, "samegoal-lint.toml", text).unwrap())
        });
        let request = Request {
            paths: vec![EPOCH.into()],
            today: Date::new(2026, 1, 5),
            config,
            previous: (known == Known::Previous).then(|| PREVIOUS.into()),
            ..Request::default()
        };
        Self { api, whole, before, request }
    }

    fn all() -> [Self; 5] {
        [
            Self::new("five-students-without-guardians", Known::Nothing),
            Self::new("nine-students-of-one-school", Known::Nothing),
            Self::new("ids-with-zeros-kept-by-few", Known::Columns),
            Self::new("sixty-students", Known::Previous),
            Self::new("names-english", Known::Nothing),
        ]
    }

    fn damaged(&self, damages: &[(&Damage, usize)]) -> Memory {
        let files = self.whole.damaged(damages).into_iter();
        files.fold(self.before.clone(), |it, (name, file)| it.file(format!("{EPOCH}/{name}"), file))
    }

    fn lint(&self, tree: &Memory, off: &[Selector]) -> Report {
        let policy = Policy { ignore: off.to_vec(), ..Policy::default() };
        let request = Request { policy, ..self.request.clone() };
        run(tree, &self.api, &request, &mut std::io::empty()).unwrap()
    }
}

/// That the last lines say what was found.
fn is_consistent(report: &Report) -> Result<(), String> {
    let (failed, errors) = (report.found.failed, report.found.errors);
    if failed != (errors > 0) {
        return Err(format!("failed is {failed} with {errors} errors"));
    }
    let lines = verdict::lines(report, &Options::default()).join("\n");
    let says = |text: &str| lines.to_lowercase().contains(text);
    if errors > 0 && (says("nothing would be lost") || says("nothing was found")) {
        return Err(format!("{errors} errors, and the verdict is\n{lines}"));
    }
    let off = || report.found.off.iter().filter(|it| it.what == Withheld::Rules);
    let is_all = says("everything that can be checked was checked")
        || says("nothing was found that would keep");
    if is_all && off().any(Off::is_serious) {
        return Err(format!("rules are off, and the verdict is\n{lines}"));
    }
    let names: Vec<_> = off().flat_map(|it| &it.rules).collect();
    if let [rule] = names[..]
        && !says(rule)
    {
        return Err(format!("{rule} is off, and the last lines are\n{lines}"));
    }
    Ok(())
}

fn selector(rule: &str) -> Selector {
    Selector::parse(rule).unwrap()
}

/// How often each rule was broken, but for the one that depends on which others are on.
fn totals(report: &Report) -> Vec<(&'static str, Severity, u64)> {
    let rules = report.found.rules.values().filter(|it| it.rule.name != "config/stale-accept");
    rules.map(|it| (it.rule.name, it.severity, it.total)).collect()
}

/// That a report is never worse without a rule, and the same without those that say nothing.
fn holds_without_rules(lint: impl Fn(&[Selector]) -> Report) -> Result<(), String> {
    let report = lint(&[]);
    is_consistent(&report)?;
    for rule in report.found.rules.keys() {
        let without = lint(&[selector(rule)]);
        is_consistent(&without).map_err(|error| format!("without {rule}: {error}"))?;
        if without.found.failed && !report.found.failed {
            return Err(format!("fails without {rule} only: {:?}", totals(&without)));
        }
        if without.found.rules.contains_key(rule) {
            return Err(format!("{rule} is off, and found something"));
        }
        let mut off = without.found.off.iter().filter(|it| it.what == Withheld::Rules);
        if !off.any(|it| it.rules.contains(rule)) {
            return Err(format!("nothing says that {rule} is off"));
        }
    }
    let silent = RULES.iter().filter(|rule| !report.found.rules.contains_key(rule.name));
    let silent: Vec<_> = silent.map(|rule| selector(rule.name)).collect();
    let (with, without) = (totals(&report), totals(&lint(&silent)));
    if with == without {
        return Ok(());
    }
    Err(format!("rules that say nothing change {with:?} to {without:?}"))
}

#[test]
fn no_rule_makes_a_fixture_milder() {
    each(&case::all(), |case| {
        holds_without_rules(|off| {
            let off = off.iter().map(|rule| format!("--ignore={}", rule.as_str()));
            let mut case = case.clone();
            case.args.extend(off);
            case.run(&case.memory())
        })
    });
}

/// Checks each kind of damage in one of the deliveries, and reports all that fail.
fn each_kind(known: &[&str], check: impl Fn(&Ward, &Damage) -> Result<(), String>) {
    let wards = Ward::all();
    let mut failures = BTreeMap::new();
    for (damage, ward) in kinds().iter().zip(wards.iter().cycle()) {
        if let Err(why) = check(ward, damage) {
            failures.insert(damage.name.clone(), format!("{}: {why}", ward.whole.delivery.name));
        }
    }
    let gone: Vec<_> = known.iter().filter(|name| failures.remove(**name).is_none()).collect();
    let texts: Vec<_> = failures.iter().map(|(name, why)| format!("{name}: {why}\n")).collect();
    assert!(texts.is_empty() && gone.is_empty(), "no longer known: {gone:#?}\n{}", texts.concat());
}

#[test]
fn no_rule_makes_a_damaged_delivery_milder() {
    each_kind(&[], |ward, damage| {
        for share in ward.whole.shares(damage) {
            let tree = ward.damaged(&[(damage, share)]);
            holds_without_rules(|off| ward.lint(&tree, off))
                .map_err(|why| format!("{share}: {why}"))?;
        }
        Ok(())
    });
}

#[test]
fn no_rule_makes_a_delivery_with_two_kinds_of_damage_milder() {
    let (kinds, wards, rng) = (kinds(), Ward::all(), &mut Rng(13));
    let mut failures = Vec::new();
    for _ in 0..500 {
        let ward = &wards[below(rng, wards.len())];
        let damages: Vec<_> = (0..2)
            .filter_map(|_| {
                let damage = &kinds[below(rng, kinds.len())];
                let shares = ward.whole.shares(damage);
                (!shares.is_empty()).then(|| (damage, shares[below(rng, shares.len())]))
            })
            .collect();
        let tree = ward.damaged(&damages);
        if let Err(why) = holds_without_rules(|off| ward.lint(&tree, off)) {
            let names: Vec<_> = damages.iter().map(|(it, share)| (&it.name, share)).collect();
            failures.push(format!("{}: {names:?}: {why}\n", ward.whole.delivery.name));
        }
    }
    assert!(failures.is_empty(), "{} deliveries\n{}", failures.len(), failures.concat());
}

fn below(rng: &mut Rng, bound: usize) -> usize {
    usize::try_from(rng.below(bound as u64)).unwrap()
}

/// The worst consequence of the errors, and of the errors and warnings.
fn worst(report: &Report) -> [Option<Consequence>; 2] {
    [Severity::Error, Severity::Warning].map(|least| {
        let rules = report.found.rules.values().filter(|it| it.severity >= least);
        rules.map(|it| it.consequence).min()
    })
}

#[test]
fn more_damage_is_never_milder() {
    each_kind(MILDER, |ward, damage| {
        if damage.weight == Weight::ByContrast {
            return Ok(());
        }
        let mut less = ([None; 2], 0, Vec::new());
        for share in ward.whole.shares(damage) {
            let report = ward.lint(&ward.damaged(&[(damage, share)]), &[]);
            let more = (worst(&report), share, totals(&report));
            if damage.weight == Weight::Fatal && !report.found.failed {
                return Err(format!("no error: {more:?}"));
            }
            for (less_of, more_of) in less.0.iter().zip(&more.0) {
                // The worst consequence comes first in their order.
                if less_of.is_some_and(|it| more_of.is_none_or(|other| other > it)) {
                    return Err(format!("{less:?}, and then {more:?}"));
                }
            }
            less = more;
        }
        Ok(())
    });
}

#[test]
fn kinds_of_damage_have_names_of_their_own() {
    let (kinds, wards) = (kinds(), Ward::all());
    let names: BTreeSet<_> = kinds.iter().map(|it| &it.name).collect();
    assert_eq!(names.len(), kinds.len());
    let epochs = kinds.iter().zip(wards.iter().cycle());
    let epochs: usize = epochs.map(|(damage, ward)| ward.whole.shares(damage).len()).sum();
    assert!(epochs >= 1_000, "{epochs}");
}
