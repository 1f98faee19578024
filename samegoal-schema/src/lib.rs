//! The SameGoal generic CSV API as data, and the checks over it.

pub mod api;
pub mod check;
pub mod error;
pub mod finding;
pub mod model;
pub mod rule;
pub mod text;

pub use api::generic_api;
pub use check::header::recognise;
pub use error::Error;
pub use finding::{
    Admission, Cell, Excerpt, Finding, Location, Message, Part, Privacy, Related, Sink,
};
pub use model::{
    ColumnSpec, Completeness, Content, FileSpec, Format, Presence, Reference, Schema, Source,
};
pub use rule::{Consequence, Exception, RULES, Rule, Severity, rule};
