//! A file that has the header of another API file.

use std::borrow::Cow;

use super::guess::{carries, overlap};
use super::matching::Binding;
use super::report::Place;
use crate::finding::{Sink, report, rules};
use crate::schema::{Completeness, FileSpec, Schema};
use crate::text::lookalike;

rules! {
    /// A file has the header of another API file.
    ///
    /// ## Why it matters
    ///
    /// SameGoal reads each file by its name. In `guardians.csv`, it looks for guardians, and finds
    /// students. It may ignore the file, or take students for guardians.
    ///
    /// This tool knows a header whose columns are all published or learned. It also knows that
    /// `students.csv` has guardians in it if most of its required columns are missing and one column
    /// names a relationship, a guardian or a parent. It does not check such a file any further. Two
    /// files with each other's header are one finding.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Relationship,Phone     wrong in students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Check which query of the export writes which file. If two files have each other's header,
    /// swap the two names in the export.
    OTHER_FILE = "header/other-file", Error, FileIgnored;
}

/// The API file that a header is from, if it is not that of `spec`.
pub(crate) fn other_file<'s>(
    schema: &'s Schema,
    spec: &FileSpec,
    headers: &[Cow<'_, [u8]>],
    binding: &Binding,
) -> Option<&'s FileSpec> {
    let is_complete = |spec: &FileSpec| spec.completeness == Completeness::Complete;
    if is_complete(spec) && overlap(spec, binding).is_some() {
        return None;
    }
    let others = || schema.files().filter(|other| other.name != spec.name);
    let carried = others().find(|other| is_complete(other) && carries(other, headers));
    carried.or_else(|| {
        let required = spec.columns().filter(|column| column.presence.is_demanded()).count();
        if binding.missing_required.len() * 2 <= required
            || !headers.iter().any(|header| is_of_guardians(header))
        {
            return None;
        }
        others().find(|other| other.requires.as_ref() == Some(&spec.name))
    })
}

/// Whether a column is one about guardians.
fn is_of_guardians(header: &[u8]) -> bool {
    let name = lookalike::normal(&String::from_utf8_lossy(header));
    ["relationship", "guardian", "parent"].iter().any(|word| name.contains(word))
}

/// Reports such a header.
pub(crate) fn report_other_file(
    spec: &FileSpec,
    other: &FileSpec,
    place: &Place<'_>,
    sink: &mut dyn Sink,
) {
    report(sink, &OTHER_FILE, false, |finding| {
        let (location, excerpt) = place(None);
        finding
            .at(location)
            .excerpt(excerpt)
            .message(format!("this is the header of {}, not of {}", other.name, spec.name))
            .label(format!("the header of {}", other.name))
            .help(format!(
                "SameGoal looks for the columns of {} and may ignore the file. Check which query \
                 writes which file. If {} has the columns of {}, swap the two names in the export.",
                spec.name, other.name, spec.name
            ))
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, students, summary};

    const GUARDIANS: &str =
        "Student Id,Last Name,First Name,Relationship,Phone\n1001,Okafor,Pat,Mother,1\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let found = findings(files);
        found.iter().map(|it| summary(it).trim().to_owned()).collect()
    }

    #[test]
    fn each_file_has_its_own_header() {
        let students = students(&[&[], &[]]);
        let (in_students, in_guardians) = ("header/other-file@1", "header/other-file@1");
        for (files, expected) in [
            ([("students.csv", &*students), ("guardians.csv", &*students)], vec![in_guardians]),
            ([("students.csv", GUARDIANS), ("guardians.csv", GUARDIANS)], vec![in_students]),
            // Swapped: one finding.
            ([("students.csv", GUARDIANS), ("guardians.csv", &*students)], vec![in_students]),
            ([("students.csv", &*students), ("absences.csv", &*students)], vec![in_guardians]),
        ] {
            assert_eq!(found(&files), expected, "{files:?}");
        }
    }

    #[test]
    fn shared_columns_are_no_other_file() {
        let students = students(&[&[]]);
        for guardians in [
            "Student Id,Last Name,First Name,Address,City,State,Zip\n1001,Okafor,Pat,1 Oak St,Lima,OH,45801\n",
            "Student Id,Last Name,First Name,Date of Birth,Gender,Relationship\n1001,Okafor,Pat,1980-01-01,F,Mother\n",
        ] {
            let found = found(&[("students.csv", &students), ("guardians.csv", guardians)]);
            assert!(!found.iter().any(|it| it.contains("other-file")), "{found:?}");
        }
        // Columns about guardians do not make students.csv one of guardians.
        let csv = students.replace("SIS Internal ID", "Guardian");
        assert!(!found(&[("students.csv", &csv)]).iter().any(|it| it.contains("other-file")));
    }
}
