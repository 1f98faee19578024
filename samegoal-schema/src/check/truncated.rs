//! A file that ends in the middle of a record.

use crate::check::binding::BoundHeader;
use crate::csv::{FaultKind, Record, Terminator};
use crate::finding::{Sink, rules};

rules! {
    /// The file ends in the middle of a record.
    ///
    /// ## Why it matters
    ///
    /// The last line has no line end and is not a complete record, so the export or the copy
    /// stopped early. The number of missing records is unknown. Guardians of the missing students
    /// are not loaded either.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name,First Name
    /// 1001,Okafor,Ada
    /// 1002,Ngu                              wrong: the file ends here
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Run the export again and read its messages: a full disk, a timeout, a lost connection. If
    /// the exported file is complete, copy it again. Make the job write or upload the file under
    /// another name and rename it when it is complete.
    TRUNCATED = "csv/truncated", Error, RecordLost;
}

/// Whether a record is only the beginning of one, where records have `width` fields.
///
/// A record that is cut off within its last field looks complete.
pub(crate) fn is_cut_off(record: &Record<'_>, width: usize) -> bool {
    if record.end() != Terminator::None {
        return false;
    }
    match record.faults().last() {
        Some(fault) => fault.kind == FaultKind::UnclosedQuote && fault.field + 1 == record.len(),
        None => record.len() < width,
    }
}

pub(crate) fn ends_within_character(bytes: &[u8]) -> bool {
    let last = bytes.utf8_chunks().last();
    last.is_some_and(|chunk| {
        !chunk.invalid().is_empty()
            && str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none())
    })
}

pub(crate) fn truncated(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    header.at_bytes(sink, &TRUNCATED, false, record, 0..0, |finding| {
        finding
            .message("the file is cut off in the middle of this record")
            .label("the last record")
            .help(
                "The export or the copy stopped early, so this record and an unknown number of \
                 others are missing. Run the export again, or copy the file again.",
            )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{findings, summary};

    fn reported(csv: &str) -> Vec<String> {
        let found = findings(&[("absences.csv", csv)]);
        found.iter().map(|one| summary(one).split(' ').take(1).collect()).collect()
    }

    #[test]
    fn only_what_ends_in_the_middle_of_a_record_is_cut_off() {
        for (csv, expected) in [
            ("a,b,c\n1,2,3\n4,5", &["csv/truncated@3"][..]),
            ("a,b,c\r\n1,2,3\r\n4", &["csv/truncated@3"]),
            ("a,b,c\r1,2,3\r4", &["csv/truncated@3", "csv/bare-carriage-return@1"]),
            ("a,b,c\n1,2,3\n4,5,\"x", &["csv/truncated@3"]),
            ("a,b,c\n1,2,3\n4,\"x", &["csv/truncated@3"]),
            ("a,b,c\n1,2,3\n4,\"", &["csv/truncated@3"]),
            // Within a value of several lines: the record starts above.
            ("a,b,c\n1,2,3\n4,\"x\ny\nz", &["csv/truncated@3"]),
            ("a,b,c\n1,2,3\n4,\"x,\r\ny,", &["csv/truncated@3"]),
            // The only record.
            ("a,b,c\n1,2", &["csv/truncated@2"]),
            // Complete, as far as the file shows.
            ("a,b,c\n1,2,3\n4,5,6", &[]),
            ("a,b,c\n1,2,3\n4,5,", &[]),
            ("a\n1\n2", &[]),
            ("a,b,c\n1,2,3\n4,5,\"6\"", &[]),
            // A different defect: there is a line end, or more follows.
            ("a,b,c\n1,2,3\n4,5\n", &["csv/field-count@3"]),
            ("a,b,c\n1,2\n1,2,3", &["csv/field-count@2"]),
            ("a,b,c\n1,2,3\n4,5,6,7", &["csv/field-count@3"]),
            ("a,b,c\n1,2,3\n4,\"x\n", &["csv/unclosed-quote@3"]),
            ("a,b,c\n1,\"x\n4,5,6", &["csv/unclosed-quote@2"]),
            ("a,b,c\n1,2,3\n4,\"x\"y", &["csv/text-after-quote@3"]),
            ("a,b,c\n1,2,3\n4,x\"y", &["csv/stray-quote@3"]),
            // All have the same length: a column is missing, not the end of the file.
            ("a,b,c\n1,2\n3,4", &["csv/field-count@2"]),
            ("a,b,c\n1,2\n3,4\n5", &["csv/truncated@4", "csv/field-count@2"]),
            // Not records at all.
            ("a,b,c\n1,2,3\n\u{1a}", &["csv/control-character@3"]),
            ("a,b,c\n1,2,3\n4\0\0", &["csv/nul-byte@3"]),
            ("a,b,c\n1,2,3\n ", &["csv/blank-line!@3"]),
        ] {
            let mut found = reported(csv);
            let mut expected = expected.to_vec();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{csv:?}");
        }
    }

    #[test]
    fn a_character_that_is_cut_in_two_is_no_further_defect() {
        let whole = "a,b,c\n1,2,3\n4,Zoë 李".as_bytes();
        for end in 0..3 {
            let mut found = Vec::new();
            crate::check("absences.csv", &whole[..whole.len() - end], &mut found).unwrap();
            let rules: Vec<_> = found.iter().map(|one| one.rule.name).collect();
            assert_eq!(rules, ["csv/truncated"], "{end}");
        }
        assert!(!ends_within_character(b"Jos\xE9,x") && !ends_within_character("李".as_bytes()));
    }
}
