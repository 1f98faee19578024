//! Names, white space, dates and numbers as people and programs write them.
//!
//! The bytes of one value or name come in; what they say goes out. Imports nothing of this crate.

pub mod date;
pub(crate) mod encoding;
pub mod escape;
pub mod lookalike;
pub(crate) mod nothing;
pub(crate) mod short;
pub(crate) mod whitespace;
pub mod wording;
