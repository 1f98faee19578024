//! What a column declares about each of its values.

use super::Value;
use super::screen::{Part, Screen};
use crate::csv::record::count_characters;
use crate::finding::{Cure, Message, Sink, WRITE_ALLOWED_VALUE, cured, rules};
use crate::schema::{ColumnSpec, Format, Presence, Text};
use crate::text::{lookalike, wording};

rules! {
    /// A required value is empty.
    ///
    /// ## Why it matters
    ///
    /// SameGoal cannot load a record without all required values. The student keeps the data of the
    /// last load; a new student is not added at all.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name,First Name      wrong: no first name
    /// 1001,Okafor,
    ///
    /// Student Id,Last Name,First Name      right
    /// 1001,Okafor,Ada
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Fill in the value in the student information system. If it is there and only the export
    /// lacks it, check the join that provides it: a join to a table without a row for this student
    /// leaves the value empty.
    REQUIRED_EMPTY = "value/required-empty", Error, RecordLost;

    /// A value is longer than its column allows.
    ///
    /// ## Why it matters
    ///
    /// The published limit for `Student Id` is 20 characters. SameGoal cannot store a longer id. If
    /// it cut the id off, the result could be another student's id.
    ///
    /// ## Example
    ///
    /// ```text
    /// 100000000000000000000001             wrong: 24 characters
    /// 1000000001                           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Export the id that the district uses, not an internal one such as a GUID. In SQL, trim
    /// padding: `TRIM(student_id)`.
    TOO_LONG = "value/too-long", Error, RecordLost;

    /// A `Student Id` has a character that is not a letter or a digit.
    ///
    /// ## Why it matters
    ///
    /// A student id may contain only letters and digits. SameGoal cannot load a record with any
    /// other character in its key.
    ///
    /// ## Example
    ///
    /// ```text
    /// 10-01                                wrong: a hyphen
    /// 1001                                 right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Export the id without punctuation. In SQL: `REPLACE(student_id, '-', '')`. Make sure that no
    /// two ids become the same. guardians.csv and absences.csv must then use the same id.
    BAD_CHARACTER = "value/bad-character", Error, RecordLost;

    /// A value is not one of those that its column allows.
    ///
    /// ## Why it matters
    ///
    /// `Gender` and `District Enrollment` accept only the published values, letter for letter.
    /// SameGoal does not understand any other value and does not set the student's gender or
    /// enrollment.
    ///
    /// ## Example
    ///
    /// ```text
    /// Active                               wrong: the system's own code
    /// ENROLLED                             right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Translate your codes in the export. In SQL:
    /// `CASE status WHEN 'A' THEN 'ENROLLED' WHEN 'W' THEN 'WITHDREW' END`.
    NOT_ALLOWED = "value/not-allowed", Error, ValueLost;
}

/// A value is missing where one is required.
pub(super) fn required(spec: &ColumnSpec) -> Part {
    let empty = Screen { lengths: 0..=0, is_suspect: |_| true };
    Part { screen: (spec.presence == Presence::Required).then_some(empty), check: None }
}

/// A value is longer than its column allows.
pub(super) fn limited(spec: &ColumnSpec) -> Part {
    let Some(most) = spec.max_length else { return Part::default() };
    let longer = Screen { lengths: most as usize + 1..=usize::MAX, is_suspect: |_| true };
    Part { check: Some(too_long), screen: Some(longer) }
}

/// The prescreen lets nothing but letters and digits pass in such a column.
pub(super) fn alphanumeric(spec: &ColumnSpec) -> Part {
    Part { check: (spec.format == Format::Alphanumeric).then_some(bad_character), screen: None }
}

/// The prescreen lets nothing but the allowed values pass in such a column.
pub(super) fn listed(spec: &ColumnSpec) -> Part {
    let is_listed = matches!(spec.format, Format::OneOf(_));
    Part { check: is_listed.then_some(not_allowed), screen: None }
}

/// Reports an empty required value.
pub(super) fn required_empty(value: &Value<'_>, sink: &mut dyn Sink) {
    value.report(sink, &REQUIRED_EMPTY, |finding| {
        finding.message(value.name().text(" is empty but required")).label("needs a value").help(
            "SameGoal cannot load a record without it. Enter it in the student information \
                 system, or check the join in the export that provides it.",
        )
    });
}

fn too_long(value: &Value<'_>, sink: &mut dyn Sink) {
    let Some(most) = value.spec.max_length else { return };
    if value.text.len() <= most as usize {
        return;
    }
    let characters = count_characters(value.text);
    if characters <= u64::from(most) {
        return;
    }
    value.report(sink, &TOO_LONG, |finding| {
        finding
            .message(value.name().hint(
                format!(" has {characters} characters; the limit is {most}"),
                format!(" has more than {most} characters, which is the limit"),
            ))
            .label(Message::default().hint(format!("{characters} characters"), "too long"))
            .help(
                "SameGoal cannot store this id. Export the id that the district uses, not an \
                 internal one, and trim any padding.",
            )
    });
}

fn bad_character(value: &Value<'_>, sink: &mut dyn Sink) {
    if value.text.iter().all(u8::is_ascii_alphanumeric) {
        return;
    }
    // Bytes that are not text at all are an encoding problem, and are reported as that.
    let mut characters = value.text.utf8_chunks().flat_map(|chunk| chunk.valid().chars());
    let Some(bad) = characters.find(|character| !character.is_alphanumeric()) else {
        return;
    };
    value.report(sink, &BAD_CHARACTER, |finding| {
        finding
            .message(value.name().text(format!(
                " contains {}; it may have only letters and digits",
                wording::describe(bad)
            )))
            .label("only letters and digits")
            .help(
                "SameGoal cannot load the record. Export the id without punctuation, the same way \
                 in every file. In SQL: REPLACE(student_id, '-', '').",
            )
    });
}

fn not_allowed(value: &Value<'_>, sink: &mut dyn Sink) {
    let Format::OneOf(allowed) = &value.spec.format else { return };
    if allowed.iter().any(|one| one.as_bytes() == value.text) {
        return;
    }
    let cure = one_meant(value.text, allowed)
        .filter(|_| value.is_fixable())
        .map(|_| Cure::of(&WRITE_ALLOWED_VALUE));
    cured(sink, cure, |sink| other(value, allowed, sink));
}

fn other(value: &Value<'_>, allowed: &[Text], sink: &mut dyn Sink) {
    value.report(sink, &NOT_ALLOWED, |finding| {
        let meant = std::str::from_utf8(value.text)
            .ok()
            .and_then(|written| meant(written, allowed, value.spec));
        let message = value.name().text(" is `").cell(value.cell()).text("`, which is not allowed");
        let unknown = "not one of the published values";
        let (message, label) = match meant {
            Some(meant) => (
                message.hint(format!("; did you mean `{meant}`?"), ""),
                Message::default().hint(format!("use `{meant}`"), unknown),
            ),
            None => (message, unknown.into()),
        };
        finding.message(message).label(label).help(format!(
            "SameGoal accepts only {}. Translate your codes in the export's query. If none of \
             these values fits, ask SameGoal support.",
            wording::list(allowed)
        ))
    });
}

/// The allowed value that equals a value except for case, spaces and punctuation. If a shorter
/// allowed value abbreviates it and no other, as `F` does `female`, the shorter one.
pub(crate) fn one_meant<'a>(value: &[u8], allowed: &'a [Text]) -> Option<&'a str> {
    let value = std::str::from_utf8(value).ok()?;
    // A fix keeps lines where they are.
    if value.contains(['\r', '\n']) || allowed.iter().any(|one| one == value) {
        return None;
    }
    let meant = lookalike::normal(value);
    let same = allowed.iter().find(|one| !meant.is_empty() && lookalike::normal(one) == meant)?;
    let is_short_for = |short: &str, long: &str| !short.is_empty() && long.starts_with(short);
    let short = allowed.iter().find(|one| {
        let one = lookalike::normal(one);
        let mut longer =
            allowed.iter().map(|other| lookalike::normal(other)).filter(|it| *it != one);
        is_short_for(&one, &meant)
            && longer.all(|other| other == meant || !is_short_for(&one, &other))
    });
    Some(short.unwrap_or(same))
}

/// The allowed value that a value was most likely meant to be, if there is only one candidate.
fn meant<'a>(written: &str, allowed: &'a [Text], spec: &'a ColumnSpec) -> Option<&'a str> {
    let normal = lookalike::normal(written);
    let is_same = |other: &str| lookalike::normal(other) == normal;
    if let Some(same) = allowed.iter().find(|value| is_same(value)) {
        return Some(same);
    }
    if let Some(synonym) = spec.value_synonyms.iter().find(|synonym| is_same(&synonym.written)) {
        return Some(&synonym.meant);
    }
    // The opposite of a value is not that value, however close the letters are.
    let is_negation = ["un", "non", "not", "dis"].iter().any(|prefix| normal.starts_with(prefix));
    if is_negation {
        return None;
    }
    abbreviated(&normal, allowed)
        .or_else(|| lookalike::nearest(written, allowed.iter().map(AsRef::as_ref)))
}

/// The only allowed value that starts with these letters; fewer than three letters prove nothing.
fn abbreviated<'a>(normal: &str, allowed: &'a [Text]) -> Option<&'a str> {
    if normal.len() < 3 {
        return None;
    }
    let mut found: Option<(&str, String)> = None;
    for value in allowed {
        let other = lookalike::normal(value);
        if !other.starts_with(normal) {
            continue;
        }
        match &found {
            Some((_, before)) if *before != other => return None,
            Some(_) => {}
            None => found = Some((value, other)),
        }
    }
    found.map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::{Text, one_meant};
    use crate::testing::{findings, in_column, in_students, shown, students};

    #[test]
    fn demands_what_is_declared() {
        for (column, value, expected) in [
            ("First Name", "", "value/required-empty"),
            ("First Name", " \u{a0}", "value/required-empty"),
            ("Middle Name", "", ""),
            ("Student Id", "12345678901234567890", ""),
            ("Student Id", "123456789012345678901", "value/too-long"),
            ("Student Id", "１２３４５６７８９０１２３４５６７８９０", ""),
            ("Student Id", "10-01", "value/bad-character"),
            ("Student Id", "10 01", "value/bad-character"),
            ("Student Id", "ñ1", ""),
            ("Student Reporting Id", "10-01", ""),
            ("Gender", "male", ""),
            ("Gender", "MALE", "value/not-allowed"),
            ("District Enrollment", "Enrolled", "value/not-allowed"),
        ] {
            let found = in_column(column, &[value]);
            let expected: Vec<_> = [expected]
                .into_iter()
                .filter(|rule| !rule.is_empty())
                .map(|rule| format!("{rule}@2 {column}"))
                .collect();
            assert_eq!(found, expected, "{column} {value:?}");
        }
    }

    #[test]
    fn suggests_what_is_meant_beyond_doubt() {
        for (column, value, expected) in [
            ("Gender", "FEMALE", "use `female`"),
            ("Gender", "Fem", "use `female`"),
            ("Gender", "femal", "use `female`"),
            ("Gender", "Boy", "use `M`"),
            ("Gender", "GIRL", "use `F`"),
            ("Gender", "X", ""),
            ("Gender", "U", ""),
            ("Gender", "N", ""),
            ("Gender", "1", ""),
            ("Gender", "W", ""),
            ("Gender", "Nonbinary", ""),
            ("Gender", "Unknown", ""),
            ("District Enrollment", "Enrolled", "use `ENROLLED`"),
            ("District Enrollment", "enroll", "use `ENROLLED`"),
            ("District Enrollment", "ENROLED", "use `ENROLLED`"),
            ("District Enrollment", "Pre-Enrolled", "use `PRE_ENROLLED`"),
            ("District Enrollment", "dropped out", "use `DROPPED_OUT`"),
            ("District Enrollment", "Dropped", "use `DROPPED_OUT`"),
            ("District Enrollment", "Active", "use `ENROLLED`"),
            ("District Enrollment", "Inactive", "use `INACTIVE`"),
            ("District Enrollment", "Withdrawn", "use `WITHDREW`"),
            ("District Enrollment", "Transfer", "use `TRANSFERRED`"),
            ("District Enrollment", "GRADUATE", "use `GRADUATED`"),
            ("District Enrollment", "Grad", "use `GRADUATED`"),
            ("District Enrollment", "Unenrolled", ""),
            ("District Enrollment", "Not enrolled", ""),
            ("District Enrollment", "A", ""),
            ("District Enrollment", "E", ""),
            ("District Enrollment", "0", ""),
            ("District Enrollment", "Expelled", ""),
        ] {
            let csv = students(&[&[(column, value)]]);
            let [finding] = &findings(&[("students.csv", &csv)])[..] else { panic!("{value}") };
            let expected =
                if expected.is_empty() { "not one of the published values" } else { expected };
            assert_eq!(shown(&finding.label), expected, "{column} {value:?}");
        }
    }

    #[test]
    fn reports_one_cause_once() {
        assert_eq!(
            in_students(&[&[("Student Id", "12-3456789012345678901")]]),
            ["value/too-long@2 Student Id", "value/bad-character@2 Student Id"]
        );
        assert_eq!(in_column("Gender", &["Male "]), ["value/padded@2 Gender"]);
    }

    #[test]
    fn a_value_is_written_as_it_is_published_where_it_can_be_one_only() {
        let list = |values: &[&'static str]| -> Vec<Text> {
            values.iter().map(|value| Text::Borrowed(*value)).collect()
        };
        let gender = list(&["M", "F", "m", "f", "male", "female", "Male", "Female"]);
        let status = list(&["PRE_ENROLLED", "ENROLLED", "DROPPED_OUT"]);
        let district = list(&["A", "Active", "Archived"]);
        for (value, allowed, expected) in [
            ("FEMALE", &gender, Some("F")),
            ("MALE.", &gender, Some("M")),
            ("Female", &gender, None),
            ("fem", &gender, None),
            ("X", &gender, None),
            ("-", &gender, None),
            ("Enrolled", &status, Some("ENROLLED")),
            ("dropped out", &status, Some("DROPPED_OUT")),
            ("Pre-Enrolled", &status, Some("PRE_ENROLLED")),
            ("Active", &status, None),
            // `A` may stand for either.
            ("ARCHIVED", &district, Some("Archived")),
        ] {
            assert_eq!(one_meant(value.as_bytes(), allowed), expected, "{value}");
        }
    }
}
