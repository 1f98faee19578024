//! Reads a file once, to find what can mean only one thing.

use std::borrow::Cow;
use std::io::{self, Read};

use super::doubt::{self, Doubt};
use super::wide::{Wide, WideReader};
use super::{Cures, Error};
use crate::check::binding::BoundHeader;
use crate::check::foreign;
use crate::check::header::{self, Binding};
use crate::check::opening::{self, Opening};
use crate::csv::{FaultKind, Record, Scanner, Terminator, bom};
use crate::finding::{Cell, Privacy};
use crate::schema::{ColumnSpec, FileSpec, Format, Text};
use crate::text::calendar::{self, Date, DateForm, Reading};
use crate::text::whitespace::{is_whitespace, trim};

/// What to change in a file.
///
/// See the [module](super) for an example.
pub struct Plan<'s> {
    pub(super) encoding: Encoding,
    /// The byte-order marks at its start.
    pub(super) boms: &'static [u8],
    /// What every record must end with.
    pub(super) line_end: Option<Terminator>,
    /// `None` if the fields of the file are not reliable; then the file is copied as is.
    pub(super) table: Option<Table<'s>>,
}

/// How the bytes of a file encode text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As is: in UTF-8, or in an unknown encoding.
    AsIs,
    Windows1252,
    Wide(Wide),
}

pub(super) struct Table<'s> {
    pub(super) bound: BoundHeader<'s>,
    pub(super) columns: Vec<ColumnPlan<'s>>,
    pub(super) added: Vec<Text>,
    /// The header's content, to recognize it among the records.
    pub(super) header: Vec<Box<[u8]>>,
}

/// What to change in a column.
pub(super) struct ColumnPlan<'s> {
    pub(super) spec: Option<&'s ColumnSpec>,
    /// Its new name.
    pub(super) name: Option<Text>,
    pub(super) dates: Dates,
}

impl<'s> Plan<'s> {
    /// Reads a file that is the API's `file`, or will be renamed to it.
    ///
    /// # Errors
    ///
    /// [`Error::Read`].
    pub fn survey(file: &'s FileSpec, mut reader: impl Read) -> Result<Self, Error> {
        let mut head = Vec::new();
        reader.by_ref().take(4).read_to_end(&mut head).map_err(Error::Read)?;
        let whole = head.chain(reader);
        match Wide::by_mark(&head) {
            None => Survey::new(file, Scanner::new(whole)).run().map_err(Error::Read),
            Some(wide) => {
                match Survey::new(file, Scanner::new(WideReader::new(whole, wide))).run() {
                    Ok(plan) if plan.table.is_some() => {
                        Ok(Self { encoding: Encoding::Wide(wide), ..plan })
                    }
                    Err(error) if error.kind() != io::ErrorKind::InvalidData => {
                        Err(Error::Read(error))
                    }
                    _ => Ok(Self::nothing()),
                }
            }
        }
    }

    /// Which fixes apply; whether the file gets a new name is not known here.
    pub fn cures(&self) -> Cures {
        let Some(table) = &self.table else { return Cures::default() };
        let padded = |column: &ColumnPlan<'_>| {
            column.spec.filter(|_| column.dates.are_padded()).map(|spec| spec.name.clone())
        };
        Cures {
            renames_file: false,
            is_read: true,
            is_open: false,
            adds_columns: !table.added.is_empty(),
            converts: self.encoding != Encoding::AsIs,
            padded: table.columns.iter().filter_map(padded).collect(),
        }
    }

    /// Copies every file as is.
    pub fn nothing() -> Self {
        Self { encoding: Encoding::AsIs, boms: &[], line_end: None, table: None }
    }
}

struct Survey<'s, R> {
    file: &'s FileSpec,
    scanner: Scanner<R>,
    doubt: Doubt,
    ends: Ends,
}

impl<'s, R: Read> Survey<'s, R> {
    fn new(file: &'s FileSpec, scanner: Scanner<R>) -> Self {
        Self { file, scanner, doubt: Doubt::default(), ends: Ends::default() }
    }

    fn run(mut self) -> io::Result<Plan<'s>> {
        let head = self.scanner.head(opening::HEAD)?;
        let boms = bom::boms(head);
        let is_headed = matches!(opening::look(self.file, head), Opening::Header);
        if foreign::sniff(head).is_some() || !is_headed {
            return Ok(Plan::nothing());
        }
        let Some(mut table) = self.header(!boms.is_empty())? else {
            return Ok(Plan::nothing());
        };
        let mut all_fit = true;
        while let Some(record) = self.scanner.read_record()? {
            if record.faults().iter().any(|fault| fault.kind == FaultKind::LongRecord) {
                // The scanner discards the rest of it.
                return Ok(Plan::nothing());
            }
            self.ends.record(&record);
            self.doubt.record(record.bytes());
            if table.fits(&record) {
                for (field, column) in record.fields().zip(&mut table.columns) {
                    if column.spec.is_some_and(|spec| spec.format == Format::Date) {
                        column.dates.value(&field.value());
                    }
                }
            } else {
                all_fit &= record.is_blank();
            }
        }
        let encoding = match self.doubt.is_windows_1252() {
            Some(true) => Encoding::Windows1252,
            // A fix might remove the bytes that make the encoding doubtful.
            Some(false) => return Ok(Plan::nothing()),
            None => Encoding::AsIs,
        };
        if !all_fit {
            table.added.clear();
        }
        Ok(Plan { encoding, boms, line_end: self.ends.wanted(), table: Some(table) })
    }

    /// Reads up to the header; `None` if it is broken or not a header. A header that is not UTF-8
    /// is read as Windows-1252.
    fn header(&mut self, has_bom: bool) -> io::Result<Option<Table<'s>>> {
        let file = self.file;
        let mut is_first = true;
        let record = loop {
            let Some(record) = self.scanner.read_record()? else { return Ok(None) };
            self.ends.record(&record);
            let mut rest = record.bytes();
            if has_bom && is_first {
                rest = bom::without_boms(rest);
                if rest.is_empty() && !record.bytes().is_empty() {
                    // Without the marks, a different line would be the header.
                    return Ok(None);
                }
            }
            is_first = false;
            self.doubt.record(rest);
            if !record.is_blank() {
                break record;
            }
        };
        let is_utf8 = std::str::from_utf8(record.bytes()).is_ok();
        let raw: Vec<_> = record.fields().map(|field| field.value()).collect();
        let values: Vec<Cow<'_, [u8]>> = if is_utf8 {
            raw.clone()
        } else {
            raw.iter().map(|value| Cow::Owned(doubt::decode(value))).collect()
        };
        let binding = header::bind_line(file, &values);
        // If it is blank in Windows-1252, a different line would be the header of the copy.
        let is_header = !values.iter().all(|value| is_whitespace(value))
            && record.faults().is_empty()
            && foreign::other_delimiter(file, record.bytes(), &binding).is_none()
            && !foreign::is_fixed_width(file, &values)
            && !header::looks_like_data(file, &values)
            && !header::is_foreign(file, &binding);
        let header = raw.into_iter().map(|value| value.into_owned().into()).collect();
        Ok(is_header.then(|| Table::new(file, &binding, &values, header)))
    }
}

impl<'s> Table<'s> {
    fn new(
        file: &'s FileSpec,
        binding: &Binding,
        headers: &[Cow<'_, [u8]>],
        header: Vec<Box<[u8]>>,
    ) -> Self {
        let plan = |(index, header): (usize, &Cow<'_, [u8]>)| {
            let column = binding.column(index);
            let spec = column.and_then(|column| Some(file.columns.get_index(column)?.1));
            let named = spec.filter(|_| header::is_renamed(binding, index, header));
            let name = named.map(|spec| spec.name.clone());
            ColumnPlan { spec, name, dates: Dates::default() }
        };
        let added = header::added(file, binding).map(|spec| spec.name.clone()).collect();
        let columns = headers.iter().enumerate().map(plan).collect();
        Self { bound: binding.bound(file, headers), columns, added, header }
    }

    pub(super) fn fits(&self, record: &Record<'_>) -> bool {
        record.faults().is_empty() && record.len() == self.columns.len()
    }

    /// A field of the header as it may be shown; also for an added column.
    pub(super) fn header_cell(&self, index: usize, bytes: &[u8]) -> Cell {
        Cell::new(bytes, self.bound.header_privacy(index).unwrap_or(Privacy::Public))
    }
}

#[derive(Default)]
struct Ends {
    lf: u64,
    crlf: u64,
    cr: u64,
    last: Option<Terminator>,
}

impl Ends {
    fn record(&mut self, record: &Record<'_>) {
        let is_half = record.is_half_of_end(self.last.replace(record.end()));
        match record.end() {
            _ if is_half => {}
            Terminator::Lf => self.lf += 1,
            Terminator::CrLf => self.crlf += 1,
            Terminator::Cr => self.cr += 1,
            Terminator::None => {}
        }
    }

    /// What all records must end with, if they end in different ways. In doubt, what RFC 4180
    /// requires.
    fn wanted(&self) -> Option<Terminator> {
        let is_even = self.cr == 0 && (self.lf == 0 || self.crlf == 0);
        let most = if self.lf > self.crlf { Terminator::Lf } else { Terminator::CrLf };
        (!is_even).then_some(most)
    }
}

/// What the dates of a column show.
#[derive(Default)]
pub(super) struct Dates {
    /// A value is not a date with the month before the day.
    doubtful: bool,
    /// The day of a date cannot be a month: for dates with the year at the end, and at the start.
    shows_order: [bool; 2],
    /// A date has one digit for month or day, in the same order.
    has_unpadded: [bool; 2],
}

impl Dates {
    fn value(&mut self, value: &[u8]) {
        if std::str::from_utf8(value).is_err() {
            return self.value(&doubt::decode(value));
        }
        if is_whitespace(value) {
            return;
        }
        match calendar::read(trim(value)) {
            Reading::Date { date, form, is_padded } => {
                let at = usize::from(is_year_first(form));
                if let (Some(shown), Some(unpadded)) =
                    (self.shows_order.get_mut(at), self.has_unpadded.get_mut(at))
                {
                    *shown |= date.day > 12;
                    *unpadded |= !is_padded;
                }
            }
            Reading::Impossible { .. } | Reading::Other => self.doubtful = true,
        }
    }

    /// Whether every date that lacks a digit can mean only one day.
    pub(super) fn are_padded(&self) -> bool {
        let [end, start] = [0, 1].map(|at| {
            let is = |of: [bool; 2]| of.get(at).copied().unwrap_or_default();
            is(self.shows_order) || !is(self.has_unpadded)
        });
        !self.doubtful && end && start && self.has_unpadded.contains(&true)
    }

    /// The date with two digits for month and day, if it lacks them and the column shows the order.
    pub(super) fn padded(&self, value: &[u8]) -> Option<String> {
        let Reading::Date { date: Date { year, month, day }, form, is_padded: false } =
            calendar::read(value)
        else {
            return None;
        };
        self.are_padded().then(|| match form {
            DateForm::MonthFirstSlash => format!("{month:02}/{day:02}/{year:04}"),
            DateForm::MonthFirstDash => format!("{month:02}-{day:02}-{year:04}"),
            DateForm::YearFirstSlash => format!("{year:04}/{month:02}/{day:02}"),
            DateForm::YearFirstDash => format!("{year:04}-{month:02}-{day:02}"),
        })
    }
}

fn is_year_first(form: DateForm) -> bool {
    matches!(form, DateForm::YearFirstSlash | DateForm::YearFirstDash)
}
