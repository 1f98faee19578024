//! The API as data: files, columns and what they may contain.
//!
//! Only a district's additions come in; a [`Schema`] goes out. Imports `text`.

pub mod api;
pub(crate) mod comparison;
pub mod export;
pub mod model;
pub mod overlay;

pub use api::generic_api;
pub use comparison::Role;
pub use model::{
    AddressPart, Code, ColumnSpec, Completeness, Content, FileSpec, Format, Presence, Reference,
    Schema, Source, Text, ValueSynonym,
};
