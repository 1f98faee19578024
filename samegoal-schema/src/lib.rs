//! The SameGoal generic CSV API as data, and the checks for it.
//!
//! SameGoal takes a school district's demographics as CSV files with fixed names and columns. This
//! crate knows them ([`generic_api`]), reads files strictly enough to check them ([`csv`]) and
//! reports what is wrong with them ([`Session`], or [`check`](fn@check) for a single file). It uses
//! no terminal, file system, environment or clock; the program `samegoal-lint` does.
//!
//! ```
//! use samegoal_schema::{Session, generic_api};
//!
//! let api = generic_api();
//! let mut session = Session::new(&api);
//! let mut findings = Vec::new();
//! let csv = "Student Id,Last Name,First Name,DOB\n1001,Okafor,Ada,2012-02-30\n";
//! session.check("students.csv", csv.as_bytes(), &mut findings)?;
//!
//! let names: Vec<_> = findings.iter().map(|finding| finding.rule.name).collect();
//! assert!(names.contains(&"header/misnamed-column"));
//! assert!(names.contains(&"value/impossible-date"));
//! # Ok::<(), samegoal_schema::Error>(())
//! ```
//!
//! # Findings and errors
//!
//! Anything wrong with the data is a [`Finding`], in the order in which it is found. An [`Error`]
//! means that a file could not be read to its end. No input makes this crate panic.
//!
//! # Personal data
//!
//! Anything from a file is kept in a [`Cell`], which cannot be printed, serialized or compared by
//! accident. Code that shows findings decides how much of a cell to show.

pub mod text;

pub mod schema;

pub mod csv;

pub mod finding;

pub mod check;

mod validate;

pub mod fix;
pub mod rows;

#[cfg(test)]
mod testing;

pub use check::{RULES, rule};
pub use finding::{
    Admission, Cell, Consequence, Exception, Excerpt, Finding, Folded, Location, Message, Part,
    Privacy, Related, Rule, Severity, Sink, Variant,
};
pub use schema::{
    Code, ColumnSpec, Completeness, Content, FileSpec, Format, Presence, Reference, Schema, Source,
    ValueSynonym, generic_api,
};
/// For the messages of samegoal-lint, so that numbers look the same there.
#[doc(hidden)]
pub use text::wording::thousands;
pub use validate::{Error, NotChecked, Session, Summary, check, recognize};

/// Compiles and runs the Rust code in the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
