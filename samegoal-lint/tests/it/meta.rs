//! What must hold of every rule: its name, its weight, its manual, its fixtures.

use std::collections::BTreeSet;
use std::fmt::Write;

use samegoal_lint::rules::{RULES, rule};
use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::{Exception, Finding, Message, Part, Rule, Variant};

use crate::case::{self, Case, directories};
use crate::docs::assert_current;

/// The groups in the order in which a delivery is looked at.
const GROUPS: [&str; 8] = ["layout", "csv", "header", "value", "key", "link", "drift", "config"];

/// The name, the severity and the consequence of every rule, and what they are where each of the rule's
/// exceptions holds. A name that is gone breaks configurations: that must be seen in a review.
#[test]
fn rules_are_those_of_the_snapshot() {
    let mut text = String::new();
    for Rule { name, severity, consequence, exceptions, .. } in RULES {
        assert!(exceptions.len() <= Variant::MOST);
        write!(text, "{name} {severity} {consequence}").unwrap();
        for Exception { severity, consequence, .. } in *exceptions {
            write!(text, " | {severity} {consequence}").unwrap();
        }
        text.push('\n');
    }
    assert_current(&case::root().join("rules.txt"), &text);
}

#[test]
fn names_are_group_and_defect() {
    let is_kebab = |word: &str| {
        word.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
    };
    let mut groups = GROUPS.iter();
    let mut group = groups.next();
    for rule in RULES {
        while group.is_some_and(|group| *group != rule.group()) {
            group = groups.next();
        }
        assert!(group.is_some(), "{} stands in the wrong place", rule.name);
        let (group, defect) = rule.name.split_once('/').unwrap();
        assert!(is_kebab(group) && is_kebab(defect), "{}", rule.name);
    }
    let unique: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(unique.len(), RULES.len());
}

/// That there are three sections is known to the compiler.
#[test]
fn manuals_say_something() {
    for Rule { name, manual, .. } in RULES {
        assert!(manual.summary.ends_with('.') && manual.summary.len() > 10, "{name}");
        for (heading, text) in manual.sections() {
            assert!(text.trim().len() > 20, "{name}: {heading} says nothing");
        }
    }
}

/// What the findings of the fixtures say: each wording once, by rule and variant, so that a change of
/// words is seen in a review. A rule's own fixtures come first.
#[test]
fn messages_are_those_of_the_snapshot() {
    let masker = Masker::new(Values::Show);
    let mut findings: Vec<_> = case::all()
        .iter()
        .flat_map(|case| {
            let own = case.rule().map(str::to_owned);
            let findings = case.run(&case.memory()).found.findings;
            findings
                .into_iter()
                .map(move |it| (own.as_deref() != Some(it.finding.rule.name), it.finding))
        })
        .collect();
    findings.sort_by_key(|(is_of_another, _)| *is_of_another);
    let (mut text, mut missing) = (String::new(), Vec::new());
    for rule in RULES {
        for variant in 0..=rule.exceptions.len() {
            let is_it = |it: &Finding| it.rule.name == rule.name && it.variant.index() == variant;
            let mut known = BTreeSet::new();
            for (_, finding) in findings.iter().filter(|(_, finding)| is_it(finding)) {
                if known.insert(wording(finding)) {
                    let (severity, consequence) = rule.weight(finding.variant);
                    writeln!(text, "{}: {severity}, {consequence}", rule.name).unwrap();
                    for (what, message) in [
                        ("message", &finding.message),
                        ("label", &finding.label),
                        ("help", &finding.help),
                    ] {
                        let message = masker.message(message);
                        if !message.is_empty() {
                            writeln!(text, "  {what}: {message}").unwrap();
                        }
                    }
                }
            }
            if known.is_empty() {
                missing.push((rule.name, variant));
            }
        }
    }
    assert_current(&case::root().join("messages.txt"), &text);
    assert_eq!(missing, [], "no fixture shows these rules with these exceptions");
}

/// The words of a message.
fn words(message: &Message) -> String {
    let words = message.parts.iter().map(|part| match part {
        Part::Text(text) => text.to_string(),
        Part::Cell(_) => String::new(),
        Part::Hint { shown, .. } => words(shown),
    });
    words.collect()
}

/// The words of a finding's message, without numbers and without what differs from file to file.
fn wording(finding: &Finding) -> String {
    let words = |message: &Message| -> String {
        let text = words(message);
        let quoted = text.split('`').step_by(2).collect::<String>();
        quoted.replace(|c: char| c.is_ascii_digit() || c == ',', "")
    };
    [&finding.message, &finding.label, &finding.help].map(words).concat()
}

fn triggers(case: &Case, rule: &str) -> bool {
    case.run(&case.memory()).found.rules.contains_key(rule)
}

#[test]
fn every_rule_has_fixtures_that_trigger_it_and_one_that_does_not() {
    let cases = case::rules();
    for rule in RULES {
        let own = |is_clean| {
            cases
                .iter()
                .filter(|case| case.rule() == Some(rule.name) && case.is_clean() == is_clean)
                .collect::<Vec<_>>()
        };
        // The form of a file goes wrong in as many ways as there are programs that write it.
        let least = if rule.group() == "csv" { 3 } else { 1 };
        let (broken, clean) = (own(false), own(true));
        assert!(broken.len() >= least, "{}: {} cases", rule.name, broken.len());
        assert!(!clean.is_empty(), "{}: no case whose name begins with `clean`", rule.name);
        for case in broken {
            assert!(triggers(case, rule.name), "{} does not trigger its rule", case.name);
        }
        for case in clean {
            assert!(!triggers(case, rule.name), "{} triggers its rule", case.name);
        }
    }
}

#[test]
fn every_directory_of_fixtures_belongs_to_a_rule() {
    for group in directories(&case::root().join("rules")) {
        for defect in directories(&group) {
            let parts = [&group, &defect].map(|dir| dir.file_name().unwrap().to_str().unwrap());
            let name = parts.join("/");
            assert!(rule(&name).is_some(), "there is no rule {name}");
            for case in directories(&defect) {
                assert!(case.join("expected.txt").is_file(), "{}", case.display());
            }
        }
    }
}

#[test]
fn every_fix_cures_rules_that_exist() {
    for fix in samegoal_schema::fix::FIXES {
        assert!(!fix.cures.is_empty(), "{}", fix.name);
        assert!(fix.cures.iter().all(|name| rule(name).is_some()), "{}", fix.name);
    }
}
