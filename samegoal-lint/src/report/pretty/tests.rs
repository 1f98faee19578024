use std::time::Instant;

use proptest::prelude::*;
use samegoal_schema::{Cell, Excerpt, Location, Message, Privacy};

use super::*;
use crate::report::sample::*;
use samegoal_schema::finding::Values;

fn shown(report: &Report) -> String {
    written(write, report, &Options { values: Values::Show, ..Options::default() })
}

#[test]
fn a_finding_is_drawn_with_its_line() {
    let text = shown(&with_findings(vec![("epoch/students.csv", misnamed())]));
    assert_eq!(
        text,
        "header/misnamed-column

  × the required column `Date of Birth` is missing, and `DOB` looks like it
   ╭─[epoch/students.csv:1:33]
 1 │ Student Id,Last Name,First Name,DOB,Gender
   ·                                 ─┬─
   ·                                  ╰── rename to `Date of Birth`
   ╰────
  help: SameGoal finds columns by their exact names. Rename the header.

SameGoal would ignore epoch/students.csv (1,200 records): the required column `Date of Birth` is missing, and `DOB` looks like it.
1 error in 2 files, 1,204 records. Fix the header of epoch/students.csv first: `samegoal-lint explain header/misnamed-column` shows how.
Everything that can be checked was checked.
"
    );
}

#[test]
fn without_a_line_the_place_stands_by_the_rule() {
    let text = shown(&with_findings(vec![
        ("epoch", MISSING_COMPLETE.finding().message("there is no COMPLETE file")),
        ("epoch/students.csv", BLANK_LINE.finding().message("blank").at(at(4, 1))),
    ]));
    assert!(text.contains("layout/missing-complete: epoch\n\n  × there is no COMPLETE file\n"));
    assert!(text.contains("csv/blank-line: epoch/students.csv:4:1\n\n  ⚠ blank\n"));
}

#[test]
fn masked_and_shown_differ_only_in_the_values() {
    let masked = written(write, &mixed(), &Options::default());
    assert!(masked.contains("7 │ ‹…›,‹…›,x…\n"), "{masked}");
    assert!(!masked.contains("Lovelace") && masked.contains("--values show"));
    assert!(shown(&mixed()).contains("7 │ 123,Lovelace,x…\n"));
}

#[test]
fn second_places_stand_below() {
    let text = shown(&mixed());
    let expected = "  help: see epoch/students.csv:1:1: the header\n        see epoch/guardians.csv: the file\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn root_causes_come_first() {
    let text = shown(&mixed());
    let order = [&MISSING_COMPLETE, &MISNAMED, &FIELD_COUNT, &BLANK_LINE];
    let places: Vec<_> = order.map(|rule| text.find(rule.name).unwrap()).into();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn nothing_nasty_comes_through() {
    for values in [Values::Show, Values::Mask] {
        for width in [0, 20, 47, 80, 5000] {
            for drawing in [Drawing::Unicode, Drawing::Ascii, Drawing::Narrated] {
                let options = Options { width, drawing, values, ..Options::default() };
                assert_safe(&written(write, &mixed(), &options));
            }
        }
    }
}

#[test]
fn color_is_the_only_escape_sequence() {
    let text = written(write, &mixed(), &Options { color: true, ..Options::default() });
    assert!(text.contains("\u{1b}[31m"));
    for sequence in text.split('\u{1b}').skip(1) {
        let (code, _) = sequence.split_once('m').unwrap();
        let mut digits = code.chars().skip(1);
        assert!(code.starts_with('[') && digits.all(|c| "0123456789;".contains(c)), "{code}");
    }
}

#[test]
fn a_rule_is_a_link_to_its_manual_where_links_are_known() {
    let text = written(write, &mixed(), &Options { links: true, ..Options::default() });
    let link = "\u{1b}]8;;https://github.com/samegoal-lint/samegoal-lint/blob/main/docs/rules.md\
                #csvfield-count\u{1b}\\csv/field-count \u{1b}]8;;\u{1b}\\\n";
    assert!(text.contains(link), "{text}");
}

#[test]
fn repeats_are_folded() {
    let finding = |line| ("x.csv", FIELD_COUNT.finding().message("short").at(at(line, 1)));
    let report = with_findings((1..=9000).map(finding).collect());
    let text = written(write, &report, &Options { max_findings: 20, ..Options::default() });
    assert!(text.starts_with(
        "csv/field-count: x.csv:1\n\n  × short\n  … and 8,999 more like this in lines 2–9,000\n\n\
         Some records"
    ), "{text}");
}

#[test]
fn one_cause_in_many_columns_is_one_block() {
    let finding = |line: u64, field: &'static str| {
        let place = Location { field: Some(field.into()), ..at(line, 1) };
        let message = format!("`{field}` has blanks after its value");
        ("a.csv", BLANK_LINE.finding().message(message).help("Trim it.").at(place))
    };
    let text = |fields: &[&'static str]| {
        let lines = (2..=4).flat_map(|line| fields.iter().map(move |field| finding(line, field)));
        written(write, &with_findings(lines.collect()), &Options::default())
    };
    let text_of_four = text(&["City", "State", "Zip", "Race"]);
    assert!(
        text_of_four.starts_with(
            "csv/blank-line: a.csv:2\n\n  ⚠ `City` has blanks after its value\n  help: Trim it.\n  \
         In 4 columns: `City`, `State`, `Zip`, `Race`\n  … and 11 more like this in lines 2–4\n\n"
        ),
        "{text_of_four}"
    );
    assert_eq!(text(&["City", "State", "Zip"]).matches("  ⚠ ").count(), 3);
}

#[test]
fn headers_that_are_all_misnamed_are_a_table_with_commands() {
    let finding = |position: u64, header: &str, column: &'static str| {
        let message = Message::from(format!("`{column}` is missing, and `"))
            .cell(public(header))
            .text("` looks like it");
        let place = Location { field: Some(column.into()), ..at(1, position) };
        ("e/students.csv", MISNAMED.finding().message(message).at(place))
    };
    let report = |headers: [&str; 4]| {
        let columns = ["Student Id", "Last Name", "Grade", "Date of Birth"];
        let pairs = (1..).zip(headers.into_iter().zip(columns));
        with_findings(pairs.map(|(at, (header, column))| finding(at, header, column)).collect())
    };
    let text = shown(&report(["STUDENT_ID", "S.LAST", "GRADE", "Birth (M/D)"]));
    assert_eq!(text.matches("  × ").count(), 1);
    let expected = r#"
    STUDENT_ID  -> Student Id
    S.LAST      -> Last Name
    GRADE       -> Grade
    Birth (M/D) -> Date of Birth
  In SQL, give the columns these names in the query of the export:
    STUDENT_ID AS "Student Id",
    S.LAST AS "Last Name",
    GRADE AS "Grade",
    "Birth (M/D)" AS "Date of Birth"
  In Windows PowerShell 5.1, put this between Import-Csv and the command that writes the file:
    Select-Object -Property `
      @{n='Student Id'; e={$_.'STUDENT_ID'}},
      @{n='Last Name'; e={$_.'S.LAST'}},
      @{n='Grade'; e={$_.'GRADE'}},
      @{n='Date of Birth'; e={$_.'Birth (M/D)'}}, * `
      -ExcludeProperty 'STUDENT_ID', 'S.LAST', 'GRADE', 'Birth (M/D)'

"#;
    assert!(text.contains(expected), "{text}");
    // It is unknown what a program makes of such a header.
    for odd in ["LAST_NAME ", "LAST'NAME", "LAST[NAME]", "$(x)", "LAST\"NAME"] {
        let text = shown(&report(["STUDENT_ID", odd, "GRADE", "DOB"]));
        assert!(text.contains("-> Last Name") && !text.contains("PowerShell"), "{text}");
    }
}

#[test]
fn ascii_is_enough_if_need_be() {
    let report = with_findings(vec![("epoch/students.csv", misnamed())]);
    for width in [40, 100] {
        let text = written(
            write,
            &report,
            &Options { drawing: Drawing::Ascii, width, ..Options::default() },
        );
        assert!(text.is_ascii(), "{text}");
    }
}

#[test]
fn any_marked_range_is_drawn() {
    let pieces = ["a", ",", "", ",", "b"].map(public).to_vec();
    for pieces in [pieces, Vec::new()] {
        for from in 0..7 {
            for to in 0..7 {
                let marked = (from, if to == 6 { usize::MAX } else { to });
                let excerpt = Excerpt {
                    pieces: pieces.clone(),
                    skipped: 0,
                    marked,
                    cut: (from % 2 == 0, to % 2 == 0),
                };
                let finding = FIELD_COUNT.finding().label("here").at(at(3, 2));
                let report = with_findings(vec![("x", finding.excerpt(Some(excerpt)))]);
                let text = shown(&report);
                assert!(text.contains("╭─[x:3:2]"), "{text}");
                assert!(text.contains("╰── here"), "{text}");
            }
        }
    }
}

#[test]
fn a_place_deep_in_a_file_is_the_true_one() {
    let place = Location { line: 1_234_568, column: 4001, ..Location::default() };
    let mut excerpt = line(&["a", "b"], 1);
    excerpt.cut = (true, true);
    let finding = FIELD_COUNT.finding().at(place).excerpt(Some(excerpt));
    let text = shown(&with_findings(vec![("x.csv", finding)]));
    assert!(text.contains("╭─[x.csv:1234568:4001]\n 1234568 │ …a,b…\n"), "{text}");
    let nowhere = FIELD_COUNT.finding().at(Location::default()).excerpt(Some(line(&["a"], 0)));
    shown(&with_findings(vec![("x.csv", nowhere)]));
}

#[test]
fn eight_thousand_findings_are_drawn_at_once() {
    let name = "x".repeat(Cell::KEPT);
    let fields = ["1234567", &name, "DOB", &name, "F"];
    let finding = || {
        let cell = Cell::new(name.as_bytes(), Privacy::Public);
        let message = Message::from("the value `").cell(cell).text("` is long");
        let help = "SameGoal ignores it. Fix it in the export and send the file again.";
        FIELD_COUNT
            .finding()
            .message(message)
            .help(help)
            .label("here")
            .at(Location { is_public: true, ..at(1_000_000, 300) })
            .excerpt(Some(line(&fields, 2)))
    };
    let report = with_findings((0..8000).map(|_| ("students.csv", finding())).collect());
    let start = Instant::now();
    let text = written(write, &report, &Options { verbose: true, ..Options::default() });
    let elapsed = start.elapsed();
    assert_eq!(text.matches("╭─[students.csv:1000000:300]").count(), 8000);
    // Without optimization on a busy machine; a search from the first byte takes minutes.
    assert!(elapsed.as_secs() < 30, "{elapsed:?}");
    println!("{:?} a finding", elapsed / 8000);
}

proptest! {
    #[test]
    fn anything_can_be_drawn(
        texts in prop::collection::vec(any::<String>(), 3),
        cells in prop::collection::vec(any::<Vec<u8>>(), 0..5),
        marked in (0_usize..6, 0_usize..6),
        width in 0_usize..100,
    ) {
        let [message, help, label] = texts.try_into().unwrap();
        let pieces = cells.iter().map(|cell| Cell::new(cell, Privacy::Public)).collect();
        let excerpt = Excerpt { pieces, skipped: 0, marked, cut: (false, false) };
        let finding = FIELD_COUNT.finding().message(message).help(help).label(label);
        let report =
            with_findings(vec![("x", finding.at(at(1, 1)).excerpt(Some(excerpt)))]);
        assert_safe(&written(write, &report, &Options { width, ..Options::default() }));
    }
}
