//! Ordinary days: nothing is reported of them, or what the manual says.
//!
//! Of 1,120 pairs of deliveries of districts with 3 to 1,200 students none has an error. None has a
//! warning, but for 39 of the 160 pairs round a new school year: all with 1,200 students, 17 of 20 with
//! 150, 2 of 20 with 30. Their last class is more than 5 % of the students and at least 5 of them, and the
//! warning says that it looks like one.

#![expect(clippy::string_slice, reason = "dates of ASCII")]

use super::district::{Dice, Pupil, at, compare, delivery, district, guardians, serious, students};

const SIZES: [usize; 8] = [3, 5, 8, 12, 20, 30, 150, 1200];

type Day = fn(&mut Vec<Pupil>, &mut Dice);

fn each_pair(day: Day, check: impl Fn(Vec<String>, usize)) {
    for size in SIZES {
        for seed in 0..20 {
            let before = district(size, seed);
            let mut now = before.clone();
            day(&mut now, &mut Dice::new(100 + seed));
            let report = compare(&delivery(&before), &delivery(&now));
            check(serious(&report), size);
        }
    }
}

/// So many in a thousand leave, come, move and have their names corrected.
fn turnover(pupils: &mut Vec<Pupil>, dice: &mut Dice, in_a_thousand: usize) {
    let count = pupils.len();
    pupils.retain(|_| !dice.happens(in_a_thousand));
    for number in 0..count {
        if dice.happens(in_a_thousand) {
            let grade = dice.below(13);
            pupils.push(Pupil::new(5000 + number, grade, dice));
        }
    }
    for pupil in pupils {
        if dice.happens(in_a_thousand) {
            pupil.set("Address", format!("{} Hill Rd", dice.below(100)));
            pupil.set("City", "Moraine");
        }
        if dice.happens(in_a_thousand / 3) {
            pupil.set("Last Name", "Kowalski-Reyes");
        }
        if dice.happens(in_a_thousand / 10) {
            pupil.set("Date of Birth", "11/30/2011");
            pupil.set("Gender", "F");
        }
    }
}

/// All are a grade further, the last class is gone, and another one has come.
fn new_school_year(pupils: &mut Vec<Pupil>, dice: &mut Dice) {
    let count = pupils.len();
    pupils.retain(|pupil| pupil.grade() < 12);
    for pupil in &mut *pupils {
        let next = Pupil::new(0, pupil.grade() + 1, dice);
        for column in ["Grade", "Building", "Building Reporting Id"] {
            pupil.set(column, next.get(column));
        }
    }
    pupils.extend((0..count / 13).map(|number| Pupil::new(7000 + number, 0, dice)));
}

#[test]
fn the_next_day() {
    each_pair(
        |pupils, dice| turnover(pupils, dice, 10),
        |found, size| {
            assert_eq!(found, [""; 0], "{size}");
        },
    );
}

#[test]
fn the_next_week() {
    each_pair(
        |pupils, dice| turnover(pupils, dice, 15),
        |found, size| {
            assert_eq!(found, [""; 0], "{size}");
        },
    );
}

#[test]
fn a_weekend() {
    each_pair(|_, _| {}, |found, size| assert_eq!(found, [""; 0], "{size}"));
}

#[test]
fn a_family_leaves_a_small_school() {
    each_pair(
        |pupils, _| drop(pupils.drain(..pupils.len().min(5) - 1)),
        |found, size| {
            assert_eq!(found, [""; 0], "{size}");
        },
    );
}

#[test]
fn a_class_graduates() {
    let day: Day = |pupils, dice| {
        for pupil in &mut *pupils {
            if pupil.grade() == 12 {
                pupil.set("District Enrollment", "GRADUATED");
            }
        }
        turnover(pupils, dice, 10);
    };
    each_pair(day, |found, size| assert_eq!(found, [""; 0], "{size}"));
}

#[test]
fn a_new_school_year() {
    let day: Day = |pupils, dice| {
        new_school_year(pupils, dice);
        turnover(pupils, dice, 15);
    };
    each_pair(day, |found, size| {
        // In a small school a class is too few, or just enough.
        let is_told = found == ["warning[drift/vanished-students]"];
        assert!(is_told || found.is_empty(), "{size} {found:?}");
        assert!(is_told || size < 1000, "{size}");
    });
}

#[test]
fn a_new_school_year_of_a_high_school() {
    for seed in 0..10 {
        let before: Vec<_> =
            district(1200, seed).into_iter().filter(|pupil| pupil.grade() > 8).collect();
        let mut now = before.clone();
        new_school_year(&mut now, &mut Dice::new(seed));
        let report = compare(&delivery(&before), &delivery(&now));
        // A quarter is gone.
        assert_eq!(serious(&report), ["warning[drift/vanished-students]"]);
        let message = super::findings(&report).remove(0).1;
        assert!(message.contains("a class that graduated"), "{message}");
    }
}

#[test]
fn the_same_in_other_words() {
    let day: Day = |pupils, _| {
        for pupil in pupils {
            let date = pupil.get("Date of Birth").to_owned();
            let (month, day, year) = (&date[..2], &date[3..5], &date[6..]);
            pupil.set("Date of Birth", format!("{year}-{month}-{day}"));
            let gender = if pupil.get("Gender") == "F" { "female" } else { "male" };
            pupil.set("Gender", gender);
            for column in ["Last Name", "First Name", "Address", "City", "Race"] {
                let plain =
                    [('é', "E"), ('ë', "E"), ('í', "I"), ('ñ', "N"), ('á', "A"), ('ü', "U")];
                let plain =
                    plain.iter().fold(pupil.get(column).to_owned(), |text, (accent, base)| {
                        text.replace(*accent, base)
                    });
                pupil.set(column, format!("\"{}\"", plain.to_uppercase().replace(['\'', '.'], "")));
            }
            let zip = pupil.get("Zip").to_owned();
            pupil.set("Zip", format!("{zip}-1234"));
        }
    };
    each_pair(day, |found, size| assert_eq!(found, [""; 0], "{size}"));
}

#[test]
fn columns_and_records_in_another_order() {
    for size in SIZES {
        let before = district(size, 3);
        let mut now = before.clone();
        now.reverse();
        let text = students(&now);
        let turned = text.lines().map(|line| line.split(',').rev().collect::<Vec<_>>().join(","));
        let turned = turned.collect::<Vec<_>>().join("\r\n") + "\r\n";
        let report = compare(
            &delivery(&before),
            &[("students.csv", turned), ("guardians.csv", guardians(&now))],
        );
        assert_eq!(serious(&report), [""; 0]);
        assert!(!report.found.rules.contains_key("drift/unchanged"));
    }
}

#[test]
fn absences_begin_anew() {
    let pupils = district(300, 1);
    let header = "Student Id,Date\n";
    let absences = |count: usize| {
        let all = pupils.iter().cycle().take(count);
        let lines = all.map(|pupil| pupil.values[at("Student Id")].clone() + ",01/05/2026\n");
        header.to_owned() + &lines.collect::<String>()
    };
    let with = |text: String| {
        let mut files = delivery(&pupils);
        files.push(("absences.csv", text));
        files
    };
    for left in [7, 1] {
        assert_eq!(serious(&compare(&with(absences(900)), &with(absences(left)))), [""; 0]);
    }
    // Without the file it is advice.
    let report = compare(&with(absences(900)), &delivery(&pupils));
    assert_eq!(serious(&report), [""; 0]);
    assert!(report.found.rules.contains_key("drift/missing-file"));
}
