//! The tests of the whole way: from a directory to a report, and from a command line to an exit
//! status.

mod config;
mod docs;
mod readme;
