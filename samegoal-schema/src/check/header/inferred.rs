//! What an unpublished column holds, as far as its name shows.

use super::difference::Difference;
use super::names::Names;
use crate::schema::overlay::{ColumnOverlay, ValueFormat};
use crate::schema::{Code, Completeness, Content, Format, Schema};
use crate::text::lookalike;

/// The words before a name that say whose it is.
const PERSONS: &[&str] = &[
    "emergency",
    "primary",
    "secondary",
    "guardians",
    "guardian",
    "parents",
    "parent",
    "mothers",
    "mother",
    "fathers",
    "father",
    "contacts",
    "contact",
    "caregiver",
    "custodian",
    "relative",
    "household",
    "staff",
    "employee",
    "teacher",
    "user",
    "doctor",
    "person",
    "p",
    "g",
    "c",
];

/// Words before `name` that show it is not a person's name.
const THINGS: &[&str] = &[
    "user",
    "login",
    "display",
    "school",
    "building",
    "campus",
    "site",
    "district",
    "county",
    "city",
    "state",
    "country",
    "street",
    "company",
    "employer",
    "business",
    "organization",
    "agency",
    "file",
    "role",
    "form",
    "group",
    "language",
    "course",
    "program",
    "team",
    "reason",
    "code",
    "type",
    "bus",
    "day",
];

/// Words for permissions, where `none` is an ordinary value.
const PERMISSIONS: &[&str] = &["permission", "permissions", "access", "default", "maximum", "max"];

/// What an unpublished column of a partial file holds, by its name: the content and form of the
/// published column with that name, a person's name, or a date. Other columns are left open.
///
/// ```
/// use samegoal_schema::{Content, generic_api, check::header::inferred};
/// let api = generic_api();
/// assert_eq!(inferred(&api, "Guardian 1 Last Name").content, Some(Content::Name));
/// assert!(inferred(&api, "Home Zip").code.is_some());
/// assert_eq!(inferred(&api, "Relationship"), Default::default());
/// ```
pub fn inferred(schema: &Schema, header: &str) -> ColumnOverlay {
    let nothing = ColumnOverlay::default();
    let name = lookalike::normal(header);
    let own = without_person(&name);
    let candidates = if own.len() > 2 { vec![header, own] } else { vec![header] };
    for spec in schema.files().filter(|spec| spec.completeness == Completeness::Complete) {
        let names = Names::new(spec);
        let known = candidates
            .iter()
            .flat_map(|name| names.resemblances(name))
            .filter(|found| found.difference <= Difference::Synonym)
            .find_map(|found| spec.columns.get_index(found.column));
        let Some((_, column)) = known else { continue };
        return match column.content {
            Content::FreeText => nothing,
            // The name does not show that the id is the student's.
            Content::Identifier => ColumnOverlay { content: Some(Content::Identifier), ..nothing },
            content => ColumnOverlay {
                content: Some(content),
                format: (column.format == Format::Date).then_some(ValueFormat::Date),
                code: column.code.filter(|code| *code == Code::Zip),
                ..nothing
            },
        };
    }
    let words = words(header);
    let content = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [before @ .., "name"] if !before.iter().any(|word| THINGS.contains(word)) => Content::Name,
        ["fullname" | "nickname"] => Content::Name,
        [.., "date"] | ["date", "of", ..] => Content::Date,
        [.., last] if PERMISSIONS.contains(last) => Content::Category,
        _ => return nothing,
    };
    let format = (content == Content::Date).then_some(ValueFormat::Date);
    ColumnOverlay { content: Some(content), format, ..nothing }
}

/// The words of a header: separated by anything but letters, or by a capital after a small letter.
fn words(header: &str) -> Vec<String> {
    lookalike::split_at_capitals(header)
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(lookalike::normal)
        .collect()
}

/// A name in normal form, without the words for whose it is and without the numbers after these.
fn without_person(name: &str) -> &str {
    let mut rest = name;
    // `emergency contact 2 last name` has two.
    for _ in 0..2 {
        let stripped = PERSONS.iter().find_map(|person| {
            let rest = rest.strip_prefix(person)?;
            // A letter stands for a person only if a number follows: `G1City`.
            let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
            (person.len() > 1 || is_number).then_some(rest)
        });
        match stripped {
            Some(stripped) => rest = stripped.trim_start_matches(|c: char| c.is_ascii_digit()),
            None => break,
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generic_api;

    #[test]
    fn columns_of_guardians() {
        let api = generic_api();
        let likeness = |header: &str| {
            let ColumnOverlay { content, format, code, .. } = inferred(&api, header);
            (content, format.is_some(), code.is_some())
        };
        for header in [
            "Last Name",
            "last_name",
            "Guardian Last Name",
            "GuardianFirstName",
            "Parent 1 First Name",
            "Mother_First",
            "Surname",
            "Full Name",
            "Name",
            "contactName",
            "Emergency Contact Name",
            "Middle Name",
            "MI",
            "Maiden Name",
            "Preferred Name",
        ] {
            assert_eq!(likeness(header), (Some(Content::Name), false, false), "{header}");
        }
        for header in ["Zip", "Zip Code", "Guardian Zip", "G1Zip", "Home Zip Code", "Mailing_Zip"] {
            assert_eq!(likeness(header), (Some(Content::Address), false, true), "{header}");
        }
        for header in
            ["City", "Guardian City", "Address", "Address 1", "Mailing State", "P1 Street"]
        {
            assert_eq!(likeness(header), (Some(Content::Address), false, false), "{header}");
        }
        for header in
            ["DOB", "Date of Birth", "Guardian DOB", "Start Date", "Date", "Date of Absence"]
        {
            assert_eq!(likeness(header), (Some(Content::Date), true, false), "{header}");
        }
        for header in ["Gender", "Guardian Race", "Grade", "Default", "Maximum Permission"] {
            assert_eq!(likeness(header), (Some(Content::Category), false, false), "{header}");
        }
        for header in ["Student Number", "State ID", "Person ID"] {
            assert_eq!(likeness(header), (Some(Content::Identifier), false, false), "{header}");
        }
        for header in [
            "Relationship",
            "Phone",
            "Home Phone",
            "Email",
            "Email Address",
            "Address 2",
            "Notes",
            "Language",
            "User Name",
            "Building Name",
            "School",
            "Company Name",
            "Updated",
            "Reason",
            "Guardian ID",
            "Household ID",
            "Lives With",
            "Priority",
            "Update",
            "Role",
            "Street Name",
            "ID",
        ] {
            assert_eq!(likeness(header), (None, false, false), "{header}");
        }
    }
}
