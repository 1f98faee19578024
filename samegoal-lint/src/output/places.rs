//! What a run reads and writes, compared by identity before it starts: nothing that is written takes the
//! place of anything that is read, whatever the two are called.

use std::path::{Path, PathBuf};

use samegoal_schema::schema::api::COMPLETE;

use crate::layout::is_epoch_name;
use crate::listing::{Identity, STDIN, display, display_name};

/// What a path is to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is linted, staged, learned from or uploaded.
    Target,
    /// It is the earlier delivery.
    Previous,
    /// It is the configuration.
    Config,
    /// It is the directory that epochs are put into.
    Upload,
    /// It is a file that is made for upload, in the place of an earlier one.
    Copy,
    /// It is written: a report, the summary of a step, or another text.
    Output,
}

/// What a run does not write to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// Two outputs would have to be one file.
    #[error("`{0}` and `{1}` are the same file; use a different file for each")]
    Twice(String, String),
    /// The file is one that is read.
    #[error("writing to `{path}` would overwrite `{read}`, which is {role}", role = match role {
        Role::Config => "the configuration",
        Role::Previous => "in the previous epoch",
        _ => "being read",
    })]
    Read {
        /// The path.
        path: String,
        /// The file.
        read: String,
        /// What it is read as.
        role: Role,
    },
    /// The file would be taken for a marker.
    #[error("`{0}` is the name of the marker file; use another name")]
    Marker(String),
    /// The file would lie in what is linted, compared with or uploaded.
    #[error(
        "`{path}` would be in `{dir}` and could be uploaded with it; write it to another folder"
    )]
    Inside {
        /// The path.
        path: String,
        /// The directory.
        dir: String,
    },
    /// Something else than a file is there.
    #[error("cannot write to `{0}`: it is not a regular file")]
    NoFile(String),
    /// Nothing can be written there.
    #[error("cannot write to `{path}`: {source}")]
    Unreachable {
        /// The path.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
}

/// The paths of a run and what they are to it.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<(Role, PathBuf)>);

impl Places {
    /// Adds paths. Standard input is none.
    #[must_use]
    pub fn with<P: Into<PathBuf>>(
        mut self,
        role: Role,
        paths: impl IntoIterator<Item = P>,
    ) -> Self {
        let paths = paths.into_iter().map(Into::into).filter(|path| path.as_os_str() != STDIN);
        self.0.extend(paths.map(|path| (role, path)));
        self
    }

    /// Checks everything that is written. Two paths that are only read may be one file.
    ///
    /// # Errors
    ///
    /// [`PlaceError`], about the first that is in the way of something.
    pub fn check(&self) -> Result<(), PlaceError> {
        let is_written = |role: Role| matches!(role, Role::Copy | Role::Output);
        let mut seen: Vec<(&Path, Identity)> = Vec::new();
        for (role, path) in self.0.iter().filter(|(role, _)| is_written(*role)) {
            // Staging has its own message for what is no file where a copy would be.
            if *role == Role::Copy && !path.symlink_metadata().is_ok_and(|it| it.is_file()) {
                continue;
            }
            let place = place(path)?;
            if let Some((first, _)) = seen.iter().find(|(_, other)| other.is(&place)) {
                return Err(PlaceError::Twice(display(first), display(path)));
            }
            for (other_role, other) in self.0.iter().filter(|(role, _)| !is_written(*role)) {
                if (*role, *other_role) != (Role::Copy, Role::Upload) {
                    apart(path, &place, *other_role, other)?;
                }
            }
            if *role == Role::Output {
                fit(path, &place)?;
            }
            seen.push((path, place));
        }
        Ok(())
    }
}

/// What a file would be, or would take the place of.
fn place(path: &Path) -> Result<Identity, PlaceError> {
    let unreachable = |source| PlaceError::Unreachable { path: display(path), source };
    let place = Identity::of(path).map_err(unreachable)?;
    match path.metadata() {
        Ok(found) if !found.is_file() => Err(PlaceError::NoFile(display(path))),
        _ => Ok(place),
    }
}

/// Whether a file that is written is neither one that is read nor in a directory of such.
fn apart(path: &Path, place: &Identity, role: Role, other: &Path) -> Result<(), PlaceError> {
    // What is not there has a message of its own.
    let Ok(identity) = Identity::of(other) else { return Ok(()) };
    let same = place.is(&identity).then(|| other.to_owned());
    if same.is_none() && role != Role::Config && place.is_in(&identity) {
        return Err(PlaceError::Inside { path: display(path), dir: display(other) });
    }
    let twin = || place.twin_in(other).filter(|_| role != Role::Config);
    match same.or_else(twin) {
        Some(read) => Err(PlaceError::Read { path: display(path), read: display(&read), role }),
        None => Ok(()),
    }
}

/// Whether a file can be written, and is none that would be uploaded or taken for the marker.
fn fit(path: &Path, place: &Identity) -> Result<(), PlaceError> {
    let mut names = place.path().iter().rev().map(display_name);
    if names.next().is_some_and(|name| name.eq_ignore_ascii_case(COMPLETE)) {
        return Err(PlaceError::Marker(display(path)));
    }
    if let Some(name) = names.find(|name| is_epoch_name(name)) {
        return Err(PlaceError::Inside { path: display(path), dir: name });
    }
    // A folder that is missing shows before anything is read, too.
    let above = place.path().parent();
    above
        .map_or(Ok(()), |above| above.metadata().map(drop))
        .map_err(|source| PlaceError::Unreachable { path: display(path), source })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn no_report_takes_the_place_of_anything() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in ["export", "upload/20260104-020000", "before", "out"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        for name in ["export/students.csv", "samegoal-lint.toml", "out/old.html", "single.csv"] {
            fs::write(at(name), "").unwrap();
        }
        let used = Places::default()
            .with(Role::Target, [at("export"), at("single.csv"), "-".into()])
            .with(Role::Previous, [at("before")])
            .with(Role::Config, [at("samegoal-lint.toml")])
            .with(Role::Upload, [at("upload")]);
        let outcome = |names: &[&str]| {
            let paths = names.iter().map(|name| at(name));
            used.clone().with(Role::Output, paths).check().err().map(|error| error.to_string())
        };
        assert_eq!(outcome(&["out/old.html", "out/new.json", "new.csv"]), None);
        for (names, reason) in [
            (&["out/a.json", "out/../out/./a.json"][..], "are the same file"),
            (&["export/report.json"], "would be in"),
            (&["export/students.csv"], "would be in"),
            (&["before/x/report.json"], "would be in"),
            (&["upload/20260104-020000/report.json"], "would be in"),
            (&["upload/report.json"], "would be in"),
            (&["20260104-020000/report.json"], "would be in"),
            (&["samegoal-lint.toml"], "is the configuration"),
            (&["single.csv"], "which is being read"),
            (&["out/COMPLETE"], "marker"),
            (&["out/complete"], "marker"),
            (&["out"], "is not a regular file"),
            (&["none/report.json"], "cannot write"),
        ] {
            let found = outcome(names).unwrap_or_else(|| panic!("{names:?}"));
            assert!(found.contains(reason), "{names:?}: {found}");
        }
    }
}
