//! Clean deliveries that something went wrong with: in so many values, in so many records, or in a
//! file as a whole. The same ones each time.

use crate::clean::district::numbers::Rng;
use crate::clean::district::{Day, Delivery, Table, deliveries};

mod kinds;

pub(crate) use kinds::kinds;

/// Something that goes wrong with a delivery.
#[derive(Clone)]
pub(crate) struct Damage {
    pub(crate) name: String,
    file: &'static str,
    how: How,
    pub(crate) weight: Weight,
}

/// How surely the damage is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// One value shows the defect by itself, and it is an error.
    Fatal,
    /// One value shows the defect by itself, if it is one.
    Plain,
    /// It shows beside others that are right.
    ByContrast,
}

/// What is damaged, and what becomes of it.
#[derive(Clone, Copy)]
enum How {
    /// The value of a column in some records.
    Cells(&'static str, fn(&str) -> String),
    /// Some records.
    Records(fn(&mut Vec<String>)),
    /// Some records are left out.
    Gone,
    /// Some lines as they are written.
    Lines(fn(&str) -> String),
    /// The header, once.
    Header(fn(&mut Vec<String>)),
    /// The file as it is written, once.
    File(fn(Vec<u8>) -> Vec<u8>),
    /// Which files there are, once.
    Files(fn(&mut Vec<(String, Vec<u8>)>)),
}

/// A delivery to damage.
pub(crate) struct Whole {
    pub(crate) delivery: Delivery,
    tables: Vec<(&'static str, Table)>,
}

impl Whole {
    /// One of the clean deliveries.
    pub(crate) fn of(name: &str) -> Self {
        let delivery = deliveries().into_iter().find(|it| it.name == name).unwrap();
        let tables = delivery.tables(Day::Today);
        Self { delivery, tables }
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|(other, _)| *other == name).map(|(_, table)| table)
    }

    /// How many values or records the damage can hit: 1, 2, 4 and so on up to all of them; `[1]` for
    /// what happens once, and none if there is no such file.
    pub(crate) fn shares(&self, damage: &Damage) -> Vec<usize> {
        let Some(table) = self.table(damage.file) else { return Vec::new() };
        let most = match damage.how {
            How::Header(_) | How::File(_) | How::Files(_) => 1,
            How::Cells(..) | How::Records(_) | How::Gone | How::Lines(_) => table.rows.len(),
        };
        let doubled = std::iter::successors(Some(1), |share| Some(share * 2));
        doubled.take_while(|share| *share < most).chain([most]).collect()
    }

    /// The files of the delivery after several kinds of damage, each with its share.
    pub(crate) fn damaged(&self, damages: &[(&Damage, usize)]) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for (name, table) in &self.tables {
            let on_file = || damages.iter().filter(|(damage, _)| damage.file == *name);
            let mut table = table.clone();
            for (damage, share) in on_file() {
                damage.hit_table(&mut table, *share);
            }
            let mut bytes = self.delivery.write(&table);
            // What happens to a file as a whole happens last, to whatever the lines are then.
            for is_last in [false, true] {
                for (damage, share) in on_file() {
                    if matches!(damage.how, How::File(_)) == is_last {
                        bytes = damage.hit_bytes(bytes, *share);
                    }
                }
            }
            files.push(((*name).to_owned(), bytes));
        }
        files.push(("COMPLETE".to_owned(), Vec::new()));
        for (damage, _) in damages {
            if let How::Files(change) = damage.how {
                change(&mut files);
            }
        }
        files
    }
}

impl Damage {
    fn hit_table(&self, table: &mut Table, share: usize) {
        match self.how {
            How::Cells(column, change) => {
                let Some(at) = table.header.iter().position(|name| name == column) else { return };
                for row in hit(table.rows.len(), share) {
                    if let Some(cell) = table.rows[row].get_mut(at) {
                        *cell = change(cell);
                    }
                }
            }
            How::Records(change) => {
                for row in hit(table.rows.len(), share) {
                    change(&mut table.rows[row]);
                }
            }
            How::Gone => {
                let mut gone = hit(table.rows.len(), share);
                gone.sort_unstable();
                for row in gone.into_iter().rev() {
                    table.rows.remove(row);
                }
            }
            How::Header(change) => change(&mut table.header),
            How::Lines(_) | How::File(_) | How::Files(_) => {}
        }
    }

    fn hit_bytes(&self, bytes: Vec<u8>, share: usize) -> Vec<u8> {
        match self.how {
            How::File(change) => change(bytes),
            How::Lines(change) => {
                // No value has a line break in it.
                let text = String::from_utf8(bytes).unwrap();
                let mut lines: Vec<_> = text.split_inclusive('\n').map(str::to_owned).collect();
                for line in hit(lines.len() - 1, share) {
                    let (inside, end) = ended(&lines[line + 1]);
                    lines[line + 1] = change(inside) + end;
                }
                lines.concat().into_bytes()
            }
            How::Cells(..) | How::Records(_) | How::Gone | How::Header(_) | How::Files(_) => bytes,
        }
    }
}

/// A line and its end.
fn ended(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches(['\r', '\n']).len())
}

/// Which records are hit: they lie anywhere, and of a larger share all of a smaller one are part.
fn hit(of: usize, share: usize) -> Vec<usize> {
    let mut rows: Vec<_> = (0..of).collect();
    rows.sort_by_key(|row| Rng(*row as u64).below(u64::MAX));
    rows.truncate(share);
    rows
}
