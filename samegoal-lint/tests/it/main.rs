//! The integration tests of the program, in one binary.

mod docs;
mod readme;
