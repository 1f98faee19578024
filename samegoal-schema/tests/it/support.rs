//! What the tests share: the number of cases, running the checks, and comparable findings.

use std::fmt;
use std::io::Read;
use std::num::NonZeroUsize;
use std::sync::LazyLock;

use proptest::test_runner::Config;
use samegoal_schema::{
    Error, Finding, Location, Message, Part, Schema, Session, Summary, generic_api,
};

/// The API.
pub(crate) static API: LazyLock<Schema> = LazyLock::new(generic_api);

/// A number of cases, unless the environment sets another.
///
/// Failures write no files: a case worth keeping becomes a named test.
pub(crate) fn cases(usual: u32) -> Config {
    let cases = number("SAMEGOAL_LINT_CASES").and_then(|cases| u32::try_from(cases).ok());
    Config { cases: cases.unwrap_or(usual), failure_persistence: None, ..Config::default() }
}

/// A number from the environment.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

/// The findings in a file, in full and in the order in which they are reported.
pub(crate) fn check(name: &str, file: &[u8]) -> Vec<Reported> {
    reported(Session::new(&API), |session, findings| session.check(name, file, findings))
        .expect("it can be read")
        .0
}

/// The findings in a file that arrives in blocks and is checked on this many threads, and the
/// reader's error, if there is one.
pub(crate) fn check_blocks(
    name: &str,
    reader: impl Read + Send,
    block: usize,
    threads: usize,
) -> Result<(Vec<Reported>, u64), (Vec<Reported>, Error)> {
    let threads = NonZeroUsize::new(threads).expect("there is at least one");
    reported(Session::new(&API).with_threads(threads).with_read_size(block), |session, findings| {
        session.check(name, reader, findings)
    })
}

fn reported(
    mut session: Session<'_>,
    check: impl FnOnce(&mut Session<'_>, &mut Vec<Finding>) -> Result<Summary, Error>,
) -> Result<(Vec<Reported>, u64), (Vec<Reported>, Error)> {
    let mut findings = Vec::new();
    let outcome = check(&mut session, &mut findings);
    let reported = findings.iter().map(Reported::new).collect();
    match outcome {
        Ok(summary) => Ok((reported, summary.bytes)),
        Err(error) => Err((reported, error)),
    }
}

/// A finding in full, as values that can be compared and printed: people in tests are invented.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Reported {
    pub(crate) rule: &'static str,
    pub(crate) place: Option<Spot>,
    /// Whether the exception holds, the message, the help, the label, the second places and the
    /// excerpt.
    words: Vec<String>,
}

/// A location as numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) end_column: u64,
    pub(crate) byte_offset: u64,
    pub(crate) record: Option<u64>,
    pub(crate) cell: Option<(u64, u32)>,
}

impl Reported {
    fn new(finding: &Finding) -> Self {
        let mut words = vec![
            format!("{:?} {}", finding.variant, finding.count),
            text(&finding.message),
            text(&finding.help),
            text(&finding.label),
            finding
                .location
                .as_ref()
                .and_then(|at| at.field.as_ref())
                .map(text)
                .unwrap_or_default(),
        ];
        for related in &finding.related {
            let place = related.location.as_ref().map(|place| (place.line, place.column));
            words.push(format!("{:?} {place:?} {}", related.file, text(&related.message)));
        }
        if let Some(excerpt) = &finding.excerpt {
            words.push(format!("{} {:?} {:?}", excerpt.skipped, excerpt.marked, excerpt.cut));
            let pieces = excerpt.pieces.iter();
            words.extend(
                pieces.map(|piece| format!("{:?} {}", piece.privacy(), shown(piece.expose()))),
            );
        }
        let place = finding.location.as_ref().map(Spot::new);
        Self { rule: finding.rule.name, place, words }
    }

    /// The rule, the line and the column; 0 and 0 for the file as a whole.
    pub(crate) fn at(&self) -> (&'static str, u64, u64) {
        let place = self.place.as_ref().map_or((0, 0), |place| (place.line, place.column));
        (self.rule, place.0, place.1)
    }
}

impl fmt::Debug for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {:?}", self.rule, self.place, self.words)
    }
}

impl Spot {
    fn new(location: &Location) -> Self {
        let Location { line, column, end_column, byte_offset, record, cell, .. } = *location;
        Self { line, column, end_column, byte_offset, record, cell }
    }
}

fn text(message: &Message) -> String {
    let parts = message.parts.iter().map(|part| match part {
        Part::Text(text) => text.to_string(),
        Part::Cell(cell) => format!("[{:?} {}]", cell.privacy(), shown(cell.expose())),
        Part::Hint { shown, masked } => format!("[{} | {masked}]", text(shown)),
    });
    parts.collect()
}

/// Bytes as text, so that different bytes look different.
pub(crate) fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
