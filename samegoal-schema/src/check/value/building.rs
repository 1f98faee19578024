//! Codes and the names they stand for, and whether the district knows the names.

use std::collections::BTreeSet;

pub(super) use listed::Listed;
pub(crate) use pairs::{PairHasher, PairHashes};
use pairs::{Pairs, hash};

use crate::check::binding::BoundHeader;
use crate::check::context::RecordContext;
use crate::csv::bits;
use crate::finding::{Sink, rules};
use crate::schema::ColumnSpec;
use crate::text::whitespace::{is_whitespace, trim};

mod listed;
mod pairs;

rules! {
    /// A building has an unusual reporting id, or is not on the district's list.
    ///
    /// ## Why it matters
    ///
    /// If nearly all records pair a `Building Reporting Id` with one `Building`, the few with a
    /// different one are probably wrong. SameGoal may place those students in the wrong school.
    /// Programs on one campus may share an id: if both pairs are common, neither is reported.
    ///
    /// A pair is rare if at most 2 records have it, or at most 1 % as many as have the other pair.
    /// Names or ids that differ only in case, spaces, punctuation or leading zeros are always
    /// reported. If they differ by one typing error, 5 % as many records count as few. For a
    /// student who is new to SameGoal, `Building` must match a name in SameGoal's settings letter
    /// for letter.
    ///
    /// Each rare pair is one finding, which counts its records. The rule compares the first 4,000
    /// pairs in a file. It does not compare pairs longer than 256 bytes.
    ///
    /// If the configuration lists the district's buildings, a `Building` that is not on the list is
    /// an error. So is such a name in `Buildings` of users.csv.
    ///
    /// ## Example
    ///
    /// ```text
    /// North High,001                       right, as in 300 other records
    /// North Middle,002                     right, as in 200 other records
    /// North Middle,001                     wrong, in this record only
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Take the name and the id from the same row of the same table: the building where the student
    /// is enrolled now. If one school really has two ids, ask SameGoal support which one to
    /// deliver.
    BUILDING_MISMATCH = "value/building-mismatch", Warning, Suspicious
        ; "for a building that is not on the district's list": Error, ValueLost;
}

/// Checks a column of codes and the column of their names.
pub(super) struct BuildingCheck<'s, 'k> {
    codes: (usize, &'s ColumnSpec),
    names: (usize, &'s ColumnSpec),
    /// The only valid names, if the configuration lists them.
    listed: Option<Listed<'k>>,
    pairs: Pairs,
    /// Which pairs of the last block are suspect, a bit for each.
    pub(super) suspects: u64,
}

/// The checks for the columns of a file.
pub(super) fn checks<'s, 'k>(
    header: &BoundHeader<'s>,
    allowed: Option<&'k BTreeSet<String>>,
) -> Vec<BuildingCheck<'s, 'k>> {
    let pair = |codes: (usize, &'s ColumnSpec)| {
        let names = codes.1.code_of.as_ref()?;
        let names = header.known().find(|(_, spec)| spec.name == *names)?;
        let listed = allowed.map(Listed::new);
        Some(BuildingCheck { codes, names, listed, pairs: Pairs::default(), suspects: 0 })
    };
    header.known().filter_map(pair).collect()
}

impl BuildingCheck<'_, '_> {
    /// Hashes the pairs of a block before they are counted.
    pub(super) fn hasher(&self) -> PairHasher {
        let (names, codes) = (self.names.0, self.codes.0);
        PairHasher {
            names,
            codes,
            needs_code: self.listed.is_none(),
            seed: self.pairs.seed.clone(),
        }
    }

    /// Counts the known pairs of a block, and suspects the others. Other code checks the pairs of
    /// `skipped` records.
    pub(super) fn absorb(&mut self, hashes: &PairHashes, skipped: u64) {
        let pairs = bits::set(hashes.pairs & !skipped);
        self.suspects = pairs.fold(0, |suspects, record| {
            let is_known = hashes.get(record).is_some_and(|hash| self.pairs.count(hash));
            suspects | u64::from(!is_known) << record
        });
    }

    /// Checks a record that has the header's width.
    pub(super) fn record(&mut self, context: &mut RecordContext<'_>) {
        let RecordContext { header, record, .. } = *context;
        let (name_index, code_index) = (self.names.0, self.codes.0);
        let Some(name) = record.field(name_index) else { return };
        let name = name.value();
        let name = trim(&name);
        if context.damaged.contains(name_index) || is_whitespace(name) {
            return;
        }
        // A wrong name proves nothing about the code.
        if let Some(listed) = &mut self.listed
            && !listed.check(context, self.names, name)
        {
            return;
        }
        let Some(code) = record.field(code_index) else { return };
        let code = code.value();
        let code = trim(&code);
        if !(context.damaged.contains(code_index) || is_whitespace(code)) {
            let hash = hash(&self.pairs.seed, name, code);
            self.pairs.record(header, &record, hash, (name_index, name), (code_index, code));
        }
    }

    /// Reports the pairs that are rare next to others.
    pub(super) fn finish(self, sink: &mut dyn Sink) {
        self.pairs.finish(self.names.1, self.codes.1, sink);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, findings_in, shown, students, summary};
    use crate::{Finding, Session, Variant, generic_api};

    fn csv(buildings: &[(&str, &str)]) -> String {
        let rows: Vec<_> = buildings
            .iter()
            .map(|(name, code)| [("Building", *name), ("Building Reporting Id", *code)])
            .collect();
        students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>())
    }

    fn lines(findings: &[Finding]) -> Vec<u64> {
        assert!(findings.iter().all(|one| one.rule.name == "value/building-mismatch"));
        findings.iter().filter_map(|one| Some(one.location.as_ref()?.line)).collect()
    }

    #[test]
    fn reports_each_pair_that_differs_once() {
        for (buildings, expected) in [
            (&[("North", "1"), ("South", "2"), ("North", "1"), ("South", "2")][..], &[][..]),
            (&[("North", "1"), ("South", "1"), ("South", "1"), ("North", "1")], &[3]),
            (&[("North", "1"), ("North", "2"), ("North", "2"), ("North", "1")], &[3]),
            (&[("North", "1"), ("North", "2"), ("North", "3")], &[3, 4]),
            (&[("North", "1"), ("South", "2"), ("South", "1")], &[4]),
            (&[("North", "1"), ("NORTH", "1")], &[3]),
            (&[("North", "1"), ("North", "01")], &[3]),
            // The rare one is wrong, wherever it is.
            (&[("South", "1"), ("North", "1"), ("North", "1"), ("North", "1")], &[2]),
            (&[("North", "2"), ("North", "1"), ("North", "1"), ("North", "1")], &[2]),
            // One more letter in the code and one less in the name make a different pair.
            (&[("orth", "1N"), ("North", "1")], &[]),
        ] {
            let csv = csv(buildings);
            let found = findings(&[("students.csv", &csv)]);
            assert_eq!(lines(&found), expected, "{buildings:?}");
        }
        // Padded, missing and damaged values have their own findings.
        let found = findings(&[("students.csv", &csv(&[("North", "1"), ("North ", "1")]))]);
        assert_eq!(found.iter().map(summary).collect::<Vec<_>>(), ["value/padded@3 Building"]);
        let found = findings(&[("students.csv", &csv(&[("North", "1"), ("N/A", "1")]))]);
        assert_eq!(
            found.iter().map(summary).collect::<Vec<_>>(),
            ["value/placeholder!@3 Building"]
        );
    }

    #[test]
    fn names_small_differences() {
        for (first, second, expected) in [
            (
                ("North High", "1"),
                ("NORTH HIGH", "1"),
                "`Building Reporting Id` `1` has the `Building` `NORTH HIGH` in 1 record, and \
                 `North High` in 1 record; they differ only in case",
            ),
            (
                ("North", "0012"),
                ("North", "12"),
                "`Building` `North` has the `Building Reporting Id` `12` in 1 record, and `0012` in 1 \
                 record; they differ only in case or leading zeros",
            ),
            (
                ("North High", "1"),
                ("North  High", "1"),
                "`Building Reporting Id` `1` has the `Building` `North  High` in 1 record, and \
                 `North High` in 1 record; they differ only in case, spaces or punctuation",
            ),
            (
                ("North", "1"),
                ("South", "1"),
                "`Building Reporting Id` `1` has the `Building` `South` in 1 record, and `North` in 1 \
                 record",
            ),
            (
                ("North", "12"),
                ("North", "13"),
                "`Building` `North` has the `Building Reporting Id` `13` in 1 record, and `12` in 1 \
                 record",
            ),
        ] {
            let found = findings(&[("students.csv", &csv(&[first, second]))]);
            assert_eq!(shown(&found[0].message), expected);
            assert_eq!(found[0].related[0].location.as_ref().unwrap().line, 2);
        }
    }

    #[test]
    fn knows_the_district_list() {
        let api = generic_api();
        let session =
            || Session::new(&api).with_buildings(["North High", "South"].map(str::to_owned));
        let csv = csv(&[
            ("North High", "1"),
            ("Suoth", "2"),
            ("South", "2"),
            ("North Hihg", "1"),
            ("North Hihg", "1"),
            ("East", "3"),
        ]);
        let found = findings_in(session(), &[("students.csv", &csv)]);
        assert_eq!(lines(&found), [3, 5, 7]);
        assert!(found.iter().all(|one| one.variant == Variant::exception(0)));
        let labels: Vec<_> = found.iter().map(|one| shown(&one.label)).collect();
        assert_eq!(labels, ["use `South`", "use `North High`", "not on the list"]);
    }

    /// This many records of each pair, starting with those of the last pairs.
    fn counted(pairs: &[(&'static str, &'static str, usize)]) -> Vec<Finding> {
        let pairs = pairs.iter().rev();
        let rows: Vec<_> =
            pairs.flat_map(|(name, code, count)| vec![(*name, *code); *count]).collect();
        findings(&[("students.csv", &csv(&rows))])
    }

    #[test]
    fn pairs_that_are_common_are_right() {
        for pairs in [
            &[("Elementary", "1", 90), ("Middle", "1", 40), ("Home Instruction", "1", 3)][..],
            &[("Online", "1", 30), ("Online", "2", 20)],
            &[("East House", "1", 40), ("West House", "1", 20)],
        ] {
            assert_eq!(lines(&counted(pairs)), [0; 0], "{pairs:?}");
        }
    }

    #[test]
    fn pairs_that_are_rare_or_misspelt_are_reported_with_their_records() {
        for (pairs, count) in [
            (&[("Elementary", "1", 90), ("Middle", "1", 2)][..], 2),
            (&[("Elementary", "1", 400), ("Middle", "1", 4)], 4),
            (&[("Elementary", "1", 90), ("Elemantary", "1", 4)], 4),
            (&[("Elementary", "1", 90), ("ELEMENTARY", "1", 80)], 80),
            (&[("Elementary", "0012", 90), ("Elementary", "12", 80)], 80),
            (&[("Elementary", "1", 90), ("Middle", "2", 80), ("Middle", "1", 1)], 1),
        ] {
            let found = counted(pairs);
            let found = found.iter().filter(|it| it.rule.name == "value/building-mismatch");
            let found: Vec<_> =
                found.map(|it| (it.count, it.location.as_ref().unwrap().line)).collect();
            assert_eq!(found, [(count, 2)], "{pairs:?}");
        }
    }

    #[test]
    fn knows_the_list_where_there_is_no_id() {
        let api = generic_api();
        let session = Session::new(&api).with_buildings(["North".to_owned()]);
        let found =
            findings_in(session, &[("students.csv", &csv(&[("North", "1"), ("East", "")]))]);
        assert!(found.iter().any(|it| summary(it).starts_with("value/building-mismatch!@3")));
    }

    #[test]
    fn gives_up_on_too_many_pairs() {
        let many: Vec<_> = (0..super::pairs::MOST_PAIRS + 2).map(|n| n.to_string()).collect();
        let mut buildings: Vec<_> = many.iter().map(|n| (&**n, &**n)).collect();
        buildings.push(("0", "new"));
        assert_eq!(lines(&findings(&[("students.csv", &csv(&buildings))])), [0; 0]);
    }
}
