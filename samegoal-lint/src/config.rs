//! `samegoal-lint.toml`: what a district says of its delivery.
//!
//! The types here are the file's form; serde reads it, and its JSON Schema is made of them and of
//! their comments. [`Loaded`] is a file that was read and found to be right.

use std::fmt::Write;

use indexmap::IndexMap;
use samegoal_schema::Rule;
use samegoal_schema::schema::overlay::Overlay;
use samegoal_schema::text::escape::toml_string;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;

use crate::policy::{Level, Selector};

mod find;
mod loaded;
mod mistake;
mod source;
mod words;

pub use crate::drift::{Percent, Thresholds};
pub(crate) use find::passed_over;
pub use find::{Choice, in_force, locate};
pub use loaded::Loaded;
pub use mistake::{ConfigError, Mistake};
pub use words::RuleName;

/// What `samegoal-lint.toml` says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "samegoal-lint.toml")]
pub struct Config {
    /// Severities other than the rules' own, by the names of rules and groups. A rule's name beats
    /// its group's.
    pub severity: IndexMap<Selector, Level>,
    /// Severities in one file or one column only. The narrowest that fits counts, and of equally
    /// narrow ones the last.
    #[serde(rename = "override")]
    pub overrides: Vec<Override>,
    /// The files that every delivery must have, such as `guardians.csv`.
    pub expected_files: Vec<String>,
    /// The names of all buildings, letter for letter as SameGoal has them under Settings, Buildings.
    pub buildings: Vec<String>,
    /// How far a delivery may fall behind the previous one.
    pub drift: Thresholds,
    /// What is known of the columns of files beyond what is published.
    pub files: Overlay,
    /// Findings that are known and accepted, as `samegoal-lint baseline` prints them.
    pub accept: Vec<Accept>,
    /// With `mask`, values are masked in every report, whatever `--values` says.
    pub values: Option<PinnedValues>,
}

/// How values are shown whatever the command line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PinnedValues {
    /// At most the shape of ids and dates.
    Mask,
}

/// Another severity in one file or one column.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// The rule or group of rules.
    pub rule: Selector,
    /// The file of the API.
    pub file: String,
    /// One column of it; without, all of the file.
    #[serde(default)]
    pub column: Option<String>,
    /// The severity.
    pub severity: Level,
}

/// Findings that are known and accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Accept {
    /// The rule.
    pub rule: RuleName,
    /// The file; without, any file, and the delivery itself.
    #[serde(default)]
    pub file: Option<String>,
    /// The column; without, any column, and the file as a whole.
    #[serde(default)]
    pub column: Option<String>,
    /// How many there may be in a delivery. One more, and all of them are reported.
    pub count: u64,
    /// Why they are accepted, for whoever reads the file.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Accept {
    /// The rule.
    pub fn rule(&self) -> &'static Rule {
        self.rule.0
    }

    /// An entry as it stands in a configuration, with a blank line after it.
    pub(crate) fn to_toml(&self) -> String {
        let rule = self.rule();
        let mut out = format!("# {} ({})\n", rule.manual.summary, rule.consequence);
        let _ = writeln!(out, "[[accept]]\nrule = {}", toml_string(rule.name));
        for (key, value) in [("file", &self.file), ("column", &self.column)] {
            if let Some(value) = value {
                let _ = writeln!(out, "{key} = {}", toml_string(value));
            }
        }
        let _ = writeln!(out, "count = {}\n", self.count);
        out
    }
}

/// The JSON Schema of the configuration, for editors.
///
/// ```
/// let schema = samegoal_lint::config::schema();
/// assert_eq!(schema["title"], "samegoal-lint.toml");
/// ```
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Config>().to_value()
}

#[cfg(test)]
mod tests;
