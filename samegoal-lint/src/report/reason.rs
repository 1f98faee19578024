//! Which findings have one cause: the same rule with the same reason, in other columns or files.

use std::collections::BTreeSet;

use samegoal_schema::{Message, Part};

use crate::policy::Reported;
use samegoal_schema::text::escape::visible;

/// From so many columns or files on, they are named together.
pub(super) const MANY: usize = 4;

/// What findings of one cause have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Reason {
    rule: &'static str,
    /// What they say, without what each says of its own column or file.
    text: String,
}

impl Reason {
    pub(super) fn of(reported: &Reported) -> Self {
        let finding = &reported.finding;
        let rule = finding.rule.name;
        // What has to be done about headers is the same for all of them in a file: another header.
        let text = if is_misnamed(reported) {
            reported.path.to_string()
        } else {
            let text = [&finding.message, &finding.help].map(|it| template(it, reported));
            text.join("\n")
        };
        Self { rule, text }
    }
}

/// Whether the finding is about a header that is nearly the name of a column.
pub(super) fn is_misnamed(reported: &Reported) -> bool {
    reported.finding.rule.name == "header/misnamed-column"
}

/// The message without the name of the column or file, without values, and without numbers.
fn template(message: &Message, reported: &Reported) -> String {
    const HOLE: &str = "\u{0}";
    let field = reported.finding.location.as_ref().and_then(|place| place.known_field());
    let path = &*reported.path;
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let mut text = String::new();
    for part in &message.parts {
        match part {
            Part::Cell(_) => text.push_str(HOLE),
            Part::Text(part) | Part::Hint { masked: part, .. } => {
                let mut part = part.to_string();
                for own in [field.unwrap_or_default(), path, name] {
                    if !own.is_empty() {
                        part = part.replace(own, HOLE);
                    }
                }
                text.push_str(&part);
            }
        }
    }
    text.replace(|c: char| c.is_ascii_digit() || c == ',', "")
}

/// The columns or files of findings of one cause, each once: `` `Student Id`, `Last Name` ``.
pub(super) fn members<'a>(findings: impl Iterator<Item = &'a Reported>) -> Members {
    let mut paths = Vec::new();
    let mut fields = Vec::new();
    let (mut seen_paths, mut seen_fields) = (BTreeSet::new(), BTreeSet::new());
    for reported in findings {
        if seen_paths.insert(&*reported.path) {
            paths.push(visible(&reported.path).into_owned());
        }
        let field = reported.finding.location.as_ref().and_then(|place| place.known_field());
        if let Some(field) = field
            && seen_fields.insert(field)
        {
            fields.push(visible(field).into_owned());
        }
    }
    Members { paths, fields }
}

/// Where findings of one cause are.
pub(super) struct Members {
    pub(super) paths: Vec<String>,
    /// The known columns.
    pub(super) fields: Vec<String>,
}

impl Members {
    /// `In 15 columns: …`, or in files; the second if there are several of them.
    pub(super) fn lines(&self) -> Vec<String> {
        let quoted: Vec<_> = self.fields.iter().map(|field| format!("`{field}`")).collect();
        let mut lines = Vec::new();
        if quoted.len() > 1 {
            lines.push(format!("In {} columns: {}", quoted.len(), quoted.join(", ")));
        }
        if self.paths.len() > 1 {
            lines.push(format!("In {} places: {}", self.paths.len(), self.paths.join(", ")));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use samegoal_schema::{Content, Finding, Location};

    use super::*;
    use crate::report::sample::{BLANK_LINE, FIELD_COUNT, at, private, with_findings};

    fn reason(path: &str, field: &'static str, finding: Finding) -> Reason {
        let place = Location { field: Some(field.into()), ..at(2, 1) };
        let report = with_findings(vec![(path, finding.at(place))]);
        Reason::of(&report.found.findings[0])
    }

    #[test]
    fn column_file_value_and_number_make_no_other_reason() {
        let finding = |field: &str, path: &str, value: &str, number: u64| {
            FIELD_COUNT.finding().message(
                Message::from(format!("`{field}` of {path} is `"))
                    .cell(private(value, Content::Name))
                    .text(format!("` and {number} more")),
            )
        };
        let one = reason("a/x.csv", "City", finding("City", "x.csv", "Ada", 3));
        assert_eq!(one, reason("b/y.csv", "State", finding("State", "b/y.csv", "Bob", 1200)));
        assert_ne!(one, reason("a/x.csv", "City", FIELD_COUNT.finding().message("other")));
        assert_ne!(one, reason("a/x.csv", "City", BLANK_LINE.finding()));
        let helped = finding("City", "x.csv", "Ada", 3).help("Trim it.");
        assert_ne!(one, reason("a/x.csv", "City", helped));
    }
}
