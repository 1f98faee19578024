//! The students of one delivery, as needed to compare the next one.

use std::hash::BuildHasher;
use std::iter;

use foldhash::quality::{FixedState, RandomState};

use super::print::{Print, Prints};
use crate::schema::api::COMPARED;

/// A student: 23 bytes. With the [bucket starts](Roll::starts) and a bit for each file that names
/// students, it is less than 24.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Student {
    id: Id,
    /// A hash of the whole record: from day to day, most students' records stay exactly the same.
    whole: [u8; 3],
    prints: Prints,
}

/// The hash of an id under a secret. Among a million students, two share one in one of 500 cases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id([u8; Self::BYTES]);

impl Id {
    const BYTES: usize = 6;
    const BITS: u32 = 8 * 6;

    fn number(self) -> u64 {
        self.0.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

/// The minimum average number of students in a bucket.
const BUCKET: usize = 8;

/// Students by their ids.
pub(super) struct Roll {
    /// Ordered by their ids, each once.
    students: Vec<Student>,
    /// Where the students of each bucket start. The first bits of an id select its bucket.
    starts: Vec<u32>,
    secret: RandomState,
    headers: Vec<Box<[u8]>>,
    /// The lengths of all-digit ids with leading zeros, a bit for each.
    padded: u32,
}

impl Roll {
    /// An empty roll; it finds nothing until it is [settled](Self::settle).
    pub(super) fn new(secret: RandomState, headers: Vec<Box<[u8]>>) -> Self {
        Self { students: Vec::new(), starts: Vec::new(), secret, headers, padded: 0 }
    }

    pub(super) fn headers(&self) -> &[Box<[u8]>] {
        &self.headers
    }

    pub(super) fn len(&self) -> usize {
        self.students.len()
    }

    /// Adds a student. `grade` is a number up to 31.
    pub(super) fn push(
        &mut self,
        id: &[u8],
        record: &[u8],
        prints: impl Iterator<Item = Print>,
        grade: usize,
    ) {
        if id.first() == Some(&b'0') && id.iter().all(u8::is_ascii_digit) {
            self.padded |=
                u32::try_from(id.len()).ok().and_then(|it| 1_u32.checked_shl(it)).unwrap_or(0);
        }
        if self.students.len() == self.students.capacity() {
            // Grows by a quarter: memory use peaks while both copies exist.
            self.students.reserve_exact((self.students.len() / 4).max(256));
        }
        self.students.push(Student {
            id: self.id(id),
            whole: whole(record),
            prints: Prints::new(&COMPARED, prints, grade),
        });
    }

    /// Makes the students searchable. If several have the same id, the same one always counts.
    pub(super) fn settle(&mut self) {
        self.students.sort_unstable();
        self.students.dedup_by_key(|student| student.id);
        self.students.shrink_to_fit();
        let bits = (self.students.len() / BUCKET).max(1).ilog2();
        let buckets = 1_usize << bits;
        self.starts = Vec::with_capacity(buckets + 1);
        let mut students = self.students.iter().map(|student| bucket(student.id, bits)).peekable();
        let mut at = 0;
        for bucket in 0..buckets {
            self.starts.push(at);
            while students.next_if(|it| *it <= bucket).is_some() {
                at += 1;
            }
        }
        self.starts.push(at);
    }

    #[inline]
    pub(super) fn find(&self, id: &[u8]) -> Option<usize> {
        let id = self.id(id);
        let bits = (self.starts.len() - 1).max(1).ilog2();
        let bucket = bucket(id, bits);
        let (start, end) = (*self.starts.get(bucket)?, *self.starts.get(bucket + 1)?);
        let (start, end) = (start as usize, end as usize);
        let students = self.students.get(start..end)?;
        students.iter().position(|student| student.id == id).map(|at| start + at)
    }

    /// Whether there is a student whose id differs from this one only in leading zeros.
    pub(super) fn has_with_other_zeros(&self, id: &[u8]) -> bool {
        const LONGEST: usize = 32;
        if id.len() >= LONGEST || !id.iter().all(u8::is_ascii_digit) {
            return false;
        }
        let zeros = id.iter().take_while(|byte| **byte == b'0').count();
        let digits = id.get(zeros..).unwrap_or_default();
        let mut padded = [b'0'; LONGEST];
        if let Some(end) = padded.get_mut(LONGEST - digits.len()..) {
            end.copy_from_slice(digits);
        }
        let of_length = |length: usize| padded.get(LONGEST - length..).unwrap_or_default();
        let lengths = (digits.len() + 1..LONGEST).filter(|length| self.padded >> length & 1 == 1);
        iter::once(digits.len())
            .filter(|length| *length > 0)
            .chain(lengths)
            .filter(|length| *length != id.len())
            .any(|length| self.find(of_length(length)).is_some())
    }

    /// Whether a record is the same, byte for byte, as that of the student at a position.
    #[inline]
    pub(super) fn is_same(&self, position: usize, record: &[u8]) -> bool {
        self.students.get(position).is_some_and(|student| student.whole == whole(record))
    }

    /// The prints of the student at a position, 0 if empty, and the grade.
    pub(super) fn prints(&self, position: usize) -> (impl Iterator<Item = u16>, usize) {
        let prints = self.students.get(position).map(|student| student.prints);
        prints.unwrap_or_default().get(&COMPARED)
    }

    #[inline]
    fn id(&self, id: &[u8]) -> Id {
        let [_, _, id @ ..] = self.secret.hash_one(id).to_be_bytes();
        Id(id)
    }
}

#[inline]
fn bucket(id: Id, bits: u32) -> usize {
    usize::try_from(id.number() >> (Id::BITS - bits)).unwrap_or_default()
}

/// The same in each run, so that the report is the same too.
#[inline]
fn whole(record: &[u8]) -> [u8; 3] {
    let [_, _, _, _, _, whole @ ..] = FixedState::with_seed(0).hash_one(record).to_be_bytes();
    whole
}

#[cfg(test)]
mod tests {
    use std::mem::size_of;

    use super::*;
    use crate::csv::bits::BitSet;

    fn roll(ids: impl Iterator<Item = String>) -> Roll {
        let mut roll = Roll::new(RandomState::default(), Vec::new());
        for id in ids {
            roll.push(id.as_bytes(), b"", iter::empty(), 0);
        }
        roll.settle();
        roll
    }

    #[test]
    fn students_are_found_again() {
        for count in [0, 1, 7, 8, 9, 1000, 12_345] {
            // Each of them twice.
            let roll = roll((0..2 * count).map(|number| format!("S{}", number % count)));
            assert_eq!(roll.len(), count);
            let mut all = BitSet::none_of(roll.len());
            for number in 0..count {
                let position = roll.find(format!("S{number}").as_bytes()).unwrap();
                assert!(all.insert(position) && !all.insert(position) && all.contains(position));
            }
            assert_eq!(all.len(), count as u64);
            assert!(
                (count..2 * count + 9).all(|it| roll.find(format!("S{it}").as_bytes()).is_none())
            );
        }
    }

    /// The promise of the manual: 24 bytes for each student of the earlier delivery. This includes
    /// the bits for three files: its guardians, and the students and guardians of the later
    /// delivery.
    #[test]
    fn a_student_takes_less_than_24_bytes() {
        for count in [10_000, 16_384, 30_000, 65_535, 100_000] {
            let roll = roll((0..count).map(|number| number.to_string()));
            let bytes = roll.students.capacity() * size_of::<Student>()
                + roll.starts.capacity() * size_of::<u32>()
                + 3 * roll.len().div_ceil(64) * size_of::<u64>();
            assert!(bytes <= 24 * count, "{bytes} for {count}");
        }
    }

    #[test]
    fn room_is_made_a_quarter_at_a_time() {
        let mut roll = Roll::new(RandomState::default(), Vec::new());
        for number in 0..100_000_usize {
            roll.push(number.to_string().as_bytes(), b"", iter::empty(), 0);
            assert!(roll.students.capacity() <= number + (number / 4).max(256));
        }
    }

    #[test]
    fn zeros_that_came_or_went_are_seen() {
        let roll = roll(["00123", "456", "007", "S1", "000"].map(str::to_owned).into_iter());
        for (id, expected) in [
            ("123", true),
            ("0123", true),
            ("00123", false),
            ("0456", true),
            ("456", false),
            ("7", true),
            ("8", false),
            ("0S1", false),
            ("0", true),
            ("", true),
            ("00000000000000000000000000000000000123", false),
        ] {
            assert_eq!(roll.has_with_other_zeros(id.as_bytes()), expected, "{id}");
        }
    }
}
