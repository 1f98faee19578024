use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::report::sample;
use samegoal_schema::finding::Values;

fn written(report: &Report, values: Values) -> String {
    sample::written(write, report, &Options { values, ..Options::default() })
}

fn checked(report: &Report) -> Value {
    let text = written(report, Values::Mask);
    let document = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    document
}

#[test]
fn the_document_has_the_shape_of_version_1() {
    let mut report = sample::with_findings(vec![("epoch/students.csv", sample::misnamed())]);
    report.targets[0].files.remove(0);
    report.not_checked.push(crate::report::NotChecked::columns("epoch/guardians.csv"));
    assert_eq!(
        checked(&report),
        json!({
            "format_version": 1,
            "tool": {"name": "samegoal-lint", "version": env!("CARGO_PKG_VERSION")},
            "targets": [{
                "path": "epoch", "kind": "epoch",
                "files": [{
                    "path": "epoch/students.csv", "as": "students.csv",
                    "bytes": 2170, "records": 1200
                }]
            }],
            "verdict": {
                "consequence": "file-ignored",
                "sentence": "SameGoal would ignore epoch/students.csv (1,200 records): the \
                    required column `Date of Birth` is missing, and `DOB` looks like it."
            },
            "summary": {
                "errors": 1, "warnings": 0, "advice": 0,
                "by_rule": {
                    "header/misnamed-column": {"severity": "error", "total": 1, "shown": 1}
                },
                "not_checked": [{
                    "path": "epoch/guardians.csv", "what": "columns",
                    "why": "the column list is not published"
                }]
            },
            "findings": [{
                "rule": "header/misnamed-column", "severity": "error",
                "consequence": "file-ignored",
                "message":
                    "the required column `Date of Birth` is missing, and `DOB` looks like it",
                "help": "SameGoal finds columns by their exact names. Rename the header.",
                "path": "epoch/students.csv", "line": 1, "column": 33, "end_column": 36,
                "byte_offset": 32, "record": 0, "cell": "D1", "field": "Date of Birth"
            }]
        })
    );
}

#[test]
fn second_places_have_the_path_of_their_file() {
    let document = checked(&sample::mixed());
    let finding = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["rule"] == "csv/field-count")
        .unwrap();
    assert_eq!(
        finding["related"],
        json!([
            {"path": "epoch/students.csv", "line": 1, "message": "the header"},
            {"path": "epoch/guardians.csv", "message": "the file"}
        ])
    );
    assert!(finding.get("help").is_none());
}

/// Issue 15.
#[test]
fn masked_only_the_header_has_columns() {
    let columns = |values| {
        let document: Value = serde_json::from_str(&written(&sample::mixed(), values)).unwrap();
        let findings = document["findings"].as_array().unwrap().clone();
        findings
            .into_iter()
            .filter(|it| !it["line"].is_null())
            .map(|it| {
                let columns = ["column", "end_column", "byte_offset"].map(|name| it[name].is_u64());
                (
                    it["rule"].as_str().unwrap().to_owned(),
                    columns,
                    it["related"][0]["column"].is_u64(),
                )
            })
            .collect::<Vec<_>>()
    };
    let found = |rule: &str, columns, related| (rule.to_owned(), [columns; 3], related);
    for (values, records) in [(Values::Mask, false), (Values::Show, true)] {
        assert_eq!(
            columns(values),
            [
                found("csv/blank-line", records, false),
                found("csv/field-count", records, records),
                found("header/misnamed-column", true, false),
            ]
        );
    }
}

/// Issue 15.
#[test]
fn a_digest_does_not_give_away_what_a_short_file_says() {
    for (records, masked) in [(Some(1), false), (Some(99), false), (Some(100), true), (None, false)]
    {
        let mut report = sample::with_findings(Vec::new());
        report.targets[0].files.truncate(1);
        report.targets[0].files[0].records = records;
        report.targets[0].files[0].sha256 = Some("5e".repeat(32));
        for (values, expected) in [(Values::Mask, masked), (Values::Show, true)] {
            let options = Options { values, ..Options::default() };
            for write in [write, crate::report::jsonl::write, crate::report::sarif::write] {
                let text = sample::written(write, &report, &options);
                assert_eq!(text.contains(&"5e".repeat(32)), expected, "{records:?} {values:?}");
            }
        }
    }
}

#[test]
fn every_report_conforms_and_has_no_null() {
    let mut unreadable = sample::with_findings(Vec::new());
    unreadable.targets[0].files[0].records = None;
    for report in [sample::mixed(), Report::default(), unreadable] {
        checked(&report);
        assert!(!written(&report, Values::Show).contains("null"));
    }
}

#[test]
fn every_consequence_and_severity_is_in_the_schema() {
    let schema = schema().to_string();
    for name in [Severity::Error, Severity::Warning, Severity::Advice].map(Severity::as_str) {
        assert!(schema.contains(&format!("\"{name}\"")));
    }
    for rule in sample::RULES.iter().chain(crate::rules::RULES) {
        assert!(schema.contains(&format!("\"{}\"", rule.consequence)));
    }
}

#[test]
fn every_field_is_described_and_none_may_be_null() {
    fn walk(value: &Value, path: &str) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::Object(properties)) = fields.get("properties") {
                    for (name, property) in properties {
                        assert!(property.get("description").is_some(), "{path}/{name}");
                    }
                }
                for (name, value) in fields {
                    walk(value, &format!("{path}/{name}"));
                }
            }
            Value::Array(values) => values.iter().for_each(|value| walk(value, path)),
            Value::String(text) => assert_ne!(text, "null", "{path}"),
            _ => {}
        }
    }
    walk(&schema(), "");
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut document = checked(&sample::mixed());
    document["findings"][0]["severity"] = json!("fatal");
    assert!(!validator.is_valid(&document));
    assert!(!validator.is_valid(&json!({})));
    let absent = schema()["$defs"]["Finding"]["required"].to_string();
    assert!(absent.contains("message") && !absent.contains("line"), "{absent}");
}

#[test]
fn the_time_makes_no_difference_and_nothing_is_left_unescaped() {
    let report = sample::mixed();
    let text = written(&report, Values::Mask);
    let elapsed = Some(Duration::from_millis(12));
    let mut timed = Vec::new();
    write(&report, &Options { elapsed, ..Options::default() }, &mut timed).unwrap();
    assert_eq!(timed, text.as_bytes());
    assert!(text.ends_with("}\n") && text.starts_with("{\n  \"format_version\": 1,"));
    sample::assert_safe(&text);
    assert!(!text.contains("Lovelace"));
    assert!(written(&report, Values::Show).contains("Lovelace"));
}
