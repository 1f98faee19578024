//! What must hold of every rule: its name, its weight, its manual, its fixtures.

use std::collections::BTreeSet;

use samegoal_lint::rules::{RULES, rule};
use samegoal_schema::{Rule, Variant};

use crate::case::{self, Case, directories};
use crate::docs::assert_current;

/// The groups in the order in which a delivery is looked at.
const GROUPS: [&str; 8] = ["layout", "csv", "header", "value", "key", "link", "drift", "config"];

/// The catalogue: the name, the severity and the consequence of every rule, and what they are where
/// each of the rule's exceptions holds.
const CATALOGUE: &[&str] = &[
    "layout/missing-complete error delivery-ignored",
    "layout/misnamed-complete error delivery-ignored",
    "layout/complete-not-a-file error delivery-ignored",
    "layout/complete-not-empty warning suspicious",
    "layout/complete-too-early advice data-at-risk",
    "layout/misnamed-file error file-ignored",
    "layout/workbook error file-ignored",
    "layout/unknown-file warning suspicious",
    "layout/nested-file error file-ignored",
    "layout/no-data-file error delivery-ignored",
    "layout/missing-students error record-lost | error data-at-risk",
    "layout/split-file error file-ignored",
    "layout/missing-expected-file error data-at-risk",
    "layout/no-epoch error delivery-ignored",
    "layout/bad-epoch-name error delivery-ignored | advice delivery-ignored",
    "layout/impossible-epoch-time warning suspicious",
    "layout/auto-file-in-epoch error file-ignored",
    "layout/duplicate-file error suspicious",
    "layout/complete-in-upload-root advice suspicious",
    "layout/not-a-regular-file error file-ignored",
    "layout/unreadable-file error file-ignored",
    "layout/changed-while-read error data-at-risk",
    "csv/empty-file error file-ignored",
    "csv/not-csv error file-ignored",
    "csv/utf16 error file-ignored",
    "csv/invalid-utf8 warning value-lost | error value-lost | error record-lost",
    "csv/byte-order-mark warning suspicious",
    "csv/nul-byte error file-ignored",
    "csv/control-character warning suspicious | error value-lost | error record-lost",
    "csv/unclosed-quote error record-lost",
    "csv/stray-quote error record-lost",
    "csv/text-after-quote error record-lost",
    "csv/field-count error record-lost",
    "csv/blank-line warning suspicious | error file-ignored | advice suspicious",
    "csv/preamble error file-ignored",
    "csv/truncated error record-lost",
    "csv/mixed-line-ends warning suspicious",
    "csv/bare-carriage-return error file-ignored",
    "csv/wrong-delimiter error file-ignored",
    "csv/no-records warning suspicious | error data-at-risk",
    "csv/missing-header error file-ignored",
    "csv/repeated-header error record-lost",
    "csv/oversized-record error record-lost",
    "header/missing-column error file-ignored",
    "header/missing-optional-columns advice suspicious",
    "header/misnamed-column error file-ignored | warning file-ignored",
    "header/duplicate-column error file-ignored",
    "header/blank-column error suspicious",
    "header/unknown-column advice suspicious",
    "value/required-empty error record-lost",
    "value/too-long error record-lost",
    "value/bad-character error record-lost",
    "value/not-allowed error value-lost",
    "value/bad-date error value-lost",
    "value/impossible-date error value-lost",
    "value/unpadded-date warning suspicious",
    "value/mixed-date-forms warning suspicious",
    "value/day-month-swapped error value-lost",
    "value/implausible-date warning suspicious | advice suspicious",
    "value/padded warning suspicious",
    "value/placeholder warning value-lost | error record-lost",
    "value/spreadsheet-damage warning value-lost | error value-lost | error record-lost",
    "value/lost-leading-zeros warning suspicious | error data-at-risk | advice suspicious",
    "value/mojibake warning value-lost | error value-lost | error record-lost",
    "value/escaped-text warning value-lost",
    "value/no-active-student error data-at-risk",
    "value/building-mismatch warning suspicious | error value-lost",
    "value/role-building-mismatch error value-lost",
    "key/duplicate error record-lost",
    "key/near-duplicate warning suspicious",
    "link/unknown-student error record-lost | error data-at-risk",
    "link/no-guardians error data-at-risk | warning data-at-risk | advice data-at-risk",
    "drift/missing-file error data-at-risk | advice data-at-risk",
    "drift/missing-column error data-at-risk",
    "drift/fewer-records error data-at-risk | warning data-at-risk",
    "drift/vanished-students error data-at-risk | warning data-at-risk",
    "drift/changed-identity error data-at-risk | warning data-at-risk",
    "drift/rewritten-column warning data-at-risk",
    "drift/vanished-guardians error data-at-risk | warning data-at-risk",
    "drift/unchanged advice suspicious",
    "config/inside-delivery error delivery-ignored",
    "config/contradicts-api advice suspicious",
    "config/stale-accept advice suspicious",
];

fn in_catalogue(rule: &Rule) -> String {
    let line = format!("{} {} {}", rule.name, rule.severity, rule.consequence);
    assert!(rule.exceptions.len() <= Variant::MOST);
    rule.exceptions
        .iter()
        .fold(line, |line, it| format!("{line} | {} {}", it.severity, it.consequence))
}

#[test]
fn rules_weigh_what_the_catalogue_says_and_stand_in_its_order() {
    let mut catalogue = CATALOGUE.iter();
    for rule in RULES {
        let line = in_catalogue(rule);
        assert!(
            catalogue.any(|known| *known == line),
            "not in the catalogue, or not there: {line}"
        );
    }
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

/// A name that is gone from the list breaks configurations: that must be seen in a review.
#[test]
fn names_are_those_of_the_snapshot() {
    let path = case::root().join("rules.txt");
    let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    let names = names.join("\n") + "\n";
    assert_current(&path, &names);
}

#[test]
fn manuals_are_a_sentence_and_three_sections() {
    for rule in RULES {
        let name = rule.name;
        assert!(rule.summary().ends_with('.') && rule.summary().len() > 10, "{name}");
        assert_eq!(rule.manual.lines().nth(1), Some(""), "{name}: the summary is one line");
        let mut sections = rule.manual.split("\n ## ").skip(1);
        for title in ["Why it matters", "Example", "How to fix it"] {
            let section = sections.next().unwrap_or_else(|| panic!("{name}: no section {title}"));
            let (found, body) = section.split_once('\n').unwrap();
            assert_eq!(found, title, "{name}");
            assert!(body.trim().len() > 20, "{name}: {title} says nothing");
        }
        assert!(sections.next().is_none(), "{name}");
    }
}

fn tells(case: &Case, rule: &str) -> bool {
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
            assert!(tells(case, rule.name), "{} does not trigger its rule", case.name);
        }
        for case in clean {
            assert!(!tells(case, rule.name), "{} triggers its rule", case.name);
        }
    }
}

#[test]
fn every_directory_of_fixtures_belongs_to_a_rule() {
    for group in directories(&case::root().join("rules")) {
        for defect in directories(&group) {
            let parts = [&group, &defect].map(|dir| dir.file_name().unwrap().to_str().unwrap());
            let name = parts.join("/");
            assert!(samegoal_lint::rules::rule(&name).is_some(), "there is no rule {name}");
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
