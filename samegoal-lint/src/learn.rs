//! A configuration from an epoch that SameGoal has processed.
//!
//! What is learnt are names: of files, of columns, of buildings. Nothing of a child's data goes into
//! it. So a first line is only taken for the names of columns if nothing in it looks like data, and
//! the values of one column only: that of the buildings.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use samegoal_schema::api::BUILDINGS;
use samegoal_schema::scan::{Record, Scanner};
use samegoal_schema::{Completeness, FileSpec, Presence, Schema, Severity};

use crate::escape::{toml_string, visible};
use crate::layout::TargetKind;
use crate::listing::{Source, Tree, display};
use crate::report::{FileEntry, Report};
use crate::run::{Request, RunError, run};

/// More columns than this are no header.
const MOST_COLUMNS: usize = 200;

/// A name of a column or a building has no more characters than this.
const LONGEST_NAME: usize = 80;

/// How many different buildings are learnt at most.
const MOST_BUILDINGS: usize = 1000;

/// Why nothing is learnt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LearnError {
    /// The epoch cannot be linted.
    #[error(transparent)]
    Run(#[from] RunError),
    /// It is not there, or has nothing in it.
    #[error("there is no file of the API in `{0}` to learn from")]
    Nothing(String),
    /// A file cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// A name may be somebody's data.
    #[error(
        "the first line of `{path}` is not taken for names of columns: number {column} of it looks \
         like data. Nothing was learnt"
    )]
    LooksLikeData {
        /// The file.
        path: String,
        /// The position, from 1.
        column: usize,
    },
}

/// Prints the configuration that pins what an epoch holds.
///
/// # Errors
///
/// [`LearnError`].
///
/// ```
/// use samegoal_lint::learn::learn;
/// use samegoal_lint::listing::Memory;
///
/// let tree = Memory::new()
///     .file("epoch/guardians.csv", "Student Id,Last Name,Phone\n1001,Okafor,555-0100\n");
/// let toml = learn(&tree, &samegoal_schema::generic_api(), "epoch".as_ref())?;
/// assert!(toml.contains(r#""Phone" = { required = true, may-be-empty = true }"#));
/// assert!(!toml.contains("Okafor"));
/// # Ok::<(), samegoal_lint::learn::LearnError>(())
/// ```
pub fn learn(tree: &dyn Tree, api: &Schema, epoch: &Path) -> Result<String, LearnError> {
    let request = Request {
        paths: vec![epoch.to_owned()],
        kind: Some(TargetKind::Epoch),
        ..Request::default()
    };
    let report = run(tree, api, &request, &mut std::io::empty())?;
    let files: Vec<_> = report.targets.iter().flat_map(|target| &target.files).collect();
    if files.is_empty() {
        return Err(LearnError::Nothing(display(epoch)));
    }
    let mut learner = Learner { tree, report: &report, out: String::new() };
    learner.begin(epoch, &files);
    for file in &files {
        let Some(spec) = api.file(&file.as_name) else { continue };
        if file.as_name == BUILDINGS.0 {
            learner.buildings(epoch, file, spec)?;
        }
    }
    for file in files {
        let Some(spec) = api.file(&file.as_name) else { continue };
        if spec.completeness == Completeness::Partial {
            learner.columns(epoch, file, spec)?;
        }
    }
    Ok(learner.out)
}

struct Learner<'a> {
    tree: &'a dyn Tree,
    report: &'a Report,
    out: String,
}

impl Learner<'_> {
    /// Appends a comment, fitted to the width of a page.
    fn comment(&mut self, text: &str) {
        for line in textwrap::wrap(text, 96) {
            let _ = writeln!(self.out, "# {line}");
        }
    }

    fn begin(&mut self, epoch: &Path, files: &[&FileEntry]) {
        self.comment(&format!(
            "Inferred by samegoal-lint {} from {}. What one epoch shows need not hold for the next, \
             so look it over before it counts.",
            env!("CARGO_PKG_VERSION"),
            visible(&display(epoch))
        ));
        if self.report.found.errors > 0 {
            self.comment(
                "Errors were found in this epoch. If SameGoal has not processed it, do not learn \
                 from it.",
            );
        }
        self.out.push('\n');
        self.comment("Inferred: every delivery has the files that this one has.");
        let names: Vec<_> = files.iter().map(|file| toml_string(&file.as_name)).collect();
        let _ = writeln!(self.out, "expected-files = [{}]", names.join(", "));
    }

    /// The names of buildings.
    fn buildings(
        &mut self,
        epoch: &Path,
        file: &FileEntry,
        spec: &FileSpec,
    ) -> Result<(), LearnError> {
        let (name, column) = BUILDINGS;
        self.out.push('\n');
        if self.is_broken(file) {
            self.comment(&format!("Not inferred: the buildings. {name} has errors."));
            return Ok(());
        }
        let mut reader = self.open(epoch, file)?;
        let header = reader.header()?;
        let position = header
            .iter()
            .position(|cell| spec.column(cell).is_some_and(|known| known.name == *column));
        let Some(position) = position else {
            self.comment(&format!("Not inferred: the buildings. {name} has no column {column}."));
            return Ok(());
        };
        let (mut names, mut records) = (BTreeSet::new(), 0_usize);
        reader.records(|record| {
            records += 1;
            let Some(value) = record.field(position).map(|field| field.value().into_owned()) else {
                return true;
            };
            // What is no text has a finding of its own.
            if let Ok(value) = String::from_utf8(value)
                && !value.trim().is_empty()
            {
                names.insert(value);
            }
            names.len() <= MOST_BUILDINGS
        })?;
        // Many students share a building. Where hardly two share a value it is something else, and
        // may be an address.
        let is_shared = names.len() <= (records / 2).max(1) && names.len() <= MOST_BUILDINGS;
        if !is_shared || names.iter().any(|name| name.chars().count() > LONGEST_NAME) {
            self.comment(&format!(
                "Not inferred: the buildings. The values of the column {column} are too many, or \
                 too long, to be names of buildings."
            ));
        } else if !names.is_empty() {
            self.comment(&format!(
                "Inferred: there are no buildings but those in the column {column} of {name}. \
                 SameGoal lists them under Settings, Buildings; a name must be the same letter for \
                 letter."
            ));
            self.out.push_str("buildings = [\n");
            for name in names {
                let _ = writeln!(self.out, "  {},", toml_string(&name));
            }
            self.out.push_str("]\n");
        }
        Ok(())
    }

    /// The columns of a file of which not all are published.
    fn columns(
        &mut self,
        epoch: &Path,
        file: &FileEntry,
        spec: &FileSpec,
    ) -> Result<(), LearnError> {
        let mut reader = self.open(epoch, file)?;
        let header = reader.header()?;
        self.out.push('\n');
        if let Some(why) = unfit(spec, &header) {
            self.comment(&format!("Not inferred: the columns of {}. {why}", spec.name));
            return Ok(());
        }
        let data = |column: usize| LearnError::LooksLikeData { path: file.path.clone(), column };
        if let Some(position) = header.iter().position(|name| looks_like_data(name)) {
            return Err(data(position + 1));
        }
        // The name of a column is none of its values, whereas a surname comes again.
        let mut again = None;
        reader.records(|record| {
            let is_same = |(cell, name): (samegoal_schema::scan::Field<'_>, &String)| {
                cell.value().eq_ignore_ascii_case(name.as_bytes())
            };
            let same: Vec<bool> = record.fields().zip(&header).map(is_same).collect();
            if !same.iter().all(|same| *same) {
                again = same.iter().position(|same| *same);
            }
            again.is_none()
        })?;
        if let Some(position) = again {
            return Err(data(position + 1));
        }
        self.comment(&format!(
            "Inferred: the columns of {} are those of this epoch, and all of them must be there; \
             which of them must be filled is not inferred.",
            spec.name
        ));
        let _ = writeln!(self.out, "[files.{}]\ncomplete = true\n", toml_string(&spec.name));
        let _ = writeln!(self.out, "[files.{}.columns]", toml_string(&spec.name));
        for name in header {
            let is_required =
                spec.column(&name).is_some_and(|known| known.presence == Presence::Required);
            let rest = if is_required { "" } else { " required = true, may-be-empty = true " };
            let _ = writeln!(self.out, "{} = {{{rest}}}", toml_string(&name));
        }
        Ok(())
    }

    /// Whether the records of a file cannot be relied on.
    fn is_broken(&self, file: &FileEntry) -> bool {
        self.report.found.findings.iter().any(|it| {
            *it.path == *file.path
                && it.severity == Severity::Error
                && matches!(it.finding.rule.group(), "csv" | "header" | "layout")
        })
    }

    fn open(&self, epoch: &Path, file: &FileEntry) -> Result<Reader, LearnError> {
        // The name as it is on disk; what the report has is for people.
        let entries = self.tree.list(epoch).unwrap_or_default();
        let path = entries
            .into_iter()
            .map(|entry| epoch.join(entry.name))
            .find(|path| display(path) == file.path)
            .unwrap_or_else(|| PathBuf::from(&file.path));
        match self.tree.open(&path) {
            Ok(source) => Ok(Reader { path: file.path.clone(), scanner: Scanner::new(source) }),
            Err(source) => Err(LearnError::Unreadable { path: file.path.clone(), source }),
        }
    }
}

/// Why no columns can be learnt from a header, if they cannot.
fn unfit(spec: &FileSpec, header: &[String]) -> Option<&'static str> {
    let mut seen = BTreeSet::new();
    if header.is_empty() {
        Some("It has no header.")
    } else if header.len() > MOST_COLUMNS {
        Some("There are too many for a header.")
    } else if !spec.columns.is_empty() && !header.iter().any(|name| spec.column(name).is_some()) {
        Some("Its first line has none of the published names, so it may be no header.")
    } else if header.iter().any(|name| name.trim().is_empty()) {
        Some("One of them has no name.")
    } else if !header.iter().all(|name| seen.insert(name)) {
        Some("Two of them have the same name.")
    } else {
        None
    }
}

/// Whether a name may be somebody's data: nobody calls a column by a date, an e-mail address, a
/// telephone number or an id.
fn looks_like_data(name: &str) -> bool {
    let mut digits = 0;
    let has_number = name.chars().any(|c| {
        digits = if c.is_numeric() { digits + 1 } else { 0 };
        digits >= 3
    });
    let numerals = name.chars().filter(|c| c.is_numeric()).count();
    has_number
        || numerals * 2 > name.chars().count()
        || name.contains(['@', '\u{FFFD}'])
        || name.chars().any(char::is_control)
        || name.chars().count() > LONGEST_NAME
}

/// Reads a file in order to learn from it.
struct Reader {
    path: String,
    scanner: Scanner<Box<dyn Source>>,
}

impl Reader {
    fn next(&mut self) -> Result<Option<Record<'_>>, LearnError> {
        let path = &self.path;
        self.scanner
            .read_record()
            .map_err(|source| LearnError::Unreadable { path: path.clone(), source })
    }

    /// The names in the first line that is not blank; none if its quotes are broken.
    fn header(&mut self) -> Result<Vec<String>, LearnError> {
        let mut header = Vec::new();
        while let Some(record) = self.next()? {
            if record.is_blank() {
                continue;
            }
            if record.faults().is_empty() {
                let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                header = record.fields().map(|field| name(&field.value())).collect();
            }
            break;
        }
        self.scanner.set_width(header.len());
        Ok(header)
    }

    /// Gives the sound records to `take`, until it has had enough and says so.
    fn records(&mut self, mut take: impl FnMut(Record<'_>) -> bool) -> Result<(), LearnError> {
        while let Some(record) = self.next()? {
            if !record.is_blank() && record.faults().is_empty() && !take(record) {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
