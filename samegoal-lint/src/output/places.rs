//! Where reports may be written: looked at before anything is read, so that none of them takes the
//! place of what it is about.

use std::path::{Path, PathBuf};

use samegoal_schema::schema::api::COMPLETE;

use super::OutputError;
use crate::layout::is_epoch_name;
use crate::listing::{Identity, display, display_name};

/// What a run reads, and what it makes beside its reports.
#[derive(Clone, Debug, Default)]
pub struct InUse {
    /// What is linted or staged.
    pub targets: Vec<PathBuf>,
    /// The earlier delivery.
    pub previous: Option<PathBuf>,
    /// The configurations.
    pub configs: Vec<PathBuf>,
    /// The directory that an epoch is put into.
    pub upload: Option<PathBuf>,
}

pub(super) fn check<'a>(
    reports: impl Iterator<Item = &'a Path>,
    used: &InUse,
) -> Result<(), OutputError> {
    let mut seen: Vec<(&Path, Identity)> = Vec::new();
    for path in reports {
        let place = place(path)?;
        if let Some((first, _)) = seen.iter().find(|(_, other)| other.is(&place)) {
            return Err(OutputError::Twice(display(first), display(path)));
        }
        used.check(path, &place)?;
        // A folder that is missing shows before anything is read, too.
        place
            .path()
            .parent()
            .map_or(Ok(()), |above| above.metadata().map(drop))
            .map_err(|source| OutputError::Write { path: display(path), source })?;
        seen.push((path, place));
    }
    Ok(())
}

/// What a report would be, or would take the place of.
fn place(path: &Path) -> Result<Identity, OutputError> {
    let write = |source| OutputError::Write { path: display(path), source };
    let place = Identity::of(path).map_err(write)?;
    match path.metadata() {
        Ok(found) if !found.is_file() => Err(OutputError::NoFile(display(path))),
        _ => Ok(place),
    }
}

impl InUse {
    fn check(&self, path: &Path, place: &Identity) -> Result<(), OutputError> {
        let typed = || display(path);
        // What is not there has a message of its own.
        let is = |other: &Path| Identity::of(other).is_ok_and(|other| place.is(&other));
        let is_in = |dir: &Path| Identity::of(dir).is_ok_and(|dir| place.is_in(&dir));
        if self.configs.iter().any(|config| is(config)) {
            return Err(OutputError::Config(typed()));
        }
        if self.targets.iter().any(|target| is(target)) {
            return Err(OutputError::Input(typed()));
        }
        let directories = self.targets.iter().chain(&self.previous).chain(&self.upload);
        if let Some(dir) = directories.into_iter().find(|dir| is_in(dir)) {
            return Err(OutputError::Inside { path: typed(), dir: display(dir) });
        }
        let mut names = place.path().iter().rev().map(display_name);
        if names.next().is_some_and(|name| name.eq_ignore_ascii_case(COMPLETE)) {
            return Err(OutputError::Marker(typed()));
        }
        if let Some(name) = names.find(|name| is_epoch_name(name)) {
            return Err(OutputError::Inside { path: typed(), dir: name });
        }
        Ok(())
    }
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
        let used = InUse {
            targets: vec![at("export"), at("single.csv")],
            previous: Some(at("before")),
            configs: vec![at("samegoal-lint.toml")],
            upload: Some(at("upload")),
        };
        let outcome = |names: &[&str]| {
            let paths: Vec<_> = names.iter().map(|name| at(name)).collect();
            check(paths.iter().map(PathBuf::as_path), &used).err().map(|error| error.to_string())
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
            (&["single.csv"], "which is being linted"),
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
