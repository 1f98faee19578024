//! What two deliveries can be compared by.
//!
//! Of an id nothing is kept but a hash under a secret that ends with the process, eight bytes each;
//! of a record nothing but that there is one.

use std::hash::{BuildHasher, RandomState};

use indexmap::IndexMap;

use crate::blank::{is_blank, trim};
use crate::finding::{Cell, Location};
use crate::model::Text;
use crate::scan::Record;
use crate::sheet::Sheet;

/// The profiles of the files of one delivery.
///
/// ```
/// use samegoal_schema::{Session, generic_api};
///
/// let api = generic_api();
/// let profiles = |students: &str| {
///     let mut session = Session::new(&api).profiling();
///     session.check("students.csv", students.as_bytes(), &mut Vec::new())?;
///     Ok::<_, samegoal_schema::Error>(session.into_profiles())
/// };
/// let before = profiles("Student Id,Last Name\n1001,Okafor\n1002,Nguyen\n")?;
/// let students = before.file("students.csv").unwrap();
/// assert_eq!((students.records, students.ids.as_ref().unwrap().len()), (2, 2));
///
/// let mut session = Session::new(&api).following(&before);
/// session.check("students.csv", "Student Id,Last Name\n1001,Okafor\n".as_bytes(), &mut Vec::new())?;
/// let now = session.into_profiles();
/// let ids = now.file("students.csv").unwrap().ids.as_ref().unwrap();
/// assert_eq!(students.ids.as_ref().unwrap().missing_from(ids), 1);
/// # Ok::<(), samegoal_schema::Error>(())
/// ```
#[derive(Default)]
pub struct Profiles {
    secret: RandomState,
    files: IndexMap<Text, Profile>,
}

impl Profiles {
    /// Without a file yet; comparable with these.
    pub(crate) fn beside(other: &Self) -> Self {
        Self { secret: other.secret.clone(), files: IndexMap::new() }
    }

    /// The profile of a file; `None` if it was not read, or not to the end, or could not be taken
    /// apart into records.
    pub fn file(&self, name: &str) -> Option<&Profile> {
        self.files.get(name)
    }

    pub(crate) fn insert(&mut self, name: Text, profiler: Profiler) {
        self.files.insert(name, profiler.finish());
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.files.shift_remove(name);
    }

    pub(crate) fn profiler(&self, header: Location, sheet: &Sheet<'_>) -> Profiler {
        let column = sheet
            .known()
            .find(|(_, spec)| spec.key)
            .or_else(|| sheet.known().find(|(_, spec)| spec.references.is_some()));
        Profiler {
            secret: self.secret.clone(),
            position: column.map(|(position, _)| position),
            profile: Profile {
                header,
                columns: sheet.profile(),
                records: 0,
                broken: 0,
                is_cut_off: false,
                ids: column.map(|_| Ids::default()),
            },
        }
    }
}

/// What a file holds.
pub struct Profile {
    /// Where its header is.
    pub header: Location,
    /// Its columns, in their order.
    pub columns: Vec<ProfiledColumn>,
    /// How many records there are.
    pub records: u64,
    /// How many of them could not be taken apart into fields.
    pub broken: u64,
    /// Whether the file ends in the middle of a record, so that more are missing.
    pub is_cut_off: bool,
    /// The values of the key or, in a file without one, of the column that refers to another's;
    /// `None` if there is neither.
    pub ids: Option<Ids>,
}

impl Profile {
    /// Whether there is a column of that known name.
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name.as_deref() == Some(name))
    }

    /// Whether there is a column with that very header.
    pub fn has_header(&self, header: &Cell) -> bool {
        self.columns.iter().any(|column| column.header.expose() == header.expose())
    }
}

/// A column as a file has it.
pub struct ProfiledColumn {
    /// Its name, if it is a known one, whatever its header.
    pub name: Option<Text>,
    /// Its header.
    pub header: Cell,
}

/// Different ids, of which each is only known again.
#[derive(Clone, Default)]
pub struct Ids {
    /// Sorted, each once.
    hashes: Vec<u64>,
}

impl Ids {
    /// How many there are.
    pub fn len(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// How many of them are not among the others.
    pub fn missing_from(&self, others: &Self) -> u64 {
        self.hashes.iter().filter(|hash| !others.holds(**hash)).count() as u64
    }

    /// Those that are among the others, too.
    #[must_use]
    pub fn shared_with(&self, others: &Self) -> Self {
        Self { hashes: self.hashes.iter().copied().filter(|hash| others.holds(*hash)).collect() }
    }

    fn push(&mut self, hash: u64) {
        // Guardians of one student stand together, or else far apart. With room for twice as many
        // after each time that repeats are taken out, that is done seldom enough.
        if self.hashes.last() == Some(&hash) {
            return;
        }
        if self.hashes.len() == self.hashes.capacity() {
            self.settle();
            self.hashes.reserve(self.hashes.len().max(1024));
        }
        self.hashes.push(hash);
    }

    fn settle(&mut self) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
    }

    fn holds(&self, hash: u64) -> bool {
        self.hashes.binary_search(&hash).is_ok()
    }
}

/// Makes the profile of one file while its records pass.
pub(crate) struct Profiler {
    secret: RandomState,
    position: Option<usize>,
    profile: Profile,
}

impl Profiler {
    /// Takes a record with the header's width in.
    pub(crate) fn record(&mut self, record: &Record<'_>) {
        self.profile.records += 1;
        let field = self.position.and_then(|position| record.field(position));
        if let (Some(field), Some(ids)) = (field, &mut self.profile.ids) {
            let value = field.value();
            let id = trim(&value);
            if !is_blank(id) {
                let hash = self.secret.hash_one(id);
                ids.push(hash);
            }
        }
    }

    /// Takes a record in that could not be taken apart.
    pub(crate) fn broken(&mut self) {
        self.profile.records += 1;
        self.profile.broken += 1;
    }

    /// Takes in that the file ends in the middle of a record.
    pub(crate) fn cut_off(&mut self) {
        self.profile.is_cut_off = true;
    }

    fn finish(mut self) -> Profile {
        if let Some(ids) = &mut self.profile.ids {
            ids.settle();
            ids.hashes.shrink_to_fit();
        }
        self.profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(hashes: &[u64]) -> Ids {
        Ids { hashes: hashes.to_vec() }
    }

    #[test]
    fn ids_are_compared_as_sets() {
        let (one, other) = (ids(&[1, 2, 3, 5]), ids(&[2, 3, 4]));
        assert_eq!((one.missing_from(&other), other.missing_from(&one)), (2, 1));
        assert_eq!(one.shared_with(&other).hashes, [2, 3]);
        assert_eq!(ids(&[]).missing_from(&one), 0);
        assert!(ids(&[]).is_empty());
    }

    #[test]
    fn repeats_take_no_room() {
        let mut ids = Ids::default();
        for round in 0..100_u64 {
            for id in 0..1000 {
                ids.push(id + round % 2);
            }
        }
        ids.settle();
        assert_eq!(ids.len(), 1001);
        assert!(ids.hashes.capacity() <= 4096, "{}", ids.hashes.capacity());
    }
}
