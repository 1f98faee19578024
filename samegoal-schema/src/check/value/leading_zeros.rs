//! Codes that lost their leading zeros, which only the whole column shows.

use std::ops::RangeInclusive;

use super::region::{Region, region};
use super::screen::{Part, Screen};
use super::tally::{CodeTally, LengthTally};
use super::{Value, name};
use crate::check::binding::Place;
use crate::finding::{Sink, Variant, report_many, rules};
use crate::schema::{Code, ColumnSpec};
use crate::text::wording::{self, thousands};

rules! {
    /// Codes in a column have lost their leading zeros.
    ///
    /// ## Why it matters
    ///
    /// A spreadsheet or a script that treats codes as numbers drops their leading zeros. `01970`
    /// becomes `1970`, which is not a ZIP code. An id without its zeros is another student's id, or
    /// no one's.
    ///
    /// A short code alone proves nothing: ids that count up get longer, and postal codes in some
    /// countries have four digits. So the rule needs evidence:
    ///
    /// - In a column of ids: values with leading zeros that all have the same length, and a shorter
    ///   value without them. At least three values and a quarter of all must have that length.
    /// - In a column of ZIP codes: three or four digits where other values kept their zero, or
    ///   where `State` is one whose ZIP codes begin with 0. A record whose `State` is empty or
    ///   foreign does not count if other records have one.
    /// - In a column of ZIP codes: at least 20 values with up to five digits, where at least five
    ///   and 2 % of them have three or four digits.
    ///
    /// Lengths alone are advice. It takes at least 20 ids, nine in ten of them with the same length
    /// of eight or more digits and with at least six different first digits, and at least three ids
    /// that are mostly one digit shorter.
    ///
    /// A shortened `Student Id` belongs to another student or to none, so it is an error.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1970                                 wrong: in a column with 2139, 1938 and 60614
    /// 01970                                right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Keep the column as text all the way. In Excel, import it with Data > From Text/CSV as Text.
    /// In pandas, read it with `dtype=str`. If the system itself stores a number, pad it in the
    /// export: `RIGHT('00000' + zip, 5)` in SQL Server, `LPAD(zip, 5, '0')` elsewhere.
    LOST_LEADING_ZEROS = "value/lost-leading-zeros", Warning, Suspicious
        ; "for a `Student Id`": Error, DataAtRisk
        ; "for ids, if only their lengths show it": Advice, Suspicious;
}

/// It takes the state to say anything of a short ZIP code.
pub(super) fn part(spec: &ColumnSpec) -> Part {
    let short = Screen { lengths: SHORT_ZIPS, is_suspect: |_| true };
    let is_zip = DigitColumn::counts(spec) && spec.code == Some(Code::Zip);
    Part { check: None, screen: is_zip.then_some(short) }
}

/// How many digits of a ZIP code are left when its zeros are lost.
const SHORT_ZIPS: RangeInclusive<usize> = 3..=4;

/// From this many values on, the lengths in a column prove something.
const ENOUGH: u64 = 20;

/// How many short ZIP codes prove something by themselves, and what part of all they must be: one
/// in this many.
const ZIPS: u64 = 5;
const ZIPS_IN: u64 = 50;

/// The number of digits in a ZIP code.
const ZIP_DIGITS: usize = 5;

/// How many ids must have the length of those with zeros, and what part of all: one in this many.
const WHOLE: u64 = 3;
const WHOLE_IN: u64 = 4;

/// How many short ids prove something, and how many digits the complete ones must have.
const IDS: u64 = 3;
const ID_DIGITS: usize = 8;

/// How many different first digits the complete and short ids must have.
const FIRST_DIGITS: u32 = 6;
const FIRST_DIGITS_OF_SHORT: u32 = 2;

/// Longer codes are not counted by length.
const MOST_DIGITS: usize = 20;

/// What is known about the digits-only values of a column.
pub(crate) struct DigitColumn {
    code: Code,
    /// By the number of digits, minus one.
    lengths: [Length; MOST_DIGITS],
    others: u64,
    /// Whether any record has a state, how many short ZIP codes are in a state whose codes begin
    /// with 0, and how many are in records whose state is empty or foreign.
    has_state: bool,
    of_zero_states: u64,
    of_no_state: Length,
}

/// What is known about the values of one length.
#[derive(Default)]
struct Length {
    count: u64,
    /// A bit for each first digit.
    first_digits: u16,
    first: Option<Box<Place>>,
}

/// Values that are too short.
struct Lost {
    digits: usize,
    short: u64,
    all: u64,
    first: Option<Box<Place>>,
    evidence: Evidence,
}

/// The evidence that zeros were lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// Other values kept theirs.
    Kept,
    /// The states in the records.
    States,
    /// There are many of them.
    Number,
    Lengths,
}

impl DigitColumn {
    /// Whether to count the values of a column: it holds codes, and they do not refer to those of
    /// another file, which they are compared with anyway.
    pub(crate) fn counts(spec: &ColumnSpec) -> bool {
        spec.code.is_some() && spec.references.is_none()
    }

    /// `None` if the values of the column are not counted.
    pub(super) fn new(spec: &ColumnSpec) -> Option<Self> {
        let code = spec.code.filter(|_| Self::counts(spec))?;
        Some(Self {
            code,
            lengths: Default::default(),
            others: 0,
            has_state: false,
            of_zero_states: 0,
            of_no_state: Length::default(),
        })
    }

    /// Counts a value.
    pub(super) fn record(&mut self, value: &Value<'_>) {
        let digits = match (self.code, value.text) {
            (Code::Zip, [five @ .., b'-', _, _, _, _]) if five.len() == ZIP_DIGITS => five,
            (_, text) => text,
        };
        let length = match digits.len().checked_sub(1).and_then(|at| self.lengths.get_mut(at)) {
            Some(length) if digits.iter().all(u8::is_ascii_digit) => length,
            _ => {
                self.others += 1;
                return;
            }
        };
        let is_short_zip = self.code == Code::Zip && SHORT_ZIPS.contains(&digits.len());
        let mut length = length;
        if is_short_zip || (self.code == Code::Zip && !self.has_state) {
            let state = value.state();
            let region = state.and_then(|state| region(&state));
            self.has_state |= region.is_some();
            match region {
                Some(Region::WithZeros) if is_short_zip => self.of_zero_states += 1,
                None | Some(Region::Canadian) if is_short_zip => length = &mut self.of_no_state,
                _ => {}
            }
        }
        length.count += 1;
        length.first_digits |= digits.first().map_or(0, |digit| 1 << (digit - b'0'));
        length.first.get_or_insert_with(|| Box::new(value.place()));
    }

    /// Counts values at once, unless one is the first of its length; returns whether it did.
    pub(super) fn absorb(&mut self, tally: &CodeTally) -> bool {
        let position = |seen: &LengthTally| seen.length as usize - 1;
        let is_known = |seen: &LengthTally| {
            self.lengths.get(position(seen)).is_some_and(|length| length.first.is_some())
        };
        if !tally.lengths.iter().all(is_known) {
            return false;
        }
        self.others += tally.others;
        for seen in &tally.lengths {
            if let Some(length) = self.lengths.get_mut(position(seen)) {
                length.count += seen.count;
                length.first_digits |= seen.first_digits;
            }
        }
        true
    }

    /// Whether most values are digits without leading zeros, so that zeros may be lost.
    pub(super) fn may_have_lost(&self) -> bool {
        let digits: u64 = self.lengths.iter().map(|length| length.count).sum();
        digits > self.others && !self.lengths.iter().any(Length::has_zeros)
    }

    /// Reports what is known now that all values are read. `suspects` are other columns that may
    /// have lost their zeros the same way.
    pub(super) fn finish(self, spec: &ColumnSpec, suspects: &[&ColumnSpec], sink: &mut dyn Sink) {
        let lost = match self.code {
            Code::Zip => self.lost_of_zips(),
            // Each code has a name, which shows what belongs together.
            Code::Id if spec.code_of.is_some() => self.lost_by_length(),
            Code::Id => match self.width_of_kept() {
                Some(digits) => Some(self.lost_beside_kept(digits)),
                None => self.lost_by_length(),
            },
        };
        let Some(Lost { digits, short, all, first: Some(place), evidence }) = lost else { return };
        let (location, excerpt) = *place;
        let variant = match evidence {
            Evidence::Lengths => Variant::exception(1),
            _ => spec.key.into(),
        };
        report_many(sink, &LOST_LEADING_ZEROS, variant, short, |finding| {
            let why = match evidence {
                Evidence::Kept => "others kept their zeros",
                Evidence::States => "are in a state whose ZIP codes begin with 0",
                Evidence::Number | Evidence::Lengths => "no value begins with 0",
            };
            let help = "A spreadsheet probably treated them as numbers. Keep the column as \
                        text, or pad it in the export's query.";
            finding
                .at(location)
                .excerpt(excerpt)
                .message(name(spec).text(format!(
                    " has lost leading zeros: {} of {} values have fewer than {digits} digits, and \
                     {why}",
                    thousands(short),
                    thousands(all)
                )))
                .label(format!("fewer than {digits} digits"))
                .help(if suspects.is_empty() {
                    help.to_owned()
                } else {
                    let suspects: Vec<_> = suspects.iter().map(|spec| &spec.name).collect();
                    format!("{help} Also check {}.", wording::list(&suspects))
                })
        });
    }

    fn lost_of_zips(self) -> Option<Lost> {
        let Self { has_state, of_zero_states, lengths: [_, _, three, four, five, ..], .. } = self;
        // If no record has a state, records without one count too.
        let [three, four] =
            if has_state { [three, four] } else { [Length::default(), self.of_no_state] };
        let short = three.count + four.count;
        let all = short + five.count;
        let evidence = if five.has_zeros() {
            Evidence::Kept
        } else if of_zero_states > 0 {
            Evidence::States
        } else if all >= ENOUGH && short >= ZIPS && short * ZIPS_IN >= all {
            Evidence::Number
        } else {
            return None;
        };
        let first = earliest([three, four].into_iter().filter_map(|length| length.first));
        Some(Lost { digits: ZIP_DIGITS, short, all, first, evidence })
    }

    /// The number of digits of all values that begin with 0, if others are shorter.
    fn width_of_kept(&self) -> Option<usize> {
        // A lone zero has lost others, if anything.
        let mut kept = (1..).zip(&self.lengths).skip(1).filter(|(_, length)| length.has_zeros());
        let (digits, whole) = kept.next().filter(|_| kept.next().is_none())?;
        let count = |lengths: &[Length]| lengths.iter().map(|length| length.count).sum::<u64>();
        let (shorter, longer) = self.lengths.split_at(digits);
        let (shorter, longer) = (count(shorter) - whole.count, count(longer));
        let all = shorter + whole.count + longer;
        let is_usual = whole.count >= WHOLE && whole.count * WHOLE_IN >= all;
        (shorter > 0 && is_usual && longer * 20 <= all).then_some(digits)
    }

    fn lost_beside_kept(self, digits: usize) -> Lost {
        let all = self.lengths.iter().map(|length| length.count).sum();
        let shorter = || self.lengths.iter().take(digits - 1);
        let short = shorter().map(|length| length.count).sum();
        let first = earliest(shorter().filter_map(|length| length.first.clone()));
        Lost { digits, short, all, first, evidence: Evidence::Kept }
    }

    fn lost_by_length(self) -> Option<Lost> {
        let all: u64 = self.lengths.iter().map(|length| length.count).sum();
        let (longest, whole) =
            self.lengths.iter().enumerate().rfind(|(_, length)| length.count > 0)?;
        let next = longest.checked_sub(1).and_then(|next| self.lengths.get(next))?;
        let digits = longest + 1;
        let short = all - whole.count;
        let is_of_one_length = all >= ENOUGH
            && digits >= ID_DIGITS
            && whole.count * 10 >= (all + self.others) * 9
            && whole.first_digits.count_ones() >= FIRST_DIGITS;
        let is_shown = short >= IDS
            && next.count * 5 >= short * 4
            && next.first_digits.count_ones() >= FIRST_DIGITS_OF_SHORT;
        let keeps_zeros = self.lengths.iter().any(Length::has_zeros);
        if !is_of_one_length || !is_shown || keeps_zeros {
            return None;
        }
        let shorter = self.lengths.into_iter().take(longest);
        let first = earliest(shorter.filter_map(|length| length.first));
        Some(Lost { digits, short, all, first, evidence: Evidence::Lengths })
    }
}

impl Length {
    fn has_zeros(&self) -> bool {
        self.first_digits & 1 != 0
    }
}

fn earliest(places: impl Iterator<Item = Box<Place>>) -> Option<Box<Place>> {
    places.min_by_key(|place| place.0.byte_offset)
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, in_column, in_students, shown, students};

    /// `count` numbers from `first` on, `step` apart.
    fn numbers(first: u64, step: u64, count: u64) -> Vec<String> {
        (0..count).map(|n| (first + n * step).to_string()).collect()
    }

    fn reported(column: &str, values: &[String]) -> Vec<String> {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let other = format!(" {column}");
        let found = in_column(column, &values);
        let is_it = |one: &String| {
            ["value/lost-leading-zeros@", "value/lost-leading-zeros!@"]
                .iter()
                .any(|it| one.starts_with(it))
        };
        assert!(found.iter().all(is_it), "{found:?}");
        found.iter().map(|one| one.rsplit('@').next().unwrap().replace(&other, "")).collect()
    }

    #[test]
    fn recognizes_zip_codes_without_their_zeros() {
        let all = |parts: &[Vec<String>]| parts.concat();
        let (ohio, boston) = (numbers(45_301, 7, 200), numbers(2_108, 3, 200));
        let plus_four =
            |zips: &[String]| zips.iter().map(|zip| format!("{zip}-0123")).collect::<Vec<_>>();
        let kept =
            |zips: &[String]| zips.iter().map(|zip| format!("{zip:0>5}")).collect::<Vec<_>>();
        let foreign =
            ["K1A 0B1", "SW1A 1AA", "1010", "8001", "2000", "D02 AF30"].map(str::to_owned);
        for (what, zips, expected) in [
            ("five digits", ohio.clone(), &[][..]),
            ("five and four", plus_four(&ohio), &[]),
            ("zeros that were kept", kept(&boston), &[]),
            ("both kept", all(&[ohio.clone(), kept(&boston)]), &[]),
            ("foreign ones", all(&[ohio.clone(), foreign.to_vec()]), &[]),
            (
                "four foreign ones in few",
                all(&[numbers(45_301, 7, 30), numbers(1_010, 100, 4)]),
                &[],
            ),
            ("few in many", all(&[numbers(45_301, 7, 500), numbers(1_010, 100, 9)]), &[]),
            ("too few values", numbers(2_108, 3, 19), &[]),
            ("a zero that was kept", all(&[boston.clone(), kept(&boston[..1])]), &["2"]),
            ("one that was lost", all(&[kept(&boston), boston[..1].to_vec()]), &["202"]),
            ("nothing but lost ones", boston.clone(), &["2"]),
            ("some lost ones", all(&[ohio.clone(), boston.clone()]), &["202"]),
            ("Puerto Rico", numbers(601, 2, 40), &["2"]),
            (
                "five and four with lost ones",
                all(&[plus_four(&ohio), boston[..20].to_vec()]),
                &["202"],
            ),
        ] {
            assert_eq!(reported("Zip", &zips), expected, "{what}");
        }
    }

    #[test]
    fn recognizes_ids_without_their_zeros() {
        // Ten-digit codes from their whole range: one in ten begins with a zero.
        let scattered = |count| numbers(100_000_007, 9_876_543_210 / count, count);
        let kept = |ids: &[String]| ids.iter().map(|id| format!("{id:0>10}")).collect::<Vec<_>>();
        let all = |parts: &[Vec<String>]| parts.concat();
        for (what, ids, expected) in [
            ("lost zeros", scattered(100), &["2"][..]),
            ("zeros that were kept", kept(&scattered(100)), &[]),
            ("a zero that was kept", all(&[scattered(100), vec!["0123456789".to_owned()]]), &["2"]),
            ("one that was lost", all(&[kept(&scattered(9)), vec!["7".to_owned()]]), &["11"]),
            (
                "zeros of two lengths",
                ["0012", "0013", "0014", "015", "16"].map(str::to_owned).to_vec(),
                &[],
            ),
            (
                "numbers and one with a zero",
                all(&[numbers(1, 1, 300), vec!["0999".to_owned()]]),
                &[],
            ),
            (
                "padded ones that grew",
                all(&[kept(&numbers(99, 1, 9)), numbers(12_345_678_901, 1, 9)]),
                &[],
            ),
            ("too few", scattered(19), &[]),
            ("one length", numbers(1_000_000_007, 90_000_000, 90), &[]),
            ("numbers that grew", numbers(9_950, 1, 2_000), &[]),
            ("numbers that grew for long", numbers(3_000, 37, 2_000), &[]),
            ("all numbers up to 999", numbers(1, 1, 999), &[]),
            ("a state's numbers", numbers(800_000, 4_321, 2_000), &[]),
            ("a state's numbers, eight digits", numbers(9_000_000, 7_919, 2_000), &[]),
            (
                "a prefix by school",
                all(&[numbers(900_000_001, 1, 50), numbers(1_000_000_001, 1, 900)]),
                &[],
            ),
            (
                "local ids next to the state's",
                all(&[numbers(1_000_000_007, 90_000_000, 90), numbers(20_001, 1, 9)]),
                &[],
            ),
            ("letters", numbers(1, 1, 50).iter().map(|id| format!("A{id}")).collect(), &[]),
        ] {
            assert_eq!(reported("Student Id", &ids), expected, "{what}");
            assert_eq!(reported("Student Reporting Id", &ids), expected, "{what}");
            if what != "letters" {
                assert_eq!(reported("SIS Internal ID", &ids), expected, "{what}");
            }
        }
    }

    #[test]
    fn knows_zip_codes_by_their_states() {
        for (zip, state, other, expected) in [
            ("1901", "MA", "45402", true),
            ("1901", "Massachusetts", "45402", true),
            ("1901", "OH", "45402", false),
            ("1901", "OH", "01902", true),
            // Vienna.
            ("1010", "", "01902", false),
            ("1010", "Wien", "01902", false),
            ("1010", "ON", "01902", false),
        ] {
            let rows = [[("Zip", other), ("State", "MA")], [("Zip", zip), ("State", state)]];
            let found = in_students(&rows.each_ref().map(|row| &row[..]));
            assert_eq!(!found.is_empty(), expected, "{zip} {state} {other}");
        }
        // No record has a state.
        let rows = [[("Zip", "01902"), ("State", "")], [("Zip", "1901"), ("State", "")]];
        assert_eq!(in_students(&rows.each_ref().map(|row| &row[..])).len(), 1);
    }

    #[test]
    fn names_other_columns_that_are_suspect() {
        let rows: Vec<_> = ["1901", "01902"]
            .iter()
            .map(|zip| [("Zip", *zip), ("SIS Internal ID", "77")])
            .collect();
        let csv = students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
        let found = findings(&[("students.csv", &csv)]);
        assert!(shown(&found[0].help).ends_with("Also check `Student Id` and `SIS Internal ID`."));
        assert_eq!((found.len(), found[0].count), (1, 1));
    }
}
