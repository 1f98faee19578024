//! A configuration from an epoch that SameGoal has processed.
//!
//! Only names are learned: of files, of columns, of buildings. Nothing of a child's data goes into
//! it. So a first line is only taken for the names of columns if nothing in it looks like data, and
//! only the values of the columns that hold buildings.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use samegoal_schema::check::header::inferred;
use samegoal_schema::csv::{Record, Scanner};
use samegoal_schema::schema::api::BUILDINGS;
use samegoal_schema::schema::overlay::ColumnOverlay;
use samegoal_schema::text::calendar::{self, Reading};
use samegoal_schema::{ColumnSpec, Completeness, FileSpec, Presence, Schema, Severity};
use serde::Serialize;

use crate::layout::TargetKind;
use crate::listing::{Source, Tree, display};
use crate::report::{FileEntry, Report};
use crate::run::{Request, RunError, newest_complete, run};
use samegoal_schema::text::escape::{toml_string, visible};

/// More columns than this are no header.
const MOST_COLUMNS: usize = 200;

/// A name of a column or a building has no more characters than this.
const LONGEST_NAME: usize = 80;

/// How many different buildings are learned at most.
const MOST_BUILDINGS: usize = 1000;

/// What to do about an epoch in which errors are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnErrors {
    /// Learn nothing from it.
    Refuse,
    /// Learn from it all the same.
    Learn,
}

/// Why nothing is learned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LearnError {
    /// The epoch cannot be linted.
    #[error(transparent)]
    Run(#[from] RunError),
    /// It is not there, or has nothing in it.
    #[error("there is no API file in `{0}` to learn from")]
    Nothing(String),
    /// SameGoal cannot have processed it as it should.
    #[error(
        "nothing was learned from `{epoch}`: it has {errors} ({rules}). Learn from an epoch that \
         SameGoal processed, or first fix what `samegoal-lint {epoch}` reports. --force learns \
         from it anyway"
    )]
    HasErrors {
        /// The epoch.
        epoch: String,
        /// How many errors are found in it, in words.
        errors: String,
        /// The rules that find them.
        rules: String,
    },
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
        "the first line of `{path}` does not look like a header: its field {column} looks like \
         data. Nothing was learned"
    )]
    LooksLikeData {
        /// The file.
        path: String,
        /// The position, from 1.
        column: usize,
    },
}

/// Prints the configuration that pins what an epoch holds; of an upload folder, its newest complete
/// epoch.
///
/// # Errors
///
/// [`LearnError`].
///
/// ```
/// use samegoal_lint::learn::{OnErrors, learn};
/// use samegoal_lint::listing::Memory;
///
/// let tree = Memory::new()
///     .file("epoch/users.csv", "Last Name,Role,Buildings,Deleted\nOkafor,Teacher,Oak,\n")
///     .file("epoch/COMPLETE", "");
/// let toml = learn(&tree, &samegoal_schema::generic_api(), "epoch".as_ref(), OnErrors::Refuse)?;
/// assert!(toml.contains(
///     r#""Last Name" = { required = true, may-be-empty = true, content = "name" }"#
/// ));
/// assert!(!toml.contains("Okafor"));
/// # Ok::<(), samegoal_lint::learn::LearnError>(())
/// ```
pub fn learn(
    tree: &dyn Tree,
    api: &Schema,
    path: &Path,
    on_errors: OnErrors,
) -> Result<String, LearnError> {
    let newest = newest_complete(tree, api, path)?;
    let epoch = newest.as_deref().unwrap_or(path);
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
    if on_errors == OnErrors::Refuse && report.found.errors > 0 {
        return Err(has_errors(epoch, &report));
    }
    let mut learner = Learner { tree, api, report: &report, out: String::new() };
    learner.begin(epoch, newest.is_some().then_some(path), &files);
    for file in &files {
        let Some(spec) = api.file(&file.as_name) else { continue };
        if file.as_name == BUILDINGS.0 {
            let staffed = learner.staffed(epoch, &files)?;
            learner.buildings(epoch, file, spec, &staffed)?;
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

/// That an epoch has errors, and their rules.
fn has_errors(epoch: &Path, report: &Report) -> LearnError {
    /// So many rules are named at most.
    const MOST: usize = 3;
    let mut rules: Vec<&str> = Vec::new();
    for it in &report.found.findings {
        let name = it.finding.rule.name;
        if it.severity == Severity::Error && !rules.contains(&name) {
            rules.push(name);
        }
    }
    let more = if rules.len() > MOST { ", …" } else { "" };
    rules.truncate(MOST);
    let errors = match report.found.errors {
        1 => "an error".to_owned(),
        count => format!("{count} errors"),
    };
    let rules = format!("{}{more}", rules.join(", "));
    LearnError::HasErrors { epoch: display(epoch), errors, rules }
}

/// The names of the buildings in which people work.
struct Staffed {
    names: BTreeSet<String>,
    /// Whether many share one, so that they are hardly something else.
    are_shared: bool,
}

struct Learner<'a> {
    tree: &'a dyn Tree,
    api: &'a Schema,
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

    fn begin(&mut self, epoch: &Path, newest_of: Option<&Path>, files: &[&FileEntry]) {
        let newest = newest_of.map_or(String::new(), |folder| {
            format!(", the newest complete epoch in {}", visible(&display(folder)))
        });
        self.comment(&format!(
            "Inferred by samegoal-lint {} from {}{newest}. It holds the names of files, columns and \
             buildings, and no data about students. The next epoch may be different, so review \
             this file before you use it.",
            env!("CARGO_PKG_VERSION"),
            visible(&display(epoch))
        ));
        if self.report.found.errors > 0 {
            self.comment(
                "This epoch has errors. If SameGoal did not process it, do not learn from it.",
            );
        }
        self.out.push('\n');
        self.comment("Inferred: every delivery has the same files as this one.");
        let names: Vec<_> = files.iter().map(|file| toml_string(&file.as_name)).collect();
        let _ = writeln!(self.out, "expected-files = [{}]", names.join(", "));
    }

    fn staffed(&self, epoch: &Path, files: &[&FileEntry]) -> Result<Staffed, LearnError> {
        let (mut all, mut are_shared) = (BTreeSet::new(), true);
        for file in files.iter().filter(|file| !self.is_broken(file)) {
            let Some(spec) = self.api.file(&file.as_name) else { continue };
            if spec.columns.values().all(|column| column.groups_of.is_none()) {
                continue;
            }
            let is_groups = |column: &ColumnSpec| column.groups_of.is_some();
            let found = self.values(epoch, file, spec, is_groups, |value, names| {
                let parts = value.split([';', ',']).map(str::trim);
                names.extend(parts.filter(|name| !name.is_empty()).map(str::to_owned));
            })?;
            let Some((mut names, records)) = found else { continue };
            are_shared &= names.len() <= (records / 2).clamp(1, MOST_BUILDINGS)
                && names.iter().all(|name| name.chars().count() <= LONGEST_NAME);
            all.append(&mut names);
        }
        Ok(Staffed { names: all, are_shared })
    }

    /// The different names that `take` takes from the values of a column, and how many records there
    /// are; `None` if there is no such column.
    fn values(
        &self,
        epoch: &Path,
        file: &FileEntry,
        spec: &FileSpec,
        is_column: impl Fn(&ColumnSpec) -> bool,
        take: impl Fn(&str, &mut BTreeSet<String>),
    ) -> Result<Option<(BTreeSet<String>, usize)>, LearnError> {
        let mut reader = self.open(epoch, file)?;
        let header = reader.header()?;
        let position = header.iter().position(|name| spec.column(name).is_some_and(&is_column));
        let Some(position) = position else { return Ok(None) };
        let (mut names, mut records) = (BTreeSet::new(), 0);
        reader.records(|record| {
            records += 1;
            let value = record.field(position).map(|field| field.value());
            // What is no text has a finding of its own.
            take(
                value.as_deref().and_then(|it| str::from_utf8(it).ok()).unwrap_or_default(),
                &mut names,
            );
            names.len() <= MOST_BUILDINGS
        })?;
        Ok(Some((names, records)))
    }

    fn buildings(
        &mut self,
        epoch: &Path,
        file: &FileEntry,
        spec: &FileSpec,
        staffed: &Staffed,
    ) -> Result<(), LearnError> {
        let (name, column) = BUILDINGS;
        self.out.push('\n');
        if self.is_broken(file) {
            self.comment(&format!("Not inferred: the buildings. {name} has errors."));
            return Ok(());
        }
        let is_building = |known: &ColumnSpec| known.name == *column;
        let found = self.values(epoch, file, spec, is_building, |value, names| {
            if !value.trim().is_empty() {
                names.insert(value.to_owned());
            }
        })?;
        let Some((mut names, records)) = found else {
            self.comment(&format!("Not inferred: the buildings. {name} has no column {column}."));
            return Ok(());
        };
        // Many students share a building. Where hardly two share a value it is something else, and
        // may be an address.
        let is_shared = names.len() <= (records / 2).max(1) && names.len() <= MOST_BUILDINGS;
        let with_parts = names.iter().filter(|name| name.contains([';', ',']));
        let parts = with_parts.flat_map(|name| name.split([';', ',']));
        let parts: BTreeSet<&str> = parts.map(str::trim).collect();
        let is_new = |name: &&String| !names.contains(*name) && !parts.contains(name.as_str());
        let of_staff: Vec<String> = staffed.names.iter().filter(is_new).cloned().collect();
        if !is_shared || names.iter().any(|name| name.chars().count() > LONGEST_NAME) {
            self.comment(&format!(
                "Not inferred: the buildings. The column {column} has too many values for names \
                 of buildings, or they are too long."
            ));
        } else if !of_staff.is_empty() && !staffed.are_shared {
            self.comment(
                "Not inferred: the buildings. The staff have too many buildings, or their names \
                 are too long.",
            );
        } else if !names.is_empty() {
            let and_staff = if of_staff.is_empty() { "" } else { " and those of the staff" };
            names.extend(of_staff);
            self.comment(&format!(
                "Inferred: the only buildings are those in the column {column} of {name}\
                 {and_staff}. SameGoal lists them under Settings, Buildings; the names must match \
                 letter for letter."
            ));
            self.out.push_str("buildings = [\n");
            for name in names {
                let _ = writeln!(self.out, "  {},", toml_string(&name));
            }
            self.out.push_str("]\n");
        }
        Ok(())
    }

    /// The columns of a file with unpublished columns.
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
        let mut learned: Vec<Learned> =
            header.iter().map(|name| Learned::new(self.api, spec, name)).collect();
        reader.records(|record| {
            for (column, cell) in learned.iter_mut().zip(record.fields()) {
                column.value(&cell.value());
            }
            let is_same = |(cell, name): (samegoal_schema::csv::Field<'_>, &String)| {
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
            "Inferred: {} has exactly the columns of this epoch, and all are required. Their \
             content is inferred from their names. Which values may be empty is not inferred.",
            spec.name
        ));
        let _ = writeln!(self.out, "[files.{}]\ncomplete = true\n", toml_string(&spec.name));
        let _ = writeln!(self.out, "[files.{}.columns]", toml_string(&spec.name));
        for (name, column) in header.iter().zip(learned) {
            let _ = writeln!(self.out, "{} = {}", toml_string(name), column.finish());
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

/// What is learned of a column.
struct Learned {
    overlay: ColumnOverlay,
    /// Whether a value is no date, where the name says that all are.
    is_doubtful: bool,
}

impl Learned {
    fn new(api: &Schema, spec: &FileSpec, name: &str) -> Self {
        let known = spec.column(name);
        let mut overlay = if known.is_some() { <_>::default() } else { inferred(api, name) };
        if known.is_none_or(|known| known.presence != Presence::Required) {
            overlay.required = Some(true);
            overlay.may_be_empty = Some(true);
        }
        Self { overlay, is_doubtful: false }
    }

    /// Takes in a value of an epoch that was processed: a column that holds something else is
    /// not one of dates.
    fn value(&mut self, value: &[u8]) {
        if self.overlay.format.is_some() && !self.is_doubtful {
            let value = value.trim_ascii();
            let is_date = matches!(calendar::read(value), Reading::Date { .. });
            self.is_doubtful = !value.is_empty() && !is_date;
        }
    }

    /// The column as the value of its name in a configuration.
    fn finish(mut self) -> String {
        if self.is_doubtful {
            self.overlay.format = None;
        }
        let ColumnOverlay { required, may_be_empty, code, format, content, .. } = self.overlay;
        let said = [
            required.map(|is| format!("required = {is}")),
            may_be_empty.map(|is| format!("may-be-empty = {is}")),
            code.map(|code| format!("code = {}", word(&code))),
            format.map(|format| format!("format = {}", word(&format))),
            content.map(|content| format!("content = {}", word(&content))),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        if said.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", said.join(", ")) }
    }
}

/// A word of the configuration, as it is written there.
fn word(word: &impl Serialize) -> String {
    let word = serde_json::to_value(word).unwrap_or_default();
    toml_string(word.as_str().unwrap_or_default())
}

/// Why no columns can be learned from a header, if they cannot.
fn unfit(spec: &FileSpec, header: &[String]) -> Option<&'static str> {
    let mut seen = BTreeSet::new();
    if header.is_empty() {
        Some("It has no header.")
    } else if header.len() > MOST_COLUMNS {
        Some("It has too many columns for a header.")
    } else if !spec.columns.is_empty() && !header.iter().any(|name| spec.column(name).is_some()) {
        Some("Its first line has none of the published names, so it may not be a header.")
    } else if header.iter().any(|name| name.trim().is_empty()) {
        Some("One column has no name.")
    } else if !header.iter().all(|name| seen.insert(name)) {
        Some("Two columns have the same name.")
    } else {
        None
    }
}

/// Whether a name may be personal data: no column is named after a date, an e-mail address, a
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
