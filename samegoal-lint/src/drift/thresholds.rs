//! How far a delivery may fall behind the one before it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// How far a delivery may fall behind the previous one, in percent of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Thresholds {
    /// From a loss of more than this share on, it is a warning.
    pub warning_over: Percent,
    /// From a loss of more than this share on, it is an error.
    pub error_over: Percent,
}

/// A warning over 5 percent, an error over 20.
impl Default for Thresholds {
    fn default() -> Self {
        Self { warning_over: Percent::new(5), error_over: Percent::new(20) }
    }
}

/// A share in hundredths, from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Percent(u8);

impl Percent {
    /// So many hundredths; more than 100 are 100.
    pub const fn new(percent: u8) -> Self {
        Self(if percent > 100 { 100 } else { percent })
    }

    /// How many hundredths.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Whether `part` is a greater share of `whole`.
    ///
    /// ```
    /// use samegoal_lint::config::Percent;
    /// assert!(Percent::new(20).is_exceeded(21, 100));
    /// assert!(!Percent::new(20).is_exceeded(1, 5));
    /// ```
    pub fn is_exceeded(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 100 > u128::from(whole) * u128::from(self.0)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        match u8::try_from(number) {
            Ok(percent @ 0..=100) => Ok(Self(percent)),
            _ => Err(D::Error::custom("a percentage must be 0 to 100")),
        }
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A share in percent.",
            "type": "integer",
            "minimum": 0,
            "maximum": 100
        })
    }
}
