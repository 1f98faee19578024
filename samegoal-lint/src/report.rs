//! What a run found, and the formats in which it is told.
//!
//! A reporter takes a [`Report`] and [`Options`] and writes to any [`Write`](std::io::Write).
//! Whatever it writes has gone through [`mask`](crate::mask) and [`escape`].

use std::borrow::Cow;
use std::time::Duration;

use samegoal_schema::fix::Fix;
use samegoal_schema::{Location, Related};
use schemars::JsonSchema;
use serde::Serialize;

use crate::escape::{self, visible};
use crate::mask::Values;
use crate::policy::Found;

pub mod json;
pub mod plain;
pub mod pretty;
#[cfg(test)]
pub(crate) mod sample;
mod snippet;
pub mod verdict;

/// All that a run has to tell.
#[derive(Debug, Default)]
pub struct Report {
    /// What was looked at, in the order of the arguments.
    pub targets: Vec<Target>,
    /// The findings and their sums.
    pub found: Found,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// What was mended in a copy.
    pub fixes: Vec<Fixed>,
    /// The paths of what was staged.
    pub staged: Vec<String>,
    /// How long the run took, if that is to be told. Formats for programs never tell it: the same
    /// input gives the same bytes.
    pub elapsed: Option<Duration>,
}

impl Report {
    /// The path of a second place, made visible: that of the file in the same target, or the name
    /// of the API file if the target has none.
    pub(crate) fn related_path<'a>(&'a self, path: &'a str, related: &'a Related) -> Cow<'a, str> {
        let Some(name) = &related.file else { return visible(path) };
        let own = |target: &&Target| {
            target.path == path || target.files.iter().any(|file| file.path == path)
        };
        let file = self
            .targets
            .iter()
            .find(own)
            .and_then(|target| target.files.iter().find(|file| file.as_name == *name));
        visible(file.map_or(name, |file| &file.path))
    }

    fn files(&self) -> impl Iterator<Item = &FileEntry> {
        self.targets.iter().flat_map(|target| &target.files)
    }
}

/// One argument: a directory or a file.
#[derive(Debug)]
pub struct Target {
    /// As the user typed it, with `/`.
    pub path: String,
    /// What it was taken for.
    pub kind: Kind,
    /// The API files in it that were read, in the order of their paths.
    pub files: Vec<FileEntry>,
}

/// What an argument was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A directory that is delivered as a whole.
    Epoch,
    /// The directory in which epochs lie.
    Upload,
    /// A single file.
    File,
}

/// A file that was read.
#[derive(Debug)]
pub struct FileEntry {
    /// As the user would type it, with `/`.
    pub path: String,
    /// The API file that it was taken for, such as `students.csv`.
    pub as_name: String,
    /// Its size.
    pub bytes: u64,
    /// How many records it has, without the header; `None` if they could not be told apart.
    pub records: Option<u64>,
}

/// A fix that was made in the copy of a file.
#[derive(Debug)]
pub struct Fixed {
    /// The file, as the user would type it, with `/`; not the copy.
    pub path: String,
    /// What was done.
    pub fix: &'static Fix,
    /// How often.
    pub count: u64,
    /// The line of the first place; `None` if it was done to the file as a whole.
    pub line: Option<u64>,
}

/// Something that could not be checked.
#[derive(Debug)]
pub struct NotChecked {
    /// The file or directory.
    pub path: String,
    /// What of it was not checked: `columns`.
    pub what: Cow<'static, str>,
    /// Why not: `the column list is not published`.
    pub why: Cow<'static, str>,
    /// How it can be checked after all; empty if it cannot. Only in text.
    pub remedy: Cow<'static, str>,
}

impl NotChecked {
    /// The columns of a file, because their list is not published.
    pub fn columns(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            what: "columns".into(),
            why: "the column list is not published".into(),
            remedy: "`samegoal-lint learn` takes it from an epoch that SameGoal has processed"
                .into(),
        }
    }
}

/// How a report is to look.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether to color. Only pretty text does.
    pub color: bool,
    /// The width in columns to which pretty text is fitted.
    pub width: usize,
    /// Whether to draw with more than ASCII.
    pub unicode: bool,
    /// How much of the values to show.
    pub values: Values,
}

impl Options {
    /// The width where there is no terminal.
    pub const WIDTH: usize = 100;

    /// The width of the terminal on standard output; [`WIDTH`](Self::WIDTH) if it is none.
    pub fn width_of_stdout() -> usize {
        terminal_size::terminal_size_of(std::io::stdout())
            .map_or(Self::WIDTH, |(terminal_size::Width(width), _)| width.into())
    }
}

/// No color, [`WIDTH`](Options::WIDTH) columns, more than ASCII, masked values.
impl Default for Options {
    fn default() -> Self {
        Self { color: false, width: Self::WIDTH, unicode: true, values: Values::Mask }
    }
}

/// A place as editors and terminals know it: `epoch/students.csv:3:1`.
fn place(path: &str, location: Option<&Location>) -> String {
    let mut out = visible(path).into_owned();
    if let Some(place) = location {
        escape::push(&mut out, &format!(":{}:{}", place.line, place.column));
    }
    out
}

/// The number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The number and the thing, in the singular or with an `s`.
fn plural(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (123_456, "123,456"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!(plural(1, "file"), "1 file");
        assert_eq!(plural(1204, "record"), "1,204 records");
    }

    #[test]
    fn a_second_place_is_looked_for_in_the_same_target() {
        let report = Report {
            targets: vec![sample::epoch("up/a"), sample::epoch("up/b")],
            ..Report::default()
        };
        let related = |file: Option<&'static str>| Related {
            file: file.map(Into::into),
            location: None,
            message: "".into(),
        };
        for (path, file, expected) in [
            ("up/b/guardians.csv", Some("students.csv"), "up/b/students.csv"),
            ("up/b", Some("students.csv"), "up/b/students.csv"),
            ("up/b/guardians.csv", None, "up/b/guardians.csv"),
            ("up/b/guardians.csv", Some("users.csv"), "users.csv"),
            ("elsewhere", Some("users.csv"), "users.csv"),
            ("a\nb", None, r"a\nb"),
        ] {
            assert_eq!(report.related_path(path, &related(file)), expected);
        }
    }
}
