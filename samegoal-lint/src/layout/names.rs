//! What a file name stands for, and what it was probably meant to be.

use samegoal_schema::schema::api::COMPLETE;
use samegoal_schema::text::lookalike::split_at_capitals;
use samegoal_schema::{FileSpec, Schema};
use strsim::osa_distance;

/// What surrounds a name without changing what it stands for: extensions of text files, and what
/// people and programs add to a copy. All in lower case.
const ADDED: &[&str] = &[
    "csv", "txt", "text", "tsv", "tab", "dat", "copy", "of", "final", "new", "old", "latest",
    "current", "updated", "backup", "bak", "orig", "export", "exported", "extract", "v", "ver",
    "version", "rev", "t", "z", "am", "pm", "utc",
];
const WORKBOOKS: &[&str] = &["xlsx", "xls", "xlsm", "xlsb", "ods", "numbers"];

/// The file of the API that a name is near.
#[derive(Clone, Copy)]
pub(super) struct Near<'a> {
    pub(super) spec: &'a FileSpec,
    /// Whether it is nearer to the auto name.
    pub(super) auto: bool,
}

/// The file of the API that the file name `name` is near, whatever is exact about it.
pub(super) fn near<'a>(name: &str, api: &'a Schema) -> Option<Near<'a>> {
    if has_foreign_extension(name) { None } else { resembling(&core(name), api) }
}

/// The file of the API that a workbook of this name holds, by its name.
pub(super) fn workbook<'a>(name: &str, api: &'a Schema) -> Option<Near<'a>> {
    let (stem, _) = name.rsplit_once('.').filter(|_| is_workbook(name))?;
    resembling(&core(stem), api)
}

/// The words of a name beyond those of the file that it stands for, dates, numbers and what is merely
/// added: `hs` of `students_hs (1).csv`.
pub(super) fn remainder(name: &str, spec: &FileSpec) -> Vec<String> {
    let own: Vec<_> = std::iter::once(&spec.name)
        .chain(&spec.former_names)
        .flat_map(|name| words(name).filter(|word| !is_added(word)))
        .collect();
    let is_own = |word: &str| word == "auto" || own.iter().any(|own| osa_distance(own, word) <= 1);
    words(name).filter(|word| !is_added(word) && !is_own(word)).collect()
}

/// Whether a text file has all words of a file's name in its own, and more.
pub(super) fn is_kin(name: &str, spec: &FileSpec) -> bool {
    let words: Vec<_> = words(name).collect();
    let wanted = self::words(&spec.name).filter(|word| !is_added(word));
    !has_foreign_extension(name)
        && wanted.into_iter().all(|word| words.contains(&word))
        && !remainder(name, spec).is_empty()
}

/// Whether the extension is a spreadsheet program's.
pub(super) fn is_workbook(name: &str) -> bool {
    extension(name).is_some_and(|extension| WORKBOOKS.contains(&extension.as_str()))
}

/// How far `name` is from that of the marker: the less the nearer; `None` if it is not near. The
/// exact name is 0.
pub(super) fn distance_from_complete(name: &str) -> Option<usize> {
    if name == COMPLETE {
        return Some(0);
    }
    let stem = match name.trim().rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    };
    let marker = COMPLETE.to_lowercase();
    let near = osa_distance(&core(stem), &marker);
    (near <= 1).then(|| 1 + near + osa_distance(&name.to_lowercase(), &marker))
}

fn resembling<'a>(core: &str, api: &'a Schema) -> Option<Near<'a>> {
    let mut nearest: Option<(usize, Near<'a>)> = None;
    for spec in api.files() {
        for name in std::iter::once(&spec.name).chain(&spec.former_names) {
            let plain = self::core(name);
            let allowed = if plain.chars().count() >= 8 { 2 } else { 1 };
            for (wanted, auto) in [(&plain, false), (&format!("{plain}auto"), true)] {
                let distance = osa_distance(core, wanted);
                if distance <= allowed && nearest.is_none_or(|(least, _)| distance < least) {
                    nearest = Some((distance, Near { spec, auto }));
                }
            }
        }
    }
    nearest.map(|(_, near)| near)
}

/// The letters of a name in lower case, without digits, punctuation and what is merely added:
/// `students` for `Copy of Students-2026-01-05 (1).CSV`.
fn core(name: &str) -> String {
    words(name).filter(|word| !is_added(word)).collect()
}

fn is_added(word: &str) -> bool {
    ADDED.contains(&word) || osa_distance(word, "csv") <= 1
}

/// The words of a name in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    let split = split_at_capitals(name);
    let words = split.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().into_iter()
}

/// Whether the extension is known not to be that of text.
fn has_foreign_extension(name: &str) -> bool {
    let Some(extension) = extension(name) else { return false };
    // Of `csv (1)` or `csv~` the beginning counts, of `csv2026` the letters.
    let end = extension.find(|c: char| !c.is_alphanumeric()).unwrap_or(extension.len());
    let kind = extension.get(..end).unwrap_or_default().trim_end_matches(|c: char| c.is_numeric());
    !kind.is_empty() && !is_added(kind)
}

/// What stands after the last dot, in lower case and without surrounding blanks; `None` for a name
/// that only begins with a dot.
pub(super) fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.trim().rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(name: &str) -> Option<(String, bool)> {
        let api = samegoal_schema::generic_api();
        near(name, &api).map(|near| (near.spec.name.to_string(), near.auto))
    }

    #[test]
    fn near_names() {
        #[rustfmt::skip]
        let students = [
            "Students.csv", "STUDENTS.CSV", "students.CSV", "student.csv", "studentss.csv",
            "students.csv.txt", "students.csv.csv", "students.txt", "students.tsv", "students.tab",
            "students.dat", "students.csv~", "students.csv.bak", "students.cvs", "students",
            "students.", "students.csv ", " students.csv", "students.csv.", "students .csv",
            "students (1).csv", "students.csv (1)", "students - Copy.csv", "students - Copy (2).csv",
            "Copy of students.csv", "students_copy.csv", "students_final.csv", "students_v2.csv",
            "students_new.csv", "students_old.csv", "students_backup.csv", "students_export.csv",
            "StudentsExport.csv", "students_20260105.csv", "students-2026-01-05.csv",
            "students_20260105-020000.csv", "students_2026-01-05T02_00_00Z.csv",
            "20260105_students.csv", "students20260105.csv", "2026-01-05 students.csv",
            "stu_dents.csv", "stu-dents.csv", "studnets.csv", "stduents.csv", "studennts.csv",
            "students\u{200b}.csv", "stu\u{feff}dents.csv", "s\u{430}tudents.csv", "students\u{a0}.csv",
            "students;.csv", "#students.csv#", ".students.csv", "students.csv2026",
        ];
        for name in students {
            assert_eq!(nearest(name), Some(("students.csv".to_owned(), false)), "{name:?}");
        }
        for (name, file, auto) in [
            ("guardian.csv", "guardians.csv", false),
            ("gaurdians.csv", "guardians.csv", false),
            ("user.csv", "users.csv", false),
            ("UserRoles.csv", "user_roles.csv", false),
            ("user-roles.csv", "user_roles.csv", false),
            ("userroles.csv", "user_roles.csv", false),
            ("users_roles.csv", "user_roles.csv", false),
            ("user_groups.csv", "user_roles.csv", false),
            ("User Groups.csv", "user_roles.csv", false),
            ("absence.csv", "absences.csv", false),
            ("Students_auto.csv", "students.csv", true),
            ("studentsauto.csv", "students.csv", true),
            ("students-auto.csv", "students.csv", true),
            ("students_auto (1).csv", "students.csv", true),
            ("student_auto.csv", "students.csv", true),
            ("students_auto_20260105.csv", "students.csv", true),
            ("user_groups_auto.csv", "user_roles.csv", true),
        ] {
            assert_eq!(nearest(name), Some((file.to_owned(), auto)), "{name:?}");
        }
    }

    #[test]
    fn names_that_are_not_near() {
        #[rustfmt::skip]
        let others = [
            "", ".", "csv", ".csv", "export.csv", "20260105.csv", "copy.csv", "pupils.csv",
            "parents.csv", "staff.csv", "roles.csv", "buildings.csv", "students_and_guardians.csv",
            "students.xlsx", "students.zip", "students.csv.gz", "students.gz", "students.pdf",
            "students.json", "students.js", "students.7z", "students.mp3", "students.gz~",
            "uses of users.csv", "losers.csv", "COMPLETE", "complete.txt", "auto.csv", "生徒.csv",
        ];
        for name in others {
            assert_eq!(nearest(name), None, "{name:?}");
        }
    }

    #[test]
    fn workbooks() {
        let api = samegoal_schema::generic_api();
        for name in ["students.xlsx", "Students (1).XLS", "student.ods", "students.csv.xlsx"] {
            assert_eq!(workbook(name, &api).unwrap().spec.name, "students.csv", "{name}");
        }
        assert!(workbook("user_roles_auto.numbers", &api).unwrap().auto);
        for name in ["Book1.xlsx", "students.csv", "xlsx", ".xlsx"] {
            assert!(workbook(name, &api).is_none(), "{name}");
        }
    }

    #[test]
    fn markers() {
        let order = ["COMPLETE", "complete", "complete ", "COMPLETED", "COMPLETE.txt"];
        let far: Vec<_> = order.iter().map(|name| distance_from_complete(name).unwrap()).collect();
        assert!(far.is_sorted(), "{far:?}");
        for name in [
            "Complete",
            "COMPLETE.",
            "COMPLETE.txt.txt",
            "_COMPLETE_",
            "COMPLETE (1)",
            "COMPLET",
            "COMPELTE",
            "complete.csv",
            ".complete",
        ] {
            assert!(distance_from_complete(name).is_some(), "{name:?}");
        }
        for name in ["", "INCOMPLETE", "students.csv", "completion.log"] {
            assert!(distance_from_complete(name).is_none(), "{name:?}");
        }
    }
}
