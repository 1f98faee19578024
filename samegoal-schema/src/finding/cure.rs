//! The fixes by name, and which of them cures a finding.

use std::fmt;

use crate::schema::Text;

/// One way to fix a file.
///
/// Names are stable: once released, a name never changes its meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in kebab case.
    pub name: &'static str,
    /// How reliable it is.
    pub level: Level,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The names of the rules whose findings it cures.
    pub cures: &'static [&'static str],
}

/// How reliable a fix is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// The original can mean only one thing, and the copy says the same.
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

        /// Every fix, in the order in which they are applied.
        pub static FIXES: &[&Fix] = &[$(&$ident),+];
    };
}

fixes! {
    /// A name close to that of an API file becomes that name.
    RENAME_FILE = "rename-file": "gives a file its exact name",
        cures ["layout/misnamed-file", "layout/auto-file-in-epoch"];
    /// UTF-16 and UTF-32 by their byte-order mark; Windows-1252 if every byte fits only that.
    CONVERT_ENCODING = "convert-encoding": "writes the same text in UTF-8",
        cures ["csv/utf16", "csv/invalid-utf8"];
    /// Removes the byte-order mark at the start.
    DROP_BOM = "drop-mark": "removes the byte-order mark", cures ["csv/byte-order-mark"];
    /// Every record ends the way most records do.
    UNIFY_LINE_ENDS = "unify-line-ends": "ends every record the way most records end",
        cures ["csv/mixed-line-ends", "csv/bare-carriage-return"];
    /// A header that equals a column's name except for case, spaces, punctuation and look-alike
    /// letters, or is a former name, becomes that name.
    RENAME_COLUMN = "rename-column": "gives a column its exact name",
        cures ["header/misnamed-column"];
    /// Published optional columns that are missing are added at the end, empty.
    ADD_COLUMNS = "add-columns": "adds the missing optional columns, empty",
        cures ["header/missing-optional-columns"];
    /// Removes whitespace before and after the values of known columns.
    TRIM_VALUE = "trim-value": "removes whitespace around a value", cures ["value/padded"];
    /// A value that equals an allowed one except for case and punctuation becomes that one.
    WRITE_ALLOWED_VALUE = "write-allowed-value": "writes an allowed value exactly as published",
        cures ["value/not-allowed"];
    /// Month and day get two digits, if the column shows which of them comes first.
    PAD_DATE = "pad-date": "writes month and day with two digits", cures ["value/unpadded-date"];
}

/// That a fix cures a finding, as far as its place shows. Whether it does may depend on the rest of
/// the file; [`Cures`] knows.
#[derive(Clone, Copy, Debug)]
pub struct Cure<'a> {
    /// The name of the fix.
    pub fix: &'static str,
    /// The known name of the column, if the finding is about a value.
    pub column: Option<&'a str>,
}

impl<'a> Cure<'a> {
    pub(crate) fn of(fix: &'static Fix) -> Self {
        Self { fix: fix.name, column: None }
    }

    pub(crate) fn in_column(fix: &'static Fix, column: &'a str) -> Self {
        Self { fix: fix.name, column: Some(column) }
    }

    /// Whether only a second pass over the file can decide it: [`Plan::survey`].
    ///
    /// [`Plan::survey`]: crate::fix::Plan::survey
    pub fn is_open(&self) -> bool {
        self.fix == PAD_DATE.name || self.fix == CONVERT_ENCODING.name
    }
}

/// Which fixes apply to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fix that is made or not")]
pub struct Cures {
    /// Whether the file gets a new name.
    pub renames_file: bool,
    /// Whether its records are reliable. If not, no other fix applies.
    pub(crate) is_read: bool,
    /// Whether that takes a second pass.
    pub(crate) is_open: bool,
    pub(crate) adds_columns: bool,
    pub(crate) converts: bool,
    /// The columns whose dates are padded.
    pub(crate) padded: Vec<Text>,
}

impl Cures {
    /// Whether it takes a second pass over the file to know more: [`Plan::survey`].
    ///
    /// [`Plan::survey`]: crate::fix::Plan::survey
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The same, with or without a new name for the file.
    #[must_use]
    pub fn renaming_file(self, renames_file: bool) -> Self {
        Self { renames_file, ..self }
    }

    /// Whether the fix applies.
    pub fn hold(&self, cure: Cure<'_>) -> bool {
        if cure.fix == RENAME_FILE.name {
            return self.renames_file;
        }
        self.is_read
            && match cure.fix {
                fix if fix == ADD_COLUMNS.name => self.adds_columns,
                fix if fix == CONVERT_ENCODING.name => self.converts,
                fix if fix == PAD_DATE.name => {
                    cure.column.is_some_and(|column| self.padded.iter().any(|name| name == column))
                }
                _ => true,
            }
    }
}
