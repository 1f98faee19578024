//! Finds out why SameGoal would ignore a CSV delivery before it is uploaded.
//!
//! The checks of what is in a file are in `samegoal-schema`. Here is what surrounds them: a
//! directory as a [listing], its [layout], the [run] over it, which findings are
//! [reported](policy), how much of a cell may be [seen](mask), what is [printable](escape), the
//! [reports](report), and [where](output) they go as the [surroundings] have it, and the way from an
//! export to an epoch that can be [uploaded](stage).

pub mod baseline;
pub mod cli;
pub mod config;
mod digest;
mod drift;
pub mod escape;
pub mod explain;
pub mod fault;
pub mod layout;
pub mod learn;
pub mod listing;
pub mod mask;
pub mod output;
pub mod policy;
pub mod progress;
pub mod report;
pub mod run;
pub mod stage;
pub mod surroundings;
pub mod upload_script;
