//! Kinds of damage that every single value hides.

#![expect(clippy::string_slice, reason = "dates and initials of ASCII")]

use super::district::{Dice, Pupil, at, compare, delivery, district, guardians, serious, students};
use super::{Masker, Values};
use crate::report::Report;

/// What is found in students that were damaged since the day before.
fn damaged(damage: impl Fn(&mut [Pupil])) -> Report {
    let before = district(400, 1);
    let mut now = before.clone();
    damage(&mut now);
    // Guardians come from another query.
    compare(
        &delivery(&before),
        &[("students.csv", students(&now)), ("guardians.csv", guardians(&before))],
    )
}

fn sort_alone(pupils: &mut [Pupil], columns: &[&str]) {
    for column in columns {
        let mut values: Vec<_> = pupils.iter().map(|pupil| pupil.get(column).to_owned()).collect();
        values.sort();
        for (pupil, value) in pupils.iter_mut().zip(values) {
            pupil.set(column, value);
        }
    }
}

fn swap(pupils: &mut [Pupil], one: &str, other: &str) {
    for pupil in pupils {
        pupil.values.swap(at(one), at(other));
    }
}

fn the_day_before(date: &str) -> String {
    let (month, day, year) = (&date[..2], date[3..5].parse::<u32>().unwrap(), &date[6..]);
    if day > 1 { format!("{month}/{:02}/{year}", day - 1) } else { format!("{month}/02/{year}") }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of damage")]
fn what_every_single_value_hides_is_seen() {
    const IDENTITY: &str = "error[drift/changed-identity]";
    const REWRITTEN: &str = "warning[drift/rewritten-column]";
    type Damage = fn(&mut [Pupil]);
    let cases: [(&str, Damage, &str, &[&str]); 14] = [
        (
            "names exchanged",
            |pupils| swap(pupils, "Last Name", "First Name"),
            IDENTITY,
            &["Last Name", "First Name"],
        ),
        (
            "names sorted without the rest",
            |pupils| sort_alone(pupils, &["Last Name", "First Name"]),
            IDENTITY,
            &["Last Name", "First Name"],
        ),
        (
            "births sorted without the rest",
            |pupils| sort_alone(pupils, &["Date of Birth"]),
            IDENTITY,
            &["Date of Birth"],
        ),
        (
            "a time zone",
            |pupils| {
                for pupil in pupils {
                    let earlier = the_day_before(pupil.get("Date of Birth"));
                    pupil.set("Date of Birth", earlier);
                }
            },
            IDENTITY,
            &["Date of Birth"],
        ),
        (
            "one gender for all",
            |pupils| pupils.iter_mut().for_each(|pupil| pupil.set("Gender", "M")),
            IDENTITY,
            &["Gender"],
        ),
        (
            "first names cut to their initials",
            |pupils| {
                for pupil in pupils {
                    let initial = pupil.get("First Name")[..1].to_owned();
                    pupil.set("First Name", initial);
                }
            },
            IDENTITY,
            &["First Name"],
        ),
        (
            "another number for all",
            |pupils| {
                for (number, pupil) in pupils.iter_mut().enumerate() {
                    pupil.set("SIS Internal ID", (4_000_000 + 13 * number).to_string());
                }
            },
            "warning[drift/changed-identity]",
            &["SIS Internal ID"],
        ),
        (
            "ids given to the next one",
            |pupils| {
                let ids: Vec<_> = pupils.iter().map(|it| it.get("Student Id").to_owned()).collect();
                for (pupil, id) in pupils.iter_mut().zip(ids.iter().cycle().skip(1)) {
                    pupil.set("Student Id", id);
                }
            },
            IDENTITY,
            &["Last Name", "First Name", "Date of Birth", "Gender"],
        ),
        (
            "addresses emptied",
            |pupils| {
                for pupil in pupils {
                    for column in ["Address", "City", "State", "Zip"] {
                        pupil.set(column, "");
                    }
                }
            },
            REWRITTEN,
            &["Address", "City", "State", "Zip"],
        ),
        (
            "addresses sorted without the rest",
            |pupils| sort_alone(pupils, &["Address", "City", "Zip"]),
            REWRITTEN,
            &["Address", "City", "Zip"],
        ),
        (
            "races as codes",
            |pupils| pupils.iter_mut().for_each(|it| it.set("Race", "5")),
            REWRITTEN,
            &["Race"],
        ),
        (
            "the district of residence in all columns",
            |pupils| {
                for pupil in pupils {
                    pupil.set("County of Residence", "Riverbend Local");
                    pupil.set("District of Service", "Montgomery");
                }
            },
            REWRITTEN,
            &["County of Residence", "District of Service"],
        ),
        (
            "a column that few have is empty",
            |pupils| pupils.iter_mut().for_each(|it| it.set("District of Residence", " ")),
            REWRITTEN,
            &["District of Residence"],
        ),
        ("nothing", |_| {}, REWRITTEN, &[]),
    ];
    for (what, damage, rule, columns) in cases {
        let report = damaged(damage);
        let mut expected: Vec<_> =
            columns.iter().map(|column| format!("{rule} {column}")).collect();
        let mut found = serious(&report);
        // What a single value shows is not asked here.
        found.retain(|it| it.contains("[drift/"));
        // The number goes with the row, so it changes with the id.
        if what.starts_with("ids") {
            expected.push("warning[drift/changed-identity] SIS Internal ID".to_owned());
        }
        assert_eq!(found, expected, "{what}");
        let counts =
            report.found.findings.iter().filter(|it| it.finding.rule.name.starts_with("drift"));
        assert!(counts.filter(|it| it.finding.location.is_some()).all(|it| it.finding.count > 100));
    }
}

/// What is said of it helps to find the cause.
#[test]
fn the_cause_is_named() {
    let help = |damage: fn(&mut [Pupil])| {
        let report = damaged(damage);
        let finding = report
            .found
            .findings
            .iter()
            .find(|it| it.finding.rule.name == "drift/changed-identity")
            .unwrap();
        Masker::new(Values::Mask).message(&finding.finding.help)
    };
    for (damage, words) in [
        (
            (|pupils| {
                for pupil in pupils {
                    let earlier = the_day_before(pupil.get("Date of Birth"));
                    pupil.set("Date of Birth", earlier);
                }
            }) as fn(&mut [Pupil]),
            "time zone",
        ),
        (|pupils| swap(pupils, "Last Name", "First Name"), "swapped"),
        (
            |pupils| sort_alone(pupils, &["Last Name", "First Name", "Date of Birth"]),
            "sorted without the others",
        ),
        (
            |pupils| pupils.iter_mut().for_each(|it| it.set("SIS Internal ID", "1")),
            "another system",
        ),
    ] {
        let help = help(damage);
        assert!(help.contains(words), "{help}");
    }
}

#[test]
fn shares_decide_how_much_a_change_weighs() {
    for (column, value, weights) in [
        ("Date of Birth", "11/30/2001", [(8, None), (9, Some("warning")), (81, Some("error"))]),
        ("Last Name", "Quill", [(20, None), (21, Some("warning")), (81, Some("error"))]),
        ("SIS Internal ID", "7", [(20, None), (21, Some("warning")), (400, Some("warning"))]),
        ("City", "Xenia", [(21, None), (200, None), (201, Some("warning"))]),
        ("City", "", [(21, None), (200, None), (201, Some("warning"))]),
    ] {
        for (count, severity) in weights {
            let before = district(400, 1);
            let mut now = before.clone();
            now.iter_mut().take(count).for_each(|pupil| pupil.set(column, value));
            let found = serious(&compare(&delivery(&before), &delivery(&now)));
            let found: Vec<_> = found.iter().filter(|it| it.contains("[drift/")).collect();
            assert_eq!(found.len(), usize::from(severity.is_some()), "{column} {count} {found:?}");
            let is_as_expected = severity.is_none_or(|severity| found[0].starts_with(severity));
            assert!(is_as_expected, "{column} {count} {found:?}");
        }
    }
}

#[test]
fn few_students_prove_nothing() {
    for size in 1..=4 {
        let before = district(size, 1);
        let mut now = before.clone();
        for pupil in &mut now {
            for column in ["Last Name", "First Name", "Address", "City"] {
                pupil.set(column, "Quill");
            }
        }
        assert_eq!(serious(&compare(&delivery(&before), &delivery(&now))), [""; 0]);
    }
}

/// A school is no class, whatever its grades.
#[test]
fn a_lost_school_is_an_error() {
    for building in ["Oak Elementary", "Cedar Middle", "High"] {
        let before = district(400, 1);
        let now: Vec<_> =
            before.iter().filter(|it| it.get("Building") != building).cloned().collect();
        let found = serious(&compare(&delivery(&before), &delivery(&now)));
        assert_eq!(found, ["error[drift/vanished-students]"], "{building}");
    }
}

#[test]
fn ids_without_their_zeros_are_reported_as_such() {
    let mut before = district(400, 1);
    for (number, pupil) in before.iter_mut().enumerate() {
        pupil.set("Student Id", format!("{:06}", 1001 + number));
    }
    let mut now = before.clone();
    for pupil in &mut now {
        let id = pupil.get("Student Id").trim_start_matches('0').to_owned();
        pupil.set("Student Id", id);
    }
    for (before, now) in [(&before, &now), (&now, &before)] {
        let report = compare(&delivery(before), &delivery(now));
        let found = report.found.findings.iter();
        let found = found.map(|it| (it.finding.rule.name, &it.finding));
        let (_, finding) =
            found.clone().find(|(name, _)| *name == "drift/vanished-students").unwrap();
        let help = Masker::new(Values::Mask).message(&finding.help);
        assert!(help.contains("leading zeros"), "{help}");
        assert_eq!(finding.count, 400);
    }
}

/// Of what guardians lack, the first speaks: that there are no records, that they have vanished, that
/// students have none; and it weighs as much as those that are silent.
#[test]
fn one_finding_says_that_guardians_are_missing() {
    let speaks = |had: usize, have: usize| {
        let pupils = |guarded: usize| {
            let mut pupils = district(100, 1);
            for (number, pupil) in pupils.iter_mut().enumerate() {
                pupil.guardians = usize::from(number < guarded);
            }
            pupils
        };
        serious(&compare(&delivery(&pupils(had)), &delivery(&pupils(have))))
    };
    for (had, have, expected) in [
        (100, 100, None),
        (100, 0, Some("error[csv/no-records]")),
        (100, 60, Some("error[drift/vanished-guardians]")),
        (100, 94, Some("warning[drift/vanished-guardians]")),
        (100, 96, None),
        (60, 60, Some("warning[link/no-guardians]")),
        (30, 30, Some("error[link/no-guardians]")),
        // Two students are too few for drift.
        (30, 28, Some("error[link/no-guardians]")),
        (50, 45, Some("error[drift/vanished-guardians]")),
        (49, 47, Some("error[link/no-guardians]")),
    ] {
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(speaks(had, have), expected, "{had} {have}");
    }
}

/// What has changed is counted, and the numbers add up.
#[test]
fn what_has_changed_is_counted() {
    let before = district(300, 1);
    let mut now = before[5..].to_vec();
    let dice = &mut Dice::new(1);
    now.extend((0..12).map(|number| Pupil::new(900 + number, 3, dice)));
    let report = compare(&delivery(&before), &delivery(&now));
    let changes = report.compared[0].changes.unwrap();
    assert_eq!((changes.new, changes.gone, changes.total), (12, 5, 307));
    let lines = crate::report::verdict::lines(&report, &crate::report::Options::default());
    assert_eq!(lines.last().unwrap(), "12 students new, 5 gone, 307 in all.");
}
