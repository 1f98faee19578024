//! What each path is, and what to do with it.

use std::io;
use std::path::Path;

use samegoal_schema::Schema;

use super::RunError;
use crate::layout::{self, Layout, Survey, TargetKind};
use crate::listing::{STDIN, Tree, display, display_name};

/// What to do with a path.
pub(super) enum Plan<'a> {
    /// Standard input, as this file.
    Input(&'a str),
    File(Layout),
    Epoch,
    Export,
    Upload,
}

pub(super) fn plan<'a>(
    survey: &Survey<'_>,
    path: &Path,
    kind: Option<TargetKind>,
    as_name: Option<&'a str>,
) -> Result<Plan<'a>, RunError> {
    if path.as_os_str() == STDIN {
        return as_name.map(Plan::Input).ok_or(RunError::NamelessInput);
    }
    let seen = layout::target_kind(survey.tree, path, survey.api)
        .map_err(|error| unreachable_path(survey.tree, path, error))?;
    if seen == TargetKind::File && as_name.is_none() && layout::is_archive(survey, path) {
        return Err(RunError::Archive(display(path)));
    }
    Ok(match kind.unwrap_or(seen) {
        TargetKind::Epoch => Plan::Epoch,
        TargetKind::Export => Plan::Export,
        TargetKind::Upload => Plan::Upload,
        TargetKind::File => Plan::File(
            layout::file_target(survey, path, as_name)
                .ok_or_else(|| RunError::UnknownFile(display(path)))?,
        ),
    })
}

/// The API file of an exact name, an auto name among them.
pub(super) fn api_name<'a>(api: &'a Schema, name: &str) -> Result<&'a str, RunError> {
    api.files()
        .find(|spec| spec.name == name || spec.auto_name() == name)
        .map(|spec| &*spec.name)
        .ok_or_else(|| {
            let names: Vec<_> = api.files().map(|spec| &*spec.name).collect();
            RunError::UnknownName(name.to_owned(), names.join(", "))
        })
}

/// Why a path cannot be looked at, with what is nearest to it where nothing is there.
pub(crate) fn unreachable_path(tree: &dyn Tree, path: &Path, source: io::Error) -> RunError {
    let typed = display(path);
    if source.kind() != io::ErrorKind::NotFound {
        return RunError::Unreadable { path: typed, source };
    }
    let parent = path.parent().unwrap_or(Path::new(""));
    let listed = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let entries = tree.list(listed).unwrap_or_default();
    let names: Vec<_> = entries.iter().map(|entry| display_name(&entry.name)).collect();
    let nearest = path
        .file_name()
        .and_then(|name| {
            samegoal_schema::text::lookalike::nearest(
                &display_name(name),
                names.iter().map(String::as_str),
            )
        })
        .map(|name| display(&parent.join(name)));
    RunError::NotFound { path: typed, nearest }
}
