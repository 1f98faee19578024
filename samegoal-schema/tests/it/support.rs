//! What the tests share: how many cases, running the checks, and findings that can be compared.

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

/// A number of cases, unless the environment names another.
///
/// Nothing is written on a failure: a case worth keeping becomes a named one.
pub(crate) fn cases(usual: u32) -> Config {
    let cases = number("SAMEGOAL_LINT_CASES").and_then(|cases| u32::try_from(cases).ok());
    Config { cases: cases.unwrap_or(usual), failure_persistence: None, ..Config::default() }
}

/// A number from the environment.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

/// What is found in a file, with all that is said of it, in the order in which it is reported.
pub(crate) fn check(name: &str, file: &[u8]) -> Vec<Told> {
    told(Session::new(&API), |session, findings| session.check(name, file, findings))
        .expect("it can be read")
        .0
}

/// What is found in a file that comes in blocks and is checked on so many threads, and the fault of
/// the reader, if it has one.
pub(crate) fn check_blocks(
    name: &str,
    reader: impl Read + Send,
    block: usize,
    threads: usize,
) -> Result<(Vec<Told>, u64), (Vec<Told>, Error)> {
    let threads = NonZeroUsize::new(threads).expect("there is at least one");
    told(Session::new(&API).with_threads(threads).with_read_size(block), |session, findings| {
        session.check(name, reader, findings)
    })
}

fn told(
    mut session: Session<'_>,
    check: impl FnOnce(&mut Session<'_>, &mut Vec<Finding>) -> Result<Summary, Error>,
) -> Result<(Vec<Told>, u64), (Vec<Told>, Error)> {
    let mut findings = Vec::new();
    let outcome = check(&mut session, &mut findings);
    let told = findings.iter().map(Told::new).collect();
    match outcome {
        Ok(summary) => Ok((told, summary.bytes)),
        Err(error) => Err((told, error)),
    }
}

/// A finding in full, as values that can be compared and printed: people in tests are invented.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Told {
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

impl Told {
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
            words.push(format!("{} {:?} {:?}", excerpt.first_column, excerpt.marked, excerpt.cut));
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

impl fmt::Debug for Told {
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
    });
    parts.collect()
}

/// Bytes as text, so that no two look the same.
pub(crate) fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
