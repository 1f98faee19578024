use serde_json::Value;

use super::*;
use crate::report::sample::{self, FIELD_COUNT, at};

fn written(report: &Report) -> Value {
    let text = sample::written(write, report, &Options::default());
    let log: Value = serde_json::from_str(&text).unwrap();
    // The manuals hold what they hold; the rest is not the program's own.
    sample::assert_safe(&format!("{:#}", log["runs"][0]["results"]));
    log
}

#[test]
fn a_finding_is_a_result() {
    let log = written(&sample::mixed());
    let run = &log["runs"][0];
    let result = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["ruleId"] == "header/misnamed-column")
        .unwrap();
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "epoch/students.csv");
    assert_eq!(
        place["region"],
        serde_json::json!({"startLine": 1, "startColumn": 33, "endColumn": 36})
    );
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], "header/misnamed-column");
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("## "));
    let notes = &run["invocations"][0]["toolExecutionNotifications"];
    assert!(notes[0]["message"]["text"].as_str().unwrap().contains("columns"));
}

#[test]
fn results_are_limited_and_totals_are_not() {
    let many = |rule: &'static Known, count: u64| {
        (0..count).map(move |line| ("x.csv", rule.finding().at(at(line + 1, 1))))
    };
    let findings = many(&sample::BLANK_LINE, 5000).chain(many(&FIELD_COUNT, 10)).collect();
    let log = written(&sample::with_findings(findings));
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), MOST);
    assert_eq!(results.iter().filter(|it| it["level"] == "error").count(), 10);
    assert_eq!(run["properties"]["warnings"], 5000);
    assert_eq!(run["properties"]["byRule"]["csv/blank-line"], 5000);
}

#[test]
fn a_link_in_a_message_is_none() {
    assert_eq!(text("[x](https://a)".into()).text, "[x] (https://a)");
}
