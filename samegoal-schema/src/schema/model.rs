//! The types that describe an API of CSV files.
//!
//! These are plain values: [`generic_api`](crate::generic_api) makes the built-in description, and
//! you can build another one by hand or read it with serde.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

mod column;

pub use column::{AddressPart, Code, ColumnSpec, Content, Format, Reference, ValueSynonym};

/// A name or note: borrowed from the program if built in, owned if read.
pub type Text = Cow<'static, str>;

/// A set of CSV files that are delivered together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The files by their exact names, in the order in which they are checked: a file comes before
    /// those that refer to it.
    pub files: IndexMap<Text, FileSpec>,
}

impl Schema {
    /// The file with exactly this name.
    ///
    /// ```
    /// let api = samegoal_schema::generic_api();
    /// assert!(api.file("students.csv").is_some());
    /// assert!(api.file("Students.csv").is_none());
    /// ```
    pub fn file(&self, name: &str) -> Option<&FileSpec> {
        self.files.get(name)
    }

    /// The files in their order.
    pub fn files(&self) -> impl Iterator<Item = &FileSpec> {
        self.files.values()
    }
}

/// One file of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileSpec {
    /// The exact name, for example `students.csv`.
    pub name: Text,
    /// Whether a delivery must contain the file.
    pub presence: Presence,
    /// Whether `columns` is the whole list.
    pub completeness: Completeness,
    /// A file that must be delivered together with this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<Text>,
    /// Names of the file in older editions of the API.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<Text>,
    /// How its existence is known.
    pub source: Source,
    /// What the file is for.
    pub note: Text,
    /// The columns by their exact names, in the published order.
    pub columns: IndexMap<Text, ColumnSpec>,
}

impl FileSpec {
    /// The column with exactly this name, or with this published spelling.
    ///
    /// ```
    /// let api = samegoal_schema::generic_api();
    /// let users = api.file("users.csv").unwrap();
    /// assert_eq!(users.column("Roles").unwrap().name, "Role");
    /// assert!(users.column("roles").is_none());
    /// ```
    pub fn column(&self, name: &str) -> Option<&ColumnSpec> {
        self.columns.get(name).or_else(|| {
            self.columns.values().find(|column| column.spellings.iter().any(|other| other == name))
        })
    }

    /// The columns in the published order.
    pub fn columns(&self) -> impl Iterator<Item = &ColumnSpec> {
        self.columns.values()
    }

    /// The name of the file when it is put directly in the upload root: `students_auto.csv` for
    /// `students.csv`.
    pub fn auto_name(&self) -> String {
        match self.name.strip_suffix(".csv") {
            Some(stem) => format!("{stem}_auto.csv"),
            None => format!("{}_auto", self.name),
        }
    }
}

/// Whether a file or a column must be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It must be there; a required column must also be filled in every record.
    Required,
    /// It must be there; the values of such a column may be empty.
    Present,
    /// It may be left out or empty.
    #[default]
    Optional,
    /// Whether it may be left out is not published.
    Unknown,
}

impl Presence {
    /// Whether it must be there, filled or not.
    pub fn is_demanded(self) -> bool {
        matches!(self, Self::Required | Self::Present)
    }
}

/// Whether a file's column list is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    /// Every column is known, so a missing or unknown one can be reported.
    Complete,
    /// Only some columns are known; nothing is known about the others.
    Partial,
}

/// How a fact is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The vendor's support document about other or custom student information systems.
    Document,
    /// The vendor's public support pages.
    #[default]
    Page,
    /// A conclusion of this project; the note gives the reason.
    Inferred,
    /// The district itself: a configuration that completes the published list.
    District,
}
