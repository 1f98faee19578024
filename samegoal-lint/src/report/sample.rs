//! Rules and reports that the tests of the reporters share.

use std::io::{self, Write};

use samegoal_schema::{
    Cell, Consequence, Content, Exception, Excerpt, Finding, Location, Message, Privacy, Related,
    Rule, Severity, finding::Manual, rules,
};

use super::{FileEntry, Kind, NotChecked, Options, Report, Target};
use crate::policy::{Collector, Policy};

rules! {
    /// An epoch without its COMPLETE file.
    ///
    /// ## Why it matters
    ///
    /// The delivery is not read.
    ///
    /// ## Example
    ///
    /// ```text
    /// students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Upload it last.
    MISSING_COMPLETE = "layout/missing-complete", Error, DeliveryIgnored;

    /// A record has more or fewer fields than the header.
    ///
    /// ## Why it matters
    ///
    /// The values after the fault would end up in the wrong columns, and no one would notice
    /// until much later.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name
    ///   1,Lovelace,Ada
    /// ```
    ///
    /// ## How to fix it
    ///
    /// - Put quotes round a value that has a comma in it, whatever the export that wrote it calls
    ///   the setting.
    /// - Export again.
    FIELD_COUNT = "csv/field-count", Error, RecordLost;
}

/// A rule with a manual that says little.
const fn rule(
    name: &'static str,
    severity: Severity,
    consequence: Consequence,
    summary: &'static str,
) -> Rule {
    let manual = Manual { summary, why: "It does.", example: "None.", fix: "Fix it." };
    Rule { name, severity, consequence, exceptions: &[], manual }
}

pub(crate) static BLANK_LINE: Rule = rule(
    "csv/blank-line",
    Severity::Warning,
    Consequence::Suspicious,
    "A blank line between records.",
);

pub(crate) static MISNAMED: Rule = rule(
    "header/misnamed-column",
    Severity::Error,
    Consequence::FileIgnored,
    "A header that is nearly a column's name.",
);

pub(crate) static NO_GUARDIANS: Rule = rule(
    "link/no-guardians",
    Severity::Advice,
    Consequence::DataAtRisk,
    "Students without a guardian.",
);

pub(crate) static VANISHED: Rule = Rule {
    exceptions: &[Exception {
        when: "for at most a fifth of them",
        severity: Severity::Warning,
        consequence: Consequence::Suspicious,
    }],
    ..rule(
        "drift/vanished-students",
        Severity::Error,
        Consequence::DataAtRisk,
        "Students of the previous epoch are gone.",
    )
};

pub(crate) static RULES: &[&Rule] =
    &[&MISSING_COMPLETE, &FIELD_COUNT, &BLANK_LINE, &MISNAMED, &NO_GUARDIANS, &VANISHED];

/// Text that must not reach anybody as it is.
pub(crate) const NASTY: &str = "::error::\u{1b}[31m\u{202e}x\n::warning::y\r\t##[z]\u{2028}\u{0}";

pub(crate) fn at(line: u64, column: u64) -> Location {
    Location {
        line,
        column,
        end_column: column + 1,
        byte_offset: line * 100,
        ..Location::default()
    }
}

pub(crate) fn private(text: &str, content: Content) -> Cell {
    Cell::new(text.as_bytes(), Privacy::Private(content))
}

pub(crate) fn public(text: &str) -> Cell {
    Cell::new(text.as_bytes(), Privacy::Public)
}

/// A line of public fields with commas between them, one of them marked.
pub(crate) fn line(fields: &[&str], marked: usize) -> Excerpt {
    let mut pieces = Vec::new();
    for field in fields {
        if !pieces.is_empty() {
            pieces.push(public(","));
        }
        pieces.push(public(field));
    }
    Excerpt { pieces, skipped: 0, marked: (marked * 2, marked * 2 + 1), cut: (false, false) }
}

pub(crate) fn epoch(path: &str) -> Target {
    let file = |name: &str, records| FileEntry {
        path: format!("{path}/{name}"),
        as_name: name.to_owned(),
        bytes: 2170,
        records: Some(records),
        sha256: None,
    };
    Target {
        path: path.to_owned(),
        kind: Kind::Epoch,
        files: vec![file("guardians.csv", 4), file("students.csv", 1200)],
        is_no_delivery: false,
    }
}

/// A report on `epoch` with the findings, each with its path.
pub(crate) fn with_findings(findings: Vec<(&str, Finding)>) -> Report {
    capped(findings, 0)
}

pub(crate) fn capped(findings: Vec<(&str, Finding)>, max_findings: usize) -> Report {
    weighed(findings, Policy { max_findings, ..Policy::default() })
}

pub(crate) fn weighed(findings: Vec<(&str, Finding)>, policy: Policy) -> Report {
    let mut collector = Collector::new(policy);
    for (path, finding) in findings {
        collector.file(path.to_owned());
        collector.take(finding);
    }
    Report { targets: vec![epoch("epoch")], found: collector.finish(), ..Report::default() }
}

pub(crate) fn misnamed() -> Finding {
    let columns = ["Student Id", "Last Name", "First Name", "DOB", "Gender"];
    MISNAMED
        .finding()
        .message(
            Message::from("the required column `Date of Birth` is missing, and `")
                .cell(public("DOB"))
                .text("` looks like it"),
        )
        .help("SameGoal finds columns by their exact names. Rename the header.")
        .label("rename to `Date of Birth`")
        .at(Location {
            end_column: 36,
            byte_offset: 32,
            record: Some(0),
            cell: Some((1, 4)),
            field: Some("Date of Birth".into()),
            is_public: true,
            ..at(1, 33)
        })
        .excerpt(Some(line(&columns, 3)))
}

/// What writes a report in a format.
pub(crate) type Writer = fn(&Report, &Options, &mut dyn Write) -> io::Result<()>;

/// What a writer writes.
pub(crate) fn written(write: Writer, report: &Report, options: &Options) -> String {
    let mut out = Vec::new();
    write(report, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// One finding of each kind that the reporters have to cope with.
pub(crate) fn mixed() -> Report {
    let name = private("Lovelace", Content::Name);
    let count = FIELD_COUNT
        .finding()
        .message(Message::from("the record of ").cell(name.clone()).text(" has 3 fields, not 2"))
        .at(at(7, 1))
        .excerpt(Some(Excerpt {
            pieces: vec![private("123", Content::Identifier), public(","), name, public(",x")],
            skipped: 0,
            marked: (0, 4),
            cut: (false, true),
        }))
        .related(Related {
            file: Some("students.csv".into()),
            location: Some(at(1, 1)),
            message: "the header".into(),
        })
        .related(Related { file: None, location: None, message: "the file".into() });
    let nasty = BLANK_LINE
        .finding()
        .message(Message::from("odd: ").cell(private(NASTY, Content::Identifier)).text(NASTY))
        .help(NASTY)
        .label(NASTY)
        .at(at(9, 2))
        .excerpt(Some(line(&["a", NASTY], 1)));
    let mut report = with_findings(vec![
        ("epoch/guardians.csv", count),
        ("epoch/students.csv", misnamed()),
        ("epoch/::x\u{1b}\n::error::y.csv", nasty),
        (
            "epoch",
            MISSING_COMPLETE
                .finding()
                .message("there is no COMPLETE file in epoch")
                .help("Upload it last."),
        ),
    ]);
    report.not_checked.push(NotChecked::columns("epoch/guardians.csv"));
    report
}

/// Whether no line is a command of a build system or holds something unseen.
pub(crate) fn assert_safe(text: &str) {
    for line in text.split('\n') {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
        assert_eq!(samegoal_schema::text::escape::visible(line), line);
    }
}
