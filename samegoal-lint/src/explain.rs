//! What the program knows, for people to read: the rules with their manuals, and the API.

use std::fmt::Write;

use crate::rules::{RULES, rule};
use samegoal_schema::{Exception, Rule};
use serde::Serialize;
use serde_json::Value;

use crate::policy::{PolicyError, UnknownName};

pub mod api;
pub(crate) mod manual;
mod table;

/// The manual of a rule as text, fitted to `width` columns.
///
/// # Errors
///
/// [`PolicyError::UnknownRule`], with the nearest names.
pub fn explain(name: &str, width: usize) -> Result<String, PolicyError> {
    let Some(rule) = rule(name) else {
        let nearest = UnknownName::new(name, RULES.iter().map(|rule| rule.name));
        return Err(PolicyError::UnknownRule(nearest));
    };
    Ok(format!("{}\n{}\n\n{}", rule.name, weight(rule), manual::text(&rule.manual, width)))
}

/// The manual as text without its name, for programs that show it as it is.
pub(crate) fn plain(rule: &Rule) -> String {
    manual::text(&rule.manual, 80)
}

pub(crate) fn markdown(rule: &Rule) -> String {
    manual::markdown(&rule.manual, "##")
}

/// Where the manual can be read on the web.
pub(crate) fn page(rule: &Rule) -> String {
    let anchor = rule.name.replace('/', "");
    format!("{}/blob/main/docs/rules.md#{anchor}", env!("CARGO_PKG_REPOSITORY"))
}

/// Every rule, a line each: name, severity, consequence and summary.
pub fn rules_text() -> String {
    let rows = RULES.iter().map(|rule| {
        [rule.name, rule.severity.as_str(), rule.consequence.as_str(), rule.manual.summary]
            .map(Into::into)
    });
    table::text(["rule", "severity", "consequence", "summary"], rows)
}

/// Every rule with all that is known of it, as a JSON array of objects: `name`, `group`,
/// `severity`, `consequence`, `summary`, `manual` (Markdown) and, where a circumstance changes the
/// weight, `exceptions`, each with `when`, `severity` and `consequence`.
pub fn rules_json() -> Value {
    #[derive(Serialize)]
    struct Weight {
        when: &'static str,
        severity: &'static str,
        consequence: &'static str,
    }

    #[derive(Serialize)]
    struct Entry {
        name: &'static str,
        group: &'static str,
        severity: &'static str,
        consequence: &'static str,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        exceptions: Vec<Weight>,
        summary: &'static str,
        manual: String,
    }

    let weigh = |exception: &Exception| Weight {
        when: exception.when,
        severity: exception.severity.as_str(),
        consequence: exception.consequence.as_str(),
    };
    let entry = |rule: &&Rule| Entry {
        name: rule.name,
        group: rule.group(),
        severity: rule.severity.as_str(),
        consequence: rule.consequence.as_str(),
        exceptions: rule.exceptions.iter().map(weigh).collect(),
        summary: rule.manual.summary,
        manual: markdown(rule),
    };
    // Strings in structs: nothing here can fail to be JSON.
    serde_json::to_value(RULES.iter().map(entry).collect::<Vec<_>>()).unwrap_or_default()
}

/// The manual of all rules in Markdown: a table of them all, then one section for each.
pub fn rules_markdown() -> String {
    let mut out = String::from(
        "# Rules\n\nGenerated from the program; `samegoal-lint explain RULE` prints one rule. \
         Wherever you name a rule, you can name a group instead: the part before the slash stands \
         for all of its rules.\n\n",
    );
    let rows = RULES.iter().map(|rule| {
        let link = format!("[`{}`](#{})", rule.name, rule.name.replace('/', ""));
        [link, weight(rule), table::cell(rule.manual.summary)]
    });
    out.push_str(&table::markdown(["Rule", "Severity, consequence", "Summary"], rows));
    let mut group = "";
    for rule in RULES {
        if rule.group() != group {
            group = rule.group();
            let _ = write!(out, "\n## {group}\n");
        }
        let manual = manual::markdown(&rule.manual, "####");
        let _ = write!(out, "\n### {}\n\n{}\n\n{manual}\n", rule.name, weight(rule));
    }
    out
}

/// `error, record-lost (warning, suspicious for an optional column)`
fn weight(rule: &Rule) -> String {
    let mut weight = format!("{}, {}", rule.severity, rule.consequence);
    for Exception { when, severity, consequence } in rule.exceptions {
        let _ = write!(weight, " ({severity}, {consequence} {when})");
    }
    weight
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::FIELD_COUNT;

    #[test]
    fn a_manual_is_readable_text() {
        let text = manual::text(&FIELD_COUNT.manual, 60);
        assert_eq!(
            text,
            "A record has more or fewer fields than the header.

WHY IT MATTERS

The values after the fault would end up in the wrong
columns, and no one would notice until much later.

EXAMPLE

    Student Id,Last Name
      1,Lovelace,Ada

HOW TO FIX IT

- Put quotes round a value that has a comma in it, whatever
  the export that wrote it calls the setting.
- Export again.
"
        );
    }

    #[test]
    fn an_unknown_rule_is_answered_with_the_nearest() {
        let error = explain("csv/filed-count", 80).unwrap_err().to_string();
        assert!(error.contains("did you mean `csv/field-count`"), "{error}");
        assert!(explain("\u{1b}[2J", 80).unwrap_err().to_string().contains(r"\u{1b}[2J"));
    }

    #[test]
    fn the_rules_are_listed_in_json_with_their_exceptions() {
        let rules = rules_json();
        let rules = rules.as_array().unwrap();
        assert_eq!(rules.len(), RULES.len());
        let find = |name: &str| rules.iter().find(|rule| rule["name"] == name).unwrap();
        assert_eq!(find("csv/field-count")["severity"], "error");
        assert!(find("csv/field-count").get("exceptions").is_none());
        assert_eq!(find("csv/blank-line")["exceptions"][0]["when"], "above the header");
        let manual = find("csv/field-count")["manual"].as_str().unwrap();
        assert!(manual.contains("\n## Example\n\n```text\nStudent"));
    }

    #[test]
    fn the_manual_of_all_has_a_section_for_each() {
        let text = rules_markdown();
        for rule in RULES {
            assert!(text.contains(&format!("\n### {}\n\n{}\n", rule.name, weight(rule))));
        }
        assert!(text.contains("| [`csv/nul-byte`](#csvnul-byte) | error, file-ignored | The file"));
        assert!(text.contains("\n## drift\n\n### drift/") && text.contains("\n#### Example\n"));
        assert!(!text.contains("\n\n\n") && !text.lines().any(|line| line.ends_with(' ')));
    }

    #[test]
    fn every_rule_can_be_explained() {
        for rule in RULES {
            let text = explain(rule.name, 80).unwrap();
            let head = format!("{}\n{}\n\n", rule.name, weight(rule));
            assert!(text.starts_with(&head) && !text.contains("```"), "{text}");
        }
        assert_eq!(rules_text().lines().count(), RULES.len() + 1);
    }
}
