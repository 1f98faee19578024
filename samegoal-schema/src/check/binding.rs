//! The header of a file bound to the schema: which column is where, and how the place of a finding
//! is described.

use std::ops::Range;

use crate::csv::{Field, Quoting, Record};
use crate::finding::{
    Cell, Excerpt, Finding, Location, Message, Privacy, Rule, Sink, Variant, report,
};
use crate::schema::{ColumnSpec, Content, Format, Text};

/// How many fields on either side of a place an excerpt shows at most.
const NEIGHBORS: usize = 12;

/// Where something is, and the line around it.
pub(crate) type Place = (Location, Option<Excerpt>);

/// The header of a file, bound to the columns of the schema.
pub(crate) struct BoundHeader<'s> {
    columns: Vec<Column<'s>>,
    /// Whether it is certainly a header, so that places in it say nothing about values.
    is_public: bool,
}

/// One column as it is in the file.
pub(crate) struct Column<'s> {
    /// Its declaration, if it is a known column.
    pub(crate) spec: Option<&'s ColumnSpec>,
    pub(crate) header: Cell,
}

/// A column as a file has it.
pub struct ProfiledColumn {
    /// Its name, if it is a known one, whatever its header.
    pub name: Option<Text>,
    /// Its header.
    pub header: Cell,
    /// Where its header is.
    pub location: Location,
}

impl<'s> BoundHeader<'s> {
    pub(crate) fn new(columns: Vec<Column<'s>>, is_public: bool) -> Self {
        Self { columns, is_public }
    }

    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The known columns and their positions, in the order of the file.
    pub(crate) fn known(&self) -> impl Iterator<Item = (usize, &'s ColumnSpec)> {
        self.columns.iter().enumerate().filter_map(|(index, column)| Some((index, column.spec?)))
    }

    /// The columns, to compare two files.
    pub(crate) fn profile(&self, header: &Record<'_>) -> Vec<ProfiledColumn> {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(position, column)| ProfiledColumn {
                name: column.spec.map(|spec| spec.name.clone()),
                header: column.header.clone(),
                location: self.place(header, position).0,
            })
            .collect()
    }

    /// Bytes from the column at that position, as private as its data.
    pub(crate) fn cell(&self, index: usize, bytes: &[u8]) -> Cell {
        Cell::new(bytes, self.privacy(index))
    }

    fn privacy(&self, index: usize) -> Privacy {
        let spec = self.columns.get(index).and_then(|column| column.spec);
        Privacy::Private(spec.map_or(Content::FreeText, |spec| spec.content))
    }

    pub(crate) fn header_privacy(&self, index: usize) -> Option<Privacy> {
        self.columns.get(index).map(|column| column.header.privacy())
    }

    /// The weight of wrong characters in the column at that position. It is that of the other findings
    /// that such a value would have. The first exception of a rule about characters is for dates and
    /// lists of values, the second for keys and references.
    pub(crate) fn weight_of_characters(&self, index: usize) -> Variant {
        match self.columns.get(index).and_then(|column| column.spec) {
            Some(spec) if spec.key || spec.references.is_some() => Variant::exception(1),
            Some(spec) => matches!(spec.format, Format::Date | Format::OneOf(_)).into(),
            None => Variant::USUAL,
        }
    }

    /// The column's known name or, where it has none, its header.
    fn name(&self, index: usize) -> Option<Message> {
        let column = self.columns.get(index)?;
        Some(match column.spec {
            Some(spec) => Message::from(spec.name.clone()),
            None => Message::default().cell(column.header.clone()),
        })
    }

    pub(crate) fn place(&self, record: &Record<'_>, index: usize) -> Place {
        let range = record.field(index).map_or(0..0, |field| field.range());
        self.locate(record, range, Some(index))
    }

    pub(crate) fn at_field(
        &self,
        sink: &mut dyn Sink,
        rule: &'static Rule,
        variant: impl Into<Variant>,
        record: &Record<'_>,
        index: usize,
        build: impl FnOnce(Finding) -> Finding,
    ) {
        report(sink, rule, variant, |finding| {
            let (location, excerpt) = self.place(record, index);
            build(finding.at(location).excerpt(excerpt))
        });
    }

    pub(crate) fn at_bytes(
        &self,
        sink: &mut dyn Sink,
        rule: &'static Rule,
        variant: impl Into<Variant>,
        record: &Record<'_>,
        range: Range<usize>,
        build: impl FnOnce(Finding) -> Finding,
    ) {
        report(sink, rule, variant, |finding| {
            let (location, excerpt) = self.place_of_bytes(record, range);
            build(finding.at(location).excerpt(excerpt))
        });
    }

    /// The place of some bytes of a record, and the field that they are in.
    pub(crate) fn place_of_bytes(&self, record: &Record<'_>, range: Range<usize>) -> Place {
        let is_of_field =
            |field: Field<'_>| field.range().contains(&range.start) && !range.is_empty();
        let index = record.fields().position(is_of_field);
        self.locate(record, range, index)
    }

    /// The place of some bytes of a record, and its line as far as it helps to see it.
    pub(crate) fn locate(
        &self,
        record: &Record<'_>,
        range: Range<usize>,
        index: Option<usize>,
    ) -> Place {
        let is_header = record.number == Some(0);
        let location = self.location(record, range.clone(), index);
        let privacy = |index: usize| match self.columns.get(index) {
            Some(column) if is_header => column.header.privacy(),
            _ => self.privacy(index),
        };
        (location, Some(excerpt(record, range, privacy)))
    }

    /// The place of some bytes of a record.
    pub(crate) fn location(
        &self,
        record: &Record<'_>,
        range: Range<usize>,
        index: Option<usize>,
    ) -> Location {
        let place = record.place(range);
        Location {
            line: place.line,
            column: place.column,
            end_column: place.end_column,
            byte_offset: place.byte_offset,
            record: record.number,
            cell: index.map(|index| (record.row(), u32::try_from(index + 1).unwrap_or(u32::MAX))),
            field: index.and_then(|index| self.name(index)),
            is_public: record.number == Some(0) && self.is_public,
        }
    }
}

/// The pieces of the physical line around some bytes of a record.
pub(crate) fn excerpt(
    record: &Record<'_>,
    range: Range<usize>,
    privacy: impl Fn(usize) -> Privacy,
) -> Excerpt {
    let bytes = record.bytes();
    let line = record.line_of(range.start);
    let marked = range.start..range.end.clamp(range.start, line.end.max(range.start));
    let on_line = |field: &Field<'_>| {
        let span = field.range();
        span.start <= line.end && span.end >= line.start
    };
    let near = record
        .fields()
        .position(|field| on_line(&field) && field.range().end >= marked.start)
        .unwrap_or_default();
    let first = near.saturating_sub(NEIGHBORS);
    let mut pieces = Vec::new();
    let (mut from, mut to) = (None, 0);
    let mut cut = (first > 0, false);
    let mut push = |range: Range<usize>, privacy: Privacy, keeps_empty: bool| {
        let piece = bytes.get(range.clone()).unwrap_or_default();
        let is_piece = !piece.is_empty() || keeps_empty && !marked.is_empty();
        if range.start >= marked.start && range.end <= marked.end && is_piece {
            from = from.or(Some(pieces.len()));
            to = pieces.len() + 1;
        }
        // An empty place is marked between two pieces.
        if marked.is_empty() && from.is_none() && range.end >= marked.start {
            to = pieces.len() + usize::from(!piece.is_empty());
            from = Some(to);
        }
        if !piece.is_empty() || keeps_empty {
            pieces.push(Cell::new(piece, privacy));
        }
    };
    for (index, field) in record.fields().enumerate().skip(first) {
        if !on_line(&field) {
            continue;
        }
        if index > near + NEIGHBORS {
            cut.1 = true;
            break;
        }
        let span = field.range();
        let (low, high) = (span.start.max(line.start), span.end.min(line.end));
        let privacy = match (field.quoting(), privacy(index)) {
            // It may hold values of the columns after it. A name must not show its shape because a
            // grade may.
            (Quoting::Broken, Privacy::Private(_)) => Privacy::Private(Content::FreeText),
            (_, own) => own,
        };
        // The marked bytes are a piece of their own.
        let inner = marked.start.clamp(low, high)..marked.end.clamp(low, high);
        // Masked, an empty field looks like any other. A blank line has none.
        let keeps_empty = low == high && record.len() > 1 && privacy != Privacy::Public;
        push(low..inner.start, privacy, keeps_empty);
        push(inner.clone(), privacy, false);
        push(inner.end..high, privacy, false);
        if bytes.get(high) == Some(&b',') && high < line.end {
            push(high..high + 1, Privacy::Public, false);
        }
    }
    let skipped = record.fields().take(first).filter(on_line).count() as u64;
    let marked = (from.unwrap_or(pieces.len()), if from.is_some() { to } else { pieces.len() });
    Excerpt { pieces, skipped, marked, cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::findings;

    /// The pieces of the only excerpt, but for commas and quotes, with what they are masked as.
    fn pieces(csv: &str) -> Vec<(String, Privacy)> {
        let found = findings(&[("students.csv", csv)]);
        let [excerpt] =
            &found.iter().filter_map(|one| one.excerpt.as_ref()).collect::<Vec<_>>()[..]
        else {
            panic!("{found:?}")
        };
        let text = |cell: &Cell| String::from_utf8_lossy(cell.expose()).into_owned();
        let pieces = excerpt.pieces.iter().map(|cell| (text(cell), cell.privacy()));
        pieces.filter(|(text, _)| !matches!(&**text, "," | "\"")).collect()
    }

    #[test]
    fn what_a_broken_quote_may_have_swallowed_is_masked_as_free_text() {
        use Content::{Category, Date, FreeText, Identifier, Name};
        const HEADER: &str = "Student Id,Gender,Date of Birth,Grade,Last Name,First Name,\
            District Enrollment,Building,Building Reporting Id,Middle Name,Address,City,State,Zip,\
            Race,District of Residence,County of Residence,District of Service,\
            Student Reporting Id,SIS Internal ID\n";
        const REST: &str = ",ENROLLED,North,1,,,,,,,,,,,\n";
        for (record, expected) in [
            // The opening quote of a later field closes it.
            (
                "1001,F,05/21/2012,\"7,Okafor,\"Ada",
                &[
                    ("1001", Identifier),
                    ("F", Category),
                    ("05/21/2012", Date),
                    ("\"7,Okafor,\"", FreeText),
                    // What the finding is about is a piece of its own.
                    ("A", FreeText),
                    ("da", FreeText),
                ][..],
            ),
            // Never closed.
            (
                "1001,F,05/21/2012,\"7,Okafor,Ada",
                &[
                    ("1001", Identifier),
                    ("F", Category),
                    ("05/21/2012", Date),
                    ("7,Okafor,Ada,ENROLLED,North,1,,,,,,,,,,,", FreeText),
                ],
            ),
            // A quote within a field hides no comma.
            (
                "1001,F,05/21/2012,7\",Okafor,Ada",
                &[
                    ("1001", Identifier),
                    ("F", Category),
                    ("05/21/2012", Date),
                    ("7", Category),
                    ("Okafor", Name),
                    ("Ada", Name),
                ],
            ),
        ] {
            let others = format!("1002,M,06/22/2012,7,Nguyen,Linh{REST}");
            let csv = format!("{HEADER}{record}{REST}{others}");
            let found = pieces(&csv);
            let found: Vec<_> = found.iter().map(|(text, privacy)| (&**text, *privacy)).collect();
            let expected: Vec<_> =
                expected.iter().map(|(text, kind)| (*text, Privacy::Private(*kind))).collect();
            assert_eq!(found.get(..expected.len()), Some(&expected[..]), "{record}");
        }
    }
}
