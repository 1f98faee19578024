//! Names, whitespace, dates and numbers as people and programs write them.
//!
//! The bytes of one value or name come in; their meaning goes out. Imports nothing from this crate.

pub mod calendar;
pub(crate) mod encoding;
pub mod escape;
pub mod lookalike;
pub(crate) mod null_words;
pub(crate) mod short;
pub(crate) mod whitespace;
pub mod wording;
