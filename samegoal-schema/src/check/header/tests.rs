//! Headers as districts have them.

use std::borrow::Cow;

use super::matching::{Bound, How};
use super::*;
use crate::finding::Privacy;
use crate::generic_api;
use crate::schema::{Content, FileSpec, Schema};

mod names;
mod properties;
mod reports;

/// All columns of `students.csv`, as published.
const STUDENTS: &str = "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
    District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
    County of Residence,District of Service,Student Reporting Id,Building,\
    Building Reporting Id,SIS Internal ID";

fn cells(line: &str) -> Vec<Cow<'_, [u8]>> {
    line.split(',').map(|name| Cow::Borrowed(name.as_bytes())).collect()
}

fn spec(file: &str) -> FileSpec {
    generic_api().file(file).unwrap().clone()
}

/// What each header is bound to: `Column` or `-`, with how after a colon unless it is exact.
fn bound(spec: &FileSpec, headers: &[Cow<'_, [u8]>]) -> Vec<String> {
    described(spec, &bind(spec, headers))
}

fn described(spec: &FileSpec, binding: &Binding) -> Vec<String> {
    let describe = |bound: &Bound| {
        let column = match bound.column {
            Some(column) => spec.columns.get_index(column).unwrap().0,
            None => "-",
        };
        match bound.how {
            How::Exact => column.to_owned(),
            How::Misnamed(difference) => format!("{column}:{difference:?}"),
            other => format!("{column}:{other:?}"),
        }
    };
    binding.bounds.iter().map(describe).collect()
}

/// Replaces columns in the clean header, and returns what the replacements are bound to.
fn replaced(replacements: &[(&str, &str)]) -> Vec<String> {
    let mut names: Vec<&str> = STUDENTS.split(',').collect();
    let mut at = Vec::new();
    for (column, header) in replacements {
        let position = names.iter().position(|name| name == column).unwrap();
        names[position] = header;
        at.push(position);
    }
    let bound = bound(&spec("students.csv"), &cells(&names.join(",")));
    at.into_iter().map(|position| bound[position].clone()).collect()
}

#[test]
fn one_misnamed_column() {
    for (column, header, how) in [
        ("Student Id", " Student Id", "Padding"),
        ("Student Id", "Student Id\u{A0}", "Padding"),
        ("Student Id", "\u{FEFF}Student Id", "Invisible"),
        ("Student Id", "Student\u{A0}Id", "Invisible"),
        ("Student Id", "Student \u{200B}Id", "Invisible"),
        ("Student Id", "Student ID", "Case"),
        ("Student Id", "student_id", "Separators"),
        ("Student Id", "StudentId", "Separators"),
        ("Student Id", "\"Student Id\"", "Separators"),
        ("Student Id", "Student Number", "Synonym"),
        ("Student Id", "STUDENT_NUMBER", "Synonym"),
        ("Student Id", "Studnet Id", "Spelling(1)"),
        ("SIS Internal ID", "SIS Internal Id", "Case"),
        ("City", "\u{421}ity", "LookAlike"),
        ("City", "Ｃity", "LookAlike"),
        ("Race", "R\u{430}ce", "LookAlike"),
        ("Address", "Addréss", "LookAlike"),
        ("Student Id", "\u{EF}\u{BB}\u{BF}Student Id", "MisreadMark"),
        ("Student Id", "∩╗┐student_id", "MisreadMark"),
        ("Building Reporting Id", "Building IRN", "FormerName"),
        ("Building Reporting Id", "building_irn", "FormerName"),
        ("Date of Birth", "DOB", "Synonym"),
        ("Date of Birth", "D.O.B", "Synonym"),
        ("Date of Birth", "Date of Brith", "Spelling(1)"),
        ("Gender", "Sex", "Synonym"),
        ("Gender", "Gendre", "Spelling(1)"),
        ("Zip", "Zip Code", "Synonym"),
        ("Building", "School", "Synonym"),
        ("Building", "Buildings", "Spelling(1)"),
        ("District of Service", "District Service", "Synonym"),
        ("District of Residence", "District Residence", "Synonym"),
        ("District of Residence", "Distrct of Residnce", "Spelling(2)"),
    ] {
        assert_eq!(replaced(&[(column, header)]), [format!("{column}:{how}")], "{header:?}");
    }
}

#[test]
fn no_resemblance() {
    for (column, header) in [
        // A different name, or too short to decide.
        ("Zip", "Zips"),
        ("Student Id", "Locker"),
        ("Zip", "Zi"),
        ("City", "Pity"),
        ("State", "Estate"),
        ("Race", "Grace"),
        ("First Name", "Nickname"),
        // Numbered on purpose.
        ("Address", "Address 2"),
        // Meant for a column that is there under its right name.
        ("Building", "Student Number"),
        ("Grade", "Gendr"),
        ("Building Reporting Id", "Student Reporting Id 2"),
        ("Zip", "#"),
        ("Zip", "\u{FFFD}"),
    ] {
        assert_eq!(replaced(&[(column, header)]), ["-:Unknown"], "{header:?}");
    }
}

#[test]
fn several_misnamed_columns() {
    assert_eq!(
        replaced(&[
            ("District of Service", "District Residence"),
            ("District of Residence", "District Service"),
        ]),
        ["District of Residence:Synonym", "District of Service:Synonym"]
    );
    // If two headers can be the same column, neither is chosen, whatever their order and kind.
    for (column, one, other) in [
        ("Building", "Campus", "School"),
        ("Student Id", "StudentNumber", "StudentID"),
        ("Student Id", "StudentID", "StudentNumber"),
        ("Student Id", "Student Number", "student id"),
        ("Student Id", "LASID", "ID"),
        ("Student Id", "STUDENT-ID", "LOCAL-STUDENT-ID"),
        ("Student Id", "Studnt Id", "Student Number"),
        ("Building", "building", "School Name"),
        ("Gender", "Gendr", "Sex"),
        ("City", "Mailing_City", "Home City"),
    ] {
        let index = spec("students.csv").columns.get_index_of(column).unwrap();
        let contested = format!("-:Contested({index})");
        assert_eq!(
            replaced(&[(column, one), ("Grade", other)]),
            [contested.clone(), contested],
            "{one} {other}"
        );
    }
    // A header that may mean another column does not count next to one that means this column.
    assert_eq!(
        replaced(&[("District Enrollment", "Status"), ("Grade", "Enroll_Status")]),
        ["-:Unknown", "District Enrollment:Synonym"]
    );
}

#[test]
fn exact_in_any_order() {
    let mut names: Vec<&str> = STUDENTS.split(',').collect();
    for _ in 0..names.len() {
        names.rotate_left(1);
        let line = names.join(",");
        assert_eq!(bound(&spec("students.csv"), &cells(&line)), names);
    }
    let binding = bind(&spec("students.csv"), &cells(STUDENTS));
    assert!(binding.missing_required.is_empty() && binding.missing_optional.is_empty());
}

#[test]
fn headers_of_other_systems() {
    let students = spec("students.csv");
    for (line, expected) in [
        (
            "STUDENT_NUMBER,LAST_NAME,FIRST_NAME,DOB,GENDER,ENROLL_STATUS,GRADE_LEVEL,STREET,CITY,\
             STATE,ZIP,SCHOOL_NAME,SCHOOLID,DCID,LUNCHSTATUS",
            "Student Id:Synonym,Last Name:Separators,First Name:Separators,Date of Birth:Synonym,\
             Gender:Case,District Enrollment:Synonym,Grade:Synonym,Address:Synonym,City:Case,\
             State:Case,Zip:Case,Building:Synonym,Building Reporting Id:Synonym,\
             SIS Internal ID:Synonym,-:Unknown",
        ),
        (
            "student.studentNumber,student.lastName,studentNumber,lastName,birthdate,\
             raceEthnicity,stateID,personID,school",
            "-:Contested(0),-:Contested(1),-:Contested(0),-:Contested(1),Date of Birth:Synonym,\
             Race:Synonym,Student Reporting Id:Synonym,SIS Internal ID:Synonym,Building:Synonym",
        ),
        (
            " Student Id , Last Name ,first_name,",
            "Student Id:Padding,Last Name:Padding,First Name:Separators,-:Blank",
        ),
        ("Building,School,Student Id,Student Number", "Building,-:Unknown,Student Id,-:Unknown"),
        (
            "student id,Student Id,STUDENT_ID,Student Id,Foo,foo,Foo, ",
            "-:Duplicate(1),Student Id,-:Duplicate(1),-:Duplicate(1),-:Unknown,-:Unknown,\
             -:Duplicate(4),-:Blank",
        ),
        ("DOB,dob,Birthday", "-:Contested(4),-:Duplicate(0),-:Contested(4)"),
    ] {
        assert_eq!(bound(&students, &cells(line)).join(","), expected, "{line}");
    }
}

#[test]
fn partial_files() {
    for (file, line, expected) in [
        ("guardians.csv", "Student Number,Name", "Student Id:Synonym,-:Unknown"),
        ("guardians.csv", "Studnt Id,Name", "Student Id:Spelling(1),-:Unknown"),
        // Not a required column: only its name counts, however written.
        ("absences.csv", "STUDENT_ID", "Student Id:Separators"),
        ("absences.csv", "Studnt Id", "-:Unknown"),
        ("users.csv", "Roles,buildings,Delete", "Role,Buildings:Case,-:Unknown"),
        // Both are published; which one is meant is not known.
        ("users.csv", "Roles,Role", "-:Unknown,Role"),
        ("user_roles.csv", "Role,Form,Role", "-:Unknown,-:Unknown,-:Duplicate(0)"),
    ] {
        assert_eq!(bound(&spec(file), &cells(line)).join(","), expected, "{line}");
    }
}

#[test]
fn a_line_is_public_only_if_it_is_certainly_a_header() {
    for (file, line, expected) in [
        ("students.csv", STUDENTS, true),
        ("students.csv", "Student Id", true),
        ("students.csv", "student_id,Last Name,2024", true),
        ("students.csv", "student_id,12/10/2012,F", false),
        ("students.csv", "STUDENT_NUMBER,LASTNM,DOB,SEX,SCHOOL", true),
        ("students.csv", "City,State,Zip,Other,Another", true),
        ("students.csv", "City,MI,Grace,Lovelace,S1001,Oak Elementary,East", false),
        ("students.csv", "City,MI,Grace,F", false),
        ("students.csv", "Grace", false),
        ("students.csv", "Ada,Lovelace", false),
        ("guardians.csv", "Student Id,Phone", true),
        ("guardians.csv", "Ada,Lovelace,Mother", false),
        ("users.csv", "Login,Role,Buildings", true),
        ("users.csv", "ada,Role,Oak", false),
        ("users.csv", "1001,Role,Buildings", false),
    ] {
        let (spec, headers) = (spec(file), cells(line));
        assert_eq!(bind_line(&spec, &headers).is_public, expected, "{file} {line}");
    }
}

#[test]
fn data_as_header() {
    for (file, line, expected) in [
        ("students.csv", "S1,Lovelace,,Ada,12/10/2012,F,ENROLLED,4,12 Byron Ave", true),
        ("students.csv", "1001,Lovelace,,Grace,2012-12-10,Female,ENROLLED,4", true),
        ("students.csv", "S1,12/10/2012", true),
        ("students.csv", "Student Id,12/10/2012,F,ENROLLED", false),
        ("students.csv", "student_id,12/10/2012,F,ENROLLED", false),
        ("students.csv", "DOB,Sex,2012,1", false),
        ("students.csv", "Foo,Bar,2024,Baz", false),
        ("students.csv", STUDENTS, false),
        // A first name, an initial, a surname and an id that are or resemble names of columns.
        ("students.csv", "S1,City,MI,Grace,12/10/2012,F,ENROLLED,4,12 Byron Ave,ID", true),
        ("students.csv", "Grace,City,2012-12-10,M,7", true),
        ("students.csv", "Student Id,Grace,2012-12-10,M,7", false),
        ("students.csv", "City,State,Zip,2024,1", false),
        ("guardians.csv", "1001,Ada,Lovelace", true),
        ("guardians.csv", "S1,Ada,(614) 555-0100", true),
        ("guardians.csv", "Parent,Child,Phone", false),
        ("users.csv", "ada,ada@example.org,teacher", true),
        ("users.csv", "User,E-Mail,at@home", false),
        ("user_roles.csv", "Role,Form,Default,Maximum", false),
        ("user_roles.csv", "1,,2,", true),
        ("user_roles.csv", "Role,Form,Default,4", false),
        ("user_roles.csv", "", false),
    ] {
        assert_eq!(looks_like_data(&spec(file), &cells(line)), expected, "{file} {line}");
    }
}

#[test]
fn recognized_files() {
    let api = generic_api();
    for (line, expected) in [
        (STUDENTS, true),
        ("Student Id,Last Name,First Name,Gender", true),
        ("student_id,LAST NAME,FirstName,GENDER,x,y,z", true),
        ("Student Id,City,State,Zip,Race", true),
        // A list of guardians may have names and addresses.
        ("Student Id,Last Name,First Name,City,State,Zip,Phone,Email,Relation", false),
        ("Student Id,Last Name", false),
        ("Student Number,Surname,Forename,DOB,Sex,School", false),
        ("", false),
    ] {
        let found = recognize(&api, &cells(line)).map(|file| &*file.name);
        assert_eq!(found, expected.then_some("students.csv"), "{line}");
    }
    assert!(recognize(&Schema::default(), &cells(STUDENTS)).is_none());
}

#[test]
fn only_known_names_are_public() {
    let headers = cells("Ada Lovelace,Student Id,student id,student id,DOB,,Ada Lovelace");
    let spec = spec("students.csv");
    let binding = bind(&spec, &headers);
    assert_eq!(matching::privacy(&binding, 1), Privacy::Private(Content::FreeText));
    let binding = bind_line(&spec, &headers);
    let private = Privacy::Private(Content::FreeText);
    let found: Vec<Privacy> =
        (0..8).map(|position| matching::privacy(&binding, position)).collect();
    let public = Privacy::Public;
    assert_eq!(found, [private, public, public, public, public, public, private, private]);
}
