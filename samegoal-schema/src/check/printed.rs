//! What programs print into a file beside the data.

use std::borrow::Cow;

use crate::csv::Record;
use crate::text::whitespace::{is_whitespace, trim};

/// A line that a program prints.
pub(crate) struct Printed {
    /// What it is, as the subject of "is above the header".
    pub(crate) what: &'static str,
    /// How to turn it off.
    pub(crate) stop: &'static str,
    /// What the whole line is: [`NUMBER`] stands for digits, `*` for anything, and [`RULE`] for a line
    /// of dashes.
    lines: &'static [&'static str],
}

/// One or more digits, in a pattern.
const NUMBER: u8 = b'9';

/// A line that only separates the header from what is below it, in place of a pattern.
const RULE: &str = "---";

/// To add a program, add an entry here and a fixture.
const PRINTED: &[Printed] = &[
    Printed {
        what: "the `#TYPE` line of Windows PowerShell",
        stop: "In Windows PowerShell 5.1, add -NoTypeInformation to Export-Csv or ConvertTo-Csv.",
        lines: &["#TYPE *"],
    },
    Printed {
        what: "a `sep=` line",
        stop: "Only Excel reads this line. Turn off the export option that adds it.",
        lines: &["sep=*"],
    },
    Printed {
        what: "a message from sqlcmd (`Changed database context`)",
        stop: "Remove USE from the script, and name the database with sqlcmd -d.",
        lines: &["Changed database context to *", "Changed language setting to *"],
    },
    Printed {
        what: "a line of dashes from a database tool",
        stop: "sqlcmd and SQL*Plus print it under the header. sqlcmd -h -1 removes it, and the \
               header with it. Export with Invoke-Sqlcmd and Export-Csv instead. In SQL*Plus 12.2 \
               or later, use SET MARKUP CSV ON; in psql, use --csv.",
        lines: &[RULE],
    },
    Printed {
        what: "the row count of SQL Server",
        stop: "Put SET NOCOUNT ON; first in the query.",
        lines: &["(9 rows affected)", "(9 row affected)", "(9 row(s) affected)"],
    },
    Printed {
        what: "an error message from SQL Server (`Msg`)",
        stop: "The query failed, so records may be missing. Fix the query, and run sqlcmd with -b \
               so that the job stops.",
        lines: &["Msg 9, Level 9, State 9*"],
    },
    Printed {
        what: "an error message from sqlcmd",
        stop: "The connection or the query failed, so records may be missing. Run sqlcmd with -b \
               so that the job stops.",
        lines: &["Sqlcmd: Error: *", "Sqlcmd: Warning: *", "sqlcmd : Sqlcmd: *"],
    },
    Printed {
        what: "the time that SQL Server Management Studio adds (`Completion time`)",
        stop: "Save the results grid as CSV instead of using Results to File.",
        lines: &["Completion time: 9-9-9T*"],
    },
    Printed {
        what: "a message from bcp",
        stop: "The option -o of bcp names its log. Name the data file after queryout.",
        lines: &["9 rows copied.", "Starting copy...", "SQLState = *", "Clock Time (ms.) *"],
    },
    Printed {
        what: "the row count of SQL*Plus",
        stop: "Put SET FEEDBACK OFF before the query.",
        lines: &["9 rows selected.", "9 row selected.", "no rows selected", "9 rows selected"],
    },
    Printed {
        what: "a command that SQL*Plus repeats",
        stop: "Put the commands in a script with SET ECHO OFF, and start it with sqlplus -S \
               @script.sql.",
        lines: &["SQL> *", "SQL>"],
    },
    Printed {
        what: "an error message from Oracle",
        stop: "The query failed, so records may be missing. Fix the query, and put WHENEVER \
               SQLERROR EXIT FAILURE first in the script.",
        lines: &["ORA-9: *", "ERROR at line 9:", "ERROR:"],
    },
    Printed {
        what: "an error message from SQL*Plus (`SP2-`)",
        stop: "The script has a command that SQL*Plus does not know. Fix the script; if the \
               message names its first line, save the script without a byte-order mark.",
        lines: &["SP2-9: *"],
    },
    Printed {
        what: "a message from SQL*Plus",
        stop: "Put SET FEEDBACK OFF and SET TIMING OFF before the other commands, and start with \
               sqlplus -S.",
        lines: &[
            "PL/SQL procedure successfully completed.",
            "Session altered.",
            "Commit complete.",
            "Connected.",
            "Elapsed: 9:9:9.9",
            "SQL*Plus: Release *",
            "Copyright (c) 9, 9, Oracle*",
            "Disconnected from Oracle Database*",
        ],
    },
    Printed {
        what: "the row count of psql",
        stop: "Use psql --csv, which writes no row count. It needs psql 12 or later.",
        lines: &["(9 rows)", "(9 row)"],
    },
    Printed {
        what: "a message from psql",
        stop: "Start psql with -X -q, and write the file with -o.",
        lines: &["COPY 9", "Timing is on.", "Time: 9.9 ms*", "Null display is \"*"],
    },
    Printed {
        what: "an error message from PostgreSQL",
        stop: "The query failed, so records may be missing. Fix the query, and add -v \
               ON_ERROR_STOP=1 to psql.",
        lines: &["ERROR:  *", "psql: error: *", "FATAL:  *"],
    },
    Printed {
        what: "a frame that the MySQL client draws",
        stop: "Remove -t from the mysql command.",
        lines: &["+--*--+"],
    },
    Printed {
        what: "a warning from the MySQL client",
        stop: "Remove 2>&1 from the command, so that messages stay out of the file.",
        lines: &["mysql: [Warning] *", "mysqldump: [Warning] *"],
    },
    Printed {
        what: "an error message from MySQL",
        stop: "The query failed, so records may be missing. Fix the query, and stop the job when \
               mysql fails.",
        lines: &["ERROR 9 (*) at line 9: *", "ERROR 9 (*): *"],
    },
    Printed {
        what: "a message from PHP",
        stop: "Turn off display_errors in php.ini, or run php -d display_errors=0. Then find the \
               cause of the message.",
        lines: &[
            "PHP Warning: * on line 9",
            "PHP Notice: * on line 9",
            "PHP Deprecated: * on line 9",
            "PHP Fatal error: * on line 9",
            "Warning: * on line 9",
            "Notice: * on line 9",
            "Deprecated: * on line 9",
            "Fatal error: * on line 9",
            "<br />",
            "<b>Warning</b>: * on line *",
            "<b>Notice</b>: * on line *",
            "<b>Fatal error</b>: * on line *",
        ],
    },
    Printed {
        what: "an error message from Python",
        stop: "The script failed, so records may be missing. Fix the script, and remove 2>&1 from \
               the command.",
        lines: &["Traceback (most recent call last):", "File \"*\", line 9, in *"],
    },
    Printed {
        what: "a warning from Python",
        stop: "Remove 2>&1 from the command, so that messages stay out of the file.",
        lines: &["*.py:9: *Warning: *"],
    },
    Printed {
        what: "an error message from PowerShell",
        stop: "The script failed, so records may be missing. Fix the script, and remove 2>&1 or *> \
               from the command.",
        lines: &["At line:9 char:9", "+ CategoryInfo *: *", "+ FullyQualifiedErrorId : *"],
    },
    Printed {
        what: "the end of a Progress dump",
        stop: "Write the file with EXPORT DELIMITER \",\" instead of a dump.",
        lines: &[
            "PSC",
            "filename=*",
            "records=9",
            "ldbname=*",
            "timestamp=9/9/9-*",
            "numformat=9,9",
            "dateformat=*",
            "map=*",
            "cpstream=*",
        ],
    },
    Printed {
        what: "the page number of a report",
        stop: "Export the data only, without page headers and footers.",
        lines: &["Page 9 of 9", "Page 9", "Page: 9"],
    },
    Printed {
        what: "the date of a report",
        stop: "Export the data only, without a report header or footer.",
        lines: &["Run Date: *", "Run date: *", "Printed on *", "Generated on *", "Report Date: *"],
    },
    Printed {
        what: "the table name that Numbers writes",
        stop: "Clear \"Include table names\" when you export from Numbers.",
        lines: &["* - Table 9"],
    },
];

/// A record of totals. Its cells show it, not its text.
static TOTALS: Printed = Printed {
    what: "a row of totals",
    stop: "Turn off totals in the report, or remove the UNION or ROLLUP that adds them to the query.",
    lines: &[],
};

/// How a record of totals begins.
const TOTAL: &[&str] = &["Total", "Totals", "Total:", "Totals:", "Grand Total", "Grand Total:"];

/// How a line begins that has commas and may look like an id up to the first.
const LIKE_AN_ID: &[u8] = b"Msg 9";

/// No program's line is longer. A pattern takes a square of this at most.
const LONGEST: usize = 1024;

/// What a line is, if a known program prints it.
pub(crate) fn find(line: &str) -> Option<&'static Printed> {
    if line.len() > LONGEST {
        return None;
    }
    let is_one = |pattern: &&str| match *pattern {
        RULE => is_rule(line),
        // Too little is known of its start for it to be more than one field.
        pattern if pattern.starts_with('*') && line.contains(',') => false,
        pattern => is_like(pattern.as_bytes(), line.as_bytes()),
    };
    PRINTED.iter().find(|printed| printed.lines.iter().any(is_one))
}

/// What a record is below a header of this width, if a known program prints it.
pub(crate) fn find_record(record: &Record<'_>, width: usize) -> Option<&'static Printed> {
    if is_totals(record) {
        return Some(&TOTALS);
    }
    let text = || text(record.bytes());
    if record.len() == width {
        // Its first field may be an id.
        let first = record.field(0)?.value();
        let may_be_id = first.first().is_some_and(u8::is_ascii_alphanumeric);
        let is_alone = || record.fields().skip(1).all(|field| is_whitespace(&field.value()));
        let is_one =
            if may_be_id { may_be_printed(&first) } else { is_alone() || is_rule(&text()) };
        if !is_one {
            return None;
        }
    }
    find(&text())
}

/// Whether a first field that may be an id is the start of what a program prints.
#[inline]
pub(crate) fn may_be_printed(first: &[u8]) -> bool {
    matches!(first.first(), Some(b'T' | b'G' | b'M' | b'P')) && begins_printed(first)
}

#[cold]
fn begins_printed(first: &[u8]) -> bool {
    TOTAL.iter().any(|total| total.as_bytes() == first)
        || is_like(LIKE_AN_ID, first)
        || find(&text(first)).is_some()
}

/// The text of a line, without the quotes and commas around it.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let is_around = |c: char| c.is_whitespace() || matches!(c, ',' | '"');
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_around)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_around).to_owned()),
    }
}

/// Whether the first field is a word for a total, and the others are empty or numbers.
fn is_totals(record: &Record<'_>) -> bool {
    let mut fields = record.fields();
    let is_total = |field: &[u8]| TOTAL.iter().any(|total| total.as_bytes() == trim(field));
    let is_number =
        |field: &[u8]| field.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',' | b' '));
    record.len() > 1
        && fields.next().is_some_and(|first| is_total(&first.value()))
        && fields.all(|field| is_whitespace(&field.value()) || is_number(&field.value()))
}

/// Whether a line has only dashes and what separates them.
fn is_rule(line: &str) -> bool {
    let dashes = line.bytes().filter(|byte| matches!(byte, b'-' | b'=')).count();
    dashes >= RULE.len()
        && line.bytes().all(|byte| {
            matches!(byte, b'-' | b'=' | b'+' | b'|' | b',' | b';' | b'\t' | b' ' | b'"')
        })
}

/// Whether a whole text fits a pattern.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => {
            rest.is_empty()
                || (0..text.len()).any(|at| text.get(at..).is_some_and(|text| is_like(rest, text)))
        }
        [NUMBER, rest @ ..] => {
            let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
            digits > 0 && text.get(digits..).is_some_and(|text| is_like(rest, text))
        }
        [first, rest @ ..] => {
            text.split_first().is_some_and(|(byte, text)| byte == first && is_like(rest, text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_lines_are_found_and_no_others() {
        for (line, expected) in [
            ("#TYPE System.Management.Automation.PSCustomObject", Some("#TYPE")),
            ("sep=;", Some("sep=")),
            ("Changed database context to 'sis'.", Some("sqlcmd")),
            ("----------,---------,--", Some("line of dashes")),
            ("-----+------", Some("line of dashes")),
            ("(300 rows affected)", Some("SQL Server")),
            ("Msg 208, Level 16, State 1, Server SIS, Line 1", Some("SQL Server")),
            ("Completion time: 2026-01-05T02:00:00.1-05:00", Some("Management Studio")),
            ("12 rows selected.", Some("SQL*Plus")),
            ("SQL> spool off", Some("SQL*Plus")),
            ("ORA-00942: table or view does not exist", Some("Oracle")),
            ("(12 rows)", Some("psql")),
            ("ERROR:  column \"x\" does not exist", Some("PostgreSQL")),
            ("mysql: [Warning] Using a password can be insecure.", Some("MySQL")),
            ("PHP Notice:  Undefined variable: x in e.php on line 12", Some("PHP")),
            ("Warning: Undefined variable $u in /x.php on line 6", Some("PHP")),
            ("<b>Warning</b>:  x in <b>e.php</b> on line <b>3</b>", Some("PHP")),
            ("/srv/export.py:3: DeprecationWarning: old", Some("Python")),
            ("Page 2 of 12", Some("page number")),
            ("students - Table 1", Some("Numbers")),
            ("#TYPE", None),
            ("# of days,Student Id", None),
            ("Separation", None),
            ("Warning: this student bites", None),
            ("Notice on line ", None),
            ("Student Id,Last Name", None),
            ("1001,Okafor,12 Oak St - Table 1", None),
            ("1001,Okafor,Ada", None),
            ("Page,Ada", None),
            ("--", None),
            ("Table 1", None),
            ("", None),
        ] {
            let found = find(line).map(|printed| printed.what);
            let is_right = match (found, expected) {
                (Some(found), Some(expected)) => found.contains(expected),
                (found, expected) => found.is_none() && expected.is_none(),
            };
            assert!(is_right, "{line}: {found:?}");
        }
    }

    #[test]
    fn a_pattern_is_a_whole_line() {
        for (pattern, text, expected) in [
            ("(9 rows)", "(12 rows)", true),
            ("(9 rows)", "(12 rows) ", false),
            ("(9 rows)", "( rows)", false),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcdef", false),
            ("*", "", true),
            ("a*", "a", true),
        ] {
            assert_eq!(is_like(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }
}
