//! The headers of a file that are nearly names of columns, and what renames them all at once.

use std::fmt::Write;

use samegoal_schema::{Part, Privacy};

use crate::policy::Reported;
use samegoal_schema::text::escape::visible;

/// A header and the column that it is nearly the name of, as they are.
struct Pair {
    header: String,
    column: String,
}

/// The lines of a table of two columns and, where they are certain to work, of the commands that
/// rename the headers.
pub(super) fn lines(findings: &[&Reported]) -> Vec<String> {
    let mut findings = findings.to_vec();
    findings.sort_by_key(|reported| reported.finding.location.as_ref().map(|place| place.column));
    let pairs: Vec<_> = findings.iter().filter_map(|reported| Pair::of(reported)).collect();
    let width = pairs.iter().map(|pair| pair.header.chars().count()).max().unwrap_or_default();
    let mut lines: Vec<_> = pairs
        .iter()
        .map(|Pair { header, column }| format!("  {header:width$} -> {column}"))
        .collect();
    if pairs.len() < findings.len() || !pairs.iter().all(Pair::is_plain) {
        return lines;
    }
    lines.push("In SQL, give the columns these names in the query of the export:".to_owned());
    lines.extend(each_ends(&pairs, ",", "", |pair| {
        format!("  {} AS \"{}\"", pair.header_in_sql(), pair.column)
    }));
    lines.push(
        "In Windows PowerShell 5.1, put this between Import-Csv and the command that writes the \
         file:"
            .to_owned(),
    );
    lines.push("  Select-Object -Property `".to_owned());
    lines.extend(each_ends(&pairs, ",", ", * `", |Pair { header, column }| {
        format!("    @{{n={}; e={{$_.{}}}}}", quoted(column), quoted(header))
    }));
    let headers: Vec<_> = pairs.iter().map(|pair| quoted(&pair.header)).collect();
    lines.push(format!("    -ExcludeProperty {}", headers.join(", ")));
    lines
}

/// A line for each pair, with one end for all but the last, and another for that.
fn each_ends(
    pairs: &[Pair],
    end: &'static str,
    last: &'static str,
    line: impl Fn(&Pair) -> String,
) -> impl Iterator<Item = String> {
    (1..).zip(pairs).map(move |(number, pair)| {
        let mut line = line(pair);
        let _ = write!(line, "{}", if number < pairs.len() { end } else { last });
        line
    })
}

impl Pair {
    /// The header is in the message as it is; it is not personal data.
    fn of(reported: &Reported) -> Option<Self> {
        let mut cells = reported.finding.message.parts.iter().rev().filter_map(|part| match part {
            Part::Cell(cell) if cell.privacy() == Privacy::Public => Some(cell),
            _ => None,
        });
        let header = str::from_utf8(cells.next()?.expose()).ok()?;
        let column = reported.finding.location.as_ref()?.known_field()?;
        let is_seen = [header, column].iter().all(|name| visible(name) == **name);
        is_seen.then(|| Self { header: header.to_owned(), column: column.to_owned() })
    }

    /// Whether the header can stand in a command. What is padded is named otherwise by the programs
    /// that read it, and what has other marks in it may mean something else to them.
    fn is_plain(&self) -> bool {
        let is_plain = |c: char| c.is_alphanumeric() || " _-./#()".contains(c);
        let is_padded = self.header.trim() != self.header;
        !is_padded && !self.header.is_empty() && self.header.chars().all(is_plain)
    }

    fn header_in_sql(&self) -> String {
        let is_word = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if self.header.split('.').all(is_word) {
            self.header.clone()
        } else {
            format!("\"{}\"", self.header)
        }
    }
}

/// As a string of PowerShell in which nothing is expanded.
fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}
