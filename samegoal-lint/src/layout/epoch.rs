//! An epoch directory.

use std::path::Path;
use std::time::Duration;

use super::rules;
use samegoal_schema::Finding;
use samegoal_schema::schema::api::COMPLETE;

use super::slots::{Home, Slots};
use super::strangers::{Beside, unknown};
use super::{Layout, Place, Survey, UPLOAD, epoch_name, nested, nothing, noun, quoted, short};
use crate::listing::{Entry, Kind, display, display_name};

/// How much younger than the marker a file may be: some file systems keep times to 2 seconds only.
const TOLERANCE: Duration = Duration::from_secs(2);

/// An epoch directory that is being checked.
pub(super) struct Epoch<'a> {
    /// Where it is.
    pub(super) dir: &'a Path,
    /// Its own name, if that is known.
    pub(super) name: Option<&'a str>,
    pub(super) place: Place<'a>,
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
            let what = nothing::What { dir, name: self.name, entries, home: Home::Epoch };
            return what.report(survey, layout);
        }
        if let (Place::Argument { .. }, Some(name)) = (self.place, self.name)
            && let Some(finding) = epoch_name::finding(name, true)
        {
            layout.find(dir, finding);
        }
        if self.place != Place::Export && !(slots.complete.is_none() && nested.has_marker()) {
            self.check_marker(survey, &slots, near_markers, layout);
        }
        let own = self.name.map_or_else(|| short(self.dir), str::to_owned);
        nested.report(&own, &slots, layout);
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
        let own = || self.name.map_or_else(|| short(self.dir), str::to_owned);
        parent
            .filter(|name| self.place == Place::InUploadRoot || name == UPLOAD)
            .unwrap_or_else(own)
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
            .map(|parent| parent.join(COMPLETE))
            .filter(|marker| self.place == Place::InUploadRoot && is_file(survey, marker));
        let mut help = format!(
            "SameGoal does not process an epoch before an empty file named `{COMPLETE}` (capitals, \
             no extension) is in it. Upload it last, after every CSV file."
        );
        if let Some(marker) = above {
            help = format!(
                "SameGoal looks for `{COMPLETE}` in the epoch, and `{}` is one folder too high. If \
                 the upload of this epoch has ended, move it to `{}`.",
                display(&marker),
                display(&self.dir.join(COMPLETE))
            );
        } else if matches!(self.place, Place::Argument { .. }) && !self.is_named() {
            help.push_str(
                " If this folder is an export that `samegoal-lint stage` makes an epoch of, check \
                 it with `--kind export`.",
            );
        }
        rules::MISSING_COMPLETE
            .finding()
            .message(format!("there is no `{COMPLETE}` file in `{}`", short(self.dir)))
            .help(help)
    }
}

pub(super) fn is_file(survey: &Survey<'_>, path: &Path) -> bool {
    matches!(survey.tree.kind(path), Ok(Kind::File))
}

fn wrong_marker(marker: &Entry) -> Option<Finding> {
    match marker.kind {
        Kind::File if marker.len == 0 => None,
        Kind::File => Some(
            rules::COMPLETE_NOT_EMPTY
                .finding()
                .message(format!("`{COMPLETE}` has {} bytes in it", marker.len))
                .help(
                    "The marker must be an empty file; what SameGoal makes of another is not \
                     published. Let the job create it without writing anything to it.",
                ),
        ),
        kind => Some(
            rules::COMPLETE_NOT_A_FILE
                .finding()
                .message(format!("`{COMPLETE}` is {}, not a file", noun(kind)))
                .help(
                    "SameGoal does not process an epoch without an empty file of that name. Give \
                     what is there another name, and create the file.",
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
        help = format!("{help} Leave {} out of the upload.", quoted(others));
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
