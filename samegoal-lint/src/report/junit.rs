//! The report for those who show tests, such as Jenkins: a suite a file or directory, and in it a
//! test case a rule, so that what holds is shown as passed.
//!
//! A case fails if what it found fails the run; what weighs less is in a case that passes.
//! It is written by the serde part of an XML crate: the crate for this very format writes an
//! attribute that the schema of Jenkins does not know, and brings clocks and random ids along.

use std::io::{self, Write};

use crate::rules::RULES;
use indexmap::IndexMap;
use quick_xml::se::Serializer;
use samegoal_schema::{Rule, thousands};
use serde::Serialize;

use super::words::stands_for;
use super::{Options, Report, place, plural};
use crate::policy::{FileTotal, Off, Reported, Withheld};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

#[derive(Serialize)]
#[serde(rename = "testsuites")]
struct Suites {
    #[serde(rename = "@name")]
    name: &'static str,
    #[serde(rename = "@tests")]
    tests: usize,
    #[serde(rename = "@failures")]
    failures: usize,
    #[serde(rename = "@errors")]
    errors: usize,
    #[serde(rename = "testsuite")]
    each: Vec<Suite>,
}

#[derive(Serialize)]
struct Suite {
    #[serde(rename = "@name")]
    name: String,
    #[serde(rename = "@tests")]
    tests: usize,
    #[serde(rename = "@failures")]
    failures: usize,
    #[serde(rename = "@errors")]
    errors: usize,
    #[serde(rename = "@skipped")]
    skipped: usize,
    #[serde(rename = "testcase")]
    cases: Vec<Case>,
}

#[derive(Serialize)]
struct Case {
    #[serde(rename = "@name")]
    name: String,
    #[serde(rename = "@classname")]
    class: String,
    #[serde(rename = "$value")]
    outcome: Option<Outcome>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Failure(Told),
    Skipped(Told),
    #[serde(rename = "system-out")]
    Out(String),
}

#[derive(Serialize)]
struct Told {
    #[serde(rename = "@message")]
    message: String,
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "$text", skip_serializing_if = "String::is_empty")]
    text: String,
}

/// Writes the report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let mut serializer = Serializer::new(&mut text);
    serializer.indent(' ', 2);
    Suites::new(report, options).serialize(serializer).map_err(io::Error::other)?;
    text.push('\n');
    out.write_all(text.as_bytes())
}

impl Suites {
    fn new(report: &Report, options: &Options) -> Self {
        let suites = suites(report, options);
        Self {
            name: env!("CARGO_PKG_NAME"),
            tests: suites.iter().map(|suite| suite.tests).sum(),
            failures: suites.iter().map(|suite| suite.failures).sum(),
            errors: 0,
            each: suites,
        }
    }
}

fn suites(report: &Report, options: &Options) -> Vec<Suite> {
    let mut paths: IndexMap<&str, Vec<&'static Rule>> = IndexMap::new();
    let judged = |layout: bool| {
        RULES.iter().copied().filter(move |rule| (rule.group() == "layout") == layout)
    };
    for target in &report.targets {
        if target.kind != super::Kind::File {
            paths.entry(&target.path).or_default().extend(judged(true));
        }
        for file in &target.files {
            let rules = paths.entry(&file.path).or_default();
            // If the records could not be separated, it is unknown which rules hold.
            if file.records.is_some() {
                rules.extend(judged(false));
            }
        }
    }
    let mut totals: IndexMap<(&str, &str), &FileTotal> = IndexMap::new();
    let left_out = report.found.left_out(options.max_findings);
    let left_out: IndexMap<_, _> =
        left_out.map(|left| ((left.path, left.rule.name), left.count)).collect();
    for total in &report.found.files {
        let rules = paths.entry(&total.path).or_default();
        if !rules.iter().any(|rule| rule.name == total.rule.name) {
            rules.push(total.rule);
        }
        totals.insert((&total.path, total.rule.name), total);
    }
    let mut findings: IndexMap<(&str, &str), Vec<&Reported>> = IndexMap::new();
    for reported in report.found.shown(options.max_findings) {
        findings.entry((&reported.path, reported.finding.rule.name)).or_default().push(reported);
    }
    for it in &report.not_checked {
        paths.entry(&it.path).or_default();
    }
    let suite = |(path, rules): (&str, Vec<&'static Rule>)| {
        let class = visible(path).into_owned();
        let case = |rule: &'static Rule| Case {
            name: rule.name.to_owned(),
            class: class.clone(),
            outcome: match totals.get(&(path, rule.name)) {
                Some(total) => {
                    let findings = findings.get(&(path, rule.name)).map_or(&[][..], |it| it);
                    let left_out = left_out.get(&(path, rule.name)).copied().unwrap_or_default();
                    Some(outcome(report, options, total, (findings, left_out)))
                }
                None => off_in(report, rule, path).map(|off| skipped(&off.why())),
            },
        };
        let not_checked = report.not_checked.iter().filter(|it| it.path == path).map(|it| Case {
            name: visible(&it.what).into_owned(),
            class: class.clone(),
            outcome: Some(skipped(&it.why)),
        });
        Suite::new(class.clone(), rules.into_iter().map(case).chain(not_checked).collect())
    };
    let mut suites: Vec<_> = paths.into_iter().map(suite).collect();
    let weighed = report.found.off.iter().filter(|off| off.what != Withheld::Rules);
    let cases: Vec<_> = weighed.map(Case::of_weighed).collect();
    if !cases.is_empty() {
        suites.push(Suite::new(env!("CARGO_PKG_NAME").to_owned(), cases));
    }
    suites
}

/// What turns the rule off in that file or directory, if anything does.
fn off_in<'a>(report: &'a Report, rule: &Rule, path: &str) -> Option<&'a Off> {
    let name = report.files().find(|file| file.path == path).map(|file| &*file.as_name);
    report.found.off.iter().find(|off| {
        off.what == Withheld::Rules
            && off.rules.contains(&rule.name)
            && (off.file.is_none() || off.file.as_deref() == name)
    })
}

fn skipped(why: &str) -> Outcome {
    let message = visible(why).into_owned();
    Outcome::Skipped(Told { message, kind: None, text: String::new() })
}

impl Case {
    /// Findings that count less than they would.
    fn of_weighed(off: &Off) -> Self {
        let count = plural(off.count.unwrap_or_default(), "finding");
        Self {
            name: off.what.as_str().to_owned(),
            class: env!("CARGO_PKG_NAME").to_owned(),
            outcome: Some(skipped(&format!("{} ({count}): {}", off.why(), off.rules.join(", ")))),
        }
    }
}

impl Suite {
    fn new(name: String, cases: Vec<Case>) -> Self {
        let count = |is: fn(&Outcome) -> bool| {
            cases.iter().filter(|case| case.outcome.as_ref().is_some_and(is)).count()
        };
        Self {
            name,
            tests: cases.len(),
            failures: count(|outcome| matches!(outcome, Outcome::Failure(_))),
            errors: 0,
            skipped: count(|outcome| matches!(outcome, Outcome::Skipped(_))),
            cases,
        }
    }
}

fn outcome(
    report: &Report,
    options: &Options,
    total: &FileTotal,
    (findings, left_out): (&[&Reported], u64),
) -> Outcome {
    let masker = Masker::new(options.values);
    let mut lines: Vec<_> = findings
        .iter()
        .map(|reported| {
            let place = place(&reported.path, reported.finding.location.as_ref(), masker);
            let many = stands_for(&reported.finding).unwrap_or_default();
            format!("{place}: {}{many}", masker.message(&reported.finding.message))
        })
        .collect();
    if left_out > 0 {
        lines.push(format!("… and {} more", thousands(left_out)));
    }
    if !report.found.fails(total.severity()) {
        return Outcome::Out(lines.join("\n"));
    }
    let message = match findings {
        [only] if left_out == 0 => masker.message(&only.finding.message),
        _ => format!("{}: {}", plural(total.total(), "finding"), total.rule.manual.summary),
    };
    Outcome::Failure(Told {
        message,
        kind: Some(total.severity().as_str()),
        text: lines.join("\n"),
    })
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::*;
    use crate::report::sample::{self, NASTY, public};

    fn written(report: &Report) -> String {
        let text = sample::written(write, report, &Options::default());
        sample::assert_safe(&text);
        text
    }

    fn cases<'a>(document: &'a Document<'a>, suite: &str) -> Vec<Node<'a, 'a>> {
        document
            .descendants()
            .filter(|node| node.has_tag_name("testcase"))
            .filter(|node| node.attribute("classname") == Some(suite))
            .collect()
    }

    #[test]
    fn a_rule_that_holds_has_passed() {
        let text = written(&sample::mixed());
        let document = Document::parse(&text).unwrap();
        let cases = cases(&document, "epoch/students.csv");
        assert!(cases.len() > 20);
        let failed: Vec<_> = cases.iter().filter(|case| case.has_children()).collect();
        let [failed] = failed[..] else { panic!("{text}") };
        assert_eq!(failed.attribute("name"), Some("header/misnamed-column"));
        let failure = failed.first_element_child().unwrap();
        assert_eq!(failure.attribute("type"), Some("error"));
        assert!(failure.text().unwrap().starts_with("epoch/students.csv:1:33: the required"));
    }

    #[test]
    fn the_sums_are_right() {
        let text = written(&sample::mixed());
        let document = Document::parse(&text).unwrap();
        let root = document.root_element();
        let count = |tag| document.descendants().filter(|node| node.has_tag_name(tag)).count();
        assert_eq!(root.attribute("tests"), Some(&*count("testcase").to_string()));
        assert_eq!(root.attribute("failures"), Some("3"));
        assert_eq!((count("failure"), count("skipped"), count("system-out")), (3, 1, 1));
    }

    #[test]
    fn nothing_is_said_of_rules_that_were_not_checked() {
        let mut report = sample::with_findings(Vec::new());
        report.targets[0].files[0].records = None;
        let text = written(&report);
        let document = Document::parse(&text).unwrap();
        assert!(cases(&document, "epoch/guardians.csv").is_empty());
        assert!(!cases(&document, "epoch/students.csv").is_empty());
    }

    #[test]
    fn xml_stays_xml() {
        for nasty in [NASTY, "]]>", "<!--", "&amp;\"'", "\u{fffe}\u{ffff}\u{1}"] {
            let finding = sample::FIELD_COUNT
                .finding()
                .message(samegoal_schema::Message::from(nasty).cell(public(nasty)));
            let text = written(&sample::with_findings(vec![(nasty, finding)]));
            let document = Document::parse(&text).unwrap();
            let visible = visible(nasty);
            assert_eq!(cases(&document, &visible).len(), 1, "{text}");
        }
    }
}
