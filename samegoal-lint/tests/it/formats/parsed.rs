//! The formats as others read them.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Parser, Tag};
use roxmltree::Document;
use scraper::{Html, Selector};
use serde_json::Value;

/// All that the template of the page writes.
const ELEMENTS: &str = "html head meta title style body header p h1 h2 h3 h4 code main section nav \
                        ol ul li a span div label input select option fieldset legend pre mark \
                        details summary table thead tbody tr th td small footer script";
const ATTRIBUTES: &str = "lang charset http-equiv content name class id aria-labelledby aria-label \
                          href role hidden for type autocomplete spellcheck value checked \
                          data-severity data-file scope";

/// The JSON report, which has to conform to its own schema.
pub(super) fn json(text: &str) -> Value {
    let report: Value = serde_json::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&samegoal_lint::report::json::schema()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    report
}

fn total(report: &Value) -> u64 {
    let sums = ["errors", "warnings", "advice"].map(|sum| report["summary"][sum].as_u64().unwrap());
    sums.iter().sum()
}

/// All reports of one run against the JSON report of the same.
pub(super) fn check(texts: &BTreeMap<&str, String>, report: &Value, what: &str) {
    jsonl(&texts["jsonl"], report);
    sarif(&texts["sarif"], report);
    gitlab(&texts["gitlab"], report);
    junit(&texts["junit"], report);
    table(&texts["csv"], report);
    github(&texts["github"], report);
    markdown(&texts["markdown"], what);
    html(&texts["html"], report);
    plain(&texts["plain"], report);
    assert!(texts["summary"].lines().count() <= 10, "{}", texts["summary"]);
    assert!(texts["pretty"].lines().count() >= 2);
}

fn jsonl(text: &str, report: &Value) {
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let findings = lines.iter().filter(|line| line["type"] == "finding").count();
    assert_eq!(findings, report["findings"].as_array().unwrap().len());
    assert_eq!(
        (&lines[0]["type"], &lines[lines.len() - 1]["type"]),
        (&"run".into(), &"summary".into())
    );
}

fn sarif(text: &str, report: &Value) {
    let log: Value = serde_json::from_str(text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    for sum in ["errors", "warnings", "advice"] {
        assert_eq!(run["properties"][sum], report["summary"][sum]);
    }
    let results = run["results"].as_array().unwrap();
    let shown = report["findings"].as_array().unwrap().len();
    assert_eq!(results.len(), shown.min(5000));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str();
        let is_uri = |c: char| c.is_ascii_alphanumeric() || "%/-._~".contains(c);
        assert!(uri.unwrap().chars().all(is_uri), "{uri:?}");
        assert!(!result["message"]["text"].as_str().unwrap().contains("]("));
    }
}

fn gitlab(text: &str, report: &Value) {
    let issues: Vec<Value> = serde_json::from_str(text).unwrap();
    let not_checked = report["summary"]["not_checked"].as_array().unwrap();
    let off = not_checked.iter().filter(|it| it.get("rules").is_some()).count();
    assert_eq!(issues.len(), report["findings"].as_array().unwrap().len() + off);
    let fingerprints: BTreeSet<_> =
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), issues.len());
    for issue in &issues {
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        assert!(!issue["location"]["path"].as_str().unwrap().starts_with("./"));
    }
}

fn junit(text: &str, report: &Value) {
    let document = Document::parse(text).unwrap();
    let root = document.root_element();
    let count = |tag| document.descendants().filter(|node| node.has_tag_name(tag)).count();
    assert_eq!(root.attribute("tests").unwrap(), count("testcase").to_string());
    assert_eq!(root.attribute("failures").unwrap(), count("failure").to_string());
    assert_eq!(count("failure") > 0, report["summary"]["errors"].as_u64().unwrap() > 0);
    let known = ["testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"];
    let strange = document
        .descendants()
        .find(|node| node.is_element() && !known.contains(&node.tag_name().name()));
    assert!(strange.is_none(), "{strange:?}");
}

fn table(text: &str, report: &Value) {
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(text.split('\n').all(|line| line.is_empty() || line.ends_with('\r')));
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let mut sum = 0;
    for row in rows.records().map(Result::unwrap) {
        assert!(
            row.iter().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])),
            "{row:?}"
        );
        sum += row.get(11).unwrap().parse::<u64>().unwrap();
    }
    assert_eq!(sum, total(report));
}

fn github(text: &str, report: &Value) {
    let commands = || text.lines().filter(|line| line.trim_start().starts_with(':'));
    for (kind, sum) in [("error", "errors"), ("warning", "warnings"), ("notice", "advice")] {
        let sum = report["summary"][sum].as_u64().unwrap();
        let start = format!("::{kind} ");
        let count = commands().filter(|line| line.starts_with(&start)).count();
        let findings = report["findings"].as_array().unwrap();
        let one_is_many = findings.iter().any(|it| it.get("count").is_some());
        let count = u64::try_from(count).unwrap();
        assert_eq!(count == 0, sum == 0);
        assert!(count == sum.min(10) || (one_is_many && count < sum.min(10)), "{text}");
    }
    for command in commands() {
        let (start, message) = command.strip_prefix("::").unwrap().split_once("::").unwrap();
        assert!(!message.contains("::"), "{command}");
        let known = ["file", "line", "col", "endColumn", "title"];
        let (_, properties) = start.split_once(' ').unwrap();
        let names = properties.split(',').map(|property| property.split_once('=').unwrap().0);
        assert!(names.clone().all(|name| known.contains(&name)), "{command}");
        assert_eq!(names.clone().collect::<BTreeSet<_>>().len(), names.count(), "{command}");
        assert!(!message.contains("%0A::") && !properties.contains("%0A"), "{command}");
    }
}

fn markdown(text: &str, what: &str) {
    assert!(text.len() <= 1_000_000);
    for event in Parser::new_ext(text, pulldown_cmark::Options::all()) {
        match event {
            Event::InlineHtml(html) => assert_eq!(&*html, "<br>", "{what}"),
            Event::Html(_)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::HtmlBlock
                | Tag::CodeBlock(_)
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::BlockQuote(_),
            ) => panic!("{what}: {event:?}"),
            _ => {}
        }
    }
}

fn html(text: &str, report: &Value) {
    let page = Html::parse_document(text);
    let every = Selector::parse("*").unwrap();
    let elements: BTreeSet<_> = ELEMENTS.split_whitespace().collect();
    let attributes: BTreeSet<_> = ATTRIBUTES.split_whitespace().collect();
    for element in page.select(&every) {
        let element = element.value();
        assert!(elements.contains(element.name()), "{element:?}");
        for (name, value) in element.attrs() {
            assert!(attributes.contains(name), "{element:?}");
            assert!(name != "href" || value.starts_with("#cause-"), "{element:?}");
        }
    }
    let count = |selector| page.select(&Selector::parse(selector).unwrap()).count();
    assert_eq!((count("style"), count("h1"), count("main")), (1, 1, 1));
    assert!(count("script") <= 1);
    let rules = report["summary"]["by_rule"].as_object().unwrap();
    assert_eq!(count(".cause"), rules.len());
    assert!(text.starts_with("<!DOCTYPE html>"));
}

fn plain(text: &str, report: &Value) {
    let rules = report["summary"]["by_rule"].as_object().unwrap();
    for rule in rules.keys() {
        assert!(text.contains(&format!("[{rule}] ")), "{rule}");
    }
}
