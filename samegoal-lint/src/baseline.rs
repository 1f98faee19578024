//! The findings of an epoch as the entries of a configuration that accept them.

use std::fmt::Write;

use samegoal_schema::{RULES, Schema};

use crate::escape::toml_string;
use crate::listing::Tree;
use crate::policy::Policy;
use crate::run::{Request, RunError, run};

/// Prints an entry for each rule, file and column in which something is found.
///
/// What the configuration of the request accepts already is among them, so that the entries are the
/// whole of it. What is found about the configuration itself is not: it is to be mended there.
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
    let policy = Policy { takes_census: true, max_findings: 1, ..request.policy.clone() };
    let request = Request { policy, ..request.clone() };
    let report = run(tree, api, &request, &mut std::io::empty())?;
    let mut out = String::new();
    for rule in RULES.iter().filter(|rule| rule.group() != "config") {
        let mut found: Vec<_> =
            report.found.census.iter().filter(|((name, ..), _)| *name == rule.name).collect();
        found.sort();
        for ((_, file, column), count) in found {
            // Writing to a string does not fail.
            let _ = writeln!(out, "# {} ({})", rule.summary(), rule.consequence);
            let _ = writeln!(out, "[[accept]]\nrule = {}", toml_string(rule.name));
            for (key, value) in [("file", file), ("column", column)] {
                if let Some(value) = value {
                    let _ = writeln!(out, "{key} = {}", toml_string(value));
                }
            }
            let _ = writeln!(out, "count = {count}\n");
        }
    }
    if out.is_empty() {
        out.push_str("# Nothing was found that would have to be accepted.\n");
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
