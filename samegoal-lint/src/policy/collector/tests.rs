use super::*;
use crate::policy::Selector;
use crate::report::sample::{BLANK_LINE, FIELD_COUNT, VANISHED, at};

fn report(collector: &mut Collector, rule: &'static Rule, exceptional: bool, line: u64) {
    if collector.admit(rule, exceptional.into(), 1, None) == Admission::Keep {
        collector.push(rule.finding().variant(exceptional).at(at(line, 1)));
    }
}

fn capped(max_findings: usize) -> Collector {
    Collector::new(Policy { max_findings, ..Policy::default() })
}

#[test]
fn the_cap_counts_by_rule_and_file() {
    let mut collector = capped(2);
    for path in ["b.csv", "a.csv", "b.csv"] {
        collector.file(path.into());
        for line in 1..=5 {
            report(&mut collector, &FIELD_COUNT, false, line);
        }
        report(&mut collector, &BLANK_LINE, false, 9);
    }
    let found = collector.finish();
    assert_eq!((found.errors, found.warnings, found.advice), (15, 3, 0));
    assert_eq!(found.findings.len(), 2 + 2 + 1 + 2);
    let total = &found.rules[FIELD_COUNT.name];
    assert_eq!(total.total, 15);
    let left = |most| {
        let left = found.left_out(most).map(|it| (it.path, it.rule.name, it.count));
        left.collect::<Vec<_>>()
    };
    let all = [("a.csv", FIELD_COUNT.name, 3), ("b.csv", FIELD_COUNT.name, 8)];
    for most in [0, 2, 9] {
        assert_eq!(left(most), all);
        assert_eq!(found.shown(most).count(), 7);
    }
    assert_eq!(left(1)[..1], [("a.csv", FIELD_COUNT.name, 4)]);
    assert_eq!(found.shown(1).count(), 1 + 1 + 1 + 1);
}

#[test]
fn a_cap_of_zero_keeps_everything() {
    let mut collector = capped(0);
    for line in 1..=5000 {
        report(&mut collector, &FIELD_COUNT, false, line);
    }
    let found = collector.finish();
    assert_eq!(found.findings.len(), 5000);
    assert_eq!(found.left_out(0).count(), 0);
    assert_eq!((found.shown(7).count(), found.left_out(7).next().unwrap().count), (7, 4993));
}

#[test]
fn a_finding_shows_all_that_it_stands_for() {
    let mut collector = capped(1);
    for count in [40, 2] {
        if collector.admit(&FIELD_COUNT, Variant::USUAL, count, None) == Admission::Keep {
            collector.push(FIELD_COUNT.finding().count(count));
        }
    }
    let found = collector.finish();
    assert_eq!((found.errors, found.findings.len()), (42, 1));
    let left: Vec<_> = found.left_out(0).map(|it| it.count).collect();
    assert_eq!(left, [2]);
}

#[test]
fn findings_end_up_in_order() {
    let mut collector = capped(0);
    for path in ["b", "a"] {
        collector.file(path.into());
        report(&mut collector, &FIELD_COUNT, false, 10);
        report(&mut collector, &FIELD_COUNT, false, 9);
        report(&mut collector, &BLANK_LINE, false, 9);
        assert_eq!(collector.admit(&VANISHED, Variant::USUAL, 1, None), Admission::Keep);
        collector.push(VANISHED.finding());
    }
    let found = collector.finish();
    let order: Vec<_> = found
        .findings
        .iter()
        .map(|it| (&*it.path, it.finding.location.as_ref().map(|at| at.line), it.finding.rule.name))
        .collect();
    let of = |path| {
        [
            (path, None, VANISHED.name),
            (path, Some(9), BLANK_LINE.name),
            (path, Some(9), FIELD_COUNT.name),
            (path, Some(10), FIELD_COUNT.name),
        ]
    };
    assert_eq!(order, [of("a"), of("b")].concat());
}

#[test]
fn what_is_off_is_not_counted() {
    let mut collector = Collector::new(Policy {
        overrides: vec![(Selector::parse("csv").unwrap(), Level::Off)],
        ..Policy::default()
    });
    report(&mut collector, &FIELD_COUNT, false, 1);
    collector.push(FIELD_COUNT.finding());
    let found = collector.finish();
    assert_eq!(found.total(), 0);
    assert!(found.rules.is_empty() && found.findings.is_empty() && !found.failed);
}

#[test]
fn an_exception_is_counted_at_its_own_severity() {
    let mut collector = capped(1);
    report(&mut collector, &VANISHED, true, 1);
    report(&mut collector, &VANISHED, false, 2);
    let found = collector.finish();
    assert_eq!((found.errors, found.warnings), (1, 1));
    assert_eq!(found.findings[0].severity, Severity::Warning);
    let total = &found.rules[VANISHED.name];
    assert_eq!((total.severity, total.consequence), (Severity::Error, VANISHED.consequence));
    let [file] = &found.files[..] else { panic!() };
    assert_eq!((file.errors, file.warnings, file.kept), (1, 1, 1));
    assert_eq!(file.severity(), Severity::Error);
}

#[test]
fn the_threshold_decides_what_fails() {
    for (fail_on, fails) in [
        (None, false),
        (Some(Severity::Error), false),
        (Some(Severity::Warning), true),
        (Some(Severity::Advice), true),
    ] {
        let mut collector = Collector::new(Policy { fail_on, ..Policy::default() });
        report(&mut collector, &BLANK_LINE, false, 1);
        assert_eq!(collector.finish().failed, fails, "{fail_on:?}");
    }
}
