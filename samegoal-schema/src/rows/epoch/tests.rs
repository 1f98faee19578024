use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::*;
use crate::rows::{Absence, Enrollment, Gender, Guardian, Student, StudentId, User};
use crate::text::calendar::Date;

/// Files in memory that outlive the writer.
#[derive(Clone, Default)]
struct Memory(Rc<RefCell<BTreeMap<String, Vec<u8>>>>);

struct Open(Memory, String);

impl Files for Memory {
    type File = Open;

    fn create(&mut self, name: &str) -> io::Result<Open> {
        self.0.borrow_mut().insert(name.to_owned(), Vec::new());
        Ok(Open(self.clone(), name.to_owned()))
    }
}

impl Write for Open {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.0.borrow_mut().get_mut(&self.1).unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Memory {
    fn names(&self) -> Vec<String> {
        self.0.borrow().keys().cloned().collect()
    }

    /// Checks all files; returns the errors.
    fn errors(&self) -> Vec<&'static str> {
        let api = generic_api();
        let mut session = Session::new(&api);
        let mut findings = Vec::new();
        for file in api.files() {
            if let Some(bytes) = self.0.borrow().get(&*file.name) {
                session.check(&file.name, bytes.as_slice(), &mut findings).unwrap();
            }
        }
        let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
        errors.map(|finding| finding.rule.name).collect()
    }
}

fn student(number: u32) -> Student {
    Student {
        student_id: StudentId::new(number.to_string()).unwrap(),
        last_name: "Okafor".into(),
        middle_name: String::new(),
        first_name: "Ada \"A\"".into(),
        date_of_birth: Date::new(2012, 1, 5).unwrap(),
        gender: Gender::Female,
        district_enrollment: Enrollment::Enrolled,
        grade: "8".into(),
        address: "12 Oak St, Apt 3".into(),
        city: "Dayton".into(),
        state: "OH".into(),
        zip: "05401".into(),
        race: String::new(),
        district_of_residence: String::new(),
        county_of_residence: String::new(),
        district_of_service: String::new(),
        student_reporting_id: String::new(),
        building: "Oak School".into(),
        building_reporting_id: "000123".into(),
        sis_internal_id: String::new(),
    }
}

fn guardian(student: &str, name: &str) -> Guardian {
    Guardian {
        student_id: StudentId::new(student).unwrap(),
        rest: [("Name".to_owned(), name.to_owned())].into_iter().collect(),
    }
}

#[test]
fn what_is_written_passes_the_checks_and_is_read_back() {
    let memory = Memory::default();
    let mut epoch = EpochWriter::new(memory.clone());
    let students: Vec<_> = (1..=1000).map(student).collect();
    epoch.write(&students).unwrap();
    epoch.write((1..=1000).map(|n| guardian(&n.to_string(), "Maria\nNguyen"))).unwrap();
    epoch.write([User::default()]).unwrap_err();
    assert!(matches!(epoch.finish(), Err(WriteError::Unfinished("users.csv"))));
    assert_eq!(memory.errors(), ["csv/empty-file"]);

    let memory = Memory::default();
    let mut epoch = EpochWriter::new(memory.clone());
    epoch.write(&students).unwrap();
    epoch.write((1..=1000).map(|n| guardian(&n.to_string(), "Maria\nNguyen"))).unwrap();
    epoch.finish().unwrap();
    assert_eq!(memory.names(), ["COMPLETE", "guardians.csv", "students.csv"]);
    assert_eq!(memory.errors(), [""; 0]);
    let files = memory.0.borrow();
    let mut reader = csv::Reader::from_reader(files["students.csv"].as_slice());
    let read: Vec<Student> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    assert!(read == students);
    let mut reader = csv::Reader::from_reader(files["guardians.csv"].as_slice());
    let read: Vec<Guardian> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    assert!(read.len() == 1000 && read[999] == guardian("1000", "Maria\nNguyen"));
}

#[test]
fn a_row_that_would_not_pass_is_refused_by_its_field() {
    type Change = fn(&mut Student);
    let cases: [(Change, &str); 4] = [
        (|it| it.last_name.clear(), "students.csv, row 700, `Last Name`: "),
        (|it| it.building = " ".into(), "students.csv, row 700, `Building`: "),
        (
            |it| it.date_of_birth = Date { year: 2012, month: 2, day: 30 },
            "students.csv, row 700, `Date of Birth`: ",
        ),
        (
            |it| it.student_id = StudentId::new("3").unwrap(),
            "students.csv, row 700, `Student Id`: ",
        ),
    ];
    for (change, expected) in cases {
        let memory = Memory::default();
        let mut students: Vec<_> = (1..=1000).map(student).collect();
        change(&mut students[699]);
        let mut epoch = EpochWriter::new(memory.clone());
        let error = epoch.write(&students).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(matches!(epoch.finish(), Err(WriteError::Unfinished("students.csv"))));
        assert!(!memory.names().contains(&COMPLETE.to_owned()));
        assert_eq!(memory.errors(), [""; 0], "a wrong row was written");
    }
}

#[test]
fn files_that_belong_together_are_held_together() {
    let writer = || EpochWriter::new(Memory::default());
    let mut epoch = writer();
    let error = epoch.write([guardian("1", "a")]).unwrap_err().to_string();
    assert_eq!(error, "students.csv must be written before guardians.csv");
    let mut epoch = writer();
    epoch.write([Absence { student_id: StudentId::new("1").ok(), ..Absence::default() }]).unwrap();
    let error = epoch.write([student(1)]).unwrap_err().to_string();
    assert_eq!(error, "students.csv must be written before absences.csv");
    let mut epoch = writer();
    epoch.write([student(1)]).unwrap();
    let error = epoch.write([student(2)]).unwrap_err().to_string();
    assert_eq!(error, "students.csv is already written");
    let error = epoch.write([guardian("1", "a"), guardian("2", "b")]).unwrap_err().to_string();
    assert!(error.starts_with("guardians.csv, row 2, `Student Id`: "), "{error}");
    assert!(matches!(writer().finish(), Err(WriteError::NoFile)));
    let error = writer().write::<Student>([]).unwrap_err();
    assert!(matches!(error, WriteError::NoRows("students.csv")));
}

#[test]
fn all_rows_have_the_columns_of_the_first() {
    let mut epoch = EpochWriter::new(Memory::default());
    epoch.write([student(1)]).unwrap();
    let mut other = guardian("1", "a");
    other.rest.insert("Phone".into(), "555-0100".into());
    for rows in [[guardian("1", "a"), other.clone()], [other, guardian("1", "a")]] {
        let mut epoch = EpochWriter::new(Memory::default());
        epoch.write([student(1)]).unwrap();
        let error = epoch.write(rows).unwrap_err().to_string();
        assert_eq!(
            error,
            "guardians.csv, row 2, `Phone`: the columns differ from those of the first row"
        );
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut epoch = EpochWriter::new(|_: &str| Ok(Full));
    let error = epoch.write([student(1)]).unwrap_err();
    assert!(matches!(error, WriteError::Io { file: "students.csv", .. }));
    assert!(epoch.finish().is_err());
    let mut epoch = EpochWriter::new(|_: &str| -> io::Result<Full> {
        Err(io::ErrorKind::AlreadyExists.into())
    });
    assert!(matches!(epoch.write([student(1)]), Err(WriteError::Io { .. })));
    assert!(matches!(epoch.finish(), Err(WriteError::NoFile)));
}
