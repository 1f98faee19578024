//! The words of a configuration that are not any text: names of rules, severities, percentages.

use std::borrow::Cow;
use std::fmt;

use crate::rules::RULES;
use samegoal_schema::Rule;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::policy::{Level, PolicyError, Selector, UnknownName};

/// A rule, by its name.
#[derive(Clone, Copy)]
pub struct RuleName(pub &'static Rule);

impl PartialEq for RuleName {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for RuleName {}

impl fmt::Debug for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.name.fmt(f)
    }
}

impl<'de> Deserialize<'de> for RuleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        crate::rules::rule(&name).map(Self).ok_or_else(|| {
            let unknown = UnknownName::new(&name, RULES.iter().map(|rule| rule.name)).veiled();
            D::Error::custom(format!(
                "there is no rule {unknown}; `samegoal-lint rules` lists them"
            ))
        })
    }
}

impl JsonSchema for RuleName {
    fn schema_name() -> Cow<'static, str> {
        "RuleName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        json_schema!({ "description": "The name of a rule.", "type": "string", "enum": names })
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&name).map_err(|error| D::Error::custom(error.veiled()))
    }
}

impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "RuleOrGroup".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = Self::all().map(Self::as_str).collect();
        json_schema!({
            "description": "The name of a rule or of a group of rules.",
            "type": "string",
            "enum": names
        })
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let level = Cow::<str>::deserialize(deserializer)?.parse();
        level.map_err(|error: PolicyError| D::Error::custom(error.veiled()))
    }
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Severity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The severity of a finding; `off` does not report it.",
            "type": "string",
            "enum": ["error", "warning", "advice", "off"]
        })
    }
}
