//! Compares students with those of an earlier delivery while their records are read.

use std::sync::Arc;

use foldhash::quality::RandomState;

use super::ProfiledColumn;
use super::print::{Print, Prints};
use super::roll::Roll;
use crate::check::binding::BoundHeader;
use crate::check::key::filled;
use crate::csv::Record;
use crate::csv::bits::BitSet;
use crate::schema::api::{COMPARED, GRADE};
use crate::schema::comparison::{Compared, Likeness, Role};

/// What has changed among the students since the earlier delivery.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// How many students there were.
    pub before: u64,
    /// How many of them are still there.
    pub kept: u64,
    /// How many new students there are.
    pub new: u64,
    /// How many new students have the id of an earlier student except for leading zeros.
    pub renumbered: u64,
    /// How many records could not be read.
    pub broken: u64,
    /// How many students have the same id as before but are someone else by both names and the date
    /// of birth.
    pub others: u64,
    /// Whether the missing students look like a graduated class, as at the end of a school year.
    pub is_class_gone: bool,
    /// What has changed in each column that both deliveries have, for students in both.
    pub columns: Vec<ColumnChange>,
}

impl Changes {
    /// How many students are gone. A record that cannot be read may belong to one of them.
    pub fn gone(&self) -> u64 {
        (self.before - self.kept).saturating_sub(self.broken)
    }

    /// How many students there are now.
    pub fn total(&self) -> u64 {
        self.kept + self.new
    }
}

/// What has changed in one column.
#[derive(Clone, Debug)]
pub struct ColumnChange {
    /// Its known name.
    pub name: &'static str,
    /// What it means.
    pub role: Role,
    /// How many students had a value.
    pub filled: u64,
    /// How many of them have no value now.
    pub emptied: u64,
    /// How many have a value in both deliveries.
    pub compared: u64,
    /// How many of these have a different value now.
    pub differing: u64,
    /// How many of these moved by one day, for dates.
    pub a_day_off: u64,
    /// How many of these have the value of another column, if that is also a name.
    pub moved: u64,
}

/// Where the compared columns are, in the order of [`COMPARED`].
type Positions = [Option<usize>; COMPARED.len()];

fn positions(header: &BoundHeader<'_>) -> Positions {
    COMPARED.each_ref().map(|column| position(header, column.name))
}

fn position(header: &BoundHeader<'_>, name: &str) -> Option<usize> {
    header.known().find(|(_, spec)| spec.name == name).map(|(position, _)| position)
}

fn headers(columns: &[ProfiledColumn]) -> Vec<Box<[u8]>> {
    columns.iter().map(|column| column.header.expose().into()).collect()
}

fn print(record: &Record<'_>, column: &Compared, position: Option<usize>) -> Print {
    let field = position.and_then(|position| record.field(position));
    field.map_or(Print::Empty, |field| column.print(&field.value()))
}

/// Remembers the students of a delivery.
pub(super) struct Enroller {
    id: usize,
    positions: Positions,
    grade: Option<usize>,
    /// The grades so far; each is known by its position, from 1.
    grades: Vec<Box<[u8]>>,
    roll: Roll,
}

impl Enroller {
    pub(super) fn new(
        id: usize,
        header: &BoundHeader<'_>,
        columns: &[ProfiledColumn],
        secret: RandomState,
    ) -> Self {
        Self {
            id,
            positions: positions(header),
            grade: position(header, GRADE),
            grades: Vec::new(),
            roll: Roll::new(secret, headers(columns)),
        }
    }

    pub(super) fn record(&mut self, record: &Record<'_>) {
        let Some((_, id)) = filled(record, self.id) else { return };
        let grade = self.grade(record);
        let columns = COMPARED.iter().zip(&self.positions);
        let prints = columns.map(|(column, position)| print(record, column, *position));
        self.roll.push(&id, record.bytes(), prints, grade);
    }

    /// The number of a student's grade; 0 if there is none, or if there are too many grades.
    fn grade(&mut self, record: &Record<'_>) -> usize {
        let grade = self.grade.and_then(|position| filled(record, position));
        let Some((_, grade)) = grade else { return 0 };
        match self.grades.iter().position(|known| **known == *grade) {
            Some(known) => known + 1,
            None if self.grades.len() < Prints::MOST => {
                self.grades.push((*grade).into());
                self.grades.len()
            }
            None => 0,
        }
    }

    pub(super) fn finish(mut self) -> Roll {
        self.roll.settle();
        self.roll
    }
}

/// Compares the students of a delivery with those of an earlier one.
pub(super) struct Comparer {
    id: usize,
    positions: Positions,
    roll: Arc<Roll>,
    /// Whether both deliveries have the same columns in the same order, so that equal records mean
    /// the same.
    has_same_columns: bool,
    kept: BitSet,
    new: u64,
    renumbered: u64,
    others: u64,
    counts: [Counts; COMPARED.len()],
}

/// What is known about a column for students whose record has changed.
#[derive(Clone, Copy, Default)]
struct Counts {
    emptied: u64,
    unclear: u64,
    differing: u64,
    a_day_off: u64,
    moved: u64,
}

impl Comparer {
    pub(super) fn new(
        id: usize,
        header: &BoundHeader<'_>,
        columns: &[ProfiledColumn],
        roll: Arc<Roll>,
    ) -> Self {
        Self {
            id,
            positions: positions(header),
            has_same_columns: roll.headers() == headers(columns),
            kept: BitSet::none_of(roll.len()),
            roll,
            new: 0,
            renumbered: 0,
            others: 0,
            counts: Default::default(),
        }
    }

    pub(super) fn record(&mut self, record: &Record<'_>) {
        let Some((_, id)) = filled(record, self.id) else { return };
        let Some(student) = self.roll.find(&id) else {
            self.new += 1;
            self.renumbered += u64::from(self.roll.has_with_other_zeros(&id));
            return;
        };
        // If a student has several records, the first counts.
        let is_first = self.kept.insert(student);
        let is_same = self.has_same_columns && self.roll.is_same(student, record.bytes());
        if is_first && !is_same {
            self.changed(student, record);
        }
    }

    /// Takes in what has changed in the record of a student.
    fn changed(&mut self, student: usize, record: &Record<'_>) {
        let mut before = [0; COMPARED.len()];
        before.iter_mut().zip(self.roll.prints(student).0).for_each(|(to, from)| *to = from);
        let mut differing = 0;
        let columns = COMPARED.iter().zip(&self.positions).zip(&mut self.counts);
        for (((column, position), counts), was) in columns.zip(before) {
            if was == 0 {
                continue;
            }
            match print(record, column, *position) {
                Print::Empty => counts.emptied += 1,
                Print::Unclear => counts.unclear += 1,
                Print::Of(is) if is == was => {}
                Print::Of(is) => {
                    counts.differing += 1;
                    let is_day = column.likeness == Likeness::Day;
                    counts.a_day_off += u64::from(is_day && is.abs_diff(was) == 1);
                    let mut others = COMPARED
                        .iter()
                        .zip(before)
                        .filter(|(other, _)| other.name != column.name && is_name(other));
                    let is_moved = is_name(column) && others.any(|(_, other)| other == is);
                    counts.moved += u64::from(is_moved);
                    differing += u32::from(is_name(column) || column.role == Role::Birth);
                }
            }
        }
        self.others += u64::from(differing == 3);
    }

    /// Who is still there, and what has changed. `broken` records were not compared.
    pub(super) fn finish(self, broken: u64) -> (BitSet, Changes) {
        let mut filled = [0; COMPARED.len()];
        // How many students of each grade there were, and how many of them are gone.
        let mut grades = [(0, 0); Prints::MOST + 1];
        for student in 0..self.roll.len() {
            let is_kept = self.kept.contains(student);
            let (prints, grade) = self.roll.prints(student);
            if is_kept {
                for (filled, print) in filled.iter_mut().zip(prints) {
                    *filled += u64::from(print != 0);
                }
            }
            if let Some((of, gone)) = grades.get_mut(grade) {
                *of += 1;
                *gone += u64::from(!is_kept);
            }
        }
        let columns = COMPARED.iter().zip(&self.positions).zip(&self.counts).zip(filled);
        let columns = columns.filter(|(((_, position), _), _)| position.is_some());
        let changes = Changes {
            before: self.roll.len() as u64,
            kept: self.kept.len(),
            new: self.new,
            renumbered: self.renumbered,
            broken,
            others: self.others,
            // Most must stay, otherwise there is no school that a class could have left.
            is_class_gone: 2 * self.kept.len() >= self.roll.len() as u64
                && is_class_gone(grades.get(1..).unwrap_or_default()),
            columns: columns
                .map(|(((column, _), counts), filled)| ColumnChange {
                    name: column.name,
                    role: column.role,
                    filled,
                    emptied: counts.emptied,
                    compared: filled.saturating_sub(counts.emptied + counts.unclear),
                    differing: counts.differing,
                    a_day_off: counts.a_day_off,
                    moved: counts.moved,
                })
                .collect(),
        };
        (self.kept, changes)
    }
}

fn is_name(column: &Compared) -> bool {
    column.role == Role::Identity && column.likeness == Likeness::Text
}

/// Whether the missing students look like a graduated class: most of them are in a grade that is
/// almost empty now. If more than two grades are almost empty, it is more likely a whole school.
fn is_class_gone(grades: &[(u64, u64)]) -> bool {
    let Some(most) = grades.iter().map(|(_, gone)| *gone).max().filter(|most| *most > 0) else {
        return false;
    };
    let is_left = |(of, gone): &(u64, u64)| gone.saturating_mul(10) >= of.saturating_mul(9);
    let is_class = |grade: &&(u64, u64)| grade.1.saturating_mul(4) >= most && is_left(grade);
    let is_most_gone = grades.iter().any(|grade| grade.1 == most && is_left(grade));
    is_most_gone && grades.iter().filter(is_class).count() <= 2
}
