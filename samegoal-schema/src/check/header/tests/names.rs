//! What the headers of other systems mean, and what they do not.

use super::*;
use crate::check::header::difference::Difference;

/// The names in the table, each with its column and whether it is doubtful.
fn table() -> impl Iterator<Item = (&'static str, Option<&'static str>, bool)> {
    let lines = include_str!("names.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": ")).flat_map(|(column, names)| {
        let is_doubtful = column.ends_with('?');
        let column = Some(column.trim_end_matches('?')).filter(|column| *column != "-");
        names.split(" | ").map(move |name| (name, column, is_doubtful))
    })
}

#[test]
fn headers_mean_what_they_are_known_to_mean() {
    let students = spec("students.csv");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, column, is_doubtful) in table() {
        count += 1;
        let binding = bind(&students, &cells(name));
        let bound = binding.bounds[0];
        let found = bound.column.map(|column| students.columns.get_index(column).unwrap().0);
        let is_found_doubtful = bound.how == How::Misnamed(Difference::Doubtful);
        if found.map(AsRef::as_ref) != column || is_doubtful != is_found_doubtful {
            wrong.push(format!("{name}: {column:?}, found {found:?} {:?}", bound.how));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 600, "{count}");
}

/// A name that means no column, or a different one, never stands for a missing column.
#[test]
fn no_header_means_another_column() {
    let students = spec("students.csv");
    let names: Vec<&str> = STUDENTS.split(',').collect();
    for (header, column, _) in table() {
        let Some(column) = column else { continue };
        for missing in names.iter().filter(|name| **name != column) {
            let line: Vec<&str> =
                names.iter().map(|name| if name == missing { header } else { *name }).collect();
            let bound = bind(&students, &cells(&line.join(","))).bounds
                [names.iter().position(|name| name == missing).unwrap()];
            let is_key =
                *missing == "Student Id" && (column == "SIS Internal ID" || header == "SIS ID");
            assert!(
                bound.column.is_none() || is_key,
                "{header} is {column}, but stands for {missing}: {:?}",
                bound.how
            );
        }
    }
}

#[test]
fn names_are_of_one_column() {
    for file in ["students.csv", "guardians.csv"] {
        let spec = spec(file);
        let mut seen = std::collections::HashMap::new();
        for column in spec.columns() {
            let own = std::iter::once(&column.name).chain(&column.former_names);
            for name in own.chain(&column.synonyms) {
                let key = reading::key(name);
                let other = seen.insert(key, &column.name);
                assert!(other.is_none(), "{name} is of {} and of {other:?}", column.name);
            }
        }
    }
}
