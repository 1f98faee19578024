//! What an earlier delivery has to do with a run.

use std::path::Path;
use std::rc::Rc;

use samegoal_schema::check::profile::Profiles;

use super::Linter;
use crate::drift::{self, Comparison, Current, Previous};
use crate::listing::display;
use crate::report::{Changes, Compared, FileEntry, NotChecked};

impl Linter<'_> {
    /// The delivery before the one at `path`, if there is one. Why there is none is reported.
    pub(super) fn previous_of(&mut self, path: &Path) -> Option<Rc<Previous>> {
        let given = self.previous?;
        self.digests.clear();
        let chosen = drift::choose(&self.survey, given, path).and_then(|epoch| match &self.known {
            Some(known) if known.path == epoch => Ok(Rc::clone(known)),
            _ => drift::read(&self.survey, &epoch, self.threads).map(Rc::new),
        });
        match chosen {
            Ok(previous) => {
                self.known = Some(Rc::clone(&previous));
                Some(previous)
            }
            Err(why) => {
                self.skip_drift(display(path), why);
                None
            }
        }
    }

    fn skip_drift(&mut self, path: String, why: String) {
        let (what, remedy) = ("drift".into(), "".into());
        self.report.not_checked.push(NotChecked { path, what, why: why.into(), remedy });
    }

    /// Compares the delivery that was just read with the one before it.
    pub(super) fn compare(
        &mut self,
        previous: &Previous,
        profiles: Profiles,
        files: &[FileEntry],
        absent: Option<Vec<String>>,
    ) {
        let current = Current { profiles, files: std::mem::take(&mut self.digests), absent };
        let thresholds = self.config.map(|it| it.config.drift).unwrap_or_default();
        let comparison = Comparison { api: self.api, thresholds, previous, current: &current };
        let outcome = comparison.run();
        let path_of = |name: &str| {
            files.iter().find(|file| file.as_name == name).map(|file| file.path.clone())
        };
        for (name, finding) in outcome.findings {
            match name.and_then(|name| Some((path_of(&name)?, name))) {
                Some((path, name)) => self.add_as(path, name, finding),
                None => self.add(self.target.clone(), finding),
            }
        }
        for (name, why) in outcome.not_compared {
            self.skip_drift(path_of(&name).unwrap_or(name), why.to_owned());
        }
        let (target, previous) = (self.target.clone(), display(&previous.path));
        let changes = outcome.changes.map(|changes| Changes {
            new: changes.new,
            gone: changes.gone(),
            total: changes.total(),
        });
        self.report.compared.push(Compared { target, previous, changes });
    }
}
