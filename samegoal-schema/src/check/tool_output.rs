//! Lines among the records that a tool printed.

use super::printed::{Printed, find_record};
use crate::check::binding::{BoundHeader, Place};
use crate::csv::Record;
use crate::finding::{Sink, report_many, rules};

rules! {
    /// A line below the header is a tool's output and not a record.
    ///
    /// ## Why it matters
    ///
    /// SameGoal reads the line as a student. An error message says more: the query stopped, so
    /// records may be missing.
    ///
    /// The rule knows what database clients, scripts and reports print: a line of dashes under the
    /// header, a row count, an error message, a page number, a row of totals. It reports all lines
    /// of one kind as one finding, at the first one. A line with a single field right below belongs
    /// to it.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name
    /// ----------,---------                  wrong: sqlcmd printed it
    /// 1001,Okafor
    ///                                       wrong: so is this blank line
    /// (1 rows affected)                     wrong
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Change the export, not the file. Otherwise the line comes back with the next export:
    ///
    /// - A line of dashes: use `Invoke-Sqlcmd` with `Export-Csv` instead of `sqlcmd`. In SQL*Plus
    ///   12.2 or later, use `SET MARKUP CSV ON`; in psql 12 or later, `psql --csv`.
    /// - `(300 rows affected)`: put `SET NOCOUNT ON;` first in the query.
    /// - `300 rows selected.`: put `SET FEEDBACK OFF` before the query.
    /// - `(300 rows)`: use `psql --csv`.
    /// - `Msg`, `ORA-`, `SP2-`, `ERROR:`: the query failed. Fix it, and let the job stop when a query
    ///   fails: `sqlcmd -b`, `WHENEVER SQLERROR EXIT FAILURE`, `psql -v ON_ERROR_STOP=1`.
    /// - A page number or a total: export the data of the report only.
    TOOL_OUTPUT = "csv/tool-output", Error, RecordLost;
}

/// The lines that tools printed.
#[derive(Default)]
pub(crate) struct ToolOutput {
    kinds: Vec<Kind>,
    /// The kind of the last line, and the line after it.
    last: Option<(usize, u64)>,
}

/// Lines of one kind.
struct Kind {
    printed: &'static Printed,
    count: u64,
    first: Place,
}

impl ToolOutput {
    /// Takes in a record if it is a tool's output; returns whether it is. The lines right below one belong
    /// to it if they have only one field.
    pub(crate) fn take(&mut self, header: &BoundHeader<'_>, record: &Record<'_>) -> bool {
        let above = self.last.filter(|(_, next)| *next == record.line() && record.len() == 1);
        let kind = if let Some(printed) = find_record(record, header.width()) {
            let known = self.kinds.iter().position(|kind| kind.printed.what == printed.what);
            known.unwrap_or_else(|| {
                let first = header.locate(record, 0..record.bytes().len(), None);
                self.kinds.push(Kind { printed, count: 0, first });
                self.kinds.len() - 1
            })
        } else if let Some((kind, _)) = above.filter(|_| header.width() > 1) {
            kind
        } else {
            return false;
        };
        if let Some(kind) = self.kinds.get_mut(kind) {
            kind.count += 1;
        }
        self.last = Some((kind, record.line() + 1));
        true
    }

    /// Reports each kind once.
    pub(crate) fn finish(self, sink: &mut dyn Sink) {
        for Kind { printed, count, first: (location, excerpt) } in self.kinds {
            report_many(sink, &TOOL_OUTPUT, false, count, |finding| {
                finding
                    .at(location)
                    .excerpt(excerpt)
                    .message(format!("{} is among the records", printed.what))
                    .label("not a record")
                    .help(format!("SameGoal reads this line as a record. {}", printed.stop))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, students, summary};

    fn found(csv: &str) -> Vec<String> {
        findings(&[("students.csv", csv)]).iter().map(|it| summary(it).trim().to_owned()).collect()
    }

    #[test]
    fn each_kind_is_one_finding_and_nothing_else_is_said_of_it() {
        let csv = students(&[&[], &[]]);
        let (header, records) = csv.split_once('\n').unwrap();
        let width = header.split(',').count();
        let rule = vec!["----"; width].join(",");
        let total = format!("Total,12{}", ",".repeat(width - 2));
        for (lines, expected) in [
            (vec![""; 0], vec![]),
            (vec!["(2 rows affected)"], vec![4]),
            (vec!["", "(2 rows affected)"], vec![5]),
            (vec!["", "2 rows selected.", "", ""], vec![5]),
            (vec!["ORA-01555: snapshot too old"], vec![4]),
            (vec![&*total], vec![4]),
            (vec!["Page 1 of 2", "Page 2 of 2"], vec![4]),
            (vec!["Page 1 of 2", "(2 rows)"], vec![4, 5]),
            (vec!["Msg 208, Level 16, State 1, Server SIS, Line 1"], vec![4]),
            // What belongs to a message is on the lines below it.
            (vec!["Msg 208, Level 16, State 1, Line 1", "Invalid object name."], vec![4]),
            (
                vec![
                    "Traceback (most recent call last):",
                    "  File \"e.py\", line 1, in x",
                    "    x()",
                ],
                vec![4],
            ),
            (vec!["SP2-0734: unknown command", "12 Oak St"], vec![4]),
        ] {
            let lines = lines
                .iter()
                .flat_map(|line| {
                    [
                        *line, "
",
                    ]
                })
                .collect::<String>();
            let csv = csv.clone() + &lines;
            let expected: Vec<_> =
                expected.iter().map(|line| format!("csv/tool-output@{line}")).collect();
            assert_eq!(found(&csv), expected, "{lines:?}");
            // The last line may have no end.
            assert_eq!(found(csv.trim_end()), expected, "{lines:?}");
        }
        assert_eq!(found(&format!("{header}\n{rule}\n{records}")), ["csv/tool-output@2"]);
        let twice = findings(&[("students.csv", &format!("{csv}Page 1 of 2\nPage 2 of 2\n"))]);
        assert_eq!(twice.iter().map(|it| it.count).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn a_row_count_alone_is_no_record() {
        let csv = students(&[]) + "(0 rows affected)\n";
        let found: Vec<_> = found(&csv).into_iter().collect();
        assert_eq!(found, ["csv/tool-output@2", "csv/no-records!"]);
    }

    #[test]
    fn a_line_as_wide_as_the_header_is_found() {
        let csv = "Student Id,Last Name,First Name,Relationship,Phone\n1,Okafor,Pat,Mother,1\n";
        for line in
            ["Msg 208, Level 16, State 1, Server SIS, Line 1", "Total,2,,,", "Page 1 of 2,,,,"]
        {
            let csv = format!("{csv}{line}\n");
            let found = findings(&[("guardians.csv", &csv)]);
            let found: Vec<_> = found
                .iter()
                .map(|it| summary(it).trim().to_owned())
                .filter(|it| it.starts_with("csv"))
                .collect();
            assert_eq!(found, ["csv/tool-output@3"], "{line}");
        }
    }

    #[test]
    fn people_are_no_tools() {
        let people = [("Last Name", "Page"), ("First Name", "Total"), ("Middle Name", "-")];
        let id = [("Student Id", "PAGE12")];
        let other = [("Student Id", "Total1")];
        let csv = students(&[&people, &id, &other]);
        assert!(!found(&csv).iter().any(|it| it.contains("tool-output")));
    }
}
