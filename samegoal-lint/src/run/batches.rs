//! Targets, each with the configuration that is its own.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use samegoal_schema::Schema;

use super::{Given, Request, RunError, run};
use crate::config::{self, Choice, ConfigError, Loaded};
use crate::layout::TargetKind;
use crate::listing::Tree;
use crate::report::Report;

/// Targets that follow each other, are of one kind and have one configuration.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Their paths.
    pub paths: Vec<PathBuf>,
    /// What they are; found out by their looks without.
    pub kind: Option<TargetKind>,
    /// Their configuration, if they have one.
    pub config: Option<Arc<Loaded>>,
}

/// Finds and reads the configuration of each target.
///
/// # Errors
///
/// [`ConfigError`], about the first that cannot be used.
pub fn batches(
    tree: &dyn Tree,
    api: &Schema,
    targets: Vec<Given>,
    choice: &Choice,
) -> Result<Vec<Batch>, ConfigError> {
    let mut read: Vec<(PathBuf, Arc<Loaded>)> = Vec::new();
    let mut batches: Vec<Batch> = Vec::new();
    for Given { path, kind } in targets {
        let config = match config::locate(tree, &path, choice)? {
            None => None,
            Some(file) => {
                let known = read.iter().find(|(known, _)| *known == file);
                let config = match known {
                    Some((_, config)) => Arc::clone(config),
                    None => Arc::new(Loaded::read(tree, api, &file)?),
                };
                if known.is_none() {
                    read.push((file, Arc::clone(&config)));
                }
                Some(config)
            }
        };
        let is_same = |batch: &&mut Batch| {
            batch.kind == kind
                && match (&batch.config, &config) {
                    (None, None) => true,
                    (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                    _ => false,
                }
        };
        match batches.last_mut().filter(is_same) {
            Some(batch) => batch.paths.push(path),
            None => batches.push(Batch { paths: vec![path], kind, config }),
        }
    }
    Ok(batches)
}

/// Lints batches as what one run has found. Of the request the paths, their kind and the
/// configuration make no difference.
///
/// # Errors
///
/// As those of [`run`].
pub fn run_batches(
    tree: &dyn Tree,
    api: &Schema,
    request: &Request,
    batches: Vec<Batch>,
    input: &mut (dyn Read + Send),
) -> Result<Report, RunError> {
    let mut whole: Option<Report> = None;
    for Batch { paths, kind, config } in batches {
        let request = Request { paths, kind, config, ..request.clone() };
        let report = run(tree, api, &request, input)?;
        match &mut whole {
            None => whole = Some(report),
            Some(whole) => whole.absorb(report),
        }
    }
    Ok(whole.unwrap_or_default())
}
