use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample;

use super::*;
use crate::RULES;
use crate::check::value::{PYTHON, UNUSUAL};
use crate::testing::{STUDENT, findings, shown, students, summary};
use crate::text::null_words::{BARE_WORDS, FOR_NOTHING};

#[test]
fn finds_words_and_no_others() {
    let words =
        |count: usize| (0..count).map(|it| ShortText::new(format!("{it}").as_bytes()).unwrap());
    for count in 0..=MOST_TEXTS {
        // A word may be there twice.
        let known = ShortTexts::new(words(count).chain(words(count)));
        assert!(words(count).all(|word| known.has(word)), "{count}");
        assert!(words(300).skip(count).all(|word| !known.has(word)), "{count}");
    }
    let known = ShortTexts::new(words(300));
    assert!(words(MOST_TEXTS).all(|word| known.has(word)));
}

/// Values: those of a clean record, words for nothing, and all that the manuals of the rules show. A rule
/// that comes to the list brings its own.
fn examples() -> Vec<String> {
    let words = FOR_NOTHING.iter().chain(BARE_WORDS).copied();
    let mut examples: BTreeSet<&str> =
        STUDENT.iter().map(|(_, value)| *value).chain(words).collect();
    for text in RULES.iter().flat_map(|rule| rule.manual.sections()).map(|(_, text)| text) {
        examples.extend(text.split(['`', '\n']));
        examples.extend(text.split(['`', '\n', ',', ' ']));
    }
    examples.extend([
        "2012-05-21",
        "05-21-2012",
        "5/21/2012",
        "21/05/2012",
        "45402-1234",
        "José",
        "Éva",
    ]);
    examples.extend(["12345678901234567", "123456789012345678901", "a12345678901234567"]);
    examples.into_iter().filter(|it| it.len() <= 40).map(str::to_owned).collect()
}

/// An example with one thing changed.
fn mutated() -> impl Strategy<Value = String> {
    const ODD: [&str; 20] = [
        " ", "\u{a0}", "\t", "#", "'", "=", "-", ".", "?", "&", "/", "\"", "(", "0", "9", "n", "L",
        "E", "É", "×",
    ];
    let parts = (sample::select(examples()), 0..7, any::<sample::Index>(), sample::select(&ODD));
    parts.prop_map(|(example, how, at, odd)| {
        let places: Vec<_> =
            example.char_indices().map(|(at, _)| at).chain([example.len()]).collect();
        let (before, after) = example.split_at(places[at.index(places.len())]);
        match how {
            0 => example.to_uppercase(),
            1 => example.to_lowercase(),
            2 => format!("{odd}{example}"),
            3 => format!("{example}{odd}"),
            4 => before.to_owned(),
            5 => example.repeat(2),
            _ => before.to_owned() + odd + after.get(1..).unwrap_or_default(),
        }
    })
}

/// The columns but for `Race`, which says how a record is read.
fn columns() -> Vec<&'static str> {
    STUDENT.iter().map(|(name, _)| *name).filter(|name| *name != "Race").collect()
}

/// That what is found in records with these values is found by the prescreen, too. `clean` records stand
/// before them.
fn is_found(values: &[(&str, String)], clean: usize) {
    let found = |race: &str| -> Vec<_> {
        // A letter that is none of western Europe's makes each value be checked. One is in any case.
        let foreign = [("Race", "ł"), ("SIS Internal ID", "12345678")];
        let usual = [("Race", "B"), ("SIS Internal ID", "12345678")];
        // Behind the first 1,024 lines a sample is searched for these.
        let is_sampled = |value: &str| {
            value.bytes().any(|byte| UNUSUAL.contains(&byte))
                || value.as_bytes().windows(2).any(|pair| pair == PYTHON)
        };
        let odd = values.iter().filter(|(_, value)| clean < 1024 || !is_sampled(value));
        let odd: Vec<_> = odd.map(|(name, value)| [("Race", race), (*name, &**value)]).collect();
        let mut records = vec![&foreign[..]];
        records.resize(clean, &usual);
        records.extend(odd.iter().map(|record| &record[..]));
        let csv = students(&records);
        let found = findings(&[("students.csv", &csv)]);
        found.iter().map(|it| summary(it) + " " + &shown(&it.message)).collect()
    };
    let (checked, screened) = (found("Bł"), found("B"));
    for (one, other) in checked.iter().zip(&screened) {
        assert_eq!(one, other);
    }
    assert_eq!(checked.len(), screened.len());
}

#[test]
fn what_passes_has_nothing_wrong() {
    for column in columns() {
        let values: Vec<_> = examples().into_iter().map(|it| (column, it)).collect();
        for clean in [70, 1100] {
            is_found(&values, clean);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_passes_has_nothing_wrong_in_a_mutated_value(
        values in proptest::collection::vec((sample::select(columns()), mutated()), 100),
        clean in sample::select(&[70, 1100]),
    ) {
        is_found(&values, clean);
    }
}

/// What is only counted is counted in the same way.
#[test]
fn what_passes_is_counted() {
    let column = |race: &str, column: &str, values: &[&str]| -> Vec<_> {
        let rows: Vec<_> = values.iter().map(|it| [("Race", race), (column, *it)]).collect();
        let csv = students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
        let found = findings(&[("students.csv", &csv)]);
        // How many there are of each form is in the messages.
        found.iter().map(|one| summary(one) + " " + &shown(&one.message)).collect()
    };
    let both = |name: &str, values: &[&str], expected: &str| {
        let found = column("B", name, values);
        assert_eq!(found, column("Bł", name, values), "{name}");
        assert!(found.iter().any(|one| one.starts_with(expected)), "{name} {found:?}");
    };
    let zips = [vec!["45402"; 90], vec!["4540"; 10]].concat();
    both("Zip", &zips, "value/lost-leading-zeros");
    let dates = [vec!["05/05/2012"; 90], vec!["2012-05-05"; 9]].concat();
    both("Date of Birth", &dates, "value/mixed-date-forms@92");
    let swapped = [vec!["05/05/2012"; 90], vec!["13/05/2012"; 3]].concat();
    both("Date of Birth", &swapped, "value/day-month-swapped@92");
    let order = [vec!["05/05/2012"; 90], vec!["05/13/2012"], vec!["13/05/2012"; 3]];
    both("Date of Birth", &order.concat(), "value/impossible-date@93");
}
