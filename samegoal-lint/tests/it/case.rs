//! The fixtures as data, and what is reported of each.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use samegoal_lint::cli::{Cli, Lint};
use samegoal_lint::listing::Tree;
use samegoal_lint::report::Report;
use samegoal_lint::run;
use samegoal_schema::text::escape::visible;

use crate::tree::{self, InMemory, Node};

const ARGS: &str = "args.txt";
const EXPECTED: &str = "expected.txt";
const TREE: &str = "tree.txt";

/// The day on which dates are checked where a case does not say which.
const TODAY: &str = "--today=2026-01-05";

/// The directory of the fixtures.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// Whether to write files anew rather than compare them.
pub(crate) fn is_update() -> bool {
    std::env::var_os("SAMEGOAL_LINT_UPDATE").is_some()
}

/// One directory or file with what must be reported of it.
#[derive(Clone)]
pub(crate) struct Case {
    /// Where it is, from the fixtures on: `rules/csv/utf16/excel-unicode-text`.
    pub(crate) name: String,
    /// The directory that PATHs start from. Without a description of a tree it holds all of
    /// `nodes`.
    pub(crate) dir: PathBuf,
    pub(crate) nodes: Vec<Node>,
    /// Whether `nodes` come from a description and not from the disk.
    pub(crate) is_described: bool,
    /// The file that holds what must be reported.
    pub(crate) expected: PathBuf,
    /// The options and the PATH, as they are written down.
    pub(crate) args: Vec<String>,
}

impl Case {
    /// Whether it is a twin without findings.
    pub(crate) fn is_clean(&self) -> bool {
        self.name.rsplit('/').next().is_some_and(|last| last.starts_with("clean"))
    }

    /// The rule whose case it is: `csv/utf16`; `None` for a whole delivery.
    pub(crate) fn rule(&self) -> Option<&str> {
        self.name.strip_prefix("rules/")?.rsplit_once('/').map(|(rule, _)| rule)
    }

    pub(crate) fn memory(&self) -> InMemory {
        tree::in_memory(&self.nodes)
    }

    /// The command line without the program's name.
    pub(crate) fn command_line(&self) -> impl Iterator<Item = &str> {
        let says_day = self.args.iter().any(|arg| arg.starts_with("--today"));
        let today = (!says_day).then_some(TODAY);
        today.into_iter().chain(self.args.iter().map(String::as_str))
    }

    /// The command line, parsed.
    pub(crate) fn lint(&self) -> Lint {
        let cli = Cli::try_parse_from(std::iter::once("samegoal-lint").chain(self.command_line()));
        cli.unwrap_or_else(|error| panic!("{}: {error}", self.name)).lint
    }

    /// Lints the case as it is in `tree`.
    pub(crate) fn run(&self, tree: &dyn Tree) -> Report {
        let (api, lint) = (samegoal_schema::generic_api(), self.lint());
        let targets = run::targets(tree, &api, &lint.paths, lint.kind, lint.recursive)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let batches = run::batches(tree, &api, targets, &lint.config.choice())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        run::run_batches(tree, &api, &lint.request(0), batches, &mut std::io::empty())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// Every fixture, in the order of their names.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = rules();
    for dir in directories(&root().join("epochs")) {
        let path = dir.file_name().unwrap().to_str().unwrap();
        let nodes = tree::read(dir.parent().unwrap(), &|name| name == path);
        cases.push(Case {
            name: format!("epochs/{path}"),
            expected: dir.with_extension("expected.txt"),
            dir: dir.parent().unwrap().to_owned(),
            nodes,
            is_described: false,
            args: vec![path.to_owned()],
        });
    }
    cases
}

/// The cases of the rules.
pub(crate) fn rules() -> Vec<Case> {
    let groups = directories(&root().join("rules"));
    let defects = groups.iter().flat_map(|group| directories(group));
    defects.flat_map(|defect| directories(&defect)).filter_map(|dir| rule_case(&dir)).collect()
}

/// The directories in `dir`, sorted.
pub(crate) fn directories(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_dir());
    paths.sort();
    paths
}

fn rule_case(dir: &Path) -> Option<Case> {
    let description = fs::read_to_string(dir.join(TREE)).ok();
    let nodes = match &description {
        Some(text) => tree::parse(text, &|name| part(dir, name))?,
        None => tree::read(dir, &|name| ![ARGS, EXPECTED].contains(&name)),
    };
    let args = fs::read_to_string(dir.join(ARGS)).unwrap_or_default();
    let mut args: Vec<_> = args.lines().map(str::to_owned).collect();
    if args.iter().all(|arg| arg.starts_with('-')) {
        args.push(only_root(dir, &nodes));
    }
    let name = dir.strip_prefix(root()).unwrap();
    let name: Vec<_> = name.iter().map(|part| part.to_str().unwrap()).collect();
    Some(Case {
        name: name.join("/"),
        dir: dir.to_owned(),
        expected: dir.join(EXPECTED),
        is_described: description.is_some(),
        nodes,
        args,
    })
}

/// A part of a described file: one of the case's own, or one that cases share.
fn part(dir: &Path, name: &str) -> Vec<u8> {
    let own = fs::read(dir.join(name));
    own.or_else(|_| fs::read(root().join("parts").join(name)))
        .unwrap_or_else(|error| panic!("{}: {name}: {error}", dir.display()))
}

/// The one name in which all paths begin: the PATH where none is given.
fn only_root(dir: &Path, nodes: &[Node]) -> String {
    let mut roots: Vec<_> = nodes.iter().filter_map(|node| node.path.iter().next()).collect();
    roots.dedup();
    match roots[..] {
        [root] => root.to_str().unwrap().to_owned(),
        _ => panic!("{}: say in {ARGS} which PATH is meant", dir.display()),
    }
}

/// What is reported of a case: a line a finding, without its words, and then what was not checked.
pub(crate) fn reported(report: &Report) -> String {
    let mut text = String::new();
    for reported in &report.found.findings {
        let place = reported.finding.location.as_ref();
        let place = place.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        let (path, rule) = (visible(&reported.path), reported.finding.rule.name);
        writeln!(text, "{path}{place}: {}[{rule}]", reported.severity).unwrap();
    }
    for skipped in &report.not_checked {
        writeln!(text, "not checked: {}: {}", visible(&skipped.path), skipped.what).unwrap();
    }
    text
}

/// Runs a check on each case and reports all that fail.
pub(crate) fn each(cases: &[Case], check: impl Fn(&Case) -> Result<(), String>) {
    let failures: Vec<_> = cases
        .iter()
        .filter_map(|case| Some(format!("{}:\n{}", case.name, check(case).err()?)))
        .collect();
    assert!(failures.is_empty(), "{} of {}\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// That two texts are equal.
pub(crate) fn same(name: &str, left: &str, right: &str) -> Result<(), String> {
    if left == right {
        Ok(())
    } else {
        Err(format!("{name}\n--- this:\n{left}--- should be:\n{right}"))
    }
}
