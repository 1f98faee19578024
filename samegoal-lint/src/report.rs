//! What a run found, and the formats of its report.
//!
//! A reporter takes a [`Report`] and [`Options`] and writes to any [`Write`](io::Write). Whatever it
//! writes has gone through [`Masker`] and [`escape`].

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use indexmap::IndexMap;
use samegoal_schema::fix::Fix;
use samegoal_schema::{Location, Related};
use schemars::JsonSchema;
use serde::Serialize;

use crate::layout::rules::NO_DATA_FILE;
use crate::policy::{Found, Reported};
use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::text::escape::{self, visible};

mod cause;
pub mod csv;
mod fingerprint;
mod fold;
mod format;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod markdown;
mod narrated;
mod order;
mod part;
pub mod plain;
pub mod pretty;
mod reason;
mod rename;
pub(crate) use samegoal_schema::text::wording::plural;

#[cfg(test)]
pub(crate) mod sample;
pub mod sarif;
mod snippet;
pub mod summary;
mod table;
mod uri;
pub mod verdict;
mod words;

pub use format::Format;

/// All that a run reports.
#[derive(Debug, Default)]
pub struct Report {
    /// What was looked at, in the order of the arguments.
    pub targets: Vec<Target>,
    /// The findings and their sums.
    pub found: Found,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// The configuration that was used, as the user would type it.
    pub config: Option<String>,
    /// The targets that were compared with an earlier delivery, and with which.
    pub compared: Vec<Compared>,
    /// What was fixed in a copy.
    pub fixes: Vec<Fixed>,
    /// The paths of what was staged.
    pub staged: Vec<String>,
}

impl Report {
    /// Takes in what a further run has found.
    pub(crate) fn absorb(&mut self, other: Self) {
        let Self { targets, mut found, not_checked, config, compared, fixes, staged } = other;
        for off in &mut self.found.off {
            off.name_configuration(self.config.as_deref());
        }
        for off in &mut found.off {
            off.name_configuration(config.as_deref());
        }
        self.targets.extend(targets);
        self.found.absorb(found);
        self.not_checked.extend(not_checked);
        self.compared.extend(compared);
        self.fixes.extend(fixes);
        self.staged.extend(staged);
        if let Some(config) = config
            && !self.config.as_deref().is_some_and(|known| known.split(", ").any(|it| it == config))
        {
            self.config = Some(match self.config.take() {
                Some(known) => format!("{known}, {config}"),
                None => config,
            });
        }
    }

    /// The path of a second place: that of the file in the same target, or the name of the API file
    /// if the target has none.
    pub(crate) fn place_of<'a>(&'a self, path: &'a str, related: &'a Related) -> &'a str {
        let Some(name) = &related.file else { return path };
        let own = |target: &&Target| {
            target.path == path || target.files.iter().any(|file| file.path == path)
        };
        let file = self
            .targets
            .iter()
            .find(own)
            .and_then(|target| target.files.iter().find(|file| file.as_name == *name));
        file.map_or(name, |file| &file.path)
    }

    /// [`place_of`](Self::place_of), made visible.
    pub(crate) fn related_path<'a>(&'a self, path: &'a str, related: &'a Related) -> Cow<'a, str> {
        visible(self.place_of(path, related))
    }

    /// What was found by file or directory: what was read in the order of reading, and then what
    /// else there are findings of.
    fn by_file(&self) -> impl Iterator<Item = ByFile<'_>> {
        let mut rows: IndexMap<&str, ByFile<'_>> = IndexMap::new();
        for file in self.files() {
            let row = ByFile { path: &file.path, file: Some(file), ..ByFile::default() };
            rows.entry(&file.path).or_insert(row);
        }
        for total in &self.found.files {
            let path: &str = &total.path;
            let row = rows.entry(path).or_insert(ByFile { path, ..ByFile::default() });
            row.errors += total.errors;
            row.warnings += total.warnings;
            row.advice += total.advice;
        }
        rows.into_values()
    }

    /// Whether the finding is that a PATH is no delivery, rather than one that has no files.
    fn says_no_delivery(&self, reported: &Reported) -> bool {
        reported.finding.rule.name == NO_DATA_FILE.name
            && self.targets.iter().any(|it| it.is_no_delivery && it.path == *reported.path)
    }

    fn files(&self) -> impl Iterator<Item = &FileEntry> {
        self.targets.iter().flat_map(|target| &target.files)
    }
}

#[derive(Default)]
struct ByFile<'a> {
    path: &'a str,
    /// The file, if it was read.
    file: Option<&'a FileEntry>,
    errors: u64,
    warnings: u64,
    advice: u64,
}

/// A target and the delivery that it was compared with.
#[derive(Debug)]
pub struct Compared {
    /// The path of the target.
    pub target: String,
    /// The path of the earlier delivery.
    pub previous: String,
    /// What has changed among the students, if both deliveries have them.
    pub changes: Option<Changes>,
}

/// How many students came and went between two deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Changes {
    /// How many are new.
    pub new: u64,
    /// How many are gone.
    pub gone: u64,
    /// How many there are now.
    pub total: u64,
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
    /// Whether nothing shows that it is a delivery at all: probably it is the wrong PATH.
    pub is_no_delivery: bool,
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
    /// A folder that an epoch is made of.
    Export,
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
    /// The SHA-256 of what was read of it, in hexadecimal digits, if that was asked for.
    pub sha256: Option<String>,
}

impl FileEntry {
    /// The digest, unless values are masked and the file has so few records that what it says can be
    /// guessed and compared.
    fn digest(&self, values: Values) -> Option<&str> {
        const LEAST: u64 = 100;
        let is_long = self.records.is_some_and(|records| records >= LEAST);
        self.sha256.as_deref().filter(|_| values == Values::Show || is_long)
    }
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
            remedy: "`samegoal-lint learn` infers it from an epoch that SameGoal processed".into(),
        }
    }
}

/// How a report is to look.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options {
    /// Whether to color. Only pretty text does.
    pub color: bool,
    /// Whether the name of a rule is a link to its manual. Only in pretty text.
    pub links: bool,
    /// The width in columns to which pretty text is fitted.
    pub width: usize,
    /// How pretty text is drawn.
    pub drawing: Drawing,
    /// Whether text shows more: every repeat, and what was read.
    pub verbose: bool,
    /// How much of the values to show.
    pub values: Values,
    /// Whether the site masks values, so that no option shows them.
    pub pins_mask: bool,
    /// How long the run took, if that is shown. Only in text, and never in what is kept: the
    /// same input gives the same bytes.
    pub elapsed: Option<Duration>,
    /// The most findings of one rule to show for one file; 0 is all.
    pub max_findings: usize,
}

/// How pretty text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// With lines and marks.
    Unicode,
    /// With what a typewriter has.
    Ascii,
    /// Not at all: in words, for those who listen to it.
    Narrated,
}

impl Drawing {
    /// What stands for something that is left out.
    fn ellipsis(self) -> &'static str {
        if self == Self::Unicode { "…" } else { "..." }
    }
}

impl Options {
    /// The width where there is no terminal.
    pub const WIDTH: usize = 100;

    /// The width of the terminal on standard output; [`WIDTH`](Self::WIDTH) if it is none.
    pub fn width_of_stdout() -> usize {
        terminal_size::terminal_size_of(io::stdout())
            .map_or(Self::WIDTH, |(terminal_size::Width(width), _)| width.into())
    }
}

/// No color, [`WIDTH`](Options::WIDTH) columns, more than ASCII, masked values, all findings.
impl Default for Options {
    fn default() -> Self {
        Self {
            color: false,
            links: false,
            width: Self::WIDTH,
            drawing: Drawing::Unicode,
            verbose: false,
            values: Values::Mask,
            pins_mask: false,
            elapsed: None,
            max_findings: 0,
        }
    }
}

/// A place as editors and terminals know it: `epoch/students.csv:3:1`, or without the column if that
/// would give away how long the values before it are.
fn place(path: &str, location: Option<&Location>, masker: Masker) -> String {
    let mut out = visible(path).into_owned();
    if let Some(place) = location {
        escape::push(&mut out, &format!(":{}", place.line));
        if masker.shows_columns_of(place) {
            escape::push(&mut out, &format!(":{}", place.column));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Level, Policy, Selector};

    #[test]
    fn things_are_counted() {
        assert_eq!(plural(0, "error"), "0 errors");
        assert_eq!(plural(1, "file"), "1 file");
        assert_eq!(plural(1204, "record"), "1,204 records");
    }

    #[test]
    fn what_each_district_turns_off_is_said() {
        let of = |configured: &[&str], path: &str| {
            let off = |name: &&str| (Selector::parse(name).unwrap(), Level::Off);
            let configured = configured.iter().map(off).collect();
            let ignore = vec![Selector::parse("drift").unwrap()];
            let policy = Policy { configured, ignore, ..Policy::default() };
            let report = sample::weighed(Vec::new(), policy);
            Report { config: Some(path.to_owned()), ..report }
        };
        let mut report = of(&["link"], "a.toml");
        report.absorb(of(&["value"], "b.toml"));
        report.absorb(of(&[], "c.toml"));
        let off: Vec<_> = report.found.off.iter().map(|it| (it.names(3), it.why())).collect();
        let expected = [
            ("link", "turned off in a.toml"),
            ("drift", "turned off on the command line"),
            ("value", "turned off in b.toml"),
        ];
        assert_eq!(off, expected.map(|(names, why)| (names.to_owned(), why.to_owned())));
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
