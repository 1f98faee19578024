//! The epoch that is meant by an upload folder.

use std::path::{Path, PathBuf};

use samegoal_schema::Schema;
use samegoal_schema::schema::api::COMPLETE;

use super::{RunError, unreachable_path};
use crate::layout::{self, TargetKind};
use crate::listing::{Kind, Tree, display, display_name};

/// The newest epoch with a marker in an upload folder; `None` if `path` is no upload folder.
///
/// # Errors
///
/// [`RunError`] if nothing is there, or no epoch in it is complete.
pub(crate) fn newest_complete(
    tree: &dyn Tree,
    api: &Schema,
    path: &Path,
) -> Result<Option<PathBuf>, RunError> {
    let own_name = tree.name_of(path);
    let unreachable = |error| unreachable_path(tree, path, error);
    let kind = layout::target_kind(tree, path, own_name.as_deref(), api).map_err(unreachable)?;
    if kind != TargetKind::Upload {
        return Ok(None);
    }
    let mut epochs: Vec<_> = tree
        .list(path)
        .map_err(unreachable)?
        .into_iter()
        .filter(|entry| entry.kind == Kind::Directory)
        .filter(|entry| layout::is_epoch_name(&display_name(&entry.name)))
        .map(|entry| path.join(entry.name))
        .collect();
    epochs.sort_unstable();
    let is_complete = |epoch: &PathBuf| matches!(tree.kind(&epoch.join(COMPLETE)), Ok(Kind::File));
    match epochs.into_iter().rev().find(is_complete) {
        Some(epoch) => Ok(Some(epoch)),
        None => Err(RunError::NoCompleteEpoch(display(path))),
    }
}
