//! The name of an epoch.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::{Span, ZonedDateTime};

use crate::layout;

/// The name of an epoch that names a moment there is.
///
/// ```
/// use samegoal_lint::stage::EpochName;
/// assert_eq!("20260105-020000".parse::<EpochName>().unwrap().to_string(), "20260105-020000");
/// assert!("20260105-026000".parse::<EpochName>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochName(DateTime);

/// Something is not the name of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a date and a time as YYYYMMDD-HHMMSS, for example 20260105-020000")]
pub struct NoEpochName;

const FORM: &str = "%Y%m%d-%H%M%S";

impl EpochName {
    /// The name of this moment by the local clock.
    pub fn now() -> Self {
        Self(ZonedDateTime::now().datetime())
    }

    /// The name of the next second.
    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(Span::new().seconds(1)))
    }
}

impl FromStr for EpochName {
    type Err = NoEpochName;

    fn from_str(text: &str) -> Result<Self, NoEpochName> {
        // A parser of dates lets digits be missing.
        if !layout::is_epoch_name(text) {
            return Err(NoEpochName);
        }
        DateTime::strptime(FORM, text).map(Self).map_err(|_| NoEpochName)
    }
}

impl fmt::Display for EpochName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(at) = self;
        write!(f, "{:04}{:02}{:02}", at.year(), at.month(), at.day())?;
        write!(f, "-{:02}{:02}{:02}", at.hour(), at.minute(), at.second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_moment() {
        for good in ["20260105-020000", "20240229-235959", "00010101-000000"] {
            assert_eq!(good.parse::<EpochName>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "20260105",
            "2026-01-05-020000",
            "20260105-0200",
            "20260230-020000",
            "20200101-139029",
            "20260105-240000",
            " 20260105-020000",
            "2026010a-020000",
        ] {
            assert!(bad.parse::<EpochName>().is_err(), "{bad}");
        }
        assert!(layout::is_epoch_name(&EpochName::now().to_string()));
    }
}
