//! The upload root: the directory that holds epochs, or auto files.

use std::path::{Path, PathBuf};

use super::rules;
use samegoal_schema::Finding;
use samegoal_schema::schema::api::COMPLETE;

use super::slots::{Home, Slots};
use super::strangers::is_packed;
use super::{Layout, Survey, epoch_name, is_complete, no_delivery, quoted, short};
use crate::listing::{Entry, display_name};

pub(super) fn check(
    survey: &Survey<'_>,
    dir: &Path,
    name: Option<&str>,
    entries: &[Entry],
    layout: &mut Layout,
) {
    let mut slots = Slots::new(survey, entries);
    slots.doubt_data();
    slots.recognize(survey, dir, layout);
    for folder in std::mem::take(&mut slots.folders) {
        check_folder(survey, &display_name(&folder.name), &dir.join(&folder.name), layout);
    }
    if !slots.is_delivery() && layout.epochs.is_empty() {
        *layout = Layout::default();
        let zipped = slots.strangers.iter().filter(|entry| is_zipped_epoch(entry));
        for entry in zipped {
            layout.find(dir.join(&entry.name), zipped_epoch(&display_name(&entry.name)));
        }
        let what = no_delivery::What { dir, name, entries, home: Home::UploadRoot };
        return what.report(survey, layout);
    }
    // Where an epoch has none, that finding says where this one belongs.
    let lacks = |epoch: &PathBuf| !is_complete(survey.tree, epoch);
    if slots.complete.is_some() && !layout.epochs.iter().any(lacks) {
        layout.find(dir.join(COMPLETE), stray_marker());
    }
    slots.settle(Home::UploadRoot, dir, layout);
    if let Some((first, finding)) = no_epoch(&slots) {
        layout.find(dir.join(&first.name), finding);
    }
    let own = name.map_or_else(|| short(dir), str::to_owned);
    slots.report_configuration(dir, &own, layout);
    slots.report_strangers(dir, layout);
    slots.check_required(Home::UploadRoot, dir, layout);
    if slots.any() {
        layout.absent = slots.absent(Home::UploadRoot);
    }
}

/// Judges the name of a folder, and takes it for an epoch if it has the name or the contents of
/// one.
fn check_folder(survey: &Survey<'_>, name: &str, path: &Path, layout: &mut Layout) {
    if let Some(finding) = epoch_name::finding(name, false) {
        layout.find(path, finding);
    }
    if epoch_name::has_shape(name) || looks_like_epoch(survey, path) {
        layout.epochs.push(path.to_owned());
    }
}

/// Whether a folder holds what an epoch holds. One that may not be listed does not: its name is
/// enough of a finding.
fn looks_like_epoch(survey: &Survey<'_>, path: &Path) -> bool {
    let Ok(entries) = survey.tree.list(path) else { return false };
    let mut slots = Slots::new(survey, &entries);
    slots.is_delivery() || slots.complete.is_some() || !slots.take_near_markers().is_empty()
}

fn is_zipped_epoch(entry: &Entry) -> bool {
    let name = display_name(&entry.name);
    let stem = name.rsplit_once('.').map(|(stem, _)| stem);
    is_packed(&name) && stem.is_some_and(epoch_name::has_shape)
}

fn zipped_epoch(name: &str) -> Finding {
    rules::UNKNOWN_FILE
        .finding()
        .message(format!("`{name}` is an epoch in an archive"))
        .help("SameGoal does not unpack archives. Upload the folder with the CSV files instead.")
}

fn stray_marker() -> Finding {
    rules::COMPLETE_IN_UPLOAD_ROOT
        .finding()
        .message(format!("`{COMPLETE}` is directly in the upload root"))
        .help(
            "Files that end in `_auto.csv` need no marker: SameGoal moves them into an epoch and \
             marks that epoch itself. If the marker is for an epoch, move it into that epoch.",
        )
}

/// The finding about all files that should be in an epoch, and the first of them.
fn no_epoch<'a>(slots: &Slots<'a>) -> Option<(&'a Entry, Finding)> {
    let files: Vec<_> = slots.plain_files().collect();
    let (first, others) = files.split_first()?;
    let mut message = format!("{} is directly in the upload root", quoted(&[first]));
    if !others.is_empty() {
        message = format!("{message}, and so is {}", quoted(others));
    }
    let mut help = format!(
        "SameGoal looks for it in an epoch directory such as `{}`, with a `{COMPLETE}` file. Move \
         it there",
        epoch_name::EXAMPLE
    );
    help.push_str(if slots.has_auto() { "." } else { ", or add `_auto` before its extension." });
    let finding = rules::NO_EPOCH.finding().message(message).help(help);
    Some((first, finding))
}
