//! Drives files through the scanner and the checks.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};
use std::mem;
use std::num::NonZeroUsize;

use crate::batch::Batch;
use crate::check::bytes::ByteCheck;
use crate::check::key::{KeyCheck, LinkCheck};
use crate::check::line_end::LineEndCheck;
use crate::check::opening::{self, Opening};
use crate::check::shape::{self, BlankLines, WidthCheck};
use crate::check::value::{Known, ValueCheck};
use crate::check::{foreign, header};
use crate::cure::Cures;
use crate::cutter::Cutter;
use crate::date::Date;
use crate::error::Error;
use crate::finding::Sink;
use crate::judge::{Judge, Seen};
use crate::keys::KeyIndex;
use crate::look::Looker;
use crate::model::{Completeness, FileSpec, Reference, Schema, Text};
use crate::profile::{Profile, Profiler, Profiles};
use crate::pump::{self, Judging};
use crate::scan::{self, Record, Scanner};
use crate::sheet::Sheet;
use crate::words::thousands;

mod heading;

use heading::Headed;

/// The files of one delivery, checked one after the other.
///
/// The order matters: a file whose keys others refer to comes first. The schema's own order is
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
}

/// What other files need to know of one that was checked.
struct Checked {
    records: u64,
    /// The keys and their column, where they could be read.
    keys: Option<(Text, KeyIndex)>,
    /// Why these are not all, where they are not: a part of them is no measure for a reference.
    missing: Option<Text>,
}

/// What became of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// How many bytes were read.
    pub bytes: u64,
    /// How many records there are after the header, blank lines not counted; `None` if they cannot
    /// be told apart.
    pub records: Option<u64>,
    /// What could not be judged.
    pub not_checked: Vec<NotChecked>,
    /// Which fixes would be made in a copy; those that are [open](crate::fix::Cure::is_open) are not
    /// known.
    pub cures: Cures,
    /// Whether the sink closed before the end.
    pub is_cut_short: bool,
}

/// Something that could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// What it is, for example `columns`.
    pub what: Text,
    /// Why.
    pub why: Text,
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
        }
    }

    /// Remembers of each file what a later delivery can be compared with, and checks no more than its
    /// form and its header: values, keys and references are not judged.
    #[must_use]
    pub fn profiling(mut self) -> Self {
        self.profiles = Some(Profiles::default());
        self
    }

    /// Remembers of each file what has changed since `previous`, the delivery before this one, and
    /// checks everything. What shows in a single file of both is reported here: that it has no records
    /// any more. Optional columns that were there before, and students without a guardian, are left to
    /// whoever compares the two.
    #[must_use]
    pub fn following(mut self, previous: &'s Profiles) -> Self {
        self.profiles = Some(Profiles::beside(previous));
        self.previous = Some(previous);
        self
    }

    /// What was remembered of the files; nothing if it was not asked for.
    pub fn into_profiles(self) -> Profiles {
        self.profiles.unwrap_or_default()
    }

    /// Tells which day it is. Without it nothing is said about dates that are in the future or too
    /// long ago: this crate looks at no clock.
    ///
    /// ```
    /// use samegoal_schema::date::Date;
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

    /// Tells the names of all buildings. Without it, none is called unknown.
    #[must_use]
    pub fn with_buildings(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.known.buildings = Some(BTreeSet::from_iter(names));
        self
    }

    /// Says that what was read of a file is not what it holds, for example since somebody wrote to it in
    /// between. References to it are not judged then, and it is not profiled; `why` goes on behind the
    /// name of the file.
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
    /// [`Error::UnknownFile`] if the schema has no such file, and [`Error::Read`] if the reader fails;
    /// the findings up to that place have been reported then.
    pub fn check(
        &mut self,
        name: &str,
        reader: impl Read,
        sink: &mut dyn Sink,
    ) -> Result<Summary, Error> {
        let pump: Pump<_> =
            |_, cutter, first, looker, judge| pump::alone(cutter, first, looker, judge);
        self.check_by(name, Scanner::new(reader), NonZeroUsize::MIN, pump, sink)
    }

    /// As [`check`](Self::check), on up to so many threads; more than eight are not used. What is
    /// found is the same, in the same order. A file that one read takes in whole is not worth a second
    /// thread, and gets none.
    ///
    /// # Errors
    ///
    /// Those of [`check`](Self::check).
    ///
    /// ```
    /// # use samegoal_schema::{Session, generic_api};
    /// let api = generic_api();
    /// let mut session = Session::new(&api);
    /// let mut findings = Vec::new();
    /// let threads = std::thread::available_parallelism()?;
    /// let csv = "Student Id,Name\n1001,Chidi Okafor\n";
    /// session.check_on_threads("guardians.csv", csv.as_bytes(), threads, &mut findings)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_on_threads(
        &mut self,
        name: &str,
        reader: impl Read + Send,
        threads: NonZeroUsize,
        sink: &mut dyn Sink,
    ) -> Result<Summary, Error> {
        self.check_by(name, Scanner::new(reader), threads, pump::together, sink)
    }

    /// As [`check_on_threads`](Self::check_on_threads), with about `block` bytes at a time. What is
    /// found is the same.
    #[doc(hidden)]
    pub fn check_blocks(
        &mut self,
        name: &str,
        reader: impl Read + Send,
        block: usize,
        threads: NonZeroUsize,
        sink: &mut dyn Sink,
    ) -> Result<Summary, Error> {
        let scanner = Scanner::with_block(reader, block);
        self.check_by(name, scanner, threads, pump::together, sink)
    }

    fn check_by<R: Read>(
        &mut self,
        name: &str,
        scanner: Scanner<R>,
        threads: NonZeroUsize,
        pump: Pump<R>,
        sink: &mut dyn Sink,
    ) -> Result<Summary, Error> {
        let spec = self.schema.file(name).ok_or_else(|| Error::UnknownFile(name.to_owned()))?;
        // What an earlier reading of the file has left says nothing of this one.
        self.files.remove(name);
        if let Some(profiles) = &mut self.profiles {
            profiles.remove(name);
        }
        let mut run = Run {
            spec,
            known: &self.known,
            others: &self.files,
            previous: self.previous.and_then(|previous| previous.file(&spec.name)),
            profiles: self.profiles.as_ref(),
            profiler: None,
            is_profiled_only: self.profiles.is_some() && self.previous.is_none(),
            scanner,
            threads,
            pump,
            line_ends: LineEndCheck::default(),
            bytes: ByteCheck::default(),
            summary: Summary::default(),
            sink,
        };
        let outcome = run.file();
        let (offset, mut summary) = (run.scanner.bytes_read(), run.summary);
        let profiler = run.profiler.take();
        summary.bytes = offset;
        let missing = match &outcome {
            Err(_) => Some("could not be read to its end"),
            Ok(_) if summary.is_cut_short => Some("was checked in part only"),
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

/// Checks one file of the generic API by itself; references to other files are not judged.
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
pub fn check(name: &str, reader: impl Read, sink: &mut dyn Sink) -> Result<Summary, Error> {
    Session::new(&crate::generic_api()).check(name, reader, sink)
}

/// The API file whose header the first bytes of a file hold, if they hold one that can be told.
///
/// ```
/// let api = samegoal_schema::generic_api();
/// let head = b"Student Id,Last Name,First Name,Date of Birth,Gender,Grade,Building\n";
/// assert_eq!(samegoal_schema::recognise(&api, head).unwrap().name, "students.csv");
/// assert!(samegoal_schema::recognise(&api, b"Course,Teacher\n").is_none());
/// ```
pub fn recognise<'s>(schema: &'s Schema, head: &[u8]) -> Option<&'s FileSpec> {
    let mut scanner = Scanner::new(head);
    while let Ok(Some(record)) = scanner.read_record() {
        if !record.is_blank() {
            return header::recognise(schema, &values(&record));
        }
    }
    None
}

fn values<'a>(record: &Record<'a>) -> Vec<Cow<'a, [u8]>> {
    record.fields().map(|field| field.value()).collect()
}

/// How batches get from the scanner to the checks.
type Pump<R> =
    fn(NonZeroUsize, &mut Cutter<R>, Batch, &Looker<'_>, &mut Judging<'_>) -> io::Result<()>;

/// One file on its way.
struct Run<'r, 's, R> {
    spec: &'s FileSpec,
    known: &'r Known,
    others: &'r HashMap<Text, Checked>,
    previous: Option<&'r Profile>,
    profiles: Option<&'r Profiles>,
    profiler: Option<Profiler>,
    /// Whether values, keys and references are left alone.
    is_profiled_only: bool,
    scanner: Scanner<R>,
    threads: NonZeroUsize,
    pump: Pump<R>,
    line_ends: LineEndCheck,
    bytes: ByteCheck,
    summary: Summary,
    sink: &'r mut dyn Sink,
}

type Keys = Option<(Text, KeyIndex)>;

impl<'s, R: Read> Run<'_, 's, R> {
    fn file(&mut self) -> io::Result<Keys> {
        let head = self.scanner.head(opening::HEAD)?;
        let marks = scan::marks(head);
        if let Some(foreign) = foreign::sniff(head) {
            foreign::foreign(foreign, self.sink);
            self.not_checked("contents", "the file is not CSV in UTF-8");
            return Ok(None);
        }
        let preamble = match opening::look(self.spec, head) {
            Opening::Header => None,
            Opening::Preamble(preamble) => Some(preamble),
            Opening::Glued(place) => {
                opening::glued(place, self.sink);
                self.not_checked("contents", "the header and the first record are one line");
                return Ok(None);
            }
        };
        if let Some(preamble) = &preamble {
            opening::preamble(preamble, self.sink);
            self.scanner.skip(preamble.bytes, preamble.lines)?;
        }
        let Some(headed) = self.header(marks)? else { return Ok(None) };
        // No fix takes lines away, and above them nothing else is fixed.
        self.summary.cures.is_read &= preamble.is_none();
        if self.spec.completeness == Completeness::Partial {
            self.not_checked("columns", "the column list is not published");
        }
        self.records(&headed)
    }

    fn not_checked(&mut self, what: impl Into<Text>, why: impl Into<Text>) {
        self.summary.not_checked.push(NotChecked { what: what.into(), why: why.into() });
    }

    /// Judges the records.
    fn records(&mut self, Headed { sheet, header }: &Headed<'s>) -> io::Result<Keys> {
        let nothing = Sheet::new(Vec::new());
        let judged = if self.is_profiled_only { &nothing } else { sheet };
        let keys = judged
            .known()
            .find(|(_, column)| column.key)
            .map(|(index, column)| (column.name.clone(), KeyCheck::new(index, sheet)));
        let mut judge = Judge {
            sheet,
            header,
            line_ends: &mut self.line_ends,
            bytes: &mut self.bytes,
            widths: WidthCheck::default(),
            blank_lines: BlankLines::default(),
            values: ValueCheck::new(judged, self.known),
            keys,
            profiler: &mut self.profiler,
            links: links(self.spec, judged, self.others, &mut self.summary.not_checked),
            sink: self.sink,
            seen: Seen::default(),
        };
        let (cutter, batch, mut next) = self.scanner.parts();
        let looker = judge.looker();
        let judging: &mut Judging<'_> =
            &mut |batch, look| judge.batch(batch, mem::take(&mut next), look);
        if let Err(failure) = (self.pump)(self.threads, cutter, batch, &looker, judging) {
            judge.abandon();
            return Err(failure);
        }
        let (seen, keys) = judge.finish();
        let Seen { records, broken, is_uneven, is_torn, is_cut_short, is_cut_off } = seen;
        if let Some(profiler) = self.profiler.as_mut().filter(|_| is_cut_off) {
            profiler.cut_off();
        }
        self.summary.cures.adds_columns &= !is_uneven;
        self.summary.cures.is_read &= !is_torn && !is_cut_short;
        self.summary.records = Some(records);
        self.summary.is_cut_short = is_cut_short;
        if records == 0 && !is_cut_short {
            let beside = self.spec.requires.as_ref().and_then(|name| self.others.get(name));
            let is_at_risk = beside.is_some_and(|other| other.records > 0);
            shape::no_records(self.spec, is_at_risk, self.previous, self.sink);
        }
        if broken > 0 {
            let why = format!(
                "{} of {} could not be taken apart into fields",
                thousands(broken),
                thousands(records)
            );
            self.not_checked("values of broken records", why);
        }
        Ok(keys)
    }
}

/// The references of a file that can be judged; the others are noted.
fn links<'s, 'k>(
    spec: &'s FileSpec,
    sheet: &Sheet<'s>,
    others: &'k HashMap<Text, Checked>,
    not_checked: &mut Vec<NotChecked>,
) -> Vec<LinkCheck<'s, 'k>> {
    let mut links = Vec::new();
    for (index, column) in sheet.known() {
        let Some(reference) = &column.references else { continue };
        let Reference { file, column: key, .. } = reference;
        let why = match others.get(file) {
            None => format!("{file} was not read"),
            Some(Checked { missing: Some(why), .. }) => format!("{file} {why}"),
            Some(Checked { keys: Some((column, keys)), records, .. }) if column == key => {
                if !keys.is_overrun() {
                    let check = LinkCheck::new(&spec.name, index, reference, keys);
                    links.push(if *records == 0 { check.referring_to_nobody() } else { check });
                    continue;
                }
                format!("too many records of {file} are broken")
            }
            Some(_) => format!("`{key}` of {file} could not be read"),
        };
        let what = format!("references of `{}`", column.name);
        not_checked.push(NotChecked { what: what.into(), why: why.into() });
    }
    links
}
