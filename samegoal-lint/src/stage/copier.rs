//! Copies the files of SOURCE into the workspace, fixed.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use samegoal_schema::fix::{self, CONVERT_ENCODING, Cures, Edit, Edits, Fix, Plan, RENAME_FILE};
use samegoal_schema::{FileSpec, Schema};

use super::access::Access;
use super::workspace::Workspace;
use super::{Diff, Into, Request, StageError};
use crate::layout;
use crate::listing::{Disk, Stamp, Tree, display};
use crate::report::Fixed;

/// A file of SOURCE and its copy.
pub(super) struct Copied<'s> {
    pub(super) from: PathBuf,
    /// The copy, which has no name in a dry run.
    pub(super) copy: Arc<File>,
    pub(super) spec: &'s FileSpec,
    /// What was done.
    pub(super) plan: Option<Plan<'s>>,
    pub(super) cures: Cures,
    /// The file as it was when it was copied.
    stamp: Stamp,
}

impl Copied<'_> {
    /// Sees to it that what was read later was what was copied.
    pub(super) fn check_unchanged(&self) -> Result<(), StageError> {
        match Disk.stamp(&self.from) {
            Ok(stamp) if stamp == self.stamp => Ok(()),
            Ok(_) => Err(StageError::Changed(self.from.clone())),
            Err(source) => Err(StageError::Unreadable { path: self.from.clone(), source }),
        }
    }

    /// The path of the copy as if it lay in `dir`, and that of the file.
    pub(super) fn paths(&self, dir: &Path) -> (String, String) {
        (display(&dir.join(&*self.spec.name)), display(&self.from))
    }
}

/// Makes the copies.
pub(super) struct Copier<'r, 'd, 'w> {
    request: &'r Request,
    into: Into,
    /// None in a dry run.
    workspace: Option<&'r Workspace>,
    access: &'r Access,
    diff: Option<&'d mut Diff<'w>>,
    fixes: Vec<Fixed>,
}

impl<'r, 'd, 'w> Copier<'r, 'd, 'w> {
    pub(super) fn new(
        request: &'r Request,
        into: Into,
        workspace: Option<&'r Workspace>,
        access: &'r Access,
        diff: Option<&'d mut Diff<'w>>,
    ) -> Self {
        Self { request, into, workspace, access, diff, fixes: Vec::new() }
    }

    /// What was fixed.
    pub(super) fn into_fixes(self) -> Vec<Fixed> {
        self.fixes
    }

    /// Copies a file, fixed, and sees to it that it is on the disk.
    pub(super) fn file<'s>(
        &mut self,
        spec: &'s FileSpec,
        from: &Path,
        api: &Schema,
    ) -> Result<Copied<'s>, StageError> {
        let to = match self.workspace {
            Some(workspace) => workspace.path(&spec.name),
            None => std::env::temp_dir(),
        };
        let unreadable = |source| StageError::Unreadable { path: from.to_owned(), source };
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
        let name = from.file_name().unwrap_or_default();
        let renames_file = self.request.fix && layout::is_renamed(name, spec, api);
        let shown = self.shown(spec);
        let mut tally = Tally { path: display(from), fixes: Vec::new(), diff: None };
        if let Some(diff) = &mut self.diff {
            diff.begin(display(from), shown);
            tally.diff = Some(diff);
        }
        if renames_file {
            tally.note(&RENAME_FILE, &format!("to {}", spec.name));
            tally.count(&RENAME_FILE, None);
        }
        if let Some(encoding) = plan.converts_from() {
            tally.note(&CONVERT_ENCODING, &format!("from {encoding}"));
        }
        let no_room = |source| StageError::Upload { path: to.clone(), source };
        let file = match self.workspace {
            Some(_) => self.access.file(&to, from),
            None => tempfile::tempfile(),
        };
        let file = file.map_err(no_room)?;
        let mut out = BufWriter::with_capacity(256 << 10, file);
        plan.apply(&mut source, &mut out, &mut tally).map_err(failed)?;
        if plan.converts_from().is_some() && !tally.has(&CONVERT_ENCODING) {
            tally.count(&CONVERT_ENCODING, None);
        }
        let fixes = tally.fixes;
        let file = out.into_inner().map_err(|error| no_room(error.into_error()))?;
        file.sync_all().map_err(no_room)?;
        if source.stamp().map_err(unreadable)? != before {
            return Err(StageError::Changed(from.to_owned()));
        }
        self.fixes.extend(fixes);
        let cures = plan.cures().renaming_file(renames_file);
        let from = from.to_owned();
        Ok(Copied { from, copy: Arc::new(file), spec, plan: Some(plan), cures, stamp: before })
    }

    /// The path that the copy is to have.
    fn shown(&self, spec: &FileSpec) -> String {
        let upload = &self.request.upload;
        display(&match self.into {
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
