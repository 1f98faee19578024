//! Words that stand for an empty value.

use super::damage::is_open_category;
use super::{Counts, Soundness, Value, name};
use crate::check::binding::Place;
use crate::finding::{Cell, Finding, Privacy, Sink, report_many, rules};
use crate::schema::{ColumnSpec, Content, Format, Presence};
use crate::text::null_words::{self, BARE_WORDS};
use crate::text::whitespace::trim;
use crate::text::wording::thousands;

rules! {
    /// A value is a word for "no value".
    ///
    /// ## Why it matters
    ///
    /// An empty field is empty, but `NULL` is text. SameGoal stores it as a name, a grade or an
    /// address. In a required column, it hides that the value is missing.
    ///
    /// The rule reports these words, in any case: `NULL`, `N/A`, `NA`, `None`, `NIL`, `undefined`,
    /// `nan`, `\N`, hyphens, and words in brackets (`(blank)`, `<null>`, `[NULL]`, `<NA>`). It also
    /// reports what a spreadsheet displays for a formula that failed or is still running (`#N/A`,
    /// `#REF!`, `Loading...`).
    ///
    /// Some people are named Null, None or Na. So in a column of names, a bare word counts as a
    /// person's name, unless at least five records and 2 % of all have it, or every required name
    /// in the record is such a word. `NA` and `None` may also be codes, such as one for Native
    /// American. They do not count in columns of codes whose values are not published.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,NULL,Ada                 wrong: the middle name is the word
    /// 1001,Okafor,,Ada                     right: there is none
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Leave the field empty in the export: `COALESCE(middle_name, '')` in SQL, `na_rep=""` in
    /// pandas, `na = ""` in R. SQL Server Management Studio writes `NULL` when you save results as
    /// CSV: use `bcp` or `ISNULL(middle_name, '')` instead. `#N/A` and `#REF!` are formulas that
    /// failed: fix those formulas.
    PLACEHOLDER = "value/placeholder", Warning, ValueLost
        ; "in a required column or a `Student Id`": Error, RecordLost;
}

/// Checks whether a value is a word for "no value".
pub(super) fn check(value: &Value<'_>, counts: &mut Counts, sink: &mut dyn Sink) -> Soundness {
    let Some(placeholder) = placeholder_in(value.text, value.spec) else { return Soundness::Sound };
    let is_word = BARE_WORDS.contains(&placeholder);
    if let (Counts::Names(names), true) = (counts, is_word)
        && !is_nameless(value)
    {
        names.record(value, placeholder);
        return Soundness::Sound;
    }
    placeheld(value, placeholder, sink);
    Soundness::Lost
}

/// Whether something may be a word for "no value", whatever the rest of the record says.
pub(super) fn is_one(text: &[u8], spec: &ColumnSpec) -> bool {
    placeholder_in(text, spec).is_some()
}

/// The placeholder that a value of a column is.
fn placeholder_in(text: &[u8], spec: &ColumnSpec) -> Option<&'static str> {
    let word = null_words::word(text)?;
    if matches!(&spec.format, Format::OneOf(allowed) if allowed.iter().any(|it| it.as_bytes() == text))
    {
        return None;
    }
    let counts = match word {
        _ if !BARE_WORDS.contains(&word) || spec.content == Content::Name => true,
        // `Nan` is a place.
        "nan" => matches!(text, b"nan" | b"NaN"),
        "NULL" => true,
        _ => !is_open_category(spec),
    };
    counts.then_some(word)
}

/// Whether every required name in the record, or every name if none is required, is a word for "no
/// value". One such word may be a person's name.
fn is_nameless(value: &Value<'_>) -> bool {
    let names = || value.header.known().filter(|(_, spec)| spec.content == Content::Name);
    let is_required = |spec: &ColumnSpec| spec.presence == Presence::Required;
    let has_required = names().any(|(_, spec)| is_required(spec));
    if has_required && !is_required(value.spec) {
        return false;
    }
    let mut count = 0;
    let mut counted = names().filter(|(_, spec)| is_required(spec) || !has_required);
    let are_all = counted.all(|(index, spec)| {
        count += 1;
        let field = value.record.field(index);
        field.is_some_and(|field| placeholder_in(trim(&field.value()), spec).is_some())
    });
    are_all && count > 1
}

/// How many records must have a bare word in a column of names, and what part of all they must be:
/// one in this many.
const ENOUGH: u64 = 5;
const ONE_IN: u64 = 50;

/// The bare words in a column of names.
#[derive(Default)]
pub(super) struct NameColumn([Option<(u64, Place)>; BARE_WORDS.len()]);

impl NameColumn {
    /// Counts a bare word.
    fn record(&mut self, value: &Value<'_>, word: &str) {
        let seen = BARE_WORDS.iter().zip(&mut self.0).find(|(other, _)| **other == word);
        if let Some((_, seen)) = seen {
            seen.get_or_insert_with(|| (0, value.place())).0 += 1;
        }
    }

    /// Reports the words that too many records have for them to be people's names.
    pub(super) fn finish(self, spec: &ColumnSpec, records: u64, sink: &mut dyn Sink) {
        let is_required = is_needed(spec);
        for (word, seen) in BARE_WORDS.iter().zip(self.0) {
            let Some((count, (location, excerpt))) = seen else { continue };
            if count < ENOUGH || count * ONE_IN < records {
                continue;
            }
            report_many(sink, &PLACEHOLDER, is_required, count, |finding| {
                let cell = Cell::new(word.as_bytes(), Privacy::Private(spec.content));
                let message = name(spec).text(" is `").cell(cell).text(format!(
                    "` in {} of {} records, too often for a name",
                    thousands(count),
                    thousands(records)
                ));
                let finding = finding.at(location).excerpt(excerpt).message(message);
                advised(finding, word, is_required)
            });
        }
    }
}

fn placeheld(value: &Value<'_>, placeholder: &'static str, sink: &mut dyn Sink) {
    let is_required = is_needed(value.spec);
    let Value { header, record, index, .. } = *value;
    header.at_field(sink, &PLACEHOLDER, is_required, record, index, |finding| {
        let cell = value.cell_of(placeholder.as_bytes());
        let message = value.name().text(" is `").cell(cell).text("`, which stands for no value");
        advised(finding.message(message), placeholder, is_required)
    });
}

/// Whether a record is lost without a value in this column.
fn is_needed(spec: &ColumnSpec) -> bool {
    spec.presence == Presence::Required || spec.key || spec.references.is_some()
}

/// Adds what to do.
fn advised(finding: Finding, placeholder: &str, is_required: bool) -> Finding {
    let advice = if placeholder.starts_with('#') {
        "A spreadsheet displays it for a formula that failed: fix the formula."
    } else if placeholder == "Loading..." {
        "A spreadsheet displays it while a formula is running: wait until it is done, then save the file."
    } else if is_required {
        "Enter the value in the student information system, or check the join in the export that \
         provides it."
    } else {
        "Leave the field empty; in SQL: COALESCE(middle_name, '')."
    };
    finding
        .label(if is_required { "needs a value" } else { "leave it empty" })
        .help(format!("SameGoal reads it as ordinary text. {advice}"))
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, in_students, rules_broken as reported, students, summary};

    #[test]
    fn recognizes_placeholders() {
        const IT: &str = "value/placeholder";
        for (column, value, expected) in [
            ("Grade", "NULL", IT),
            ("Grade", " null ", IT),
            ("Grade", "-", IT),
            ("Grade", "--", IT),
            ("Grade", "#N/A", IT),
            ("Grade", "NA", ""),
            ("Grade", "K", ""),
            ("Race", "NA", ""),
            ("Race", "None", ""),
            ("Zip", "NA", IT),
            ("Zip", "none", IT),
            ("Zip", "nan", IT),
            ("Zip", "#REF!", IT),
            ("City", "Nan", ""),
            ("City", "Nanuet", ""),
            ("Address", "undefined", IT),
            ("Address", "N/A", IT),
            ("Address", "#12", ""),
            ("Address", "(blank)", IT),
            ("Address", "- 12 Oak St", ""),
            // Instead of what else would be said of them.
            ("Student Id", "N/A", "value/placeholder!"),
            ("Student Id", "NULL", "value/placeholder!"),
            ("Date of Birth", "NULL", "value/placeholder!"),
            ("Date of Birth", "-", "value/placeholder!"),
            ("Gender", "NA", "value/placeholder!"),
            ("Gender", "None", "value/placeholder!"),
            // Marked forms are never names; bare words are.
            ("Last Name", "-", "value/placeholder!"),
            ("Last Name", "n/a", "value/placeholder!"),
            ("Last Name", "#NAME?", "value/placeholder!"),
            ("Last Name", "<null>", "value/placeholder!"),
            ("Last Name", "[NULL]", "value/placeholder!"),
            ("Last Name", "\\N", "value/placeholder!"),
            ("Middle Name", "(null)", IT),
            ("Last Name", "Null", ""),
            ("Last Name", "NULL", ""),
            ("Last Name", "None", ""),
            ("Last Name", "NA", ""),
            ("Last Name", "Nan", ""),
            ("Last Name", "nan", ""),
            ("Last Name", "Nil", ""),
            ("Middle Name", "NULL", ""),
            ("City", "Loading...", IT),
            ("City", "N.A.", IT),
            ("City", "NIL", IT),
            ("City", "#SPILL!", IT),
            ("City", "#error!", IT),
            ("City", "<NA>", IT),
            ("Grade", "\\N", IT),
        ] {
            assert_eq!(reported(column, value), expected, "{column} {value:?}");
        }
        let nameless = [("Last Name", "NULL"), ("First Name", "n/a"), ("Middle Name", "NULL")];
        assert_eq!(
            in_students(&[&nameless]),
            ["value/placeholder!@2 Last Name", "value/placeholder!@2 First Name"]
        );
        // An export that writes the word for each missing middle name does not make anyone
        // nameless.
        let called_null = [("Last Name", "Null"), ("First Name", "Ada"), ("Middle Name", "NULL")];
        assert_eq!(in_students(&[&called_null]), [""; 0]);
    }

    #[test]
    fn knows_words_from_names_by_their_number() {
        for (column, word, count, people, expected) in [
            ("Last Name", "NULL", 4, 0, ""),
            ("Last Name", "NULL", 5, 245, "value/placeholder!@2 Last Name"),
            ("Last Name", "null", 5, 246, ""),
            ("First Name", "nan", 250, 0, "value/placeholder!@2 First Name"),
            ("Middle Name", "None", 5, 5, "value/placeholder@2 Middle Name"),
        ] {
            let record = [(column, word)];
            let mut rows = vec![&record[..]; count];
            rows.resize(count + people, &[]);
            let csv = students(&rows);
            let found = findings(&[("students.csv", &csv)]);
            let reported = found.iter().map(summary).collect::<Vec<_>>().join(" ");
            assert_eq!(reported, expected, "{column} {word} {count} {people}");
            assert!(found.iter().all(|one| one.count == count as u64));
        }
    }
}
