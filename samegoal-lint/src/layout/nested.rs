//! API files in a folder directly below an epoch directory, where they are one level too deep.

use std::path::{Path, PathBuf};

use super::rules;
use samegoal_schema::schema::api::COMPLETE;

use super::slot::Slot;
use super::slots::Slots;
use super::{Layout, Survey, epoch_name, looks_like_upload, short, unreadable};
use crate::listing::{Entry, display, display_name};

/// How many folders of one directory are looked into.
const FOLDERS: usize = 200;

/// The folders of an epoch directory that hold API files.
pub(super) struct Nested {
    folders: Vec<Folder>,
}

struct Folder {
    path: PathBuf,
    /// The API file that fits its name best.
    first: PathBuf,
    count: usize,
    /// The exact names of the API files that are there, under whatever name.
    names: Vec<String>,
    has_marker: bool,
    /// Whether its files are known only by names that are near those of the API.
    is_guess: bool,
}

/// Looks into the folders of the epoch `dir`, whose own name is `name`.
pub(super) fn search(
    survey: &Survey<'_>,
    dir: &Path,
    name: Option<&str>,
    folders: &[&Entry],
    layout: &mut Layout,
) -> Nested {
    let mut nested = Nested { folders: Vec::new() };
    let is_epoch = name.is_some_and(epoch_name::has_shape);
    for folder in folders.iter().take(FOLDERS) {
        let path = dir.join(&folder.name);
        let name = display_name(&folder.name);
        if epoch_name::has_shape(&name) && !is_epoch {
            continue;
        }
        match survey.tree.list(&path) {
            Ok(entries) if looks_like_upload(Some(&name), &entries, survey.api) => {}
            Ok(entries) => nested.folders.extend(Folder::of(survey, path, &entries)),
            Err(error) => layout.find(path, unreadable(&error)),
        }
    }
    if folders.len() > FOLDERS {
        layout.skip(dir, "folders", format!("only the first {FOLDERS} were searched"));
    }
    nested
}

impl Folder {
    fn of(survey: &Survey<'_>, path: PathBuf, entries: &[Entry]) -> Option<Self> {
        let mut slots = Slots::new(survey, entries);
        if !slots.all.iter().any(Slot::is_there) {
            // What is said of the heads that are left unread concerns the folder that is delivered.
            slots.recognize(survey, &path, &mut Layout::default());
        }
        let there = || slots.all.iter().filter(|slot| slot.is_there());
        let files = there().flat_map(|slot| {
            let exact = slot.plain.into_iter().chain(slot.auto).map(|entry| (0, entry));
            let near = slot.near.iter().map(|(entry, _)| (1, *entry));
            exact.chain(near).chain(slot.by_header.iter().map(|entry| (2, *entry)))
        });
        let files: Vec<_> = files.map(|(fit, entry)| (fit, entry.name.clone())).collect();
        let (_, first) = files.iter().min()?;
        let is_guess = files.iter().all(|(fit, _)| *fit == 1);
        Some(Self {
            first: path.join(first),
            count: files.len(),
            names: there().map(|slot| slot.spec.name.to_string()).collect(),
            has_marker: slots.complete.is_some(),
            is_guess,
            path,
        })
    }
}

impl Nested {
    pub(super) fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// Drops folders that are known by near names only.
    pub(super) fn drop_guesses(&mut self) {
        self.folders.retain(|folder| !folder.is_guess);
    }

    /// Whether one of the folders has the marker that the epoch should have.
    pub(super) fn has_marker(&self) -> bool {
        self.folders.iter().any(|folder| folder.has_marker)
    }

    /// The exact names of the API files that are there.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().flat_map(|folder| &folder.names).map(String::as_str)
    }

    /// Whether the folders are deliveries of their own: two of them hold the same API file.
    pub(super) fn is_collection(&self) -> bool {
        let mut seen: Vec<&str> = Vec::new();
        self.names().any(|name| {
            let is_again = seen.contains(&name);
            seen.push(name);
            is_again
        })
    }

    pub(super) fn report(&self, own: &str, slots: &Slots<'_>, layout: &mut Layout) {
        for folder in &self.folders {
            let name = short(&folder.path);
            let message = match folder.count {
                1 => format!("an API file is in the folder `{name}`"),
                count => format!("{count} API files are in the folder `{name}`"),
            };
            let help = if slots.is_delivery() {
                format!(
                    "SameGoal may ignore files in folders inside the epoch. Upload `{own}` \
                     without this folder."
                )
            } else {
                let marker = if folder.has_marker && slots.complete.is_none() {
                    format!(" and `{COMPLETE}`")
                } else {
                    String::new()
                };
                format!(
                    "SameGoal may ignore files in folders inside the epoch. If `{own}` is the \
                     epoch, move the CSV files{marker} up into it. If `{name}` is the epoch, \
                     check `{}` instead.",
                    display(&folder.path)
                )
            };
            layout.find(&*folder.first, rules::NESTED_FILE.finding().message(message).help(help));
            let why = "files in a folder inside the epoch are not part of the epoch";
            layout.skip(&*folder.path, "contents", why);
        }
    }
}
