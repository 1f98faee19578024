use serde_json::{Value, json};

use super::*;
use crate::finding::{Finding, Variant};
use crate::schema::model::{Presence, Source};
use crate::{Session, generic_api};

fn parse(value: Value) -> Overlay {
    serde_json::from_value(value).unwrap()
}

fn applied(value: Value) -> Completed {
    parse(value).apply(&generic_api()).unwrap()
}

fn guardians() -> Completed {
    applied(json!({"guardians.csv": {"complete": true, "columns": {
        "Student Id": {},
        "Last Name": {"required": true, "content": "name"},
        "Phone": {"required": true, "may-be-empty": true},
        "Relation": {"allowed": ["Mother", "Father"]},
        "Since": {"format": "date"},
    }}}))
}

fn rules(schema: &Schema, csv: &str) -> Vec<(&'static str, bool)> {
    let mut session = Session::new(schema);
    let mut findings: Vec<Finding> = Vec::new();
    session.check("students.csv", "Student Id\n1\n".as_bytes(), &mut findings).unwrap();
    findings.clear();
    session.check("guardians.csv", csv.as_bytes(), &mut findings).unwrap();
    findings.iter().map(|finding| (finding.rule.name, finding.variant != Variant::USUAL)).collect()
}

#[test]
fn a_completed_file_is_checked_like_a_published_one() {
    let Completed { schema, contradictions } = guardians();
    assert_eq!(contradictions, []);
    for (header, expected) in [
        ("Student Id,Last Name,Phone,Relation,Since", vec![]),
        ("Student Id,LastName,Phone,Relation,Since", vec![("header/misnamed-column", false)]),
        (
            "Student Id,Last Name,Fone,Relation,Since",
            vec![("header/unknown-column", false), ("header/missing-column", false)],
        ),
        ("Student Id,Last Name,phone,Relation,Since", vec![("header/misnamed-column", false)]),
        ("Student Id,Last Name,Phone,relation,Since", vec![("header/misnamed-column", true)]),
        ("Student Id,Last Name,Phone,Since", vec![("header/missing-optional-columns", false)]),
    ] {
        let empty = ",".repeat(header.matches(',').count() - 1);
        let found = rules(&schema, &format!("{header}\n1,Okafor{empty}\n"));
        assert_eq!(found, expected, "{header}");
    }
}

#[test]
fn what_may_be_empty_must_only_be_there() {
    let Completed { schema, .. } = guardians();
    let found =
        |record| rules(&schema, &format!("Student Id,Last Name,Phone,Relation,Since\n{record}\n"));
    assert_eq!(found("1,Okafor,,,"), []);
    assert_eq!(found("1,,555-0100,,"), [("value/required-empty", false)]);
    assert_eq!(found("1,Okafor,,Aunt,"), [("value/not-allowed", false)]);
    assert_eq!(found("1,Okafor,,,someday"), [("value/bad-date", false)]);
}

#[test]
fn columns_of_the_district_come_after_the_published_ones() {
    let Completed { schema, .. } = guardians();
    let guardians = schema.file("guardians.csv").unwrap();
    let names: Vec<_> = guardians.columns.keys().collect();
    assert_eq!(names, ["Student Id", "Last Name", "Phone", "Relation", "Since"]);
    let column = |name: &str| guardians.column(name).unwrap();
    assert_eq!(column("Student Id").presence, Presence::Required);
    assert_eq!(column("Student Id").source, Source::District);
    assert_eq!(column("Last Name").content, Content::Name);
    assert_eq!(column("Phone").presence, Presence::Present);
    assert_eq!(column("Phone").content, Content::FreeText);
    assert_eq!(column("Relation").presence, Presence::Optional);
    assert_eq!(schema.file("students.csv"), generic_api().file("students.csv"));
}

#[test]
fn a_published_spelling_names_the_column() {
    let Completed { schema, .. } =
        applied(json!({"users.csv": {"columns": {"Roles": {"required": true}}}}));
    let users = schema.file("users.csv").unwrap();
    assert_eq!(users.columns.len(), 3);
    assert_eq!(users.column("Role").unwrap().presence, Presence::Required);
    assert_eq!(users.completeness, Completeness::Partial);
}

#[test]
fn a_less_strict_statement_wins_and_is_reported() {
    for (column, overlay, key, what) in [
        ("Building", json!({"required": false}), "required", "published as required"),
        (
            "Building",
            json!({"required": true, "may-be-empty": true}),
            "may-be-empty",
            "published as required",
        ),
        ("Building", json!({"may-be-empty": true}), "may-be-empty", "published as required"),
        ("Student Id", json!({"key": false}), "key", "published as the key"),
        ("Student Id", json!({"max-length": 21}), "max-length", "published as 20 characters"),
        ("Student Id", json!({"format": "text"}), "format", "published with other values"),
        ("Student Id", json!({"allowed": ["A-1"]}), "allowed", "published with other values"),
        ("Gender", json!({"allowed": ["M", "X", "N"]}), "allowed", "without `X` and `N`"),
        ("Gender", json!({"format": "text"}), "format", "published with other values"),
        ("Date of Birth", json!({"format": "text"}), "format", "published with other values"),
    ] {
        let Completed { schema, contradictions } =
            applied(json!({"students.csv": {"columns": {column: overlay}}}));
        let [reported] = &contradictions[..] else { panic!("{column}: {contradictions:?}") };
        assert_eq!(
            (reported.entry.column.as_deref(), reported.entry.key),
            (Some(column), Some(key))
        );
        assert!(reported.what.contains(what), "{}", reported.what);
        assert_ne!(schema, generic_api(), "{column}");
    }
    let partial = applied(json!({"students.csv": {"complete": false, "columns": {"Locker": {}}}}));
    let reported: Vec<_> = partial.contradictions.iter().map(|it| &*it.what).collect();
    assert_eq!(
        reported,
        [
            "the columns of students.csv are published in full, and `Locker` is not one of them",
            "the columns of students.csv are published in full",
        ]
    );
}

#[test]
fn a_stricter_word_contradicts_nothing() {
    for (column, overlay) in [
        ("Grade", json!({"required": true, "max-length": 2, "allowed": ["9", "10"]})),
        ("Student Id", json!({"max-length": 7})),
        ("Student Id", json!({"allowed": ["A1"]})),
        ("Student Id", json!({"key": true})),
        ("Gender", json!({"allowed": ["M", "F"]})),
        ("Building", json!({})),
    ] {
        let completed = applied(json!({"students.csv": {"columns": {column: overlay}}}));
        assert_eq!(completed.contradictions, [], "{column}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    for (overlay, key, problem) in [
        (
            json!({"student.csv": {}}),
            None,
            "`student.csv` is not a file of the API; did you mean `students.csv`?",
        ),
        (json!({"x": {}}), None, "`x` is not a file of the API"),
        (json!({"users.csv": {"columns": {" ": {}}}}), None, "a column needs a name"),
        (
            json!({"users.csv": {"columns": {"A": {"allowed": []}}}}),
            Some("allowed"),
            "`allowed` is empty, so no value would be allowed",
        ),
        (
            json!({"users.csv": {"columns": {"A": {"allowed": ["1"], "format": "date"}}}}),
            Some("format"),
            "`format` and `allowed` cannot be combined",
        ),
        (
            json!({"users.csv": {"columns": {"A": {"key": true}, "B": {"key": true}}}}),
            Some("key"),
            "`A` is already the key of this file",
        ),
        (
            json!({"users.csv": {"columns": {"A": {"references": {"file": "students.csv", "column": "Grade"}}}}}),
            Some("references"),
            "`Grade` of `students.csv` is not a key, so nothing can refer to it",
        ),
    ] {
        let error = parse(overlay).apply(&generic_api()).unwrap_err();
        assert_eq!((error.entry.key, &*error.to_string()), (key, problem));
    }
}

#[test]
fn an_unknown_word_is_refused() {
    for overlay in [
        json!({"users.csv": {"complet": true}}),
        json!({"users.csv": {"columns": {"A": {"require": true}}}}),
        json!({"users.csv": {"columns": {"A": {"format": "number"}}}}),
        json!({"users.csv": {"columns": {"A": {"max-length": 0}}}}),
    ] {
        assert!(serde_json::from_value::<Overlay>(overlay.clone()).is_err(), "{overlay}");
    }
}
