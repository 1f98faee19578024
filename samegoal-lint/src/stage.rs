//! From an export to an epoch that is ready to be uploaded.
//!
//! What is in SOURCE is never changed: its files are copied, and fixed where they have one reading
//! only. SOURCE is linted for the report, without what a fix cures, and the copies are linted as
//! they are. Only if neither has an error, and the reports are written, the copy takes its place in
//! DIR. The steps are in an order in which a kill at any moment leaves DIR as it was or with the whole
//! epoch; see [`publish`].

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use samegoal_schema::{FileSpec, Schema};

use crate::layout::{self, Place, Survey};
use crate::listing::{Disk, Identity, display};
use crate::policy::Fixing;
use crate::report::Report;
use crate::run::{self, Request as Lint, RunError};

mod access;
mod copier;
mod copy;
mod diff;
mod exchange;
mod gate;
mod name;
mod publish;
mod workspace;

pub use access::{Mode, NoMode};
pub use diff::Diff;
pub use name::{EpochName, NoEpochName};

use access::Access;
use copier::{Copied, Copier};
use copy::Copy;
use publish::Ready;
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
    /// Whether to make safe fixes.
    pub fix: bool,
    /// Whether to leave out the last step, so that nothing is made.
    pub dry_run: bool,
    /// The mode of the files; without, those may read a copy who may read the file.
    pub mode: Option<Mode>,
    /// How the copy is linted; its paths make no difference.
    pub lint: Lint,
}

impl Request {
    /// What is there of what would be replaced.
    pub fn replaced(&self, api: &Schema) -> Vec<PathBuf> {
        match self.into {
            Into::Epoch { .. } => Vec::new(),
            Into::AutoFiles => publish::earlier(&self.upload, api).unwrap_or_default(),
        }
    }
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

/// Why nothing could be staged. DIR is as it was then, unless the error says what is there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// SOURCE cannot be linted.
    #[error(transparent)]
    Lint(#[from] RunError),
    /// SOURCE is no directory.
    #[error("`{}` is not a directory; pass the directory of the export", display(.0))]
    NoDirectory(PathBuf),
    /// One of the two directories lies in the other.
    #[error(
        "`{}` and `{}` are the same directory, or one contains the other; an unfinished export \
         must not be where uploads start",
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
    #[error("`{}` was written to while it was being read; stage again when the export is finished", display(.0))]
    Changed(PathBuf),
    /// Something has the name already.
    #[error("`{}` already exists and was not changed", display(.0))]
    Taken(PathBuf),
    /// There is an epoch with a later name.
    #[error(
        "`{}` already exists and is later than `{now}`; check the clock, or pass a name with \
         --epoch",
        display(latest)
    )]
    Later {
        /// The later one.
        latest: PathBuf,
        /// What the clock says.
        now: EpochName,
    },
    /// The epoch is there, but may not outlast a power failure.
    #[error(
        "`{}` is complete, but `{}` cannot be flushed to disk: {source}; the epoch may be lost if \
         the power fails now",
        display(path),
        display(upload)
    )]
    Unsynced {
        /// The epoch.
        path: PathBuf,
        /// DIR.
        upload: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Auto files could be put neither in their places nor back.
    #[error(
        "cannot write to `{}`: {source}; some files could not be moved back, so stage again \
         before you upload. Until then, the earlier files are in `{}`",
        display(path),
        display(workspace)
    )]
    Stranded {
        /// The file.
        path: PathBuf,
        /// Where the earlier files are.
        workspace: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The workspace is not this user's, or no directory.
    #[error(
        "cannot use `{}`, where a run puts an epoch together: {source}. Run `stage` as the user \
         who owns it, or have that user remove it when no run is active",
        display(path)
    )]
    Workspace {
        /// The workspace.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Another run works in DIR.
    #[error("another run is staging into `{}`", display(.0))]
    Busy(PathBuf),
}

/// What is ready to be put in its place in DIR, and what is said of it.
///
/// Dropped, it is gone, and DIR is as it was.
pub struct Staged {
    /// What was found. Its places are those of SOURCE; what a fix cures is not in it. If it counts an
    /// error or has failed, nothing is to be published; else [`Report::staged`] says what is.
    pub report: Report,
    /// The errors that would vanish though no fix cures them, by file and rule. They are in the report.
    pub hidden: Vec<Hidden>,
    ready: Option<Ready>,
}

/// Errors of SOURCE that its copy would not show.
#[derive(Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The file or directory.
    pub path: String,
    /// The name of the rule.
    pub rule: &'static str,
}

impl Staged {
    /// Whether there is nothing in the way of publishing.
    pub fn is_good(&self) -> bool {
        is_good(&self.report)
    }

    /// Puts what is ready in its place: after everything else that can fail.
    ///
    /// # Errors
    ///
    /// [`StageError`], which says what is in DIR if DIR is not as it was.
    pub fn publish(self) -> Result<(), StageError> {
        self.ready.map_or(Ok(()), Ready::publish)
    }
}

fn is_good(report: &Report) -> bool {
    report.found.errors == 0 && !report.found.failed
}

/// Stages up to the last step, which is [`Staged::publish`]. What is changed is told to `diff` on the
/// way.
///
/// # Errors
///
/// [`StageError`].
pub fn stage(
    api: &Schema,
    request: &Request,
    diff: Option<&mut Diff<'_>>,
) -> Result<Staged, StageError> {
    let Request { source, upload, .. } = request;
    let api = request.lint.config.as_deref().map_or(api, |config| &config.schema);
    check_places(source, upload, api)?;
    if let Some(previous) = &request.lint.previous {
        run::check_previous(&Disk, api, previous, std::slice::from_ref(source))?;
    }
    let mut original = Copy::of(source)?;
    let unreadable = |error| StageError::Unreadable { path: source.clone(), source: error };
    let access = Access::new(source, upload, request.mode).map_err(unreadable)?;
    let workspace = if request.dry_run { None } else { Some(Workspace::claim(upload)?) };
    let into = publish::free_name(upload, request.into)?;
    if let Some(workspace) = &workspace {
        let path = workspace.dir();
        access.dir(&path).map_err(|source| StageError::Upload { path, source })?;
    }
    let recognize =
        |head: &[u8]| samegoal_schema::recognize(api, head).map(|spec| spec.name.to_string());
    let survey = Survey { tree: &original, api, recognize: &recognize };
    let planned = layout::check(&survey, source, Place::Export).files;
    let mut copier = Copier::new(request, into, workspace.as_ref(), &access, diff);
    let mut made = Vec::new();
    for planned in &planned {
        if let Some(spec) = api.file(&planned.as_name) {
            made.push(copier.file(spec, &planned.path, api)?);
        }
    }
    let fixes = copier.into_fixes();
    let mut copy = original.unchanged();
    let mut fixing = Fixing::default();
    for made in made.iter().filter(|_| request.fix) {
        fixing.insert(display(&made.from), made.cures.clone());
    }
    for Copied { from, copy: file, spec, cures, .. } in &made {
        copy.replace(from, Arc::clone(file), cures.renames_file.then_some(&*spec.name));
    }
    for Copied { from, plan, .. } in &mut made {
        if let Some(plan) = plan.take_if(|plan| plan.is_wide()) {
            original.convert(from, plan);
        }
    }
    let mut report = run::run(&original, api, &lint(request, Some(fixing)), &mut io::empty())?;
    for made in &made {
        made.check_unchanged()?;
    }
    let found = run::run(&copy, api, &lint(request, None), &mut io::empty())?;
    let renamed = made.iter().map(|made| made.paths(source)).collect();
    let hidden = gate::compare(&mut report, found, &renamed);
    report.fixes = fixes;
    let specs: Vec<&FileSpec> = made.iter().map(|made| made.spec).collect();
    let ready = match workspace {
        Some(workspace) if is_good(&report) => {
            let ready = Ready::new(workspace, &access, upload, into, &specs, api)?;
            report.staged = ready.paths().iter().map(|path| display(path)).collect();
            Some(ready)
        }
        _ => None,
    };
    Ok(Staged { report, hidden, ready })
}

/// How the files are linted.
fn lint(request: &Request, fixing: Option<Fixing>) -> Lint {
    let mut lint = request.lint.clone();
    lint.paths = vec![request.source.clone()];
    lint.kind = Some(layout::TargetKind::Export);
    lint.as_name = None;
    lint.fixing = fixing.map(Arc::new);
    lint
}

/// What is in an upload directory is to be what is uploaded.
fn check_places(source: &Path, upload: &Path, api: &Schema) -> Result<(), StageError> {
    let is_directory = |path: &Path| fs::metadata(path).map(|found| found.is_dir());
    match is_directory(source) {
        Ok(true) => {}
        Ok(false) => {
            let survey = Survey { tree: &Disk, api, recognize: &|_| None };
            return Err(if layout::is_archive(&survey, source) {
                RunError::Archive(display(source)).into()
            } else {
                StageError::NoDirectory(source.to_owned())
            });
        }
        Err(error) => return Err(run::unreachable_path(&Disk, source, error).into()),
    }
    let unusable = |source| StageError::Upload { path: upload.to_owned(), source };
    if !is_directory(upload).map_err(unusable)? {
        return Err(unusable(io::ErrorKind::NotADirectory.into()));
    }
    let inner = Identity::of(source)
        .map_err(|error| StageError::Unreadable { path: source.to_owned(), source: error })?;
    let outer = Identity::of(upload).map_err(unusable)?;
    if inner.is(&outer) || inner.is_in(&outer) || outer.is_in(&inner) {
        return Err(StageError::Nested(source.to_owned(), upload.to_owned()));
    }
    Ok(())
}
