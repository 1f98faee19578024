//! Finds out why SameGoal would ignore a CSV delivery before it is uploaded.
//!
//! The checks of what is in a file are in `samegoal-schema`. Here is what surrounds them: a
//! directory as a [listing], its [layout], the [run] over it, which findings are
//! [reported](policy), how much of a cell may be [seen](mask), what is [printable](escape), the
//! [reports](report), and the way from an export to an epoch that can be [uploaded](stage).

pub mod cli;
pub mod escape;
pub mod explain;
pub mod layout;
pub mod listing;
pub mod mask;
pub mod policy;
pub mod report;
pub mod run;
pub mod stage;
pub mod upload_script;
