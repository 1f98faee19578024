//! Deliveries below a directory that is none.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::slot::Slot;
use super::slots::Slots;
use super::strangers::{is_archive, leftover};
use super::{Survey, TargetKind, UPLOAD, epoch_name, looks_like_upload, own_name};
use crate::listing::{Entry, Kind, display_name, is_too_many};

/// How many folders deep the search goes.
const DEPTH: usize = 6;
/// How many archives are looked into.
const ARCHIVES: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct Below {
    /// The deliveries and what each of them is, those on top first.
    pub(crate) deliveries: Vec<(PathBuf, TargetKind)>,
    /// The archives with API files in them, and the name of one of these.
    pub(super) archives: Vec<(PathBuf, String)>,
    /// Whether there were more entries than could be looked at.
    pub(crate) is_cut: bool,
}

/// Searches what lies below `dir`, level by level, until `most` entries were seen. Links are
/// not followed. What lies in a delivery is a part of it, and not searched.
pub(crate) fn search(survey: &Survey<'_>, dir: &Path, most: usize) -> Below {
    let mut below = Below::default();
    let mut waiting = VecDeque::from([(dir.to_owned(), 0)]);
    let mut seen = 0;
    let mut opened = 0;
    while let Some((path, depth)) = waiting.pop_front() {
        let entries = match survey.tree.list(&path) {
            Ok(entries) => entries,
            Err(error) => {
                below.is_cut |= is_too_many(&error);
                continue;
            }
        };
        if depth > 0
            && let Some(kind) = kind_of(survey, &path, &entries)
        {
            below.deliveries.push((path, kind));
            continue;
        }
        seen += entries.len();
        if seen > most {
            below.is_cut = true;
            break;
        }
        for entry in &entries {
            let name = display_name(&entry.name);
            match entry.kind {
                Kind::Directory if is_passed_over(&name) => {}
                Kind::Directory if depth < DEPTH => {
                    waiting.push_back((path.join(&entry.name), depth + 1));
                }
                Kind::File if is_archive(&name) && opened < ARCHIVES => {
                    opened += 1;
                    let path = path.join(&entry.name);
                    if let Some(name) = survey.archived(&path) {
                        below.archives.push((path, name));
                    }
                }
                _ => {}
            }
        }
    }
    below
}

/// What a directory is, if it is a delivery.
pub(crate) fn delivery_at(survey: &Survey<'_>, path: &Path) -> Option<TargetKind> {
    kind_of(survey, path, &survey.tree.list(path).ok()?)
}

/// What a directory with these entries is, if it is a delivery.
fn kind_of(survey: &Survey<'_>, path: &Path, entries: &[Entry]) -> Option<TargetKind> {
    let name = own_name(survey.tree, path);
    let name = name.as_deref();
    let mut slots = Slots::new(survey, entries);
    let is_epoch = name.is_some_and(epoch_name::has_shape);
    let has_files = slots.all.iter().any(Slot::is_there);
    let is_upload = !is_epoch && looks_like_upload(name, entries, survey.api);
    // A folder of that name may be anybody's, unless it is empty as on a day without a delivery.
    let is_anybodys = name == Some(UPLOAD)
        && !entries.is_empty()
        && !looks_like_upload(None, entries, survey.api);
    match () {
        () if is_upload && (has_files || !is_anybodys) => Some(TargetKind::Upload),
        () if !has_files => None,
        () if is_epoch || slots.complete.is_some() || !slots.take_near_markers().is_empty() => {
            Some(TargetKind::Epoch)
        }
        () => Some(TargetKind::Export),
    }
}

/// Whether a folder is never searched: hidden ones belong to programs.
fn is_passed_over(name: &str) -> bool {
    name.starts_with(['.', '$']) || leftover(name).is_some()
}
