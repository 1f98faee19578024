//! Words for nothing.

use super::{Soundness, Value};
use crate::blank::trim;
use crate::finding::Sink;
use crate::model::{ColumnSpec, Content, Format, Presence};
use crate::rule::rules;

rules! {
    /// A value says in words that there is none.
    ///
    /// ## Why it matters
    ///
    /// An empty field is empty; `NULL` is text, and is stored as a name, a grade or an address. In a
    /// required column it hides that the value is missing.
    ///
    /// `NULL`, `(null)`, `N/A`, `NA`, `None`, `(none)`, `(blank)`, `undefined`, `nan`, hyphens, and what
    /// a spreadsheet shows for a failed formula (`#N/A`, `#REF!`) count, in any case. Some people are
    /// called Null, None or Na, so in a column of names only what nobody is called counts: `NULL` in
    /// capitals, and not `NA`, `None` or hyphens. Where a name is required and the other names of the
    /// record are in capitals, `NULL` may be a name too. `NA` and `None` may also be codes, such as one
    /// for Native American, so they do not count in columns of codes whose values are not published.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,NULL,Ada                 wrong: the middle name is the word
    /// 1001,Okafor,,Ada                     right: there is none
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Leave the field empty in the export: `COALESCE(middle_name, '')` in SQL, `na_rep=""` in pandas,
    /// `na = ""` in R. SQL Server Management Studio writes `NULL` when results are saved as CSV: use
    /// `bcp` or `ISNULL(middle_name, '')`. `#N/A` and `#REF!` are formulas that failed: mend those.
    PLACEHOLDER = "value/placeholder", Warning, ValueLost
        ; "in a required column": Error, ValueLost;
}

/// Judges whether something is a word for nothing.
pub(super) fn check(value: &Value<'_>, sink: &mut dyn Sink) -> Soundness {
    match placeholder_in(value.text, value.spec, || may_be_called_null(value)) {
        None => Soundness::Sound,
        Some(placeholder) => {
            placeheld(value, placeholder, sink);
            Soundness::Spoilt
        }
    }
}

/// What stands for no value whatever the column and the case. The longest has nine characters.
const FOR_NOTHING: &[&str] = &[
    "N/A",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "(blank)",
    "(null)",
    "(none)",
    "undefined",
];

/// Whether something may be a word for nothing, whatever the rest of the record says.
pub(super) fn is_one(text: &[u8], spec: &ColumnSpec) -> bool {
    placeholder_in(text, spec, || false).is_some()
}

/// The placeholder that a value is.
fn placeholder_in(
    text: &[u8],
    spec: &ColumnSpec,
    may_be_called_null: impl FnOnce() -> bool,
) -> Option<&'static str> {
    let may_be = matches!(text.first(), Some(b'#' | b'(' | b'-' | b'N' | b'n' | b'U' | b'u'));
    if !may_be || text.len() > 9 {
        return None;
    }
    let is = |word: &&&'static str| text.eq_ignore_ascii_case(word.as_bytes());
    let found = if let Some(word) = FOR_NOTHING.iter().find(is) {
        word
    } else if matches!(text, b"nan" | b"NaN") {
        // `Nan` is a name and a place.
        "nan"
    } else if spec.content == Content::Name {
        return (text == b"NULL" && !may_be_called_null()).then_some("NULL");
    } else {
        let is_open_code = spec.content == Content::Category && !is_closed(&spec.format);
        let words: &[_] = if is_open_code {
            &["NULL", "-", "--", "---"]
        } else {
            &["NULL", "-", "--", "---", "NA", "None"]
        };
        words.iter().find(is)?
    };
    match &spec.format {
        Format::OneOf(allowed) if allowed.iter().any(|one| one.as_bytes() == text) => None,
        _ => Some(found),
    }
}

fn is_closed(format: &Format) -> bool {
    matches!(format, Format::OneOf(_))
}

/// Whether `NULL` may be the name of somebody whose names are all in capitals.
fn may_be_called_null(value: &Value<'_>) -> bool {
    let is_other_name_in_capitals = |(index, spec): (usize, &ColumnSpec)| {
        let field = (index != value.index && spec.content == Content::Name)
            .then(|| value.row.record.field(index))
            .flatten();
        field.is_some_and(|field| {
            let name = field.value();
            let name = String::from_utf8_lossy(trim(&name));
            !name.is_empty() && name != "NULL" && !name.chars().any(char::is_lowercase)
        })
    };
    value.spec.presence == Presence::Required && value.sheet.known().any(is_other_name_in_capitals)
}

fn placeheld(value: &Value<'_>, placeholder: &'static str, sink: &mut dyn Sink) {
    let is_required = value.spec.presence == Presence::Required;
    let Value { sheet, row, index, .. } = *value;
    sheet.at_field(sink, &PLACEHOLDER, is_required, row, index, |finding| {
        let mend = if placeholder.starts_with('#') {
            "It is what a spreadsheet shows for a formula that failed: mend the formula."
        } else if is_required {
            "Fill the value in in the student information system, or look at the join of the export \
             that brings it in."
        } else {
            "Leave the field empty; in SQL: COALESCE(middle_name, '')."
        };
        finding
            .message(value.name().text(format!(" says `{placeholder}` where there is no value")))
            .label(if is_required { "needs a value" } else { "leave it empty" })
            .help(format!("To a program it is text like any other. {mend}"))
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{in_students, rules_broken as told};

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
            // People's names.
            ("Last Name", "Null", ""),
            ("Last Name", "None", ""),
            ("Last Name", "Na", ""),
            ("Last Name", "NA", ""),
            ("Last Name", "Nan", ""),
            ("Last Name", "-", ""),
            ("Last Name", "NULL", "value/placeholder!"),
            ("Last Name", "nan", "value/placeholder!"),
            ("Last Name", "n/a", "value/placeholder!"),
            ("Last Name", "#NAME?", "value/placeholder!"),
            ("Middle Name", "NULL", IT),
            ("Middle Name", "null", ""),
            ("Middle Name", "(null)", IT),
        ] {
            assert_eq!(told(column, value), expected, "{column} {value:?}");
        }
        let called_null = [("Last Name", "NULL"), ("First Name", "JENNIFER")];
        assert_eq!(in_students(&[&called_null]), [""; 0]);
        let nobody = [("Last Name", "NULL"), ("First Name", "NULL")];
        assert_eq!(
            in_students(&[&nobody]),
            ["value/placeholder!@2 Last Name", "value/placeholder!@2 First Name"]
        );
        let without = [("Middle Name", "NULL"), ("Last Name", "OKAFOR"), ("First Name", "ADA")];
        assert_eq!(in_students(&[&without]), ["value/placeholder@2 Middle Name"]);
    }
}
