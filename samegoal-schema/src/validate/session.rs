//! The files of one delivery.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::num::NonZeroUsize;

use super::file::{Checked, Run, values};
use super::outcome::{Error, Summary};
use crate::check::bytes::ByteCheck;
use crate::check::header;
use crate::check::line_end::LineEndCheck;
use crate::check::profile::Profiles;
use crate::check::value::Known;
use crate::csv::{READ_SIZE, Scanner};
use crate::finding::Sink;
use crate::schema::{FileSpec, Schema, Text};
use crate::text::calendar::Date;

/// The files of one delivery, checked one after the other.
///
/// The order matters: a file comes before those that refer to its keys. The order of the schema is
/// right.
///
/// ```
/// use samegoal_schema::{Session, generic_api};
///
/// let api = generic_api();
/// let mut session = Session::new(&api);
/// let mut findings = Vec::new();
///
/// let students = "Student Id,Last Name\n1001,Okafor\n";
/// session.check("students.csv", students.as_bytes(), &mut findings)?;
/// let guardians = "Student Id,Name\n1001,Chidi Okafor\n1002,Maria Nguyen\n";
/// session.check("guardians.csv", guardians.as_bytes(), &mut findings)?;
///
/// let last = findings.last().unwrap();
/// assert_eq!(last.rule.name, "link/unknown-student");
/// assert_eq!(last.location.as_ref().unwrap().line, 3);
/// # Ok::<(), samegoal_schema::Error>(())
/// ```
pub struct Session<'s> {
    schema: &'s Schema,
    known: Known,
    files: HashMap<Text, Checked>,
    profiles: Option<Profiles>,
    previous: Option<&'s Profiles>,
    threads: NonZeroUsize,
    read_size: usize,
}

impl<'s> Session<'s> {
    /// A session over files of `schema`.
    pub fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            known: Known::default(),
            files: HashMap::new(),
            profiles: None,
            previous: None,
            threads: NonZeroUsize::MIN,
            read_size: READ_SIZE,
        }
    }

    /// Remembers what a later delivery can be compared with. Checks only the form and the header of each
    /// file, and no values, keys or references.
    #[must_use]
    pub fn profiling(mut self) -> Self {
        self.profiles = Some(Profiles::default());
        self
    }

    /// Checks everything, and remembers what has changed since `previous`, the delivery before this one.
    /// Reports a file that has lost its records. Missing optional columns that were there before, and
    /// students without a guardian, are left to the comparison of both deliveries.
    #[must_use]
    pub fn following(mut self, previous: &'s Profiles) -> Self {
        self.profiles = Some(Profiles::beside(previous));
        self.previous = Some(previous);
        self
    }

    /// The profiles of the files, if the session makes them.
    pub fn into_profiles(self) -> Profiles {
        self.profiles.unwrap_or_default()
    }

    /// Sets the day of the check. Without it, dates in the future or too long ago are not reported:
    /// this crate reads no clock.
    ///
    /// ```
    /// use samegoal_schema::text::calendar::Date;
    /// use samegoal_schema::{Session, generic_api};
    ///
    /// let api = generic_api();
    /// let mut session = Session::new(&api).with_today(Date { year: 2026, month: 1, day: 5 });
    /// let mut findings = Vec::new();
    /// session.check("students.csv", "Date of Birth\n1916-01-05\n".as_bytes(), &mut findings)?;
    /// assert!(findings.iter().any(|finding| finding.rule.name == "value/implausible-date"));
    /// # Ok::<(), samegoal_schema::Error>(())
    /// ```
    #[must_use]
    pub fn with_today(mut self, today: Date) -> Self {
        self.known.today = Some(today);
        self
    }

    /// Sets the names of all buildings. Without it, no building is reported as unknown.
    #[must_use]
    pub fn with_buildings(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.known.buildings = Some(BTreeSet::from_iter(names));
        self
    }

    /// Checks each file on up to this many threads, and on eight at most. The default is one. The
    /// findings are the same, in the same order. A file that fits into one read takes one thread.
    ///
    /// ```
    /// # use samegoal_schema::{Session, generic_api};
    /// let api = generic_api();
    /// let mut session = Session::new(&api).with_threads(std::thread::available_parallelism()?);
    /// let mut findings = Vec::new();
    /// let csv = "Student Id,Name\n1001,Chidi Okafor\n";
    /// session.check("guardians.csv", csv.as_bytes(), &mut findings)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// Reads about this many bytes at a time. The findings are the same; small sizes are for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_read_size(mut self, bytes: usize) -> Self {
        self.read_size = bytes;
        self
    }

    /// Distrusts a file that was checked, for example because it changed in between. References to it
    /// are not checked, and it gets no profile. `why` follows the name of the file in the report.
    ///
    /// ```
    /// # use samegoal_schema::{Session, generic_api};
    /// let api = generic_api();
    /// let mut session = Session::new(&api);
    /// let mut findings = Vec::new();
    /// session.check("students.csv", "Student Id\n1001\n".as_bytes(), &mut findings)?;
    /// session.distrust("students.csv", "changed while it was read");
    /// let guardians = "Student Id,Name\n1002,Maria Nguyen\n".as_bytes();
    /// let summary = session.check("guardians.csv", guardians, &mut findings)?;
    /// assert!(findings.iter().all(|finding| finding.rule.name != "link/unknown-student"));
    /// assert!(summary.not_checked.iter().any(|it| it.what == "references of `Student Id`"));
    /// # Ok::<(), samegoal_schema::Error>(())
    /// ```
    pub fn distrust(&mut self, name: &str, why: impl Into<Text>) {
        if let Some(checked) = self.files.get_mut(name) {
            checked.keys = None;
            checked.missing = Some(why.into());
        }
        if let Some(profiles) = &mut self.profiles {
            profiles.remove(name);
        }
    }

    /// Checks one file. `name` is that of the file in the schema, such as `students.csv`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFile`] if the schema has no such file, and [`Error::Read`] if the reader fails.
    /// The findings before that place are reported.
    pub fn check(
        &mut self,
        name: &str,
        reader: impl Read + Send,
        sink: &mut dyn Sink,
    ) -> Result<Summary, Error> {
        let spec = self.schema.file(name).ok_or_else(|| Error::UnknownFile(name.to_owned()))?;
        // An earlier check of the same file does not count.
        self.files.remove(name);
        if let Some(profiles) = &mut self.profiles {
            profiles.remove(name);
        }
        let mut run = Run {
            schema: self.schema,
            spec,
            known: &self.known,
            others: &self.files,
            previous: self.previous.and_then(|previous| previous.file(&spec.name)),
            profiles: self.profiles.as_ref(),
            profiler: None,
            is_profiled_only: self.profiles.is_some() && self.previous.is_none(),
            scanner: Scanner::with_read_size(reader, self.read_size),
            threads: self.threads,
            line_ends: LineEndCheck::default(),
            bytes: ByteCheck::default(),
            summary: Summary::default(),
            carries: None,
            sink,
        };
        let outcome = run.file();
        let (offset, mut summary) = (run.scanner.bytes_read(), run.summary);
        let (profiler, carries) = (run.profiler.take(), run.carries);
        summary.bytes = offset;
        let missing = match &outcome {
            Err(_) => Some("could not be read to its end"),
            Ok(_) if summary.is_cut_short => Some("was only partly checked"),
            Ok(_) => None,
        };
        let (keys, failure) = match outcome {
            Ok(keys) => (keys.filter(|_| missing.is_none()), None),
            Err(source) => (None, Some(Error::Read { offset, source })),
        };
        let checked = Checked {
            records: summary.records.unwrap_or(0),
            keys,
            missing: missing.map(Text::from),
            carries,
        };
        self.files.insert(spec.name.clone(), checked);
        if let Some(failure) = failure {
            return Err(failure);
        }
        if let (Some(profiles), Some(profiler), None) = (&mut self.profiles, profiler, missing) {
            profiles.insert(spec.name.clone(), profiler);
        }
        Ok(summary)
    }
}

/// Checks one file of the generic API alone, without its references to other files.
///
/// # Errors
///
/// Those of [`Session::check`].
///
/// ```
/// let mut findings = Vec::new();
/// let csv = "Student Id;Last Name;First Name\n1001;Okafor;Ada\n";
/// let summary = samegoal_schema::check("students.csv", csv.as_bytes(), &mut findings)?;
/// assert_eq!(findings[0].rule.name, "csv/wrong-delimiter");
/// assert_eq!(summary.bytes, 48);
/// # Ok::<(), samegoal_schema::Error>(())
/// ```
pub fn check(name: &str, reader: impl Read + Send, sink: &mut dyn Sink) -> Result<Summary, Error> {
    Session::new(&crate::schema::generic_api()).check(name, reader, sink)
}

/// The API file whose header is in the first bytes of a file, if it can be recognized.
///
/// ```
/// let api = samegoal_schema::generic_api();
/// let head = b"Student Id,Last Name,First Name,Date of Birth,Gender,Grade,Building\n";
/// assert_eq!(samegoal_schema::recognize(&api, head).unwrap().name, "students.csv");
/// assert!(samegoal_schema::recognize(&api, b"Course,Teacher\n").is_none());
/// ```
pub fn recognize<'s>(schema: &'s Schema, head: &[u8]) -> Option<&'s FileSpec> {
    let mut scanner = Scanner::new(head);
    while let Ok(Some(record)) = scanner.read_record() {
        if !record.is_blank() {
            return header::recognize(schema, &values(&record));
        }
    }
    None
}
