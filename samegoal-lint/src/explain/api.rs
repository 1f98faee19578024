//! The API as the program knows it: the built-in description, or one that a district has completed.

use std::fmt::Write;

use clap::ValueEnum;
use samegoal_schema::schema::export;
use samegoal_schema::{
    ColumnSpec, Completeness, FileSpec, Format as Values, Presence, Schema, Source,
};
use serde::Serialize;

use super::table;
use crate::policy::UnknownName;
use samegoal_schema::text::escape::visible;

/// In which form the API is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// The description as data
    ///
    /// A [`FileSpec`] for one file, a [`Schema`] for all.
    Json,
    /// A page with the source of every fact
    Markdown,
    /// A CSV file with only a header, to fill in; for one file
    Template,
    /// The JSON Schema of a record; for one file
    JsonSchema,
    /// A Frictionless Table Schema; for one file
    TableSchema,
}

/// Why the API cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// There is no such file in the API.
    #[error("there is no API file {0}")]
    UnknownFile(UnknownName),
    /// The form is one for a single file.
    #[error("name one file, for example students.csv: this format describes only one")]
    OneFileOnly,
    /// None of the file's columns is known, so that there is no header.
    #[error("no column name of {0} is published")]
    NoColumns(String),
}

/// Prints one file of the API, or all of them. What is printed ends with a line feed.
///
/// # Errors
///
/// [`PrintError`], with the nearest names where there is no such file.
///
/// ```
/// use samegoal_lint::explain::api::{Format, print};
/// let api = samegoal_schema::generic_api();
/// assert!(print(&api, Some("students.csv"), Format::Text)?.contains("Date of Birth"));
/// # Ok::<(), samegoal_lint::explain::api::PrintError>(())
/// ```
pub fn print(api: &Schema, file: Option<&str>, format: Format) -> Result<String, PrintError> {
    let file = match file {
        None => None,
        Some(name) => Some(api.file(name).ok_or_else(|| {
            PrintError::UnknownFile(UnknownName::new(name, api.files().map(|file| &*file.name)))
        })?),
    };
    let one = file.ok_or(PrintError::OneFileOnly);
    let files: Vec<&FileSpec> = file.map_or_else(|| api.files().collect(), |file| vec![file]);
    Ok(match format {
        Format::Text => files.into_iter().map(text).collect::<Vec<_>>().join("\n"),
        Format::Json => file.map_or_else(|| json(api), json),
        Format::JsonSchema => json(&export::json_schema(one?)),
        Format::TableSchema => json(&export::table_schema(one?)),
        Format::Template => {
            let file = one?;
            let none = || PrintError::NoColumns(visible(&file.name).into_owned());
            export::template(file).ok_or_else(none)?
        }
        Format::Markdown => {
            INTRODUCTION.to_owned() + &files.into_iter().map(markdown).collect::<String>()
        }
    })
}

fn json<T: Serialize>(what: &T) -> String {
    // Strings, numbers and lists: nothing here can fail to be JSON.
    serde_json::to_string_pretty(what).unwrap_or_default() + "\n"
}

fn text(file: &FileSpec) -> String {
    let mut out = format!("{}\n\n{}\n\n", visible(&file.name), filled(&file.note, ""));
    for fact in facts(file) {
        let _ = writeln!(out, "{}", visible(&fact));
    }
    if file.columns.is_empty() {
        return out;
    }
    let rows = file.columns().map(|column| {
        [&column.name, presence(column), source(column.source)].map(|it| visible(it).into_owned())
    });
    let table = table::text(["column", "presence", "known from"], rows);
    let mut lines = table.lines();
    let _ = writeln!(out, "\n{}", lines.next().unwrap_or_default());
    for (line, column) in lines.zip(file.columns()) {
        let _ = writeln!(out, "{line}");
        let details: Vec<_> =
            [values(column), notes(column)].into_iter().filter(|it| !it.is_empty()).collect();
        if !details.is_empty() {
            let _ = writeln!(out, "{}", filled(&details.join("; "), "    "));
        }
    }
    out
}

/// The text, made visible, in lines that fit a narrow terminal.
fn filled(text: &str, indent: &str) -> String {
    let options = textwrap::Options::new(80).initial_indent(indent).subsequent_indent(indent);
    textwrap::fill(&visible(text), options)
}

const INTRODUCTION: &str = "\
# The generic CSV API

Generated from the program; `samegoal-lint schema --format markdown` prints the same. Each fact \
names its source:

- **document**: SameGoal's support document on integration with other or custom student \
information systems
- **page**: SameGoal's public support pages
- **inferred**: a conclusion of this project; the note gives the reason
- **district**: a configuration that adds to what is published

What is not listed here is not known. If the columns of a file are *partial*, the file may have \
columns that are not listed.
";

fn markdown(file: &FileSpec) -> String {
    let code = |text: &str| format!("`{}`", visible(text));
    let mut out = format!("\n## {}\n\n{}\n\n", visible(&file.name), visible(&file.note));
    for fact in facts(file) {
        let _ = writeln!(out, "- {}", visible(&fact));
    }
    if !file.columns.is_empty() {
        let rows = file.columns().enumerate().map(|(index, column)| {
            [
                (index + 1).to_string(),
                table::cell(&code(&column.name)),
                presence(column).to_owned(),
                table::cell(&visible(&values(column))),
                source(column.source).to_owned(),
                table::cell(&visible(&notes(column))),
            ]
        });
        let head = ["#", "Column", "Presence", "Values", "Known from", "Note"];
        out.push('\n');
        out.push_str(&table::markdown(head, rows));
    }
    out
}

/// What is known of a file as a whole, a sentence each.
fn facts(file: &FileSpec) -> Vec<String> {
    let mut facts = vec![
        match file.presence {
            Presence::Required | Presence::Present => {
                "Required in a delivery of students.".to_owned()
            }
            Presence::Optional => "Optional.".to_owned(),
            Presence::Unknown => "Whether it is required is not published.".to_owned(),
        },
        match file.completeness {
            Completeness::Complete => "Columns: all are known.".to_owned(),
            Completeness::Partial if file.columns.is_empty() => {
                "Columns: partial; no name is known.".to_owned()
            }
            Completeness::Partial => "Columns: partial; only these are known.".to_owned(),
        },
        format!("Known from: {}.", source(file.source)),
        format!("Without an epoch directory: {}.", file.auto_name()),
    ];
    if let Some(other) = &file.requires {
        facts.push(format!("Needs {other} beside it."));
    }
    if !file.former_names.is_empty() {
        facts.push(format!("Formerly {}.", file.former_names.join(", ")));
    }
    facts
}

fn presence(column: &ColumnSpec) -> &'static str {
    match (column.presence, column.key) {
        (Presence::Required, true) => "required, key",
        (Presence::Required, false) => "required",
        (Presence::Present, true) => "required, may be empty, key",
        (Presence::Present, false) => "required, may be empty",
        (Presence::Optional, true) => "optional, key",
        (Presence::Optional, false) => "optional",
        (Presence::Unknown, true) => "not published, key",
        (Presence::Unknown, false) => "not published",
    }
}

fn values(column: &ColumnSpec) -> String {
    let form = match &column.format {
        Values::Text => String::new(),
        Values::Alphanumeric => "letters and digits".to_owned(),
        Values::Date => "MM/DD/YYYY, MM-DD-YYYY, YYYY/MM/DD or YYYY-MM-DD".to_owned(),
        Values::OneOf(values) => format!("one of {}", values.join(", ")),
        Values::Groups => "groups with `;` between them, names in a group with `,`".to_owned(),
        other => format!("{other:?}"),
    };
    let mut values = if form.is_empty() { Vec::new() } else { vec![form] };
    if let Some(length) = column.max_length {
        values.push(format!("at most {length} characters"));
    }
    if let Some(key) = &column.references {
        values.push(format!("a `{}` of {}", key.column, key.file));
    }
    values.join(", ")
}

fn notes(column: &ColumnSpec) -> String {
    let mut notes = Vec::new();
    if !column.spellings.is_empty() {
        notes.push(format!("also {}", column.spellings.join(", ")));
    }
    if !column.former_names.is_empty() {
        notes.push(format!("formerly {}", column.former_names.join(", ")));
    }
    if !column.note.is_empty() {
        notes.push(column.note.to_string());
    }
    notes.join("; ")
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Document => "document",
        Source::Page => "page",
        Source::Inferred => "inferred",
        Source::District => "district",
    }
}

#[cfg(test)]
mod tests {
    use samegoal_schema::{Content, generic_api};

    use super::*;

    fn printed(file: Option<&str>, format: Format) -> String {
        print(&generic_api(), file, format).unwrap()
    }

    #[test]
    fn every_form_names_every_file_and_column() {
        let api = generic_api();
        for format in [Format::Text, Format::Json, Format::Markdown] {
            let all = printed(None, format);
            for file in api.files() {
                let one = printed(Some(&file.name), format);
                assert!(one.ends_with('\n') && !one.ends_with("\n\n"), "{one}");
                for text in [&all, &one] {
                    assert!(text.contains(&*file.name));
                    assert!(file.columns().all(|column| text.contains(&*column.name)), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_column_is_explained_with_its_source() {
        let text = printed(Some("students.csv"), Format::Text);
        assert!(text.contains(
            "
Student Id             required, key  page
    letters and digits, at most 20 characters; unique in the district
Last Name              required       page
Middle Name            optional       page
"
        ));
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
        let text = printed(Some("guardians.csv"), Format::Markdown);
        assert!(text.contains(
            "| 1 | `Student Id` | required | a `Student Id` of students.csv | inferred | "
        ));
        assert!(text.contains("- Columns: partial; only these are known.\n"));
        assert!(text.contains("- Needs students.csv beside it.\n"));
    }

    #[test]
    fn json_is_the_model() {
        let api = generic_api();
        let read: Schema = serde_json::from_str(&printed(None, Format::Json)).unwrap();
        assert_eq!(read, api);
        let read: FileSpec =
            serde_json::from_str(&printed(Some("users.csv"), Format::Json)).unwrap();
        assert_eq!(&read, api.file("users.csv").unwrap());
    }

    #[test]
    fn an_unknown_file_is_answered_with_the_nearest() {
        let error = print(&generic_api(), Some("student.csv"), Format::Text).unwrap_err();
        assert!(error.to_string().contains("did you mean `students.csv`"), "{error}");
    }

    #[test]
    fn a_form_for_one_file_wants_one() {
        let api = generic_api();
        for format in [Format::Template, Format::JsonSchema, Format::TableSchema] {
            let error = print(&api, None, format).unwrap_err();
            assert_eq!(error, PrintError::OneFileOnly);
            let text = printed(Some("students.csv"), format);
            assert!(text.ends_with('\n') && text.contains("SIS Internal ID"), "{text}");
        }
        let error = print(&api, Some("user_roles.csv"), Format::Template).unwrap_err();
        assert_eq!(error, PrintError::NoColumns("user_roles.csv".into()));
    }

    #[test]
    fn the_json_schema_accepts_a_good_record_and_refuses_a_bad_one() {
        let schema = printed(Some("students.csv"), Format::JsonSchema);
        let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
        let good = serde_json::json!({
            "Student Id": "1001", "Last Name": "Okafor", "First Name": "Ada",
            "Date of Birth": "1/5/2012", "Gender": "F", "District Enrollment": "ENROLLED",
            "Grade": "", "Building": "Oak", "Building Reporting Id": "000123", "Locker": "7",
        });
        assert!(validator.is_valid(&good));
        for (column, value) in [
            ("Student Id", "10-01"),
            ("Student Id", "100000000000000000001"),
            ("Last Name", " "),
            ("Date of Birth", "13/05/2012"),
            ("Gender", "FEMALE"),
            ("District Enrollment", ""),
        ] {
            let mut bad = good.clone();
            bad[column] = value.into();
            assert!(!validator.is_valid(&bad), "{column}: {value}");
        }
    }

    #[test]
    fn what_a_district_writes_is_escaped() {
        let mut api = generic_api();
        let file = api.files.get_index_mut(1).unwrap().1;
        let column = ColumnSpec::new("::a|b\u{1b}", Content::FreeText).note("x\ny|z");
        file.columns.insert(column.name.clone(), column);
        for format in [Format::Text, Format::Markdown] {
            let text = print(&api, Some("guardians.csv"), format).unwrap();
            crate::report::sample::assert_safe(&text);
        }
        let text = print(&api, Some("guardians.csv"), Format::Markdown).unwrap();
        assert!(text.contains(r"| `:\u{3a}a\|b\u{1b}` | optional |") && text.contains(r"x\ny\|z"));
    }
}
