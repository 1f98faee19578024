//! Columns that hold what belongs to another column.

use super::region::region;
use crate::check::binding::{BoundHeader, Place};
use crate::csv::Record;
use crate::finding::{Message, Sink, report, rules};
use crate::schema::{AddressPart, Code, ColumnSpec, Content};
use crate::text::whitespace::trim;
use crate::text::wording::thousands;

rules! {
    /// A column mostly holds what belongs to another column.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loads the values as they are: a phone number becomes the ZIP code, a number becomes
    /// the building. Usually, the query and the header have their columns in a different order, so
    /// other columns are wrong, too, and no rule can see it in a name.
    ///
    /// The rule needs 20 filled values. It reports a `State` of which fewer than a fifth are states,
    /// a `Zip` with mostly phone numbers, a `City` with mostly street addresses, a name with mostly
    /// digits, and a `Building` with numbers whose code has names. It looks at the first 128 records
    /// and at every 256th record after them, and reports the file once.
    ///
    /// ## Example
    ///
    /// ```text
    /// City,State                           wrong: the two are exchanged
    /// OH,Dayton
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Compare the order of the columns in the query with the header, one by one. Best, let the tool
    /// that runs the query write the header as well.
    WRONG_COLUMN = "value/wrong-column", Warning, Suspicious;
}

/// How many values must be filled.
const ENOUGH: u64 = 20;

/// Every record up to this one is examined, and after it one of [`STEP`].
const ALL_UP_TO: u64 = 128;
const STEP: u64 = 256;

/// What a value looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    State,
    Zip,
    Phone,
    Street,
    Digits,
    /// Letters and digits.
    Mixed,
    /// Anything without digits.
    Words,
}

const LOOKS: usize = Look::Words as usize + 1;

impl Look {
    /// What a value of a column looks like. Only abbreviations of states count in others.
    fn of(text: &[u8], role: Role) -> Self {
        let may_be_state = role == Role::State || text.len() == 2 && role != Role::Name;
        let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_plain = || {
            text.iter().all(|byte| {
                matches!(byte, b'0'..=b'9' | b' ' | b'(' | b')' | b'-' | b'.' | b'+' | b'/')
            })
        };
        // `29 Palms` is a city.
        let is_street = || {
            let mut words = text.split(|byte| *byte == b' ');
            words.next().is_some_and(|it| it.first().is_some_and(u8::is_ascii_digit))
                && words.filter(|word| !word.is_empty()).count() > 1
        };
        match digits {
            0 if may_be_state && region(text).is_some() => Self::State,
            0 => Self::Words,
            7 | 10 | 11 if is_plain() && (digits > 7 || digits < text.len()) => Self::Phone,
            5 | 9 if digits == text.len() || text.get(5) == Some(&b'-') && text.len() == 10 => {
                Self::Zip
            }
            _ if digits == text.len() => Self::Digits,
            _ if is_street() => Self::Street,
            _ => Self::Mixed,
        }
    }
}

/// What a column should hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    State,
    Zip,
    City,
    Street,
    Name,
    Building,
    /// The code of a building.
    Code,
}

impl Role {
    fn of(spec: &ColumnSpec, header: &BoundHeader<'_>) -> Option<Self> {
        let is_named = |code: &ColumnSpec| code.code_of.as_deref() == Some(&*spec.name);
        match (spec.address_part, spec.code, spec.content) {
            (Some(AddressPart::State), ..) => Some(Self::State),
            (Some(AddressPart::City), ..) => Some(Self::City),
            (None, Some(Code::Zip), _) => Some(Self::Zip),
            (None, None, Content::Address) => Some(Self::Street),
            (None, None, Content::Name) => Some(Self::Name),
            _ if spec.code_of.is_some() => Some(Self::Code),
            _ if header.known().any(|(_, code)| is_named(code)) => Some(Self::Building),
            _ => None,
        }
    }
}

/// What the columns of a file hold.
pub(super) struct Contents<'s>(Vec<Column<'s>>);

struct Column<'s> {
    index: usize,
    spec: &'s ColumnSpec,
    role: Role,
    filled: u64,
    looks: [u64; LOOKS],
    /// The first value that is not what the column should hold.
    first: Option<Box<Place>>,
}

impl<'s> Contents<'s> {
    pub(super) fn new(header: &BoundHeader<'s>) -> Self {
        let column = |(index, spec): (usize, &'s ColumnSpec)| {
            let role = Role::of(spec, header)?;
            Some(Column { index, spec, role, filled: 0, looks: [0; LOOKS], first: None })
        };
        Self(header.known().filter_map(column).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes in a record of the sample. It needs fewer than the rules that look for a rare value.
    pub(super) fn sample(&mut self, header: &BoundHeader<'_>, record: &Record<'_>) {
        if record.number.is_some_and(|number| number > ALL_UP_TO && !number.is_multiple_of(STEP)) {
            return;
        }
        for column in &mut self.0 {
            let Some(field) = record.field(column.index) else { continue };
            let value = field.value();
            let text = trim(&value);
            if text.is_empty() {
                continue;
            }
            column.filled += 1;
            let look = Look::of(text, column.role);
            if let Some(count) = column.looks.get_mut(look as usize) {
                *count += 1;
            }
            if column.first.is_none() && column.is_misfit(look) {
                column.first = Some(Box::new(header.place(record, column.index)));
            }
        }
    }

    /// Reports the first column that holds something else, and names the others.
    pub(super) fn finish(self, sink: &mut dyn Sink) {
        let wrong: Vec<_> = self.0.iter().filter(|column| self.is_wrong(column)).collect();
        let Some((column, others)) = wrong.split_first() else { return };
        let Some(place) = &column.first else { return };
        let (location, excerpt) = (**place).clone();
        report(sink, &WRONG_COLUMN, false, |finding| {
            let mut message = column.described();
            if let Some(owner) = self.exchanged(column) {
                message = message.text(format!("; `{}` seems to have its values", owner.spec.name));
            } else if let [_, ..] = others {
                let names: Vec<_> = others.iter().map(|it| format!("`{}`", it.spec.name)).collect();
                message = message.text(format!("; see also {}", names.join(", ")));
            }
            finding
                .at(location)
                .excerpt(excerpt)
                .message(message)
                .label("belongs in another column")
                .help(
                    "Usually, the query and the header have their columns in a different order. \
                 Compare them one by one.",
                )
        });
    }

    fn is_wrong(&self, column: &Column<'_>) -> bool {
        let code = || {
            self.0.iter().find(|it| {
                it.role == Role::Code && it.spec.code_of.as_ref() == Some(&column.spec.name)
            })
        };
        column.filled >= ENOUGH
            && match column.role {
                Role::State => column.count(Look::State) * 5 < column.filled,
                Role::Zip => column.is_mostly(Look::Phone),
                Role::City => {
                    column.is_mostly(Look::Street)
                        || column.is_mostly(Look::State) && self.states_are_not()
                }
                Role::Name => !column.is_mostly(Look::Words),
                Role::Building => {
                    let numbers = column.count(Look::Digits) + column.count(Look::Zip);
                    numbers == column.filled
                        && code().is_some_and(|code| code.is_mostly(Look::Words))
                }
                Role::Street | Role::Code => false,
            }
    }

    fn states_are_not(&self) -> bool {
        self.0.iter().any(|it| {
            it.role == Role::State && it.filled >= ENOUGH && it.count(Look::State) * 5 < it.filled
        })
    }

    /// The column that has what this one should have.
    fn exchanged(&self, column: &Column<'_>) -> Option<&Column<'s>> {
        let look = match column.role {
            Role::State => Look::State,
            Role::Zip => Look::Zip,
            Role::Building => Look::Words,
            Role::City | Role::Street | Role::Name | Role::Code => return None,
        };
        let is_one = |other: &&Column<'_>| other.is_mostly(look) && !other.expects(look);
        self.0.iter().find(is_one)
    }
}

impl Column<'_> {
    fn count(&self, look: Look) -> u64 {
        self.looks.get(look as usize).copied().unwrap_or_default()
    }

    fn is_mostly(&self, look: Look) -> bool {
        self.count(look) * 2 > self.filled
    }

    /// Whether values that look like this are usual in it.
    fn expects(&self, look: Look) -> bool {
        match self.role {
            Role::State => look == Look::State,
            Role::Zip => look == Look::Zip,
            Role::City | Role::Name | Role::Building => look == Look::Words,
            Role::Street => look == Look::Street,
            Role::Code => matches!(look, Look::Digits | Look::Mixed | Look::Zip),
        }
    }

    /// Whether a value is one of those that are reported if they are too many.
    fn is_misfit(&self, look: Look) -> bool {
        match self.role {
            Role::State => look != Look::State,
            Role::Zip => look == Look::Phone,
            Role::City => matches!(look, Look::Street | Look::State),
            Role::Name => look != Look::Words,
            Role::Building => matches!(look, Look::Digits | Look::Zip),
            Role::Street | Role::Code => false,
        }
    }

    /// What it holds.
    fn described(&self) -> Message {
        let of = |count: u64| {
            let of = if self.filled <= ALL_UP_TO { "values" } else { "sampled values" };
            format!("{} of {} {of}", thousands(count), thousands(self.filled))
        };
        let name = super::name(self.spec);
        match self.role {
            Role::State => name.text(format!(" holds a state in {}", of(self.count(Look::State)))),
            Role::Zip => {
                name.text(format!(" holds a phone number in {}", of(self.count(Look::Phone))))
            }
            Role::City if self.is_mostly(Look::State) => {
                name.text(format!(" holds a state in {}", of(self.count(Look::State))))
            }
            Role::City | Role::Street => {
                name.text(format!(" holds a street address in {}", of(self.count(Look::Street))))
            }
            Role::Name => {
                name.text(format!(" has digits in {}", of(self.filled - self.count(Look::Words))))
            }
            Role::Building | Role::Code => name.text(" holds only numbers"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, shown, students, summary};

    fn found(columns: &[(&'static str, &'static str)], count: usize) -> Vec<String> {
        let csv = students(&vec![columns; count]);
        findings(&[("students.csv", &csv)])
            .iter()
            .filter(|it| it.rule.name == "value/wrong-column")
            .map(|it| summary(it) + ": " + &shown(&it.message))
            .collect()
    }

    #[test]
    fn reports_what_belongs_to_another_column() {
        for (columns, expected) in [
            (
                &[("City", "OH"), ("State", "Dayton")][..],
                "City: `City` holds a state in 20 of 20 values; see also `State`",
            ),
            (
                &[("State", "45402"), ("Zip", "OH")],
                "State: `State` holds a state in 0 of 20 values; `Zip` seems to have its values",
            ),
            (&[("State", "Dayton")], "State: `State` holds a state in 0 of 20 values"),
            (&[("Zip", "937-555-0101")], "Zip: `Zip` holds a phone number in 20 of 20 values"),
            (&[("Zip", "(937) 555-0101")], "Zip: `Zip` holds a phone number in 20 of 20 values"),
            (&[("City", "12 Oak St")], "City: `City` holds a street address in 20 of 20 values"),
            (&[("Last Name", "1001")], "Last Name: `Last Name` has digits in 20 of 20 values"),
            (
                &[("Building", "104101"), ("Building Reporting Id", "Oak Elementary")],
                "Building: `Building` holds only numbers; `Building Reporting Id` seems to have its values",
            ),
        ] {
            assert_eq!(found(columns, 20), [format!("value/wrong-column@2 {expected}")]);
            assert_eq!(found(columns, 19), [""; 0]);
        }
    }

    #[test]
    fn unusual_values_are_right() {
        for columns in [
            &[("State", "Ohio"), ("City", "29 Palms")][..],
            &[("State", "ON"), ("Zip", "K1A 0B1")],
            &[("State", ""), ("Zip", "")],
            &[("State", "AE"), ("City", "APO"), ("Zip", "09012")],
            &[("Building", "104101")],
            &[("Building", "PS 12"), ("Building Reporting Id", "PS12")],
            &[("Last Name", "Wu"), ("First Name", "Al")],
            &[("Address", "PO Box 12")],
        ] {
            assert_eq!(found(columns, 30), [""; 0], "{columns:?}");
        }
    }
}
