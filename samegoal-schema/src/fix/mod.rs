//! Mends what has one reading only, in a copy.
//!
//! A [`Plan`] is made by reading a file once. Applied, it reads the file a second time and writes a
//! copy in which every byte that no fix touches is as it was. Lines stay where they are: nothing
//! is removed that has a line end in it, and no record ever. (CR CR LF becomes one line end; it was
//! never meant to be two.) Memory does not grow with the file.
//!
//! ```
//! use samegoal_schema::fix::{NoEdits, Plan};
//!
//! let api = samegoal_schema::generic_api();
//! let file = api.file("guardians.csv").unwrap();
//! let source = "\u{FEFF}student_id,Name\n1001 ,\"Nguyen, Maria\"\n";
//! let plan = Plan::survey(file, source.as_bytes())?;
//! let mut copy = Vec::new();
//! plan.apply(source.as_bytes(), &mut copy, &mut NoEdits)?;
//! assert_eq!(copy, b"Student Id,Name\n1001,\"Nguyen, Maria\"\n");
//! # Ok::<(), samegoal_schema::fix::Error>(())
//! ```

use std::io;

use crate::finding::Cell;

mod apply;
mod doubt;
mod record;
mod survey;
mod wide;

pub use crate::finding::{
    ADD_COLUMNS, CONVERT_ENCODING, Cure, Cures, DROP_BOM, FIXES, Fix, Level, PAD_DATE,
    RENAME_COLUMN, RENAME_FILE, TRIM_VALUE, UNIFY_LINE_ENDS, WRITE_ALLOWED_VALUE,
};
pub use survey::Plan;

#[cfg(test)]
mod tests;

/// Why a copy could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read.
    #[error("cannot read it: {0}")]
    Read(#[source] io::Error),
    /// The copy could not be written.
    #[error("cannot write it: {0}")]
    Write(#[source] io::Error),
}

/// Who is told what is changed.
pub trait Edits {
    /// Takes a record that is changed. Only these are told, in their order.
    fn edit(&mut self, edit: &Edit<'_>);
}

/// Takes no notice.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEdits;

impl Edits for NoEdits {
    fn edit(&mut self, _: &Edit<'_>) {}
}

/// A record that is changed.
pub struct Edit<'a> {
    line: u64,
    new_line: u64,
    fixes: &'a [&'static Fix],
    cells: &'a dyn Fn(Side) -> Vec<Cell>,
}

/// Before or after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Edit<'_> {
    /// The physical line of the file that the record starts on, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The physical line of the copy that the record starts on, from 1.
    pub fn new_line(&self) -> u64 {
        self.new_line
    }

    /// What is done, in order: each as often as it is done.
    pub fn fixes(&self) -> &[&'static Fix] {
        self.fixes
    }

    /// The pieces of the record as it is in the file: fields, what parts them, and, where it is
    /// changed, its line end.
    pub fn before(&self) -> Vec<Cell> {
        (self.cells)(Side::Before)
    }

    /// The pieces of the record as it is in the copy.
    pub fn after(&self) -> Vec<Cell> {
        (self.cells)(Side::After)
    }
}
