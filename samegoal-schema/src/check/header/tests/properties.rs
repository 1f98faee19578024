//! Properties of any header.

use proptest::prelude::*;

use super::*;
use crate::finding::Location;
use crate::schema::Completeness;

/// Headers that are close to the columns, and others.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<String> = spec("students.csv")
        .columns()
        .flat_map(|column| std::iter::once(&column.name).chain(&column.synonyms))
        .map(ToString::to_string)
        .collect();
    prop_oneof![
        4 => prop::sample::select(names.clone()).prop_map(String::into_bytes),
        2 => (prop::sample::select(names), 0..6usize).prop_map(|(name, way)| mangle(&name, way)),
        1 => prop::collection::vec(any::<u8>(), 0..24),
        1 => any::<String>().prop_map(String::into_bytes),
    ]
}

fn mangle(name: &str, way: usize) -> Vec<u8> {
    match way {
        0 => name.to_lowercase(),
        1 => name.replace(' ', "_"),
        2 => format!("\u{A0}{name}"),
        3 => name.replace('e', "\u{435}"),
        4 => format!("{name}\u{200B}"),
        _ => name.chars().skip(1).collect(),
    }
    .into_bytes()
}

proptest! {
    #[test]
    fn columns_are_bound_once(
        headers in prop::collection::vec(header(), 0..40),
        partial in any::<bool>(),
    ) {
        let mut spec = spec("students.csv");
        if partial {
            spec.completeness = Completeness::Partial;
        }
        let headers: Vec<Cow<'_, [u8]>> = headers.iter().map(Into::into).collect();
        let binding = bind(&spec, &headers);
        prop_assert_eq!(binding.bounds.len(), headers.len());
        let mut columns: Vec<usize> = binding.bounds.iter().filter_map(|b| b.column).collect();
        columns.extend(&binding.missing_required);
        columns.extend(&binding.missing_optional);
        let bound: Vec<usize> = columns.clone();
        columns.extend(binding.contests.keys().filter(|column| !bound.contains(*column)));
        columns.sort_unstable();
        // Each of the twenty is bound once, missing once or in a contest.
        prop_assert_eq!(columns, (0..20).collect::<Vec<_>>());
        for bound in &binding.bounds {
            prop_assert_eq!(
                bound.column.is_some(),
                matches!(bound.how, How::Exact | How::Misnamed(_))
            );
            if let How::Contested(column) = bound.how {
                let contest = &binding.contests[&column];
                let all = [&contest.candidates[..], &contest.internal].concat();
                let is_explained = |position: &usize| {
                    let bound = binding.bounds[*position];
                    bound.column.is_some() || matches!(bound.how, How::Contested(_))
                };
                prop_assert!(all.iter().all(is_explained));
            }
            if let How::Duplicate(first) = bound.how {
                prop_assert_ne!(binding.bounds[first].how, How::Blank);
            }
        }
        let line = (Location::default(), None);
        let place = |_| line.clone();
        check(&spec, &headers, &binding, &place, &mut Vec::new());
        let _ = (looks_like_data(&spec, &headers), recognize(&generic_api(), &headers));
    }

    #[test]
    fn order_does_not_matter(
        order in Just((0..20usize).collect::<Vec<_>>()).prop_shuffle(),
        ways in prop::collection::vec(0..7usize, 20),
    ) {
        let spec = spec("students.csv");
        let names: Vec<Vec<u8>> = spec
            .columns()
            .zip(&ways)
            .map(|(column, way)| match column.synonyms.first() {
                Some(synonym) if *way == 6 => synonym.as_bytes().to_vec(),
                _ => mangle(&column.name, *way),
            })
            .collect();
        let headers: Vec<Cow<'_, [u8]>> = order.iter().map(|&i| Cow::from(&names[i])).collect();
        let straight: Vec<Cow<'_, [u8]>> = names.iter().map(Cow::from).collect();
        let (shuffled, straight) = (bind(&spec, &headers), bind(&spec, &straight));
        for (position, &i) in order.iter().enumerate() {
            prop_assert_eq!(shuffled.bounds[position], straight.bounds[i]);
        }
    }
}
