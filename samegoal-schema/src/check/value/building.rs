//! Codes and the names that they stand for: one code, one name.

use std::collections::{BTreeSet, HashMap, HashSet};

use foldhash::quality::RandomState;

use super::name;
use crate::bits;
use crate::blank::{is_blank, trim};
use crate::check::bytes::Spoilt;
use crate::finding::{Message, Related, Sink};
use crate::keys::{First, are_alike};
use crate::model::ColumnSpec;
use crate::rule::rules;
use crate::sheet::{Row, Sheet};
use crate::stretch::{self, Stretch};
use crate::text;
use crate::word::Word;

rules! {
    /// A building has two names, or two reporting ids, or a name that the district does not know.
    ///
    /// ## Why it matters
    ///
    /// One `Building Reporting Id` stands for one `Building`. Where a record pairs them otherwise than
    /// an earlier one, one of the two is wrong, and the student may be placed in another school. Names
    /// that differ in case or by a blank are two names: `Building` must equal a name in SameGoal's
    /// settings letter for letter, for a student who is new there.
    ///
    /// Each pair is told once, where it first differs. If the configuration gives the names of the
    /// district's buildings, a name that is none of them is an error. A district with more than 10,000
    /// pairs is not looked at any further.
    ///
    /// ## Example
    ///
    /// ```text
    /// North High,001                       wrong: 001 is the high school
    /// North Middle,001
    ///
    /// North High,001                       right
    /// North Middle,002
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Take name and id from the same row of the same table: the building in which the student is
    /// enrolled now. Where one school really has two ids, ask SameGoal's support which one to deliver.
    BUILDING_MISMATCH = "value/building-mismatch", Warning, Suspicious
        ; "for a building that is not on the district's list": Error, ValueLost;
}

/// How many pairs are remembered: more than any district has buildings, and little memory.
const MOST_PAIRS: usize = 10_000;

/// Any odd number spreads codes well enough.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// Judges a column of codes and that of their names.
pub(super) struct BuildingCheck<'s, 'k> {
    codes: (usize, &'s ColumnSpec),
    names: (usize, &'s ColumnSpec),
    /// The only names that are right, if they are known.
    allowed: Option<&'k BTreeSet<String>>,
    pairs: HashSet<Box<[u8]>, RandomState>,
    by_code: Partners,
    by_name: Partners,
    /// Some of the short codes and the names that they were first with, by the codes'
    /// [`mixed`](Word::mixed) numbers. Most records have one of these.
    usual: Vec<Option<(Word, Box<[u8]>)>>,
    /// Which pairs of the last stretch are in doubt, a bit for each.
    pub(super) doubts: u64,
    pair: Vec<u8>,
}

/// What each value was first seen with, and where.
type Partners = HashMap<Box<[u8]>, (Box<[u8]>, First), RandomState>;

/// The checks for the columns of a file.
pub(super) fn checks<'s, 'k>(
    sheet: &Sheet<'s>,
    allowed: Option<&'k BTreeSet<String>>,
) -> Vec<BuildingCheck<'s, 'k>> {
    let pair = |codes: (usize, &'s ColumnSpec)| {
        let names = codes.1.code_of.as_ref()?;
        let names = sheet.known().find(|(_, spec)| spec.name == *names)?;
        Some(BuildingCheck {
            codes,
            names,
            allowed,
            pairs: HashSet::default(),
            by_code: HashMap::default(),
            by_name: HashMap::default(),
            usual: vec![None; 256],
            doubts: 0,
            pair: Vec::new(),
        })
    };
    sheet.known().filter_map(pair).collect()
}

impl BuildingCheck<'_, '_> {
    /// Looks at the pairs of a stretch: those are in doubt that are not what the code was first with.
    pub(super) fn glance(&mut self, stretch: &Stretch<'_>) {
        let pairs = stretch.column(self.names.0).zip(stretch.column(self.codes.0));
        self.doubts = bits::of(pairs.map(|(name, code)| {
            !(name.is_empty() || code.is_empty() || self.is_first(name, code))
        }));
    }

    /// Whether a code was first with this name.
    #[inline]
    fn is_first(&mut self, name: stretch::Value<'_>, code: stretch::Value<'_>) -> bool {
        let (name, word) = (name.text(), code.word());
        let mut usual = word.and_then(|word| self.usual.get_mut(word.mixed(FACTOR)));
        if let Some(Some((usual, first))) = &usual
            && Some(*usual) == word
        {
            return **first == *name;
        }
        let is_first = self.by_code.get(code.text()).is_some_and(|(first, _)| **first == *name);
        if let (Some(usual @ None), Some(word), true) = (&mut usual, word, is_first) {
            **usual = Some((word, name.into()));
        }
        is_first
    }

    /// Judges a record that has the header's width.
    pub(super) fn record(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        spoilt: &Spoilt,
        sink: &mut dyn Sink,
    ) {
        let (name_index, code_index) = (self.names.0, self.codes.0);
        if spoilt.contains(name_index) || spoilt.contains(code_index) {
            return;
        }
        let fields = (row.record.field(name_index), row.record.field(code_index));
        let (Some(name), Some(code)) = fields else { return };
        let (name, code) = (name.value(), code.value());
        let (name, code) = (trim(&name), trim(&code));
        if is_blank(name) || is_blank(code) || !self.is_new(name, code) {
            return;
        }
        let here = |index: usize| {
            row.record.field(index).map_or_else(First::default, |field| First::of(row, &field))
        };
        let (name_here, code_here) = (here(name_index), here(code_index));
        // A wrong name says nothing of the code.
        if !self.report_unlisted(sheet, row, name, sink) {
            self.report_mismatch(sheet, row, name, code, sink);
            self.by_code.entry(code.into()).or_insert_with(|| (name.into(), name_here));
        }
        self.by_name.entry(name.into()).or_insert_with(|| (code.into(), code_here));
    }

    /// Whether the pair was not there before; and remembers it.
    fn is_new(&mut self, name: &[u8], code: &[u8]) -> bool {
        self.pair.clear();
        self.pair.extend_from_slice(&code.len().to_le_bytes());
        self.pair.extend_from_slice(code);
        self.pair.extend_from_slice(name);
        if self.pairs.contains(self.pair.as_slice()) || self.pairs.len() >= MOST_PAIRS {
            return false;
        }
        self.pairs.insert(self.pair.as_slice().into())
    }

    /// Reports a name that is not on the list; answers whether it is not.
    fn report_unlisted(
        &self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        name: &[u8],
        sink: &mut dyn Sink,
    ) -> bool {
        let Some(allowed) = self.allowed else { return false };
        let written = std::str::from_utf8(name).ok();
        if written.is_some_and(|name| allowed.contains(name)) {
            return false;
        }
        let (index, spec) = self.names;
        if self.by_name.contains_key(name) {
            return true;
        }
        sheet.at_field(sink, &BUILDING_MISMATCH, true, row, index, |finding| {
            let message = super::name(spec)
                .text(" is `")
                .cell(sheet.cell(index, name))
                .text("`, which is not on the district's list of buildings");
            let meant = written
                .and_then(|name| text::nearest(name, allowed.iter().map(String::as_str)))
                .map(|meant| sheet.cell(index, meant.as_bytes()));
            let label = match &meant {
                Some(meant) => Message::from("use `").cell(meant.clone()).text("`"),
                None => "not on the list".into(),
            };
            finding.message(message).label(label).help(
                "A name must equal one in SameGoal's settings letter for letter. Write it as it is \
                 there; if the building is new, add it there and to the configuration.",
            )
        });
        true
    }

    /// Reports a code that had another name before, or else a name that had another code.
    fn report_mismatch(
        &self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        name: &[u8],
        code: &[u8],
        sink: &mut dyn Sink,
    ) {
        let (names, codes) = (self.names, self.codes);
        if let Some((other, first)) = self.by_code.get(code) {
            mismatch(sheet, row, (codes, code), (names, name), (other, *first), sink);
        } else if let Some((other, first)) = self.by_name.get(name) {
            mismatch(sheet, row, (names, name), (codes, code), (other, *first), sink);
        }
    }
}

type Known<'a> = ((usize, &'a ColumnSpec), &'a [u8]);

/// Reports that what is `shared` has a partner here that it had not before.
fn mismatch(
    sheet: &Sheet<'_>,
    row: &Row<'_>,
    ((shared_index, shared_spec), shared): Known<'_>,
    ((index, spec), partner): Known<'_>,
    (other, first): (&[u8], First),
    sink: &mut dyn Sink,
) {
    sheet.at_field(sink, &BUILDING_MISMATCH, false, row, index, |finding| {
        let message = name(shared_spec)
            .text(" `")
            .cell(sheet.cell(shared_index, shared))
            .text("` has the ")
            .text(format!("`{}` `", spec.name))
            .cell(sheet.cell(index, partner))
            .text(format!("` here, and on line {} `", first.line))
            .cell(sheet.cell(index, other))
            .text("`");
        let message = match difference(partner, other) {
            Some(difference) => message.text(", which differs only in ").text(difference),
            None => message,
        };
        finding
            .message(message)
            .label("another one than before")
            .help(
                "One code stands for one building. Take name and code from the same row of the \
                 system's table of buildings.",
            )
            .related(Related {
                file: None,
                location: Some(first.location()),
                message: "the first record of this pair".into(),
            })
    });
}

/// In what two values differ, if it is little.
fn difference(one: &[u8], other: &[u8]) -> Option<&'static str> {
    if one.eq_ignore_ascii_case(other) {
        return Some("case");
    }
    if are_alike(one, other) {
        return Some("case or leading zeros");
    }
    let normal = |value: &[u8]| std::str::from_utf8(value).ok().map(text::normal);
    let (one, other) = (normal(one)?, normal(other)?);
    (!one.is_empty() && one == other).then_some("case, blanks or punctuation")
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
    fn tells_each_pair_that_differs_once() {
        for (buildings, expected) in [
            (&[("North", "1"), ("South", "2"), ("North", "1"), ("South", "2")][..], &[][..]),
            (&[("North", "1"), ("South", "1"), ("South", "1"), ("North", "1")], &[3]),
            (&[("North", "1"), ("North", "2"), ("North", "2"), ("North", "1")], &[3]),
            (&[("North", "1"), ("North", "2"), ("North", "3")], &[3, 4]),
            (&[("North", "1"), ("South", "2"), ("South", "1")], &[4]),
            (&[("North", "1"), ("NORTH", "1")], &[3]),
            (&[("North", "1"), ("North", "01")], &[3]),
            // One letter more in the code and one less in the name is another pair.
            (&[("orth", "1N"), ("North", "1")], &[]),
        ] {
            let csv = csv(buildings);
            let found = findings(&[("students.csv", &csv)]);
            assert_eq!(lines(&found), expected, "{buildings:?}");
        }
        // Padded, missing and spoilt ones are told as that.
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
                "`Building Reporting Id` `1` has the `Building` `NORTH HIGH` here, and on line 2 \
                 `North High`, which differs only in case",
            ),
            (
                ("North", "0012"),
                ("North", "12"),
                "`Building` `North` has the `Building Reporting Id` `12` here, and on line 2 \
                 `0012`, which differs only in case or leading zeros",
            ),
            (
                ("North High", "1"),
                ("North  High", "1"),
                "`Building Reporting Id` `1` has the `Building` `North  High` here, and on line 2 \
                 `North High`, which differs only in case, blanks or punctuation",
            ),
            (
                ("North", "1"),
                ("South", "1"),
                "`Building Reporting Id` `1` has the `Building` `South` here, and on line 2 `North`",
            ),
            (
                ("North", "12"),
                ("North", "13"),
                "`Building` `North` has the `Building Reporting Id` `13` here, and on line 2 `12`",
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

    #[test]
    fn gives_up_on_too_many_pairs() {
        let many: Vec<_> = (0..super::MOST_PAIRS + 2).map(|n| n.to_string()).collect();
        let mut buildings: Vec<_> = many.iter().map(|n| (&**n, &**n)).collect();
        buildings.push(("0", "new"));
        assert_eq!(lines(&findings(&[("students.csv", &csv(&buildings))])), [0; 0]);
    }
}
