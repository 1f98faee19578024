//! From an export to an epoch that is ready to be uploaded.
//!
//! What is in SOURCE is never changed: its files are copied, mended where they have one reading
//! only, and linted once more as the copies that they are. Only if that finds no error, the copy
//! takes its place in DIR. The steps are in an order in which a kill at any moment leaves DIR as it
//! was or with the whole epoch; see [`publish`].

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use samegoal_schema::fix::{self, CONVERT_ENCODING, Edit, Edits, Fix, Plan, RENAME_FILE};
use samegoal_schema::{FileSpec, Schema};

use crate::layout::{self, Place, Planned, Survey};
use crate::listing::{Disk, Tree, display, display_name};
use crate::report::{Fixed, Report};
use crate::run::{self, Request as Lint, RunError};

mod copy;
mod diff;
mod name;
mod publish;
mod workspace;

pub use diff::Diff;
pub use name::{EpochName, NoEpochName};

use copy::Copy;
use workspace::Workspace;

/// What to stage.
#[derive(Clone, Debug)]
pub struct Request {
    /// The directory with the export.
    pub source: PathBuf,
    /// The directory that epochs are put into.
    pub upload: PathBuf,
    /// What is made.
    pub into: Into,
    /// Whether to mend what has one reading only.
    pub fix: bool,
    /// Whether to leave out the last step, so that nothing is made.
    pub dry_run: bool,
    /// How the copy is linted; its paths make no difference.
    pub lint: Lint,
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Into {
    /// An epoch of that name, or one with the name of that moment, by the clock.
    Epoch {
        /// Its name.
        name: EpochName,
        /// Whether the name is what the clock says.
        by_clock: bool,
    },
    /// Auto files, straight in the upload directory.
    AutoFiles,
}

/// Why nothing could be staged. DIR is as it was then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// SOURCE cannot be linted.
    #[error(transparent)]
    Lint(#[from] RunError),
    /// SOURCE is no directory.
    #[error("`{}` is not a directory; name the one that the export is in", display(.0))]
    NoDirectory(PathBuf),
    /// One of the two directories lies in the other.
    #[error(
        "`{}` and `{}` are the same directory, or one is in the other: what is not finished must \
         not lie where it is uploaded from",
        display(.0), display(.1)
    )]
    Nested(PathBuf, PathBuf),
    /// DIR cannot be used.
    #[error("cannot write to `{}`: {source}", display(path))]
    Upload {
        /// The directory, or something in it.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of SOURCE cannot be read.
    #[error("cannot read `{}`: {source}", display(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of SOURCE changed.
    #[error("`{}` was written to while it was read; stage again when the export has ended", display(.0))]
    Changed(PathBuf),
    /// Something has the name already.
    #[error("`{}` is already there, and is left as it is", display(.0))]
    Taken(PathBuf),
    /// There is an epoch with a later name.
    #[error(
        "`{}` is already there, and later than `{now}`: see whether the clock was set back, or \
         give a name with --epoch",
        display(latest)
    )]
    Later {
        /// The later one.
        latest: PathBuf,
        /// What the clock says.
        now: EpochName,
    },
    /// Another run works in DIR.
    #[error("another run is staging into `{}` at this moment", display(.0))]
    Busy(PathBuf),
}

/// Stages. What is changed is told to `diff` on the way.
///
/// The report is about the copy. Its paths are those of SOURCE, with the names that files should
/// have; its lines are the same in both. If it counts an error or has failed, nothing was made; else
/// [`Report::staged`] says what.
///
/// # Errors
///
/// [`StageError`].
pub fn stage(
    api: &Schema,
    request: &Request,
    diff: Option<&mut Diff<'_>>,
) -> Result<Report, StageError> {
    let Request { source, upload, into, .. } = request;
    let api = request.lint.config.as_deref().map_or(api, |config| &config.schema);
    check_places(source, upload)?;
    let mut tree = Copy::of(source)?;
    let mut workspace = Workspace::claim(upload)?;
    publish::check_name(upload, *into)?;
    workspace.open(*into)?;
    let recognise =
        |head: &[u8]| samegoal_schema::recognise(api, head).map(|spec| spec.name.to_string());
    let survey = Survey { tree: &tree, api, recognise: &recognise };
    let planned = layout::check(&survey, source, Place::Export).files;
    let mut stager = Stager { request, workspace: &workspace, diff, fixes: Vec::new() };
    let mut made = Vec::new();
    for planned in &planned {
        let Some(spec) = api.file(&planned.as_name) else { continue };
        let path = stager.file(spec, planned, api)?;
        made.push((planned.path.clone(), path, spec));
    }
    let fixes = stager.fixes;
    for (from, path, spec) in &made {
        let is_renamed = fixes.iter().any(|it| it.fix == &RENAME_FILE && it.path == display(from));
        tree.replace(from, path.clone(), is_renamed.then_some(&*spec.name));
    }
    let mut report = run::run(&tree, api, &lint(request), &mut io::empty())?;
    report.fixes = fixes;
    let is_refused = report.found.errors > 0 || report.found.failed;
    if !is_refused && !request.dry_run {
        let specs: Vec<&FileSpec> = made.iter().map(|(_, _, spec)| *spec).collect();
        let paths = publish::publish(&workspace, upload, *into, &specs, api)?;
        report.staged = paths.iter().map(|path| display(path)).collect();
    }
    Ok(report)
}

/// How the copy is linted.
fn lint(request: &Request) -> Lint {
    let mut lint = request.lint.clone();
    lint.paths = vec![request.source.clone()];
    lint.kind = Some(layout::TargetKind::Export);
    lint.as_name = None;
    lint
}

/// What is in an upload directory is to be what is uploaded.
fn check_places(source: &Path, upload: &Path) -> Result<(), StageError> {
    let is_directory = |path: &Path| fs::metadata(path).map(|found| found.is_dir());
    match is_directory(source) {
        Ok(true) => {}
        Ok(false) => return Err(StageError::NoDirectory(source.to_owned())),
        Err(error) => return Err(run::unreachable_path(&Disk, source, error).into()),
    }
    let unusable = |source| StageError::Upload { path: upload.to_owned(), source };
    if !is_directory(upload).map_err(unusable)? {
        return Err(unusable(io::ErrorKind::NotADirectory.into()));
    }
    let real = |path: &Path| fs::canonicalize(path);
    let inner = real(source)
        .map_err(|error| StageError::Unreadable { path: source.to_owned(), source: error })?;
    let outer = real(upload).map_err(unusable)?;
    if inner.starts_with(&outer) || outer.starts_with(&inner) {
        return Err(StageError::Nested(source.to_owned(), upload.to_owned()));
    }
    Ok(())
}

/// Makes the copies.
struct Stager<'r, 'd, 'w> {
    request: &'r Request,
    workspace: &'r Workspace,
    diff: Option<&'d mut Diff<'w>>,
    fixes: Vec<Fixed>,
}

impl Stager<'_, '_, '_> {
    /// Copies a file, mended, and sees to it that it is on the disk.
    fn file(
        &mut self,
        spec: &FileSpec,
        planned: &Planned,
        api: &Schema,
    ) -> Result<PathBuf, StageError> {
        let from = &planned.path;
        let to = self.workspace.path(&spec.name);
        let unreadable = |source| StageError::Unreadable { path: from.clone(), source };
        let open = || -> io::Result<_> {
            let source = Disk.open(from)?;
            Ok((source.stamp()?, source))
        };
        let failed = |error| failed(error, from, &to);
        let (before, mut source) = open().map_err(unreadable)?;
        let plan = if self.request.fix {
            Plan::survey(spec, &mut source).map_err(failed)?
        } else {
            Plan::nothing()
        };
        let (_, mut source) = open().map_err(unreadable)?;
        let shown = self.shown(spec);
        let mut tally = Tally { path: display(from), fixes: Vec::new(), diff: None };
        if let Some(diff) = &mut self.diff {
            diff.begin(display(from), shown);
            tally.diff = Some(diff);
        }
        if self.request.fix && is_misnamed(from, spec, api) {
            tally.note(&RENAME_FILE, &format!("to {}", spec.name));
            tally.count(&RENAME_FILE, None);
        }
        if let Some(encoding) = plan.converts_from() {
            tally.note(&CONVERT_ENCODING, &format!("from {encoding}"));
        }
        let no_room = |source| StageError::Upload { path: to.clone(), source };
        let file = File::create_new(&to).map_err(no_room)?;
        let mut out = BufWriter::with_capacity(256 << 10, file);
        plan.apply(&mut source, &mut out, &mut tally).map_err(failed)?;
        if plan.converts_from().is_some() && !tally.has(&CONVERT_ENCODING) {
            tally.count(&CONVERT_ENCODING, None);
        }
        let fixes = tally.fixes;
        let file = out.into_inner().map_err(|error| no_room(error.into_error()))?;
        file.sync_all().map_err(no_room)?;
        if source.stamp().map_err(unreadable)? != before {
            return Err(StageError::Changed(from.clone()));
        }
        self.fixes.extend(fixes);
        Ok(to)
    }

    /// The path that the copy is to have.
    fn shown(&self, spec: &FileSpec) -> String {
        let upload = &self.request.upload;
        display(&match self.request.into {
            Into::Epoch { name, .. } => upload.join(name.to_string()).join(&*spec.name),
            Into::AutoFiles => upload.join(spec.auto_name()),
        })
    }
}

fn failed(error: fix::Error, from: &Path, to: &Path) -> StageError {
    match error {
        fix::Error::Read(source) => StageError::Unreadable { path: from.to_owned(), source },
        fix::Error::Write(source) => StageError::Upload { path: to.to_owned(), source },
        other => StageError::Upload { path: to.to_owned(), source: io::Error::other(other) },
    }
}

/// Whether the file has another name than it should, and one that is near it.
fn is_misnamed(path: &Path, spec: &FileSpec, api: &Schema) -> bool {
    let name = path.file_name().map(display_name).unwrap_or_default();
    name != *spec.name
        && (name == spec.auto_name()
            || layout::near_name(&name, api).is_some_and(|near| near.name == spec.name))
}

/// Counts what is changed in a file.
struct Tally<'d, 'w> {
    path: String,
    fixes: Vec<Fixed>,
    diff: Option<&'d mut Diff<'w>>,
}

impl Tally<'_, '_> {
    fn count(&mut self, fix: &'static Fix, line: Option<u64>) {
        match self.fixes.iter_mut().find(|it| it.fix == fix) {
            Some(found) => {
                found.count += 1;
                found.line = found.line.or(line);
            }
            None => self.fixes.push(Fixed { path: self.path.clone(), fix, count: 1, line }),
        }
    }

    fn has(&self, fix: &Fix) -> bool {
        self.fixes.iter().any(|it| it.fix == fix)
    }

    /// Shows what is done to the file as a whole.
    fn note(&mut self, fix: &Fix, how: &str) {
        if let Some(diff) = &mut self.diff {
            diff.whole(fix, how);
        }
    }
}

impl Edits for Tally<'_, '_> {
    fn edit(&mut self, edit: &Edit<'_>) {
        for fix in edit.fixes() {
            self.count(fix, Some(edit.line()));
        }
        if let Some(diff) = &mut self.diff {
            diff.edit(edit);
        }
    }
}
