//! A directory that is no delivery: what lies in it, and where a delivery is.

use std::path::Path;

use super::rules;
use samegoal_schema::thousands;

use super::search::{Below, search};
use super::slots::Home;
use super::{Layout, Survey, TargetKind, epoch_name, is_marker, listed, short};
use crate::listing::{Entry, Kind, display};
use samegoal_schema::text::wording::{joined, plural};

/// How many entries are looked at in the search for deliveries below.
const ENTRIES: usize = 10_000;

pub(super) struct What<'a> {
    pub(super) dir: &'a Path,
    pub(super) name: Option<&'a str>,
    pub(super) entries: &'a [Entry],
    /// What it was taken for.
    pub(super) home: Home,
}

impl What<'_> {
    /// Reports it, as the only thing about the directory.
    pub(super) fn report(&self, survey: &Survey<'_>, layout: &mut Layout) {
        let below = search(survey, self.dir, ENTRIES);
        layout.is_no_delivery = !self.name.is_some_and(epoch_name::has_shape)
            && !self.entries.iter().any(is_file_marker);
        let finding = rules::NO_DATA_FILE.finding();
        let message = self.message(layout.is_no_delivery);
        layout.find(self.dir, finding.message(message).help(self.help(survey, &below)));
        let why = if layout.is_no_delivery { "it is not a delivery" } else { "it has no API file" };
        layout.skip(self.dir, "contents", why);
        if below.is_cut {
            let why = format!("there are more than {} entries", thousands(ENTRIES as u64));
            layout.skip(self.dir, "folders below", why);
        }
    }

    fn message(&self, is_no_delivery: bool) -> String {
        let lacks = match self.home {
            Home::Epoch => "there is no API file in",
            Home::UploadRoot => "there is neither an epoch nor an auto file in",
        };
        let message = if is_no_delivery {
            let path = match (self.dir.file_name(), self.name) {
                (None, Some(name)) => name.to_owned(),
                _ => display(self.dir),
            };
            format!("`{path}` is not a delivery: {lacks} it")
        } else {
            let name = self.name.map_or_else(|| short(self.dir), str::to_owned);
            format!("{lacks} `{name}`")
        };
        match self.sum() {
            Some(sum) => format!("{message}, only {sum}"),
            None => message,
        }
    }

    fn sum(&self) -> Option<String> {
        let markers = self.entries.iter().filter(|entry| is_file_marker(entry)).count();
        let folders = self.entries.iter().filter(|entry| entry.kind == Kind::Directory).count();
        let files = self.entries.len() - markers - folders;
        let counted = |count: usize, thing| {
            (count > 0).then(|| plural(u64::try_from(count).unwrap_or(u64::MAX), thing))
        };
        let parts = [
            (markers > 0).then(|| "the marker".to_owned()),
            counted(files, "other file"),
            counted(folders, "folder"),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| joined(&parts, "and"))
    }

    fn help(&self, survey: &Survey<'_>, below: &Below) -> String {
        let mut help = String::new();
        if let Some((archive, name)) = below.archives.first() {
            help = format!(
                "The archive `{}` contains `{name}`. SameGoal does not unpack archives. Unpack \
                 it, and check the folder with the CSV files.",
                display(archive)
            );
        }
        let found = match below.deliveries.as_slice() {
            [] if below.archives.is_empty() => nothing(survey),
            [] => String::new(),
            [(path, kind)] => {
                format!("`{}` looks like {}. {}", display(path), noun(*kind), command(*kind, path))
            }
            many => {
                let paths = many.iter().map(|(path, _)| format!("`{}`", display(path)));
                format!(
                    "There are deliveries below: {}. {}",
                    listed(paths, many.len()),
                    run_as("--recursive ", self.dir)
                )
            }
        };
        if !help.is_empty() && !found.is_empty() {
            help.push(' ');
        }
        help + &found
    }
}

fn is_file_marker(entry: &Entry) -> bool {
    entry.kind == Kind::File && is_marker(entry)
}

fn nothing(survey: &Survey<'_>) -> String {
    let names: Vec<_> = survey.api.files().map(|spec| format!("`{}`", spec.name)).collect();
    format!(
        "SameGoal loads {}. If this is the folder of a delivery, check whether the export failed \
         or wrote to another folder. If not, pass the folder of the delivery as the PATH.",
        names.join(", ")
    )
}

fn noun(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Upload => "an upload folder",
        TargetKind::Epoch => "an epoch",
        TargetKind::Export => "an export",
        TargetKind::File => "a file",
    }
}

fn command(kind: TargetKind, path: &Path) -> String {
    run_as(if kind == TargetKind::Export { "--kind export " } else { "" }, path)
}

/// The command that checks `path`, quoted so that every shell takes it; in words where none would.
fn run_as(options: &str, path: &Path) -> String {
    let path = display(path);
    let is_plain = |c: char| c.is_alphanumeric() || "/.-_:".contains(c);
    let is_safe = |c: char| !c.is_control() && !"\"$`\\%!".contains(c);
    match path.as_str() {
        path if path.starts_with('-') || !path.chars().all(is_safe) => {
            format!("Pass it as the PATH: `samegoal-lint {options}PATH`.")
        }
        path if path.chars().all(is_plain) => {
            format!("Check with `samegoal-lint {options}{path}`.")
        }
        path => format!("Check with `samegoal-lint {options}\"{path}\"`."),
    }
}
