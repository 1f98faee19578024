//! The findings of an epoch as the entries of a configuration that accept them.

use std::fmt::Write;

use crate::rules::RULES;
use samegoal_schema::{Rule, Schema, Severity};

use crate::config::{Accept, RuleName};
use crate::listing::{Tree, display};
use crate::policy::{Policy, Reported};
use crate::run::{Request, RunError, newest_complete, run};
use samegoal_schema::text::escape::visible;

/// Prints an entry for each rule, file and column in which something is found; of an upload folder,
/// in its newest complete epoch.
///
/// An error of the layout gets none: SameGoal ignores the file or the whole delivery, whatever is
/// accepted here. A comment says so.
///
/// What the configuration of the request accepts already is among them, so that the entries are the
/// whole of it. What is found about the configuration itself is not: fix it there.
///
/// # Errors
///
/// [`RunError`].
///
/// ```
/// use samegoal_lint::baseline::baseline;
/// use samegoal_lint::listing::Memory;
/// use samegoal_lint::run::Request;
///
/// let tree = Memory::new().file("epoch/guardians.csv", "Student Id\n1001\n 1002\n");
/// let request = Request { paths: vec!["epoch".into()], ..Request::default() };
/// let toml = baseline(&tree, &samegoal_schema::generic_api(), &request)?;
/// assert!(toml.contains(
///     "[[accept]]\n\
///      rule = \"value/padded\"\n\
///      file = \"guardians.csv\"\n\
///      column = \"Student Id\"\n\
///      count = 1\n"
/// ));
/// # Ok::<(), samegoal_lint::run::RunError>(())
/// ```
pub fn baseline(tree: &dyn Tree, api: &Schema, request: &Request) -> Result<String, RunError> {
    let Baseline { mut notes, entries, is_all } = Baseline::of(tree, api, request)?;
    notes.extend(entries.iter().map(Accept::to_toml));
    if entries.is_empty() && is_all {
        notes.push_str("# There is nothing to accept.\n");
    }
    Ok(notes)
}

/// What is found in an epoch, to be accepted in the configuration in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// Comments on where it was found, and on what cannot be accepted.
    pub notes: String,
    /// What can be accepted: the whole of it, with what the configuration accepts already.
    pub entries: Vec<Accept>,
    /// Whether everything that was found can be accepted.
    pub is_all: bool,
}

impl Baseline {
    /// Finds it.
    ///
    /// # Errors
    ///
    /// [`RunError`].
    pub fn of(tree: &dyn Tree, api: &Schema, request: &Request) -> Result<Self, RunError> {
        let policy = Policy { takes_census: true, max_findings: 1, ..request.policy.clone() };
        let mut request = Request { policy, ..request.clone() };
        let mut notes = String::new();
        for path in &mut request.paths {
            if let Some(epoch) = newest_complete(tree, api, path)? {
                let [folder, epoch_name] =
                    [&*path, &epoch].map(|path| visible(&display(path)).into_owned());
                // Writing to a string does not fail.
                let _ = writeln!(
                    notes,
                    "# Found in {epoch_name}, the newest complete epoch in {folder}.\n"
                );
                *path = epoch;
            }
        }
        let report = run(tree, api, &request, &mut std::io::empty())?;
        let is_ignored = |rule: &Rule| {
            let is_error =
                |it: &Reported| it.finding.rule.name == rule.name && it.severity == Severity::Error;
            rule.group() == "layout" && report.found.findings.iter().any(is_error)
        };
        let mut is_all = true;
        for rule in RULES.iter().filter(|rule| is_ignored(rule)) {
            is_all = false;
            let _ = writeln!(
                notes,
                "# Not accepted: {} ({}). {} Fix it; SameGoal does not read this file.\n",
                rule.name, rule.consequence, rule.manual.summary
            );
        }
        let mut entries = Vec::new();
        for rule in RULES.iter().filter(|rule| rule.group() != "config" && !is_ignored(rule)) {
            let census = report.found.census.iter();
            let mut found: Vec<_> = census.filter(|((name, ..), _)| *name == rule.name).collect();
            found.sort();
            entries.extend(found.into_iter().map(|((_, file, column), count)| Accept {
                rule: RuleName(rule),
                file: file.clone(),
                column: column.clone(),
                count: *count,
                reason: None,
            }));
        }
        Ok(Self { notes, entries, is_all })
    }
}

#[cfg(test)]
mod tests;
