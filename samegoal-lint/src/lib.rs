//! Finds out why SameGoal would ignore a CSV delivery before it is uploaded.
//!
//! The checks themselves are in `samegoal-schema`. Here is what surrounds them: how much of a cell
//! may be [seen](mask), and what is [printable](escape).

pub mod escape;
pub mod mask;
