//! The parts of `samegoal-lint`, for programs that embed it.

pub mod layout;
pub mod listing;
