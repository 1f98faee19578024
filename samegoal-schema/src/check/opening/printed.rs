//! What programs print above a header.

/// A line that a program prints.
pub(super) struct Printed {
    /// What it is, as the subject of "is above the header".
    pub(super) what: &'static str,
    /// How to turn it off.
    pub(super) stop: &'static str,
    /// What such a line starts with.
    starts: &'static [&'static str],
    /// What such a line ends with, apart from trailing digits.
    ends: &'static [&'static str],
}

/// To add a program, add an entry here and a fixture.
const PRINTED: &[Printed] = &[
    Printed {
        what: "the `#TYPE` line of Windows PowerShell",
        stop: "In Windows PowerShell 5.1, add -NoTypeInformation to Export-Csv or ConvertTo-Csv.",
        starts: &["#TYPE "],
        ends: &[],
    },
    Printed {
        what: "a `sep=` line",
        stop: "Only Excel reads this line. Turn off the export option that adds it.",
        starts: &["sep="],
        ends: &[],
    },
    Printed {
        what: "a message from sqlcmd (`Changed database context`)",
        stop: "Remove USE from the script, and name the database with sqlcmd -d.",
        starts: &["Changed database context to "],
        ends: &[],
    },
    Printed {
        what: "a warning from the MySQL client",
        stop: "Remove 2>&1 from the command, so that messages stay out of the file.",
        starts: &["mysql: [Warning] ", "mysqldump: [Warning] "],
        ends: &[],
    },
    Printed {
        what: "a message from PHP",
        stop: "Turn off display_errors in php.ini, or run php -d display_errors=0. Then find the \
               cause of the message.",
        starts: &[
            "PHP Warning: ",
            "PHP Notice: ",
            "PHP Deprecated: ",
            "Warning: ",
            "Notice: ",
            "Deprecated: ",
        ],
        ends: &[" on line "],
    },
    Printed {
        what: "the table name that Numbers writes",
        stop: "Clear \"Include table names\" when you export from Numbers.",
        starts: &[],
        ends: &[" - Table "],
    },
];

/// What a line is, if a known program prints it.
pub(super) fn find(line: &str) -> Option<&'static Printed> {
    let is_any = |words: &[&str], is: &dyn Fn(&str) -> bool| {
        words.is_empty() || words.iter().any(|words| is(words))
    };
    let end = line.trim_end_matches(|c: char| c.is_ascii_digit());
    PRINTED.iter().find(|printed| {
        is_any(printed.starts, &|words| line.starts_with(words))
            && is_any(printed.ends, &|words| end.len() < line.len() && end.ends_with(words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_lines_are_found_and_no_others() {
        for (line, expected) in [
            ("#TYPE System.Management.Automation.PSCustomObject", Some("#TYPE ")),
            ("sep=;", Some("sep=")),
            ("Changed database context to 'sis'.", Some("Changed database context to ")),
            ("mysql: [Warning] Using a password can be insecure.", Some("mysql: [Warning] ")),
            ("PHP Notice:  Undefined variable: x in e.php on line 12", Some("PHP Warning: ")),
            ("Warning: Undefined variable $u in /x.php on line 6", Some("PHP Warning: ")),
            ("#TYPE", None),
            ("# of days,Student Id", None),
            ("Separation", None),
            ("Warning: this student bites", None),
            ("Notice on line ", None),
            ("Student Id,Last Name", None),
            ("Table 1", None),
            ("", None),
        ] {
            let found = find(line).map(|printed| printed.starts[0]);
            assert_eq!(found, expected, "{line}");
        }
        assert!(find("students - Table 1").is_some_and(|printed| printed.starts.is_empty()));
        assert!(PRINTED.iter().all(|it| !it.starts.is_empty() || !it.ends.is_empty()));
    }
}
