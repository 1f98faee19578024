//! What the configuration has to do with a run.

use crate::rules::config as rules;
use samegoal_schema::Variant;

use super::Linter;
use crate::config::{Accept, Loaded};
use crate::policy::{Level, Scope};
use crate::report::Kind;

impl Linter<'_> {
    /// Tells of the configuration that is in use.
    pub(super) fn configuration(&mut self, config: &Loaded) {
        self.report.config = Some(config.path.clone());
        for contradiction in &config.contradictions {
            let finding = rules::CONTRADICTS_API
                .finding()
                .at(config.place_of(contradiction))
                .message(contradiction.what.clone())
                .help(
                    "This check follows the configuration, but SameGoal follows its published \
                     description, and may still lose the data. Remove the setting, or change the \
                     severity of the rule for this column only.",
                );
            self.add(config.path.clone(), finding);
        }
    }

    /// Whether every delivery is to have the file.
    pub(super) fn is_expected(&self, name: &str) -> bool {
        self.config.is_some_and(|it| it.config.expected_files.iter().any(|other| other == name))
    }

    /// Reports entries that accept what is not there any more.
    pub(super) fn stale_accepts(&mut self) {
        let Some(config) = self.config else { return };
        let met = self.collector.accepted().to_vec();
        for (index, (accept, met)) in config.config.accept.iter().zip(met).enumerate() {
            if met > 0 || !self.could_be_met(accept) {
                continue;
            }
            let mut what = format!("`{}`", accept.rule().name);
            if let Some(column) = &accept.column {
                what = format!("{what} in `{column}`");
            }
            if let Some(file) = &accept.file {
                what = format!("{what} of {file}");
            }
            let finding = rules::STALE_ACCEPT
                .finding()
                .at(config.place_of_accept(index))
                .message(format!("{what} is accepted, but it no longer occurs"))
                .help("Remove the entry, so that the defect is reported if it comes back.");
            self.add(config.path.clone(), finding);
        }
    }

    /// Whether the run has looked at where the findings would be.
    fn could_be_met(&self, accept: &Accept) -> bool {
        let policy = self.collector.policy();
        let scope = Scope { file: accept.file.as_deref(), column: accept.column.as_deref() };
        if policy.takes_census
            || policy.level_in(accept.rule(), Variant::USUAL, &scope) == Level::Off
        {
            return false;
        }
        if accept.rule().group() == "drift" && self.report.compared.is_empty() {
            return false;
        }
        let targets = &self.report.targets;
        match &accept.file {
            Some(file) if self.api.file(file).is_some() => {
                let mut files = targets.iter().flat_map(|target| &target.files);
                files.any(|it| it.as_name == *file && it.records.is_some())
            }
            _ => targets.iter().any(|target| target.kind != Kind::File),
        }
    }
}
