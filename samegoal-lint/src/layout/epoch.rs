//! An epoch directory.

use std::path::Path;
use std::time::Duration;

use super::rules;
use samegoal_schema::Finding;
use samegoal_schema::schema::api::COMPLETE;

use super::slots::{Home, Slots};
use super::strangers::{Beside, unknown};
use super::{
    Layout, Place, Survey, UPLOAD, epoch_name, is_complete, nested, no_delivery, noun, quoted,
    short,
};
use crate::listing::{Entry, Kind, display, display_name};

/// How much younger than the marker a file may be: some file systems keep times to 2 seconds only.
const TOLERANCE: Duration = Duration::from_secs(2);

pub(super) struct Epoch<'a> {
    pub(super) dir: &'a Path,
    pub(super) name: Option<&'a str>,
    pub(super) place: Place,
}

impl Epoch<'_> {
    pub(super) fn check(&self, survey: &Survey<'_>, entries: &[Entry], layout: &mut Layout) {
        let dir = self.dir;
        let mut slots = Slots::new(survey, entries);
        let near_markers = slots.take_near_markers();
        let has_marker = slots.complete.is_some() || !near_markers.is_empty();
        if !has_marker && !self.is_named() {
            slots.doubt_data();
        }
        slots.recognize(survey, dir, layout);
        let mut nested = nested::search(survey, dir, self.name, &slots.folders, layout);
        let is_delivery = slots.is_delivery();
        if !is_delivery && !has_marker && !self.is_named() {
            // `Downloads/students (1).csv` does not make an epoch of a home folder.
            nested.drop_guesses();
        }
        if !is_delivery
            && (nested.is_empty() || (!has_marker && !self.is_named() && nested.is_collection()))
        {
            *layout = Layout::default();
            let what = no_delivery::What { dir, name: self.name, entries, home: Home::Epoch };
            return what.report(survey, layout);
        }
        if let (Place::Argument, Some(name)) = (self.place, self.name)
            && let Some(finding) = epoch_name::finding(name, true)
        {
            layout.find(dir, finding);
        }
        if self.place != Place::Export && !(slots.complete.is_none() && nested.has_marker()) {
            self.check_marker(survey, &slots, near_markers, layout);
        }
        nested.report(&self.own(), &slots, layout);
        for name in nested.names() {
            slots.explain(name);
        }
        slots.settle(Home::Epoch, dir, layout);
        slots.report_configuration(dir, &self.outermost(), layout);
        if is_delivery {
            slots.report_strangers(dir, layout);
        }
        slots.check_required(Home::Epoch, dir, layout);
        if self.place != Place::Export {
            check_order(&slots, dir, layout);
        }
        layout.absent = slots.absent(Home::Epoch);
    }

    /// Whether its name is that of an epoch.
    fn is_named(&self) -> bool {
        self.name.is_some_and(epoch_name::has_shape)
    }

    /// The name of the directory that is uploaded from, as far as the path shows it.
    fn outermost(&self) -> String {
        let parent = self.dir.parent().and_then(Path::file_name).map(display_name);
        parent
            .filter(|name| self.place == Place::InUploadRoot || name == UPLOAD)
            .unwrap_or_else(|| self.own())
    }

    fn own(&self) -> String {
        self.name.map_or_else(|| short(self.dir), str::to_owned)
    }

    fn check_marker(
        &self,
        survey: &Survey<'_>,
        slots: &Slots<'_>,
        near: Vec<&Entry>,
        layout: &mut Layout,
    ) {
        match (slots.complete, near.split_first()) {
            (Some(marker), _) => {
                if let Some(finding) = wrong_marker(marker) {
                    layout.find(self.dir.join(COMPLETE), finding);
                }
                for entry in near {
                    let name = display_name(&entry.name);
                    let finding = unknown(&name, entry.kind, &Beside::Marker(COMPLETE));
                    layout.find(self.dir.join(&entry.name), finding);
                }
            }
            (None, Some((nearest, others))) => {
                layout.find(self.dir.join(&nearest.name), misnamed_marker(nearest, others));
            }
            (None, None) => layout.find(self.dir, self.missing_marker(survey)),
        }
    }

    fn missing_marker(&self, survey: &Survey<'_>) -> Finding {
        let above = self
            .dir
            .parent()
            .filter(|it| self.place == Place::InUploadRoot && is_complete(survey.tree, it))
            .map(|parent| parent.join(COMPLETE));
        let mut help = format!(
            "SameGoal does not process an epoch without an empty file named `{COMPLETE}` \
             (capitals, no extension). Upload it last, after every CSV file."
        );
        if let Some(marker) = above {
            help = format!(
                "SameGoal looks for `{COMPLETE}` in the epoch, and `{}` is one folder too high. \
                 If the upload of this epoch is finished, move it to `{}`.",
                display(&marker),
                display(&self.dir.join(COMPLETE))
            );
        } else if self.place == Place::Argument && !self.is_named() {
            help.push_str(
                " If this folder is an export for `samegoal-lint stage`, check it with `--kind \
                 export`.",
            );
        }
        rules::MISSING_COMPLETE
            .finding()
            .message(format!("there is no `{COMPLETE}` file in `{}`", short(self.dir)))
            .help(help)
    }
}

fn wrong_marker(marker: &Entry) -> Option<Finding> {
    match marker.kind {
        Kind::File if marker.len == 0 => None,
        Kind::File => Some(
            rules::COMPLETE_NOT_EMPTY
                .finding()
                .message(format!("`{COMPLETE}` is not empty: it has {} bytes", marker.len))
                .help(
                    "The marker must be an empty file. What SameGoal does with any other file is \
                     not published. Make the job create it without writing anything to it.",
                ),
        ),
        kind => Some(
            rules::COMPLETE_NOT_A_FILE
                .finding()
                .message(format!("`{COMPLETE}` is {}, not a file", noun(kind)))
                .help(
                    "SameGoal does not process an epoch without an empty file with that name. \
                     Rename it, and create an empty file named `COMPLETE`.",
                ),
        ),
    }
}

fn misnamed_marker(nearest: &Entry, others: &[&Entry]) -> Finding {
    let mut help = format!(
        "The name must match letter for letter. Without the marker, SameGoal does not process the \
         epoch. Rename the file to `{COMPLETE}`."
    );
    if !others.is_empty() {
        help = format!("{help} Do not upload {}.", quoted(others));
    }
    rules::MISNAMED_COMPLETE
        .finding()
        .message(format!(
            "the marker file must be named exactly `{COMPLETE}`, not `{}`",
            display_name(&nearest.name)
        ))
        .help(help)
        .label(format!("rename to `{COMPLETE}`"))
}

/// Reports files that are younger than the marker, which must be the last of all.
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
                "`{}` changed {} s after `{COMPLETE}` was created",
                display_name(&entry.name),
                late.as_secs()
            ))
            .help(format!(
                "SameGoal may start to read as soon as the marker exists. If it reads a file that \
                 is still being written, it may delete guardians who are missing from it. Create \
                 `{COMPLETE}` last."
            )),
    );
}
