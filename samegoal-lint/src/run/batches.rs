//! Targets, each with the configuration that is its own.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use samegoal_schema::Schema;

use super::{Given, Request, RunError, run};
use crate::config::{self, Choice, ConfigError, Loaded};
use crate::layout::TargetKind;
use crate::listing::{Tree, display};
use crate::report::{NotChecked, Report};

/// Targets that follow each other, are of one kind and have one configuration.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Their paths.
    pub paths: Vec<PathBuf>,
    /// What they are; found out by their looks without.
    pub kind: Option<TargetKind>,
    /// Their configuration, if they have one.
    pub config: Option<Arc<Loaded>>,
    /// Files that look like one and are not in force, since they lie beside what is linted.
    pub passed_over: BTreeSet<PathBuf>,
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
                    None => Arc::new(Loaded::read(tree, api, &file, choice)?),
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
        let passed_over = config::passed_over(tree, &path, choice);
        if let Some(batch) = batches.last_mut().filter(is_same) {
            batch.paths.push(path);
            batch.passed_over.extend(passed_over);
        } else {
            let passed_over = passed_over.into_iter().collect();
            batches.push(Batch { paths: vec![path], kind, config, passed_over });
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
    for Batch { paths, kind, config, passed_over } in batches {
        let request = Request { paths, kind, config, ..request.clone() };
        let mut report = run(tree, api, &request, input)?;
        report.not_checked.extend(passed_over.iter().map(|path| not_in_force(path)));
        match &mut whole {
            None => whole = Some(report),
            Some(whole) => whole.absorb(report),
        }
    }
    Ok(whole.unwrap_or_default())
}

fn not_in_force(path: &Path) -> NotChecked {
    let path = display(path);
    NotChecked {
        what: "settings".into(),
        why: "it is next to the file; a configuration applies only from above the folder".into(),
        remedy: format!("`--config {path}` uses it").into(),
        path,
    }
}
