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

use std::fmt;
use std::io;

use crate::finding::Cell;

mod apply;
mod doubt;
mod record;
mod survey;
mod wide;

pub use crate::cure::{Cure, Cures};
pub use survey::Plan;

#[cfg(test)]
mod tests;

/// One way to mend a file.
///
/// Names are stable: once released, a name never changes its meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is done, in kebab case.
    pub name: &'static str,
    /// How far it can be relied on.
    pub level: Level,
    /// What is done, in a few words.
    pub summary: &'static str,
    /// The names of the rules whose findings go away by it.
    pub cures: &'static [&'static str],
}

/// How far a fix can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// What is there has one reading, and the copy says the same.
    Safe,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safe => "safe",
        })
    }
}

macro_rules! fixes {
    ($($(#[$meta:meta])* $ident:ident = $name:literal: $summary:literal, cures $cures:expr;)+) => {
        $(
            $(#[$meta])*
            pub static $ident: Fix =
                Fix { name: $name, level: Level::Safe, summary: $summary, cures: &$cures };
        )+

        /// Every fix, in the order in which they are done.
        pub static FIXES: &[&Fix] = &[$(&$ident),+];
    };
}

fixes! {
    /// A name that is near that of a file of the API becomes that name.
    RENAME_FILE = "rename-file": "gives a file its exact name",
        cures ["layout/misnamed-file", "layout/auto-file-in-epoch"];
    /// UTF-16 and UTF-32 by their mark; Windows-1252 if each of its bytes can be nothing else.
    CONVERT_ENCODING = "convert-encoding": "writes the same text in UTF-8",
        cures ["csv/utf16", "csv/invalid-utf8"];
    /// The byte-order mark at the start goes.
    DROP_MARK = "drop-mark": "leaves the byte-order mark out", cures ["csv/byte-order-mark"];
    /// Every record ends as most do.
    UNIFY_LINE_ENDS = "unify-line-ends": "ends every record as most end",
        cures ["csv/mixed-line-ends", "csv/bare-carriage-return"];
    /// A header that is a column's name but for case, blanks, punctuation and look-alike letters, or
    /// is a former name, becomes the name.
    RENAME_COLUMN = "rename-column": "gives a column its exact name",
        cures ["header/misnamed-column"];
    /// Published optional columns that are missing stand empty at the end.
    ADD_COLUMNS = "add-columns": "adds optional columns, empty",
        cures ["header/missing-optional-columns"];
    /// White space before and after the values of known columns goes.
    TRIM_VALUE = "trim-value": "leaves white space round a value out", cures ["value/padded"];
    /// A value that is an allowed one but for case and punctuation becomes that one.
    WRITE_ALLOWED_VALUE = "write-allowed-value": "writes an allowed value as it is published",
        cures ["value/not-allowed"];
    /// Month and day get two digits, where the column shows which of them comes first.
    PAD_DATE = "pad-date": "writes month and day with two digits", cures ["value/unpadded-date"];
}

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
