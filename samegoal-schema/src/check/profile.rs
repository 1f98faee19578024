//! What is kept of a delivery to compare the next one with it.
//!
//! A record is only counted. For a student, the profile keeps a hash of the id under a secret that
//! ends with the process, and a few bits per column that show whether the next delivery has another
//! value there: 24 bytes at most.

use std::sync::Arc;

use foldhash::quality::RandomState;
use indexmap::IndexMap;

use crate::check::binding::BoundHeader;
use crate::check::key::{Unguarded, filled};
use crate::csv::Record;
use crate::csv::bits::BitSet;
use crate::finding::{Cell, Location};
use crate::schema::Text;

mod compare;
mod print;
mod roll;

pub use super::binding::ProfiledColumn;
pub use crate::schema::Role;
pub use compare::{Changes, ColumnChange};
use compare::{Comparer, Enroller};
use roll::Roll;

/// The profiles of the files of one delivery.
///
/// ```
/// use samegoal_schema::{Session, generic_api};
///
/// let api = generic_api();
/// let mut session = Session::new(&api).profiling();
/// let students = "Student Id,Last Name\n1001,Okafor\n1002,Nguyen\n";
/// session.check("students.csv", students.as_bytes(), &mut Vec::new())?;
/// let before = session.into_profiles();
/// assert_eq!(before.file("students.csv").unwrap().records, 2);
///
/// let mut session = Session::new(&api).following(&before);
/// let students = "Student Id,Last Name\n1001,Okafor\n1003,Garcia\n1004,Smith\n";
/// session.check("students.csv", students.as_bytes(), &mut Vec::new())?;
/// let now = session.into_profiles();
/// let changes = now.file("students.csv").unwrap().changes.as_ref().unwrap();
/// assert_eq!((changes.before, changes.gone(), changes.new), (2, 1, 2));
/// # Ok::<(), samegoal_schema::Error>(())
/// ```
#[derive(Default)]
pub struct Profiles {
    secret: RandomState,
    files: IndexMap<Text, Profile>,
    /// The students of the earlier delivery.
    roll: Option<Arc<Roll>>,
    /// Whether that is a different delivery than this one.
    is_later: bool,
}

impl Profiles {
    /// No files yet; comparable with these profiles of an earlier delivery.
    pub(crate) fn beside(earlier: &Self) -> Self {
        Self { roll: earlier.roll.clone(), is_later: true, ..Self::default() }
    }

    /// The profile of a file; `None` if it was not read to the end, or could not be split into
    /// records.
    pub fn file(&self, name: &str) -> Option<&Profile> {
        self.files.get(name)
    }

    pub(crate) fn insert(&mut self, name: Text, profiler: Profiler) {
        let (profile, roll) = profiler.finish();
        if let Some(roll) = roll {
            self.roll = Some(Arc::new(roll));
        }
        self.files.insert(name, profile);
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.files.shift_remove(name);
    }

    /// For a file that names students: how many students of the earlier delivery it named then and
    /// could name now, and how many of these it no longer names. It could not name those who are
    /// missing from `students`, if that file was read. `None` if this is not known.
    pub fn no_longer_named(
        &self,
        earlier: &Self,
        file: &str,
        students: &str,
    ) -> Option<(u64, u64)> {
        let before = earlier.file(file)?.named.as_ref()?;
        let now = self.file(file)?.named.as_ref()?;
        let there = self.file(students).and_then(|profile| profile.named.as_ref());
        let before = there.map_or_else(|| before.clone(), |there| before.and(there));
        let of = before.len();
        Some((of, of - before.and(now).len()))
    }

    /// What profiles a file with this header.
    pub(crate) fn profiler(
        &self,
        header: Location,
        columns: Vec<ProfiledColumn>,
        bound: &BoundHeader<'_>,
    ) -> Profiler {
        let key = bound.known().find(|(_, spec)| spec.key).map(|(position, _)| position);
        let names = |spec: &crate::schema::ColumnSpec| {
            spec.references.as_ref().is_some_and(|reference| reference.expects_each)
        };
        let reference = bound.known().find(|(_, spec)| names(spec)).map(|(position, _)| position);
        let task = match (key, reference, &self.roll) {
            (Some(id), _, Some(roll)) if self.is_later => {
                Task::Compare(Box::new(Comparer::new(id, bound, &columns, Arc::clone(roll))))
            }
            (Some(id), ..) if !self.is_later => {
                Task::Enroll(Box::new(Enroller::new(id, bound, &columns, self.secret.clone())))
            }
            (None, Some(position), Some(roll)) => {
                Task::Mark { position, named: BitSet::none_of(roll.len()), roll: Arc::clone(roll) }
            }
            _ => Task::Count,
        };
        Profiler { task, profile: Profile { header, columns, ..Profile::default() } }
    }
}

/// What a file contains.
#[derive(Default)]
pub struct Profile {
    /// Where its header is.
    pub header: Location,
    /// Its columns, in order.
    pub columns: Vec<ProfiledColumn>,
    /// How many records there are.
    pub records: u64,
    /// How many of them could not be split into fields.
    pub broken: u64,
    /// Whether the file ends in the middle of a record, so that more are missing.
    pub is_cut_off: bool,
    /// The students of the earlier delivery who are named here, if this is the file of students or
    /// should name each of them.
    named: Option<BitSet>,
    /// What has changed, in a file of students with an earlier one.
    pub changes: Option<Changes>,
    /// The students without a guardian, in a file that should have one for each. A session that
    /// follows another one does not report them here, because the same students may have had none
    /// before.
    pub unguarded: Option<Unguarded>,
}

impl Profile {
    /// Whether there is a column with that known name.
    pub fn has_column(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    /// The column with that known name.
    pub fn column(&self, name: &str) -> Option<&ProfiledColumn> {
        self.columns.iter().find(|column| column.name.as_deref() == Some(name))
    }

    /// Whether there is a column with exactly this header.
    pub fn has_header(&self, header: &Cell) -> bool {
        self.columns.iter().any(|column| column.header.expose() == header.expose())
    }

    /// How many students of the earlier delivery are named here; `None` if this is not known.
    pub fn named(&self) -> Option<u64> {
        self.named.as_ref().map(BitSet::len)
    }
}

/// Profiles one file while its records are read.
pub(crate) struct Profiler {
    task: Task,
    profile: Profile,
}

/// What to do with the records besides counting them.
enum Task {
    Count,
    /// Remember students.
    Enroll(Box<Enroller>),
    /// Compare students with those remembered.
    Compare(Box<Comparer>),
    /// Remember which students are named.
    Mark {
        position: usize,
        named: BitSet,
        roll: Arc<Roll>,
    },
}

impl Profiler {
    /// Takes in a record that has the header's width.
    pub(crate) fn record(&mut self, record: &Record<'_>) {
        self.profile.records += 1;
        match &mut self.task {
            Task::Count => {}
            Task::Enroll(enroller) => enroller.record(record),
            Task::Compare(comparer) => comparer.record(record),
            Task::Mark { position, named, roll } => {
                let id = filled(record, *position);
                if let Some(student) = id.and_then(|(_, id)| roll.find(&id)) {
                    named.insert(student);
                }
            }
        }
    }

    /// Takes in a record that could not be split into fields.
    pub(crate) fn broken(&mut self) {
        self.profile.records += 1;
        self.profile.broken += 1;
    }

    /// Takes in that the file ends in the middle of a record.
    pub(crate) fn cut_off(&mut self) {
        self.profile.is_cut_off = true;
    }

    pub(crate) fn unguarded(&mut self, unguarded: Option<Unguarded>) {
        self.profile.unguarded = unguarded;
    }

    fn finish(self) -> (Profile, Option<Roll>) {
        let Self { task, mut profile } = self;
        let mut roll = None;
        match task {
            Task::Count => {}
            Task::Enroll(enroller) => roll = Some(enroller.finish()),
            Task::Compare(comparer) => {
                let (named, changes) = comparer.finish(profile.broken);
                profile.named = Some(named);
                profile.changes = Some(changes);
            }
            Task::Mark { named, .. } => profile.named = Some(named),
        }
        (profile, roll)
    }
}
