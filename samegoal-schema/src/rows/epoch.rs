//! Writes rows as the files of an epoch.

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

/// How many rows are checked at once. They are written only after the check.
const BATCH: u64 = 256;

/// How many bytes of rows are checked at once.
const BATCH_BYTES: usize = 256 << 10;

/// Where an [`EpochWriter`] puts the files. This crate knows no directories, so the caller decides.
///
/// A closure that opens something to write to by its name is enough. To do more, such as sync each
/// file to the disk when it is closed, implement the trait.
pub trait Files {
    /// What a file is written to.
    type File: Write;

    /// Creates the file with exactly this name.
    ///
    /// # Errors
    ///
    /// When it cannot be created; also if it already exists.
    fn create(&mut self, name: &str) -> io::Result<Self::File>;

    /// Closes a file. Everything before COMPLETE should then be durable. The default flushes.
    ///
    /// # Errors
    ///
    /// When the written data may be lost.
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

/// Why an epoch cannot be written. It contains no value from a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A value does not pass the checks.
    #[error("{file}, row {row}{}: {} ({})", in_field(field.as_deref()), rule.manual.summary, rule.name)]
    Refused {
        /// The file.
        file: &'static str,
        /// The number of the row, from 1.
        row: u64,
        /// The column, if there is one.
        field: Option<String>,
        /// What is wrong.
        rule: &'static Rule,
    },
    /// A row has different columns than the first row.
    #[error(
        "{file}, row {row}{}: the columns differ from those of the first row",
        in_field(Some(field))
    )]
    OtherColumns {
        /// The file.
        file: &'static str,
        /// The number of the row, from 1.
        row: u64,
        /// The first column that differs.
        field: String,
    },
    /// This file must be written before another one that refers to its keys.
    #[error("{first} must be written before {second}")]
    Order {
        /// The file.
        first: String,
        /// The other one.
        second: String,
    },
    /// A file is written twice.
    #[error("{0} is already written")]
    Twice(&'static str),
    /// A file has no rows.
    #[error("{0} has no rows; leave it out if there is nothing to deliver")]
    NoRows(&'static str),
    /// A file was started but not finished.
    #[error("{0} is not finished")]
    Unfinished(&'static str),
    /// There are no files.
    #[error("an epoch needs at least one file")]
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

/// Writes an epoch: one file after the other, and COMPLETE at the end.
///
/// It checks rows before it writes them. If a row has an error, the writer fails and does not
/// create COMPLETE. Warnings do not stop it.
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
    /// The finished files, and the keys of each.
    written: HashMap<Text, HashSet<Box<str>>>,
    unfinished: Option<&'static str>,
}

impl<F: Files> EpochWriter<F> {
    /// A writer for the files of the generic API.
    pub fn new(files: F) -> Self {
        Self { schema: generic_api(), files, written: HashMap::new(), unfinished: None }
    }

    /// Writes a whole file. students.csv must come before the files that refer to it.
    ///
    /// # Errors
    ///
    /// [`WriteError`]. The part of the file that was already written stays, and the epoch can no
    /// longer be finished.
    pub fn write<R: Row>(&mut self, rows: impl IntoIterator<Item = R>) -> Result<(), WriteError> {
        let mut file = self.file::<R>()?;
        for row in rows {
            file.row(&row)?;
        }
        file.finish()
    }

    /// Starts a file whose rows are written one by one.
    ///
    /// # Errors
    ///
    /// Same as [`write`](Self::write).
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

    /// Creates COMPLETE, which says that the epoch is final, and returns the files.
    ///
    /// # Errors
    ///
    /// [`WriteError`] if there are no files, or one is not finished. Then COMPLETE is not created.
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
    header: Vec<u8>,
    /// Rows that are not checked and written yet.
    batch: csv::Writer<Vec<u8>>,
    batched: u64,
    /// How many rows are already written.
    rows: u64,
    keys: HashSet<Box<str>>,
    row: PhantomData<fn(&R)>,
}

impl<F: Files, R: Row> FileWriter<'_, F, R> {
    /// Writes a row. An error may be about an earlier row.
    ///
    /// # Errors
    ///
    /// Same as [`EpochWriter::write`].
    pub fn row(&mut self, row: &R) -> Result<(), WriteError> {
        let fields = row.fields();
        let number = self.rows + self.batched + 1;
        // A reader of the file would skip it.
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

    /// Checks the keys of a row against those of all rows, and its references against the keys of
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

    /// Checks the current batch, and writes it.
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
        // The bytes are in memory and the name is the schema's, so this cannot fail.
        let _ = session.check(R::FILE, self.header.chain(batch), &mut findings);
        let is_error = |finding: &Finding| finding.severity() == Severity::Error;
        let Some(finding) = findings.into_iter().find(is_error) else { return Ok(()) };
        let place = finding.location.unwrap_or_default();
        let column = place.cell.and_then(|(_, column)| usize::try_from(column).ok());
        let field = column.and_then(|column| self.names.get(column.checked_sub(1)?)).cloned();
        let row = self.rows + place.record.unwrap_or(1).max(1);
        Err(WriteError::Refused { file: R::FILE, row, field, rule: finding.rule })
    }

    /// Finishes the file.
    ///
    /// # Errors
    ///
    /// Same as [`EpochWriter::write`].
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
    // As RFC 4180 requires.
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
