//! The SameGoal generic CSV API as data, and the checks over it.

pub mod api;
mod blank;
pub mod check;
pub mod date;
mod encoding;
pub mod error;
pub mod finding;
mod keys;
pub mod model;
pub mod overlay;
mod recover;
pub mod rule;
pub mod scan;
mod sheet;
mod split;
#[cfg(test)]
mod testing;
pub mod text;
mod validate;
mod words;

pub use api::generic_api;
pub use error::Error;
pub use finding::{
    Admission, Cell, Excerpt, Finding, Location, Message, Part, Privacy, Related, Sink,
};
pub use model::{
    Code, ColumnSpec, Completeness, Content, FileSpec, Format, Presence, Reference, Schema, Source,
    ValueSynonym,
};
pub use rule::{Consequence, Exception, RULES, Rule, Severity, rule};
pub use validate::{NotChecked, Session, Summary, check, recognise};
