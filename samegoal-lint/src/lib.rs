//! Finds out why SameGoal would ignore a CSV delivery before it is uploaded.
//!
//! The checks themselves are in `samegoal-schema`. Here is what surrounds them: which findings are
//! [reported](policy), how much of a cell may be [seen](mask), what is [printable](escape), and the
//! [reports](report).

pub mod escape;
pub mod explain;
pub mod mask;
pub mod policy;
pub mod report;
