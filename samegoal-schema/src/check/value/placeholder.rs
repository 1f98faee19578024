//! Words for nothing.

use super::damage::is_open_category;
use super::{Counts, Soundness, Value, name};
use crate::check::binding::Place;
use crate::finding::rules;
use crate::finding::{Finding, Sink, report_many};
use crate::schema::{ColumnSpec, Content, Format, Presence};
use crate::text::whitespace::trim;
use crate::text::wording::thousands;

rules! {
    /// A value says in words that there is none.
    ///
    /// ## Why it matters
    ///
    /// An empty field is empty; `NULL` is text, and is stored as a name, a grade or an address. In a
    /// required column it hides that the value is missing.
    ///
    /// `NULL`, `N/A`, `NA`, `None`, `NIL`, `undefined`, `nan`, `\N`, hyphens, what stands in brackets
    /// (`(blank)`, `<null>`, `[NULL]`, `<NA>`), and what a spreadsheet shows for a formula that failed or
    /// goes on (`#N/A`, `#REF!`, `Loading...`) count, in any case.
    ///
    /// Some people are called Null, None or Na. So in a column of names a bare word is a person, unless at
    /// least five records and 2 % of all have it, or each required name of a record is one. `NA` and
    /// `None` may also be codes, such as one for Native American, so they do not count in columns of codes
    /// whose values are not published.
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
    /// Leave the field empty in the export: `COALESCE(middle_name, '')` in SQL, `na_rep=""` in pandas,
    /// `na = ""` in R. SQL Server Management Studio writes `NULL` when results are saved as CSV: use
    /// `bcp` or `ISNULL(middle_name, '')`. `#N/A` and `#REF!` are formulas that failed: mend those.
    PLACEHOLDER = "value/placeholder", Warning, ValueLost
        ; "in a required column or a `Student Id`": Error, RecordLost;
}

/// Judges whether something is a word for nothing.
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

/// What stands for no value whatever the column and the case.
const FOR_NOTHING: &[&str] = &[
    "N/A",
    "N.A.",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#ERROR!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "Loading...",
    "(blank)",
    "(null)",
    "(none)",
    "<null>",
    "<none>",
    "<NA>",
    "[NULL]",
    "\\N",
    "-",
    "--",
    "---",
    "undefined",
];

/// How long the longest of them is.
const LONGEST: usize = 10;

/// Words for nothing that are names, too.
const BARE_WORDS: [&str; 5] = ["NULL", "NA", "None", "NIL", "nan"];

/// Whether something may be a word for nothing, whatever the rest of the record says.
pub(super) fn is_one(text: &[u8], spec: &ColumnSpec) -> bool {
    placeholder_in(text, spec).is_some()
}

/// The placeholder that a value of a column is.
fn placeholder_in(text: &[u8], spec: &ColumnSpec) -> Option<&'static str> {
    let first = text.first()?.to_ascii_lowercase();
    let is_first = |c: char| c.eq_ignore_ascii_case(&char::from(first));
    let may_be = matches!(first, b'#' | b'(' | b'-' | b'<' | b'[' | b'\\' | b'l' | b'n' | b'u');
    if !may_be || text.len() > LONGEST {
        return None;
    }
    if matches!(&spec.format, Format::OneOf(allowed) if allowed.iter().any(|it| it.as_bytes() == text))
    {
        return None;
    }
    let is = |word: &&'static str| {
        text.len() == word.len()
            && word.starts_with(is_first)
            && text.eq_ignore_ascii_case(word.as_bytes())
    };
    if let Some(word) = FOR_NOTHING.iter().copied().find(is) {
        return Some(word);
    }
    let word = BARE_WORDS.into_iter().find(is)?;
    let counts = match word {
        _ if spec.content == Content::Name => true,
        // `Nan` is a place.
        "nan" => matches!(text, b"nan" | b"NaN"),
        "NULL" => true,
        _ => !is_open_category(spec),
    };
    counts.then_some(word)
}

/// Whether each required name of the record, or each name where none is required, is a word for
/// nothing: nobody is called so twice.
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

/// How many records must have a bare word in a column of names, and what part of all they must be: one
/// in so many.
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

    /// Reports the words that too many records have for people to be called so.
    pub(super) fn finish(self, spec: &ColumnSpec, records: u64, sink: &mut dyn Sink) {
        let is_required = is_needed(spec);
        for (word, seen) in BARE_WORDS.into_iter().zip(self.0) {
            let Some((count, (location, excerpt))) = seen else { continue };
            if count < ENOUGH || count * ONE_IN < records {
                continue;
            }
            report_many(sink, &PLACEHOLDER, is_required, count, |finding| {
                let finding =
                    finding.at(location).excerpt(excerpt).message(name(spec).text(format!(
                        " says `{word}` in {} of {} records, so it is nobody's name",
                        thousands(count),
                        thousands(records)
                    )));
                advised(finding, word, is_required)
            });
        }
    }
}

fn placeheld(value: &Value<'_>, placeholder: &'static str, sink: &mut dyn Sink) {
    let is_required = is_needed(value.spec);
    let Value { header, record, index, .. } = *value;
    header.at_field(sink, &PLACEHOLDER, is_required, record, index, |finding| {
        let message = value.name().text(format!(" says `{placeholder}` where there is no value"));
        advised(finding.message(message), placeholder, is_required)
    });
}

/// Whether a record is nothing without a value of the column.
fn is_needed(spec: &ColumnSpec) -> bool {
    spec.presence == Presence::Required || spec.key || spec.references.is_some()
}

/// Says what to do.
fn advised(finding: Finding, placeholder: &str, is_required: bool) -> Finding {
    let advice = if placeholder.starts_with('#') {
        "It is what a spreadsheet shows for a formula that failed: correct the formula."
    } else if placeholder == "Loading..." {
        "It is what a spreadsheet shows while a formula is working: save the file when it is done."
    } else if is_required {
        "Fill the value in in the student information system, or look at the join of the export \
         that brings it in."
    } else {
        "Leave the field empty; in SQL: COALESCE(middle_name, '')."
    };
    finding
        .label(if is_required { "needs a value" } else { "leave it empty" })
        .help(format!("To a program it is text like any other. {advice}"))
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, in_students, rules_broken as told, students, summary};

    #[test]
    fn tells_placeholders() {
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
            // Marked ones are nobody, and bare words are people.
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
            assert_eq!(told(column, value), expected, "{column} {value:?}");
        }
        let nobody = [("Last Name", "NULL"), ("First Name", "n/a"), ("Middle Name", "NULL")];
        assert_eq!(
            in_students(&[&nobody]),
            ["value/placeholder!@2 Last Name", "value/placeholder!@2 First Name"]
        );
        // An export that writes the word for each missing middle name makes nobody nameless.
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
            let told = found.iter().map(summary).collect::<Vec<_>>().join(" ");
            assert_eq!(told, expected, "{column} {word} {count} {people}");
            assert!(found.iter().all(|one| one.count == count as u64));
        }
    }
}
