//! Deliveries with nothing wrong in them, each of which looks odd somewhere: no error and no warning,
//! whatever is known of the district. `examples/generate_clean` writes them to the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use samegoal_lint::config::Loaded;
use samegoal_lint::learn::{OnErrors, learn};
use samegoal_lint::listing::Memory;
use samegoal_lint::report::Report;
use samegoal_lint::run::{Request, run};
use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::text::calendar::Date;
use samegoal_schema::{Severity, generic_api};

#[path = "../../examples/generate_clean/district/mod.rs"]
pub(crate) mod district;

use district::{Day, Delivery, deliveries};

/// What is known of a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Nothing, not even what lies beside a file.
    OneFile,
    Nothing,
    /// A configuration that was learned from the day before.
    Learned,
    /// The delivery of the day before.
    Previous,
    Both,
}

/// Deliveries in which a rule raises a false alarm that is known. Each of them must do so.
const FALSE_ALARMS: &[(&str, &[&str])] = &[];

fn memory(delivery: &Delivery) -> Memory {
    let files = [Day::Before, Day::Today].into_iter().flat_map(|day| delivery.files(day));
    files.fold(Memory::new(), |memory, (path, bytes)| memory.file(path, bytes))
}

fn lint(delivery: &Delivery, known: Known) -> Report {
    let (tree, api) = (memory(delivery), generic_api());
    let (year, month, day) = delivery.today;
    let (before, mut path) = (delivery.path(Day::Before), delivery.path(Day::Today));
    if known == Known::OneFile {
        path = delivery.files(Day::Today).swap_remove(0).0;
    }
    let config = matches!(known, Known::Learned | Known::Both).then(|| {
        let text = learn(&tree, &api, Path::new(&before), OnErrors::Learn)
            .unwrap_or_else(|error| panic!("{}: {error}", delivery.name));
        Arc::new(Loaded::parse(&api, "samegoal-lint.toml", text).unwrap())
    });
    let request = Request {
        paths: vec![path.into()],
        today: Date::new(year, month, day),
        config,
        previous: matches!(known, Known::Previous | Known::Both).then(|| before.into()),
        ..Request::default()
    };
    run(&tree, &api, &request, &mut std::io::empty()).unwrap()
}

#[test]
fn nothing_is_wrong_with_clean_deliveries() {
    let mut alarms = BTreeMap::new();
    for delivery in &deliveries() {
        for known in [Known::OneFile, Known::Nothing, Known::Learned, Known::Previous, Known::Both]
        {
            let report = lint(delivery, known);
            assert!(report.targets.iter().all(|it| !it.files.is_empty()), "{}", delivery.name);
            for reported in &report.found.findings {
                if reported.severity > Severity::Advice {
                    let message = Masker::new(Values::Show).message(&reported.finding.message);
                    let alarm = (reported.finding.rule.name, delivery.name);
                    alarms.entry(alarm).or_insert(format!("{known:?}: {message}"));
                }
            }
        }
    }
    let listed = FALSE_ALARMS.iter().flat_map(|(rule, names)| names.iter().map(|it| (*rule, *it)));
    let gone: Vec<_> = listed.filter(|alarm| alarms.remove(alarm).is_none()).collect();
    let texts: Vec<_> =
        alarms.iter().map(|((rule, name), text)| format!("{name}: {rule}: {text}\n")).collect();
    assert!(texts.is_empty() && gone.is_empty(), "none now: {gone:#?}\n{}", texts.concat());
}

#[test]
fn clean_deliveries_have_names_of_their_own() {
    let deliveries = deliveries();
    let names: BTreeSet<_> = deliveries.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), deliveries.len());
    assert!(names.len() >= 60);
}
