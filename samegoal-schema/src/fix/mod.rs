//! Fixes in a copy what can mean only one thing.
//!
//! To make a [`Plan`], read a file once. To apply it, read the file a second time; this writes a
//! copy in which every byte that no fix touches stays the same. Lines stay where they are: no fix
//! removes a record, or anything with a line end in it. (CR CR LF becomes one line end; it was
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

pub use crate::finding::cure::{
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

/// Receives the changes.
pub trait Edits {
    /// Takes a changed record. Unchanged records are not passed, and the order is that of the file.
    fn edit(&mut self, edit: &Edit<'_>);
}

/// Ignores the changes.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEdits;

impl Edits for NoEdits {
    fn edit(&mut self, _: &Edit<'_>) {}
}

/// A changed record.
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

    /// The fixes, in order: each as often as it was applied.
    pub fn fixes(&self) -> &[&'static Fix] {
        self.fixes
    }

    /// The pieces of the record in the file: fields, what separates them, and the line end if it
    /// changes.
    pub fn before(&self) -> Vec<Cell> {
        (self.cells)(Side::Before)
    }

    /// The pieces of the record in the copy.
    pub fn after(&self) -> Vec<Cell> {
        (self.cells)(Side::After)
    }
}
