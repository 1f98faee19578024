//! An epoch directory.

use std::path::Path;
use std::time::Duration;

use samegoal_schema::Finding;
use samegoal_schema::api::COMPLETE;
use samegoal_schema::rule::layout as rules;

use super::names::distance_from_complete;
use super::slots::{Home, Slots};
use super::strangers::{Beside, leftover, unknown};
use super::{Layout, Survey, nested, noun, quoted, short};
use crate::listing::{Entry, Kind, display_name};

/// How much younger than the marker a file may be: some file systems keep times to 2 seconds only.
const TOLERANCE: Duration = Duration::from_secs(2);

pub(super) fn check(survey: &Survey<'_>, dir: &Path, entries: &[Entry], layout: &mut Layout) {
    let mut slots = Slots::new(survey, entries);
    check_marker(&mut slots, dir, layout);
    slots.recognise(survey, dir, layout);
    let mut nested_files = false;
    for folder in std::mem::take(&mut slots.folders) {
        let Some(names) = nested::check(survey, &dir.join(&folder.name), layout) else { continue };
        nested_files = true;
        for name in names {
            slots.explain(&name);
        }
    }
    slots.settle(Home::Epoch, dir, layout);
    slots.report_strangers(dir, layout);
    slots.check_required(Home::Epoch, dir, layout);
    check_order(&slots, dir, layout);
    if slots.any() || nested_files {
        layout.absent = slots.absent(Home::Epoch);
    } else {
        layout.find(dir, no_data_file(survey, dir));
    }
}

fn check_marker(slots: &mut Slots<'_>, dir: &Path, layout: &mut Layout) {
    let (mut near, strangers) = std::mem::take(&mut slots.strangers)
        .into_iter()
        .partition::<Vec<_>, _>(|entry| marker_distance(entry).is_some());
    slots.strangers = strangers;
    // Stable: of two that are equally near, the first by name.
    near.sort_by_key(|entry| marker_distance(entry));
    match (slots.complete, near.split_first()) {
        (Some(marker), _) => {
            if let Some(finding) = wrong_marker(marker) {
                layout.find(dir.join(COMPLETE), finding);
            }
            for entry in near {
                let name = display_name(&entry.name);
                let finding = unknown(&name, entry.kind, &Beside::Marker(COMPLETE));
                layout.find(dir.join(&entry.name), finding);
            }
        }
        (None, Some((nearest, others))) => {
            layout.find(dir.join(&nearest.name), misnamed_marker(nearest, others));
        }
        (None, None) => layout.find(
            dir,
            rules::MISSING_COMPLETE
                .finding()
                .message(format!("there is no `{COMPLETE}` file in `{}`", short(dir)))
                .help(format!(
                    "SameGoal does not process an epoch before an empty file named `{COMPLETE}` \
                     (capitals, no extension) is in it. Upload it last, after every CSV file."
                )),
        ),
    }
}

/// How far a file's name is from that of the marker, if it is near.
pub(super) fn marker_distance(entry: &Entry) -> Option<usize> {
    let name = entry.name.to_string_lossy();
    let candidate = entry.kind == Kind::File && leftover(&name).is_none();
    candidate.then(|| distance_from_complete(&name)).flatten()
}

fn wrong_marker(marker: &Entry) -> Option<Finding> {
    match marker.kind {
        Kind::File if marker.len == 0 => None,
        Kind::File => Some(
            rules::COMPLETE_NOT_EMPTY
                .finding()
                .message(format!("`{COMPLETE}` has {} bytes in it", marker.len))
                .help(
                    "The marker is to be an empty file; what SameGoal makes of another is not \
                     published. Create it anew, without writing anything to it.",
                ),
        ),
        kind => Some(
            rules::COMPLETE_NOT_A_FILE
                .finding()
                .message(format!("`{COMPLETE}` is {}, not a file", noun(kind)))
                .help(
                    "SameGoal does not process an epoch without an empty file of that name. \
                     Remove it and create the file.",
                ),
        ),
    }
}

fn misnamed_marker(nearest: &Entry, others: &[&Entry]) -> Finding {
    let mut help = format!(
        "The name counts letter for letter: SameGoal takes this for an epoch without a marker, and \
         does not process it. Rename the file to `{COMPLETE}`."
    );
    if !others.is_empty() {
        help = format!("{help} Remove {}.", quoted(others));
    }
    rules::MISNAMED_COMPLETE
        .finding()
        .message(format!("`{}` is not quite `{COMPLETE}`", display_name(&nearest.name)))
        .help(help)
        .label(format!("rename to `{COMPLETE}`"))
}

/// Reports files that are younger than the marker, which was to be the last of all.
fn check_order(slots: &Slots<'_>, dir: &Path, layout: &mut Layout) {
    let marker = slots.complete.filter(|entry| entry.kind == Kind::File);
    let Some(made) = marker.and_then(|entry| entry.modified) else { return };
    let files = slots.all.iter().filter_map(|slot| slot.planned);
    let latest = files
        .filter_map(|entry| Some((entry.modified?.duration_since(made).ok()?, entry)))
        .filter(|(late, _)| *late > TOLERANCE)
        // The first of those that are equally late.
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    let Some((late, entry)) = latest else { return };
    layout.find(
        dir.join(COMPLETE),
        rules::COMPLETE_TOO_EARLY
            .finding()
            .message(format!(
                "`{}` was written to {} s after `{COMPLETE}` was made",
                display_name(&entry.name),
                late.as_secs()
            ))
            .help(format!(
                "The marker says that nothing changes any more. SameGoal may read a file that is \
                 still being written, and delete guardians who are missing from it. Make \
                 `{COMPLETE}` last."
            )),
    );
}

fn no_data_file(survey: &Survey<'_>, dir: &Path) -> Finding {
    let names: Vec<_> = survey.api.files().map(|spec| format!("`{}`", spec.name)).collect();
    rules::NO_DATA_FILE
        .finding()
        .message(format!("there is no file of the API in `{}`", short(dir)))
        .help(format!(
            "There is nothing for SameGoal to load. It knows {}. See whether the export failed or \
             wrote to another folder.",
            names.join(", ")
        ))
}
