//! Who stands for which file of the API in one directory, and who for none.

use std::path::Path;

use super::rules;
use samegoal_schema::fix::RENAME_FILE;
use samegoal_schema::schema::api::COMPLETE;
use samegoal_schema::{FileSpec, Finding};

use super::names::{near, workbook};
use super::slot::Slot;
use super::split;
use super::strangers::{
    Beside, Leftover, in_other_form, is_data, leftover, many_unknown, marker_distance, may_be_csv,
    other_form, unknown,
};
use super::{
    Absent, CONFIG_FILE, Layout, Planned, STAGE_PREFIX, Survey, inside_delivery, not_regular,
};
use crate::listing::{Entry, Kind, display_name};

/// How many files of one directory are opened to recognize them by their headers.
const RECOGNISED: usize = 64;

/// The most files without any hint of what they are that are reported one by one.
const SINGLY: usize = 20;

/// Where files are to lie, which decides how they must be named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Epoch,
    UploadRoot,
}

impl Home {
    fn name_of(self, spec: &FileSpec) -> String {
        match self {
            Self::Epoch => spec.name.to_string(),
            Self::UploadRoot => spec.auto_name(),
        }
    }
}

/// The entries of a directory by what they stand for.
pub(super) struct Slots<'a> {
    pub(super) all: Vec<Slot<'a>>,
    /// What has the exact name of the marker.
    pub(super) complete: Option<&'a Entry>,
    /// A configuration, which must not be uploaded.
    configuration: Option<&'a Entry>,
    /// Directories that stand for nothing.
    pub(super) folders: Vec<&'a Entry>,
    /// Everything else that stands for nothing.
    pub(super) strangers: Vec<&'a Entry>,
}

impl<'a> Slots<'a> {
    /// Sorts entries by their names.
    pub(super) fn new(survey: &Survey<'a>, entries: &'a [Entry]) -> Self {
        let all = survey.api.files().map(Slot::new).collect();
        let mut sorted = Self {
            all,
            complete: None,
            configuration: None,
            folders: Vec::new(),
            strangers: Vec::new(),
        };
        for entry in entries {
            sorted.add(survey, entry);
        }
        sorted
    }

    fn add(&mut self, survey: &Survey<'a>, entry: &'a Entry) {
        if entry.name == COMPLETE {
            self.complete = Some(entry);
            return;
        }
        if entry.name == CONFIG_FILE && matches!(entry.kind, Kind::File | Kind::Link) {
            self.configuration = Some(entry);
            return;
        }
        for slot in &mut self.all {
            if entry.name == *slot.spec.name {
                slot.plain = Some(entry);
                return;
            }
            if entry.name == *slot.spec.auto_name() {
                slot.auto = Some(entry);
                return;
            }
        }
        let name = display_name(&entry.name);
        // A byte that is no UTF-8 counts as one wrong letter, not as the four of `\xFF`.
        let lossy = entry.name.to_string_lossy();
        let leftover = leftover(&name);
        // The lock of `stage` is ours, and of no matter when an epoch is uploaded.
        if name.starts_with(STAGE_PREFIX) && leftover.is_none() {
            return;
        }
        if leftover.is_none()
            && matches!(entry.kind, Kind::File | Kind::Directory)
            && let Some(found) = workbook(&lossy, survey.api)
        {
            // On a Mac a workbook may be a directory that looks like a file.
            return self.slot(found.spec, |slot| slot.workbooks.push(entry));
        }
        match (entry.kind, leftover) {
            (Kind::Directory, Some(Leftover::Workspace | Leftover::Archiver)) => {}
            (Kind::Directory, _) => return self.folders.push(entry),
            (Kind::File, None) => {
                if let Some(found) = near(&lossy, survey.api) {
                    return self.slot(found.spec, |slot| slot.near.push((entry, found.auto)));
                }
            }
            _ => {}
        }
        let meant = in_other_form(&lossy).filter(|_| entry.kind == Kind::File);
        match meant.and_then(|name| near(name, survey.api)) {
            Some(found) => self.slot(found.spec, |slot| slot.in_other_form.push(entry)),
            None => self.strangers.push(entry),
        }
    }

    fn slot(&mut self, spec: &FileSpec, change: impl FnOnce(&mut Slot<'a>)) {
        if let Some(slot) = self.all.iter_mut().find(|slot| slot.spec.name == spec.name) {
            change(slot);
        }
    }

    /// Marks the absence of the file of that exact name as explained.
    pub(super) fn explain(&mut self, name: &str) {
        if let Some(slot) = self.all.iter_mut().find(|slot| slot.spec.name == name) {
            slot.explained = true;
        }
    }

    /// Whether any file is there, or its absence explained.
    pub(super) fn any(&self) -> bool {
        self.all.iter().any(|slot| slot.explained)
    }

    /// Takes files in the formats of data for no part of a delivery: where nothing else says that the
    /// directory is one, a `users.json` may be anybody's.
    pub(super) fn doubt_data(&mut self) {
        for slot in &mut self.all {
            let (data, others) = std::mem::take(&mut slot.in_other_form)
                .into_iter()
                .partition::<Vec<_>, _>(|entry| is_data(&display_name(&entry.name)));
            slot.in_other_form = others;
            self.strangers.extend(data);
        }
    }

    /// Takes out what is nearly named like the marker, the nearest first.
    pub(super) fn take_near_markers(&mut self) -> Vec<&'a Entry> {
        let (mut near, strangers) = std::mem::take(&mut self.strangers)
            .into_iter()
            .partition::<Vec<_>, _>(|entry| marker_distance(entry).is_some());
        self.strangers = strangers;
        // Stable: of two that are equally near, the first by name.
        near.sort_by_key(|entry| marker_distance(entry));
        near
    }

    /// Reads the beginnings of files among the strangers, to recognize them by header.
    pub(super) fn recognize(&mut self, survey: &Survey<'a>, dir: &Path, layout: &mut Layout) {
        let mut asked = 0;
        for entry in std::mem::take(&mut self.strangers) {
            let candidate = entry.kind == Kind::File
                && entry.len > 0
                && may_be_csv(&entry.name.to_string_lossy());
            asked += usize::from(candidate);
            if candidate && asked == RECOGNISED + 1 {
                layout.skip(
                    dir,
                    "headers of unknown files",
                    format!("there are more than {RECOGNISED} of them"),
                );
            }
            let known = if candidate && asked <= RECOGNISED {
                survey.recognized(&dir.join(&entry.name))
            } else {
                None
            };
            match known {
                Some(spec) => self.slot(spec, |slot| slot.by_header.push(entry)),
                None => self.strangers.push(entry),
            }
        }
    }

    /// Decides for each file of the API what is checked as it, and reports what is not as it
    /// should be.
    pub(super) fn settle(&mut self, home: Home, dir: &Path, layout: &mut Layout) {
        for slot in &mut self.all {
            let parts = split::parts(slot, &mut self.strangers);
            Settling { home, dir, layout, taken_by: None }.settle(slot, parts);
        }
    }

    /// Reports the strangers that are left. Where there are many, what nothing is known of is one
    /// finding: they have one cause, and it may be that the directory is another.
    pub(super) fn report_strangers(&self, dir: &Path, layout: &mut Layout) {
        let (mut many, mut single) = self.strangers.iter().partition::<Vec<&Entry>, _>(|entry| {
            entry.kind == Kind::File && leftover(&display_name(&entry.name)).is_none()
        });
        if many.len() <= SINGLY {
            single.append(&mut many);
        }
        for entry in single {
            let name = display_name(&entry.name);
            layout.find(dir.join(&entry.name), unknown(&name, entry.kind, &Beside::Nothing));
        }
        if !many.is_empty() {
            layout.find(dir, many_unknown(dir, &many));
        }
    }

    /// Reports a configuration in a directory that is uploaded from, or that lies in one; `outermost`
    /// is the name of that.
    pub(super) fn report_configuration(&self, dir: &Path, outermost: &str, layout: &mut Layout) {
        if let Some(entry) = self.configuration {
            layout.find(dir.join(&entry.name), inside_delivery(outermost));
        }
    }

    /// Reports files without the one that they need.
    pub(super) fn check_required(&mut self, home: Home, dir: &Path, layout: &mut Layout) {
        let mut missing = Vec::new();
        for slot in &self.all {
            let Some(needed) = slot.spec.requires.as_deref() else { continue };
            let needed = self.all.iter().find(|other| other.spec.name == needed);
            let (Some(entry), Some(needed)) = (slot.planned, needed) else { continue };
            if needed.explained {
                continue;
            }
            missing.push(&needed.spec.name);
            let (name, needed) = (display_name(&entry.name), home.name_of(needed.spec));
            layout.find(
                dir.join(&entry.name),
                rules::MISSING_STUDENTS
                    .finding()
                    .message(format!("`{name}` is here, but `{needed}` is missing"))
                    .help(format!(
                        "SameGoal loads both files together, and skips a record whose student is \
                         not in `{needed}` of the same delivery. Deliver that file too."
                    )),
            );
        }
        for slot in &mut self.all {
            slot.is_needed = missing.contains(&&slot.spec.name);
        }
    }

    /// The files that are not there, without any finding that says why, and those that a file beside
    /// needs.
    pub(super) fn absent(&self, home: Home) -> Vec<Absent> {
        let absent = self.all.iter().filter(|slot| !slot.explained);
        absent
            .map(|slot| Absent {
                as_name: slot.spec.name.to_string(),
                name: home.name_of(slot.spec),
                is_needed: slot.is_needed,
            })
            .collect()
    }

    /// Files that have their plain exact name, in the order of the schema.
    pub(super) fn plain_files(&self) -> impl Iterator<Item = &'a Entry> {
        self.all.iter().filter_map(|slot| slot.plain).filter(|entry| entry.kind == Kind::File)
    }

    pub(super) fn has_auto(&self) -> bool {
        self.all.iter().any(|slot| slot.auto.is_some())
    }

    /// Whether anything but folders stands for a file of the API.
    pub(super) fn is_delivery(&self) -> bool {
        self.all.iter().any(|slot| {
            slot.is_there() || !slot.in_other_form.is_empty() || !slot.workbooks.is_empty()
        })
    }
}

struct Settling<'d> {
    home: Home,
    dir: &'d Path,
    layout: &'d mut Layout,
    /// The name of what stands for the file, once that is decided.
    taken_by: Option<String>,
}

impl Settling<'_> {
    /// The exact name goes before the one that belongs elsewhere, that before near names, those
    /// before headers, and a workbook is the last resort.
    fn settle(mut self, slot: &mut Slot<'_>, parts: Option<Vec<&Entry>>) {
        let (right, wrong) = match self.home {
            Home::Epoch => (slot.plain, slot.auto),
            Home::UploadRoot => (slot.auto, slot.plain),
        };
        let auto_is_right = self.home == Home::UploadRoot;
        if let Some(entry) = right {
            self.exact(slot, entry, auto_is_right);
        }
        if let Some(entry) = wrong {
            // In the upload root this is `no-epoch`: one finding for all of them, made there.
            if self.home == Home::Epoch && entry.kind == Kind::File {
                self.find(entry, self.auto_file(slot.spec));
            }
            self.exact(slot, entry, !auto_is_right);
        }
        if let Some(parts) = parts {
            self.split(slot.spec, &parts);
        }
        for (entry, auto) in std::mem::take(&mut slot.near) {
            match self.taken_by.clone() {
                None => self.misnamed(slot, entry, auto, true),
                Some(other) => self.duplicate(slot.spec, entry, &other),
            }
        }
        let is_exact = right.is_some() || wrong.is_some();
        for entry in std::mem::take(&mut slot.by_header) {
            match self.taken_by.clone() {
                None => self.misnamed(slot, entry, false, false),
                Some(other) if is_exact => {
                    self.unknown(entry, &Beside::SameHeader(&other));
                    self.superfluous(entry, &other);
                }
                Some(other) => self.duplicate(slot.spec, entry, &other),
            }
        }
        for entry in std::mem::take(&mut slot.in_other_form) {
            match self.taken_by {
                None => self.other_form(slot.spec, entry),
                Some(_) => self.unknown(entry, &Beside::Nothing),
            }
        }
        for entry in std::mem::take(&mut slot.workbooks) {
            match self.taken_by.clone() {
                None => self.workbook(slot.spec, entry),
                Some(other) => self.unknown(entry, &Beside::Workbook(&other)),
            }
        }
        slot.explained |= self.taken_by.is_some();
    }

    fn exact<'a>(&mut self, slot: &mut Slot<'a>, entry: &'a Entry, auto: bool) {
        if entry.kind != Kind::File {
            self.find(entry, not_regular(&display_name(&entry.name), entry.kind));
            self.taken_by.get_or_insert(display_name(&entry.name));
        } else if let Some(other) = self.taken_by.clone() {
            self.superfluous(entry, &other);
        } else {
            self.plan(slot, entry, auto);
        }
    }

    fn plan<'a>(&mut self, slot: &mut Slot<'a>, entry: &'a Entry, auto: bool) {
        self.taken_by = Some(display_name(&entry.name));
        slot.planned = Some(entry);
        self.layout.files.push(Planned {
            path: self.dir.join(&entry.name),
            as_name: slot.spec.name.to_string(),
            auto,
        });
    }

    fn misnamed<'a>(&mut self, slot: &mut Slot<'a>, entry: &'a Entry, auto: bool, is_near: bool) {
        let name = display_name(&entry.name);
        let how = if is_near { "looks like" } else { "has the header of" };
        let finding = misnamed(&name, how, &self.home.name_of(slot.spec));
        // Which file it is by its header is a guess.
        let is_renamed = is_near && self.home == Home::Epoch;
        self.find(entry, if is_renamed { finding.fix(RENAME_FILE.name) } else { finding });
        self.plan(slot, entry, auto);
    }

    fn workbook(&mut self, spec: &FileSpec, entry: &Entry) {
        let name = display_name(&entry.name);
        self.find(entry, workbook_finding(&name, &self.home.name_of(spec)));
        self.layout.skip(self.dir.join(&entry.name), "contents", "it is a workbook");
        self.taken_by = Some(name);
    }

    fn other_form(&mut self, spec: &FileSpec, entry: &Entry) {
        let name = display_name(&entry.name);
        self.find(entry, other_form(&name, &self.home.name_of(spec)));
        self.layout.skip(self.dir.join(&entry.name), "contents", "it is not a CSV file yet");
        self.taken_by = Some(name);
    }

    fn split(&mut self, spec: &FileSpec, parts: &[&Entry]) {
        let Some((first, _)) = parts.split_first() else { return };
        self.find(first, split::finding(parts, &self.home.name_of(spec)));
        for entry in parts {
            let why = "it is part of a file";
            self.layout.skip(self.dir.join(&entry.name), "contents", why);
        }
        self.taken_by = Some(display_name(&first.name));
    }

    fn duplicate(&mut self, spec: &FileSpec, entry: &Entry, other: &str) {
        self.find(entry, duplicate(entry, other, &self.home.name_of(spec)));
        self.superfluous(entry, other);
    }

    fn unknown(&mut self, entry: &Entry, beside: &Beside<'_>) {
        self.find(entry, unknown(&display_name(&entry.name), entry.kind, beside));
    }

    fn superfluous(&mut self, entry: &Entry, other: &str) {
        let why = format!("`{other}` was checked instead");
        self.layout.skip(self.dir.join(&entry.name), "contents", why);
    }

    fn auto_file(&self, spec: &FileSpec) -> Finding {
        let (auto, plain) = (spec.auto_name(), &spec.name);
        let mut help = format!(
            "That name is for the upload root. SameGoal may ignore the file in an epoch. Rename \
             it to `{plain}`, or upload it to the upload root, without an epoch."
        );
        if let Some(other) = &self.taken_by {
            help = format!(
                "That name is for the upload root, and `{other}` is here too. Upload only the \
                 current one, and move the other out of the folder."
            );
        }
        let finding = rules::AUTO_FILE_IN_EPOCH.finding();
        let is_renamed = self.taken_by.is_none();
        let finding = if is_renamed { finding.fix(RENAME_FILE.name) } else { finding };
        finding
            .message(format!("`{auto}` is in an epoch directory"))
            .help(help)
            .label(format!("rename to `{plain}`"))
    }

    fn find(&mut self, entry: &Entry, finding: Finding) {
        self.layout.find(self.dir.join(&entry.name), finding);
    }
}

fn duplicate(entry: &Entry, other: &str, wanted: &str) -> Finding {
    let name = display_name(&entry.name);
    rules::DUPLICATE_FILE
        .finding()
        .message(format!("`{name}` and `{other}` both look like `{wanted}`"))
        .help(format!(
            "`{name}` was not checked. Find out which one is current. Move the other out of the \
             folder, and name the current one `{wanted}`."
        ))
}

pub(super) fn misnamed(name: &str, how: &str, wanted: &str) -> Finding {
    rules::MISNAMED_FILE
        .finding()
        .message(format!("`{name}` {how} `{wanted}`, but its name is not exact"))
        .help(format!(
            "SameGoal finds files by their exact names, and may ignore this one. Rename it to \
             `{wanted}`."
        ))
        .label(format!("rename to `{wanted}`"))
}

pub(super) fn workbook_finding(name: &str, wanted: &str) -> Finding {
    rules::WORKBOOK
        .finding()
        .message(format!("`{name}` is a workbook; SameGoal needs `{wanted}`"))
        .help(format!(
            "SameGoal loads only CSV files. Save it as `{wanted}`, as CSV in UTF-8, or export CSV \
             directly from the student information system."
        ))
}
