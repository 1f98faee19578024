//! Proves that files are read and checked correctly: a second reader and the csv crate must agree,
//! nothing may depend on how the bytes arrive, and a planted fault must be found at its place, as
//! what it is.
//!
//! `SAMEGOAL_LINT_CASES` sets the number of cases for each property, and `SAMEGOAL_LINT_BYTES` the
//! size of the [hostile] files.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod chunks;
mod failing;
mod faults;
mod header_faults;
mod hostile;
mod metamorphic;
mod oracle;
mod partial;
mod planted;
mod readers;
mod soup;
mod students;
mod support;
mod twin;
mod twin_agrees;
