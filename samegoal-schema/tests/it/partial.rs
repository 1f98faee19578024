//! A file that was not read completely cannot be used to check another one.

use std::fmt::Write;
use std::io::ErrorKind;
use std::num::NonZeroUsize;

use samegoal_schema::fix::Cure;
use samegoal_schema::{Admission, Error, Finding, Folded, Rule, Session, Sink, Summary, Variant};

use crate::readers::Failing;
use crate::support::API;

/// Takes this many findings and no more.
struct Few {
    most: usize,
    found: Vec<&'static str>,
}

impl Sink for Few {
    fn admit(&mut self, _: &'static Rule, _: Variant, _: u64, _: Option<Cure<'_>>) -> Admission {
        Admission::Keep
    }

    fn push(&mut self, finding: Finding) {
        self.found.push(finding.rule.name);
    }

    fn fold(&mut self, _: Folded) {}

    fn is_closed(&self) -> bool {
        self.found.len() >= self.most
    }
}

const HEADER: &str = "Student Id,Last Name,First Name,Date of Birth\n";

/// Each record has one finding, so that a sink can stop after any of them.
fn students() -> String {
    let mut students = HEADER.to_owned();
    for number in 1000..1200 {
        writeln!(students, "{number},Okafor,Ada,02/30/2012").unwrap();
    }
    students
}

fn guardians() -> String {
    let mut guardians = "Student Id,Last Name\n".to_owned();
    for number in 1000..1300 {
        writeln!(guardians, "{number},Okafor").unwrap();
    }
    guardians
}

/// The findings in guardians.csv after such a students.csv, and what is not checked.
fn after(read: impl FnOnce(&mut Session<'_>)) -> (Vec<&'static str>, Summary) {
    after_in(Session::new(&API), read)
}

/// The same in such a session.
fn after_in(
    mut session: Session<'_>,
    read: impl FnOnce(&mut Session<'_>),
) -> (Vec<&'static str>, Summary) {
    read(&mut session);
    let mut sink = Few { most: usize::MAX, found: Vec::new() };
    let summary = session.check("guardians.csv", guardians().as_bytes(), &mut sink).unwrap();
    sink.found.retain(|name| name.starts_with("link/"));
    (sink.found, summary)
}

#[track_caller]
fn assert_not_checked((found, summary): (Vec<&'static str>, Summary), why: &str) {
    assert_eq!(found, [""; 0], "{why}");
    let not_checked = summary.not_checked.iter().find(|it| it.what == "references of `Student Id`");
    assert_eq!(not_checked.unwrap().why, format!("students.csv {why}"));
}

#[test]
fn a_file_that_was_read_whole_is_a_measure() {
    let (found, summary) = after(|session| {
        session.check("students.csv", students().as_bytes(), &mut Vec::new()).unwrap();
    });
    assert!(found.contains(&"link/unknown-student"));
    assert!(summary.not_checked.iter().all(|it| !it.what.starts_with("references")));
}

#[test]
fn a_sink_that_stops_makes_no_reference_wrong() {
    for most in 0..150 {
        for (threads, block) in [(1, 1 << 20), (3, 500)] {
            let read = |session: &mut Session<'_>| {
                let mut sink = Few { most, found: Vec::new() };
                let students = students();
                let summary =
                    session.check("students.csv", students.as_bytes(), &mut sink).unwrap();
                assert!(summary.is_cut_short);
            };
            let threads = NonZeroUsize::new(threads).unwrap();
            let session = Session::new(&API).with_threads(threads).with_read_size(block);
            assert_not_checked(after_in(session, read), "was only partly checked");
        }
    }
}

#[test]
fn a_reader_that_fails_makes_no_reference_wrong() {
    let students = students();
    for at in (HEADER.len()..students.len()).step_by(17) {
        let read = |session: &mut Session<'_>| {
            // What was known about the file before no longer counts either.
            session.check("students.csv", students.as_bytes(), &mut Vec::new()).unwrap();
            let reader = Failing::new(students.as_bytes(), at, 100, ErrorKind::TimedOut);
            let outcome = session.check("students.csv", reader, &mut Vec::new());
            assert!(matches!(outcome, Err(Error::Read { .. })));
        };
        assert_not_checked(after(read), "could not be read to its end");
    }
}

#[test]
fn of_a_part_nothing_is_remembered_for_another_delivery() {
    let mut session = Session::new(&API).profiling();
    session.check("students.csv", students().as_bytes(), &mut Vec::new()).unwrap();
    let mut sink = Few { most: 3, found: Vec::new() };
    session.check("students.csv", students().as_bytes(), &mut sink).unwrap();
    session.check("guardians.csv", guardians().as_bytes(), &mut Vec::new()).unwrap();
    session.distrust("guardians.csv", "changed while it was read");
    let profiles = session.into_profiles();
    assert!(profiles.file("students.csv").is_none() && profiles.file("guardians.csv").is_none());
}
