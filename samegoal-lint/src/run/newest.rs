//! The epoch that is meant by an upload folder.

use std::path::{Path, PathBuf};

use samegoal_schema::Schema;

use super::{RunError, unreachable_path};
use crate::layout::{self, TargetKind};
use crate::listing::{Tree, display};

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
    let unreachable = |error| unreachable_path(tree, path, error);
    if layout::target_kind(tree, path, api).map_err(unreachable)? != TargetKind::Upload {
        return Ok(None);
    }
    let mut epochs = layout::newest_first(tree, path).map_err(unreachable)?;
    match epochs.find(|epoch| layout::is_complete(tree, epoch)) {
        Some(epoch) => Ok(Some(epoch)),
        None => Err(RunError::NoCompleteEpoch(display(path))),
    }
}
