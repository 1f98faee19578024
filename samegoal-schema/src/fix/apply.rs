//! Reads a file a second time and writes the copy.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use super::record::Rewritten;
use super::survey::{Encoding, Plan, Table};
use super::wide::WideReader;
use super::{Edit, Edits, Error, Side, UNIFY_LINE_ENDS};
use crate::csv::{Record, Scanner, Terminator};
use crate::finding::{Cell, Privacy};

impl Plan<'_> {
    /// The encoding of the file, if the copy has another one. If it has two or four bytes per
    /// character, only further changes are reported as edits.
    pub fn converts_from(&self) -> Option<&'static str> {
        match self.encoding {
            Encoding::AsIs => None,
            Encoding::Windows1252 => Some("Windows-1252"),
            Encoding::Wide(wide) => Some(wide.name()),
        }
    }

    /// Whether each character has two or four bytes, so that a UTF-8 reader cannot read the file.
    pub fn is_wide(&self) -> bool {
        matches!(self.encoding, Encoding::Wide(_))
    }

    /// The surveyed file; in UTF-8 if it [is wide](Self::is_wide), otherwise unchanged.
    pub fn readable<'r, R: Read + Send + 'r>(&self, reader: R) -> Box<dyn Read + Send + 'r> {
        match self.encoding {
            Encoding::AsIs | Encoding::Windows1252 => Box::new(reader),
            Encoding::Wide(wide) => Box::new(WideReader::new(reader, wide)),
        }
    }

    /// Copies the surveyed file.
    ///
    /// # Errors
    ///
    /// [`Error`]. Then what was written so far is not a valid copy.
    pub fn apply(
        &self,
        reader: impl Read,
        out: &mut dyn Write,
        edits: &mut dyn Edits,
    ) -> Result<(), Error> {
        match (&self.table, self.encoding) {
            (None, _) => copy(reader, out),
            (Some(table), Encoding::Wide(wide)) => {
                self.records(table, Scanner::new(WideReader::new(reader, wide)), out, edits)
            }
            (Some(table), _) => self.records(table, Scanner::new(reader), out, edits),
        }
    }

    fn records<R: Read>(
        &self,
        table: &Table<'_>,
        mut scanner: Scanner<R>,
        out: &mut dyn Write,
        edits: &mut dyn Edits,
    ) -> Result<(), Error> {
        let mut boms = self.boms;
        let mut before_header = true;
        let (mut last, mut left_out) = (None, 0);
        while let Some(record) = scanner.read_record().map_err(Error::Read)? {
            if record.is_half_of_end(last.replace(record.end())) {
                left_out += 1;
                continue;
            }
            let is_header = before_header && !record.is_blank();
            let mut new = match before_header {
                true if is_header => self.header(table, &record, false),
                true => self.converted(&record),
                false => self.data(table, &record),
            };
            if !boms.is_empty() {
                new.drop_marks();
            }
            let end = match self.line_end {
                Some(wanted) if record.end() != Terminator::None && record.end() != wanted => {
                    new.fixes.push(&UNIFY_LINE_ENDS);
                    wanted
                }
                _ => record.end(),
            };
            let line = Line { table, record: &record, new: &new, boms, end, is_header };
            line.write(out).map_err(Error::Write)?;
            if !new.fixes.is_empty() {
                edits.edit(&Edit {
                    line: record.line(),
                    new_line: record.line() - left_out,
                    fixes: &new.fixes,
                    cells: &|side| line.cells(side),
                });
            }
            boms = &[];
            before_header &= !is_header;
        }
        Ok(())
    }
}

/// One record in the file and in the copy.
struct Line<'a> {
    table: &'a Table<'a>,
    record: &'a Record<'a>,
    new: &'a Rewritten<'a>,
    /// The byte-order marks before it in the file.
    boms: &'static [u8],
    /// Its line end in the copy.
    end: Terminator,
    is_header: bool,
}

impl Line<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for (index, field) in self.new.fields.iter().enumerate() {
            if index > 0 {
                out.write_all(b",")?;
            }
            out.write_all(field)?;
        }
        out.write_all(self.end.as_bytes())
    }

    fn cells(&self, side: Side) -> Vec<Cell> {
        let public = |bytes: &[u8]| Cell::new(bytes, Privacy::Public);
        let (mut cells, fields, end) = match side {
            Side::Before => {
                let fields = self.record.fields().map(|field| Cow::Borrowed(field.raw()));
                (vec![public(self.boms)], fields.collect::<Vec<_>>(), self.record.end())
            }
            Side::After => (Vec::new(), self.new.fields.clone(), self.end),
        };
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                cells.push(public(b","));
            }
            cells.push(if self.is_header {
                self.table.header_cell(index, field)
            } else {
                self.table.bound.cell(index, field)
            });
        }
        if self.record.end() != self.end {
            cells.push(public(end.as_bytes()));
        }
        // Masked, an empty value looks like any other.
        cells.retain(|cell| !cell.expose().is_empty() || cell.privacy() != Privacy::Public);
        cells
    }
}

fn copy(mut reader: impl Read, out: &mut dyn Write) -> Result<(), Error> {
    let mut block = vec![0; 256 << 10];
    loop {
        match reader.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(read) => {
                out.write_all(block.get(..read).unwrap_or_default()).map_err(Error::Write)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::Read(error)),
        }
    }
}
