//! Sentences for those who have a markup: what is in backticks is code.

use samegoal_schema::{Consequence, Finding, Severity};

use super::plural;

/// A piece of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// Plain words.
    Text(&'a str),
    /// Something to be taken literally.
    Code(&'a str),
}

/// The sentence in its pieces, none of them empty and no code with a backtick in it. A backtick
/// without its fellow is text.
pub(super) fn words(sentence: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = sentence;
    while let Some((text, (code, after))) =
        rest.split_once('`').and_then(|(text, tail)| Some((text, tail.split_once('`')?)))
    {
        words.extend([Word::Text(text), Word::Code(code)]);
        rest = after;
    }
    words.push(Word::Text(rest));
    words.retain(|word| !matches!(word, Word::Text("") | Word::Code("")));
    words
}

/// `once`, `2 times`
pub(super) fn times(number: u64) -> String {
    if number == 1 { "once".to_owned() } else { plural(number, "time") }
}

/// ` (stands for 42 values)`, of a finding that is more than one.
pub(super) fn stands_for(finding: &Finding) -> Option<String> {
    let is_of_column = finding.elsewhere.is_empty()
        && finding.location.as_ref().is_some_and(|place| place.field.is_some());
    let thing = if is_of_column { "value" } else { "record" };
    (finding.count > 1).then(|| format!(" (stands for {})", plural(finding.count, thing)))
}

/// A severity at the start of a line.
pub(super) fn label(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Advice => "Advice",
    }
}

/// What a PATH is that has nothing of a delivery.
pub(super) const NO_DELIVERY: &str = "not a delivery";

/// What SameGoal does with a defect, for people.
pub(super) fn outcome(severity: Severity, consequence: Consequence) -> &'static str {
    match (consequence, severity) {
        (Consequence::DeliveryIgnored, Severity::Error) => "the delivery would be ignored",
        (Consequence::DeliveryIgnored, _) => "the delivery may be ignored",
        (Consequence::FileIgnored, Severity::Error) => "the file would be ignored",
        (Consequence::FileIgnored, _) => "the file may be ignored",
        (Consequence::DataAtRisk, _) => "data that SameGoal has may be deleted or overwritten",
        (Consequence::RecordLost, Severity::Error) => "records would be lost",
        (Consequence::RecordLost, _) => "records may be lost",
        (Consequence::ValueLost, Severity::Error) => "values would be lost",
        (Consequence::ValueLost, _) => "values may be lost",
        (Consequence::Suspicious, _) => "looks wrong",
    }
}

#[cfg(test)]
mod tests {
    use super::Word::{Code, Text};
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        for (sentence, expected) in [
            ("", vec![]),
            ("plain", vec![Text("plain")]),
            ("`DOB` looks", vec![Code("DOB"), Text(" looks")]),
            ("is `A`, not `B`", vec![Text("is "), Code("A"), Text(", not "), Code("B")]),
            ("one ` alone", vec![Text("one ` alone")]),
            ("`a`b`", vec![Code("a"), Text("b`")]),
            ("``", vec![]),
        ] {
            assert_eq!(words(sentence), expected, "{sentence}");
        }
    }
}
