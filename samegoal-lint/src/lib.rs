//! Finds out why SameGoal would ignore a CSV delivery before it is uploaded.
//!
//! The checks of what is in a file are in `samegoal-schema`. Here is what surrounds them: a
//! directory as a [listing], its [layout], the [run] over it, which findings are
//! [reported](policy), the [reports](report), and [where](output) they go as the [surroundings] have it, and the way from an
//! export to an epoch that can be [uploaded](stage).

pub mod baseline;
pub mod cli;
pub mod config;
mod digest;
mod drift;
pub mod explain;
pub mod fault;
pub mod layout;
pub mod learn;
pub mod listing;
pub mod output;
pub mod policy;
pub mod progress;
pub mod report;
pub mod rules;
pub mod run;
pub mod stage;
pub mod surroundings;
pub mod upload_script;
