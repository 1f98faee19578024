//! The name of an epoch directory: `YYYYMMDD-HHMMSS`.

use super::rules;
use jiff::civil::Date;
use samegoal_schema::Finding;

/// An example of a good name, for help texts.
pub(super) const EXAMPLE: &str = "20260105-020000";

/// Whether a name has the shape of an epoch's: `YYYYMMDD-HHMMSS`.
pub fn has_shape(name: &str) -> bool {
    name.len() == EXAMPLE.len()
        && name.bytes().zip(EXAMPLE.bytes()).all(|(byte, model)| match model {
            b'-' => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// What is wrong with the name of a directory. If it was itself the `argument`, it may be a folder
/// in which an epoch is only put together.
pub(super) fn finding(name: &str, argument: bool) -> Option<Finding> {
    if has_shape(name) {
        let reason = impossible(name)?;
        return Some(
            rules::IMPOSSIBLE_EPOCH_TIME
                .finding()
                .message(format!("`{name}` has the form of an epoch name, but {reason}"))
                .help(
                    "The name is year, month, day, a hyphen, hour, minute and second. Check the \
                     clock and the date format of the job that created it.",
                ),
        );
    }
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let help = match near_miss(name, &digits) {
        Some(help) => help,
        None if argument => format!(
            "This is fine for a working folder. In the upload root, name it with the date and \
             time, such as `{EXAMPLE}`."
        ),
        None => format!(
            "SameGoal recognizes epochs by their names. If this is an epoch, name it with the \
             date and time, such as `{EXAMPLE}`. If not, move it out of the upload root."
        ),
    };
    Some(
        rules::BAD_EPOCH_NAME
            .finding()
            .variant(argument)
            .message(format!("`{name}` is not a valid epoch name (`YYYYMMDD-HHMMSS`)"))
            .help(help),
    )
}

/// How the name fails, where it is plain that a date was meant.
fn near_miss(name: &str, digits: &str) -> Option<String> {
    let rename = |date: &str, time: &str| format!("Rename it to `{date}-{time}`.");
    let (date, time) = digits.split_at_checked(8)?;
    let trimmed = name.trim();
    if trimmed != name && has_shape(trimmed) {
        return Some(format!("The name starts or ends with a space. {}", rename(date, time)));
    }
    let only_date =
        name.chars().all(|c| c.is_ascii_digit() || "-_.:, TtZz".contains(c) || c.is_whitespace());
    match (time.len(), only_date) {
        (6, true) => Some(format!(
            "Separate date and time with a single hyphen, and use no other separators. {}",
            rename(date, time)
        )),
        (4, true) => {
            Some(format!("The seconds are missing. {}", rename(date, &format!("{time}00"))))
        }
        (0, true) => Some(format!(
            "The time is missing. Add a hyphen, hour, minute and second, as in `{EXAMPLE}`."
        )),
        (7.., true) => Some(format!(
            "The name has too many digits; it must not contain fractions of a second. Use the \
             form `{EXAMPLE}`."
        )),
        (6, false) => {
            Some(format!("The name contains more than the date and time. {}", rename(date, time)))
        }
        _ => None,
    }
}

/// Why no calendar or clock has this; `name` has the shape.
fn impossible(name: &str) -> Option<String> {
    let number = |range| {
        let digits: Option<i8> = name.get(range).and_then(|digits: &str| digits.parse().ok());
        digits.unwrap_or_default()
    };
    let year = name.get(..4).and_then(|digits| digits.parse().ok()).unwrap_or_default();
    let (month, day) = (number(4..6), number(6..8));
    if !(1..=12).contains(&month) {
        return Some(format!("there is no month {month:02}"));
    }
    if Date::new(year, month, day).is_err() {
        return Some(format!("there is no day {day:02} in that month"));
    }
    // A leap second is a 60th one; but no scheduled job runs in it, and a wrong format is likelier.
    [("hour", number(9..11), 23), ("minute", number(11..13), 59), ("second", number(13..15), 59)]
        .into_iter()
        .find(|&(_, value, greatest)| value > greatest)
        .map(|(unit, value, _)| format!("there is no {unit} {value:02}"))
}

#[cfg(test)]
mod tests {
    use samegoal_schema::{Part, Severity};

    use super::*;

    fn text(parts: &[Part]) -> &str {
        match parts {
            [Part::Text(text)] => text,
            _ => panic!("not one text"),
        }
    }

    #[test]
    fn good_names() {
        for name in ["20260105-020000", "20240229-235959", "20000229-000000"] {
            assert!(finding(name, false).is_none(), "{name}");
        }
    }

    #[test]
    fn impossible_times() {
        for (name, reason) in [
            // The vendor's own example.
            ("20200101-139029", "no minute 90"),
            ("20260105-240000", "no hour 24"),
            ("20260105-235960", "no second 60"),
            ("20261305-020000", "no month 13"),
            ("01052026-020000", "no month 20"),
            ("20260230-020000", "no day 30"),
            ("20250229-020000", "no day 29"),
            ("19000229-020000", "no day 29"),
            ("20260100-020000", "no day 00"),
        ] {
            let found = finding(name, false).unwrap();
            assert_eq!(found.rule.name, "layout/impossible-epoch-time", "{name}");
            assert!(text(&found.message.parts).contains(reason), "{name}");
        }
    }

    #[test]
    fn near_misses_are_distinguished() {
        for (name, hint) in [
            ("20260105_020000", "use no other separators. Rename it to `20260105-020000`"),
            ("2026-01-05-020000", "Rename it to `20260105-020000`"),
            ("2026-01-05T02:00:00Z", "Rename it to `20260105-020000`"),
            ("20260105020000", "Rename it to `20260105-020000`"),
            ("20260105-0200", "The seconds are missing. Rename it to `20260105-020000`"),
            ("20260105", "The time is missing"),
            ("20260105-020000 ", "starts or ends with a space. Rename it to `20260105-020000`"),
            (
                "20260105-020000_old",
                "contains more than the date and time. Rename it to `20260105-020000`",
            ),
            ("20260105-020000.123", "fractions"),
            ("epoch", "move it out of the upload root"),
            ("２０２６0105-020000", "move it out of the upload root"),
        ] {
            let found = finding(name, false).unwrap();
            assert_eq!(found.rule.name, "layout/bad-epoch-name", "{name}");
            assert_eq!(found.severity(), Severity::Error);
            assert!(text(&found.help.parts).contains(hint), "{name}: {}", text(&found.help.parts));
        }
    }

    #[test]
    fn a_staging_folder_gets_advice() {
        let found = finding("epoch", true).unwrap();
        assert_eq!(found.severity(), Severity::Advice);
        assert!(text(&found.help.parts).starts_with("This is fine"));
    }
}
