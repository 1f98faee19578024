//! Codes that have lost their leading zeros, which only the whole column shows.

use super::glance::{CodeTally, LengthTally};
use super::{Value, name};
use crate::finding::{Sink, report};
use crate::model::{Code, ColumnSpec};
use crate::rule::rules;
use crate::sheet::Place;
use crate::words::thousands;

rules! {
    /// The codes of a column have lost their leading zeros.
    ///
    /// ## Why it matters
    ///
    /// A spreadsheet, or a script, that takes codes for numbers drops their leading zeros: `01970`
    /// becomes `1970`, and is no ZIP code any more; an id without its zeros is another id, or none.
    ///
    /// A short code is no proof of it: ids that are numbered one after the other grow longer, and
    /// postal codes of some countries have four digits. So it is told only of columns that show it,
    /// and a column of ids that do not may have lost zeros all the same:
    ///
    /// - ZIP codes, if of at least 20 values with up to five digits five or more, and 2 % or more, have
    ///   three or four, while none of five digits begins with a zero. Were zeros kept, a district with
    ///   so many addresses in New England, New Jersey or Puerto Rico would have one. In a district of
    ///   250, five addresses in countries with four digits would be needed for a false alarm, and twenty
    ///   in one of 1,000.
    /// - Ids, if at least 20 values are digits, nine in ten of them of one length of eight or more and
    ///   with at least six different first digits; if the others, three or more, are shorter, four in
    ///   five of them by one digit only and with two or more different first digits; and if none
    ///   begins with a zero. Numbers that are given out one after the other do not come to tens of
    ///   millions in any state, and begin with few different digits. Of codes of one length with
    ///   nothing in front of them one in ten begins with a zero.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1970                                 wrong: in a column with 2139, 1938 and 60614
    /// 01970                                right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Keep the column as text on the whole way: in Excel import it by Data > From Text/CSV as Text; in
    /// pandas read it with `dtype=str`. If the system itself keeps a number, pad it in the export:
    /// `RIGHT('00000' + zip, 5)` in SQL Server, `LPAD(zip, 5, '0')` elsewhere.
    LOST_LEADING_ZEROS = "value/lost-leading-zeros", Warning, Suspicious;
}

/// How many values make a column that shows something.
const ENOUGH: u64 = 20;

/// How many short ZIP codes show something, and what part of all they must be: one in so many.
const ZIPS: u64 = 5;
const ZIPS_IN: u64 = 50;

/// How many short ids show something, and how many digits the whole ones must have.
const IDS: u64 = 3;
const ID_DIGITS: usize = 8;

/// How many different first digits whole and short ids must have.
const FIRST_DIGITS: u32 = 6;
const FIRST_DIGITS_OF_SHORT: u32 = 2;

/// How many digits the longest code has that is counted by its length.
const MOST_DIGITS: usize = 20;

/// What was seen of the values of a column that are digits only.
pub(super) struct DigitColumn {
    code: Code,
    /// By the number of digits, less one.
    lengths: [Length; MOST_DIGITS],
    others: u64,
}

/// What was seen of the values of one length.
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
}

impl DigitColumn {
    /// Whether the values of a column are counted: it is one of codes, and they do not refer to those
    /// of another file, which they are compared with anyway.
    pub(super) fn counts(spec: &ColumnSpec) -> bool {
        spec.code.is_some() && spec.references.is_none()
    }

    /// Nothing, if the values of the column are not counted.
    pub(super) fn new(spec: &ColumnSpec) -> Option<Self> {
        let code = spec.code.filter(|_| Self::counts(spec))?;
        Some(Self { code, lengths: Default::default(), others: 0 })
    }

    /// Counts a value.
    pub(super) fn record(&mut self, value: &Value<'_>) {
        let digits = match (self.code, value.text) {
            (Code::Zip, [five @ .., b'-', _, _, _, _]) if five.len() == 5 => five,
            (_, text) => text,
        };
        let length = match digits.len().checked_sub(1).and_then(|at| self.lengths.get_mut(at)) {
            Some(length) if digits.iter().all(u8::is_ascii_digit) => length,
            _ => {
                self.others += 1;
                return;
            }
        };
        length.count += 1;
        length.first_digits |= digits.first().map_or(0, |digit| 1 << (digit - b'0'));
        if length.first.is_none() {
            length.first = Some(Box::new(value.place()));
        }
    }

    /// Counts values at once, unless one of them is the first of its length: answers whether it did.
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

    /// Reports what can be told now that all values are known.
    pub(super) fn finish(self, spec: &ColumnSpec, sink: &mut dyn Sink) {
        let lost = match self.code {
            Code::Zip => self.lost_of_zips(),
            Code::Id => self.lost_of_ids(),
        };
        let Some(Lost { digits, short, all, first: Some(place) }) = lost else { return };
        let (location, excerpt) = *place;
        report(sink, &LOST_LEADING_ZEROS, false, |finding| {
            finding
                .at(location)
                .excerpt(excerpt)
                .message(name(spec).text(format!(
                    " has lost leading zeros: {} of {} values have fewer than {digits} digits, and \
                     none begins with 0",
                    thousands(short),
                    thousands(all)
                )))
                .label(format!("fewer than {digits} digits"))
                .help(
                    "Something on the way took them for numbers, most often a spreadsheet. Keep \
                     the column as text, or pad it in the export's query.",
                )
        });
    }

    fn lost_of_zips(self) -> Option<Lost> {
        let [_, _, three, four, five, ..] = self.lengths;
        let short = three.count + four.count;
        let all = short + five.count;
        let is_shown = all >= ENOUGH && short >= ZIPS && short * ZIPS_IN >= all;
        let keeps_zeros = [&three, &four, &five].iter().any(|length| length.has_zeros());
        let first = earliest([three, four].into_iter().filter_map(|length| length.first));
        (is_shown && !keeps_zeros).then_some(Lost { digits: 5, short, all, first })
    }

    fn lost_of_ids(self) -> Option<Lost> {
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
        Some(Lost {
            digits,
            short,
            all,
            first: earliest(shorter.filter_map(|length| length.first)),
        })
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
    use crate::testing::in_column;

    /// `count` numbers from `first` on, `step` apart.
    fn numbers(first: u64, step: u64, count: u64) -> Vec<String> {
        (0..count).map(|n| (first + n * step).to_string()).collect()
    }

    fn told(column: &str, values: &[String]) -> Vec<String> {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let other = format!(" {column}");
        let found = in_column(column, &values);
        assert!(found.iter().all(|one| one.starts_with("value/lost-leading-zeros@")), "{found:?}");
        found.iter().map(|one| one.rsplit('@').next().unwrap().replace(&other, "")).collect()
    }

    #[test]
    fn tells_zip_codes_without_their_zeros() {
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
            ("a zero that was kept", all(&[boston.clone(), kept(&boston[..1])]), &[]),
            ("nothing but lost ones", boston.clone(), &["2"]),
            ("some lost ones", all(&[ohio.clone(), boston.clone()]), &["202"]),
            ("Puerto Rico", numbers(601, 2, 40), &["2"]),
            (
                "five and four beside lost ones",
                all(&[plus_four(&ohio), boston[..20].to_vec()]),
                &["202"],
            ),
        ] {
            assert_eq!(told("Zip", &zips), expected, "{what}");
        }
    }

    #[test]
    fn tells_ids_without_their_zeros() {
        // Ten-digit codes all over their range: one in ten begins with a zero.
        let scattered = |count| numbers(100_000_007, 9_876_543_210 / count, count);
        let kept = |ids: &[String]| ids.iter().map(|id| format!("{id:0>10}")).collect::<Vec<_>>();
        let all = |parts: &[Vec<String>]| parts.concat();
        for (what, ids, expected) in [
            ("lost zeros", scattered(100), &["2"][..]),
            ("zeros that were kept", kept(&scattered(100)), &[]),
            ("a zero that was kept", all(&[scattered(100), vec!["0123456789".to_owned()]]), &[]),
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
                "local ids beside the state's",
                all(&[numbers(1_000_000_007, 90_000_000, 90), numbers(20_001, 1, 9)]),
                &[],
            ),
            ("letters", numbers(1, 1, 50).iter().map(|id| format!("A{id}")).collect(), &[]),
        ] {
            assert_eq!(told("Student Id", &ids), expected, "{what}");
            assert_eq!(told("Student Reporting Id", &ids), expected, "{what}");
            if what != "letters" {
                assert_eq!(told("SIS Internal ID", &ids), expected, "{what}");
            }
        }
    }
}
