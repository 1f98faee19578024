//! What a report says as a whole, over all fixtures: causes first, what is off, and a verdict that
//! no finding contradicts.

use std::collections::BTreeSet;

use samegoal_lint::policy::{Found, Withheld};
use samegoal_lint::report::{Format, Options, Report};
use samegoal_schema::{Consequence, Severity};

use crate::case::{self, Case, each};

fn written(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    format.write(report, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Where the group of a rule stands; records and headers are of one rank with the files they are in.
fn rank(rule: &str) -> usize {
    let group = rule.split_once('/').unwrap().0;
    let ranks: [&[&str]; 5] =
        [&["config"], &["layout"], &["csv", "header", "value", "key"], &["link"], &["drift"]];
    ranks.iter().position(|groups| groups.contains(&group)).unwrap()
}

/// The rules in the order in which pretty text names them.
fn blocks(text: &str) -> Vec<&str> {
    let names: BTreeSet<_> = samegoal_lint::rules::RULES.iter().map(|rule| rule.name).collect();
    let first = |line: &'_ str| line.split([':', ' ']).next().unwrap_or_default().to_owned();
    let is_rule = |line: &&str| names.contains(&*first(line));
    text.lines().filter(is_rule).map(|line| line.split([':', ' ']).next().unwrap()).collect()
}

#[test]
fn text_takes_causes_before_what_follows_from_them() {
    each(&case::all(), |case| {
        let report = case.run(&case.memory());
        if report.targets.len() > 1 {
            return Ok(());
        }
        let text = written(&report, Format::Pretty);
        let blocks = blocks(&text);
        if !blocks.iter().map(|rule| rank(rule)).is_sorted() {
            return Err(format!("{blocks:?}"));
        }
        // A header is what columns are known by, and nothing is known of a value before.
        let last = |group: &str| blocks.iter().rposition(|rule| rule.starts_with(group));
        let first = blocks.iter().position(|rule| rule.starts_with("value/"));
        match (last("header/"), first) {
            (Some(header), Some(value)) if header > value => Err(format!("{blocks:?}")),
            _ => Ok(()),
        }
    });
}

/// What is wrong with what is said of what was found.
fn contradiction(found: &Found, text: &str) -> Option<&'static str> {
    let worst = found.files.iter().flat_map(|total| {
        [Severity::Error, Severity::Warning, Severity::Advice].map(|it| total.worst(it))
    });
    let worst = worst.flatten().min();
    let has_more = worst.is_some_and(|worst| worst < Consequence::Suspicious);
    if text.contains("Nothing would be lost") && (has_more || found.failed) {
        return Some("it says that nothing would be lost");
    }
    if text.contains("Nothing was found") && (found.errors + found.warnings > 0 || found.failed) {
        return Some("it says that nothing was found");
    }
    let is_off = found.off.iter().any(|off| off.what == Withheld::Rules);
    if text.contains("Everything that can be checked") && is_off {
        return Some("it says that everything was checked");
    }
    if text.contains("Nothing was found") && found.has_serious_off() {
        return Some("it says that nothing was found by rules that are off");
    }
    if !text.contains(" may ") && !text.contains(" would ") && !text.contains("dvice") && has_more {
        return Some("it does not say what would be lost");
    }
    None
}

#[test]
fn no_verdict_contradicts_what_was_found() {
    each(&case::all(), |case| {
        let report = case.run(&case.memory());
        let text = written(&report, Format::Summary);
        if text.lines().count() > 10 {
            return Err(format!("a mail has ten lines:\n{text}"));
        }
        match contradiction(&report.found, &text) {
            Some(what) => Err(format!("{what}:\n{text}")),
            None => Ok(()),
        }
    });
}

#[test]
fn whatever_rule_is_off_is_named_in_every_format() {
    const SOME: usize = 7;
    each(&case::all(), |case| {
        let rules: Vec<_> = case.run(&case.memory()).found.rules.keys().copied().collect();
        for rule in rules {
            let mut off = case.clone();
            off.args.insert(0, format!("--ignore={rule}"));
            let report = off.run(&off.memory());
            let formats = [Format::Plain, Format::Json, Format::Sarif, Format::Csv, Format::Html];
            // Which of them a case shows makes no difference, and all of them take their time.
            let format = formats[rule.len() % SOME % formats.len()];
            for format in [Format::Summary, format] {
                let text = written(&report, format);
                if !text.contains(rule) {
                    return Err(format!("{rule} is not named in {format:?}:\n{text}"));
                }
            }
            let text = written(&report, Format::Plain);
            let mut light = case.clone();
            light.args.insert(0, format!("--severity={rule}=advice"));
            let light = light.run(&light.memory());
            let lowered = written(&light, Format::Summary);
            if light.found.off.iter().any(|off| off.count > Some(0)) && !lowered.contains(rule) {
                return Err(format!("that {rule} weighs less is not said:\n{lowered}"));
            }
            if let Some(what) = contradiction(&report.found, &text) {
                return Err(format!("without {rule} {what}:\n{text}"));
            }
        }
        Ok(())
    });
}

/// A cause is said once, however many columns have it, and data has each.
#[test]
fn one_cause_in_many_columns_is_one_block() {
    let names = ["rules/header/misnamed-column", "rules/value/padded"];
    let is_one = |case: &Case| names.iter().any(|name| case.name.starts_with(name));
    let cases: Vec<_> = case::all().into_iter().filter(is_one).collect();
    assert!(cases.len() > 4);
    each(&cases, |case| {
        let report = case.run(&case.memory());
        let text = written(&report, Format::Pretty);
        for (rule, sum) in &report.found.rules {
            let number = blocks(&text).iter().filter(|name| *name == rule).count();
            // Required or optional, before or after: few kinds of one defect.
            if report.targets.len() == 1 && sum.total > 12 && number > 6 {
                return Err(format!("{number} blocks of {rule}\n{text}"));
            }
        }
        Ok(())
    });
}
