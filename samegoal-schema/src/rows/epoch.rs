//! Rows as the files of an epoch.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Write};
use std::marker::PhantomData;

use super::Row;
use crate::check::{key, shape};
use crate::finding::{Finding, Rule, Severity};
use crate::schema::api::COMPLETE;
use crate::schema::{Schema, Text, generic_api};
use crate::text::whitespace::is_whitespace;
use crate::validate::Session;

/// How many rows are checked at once. Nothing of them is written before.
const BATCH: u64 = 256;

/// How many bytes of rows are checked at once.
const BATCH_BYTES: usize = 256 << 10;

/// Where an [`EpochWriter`] puts the files. The crate knows no directories, so this is for the
/// caller to say.
///
/// A closure that opens something to write to by its name will do. Who wants more, such as a file
/// that is on the disk when it is closed, implements the trait.
pub trait Files {
    /// What a file is written to.
    type File: Write;

    /// Makes the file of that exact name.
    ///
    /// # Errors
    ///
    /// When it cannot be made; it should not be if it is there already.
    fn create(&mut self, name: &str) -> io::Result<Self::File>;

    /// Ends a file. All that is done before COMPLETE is made should then last. The default flushes.
    ///
    /// # Errors
    ///
    /// When what was written may be lost.
    fn close(&mut self, mut file: Self::File) -> io::Result<()> {
        file.flush()
    }
}

impl<F, W> Files for F
where
    F: FnMut(&str) -> io::Result<W>,
    W: Write,
{
    type File = W;

    fn create(&mut self, name: &str) -> io::Result<W> {
        self(name)
    }
}

/// Why an epoch cannot be written. No value of a row is in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A value would not pass the checks.
    #[error("{file}, row {row}{}: {} ({})", in_field(field.as_deref()), rule.manual.summary, rule.name)]
    Refused {
        /// The file.
        file: &'static str,
        /// Which row it is, from 1.
        row: u64,
        /// The column, if it is about one.
        field: Option<String>,
        /// What is wrong.
        rule: &'static Rule,
    },
    /// A row has other columns than the first.
    #[error(
        "{file}, row {row}{}: the columns are not those of the first row",
        in_field(Some(field))
    )]
    OtherColumns {
        /// The file.
        file: &'static str,
        /// Which row it is, from 1.
        row: u64,
        /// The first column that differs.
        field: String,
    },
    /// A file must be written before another one, which refers to its keys.
    #[error("{first} must be written before {second}")]
    Order {
        /// The file.
        first: String,
        /// The other one.
        second: String,
    },
    /// A file is written twice.
    #[error("{0} is there already")]
    Twice(&'static str),
    /// A file has no rows.
    #[error("{0} has no rows; leave it out if there is nothing to deliver")]
    NoRows(&'static str),
    /// A file was begun, and not written to its end.
    #[error("{0} was not written to its end")]
    Unfinished(&'static str),
    /// There is no file at all.
    #[error("an epoch needs a file")]
    NoFile,
    /// A file cannot be written.
    #[error("cannot write {file}")]
    Io {
        /// The file.
        file: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

fn in_field(field: Option<&str>) -> String {
    field.map_or(String::new(), |field| format!(", `{field}`"))
}

/// Writes an epoch: file after file, and COMPLETE at the end.
///
/// Rows are held against the checks of this crate before they are written. If one has an error, so
/// has the writer, and no COMPLETE is made; warnings are let through.
///
/// ```
/// use samegoal_schema::rows::{EpochWriter, Guardian, Rest, StudentId};
/// # use samegoal_schema::rows::Student;
/// # let csv = "Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building,Building Reporting Id\n1001,Okafor,Ada,2012-01-05,F,ENROLLED,Oak,1\n";
/// # let students: Vec<Student> = csv::Reader::from_reader(csv.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap();
/// let mut made = Vec::new();
/// let mut epoch = EpochWriter::new(|name: &str| {
///     made.push(name.to_owned());
///     Ok(std::io::sink())
/// });
/// epoch.write(&students)?;
/// let guardian = Guardian { student_id: StudentId::new("1002").unwrap(), rest: Rest::new() };
/// let refused = epoch.write([guardian]).unwrap_err();
/// assert!(refused.to_string().starts_with("guardians.csv, row 1, `Student Id`: "));
/// assert!(epoch.finish().is_err());
/// assert_eq!(made, ["students.csv", "guardians.csv"]);
/// # Ok::<(), samegoal_schema::rows::WriteError>(())
/// ```
pub struct EpochWriter<F> {
    schema: Schema,
    files: F,
    /// The files that are there, and the keys of each.
    written: HashMap<Text, HashSet<Box<str>>>,
    unfinished: Option<&'static str>,
}

impl<F: Files> EpochWriter<F> {
    /// A writer of the files of the generic API.
    pub fn new(files: F) -> Self {
        Self { schema: generic_api(), files, written: HashMap::new(), unfinished: None }
    }

    /// Writes a whole file. students.csv comes before those that refer to it.
    ///
    /// # Errors
    ///
    /// [`WriteError`]. What was written of the file up to then stays, and the epoch cannot be
    /// finished any more.
    pub fn write<R: Row>(&mut self, rows: impl IntoIterator<Item = R>) -> Result<(), WriteError> {
        let mut file = self.file::<R>()?;
        for row in rows {
            file.row(&row)?;
        }
        file.finish()
    }

    /// Begins a file to which rows are written one by one.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn file<R: Row>(&mut self) -> Result<FileWriter<'_, F, R>, WriteError> {
        if let Some(file) = self.unfinished {
            return Err(WriteError::Unfinished(file));
        }
        if self.written.contains_key(R::FILE) {
            return Err(WriteError::Twice(R::FILE));
        }
        let order = |first: &str, second: &str| WriteError::Order {
            first: first.into(),
            second: second.into(),
        };
        for file in self.schema.files().filter(|file| self.written.contains_key(&file.name)) {
            let mut references = file.columns().filter_map(|column| column.references.as_ref());
            if references.any(|reference| reference.file == R::FILE) {
                return Err(order(R::FILE, &file.name));
            }
        }
        if let Some(needed) = self.schema.file(R::FILE).and_then(|file| file.requires.as_deref())
            && !self.written.contains_key(needed)
        {
            return Err(order(needed, R::FILE));
        }
        let out = self.files.create(R::FILE).map_err(|source| io_error(R::FILE, source))?;
        self.unfinished = Some(R::FILE);
        Ok(FileWriter {
            epoch: self,
            out,
            names: Vec::new(),
            header: Vec::new(),
            batch: writer(),
            batched: 0,
            rows: 0,
            keys: HashSet::new(),
            row: PhantomData,
        })
    }

    /// Makes COMPLETE, which says that nothing changes any more, and gives the files back.
    ///
    /// # Errors
    ///
    /// [`WriteError`] if there is no file, or one is not whole. COMPLETE is not made then.
    pub fn finish(mut self) -> Result<F, WriteError> {
        if let Some(file) = self.unfinished {
            return Err(WriteError::Unfinished(file));
        }
        if self.written.is_empty() {
            return Err(WriteError::NoFile);
        }
        let made = self.files.create(COMPLETE).and_then(|file| self.files.close(file));
        made.map_err(|source| io_error(COMPLETE, source))?;
        Ok(self.files)
    }
}

/// Writes one file of an epoch.
pub struct FileWriter<'e, F: Files, R> {
    epoch: &'e mut EpochWriter<F>,
    out: F::File,
    names: Vec<String>,
    /// The first line of the file.
    header: Vec<u8>,
    /// Rows that are neither checked nor written yet.
    batch: csv::Writer<Vec<u8>>,
    batched: u64,
    /// How many rows are written.
    rows: u64,
    keys: HashSet<Box<str>>,
    row: PhantomData<fn(&R)>,
}

impl<F: Files, R: Row> FileWriter<'_, F, R> {
    /// Writes a row. An error may be about one of those before it.
    ///
    /// # Errors
    ///
    /// As [`EpochWriter::write`].
    pub fn row(&mut self, row: &R) -> Result<(), WriteError> {
        let fields = row.fields();
        let number = self.rows + self.batched + 1;
        // Whoever reads the file would skip it.
        if fields.iter().all(|(_, value)| is_whitespace(value.as_bytes())) {
            let rule = &shape::BLANK_LINE;
            return Err(WriteError::Refused { file: R::FILE, row: number, field: None, rule });
        }
        if number == 1 {
            self.names = fields.iter().map(|(name, _)| name.to_string()).collect();
            let mut header = writer();
            header.write_record(&self.names).map_err(|error| io_error(R::FILE, error.into()))?;
            self.header = written(R::FILE, header)?;
        } else if let Some(field) = first_difference(&self.names, &fields) {
            return Err(WriteError::OtherColumns { file: R::FILE, row: number, field });
        }
        self.batch
            .write_record(fields.iter().map(|(_, value)| value.as_bytes()))
            .map_err(|error| io_error(R::FILE, error.into()))?;
        self.batched += 1;
        self.keys(number, &fields)?;
        if self.batched >= BATCH || self.batch.get_ref().len() >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Holds the keys of a row against those of all rows, and its references against the keys of
    /// other files.
    fn keys(
        &mut self,
        row: u64,
        fields: &[(Cow<'_, str>, Cow<'_, str>)],
    ) -> Result<(), WriteError> {
        let Some(file) = self.epoch.schema.file(R::FILE) else { return Ok(()) };
        for (name, value) in fields {
            let Some(column) = file.column(name).filter(|_| !value.is_empty()) else { continue };
            let refused = |rule| WriteError::Refused {
                file: R::FILE,
                row,
                field: Some(name.to_string()),
                rule,
            };
            if column.key && !self.keys.insert((&**value).into()) {
                return Err(refused(&key::DUPLICATE));
            }
            let others = column.references.as_ref().and_then(|to| self.epoch.written.get(&to.file));
            if others.is_some_and(|keys| !keys.contains(&**value)) {
                return Err(refused(&key::UNKNOWN_STUDENT));
            }
        }
        Ok(())
    }

    /// Checks what is batched, and writes it.
    fn flush(&mut self) -> Result<(), WriteError> {
        let batch = written(R::FILE, std::mem::replace(&mut self.batch, writer()))?;
        self.check(&batch)?;
        let header = if self.rows == 0 { self.header.as_slice() } else { &[] };
        let outcome = self.out.write_all(header).and_then(|()| self.out.write_all(&batch));
        outcome.map_err(|source| io_error(R::FILE, source))?;
        self.rows += self.batched;
        self.batched = 0;
        Ok(())
    }

    fn check(&self, batch: &[u8]) -> Result<(), WriteError> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut session = Session::new(&self.epoch.schema);
        // The bytes are at hand and the name is the schema's, so that nothing can go wrong.
        let _ = session.check(R::FILE, self.header.chain(batch), &mut findings);
        let is_error = |finding: &Finding| finding.severity() == Severity::Error;
        let Some(finding) = findings.into_iter().find(is_error) else { return Ok(()) };
        let place = finding.location.unwrap_or_default();
        let column = place.cell.and_then(|(_, column)| usize::try_from(column).ok());
        let field = column.and_then(|column| self.names.get(column.checked_sub(1)?)).cloned();
        let row = self.rows + place.record.unwrap_or(1).max(1);
        Err(WriteError::Refused { file: R::FILE, row, field, rule: finding.rule })
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// As [`EpochWriter::write`].
    pub fn finish(mut self) -> Result<(), WriteError> {
        if self.batched > 0 {
            self.flush()?;
        }
        if self.rows == 0 {
            return Err(WriteError::NoRows(R::FILE));
        }
        self.epoch.files.close(self.out).map_err(|source| io_error(R::FILE, source))?;
        self.epoch.unfinished = None;
        self.epoch.written.insert(R::FILE.into(), self.keys);
        Ok(())
    }
}

fn writer() -> csv::Writer<Vec<u8>> {
    // As RFC 4180 has it.
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new())
}

fn written(file: &'static str, writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, WriteError> {
    writer.into_inner().map_err(|error| io_error(file, error.into_error()))
}

fn io_error(file: &'static str, source: io::Error) -> WriteError {
    WriteError::Io { file, source }
}

fn first_difference(header: &[String], fields: &[(Cow<'_, str>, Cow<'_, str>)]) -> Option<String> {
    let names = fields.iter().map(|(name, _)| &**name);
    let differs = header.iter().zip(names.clone()).find(|(a, b)| a != b).map(|(_, b)| b);
    let longer = || names.clone().nth(header.len());
    let shorter = || header.get(fields.len()).map(String::as_str);
    differs.or_else(longer).or_else(shorter).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests;
