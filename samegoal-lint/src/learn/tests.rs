use samegoal_schema::generic_api;

use super::*;
use crate::config::Loaded;
use crate::listing::Memory;

const STUDENTS: &str = "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
    District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
    County of Residence,District of Service,Student Reporting Id,Building,\
    Building Reporting Id,SIS Internal ID\n";

fn student(id: u32, building: &str) -> String {
    format!("{id},Okafor,,Ada,2012-01-05,F,ENROLLED,7,,,,,,,,,,{building},{},\n", building.len())
}

/// A clean epoch with a header of guardians.
fn epoch(guardians: &str) -> Memory {
    let buildings =
        ["Lincoln Elementary", "O'Neill \"Annex\"", "Lincoln Elementary", "O'Neill \"Annex\""];
    let mut students = STUDENTS.to_owned();
    for (id, building) in (1001..).zip(buildings) {
        students += &student(id, &format!("\"{}\"", building.replace('"', "\"\"")));
    }
    let width = guardians.split(',').count();
    let mut records = format!("{guardians}\n");
    for id in 1001..1005 {
        let _ = writeln!(records, "{id},Nguyen{}", ",".repeat(width - 2));
    }
    Memory::new()
        .file("20260105-020000/students.csv", students)
        .file("20260105-020000/guardians.csv", records)
        .file("20260105-020000/COMPLETE", "")
}

fn learned(tree: &Memory) -> Result<String, LearnError> {
    learn(tree, &generic_api(), "20260105-020000".as_ref(), OnErrors::Learn)
}

fn rules(tree: &Memory, toml: &str) -> Vec<(String, &'static str)> {
    let config = Loaded::parse(&generic_api(), "samegoal-lint.toml", toml.to_owned()).unwrap();
    let request = Request {
        paths: vec!["20260105-020000".into()],
        config: Some(config.into()),
        ..Request::default()
    };
    let report = run(tree, &generic_api(), &request, &mut std::io::empty()).unwrap();
    let findings = report.found.findings.iter();
    findings.map(|it| (it.path.to_string(), it.finding.rule.name)).collect()
}

#[test]
fn the_configuration_must_be_reviewed() {
    let tree = epoch("Student Id,Last Name,Phone");
    assert_eq!(
        learned(&tree).unwrap(),
        format!(
            r#"# Inferred by samegoal-lint {} from 20260105-020000. It holds the names of files, columns and
# buildings, and no data about students. The next epoch may be different, so review this file
# before you use it.

# Inferred: every delivery has the same files as this one.
expected-files = ["students.csv", "guardians.csv"]

# Inferred: the only buildings are those in the column Building of students.csv. SameGoal lists
# them under Settings, Buildings; the names must match letter for letter.
buildings = [
  "Lincoln Elementary",
  "O'Neill \"Annex\"",
]

# Inferred: guardians.csv has exactly the columns of this epoch, and all are required. Their
# content is inferred from their names. Which values may be empty is not inferred.
[files."guardians.csv"]
complete = true

[files."guardians.csv".columns]
"Student Id" = {{}}
"Last Name" = {{ required = true, may-be-empty = true, content = "name" }}
"Phone" = {{ required = true, may-be-empty = true }}
"#,
            env!("CARGO_PKG_VERSION")
        )
    );
}

#[test]
fn the_epoch_that_was_learned_from_is_clean_and_a_renamed_column_is_found() {
    let tree = epoch("Student Id,Last Name,Phone");
    let toml = learned(&tree).unwrap();
    assert_eq!(rules(&tree, &toml), []);
    let guardians = "20260105-020000/guardians.csv".to_owned();
    for header in
        ["Student Id,Surname,Phone", "Student Id,LastName,Phone", "Student Id,Last Name,phone"]
    {
        let found = rules(&epoch(header), &toml);
        let expected = if header.contains("Surname") {
            vec![
                (guardians.clone(), "header/missing-column"),
                (guardians.clone(), "header/unknown-column"),
            ]
        } else {
            vec![(guardians.clone(), "header/misnamed-column")]
        };
        assert_eq!(found, expected, "{header}");
    }
}

#[test]
fn a_header_that_looks_like_data_is_refused() {
    for (header, column) in [
        ("Student Id,Last Name,1001", 3),
        ("Student Id,Last Name,09/01/2025", 3),
        ("Student Id,Last Name,ada@example.org", 3),
        ("Student Id,Last Name,(937) 555-0100", 3),
        ("Student Id,Nguyen,Phone", 2),
        ("Student Id,nguyen,Phone", 2),
        ("Student Id,Last Name,S10", 3),
    ] {
        let error = learned(&epoch(header)).unwrap_err();
        assert!(
            matches!(error, LearnError::LooksLikeData { column: it, .. } if it == column),
            "{header}: {error}"
        );
        assert!(!error.to_string().contains("Nguyen"));
    }
}

#[test]
fn what_cannot_be_a_header_is_passed_over() {
    for (header, why) in [
        ("Id,Last Name,Phone", "has none of the published names"),
        ("Student Id,Last Name,", "has no name"),
        ("Student Id,Phone,Phone", "have the same name"),
    ] {
        let toml = learned(&epoch(header)).unwrap();
        assert!(toml.contains(why), "{toml}");
        assert!(!toml.contains("[files"), "{toml}");
    }
}

#[test]
fn numbered_columns_are_no_data() {
    for name in ["Phone 2", "Address Line 10", "Zip5", "E-Mail", "4th Contact"] {
        assert!(!looks_like_data(name), "{name}");
    }
}

#[test]
fn buildings_of_the_staff_are_known_if_they_are_shared() {
    let clean = epoch("Student Id,Last Name,Phone");
    for (records, expected) in [
        (
            "Lee,Teacher,Lincoln Elementary\nYi,Teacher,Lincoln Elementary\n",
            "students.csv. SameGoal",
        ),
        (
            "Lee,Nurse,Central Office\nYi,Nurse,Central Office\n",
            "\n  \"Central Office\",\n  \"Lincoln Elementary\",\n",
        ),
        ("Lee,Nurse,lee7\nYi,Nurse,yi8\n", "# Not inferred: the buildings. The staff"),
    ] {
        let users = format!("Last Name,Role,Buildings\n{records}");
        let tree = clean.clone().file("20260105-020000/users.csv", users);
        let toml = learned(&tree).unwrap();
        assert!(toml.contains(expected), "{toml}");
        assert!(!toml.contains("lee7"));
        assert!(!rules(&tree, &toml).iter().any(|(_, rule)| *rule == "value/building-mismatch"));
    }
}

#[test]
fn values_that_hardly_two_students_share_are_no_buildings() {
    let mut students = STUDENTS.to_owned();
    for id in 1001..1011 {
        students += &student(id, &format!("{id} Oak St"));
    }
    let tree = Memory::new().file("20260105-020000/students.csv", students);
    let toml = learned(&tree).unwrap();
    assert!(!toml.contains("Oak"), "{toml}");
    assert!(toml.contains("Not inferred: the buildings. The column Building has"));
    assert!(toml.contains("This epoch has errors."), "{toml}");
}

#[test]
fn nothing_is_learned_from_nothing() {
    let tree = Memory::new().file("20260105-020000/COMPLETE", "");
    assert!(matches!(learned(&tree), Err(LearnError::Nothing(_))));
    assert!(matches!(learned(&Memory::new()), Err(LearnError::Run(_))));
}

#[test]
fn an_epoch_with_errors_is_refused() {
    let tree = Memory::new()
        .file("up/20260105-020000/guardians.csv", "Student Id,Phone\n1001,1\n")
        .file("up/20260105-020000/COMPLETE", "");
    let path = Path::new("up/20260105-020000");
    let error = learn(&tree, &generic_api(), path, OnErrors::Refuse).unwrap_err().to_string();
    assert!(error.contains("it has an error (layout/missing-students)"), "{error}");
    assert!(error.contains("--force"), "{error}");
    assert!(learn(&tree, &generic_api(), path, OnErrors::Learn).is_ok());
}

#[test]
fn an_upload_folder_is_its_newest_complete_epoch() {
    let files = |day: u32, phone: &str, complete: bool| {
        let path = format!("upload/2026010{day}-020000");
        let mut students = STUDENTS.to_owned();
        students += &student(1001, "Oak");
        students += &student(1002, "Oak");
        let guardians = format!("Student Id,{phone}\n1001,1\n1002,2\n");
        let mut files = vec![
            (format!("{path}/students.csv"), students),
            (format!("{path}/guardians.csv"), guardians),
        ];
        files.extend(complete.then(|| (format!("{path}/COMPLETE"), String::new())));
        files
    };
    let epochs = [files(5, "Phone", true), files(6, "Mobile", true), files(7, "Cell", false)];
    let tree = epochs
        .concat()
        .into_iter()
        .fold(Memory::new(), |tree, (path, bytes)| tree.file(path, bytes));
    let toml = learn(&tree, &generic_api(), "upload".as_ref(), OnErrors::Refuse).unwrap();
    let toml = toml.replace("\n# ", " ");
    assert!(toml.contains("the newest complete epoch in upload."), "{toml}");
    assert!(toml.contains("from upload/20260106-020000"), "{toml}");
    assert!(toml.contains("Mobile") && !toml.contains("Cell"), "{toml}");
    let tree = Memory::new().file("upload/20260105-020000/students.csv", "Student Id\n");
    let error = learn(&tree, &generic_api(), "upload".as_ref(), OnErrors::Refuse).unwrap_err();
    assert!(matches!(error, LearnError::Run(RunError::NoCompleteEpoch(_))), "{error}");
}

#[test]
fn what_a_column_holds_is_inferred_from_its_name() {
    for (name, value, expected) in [
        ("Guardian Last Name", "Null", r#", content = "name" }"#),
        ("Home Zip", "43001", r#", code = "zip", content = "address" }"#),
        ("Start Date", "2025-08-20", r#", format = "date", content = "date" }"#),
        ("Start Date", "", r#", format = "date", content = "date" }"#),
        ("Start Date", "fall", r#", content = "date" }"#),
        ("Gender", "F", r#", content = "category" }"#),
        ("Relationship", "Mother", " }"),
        ("Student Number", "77", r#", content = "identifier" }"#),
    ] {
        let mut records = format!("Student Id,{name}\n");
        for id in 1001..1005 {
            let _ = writeln!(records, "{id},{value}");
        }
        let tree = epoch("Student Id,Phone").file("20260105-020000/guardians.csv", records);
        let toml = learned(&tree).unwrap();
        let expected = format!("\"{name}\" = {{ required = true, may-be-empty = true{expected}\n");
        assert!(toml.contains(&expected), "{expected} in {toml}");
        assert_eq!(rules(&tree, &toml), [], "{name}");
    }
}
