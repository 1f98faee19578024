//! Files in a folder below an epoch directory, where they are one level too deep.

use std::io;
use std::path::{Path, PathBuf};

use super::names::{is_csv, near};
use super::strangers::leftover;
use super::{Survey, short, unreadable};
use crate::layout::Layout;
use crate::listing::{Kind, display_name};
use samegoal_schema::rule::layout as rules;

/// How many folders deep the search goes.
const DEPTH: usize = 6;
/// How many entries of one folder and all below it are looked at.
const ENTRIES: usize = 10_000;

/// What is in a folder.
#[derive(Default)]
struct Search {
    /// Every CSV file, after how well its name fits the API: 0 exactly, 1 nearly, 2 not.
    found: Vec<(u8, PathBuf)>,
    /// The exact names of the files of the API that were found.
    names: Vec<String>,
    unreadable: Vec<(PathBuf, io::Error)>,
    seen: usize,
    cut: bool,
}

/// Searches one folder of an epoch and reports the CSV files in it. Answers the exact names of the
/// files of the API that are there, or `None` if there is no CSV file at all.
pub(super) fn check(
    survey: &Survey<'_>,
    folder: &Path,
    layout: &mut Layout,
) -> Option<Vec<String>> {
    let mut search = Search::default();
    search.folder(survey, folder, 1);
    for (path, error) in &search.unreadable {
        layout.find(path, unreadable(error));
    }
    if search.cut {
        layout.skip(folder, "contents", "it is too deep or too full to be searched to the end");
    }
    let count = search.found.len();
    let (_, first) = search.found.into_iter().min()?;
    let name = short(folder);
    let message = match count {
        1 => format!("a CSV file lies in the folder `{name}`"),
        _ => format!("{count} CSV files lie in the folder `{name}`"),
    };
    layout.find(
        first,
        rules::NESTED_FILE.finding().message(message).help(
            "CSV files belong directly into the epoch directory; below it they may be ignored. \
             Move them up and remove the folder.",
        ),
    );
    layout.skip(folder, "contents", "files in a folder below the epoch are not part of the epoch");
    Some(search.names)
}

impl Search {
    fn folder(&mut self, survey: &Survey<'_>, folder: &Path, depth: usize) {
        let entries = match survey.tree.list(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable.push((folder.to_owned(), error)),
        };
        for entry in entries {
            if self.seen == ENTRIES {
                self.cut = true;
                return;
            }
            self.seen += 1;
            let path = folder.join(&entry.name);
            let name = display_name(&entry.name);
            match entry.kind {
                Kind::Directory if depth < DEPTH => self.folder(survey, &path, depth + 1),
                Kind::Directory => self.cut = true,
                Kind::File => self.file(survey, &name, path),
                Kind::Link | Kind::Other => {}
            }
        }
    }

    fn file(&mut self, survey: &Survey<'_>, name: &str, path: PathBuf) {
        if leftover(name).is_some() {
            return;
        }
        let api = survey.api;
        let exact = api.files().find(|spec| spec.name == name || spec.auto_name() == name);
        let known = exact.or_else(|| near(name, api).map(|near| near.spec));
        if let Some(spec) = known {
            self.names.push(spec.name.to_string());
        }
        if known.is_some() || is_csv(name) {
            let fit = if exact.is_some() { 0 } else { 2 - u8::from(known.is_some()) };
            self.found.push((fit, path));
        }
    }
}
