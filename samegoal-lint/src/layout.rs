//! The layout rules: a directory as it would be uploaded, checked by the names, kinds, sizes and
//! times in it. The files themselves are checked by the caller, who learns which they are.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use samegoal_schema::schema::api::COMPLETE;
use samegoal_schema::{FileSpec, Finding, Schema, thousands};

use crate::listing::{Entry, Kind, Tree, display, display_name};

mod archive;
mod epoch;
mod epoch_name;
mod file;
mod names;
mod nested;
mod no_delivery;
mod reading;
pub(crate) mod rules;
mod search;
mod slot;
mod slots;
mod split;
mod strangers;
mod upload;

pub use epoch_name::has_shape as is_epoch_name;
pub use file::file_target;
pub use reading::{changed_while_read, unreadable, unreadable_file};
pub(crate) use rules::RULES;

/// The name of a configuration, which is not to lie in what is delivered.
pub const CONFIG_FILE: &str = "samegoal-lint.toml";
pub(crate) use search::{delivery_at, search as deliveries_below};

/// How much of a file's beginning is shown to [`Survey::recognize`], in bytes.
pub const HEAD: u64 = 64 * 1024;

/// The directory name that makes an upload root.
const UPLOAD: &str = "upload";

/// What the names of all begin with that staging puts into an upload directory before it is finished.
pub(crate) const STAGE_PREFIX: &str = ".samegoal-lint-stage";

/// Whether staging gives that file its exact name: it has another, which is near it.
pub(crate) fn is_renamed(name: &OsStr, spec: &FileSpec, api: &Schema) -> bool {
    let near = || names::near(&name.to_string_lossy(), api);
    *name != *spec.name
        && (*name == *spec.auto_name() || near().is_some_and(|near| near.spec.name == spec.name))
}

/// Whether an entry is the marker, or nearly named like it.
pub(crate) fn is_marker(entry: &Entry) -> bool {
    entry.name == COMPLETE || strangers::marker_distance(entry).is_some()
}

/// What a layout check looks at and what it knows.
#[derive(Clone, Copy)]
pub struct Survey<'a> {
    /// Where the files are.
    pub tree: &'a dyn Tree,
    /// The API that they must follow.
    pub api: &'a Schema,
    /// Recognizes a file by its header. It gets up to the first [`HEAD`] bytes and returns the exact
    /// name of the file of the API that they begin, if any. It is called only for regular files that
    /// cannot be recognized by name, and for not more than 64 in a directory.
    pub recognize: &'a dyn Fn(&[u8]) -> Option<String>,
}

impl<'a> Survey<'a> {
    /// The file of the API whose header `path` carries; `None` too if it cannot be read.
    fn recognized(&self, path: &Path) -> Option<&'a FileSpec> {
        self.api.file(&(self.recognize)(&self.head(path)?)?)
    }

    /// The name of a file in a ZIP archive that is one of the API's, exactly or nearly.
    fn archived(&self, path: &Path) -> Option<String> {
        archive::names(&self.head(path)?).find(|name| {
            let is_exact = |spec: &FileSpec| *spec.name == **name || spec.auto_name() == *name;
            self.api.files().any(is_exact) || names::near(name, self.api).is_some()
        })
    }

    /// The name that its directory has for a file.
    fn name_of(&self, path: &Path) -> String {
        self.tree.entry_name(path).map_or_else(|| short(path), |name| display_name(&name))
    }

    fn head(&self, path: &Path) -> Option<Vec<u8>> {
        let mut head = Vec::new();
        self.tree.open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
        Some(head)
    }
}

/// What a path on the command line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TargetKind {
    /// One epoch directory
    ///
    /// It may also be the folder where you prepare an epoch.
    Epoch,
    /// A directory that epochs and auto files are uploaded to
    Upload,
    /// One CSV file
    File,
    /// A folder that `stage` turns into an epoch
    ///
    /// It needs neither `COMPLETE` nor the name of an epoch.
    Export,
}

/// Detects what `path` is, by its name and the names in it.
///
/// A directory is an upload root if it is named `upload`, holds folders with the name of an epoch,
/// or holds auto files and no other file of the API. Every other one is an epoch, and so is, before
/// all, one that has the name of an epoch. A link to a directory counts as the directory.
///
/// # Errors
///
/// When nothing is there. A directory that cannot be listed is recognized by name.
pub fn target_kind(tree: &dyn Tree, path: &Path, api: &Schema) -> io::Result<TargetKind> {
    let kind = tree.kind(path)?;
    if matches!(kind, Kind::File | Kind::Other) {
        return Ok(TargetKind::File);
    }
    let entries = match tree.list(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Vec::new(),
        Err(_) if kind == Kind::Link => return Ok(TargetKind::File),
        Err(error) => return Err(error),
    };
    let own = own_name(tree, path);
    if own.as_deref().is_some_and(epoch_name::has_shape) {
        return Ok(TargetKind::Epoch);
    }
    if looks_like_upload(own.as_deref(), &entries, api) {
        return Ok(TargetKind::Upload);
    }
    Ok(TargetKind::Epoch)
}

/// Whether a directory of that name and with these entries is an upload root.
fn looks_like_upload(name: Option<&str>, entries: &[Entry], api: &Schema) -> bool {
    let holds_epoch = || {
        entries.iter().any(|entry| {
            entry.kind == Kind::Directory && epoch_name::has_shape(&display_name(&entry.name))
        })
    };
    let holds = |wanted: &str| entries.iter().any(|entry| entry.name == wanted);
    let holds_auto = || api.files().any(|spec| holds(&spec.auto_name()));
    let holds_plain = || api.files().any(|spec| holds(&spec.name));
    name == Some(UPLOAD) || holds_epoch() || (holds_auto() && !holds_plain())
}

/// Whether a file that was itself the argument is an archive, and not meant for anything else.
pub(crate) fn is_archive(survey: &Survey<'_>, path: &Path) -> bool {
    let name = survey.name_of(path);
    let is_known = || {
        let is_exact = |spec: &FileSpec| *spec.name == *name || spec.auto_name() == name;
        survey.api.files().any(is_exact)
            || names::near(&name, survey.api).is_some()
            || names::is_workbook(&name)
    };
    strangers::is_packed(&name)
        || (!is_known() && survey.head(path).is_some_and(|head| archive::is_zip(&head)))
}

/// Where a directory stands, which decides what is asked of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the upload root.
    UploadRoot,
    /// It is a folder that an epoch is made of. It needs no marker, and may have any name.
    Export,
    /// It is an epoch that the upload root holds. Its name is checked with the root.
    InUploadRoot,
    /// It is an epoch that was itself the argument.
    Argument,
}

/// Checks one directory. The same tree gives the same layout.
///
/// For an upload root this checks the root and the names of the folders in it; what is in the
/// [`epochs`](Layout::epochs) is checked by another call for each, with [`Place::InUploadRoot`].
///
/// ```
/// use samegoal_lint::layout::{Place, Survey, check};
/// use samegoal_lint::listing::Memory;
///
/// let tree = Memory::new().file("epoch/students.csv", "").file("epoch/complete", "");
/// let api = samegoal_schema::generic_api();
/// let survey = Survey { tree: &tree, api: &api, recognize: &|_| None };
/// let layout = check(&survey, "epoch".as_ref(), Place::InUploadRoot);
/// assert_eq!(layout.findings[0].1.rule.name, "layout/misnamed-complete");
/// assert_eq!(layout.files[0].as_name, "students.csv");
/// ```
pub fn check(survey: &Survey<'_>, path: &Path, place: Place) -> Layout {
    let mut layout = Layout::default();
    let name = own_name(survey.tree, path);
    let name = name.as_deref();
    match survey.tree.list(path) {
        Ok(entries) if place == Place::UploadRoot => {
            upload::check(survey, path, name, &entries, &mut layout);
        }
        Ok(entries) => {
            epoch::Epoch { dir: path, name, place }.check(survey, &entries, &mut layout);
        }
        Err(error) => layout.find(path, unreadable(&error)),
    }
    layout.findings.sort_by(|(a, x), (b, y)| (a, x.rule.name).cmp(&(b, y.rule.name)));
    layout
}

/// What [`check`] found, and what to look into next.
#[derive(Debug, Default)]
pub struct Layout {
    /// The findings and the paths that they are about, sorted by path and rule.
    pub findings: Vec<(PathBuf, Finding)>,
    /// The files to be opened and checked, in the order of the schema; not more than one for each
    /// file of the API.
    pub files: Vec<Planned>,
    /// The epochs of an upload root, sorted.
    pub epochs: Vec<PathBuf>,
    /// What is there and will not be checked.
    pub not_checked: Vec<NotChecked>,
    /// The files of the API that a delivery lacks and no finding accounts for, but for one that a file
    /// beside needs. Empty where there is no delivery.
    pub absent: Vec<Absent>,
    /// Whether neither the names nor the contents of a directory are those of a delivery.
    pub is_no_delivery: bool,
}

impl Layout {
    fn find(&mut self, path: impl Into<PathBuf>, finding: Finding) {
        self.findings.push((path.into(), finding));
    }

    fn skip(
        &mut self,
        path: impl Into<PathBuf>,
        what: &'static str,
        why: impl Into<Cow<'static, str>>,
    ) {
        self.not_checked.push(NotChecked { path: path.into(), what: what.into(), why: why.into() });
    }
}

/// A file to be opened and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Where it is.
    pub path: PathBuf,
    /// The file of the API that it is checked as, for example `students.csv`.
    pub as_name: String,
    /// Whether its own name is, exactly or nearly, an auto name such as `students_auto.csv`.
    pub auto: bool,
}

/// A file that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The file of the API.
    pub as_name: String,
    /// What it would be called here.
    pub name: String,
    /// Whether a finding says that a file beside needs it.
    pub is_needed: bool,
}

/// Something that will not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// Where it is.
    pub path: PathBuf,
    /// Which part of it: `contents`, for example.
    pub what: Cow<'static, str>,
    /// The reason, as the end of a sentence that begins with "because".
    pub why: Cow<'static, str>,
}

/// The finding about a file that a delivery should have, in the directory `dir`.
pub fn missing_expected_file(dir: &Path, name: &str) -> Finding {
    rules::MISSING_EXPECTED_FILE
        .finding()
        .message(format!("`{name}` is not in `{}`, and the configuration expects it", short(dir)))
        .help(
            "The export that writes it probably failed. If you no longer deliver it, remove it \
             from `expected-files`.",
        )
}

fn not_regular(name: &str, kind: Kind) -> Finding {
    rules::NOT_A_REGULAR_FILE
        .finding()
        .message(format!("`{name}` is {}, not a file", noun(kind)))
        .help(
            "Its contents were not checked, and an upload may skip it. Make the export write a \
             regular file with this name.",
        )
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::File => "a file",
        Kind::Directory => "a directory",
        Kind::Link => "a link",
        Kind::Other => "a pipe, a socket or a device",
    }
}

/// The name of a file or directory, also where the path does not end in it, such as `.`.
pub(crate) fn own_name(tree: &dyn Tree, path: &Path) -> Option<String> {
    path.file_name().map(display_name).or_else(|| tree.name_of(path))
}

/// Whether an epoch has its marker.
pub(crate) fn is_complete(tree: &dyn Tree, epoch: &Path) -> bool {
    matches!(tree.kind(&epoch.join(COMPLETE)), Ok(Kind::File))
}

/// The epochs in an upload root, the newest first.
pub(crate) fn newest_first(
    tree: &dyn Tree,
    root: &Path,
) -> io::Result<impl Iterator<Item = PathBuf>> {
    let mut epochs = tree.list(root)?;
    epochs.retain(|it| it.kind == Kind::Directory && is_epoch_name(&display_name(&it.name)));
    Ok(epochs.into_iter().rev().map(|entry| root.join(entry.name)))
}

/// The finding about a configuration that lies in a delivery; `outermost` is the name of the
/// directory that is uploaded from.
fn inside_delivery(outermost: &str) -> Finding {
    rules::INSIDE_DELIVERY
        .finding()
        .message(format!("`{CONFIG_FILE}` is inside the delivery"))
        .help(format!(
            "It would be uploaded, and it is ignored there unless `--config` names it. Move it to \
             the folder that contains `{outermost}`."
        ))
}

/// The names of entries, as a list within a sentence: the first few of them.
fn quoted(entries: &[&Entry]) -> String {
    let names = entries.iter().map(|entry| format!("`{}`", display_name(&entry.name)));
    listed(names, entries.len())
}

/// The first few of `count` things, as a list within a sentence.
fn listed(things: impl Iterator<Item = String>, count: usize) -> String {
    const MOST: usize = 5;
    let mut text = things.take(MOST).collect::<Vec<_>>().join(", ");
    if count > MOST {
        text += " and ";
        text += &thousands((count - MOST) as u64);
        text += " more";
    }
    text
}

/// The last name of a path, or all of it where it does not end in one.
fn short(path: &Path) -> String {
    path.file_name().map_or_else(|| display(path), display_name)
}

#[cfg(test)]
mod tests;
