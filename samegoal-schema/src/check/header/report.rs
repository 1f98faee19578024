//! The findings about a header.

use std::borrow::Cow;

use super::difference::Difference;
use super::fixable::{added, is_renamed};
use super::matching::{Binding, Bound, Contest, How, privacy};
use super::{
    BLANK_COLUMN, DUPLICATE_COLUMN, MISNAMED_COLUMN, MISSING_COLUMN, MISSING_OPTIONAL_COLUMNS,
    UNKNOWN_COLUMN,
};
use crate::finding::{
    ADD_COLUMNS, Cell, Cure, Excerpt, Finding, Location, Message, RENAME_COLUMN, Related, Sink,
    cured, report,
};
use crate::schema::{ColumnSpec, Completeness, FileSpec, Presence, Source};
use crate::text::{lookalike, wording};

/// At most this many headers are listed as candidates for one column.
const MOST_NAMED: usize = 4;

/// Returns the place of the header at a position, or of the whole header record.
pub(crate) type Place<'a> = dyn Fn(Option<usize>) -> (Location, Option<Excerpt>) + 'a;

/// Reports what is wrong with the headers of a file, from left to right, and then what is missing,
/// in the published order.
///
/// `place` need not set the field of a location; this function sets it.
pub(crate) fn check(
    spec: &FileSpec,
    headers: &[Cow<'_, [u8]>],
    binding: &Binding,
    place: &Place<'_>,
    sink: &mut dyn Sink,
) {
    let check = Check { spec, headers, binding, place };
    let trailing = binding.bounds.iter().rev().take_while(|bound| bound.how == How::Blank).count();
    let named = binding.bounds.len() - trailing;
    for (position, bound) in binding.bounds.iter().take(named).enumerate() {
        check.header(position, *bound, sink);
    }
    if trailing > 0 {
        report(sink, &BLANK_COLUMN, false, |finding| check.trailing_blanks(finding, named));
    }
    for column in columns(spec, &binding.missing_required) {
        report(sink, &MISSING_COLUMN, false, |finding| check.missing(finding, column));
    }
    if spec.completeness == Completeness::Complete && !binding.missing_optional.is_empty() {
        let cure = added(spec, binding).next().map(|_| Cure::of(&ADD_COLUMNS));
        cured(sink, cure, |sink| {
            report(sink, &MISSING_OPTIONAL_COLUMNS, false, |finding| {
                check.missing_optional(finding)
            });
        });
    }
}

/// Whether the first record of a file with a complete column list has none of its columns: then it
/// is not the header, or the file is a different one than its name says.
pub(crate) fn is_foreign(spec: &FileSpec, binding: &Binding) -> bool {
    spec.completeness == Completeness::Complete
        && binding.contests.is_empty()
        && binding.bounds.iter().all(|bound| bound.column.is_none())
}

/// Reports such a header as a whole, not every missing column.
pub(crate) fn foreign(spec: &FileSpec, place: &Place<'_>, sink: &mut dyn Sink) {
    report(sink, &MISSING_COLUMN, false, |finding| {
        let (location, excerpt) = place(None);
        finding
            .at(location)
            .excerpt(excerpt)
            .message(format!("this line has none of the columns of {}", spec.name))
            .label("not the header")
            .help(
                "SameGoal looks up columns by their exact names. Without the required ones, it may \
                 ignore the file. The header must be the first line. If this is the header, the \
                 export wrote a different file under this name.",
            )
    });
}

/// Whether [`check`] already reports the invisible or non-text characters of a header with what it
/// says about that header.
pub(crate) fn reports_bytes(headers: &[Cow<'_, [u8]>], binding: &Binding) -> bool {
    let is_plain = |header: &[u8]| header.iter().all(|byte| matches!(byte, b' '..=b'~'));
    binding
        .bounds
        .iter()
        .zip(headers)
        .any(|(bound, header)| !matches!(bound.how, How::Exact | How::Unknown) && !is_plain(header))
}

/// What a missing column is called, and what SameGoal does without it.
fn what_is_missing(column: &ColumnSpec) -> (&'static str, &'static str) {
    match column.presence {
        Presence::Required | Presence::Present => {
            ("required column", "without a required one, it may ignore the file")
        }
        Presence::Optional => ("optional column", "without this one, its values may be lost"),
        Presence::Unknown => ("column", "without this one, its values may be lost"),
    }
}

fn columns<'s>(spec: &'s FileSpec, indices: &[usize]) -> impl Iterator<Item = &'s ColumnSpec> {
    indices.iter().filter_map(|&index| Some(spec.columns.get_index(index)?.1))
}

struct Check<'a> {
    spec: &'a FileSpec,
    headers: &'a [Cow<'a, [u8]>],
    binding: &'a Binding,
    place: &'a Place<'a>,
}

impl Check<'_> {
    fn header(&self, position: usize, bound: Bound, sink: &mut dyn Sink) {
        match bound.how {
            How::Misnamed(difference) => {
                if let Some(column) = self.column(position) {
                    let optional = !column.presence.is_demanded();
                    let header = self.headers.get(position).map(|header| &**header);
                    let cure = header
                        .filter(|header| is_renamed(self.binding, position, header))
                        .map(|_| Cure::of(&RENAME_COLUMN));
                    cured(sink, cure, |sink| {
                        report(sink, &MISNAMED_COLUMN, optional, |finding| {
                            self.misnamed(finding, position, column, difference)
                        });
                    });
                }
            }
            How::Contested(column) => {
                let contest = self.binding.contests.get(&column);
                let column = self.spec.columns.get_index(column).map(|(_, column)| column);
                if let (Some(contest), Some(column)) = (contest, column)
                    && contest.place() == Some(position)
                {
                    let optional = !column.presence.is_demanded();
                    report(sink, &MISNAMED_COLUMN, optional, |finding| {
                        self.contested(finding, position, column, contest)
                    });
                }
            }
            How::Duplicate(first) => report(sink, &DUPLICATE_COLUMN, false, |finding| {
                self.duplicate(finding, position, first)
            }),
            How::Blank => {
                report(sink, &BLANK_COLUMN, false, |finding| self.blank(finding, position));
            }
            How::Unknown if self.spec.completeness == Completeness::Complete => {
                report(sink, &UNKNOWN_COLUMN, false, |finding| self.unknown(finding, position));
            }
            How::Exact | How::Unknown => {}
        }
    }

    fn misnamed(
        &self,
        finding: Finding,
        position: usize,
        column: &ColumnSpec,
        difference: Difference,
    ) -> Finding {
        let name = &column.name;
        let (what, loss) = what_is_missing(column);
        let index = self.binding.column(position).unwrap_or_default();
        if let Some(contest) = self.binding.contests.get(&index) {
            return self.contested(finding, position, column, contest);
        }
        let looks = match difference {
            Difference::Doubtful => "` may be it",
            _ => "` looks like it",
        };
        let message = Message::from(format!("the {what} `{name}` is missing, and `"))
            .cell(self.cell(position))
            .text(looks);
        let difference = self.difference(position, difference);
        let lead = format!("SameGoal looks up columns by their exact names; {loss}. ");
        let help = Message::from(lead);
        // What may be a value must not be found out by how it differs from a name.
        let help = if self.binding.is_public {
            help.text(difference)
        } else {
            help.hint(difference, "It is similar.")
        };
        let help = help.text(format!(
            " Rename the header at its source: `AS \"{name}\"` in SQL, the heading in the export \
             template of the student information system, or the first row of the spreadsheet."
        ));
        self.at(finding, position).message(message).label(format!("rename to `{name}`")).help(help)
    }

    /// Several headers that may be one column, or one with an internal key that is confused with
    /// it.
    fn contested(
        &self,
        finding: Finding,
        position: usize,
        column: &ColumnSpec,
        contest: &Contest,
    ) -> Finding {
        let name = &column.name;
        let (what, loss) = what_is_missing(column);
        let mut message = Message::from(format!("the {what} `{name}` is missing"));
        if !contest.candidates.is_empty() {
            message = self.list(message.text(", and "), &contest.candidates).text(" may be it");
        }
        if !contest.internal.is_empty() {
            let (lead, is) = match (contest.candidates.is_empty(), contest.internal.len()) {
                (true, 1) => (", and ", " is usually an internal key, not this"),
                (true, _) => (", and ", " are usually internal keys, not this"),
                (false, 1) => ("; ", " is usually an internal key"),
                (false, _) => ("; ", " are usually internal keys"),
            };
            message = self.list(message.text(lead), &contest.internal).text(is);
        }
        let harm = if column.key || column.references.is_some() {
            " The wrong number is worse than none: with it, SameGoal would not recognize its own \
             students."
        } else {
            ""
        };
        let choice = match contest.candidates.len() {
            0 => "Add the district's own student number to the export".to_owned(),
            1 => {
                "Compare its values with those in SameGoal, and rename it if they match".to_owned()
            }
            _ => "The names alone do not show which one it is. Compare their values with those in \
                  SameGoal, and rename the right one"
                .to_owned(),
        };
        let label = if contest.candidates.is_empty() {
            "usually an internal key".to_owned()
        } else {
            format!("may be `{name}`")
        };
        let mut finding = self.at(finding, position).message(message).label(label).help(format!(
            "SameGoal looks up columns by their exact names; {loss}. {choice}: `AS \"{name}\"` in \
             SQL.{harm}"
        ));
        let mut others = contest.candidates.iter().chain(&contest.internal);
        others.next();
        for (at, &other) in others.take(MOST_NAMED).enumerate() {
            let is_internal = at + 1 >= contest.candidates.len();
            finding = finding.related(Related {
                file: None,
                location: Some(self.located(other).0),
                message: if is_internal { "usually an internal key" } else { "may be it, too" }
                    .into(),
            });
        }
        finding
    }

    /// Lists headers in a message: `` `A`, `B` or `C` ``, and how many more there are.
    fn list(&self, mut message: Message, positions: &[usize]) -> Message {
        let shown = positions.len().min(MOST_NAMED);
        let more = positions.len() - shown;
        for (at, &position) in positions.iter().take(shown).enumerate() {
            let before = match at {
                0 => "`",
                _ if at + 1 == shown && more == 0 => "` or `",
                _ => "`, `",
            };
            message = message.text(before).cell(self.cell(position));
        }
        match more {
            0 => message.text("`"),
            more => message.text(format!("` or one of {more} more")),
        }
    }

    /// How a header differs from the name, as a sentence.
    fn difference(&self, position: usize, difference: Difference) -> Cow<'static, str> {
        let header = self.text(position);
        match difference {
            Difference::Padding | Difference::Invisible => {
                match header.chars().find(|&c| is_odd(c)) {
                    Some(c) => format!(
                        "It contains U+{:04X} ({}), so retype the name.",
                        u32::from(c),
                        lookalike::character_name(c)
                    )
                    .into(),
                    None => "There is a space before or after the name.".into(),
                }
            }
            Difference::Case => "Only upper and lower case differ; whether case matters to \
                                 SameGoal is not published."
                .into(),
            Difference::Separators => "Only spaces, underscores or punctuation differ.".into(),
            Difference::LookAlike => match lookalike::first_look_alike(&header) {
                Some(found) => format!(
                    "It contains U+{:04X}, a {} character that looks like `{}`, so retype the name.",
                    u32::from(found.found),
                    found.script,
                    found.ascii
                )
                .into(),
                None => "It has an accented letter in place of a plain one.".into(),
            },
            Difference::MisreadMark => "The characters before the name are a UTF-8 byte-order mark \
                                        that was read in another encoding. Export the file again \
                                        as UTF-8."
                .into(),
            Difference::FormerName => {
                "This is the column's name in an older edition of the API.".into()
            }
            Difference::Synonym => "Other systems often use this name for the column.".into(),
            Difference::Doubtful => {
                "Other systems use this name for this column but also for others: compare the \
                 values before you rename it."
                    .into()
            }
            Difference::Spelling(1) => "One letter is wrong, missing or extra.".into(),
            Difference::Spelling(errors) => {
                format!("{errors} letters are wrong, missing or extra.").into()
            }
        }
    }

    fn duplicate(&self, finding: Finding, position: usize, first: usize) -> Finding {
        let same = self.headers.get(position) == self.headers.get(first);
        let message = if same {
            Message::from("the column `").cell(self.cell(position)).text("` appears twice")
        } else {
            Message::from("`")
                .cell(self.cell(position))
                .text("` is `")
                .cell(self.cell(first))
                .text("`, written differently")
        };
        let related = Related {
            file: None,
            location: Some(self.located(first).0),
            message: (if same { "the same name" } else { "the other spelling" }).into(),
        };
        self.at(finding, position)
            .message(message)
            .label("remove one of the two")
            .help(
                "Which of the two SameGoal reads is not published; it may ignore the file. Find \
                 out which one has the right values, and take the other one out of the export. In \
                 SQL, name the columns one by one: `SELECT *` over a join repeats them.",
            )
            .related(related)
    }

    fn blank(&self, finding: Finding, position: usize) -> Finding {
        self.at(finding, position)
            .message(format!("column {} has no name", position + 1))
            .label("no name")
            .help(
                "The API has no column without a name, and an extra comma moves all values after \
                 it into the wrong columns. Remove the comma from the header and from every \
                 record, or give the column its name.",
            )
    }

    fn trailing_blanks(&self, finding: Finding, named: usize) -> Finding {
        let message: Cow<'static, str> = match (named, self.binding.bounds.len() - named) {
            (0, _) => "no column has a name".into(),
            (_, 1) => "the header ends with a comma: its last column has no name".into(),
            (_, blank) => format!(
                "the header ends with {blank} commas: its last {blank} columns have no name"
            )
            .into(),
        };
        self.at(finding, named).message(message).label("no name").help(
            "The API has no column without a name. Some export templates write a comma after \
                 every name, and spreadsheets keep columns that were cleared but not deleted. End \
                 the header with its last name and every record with its last value.",
        )
    }

    fn unknown(&self, finding: Finding, position: usize) -> Finding {
        let message = Message::from("the API has no column `")
            .cell(self.cell(position))
            .text(format!("` in {}", self.spec.name));
        let missing = names(self.spec, &self.binding.missing_required, "or");
        let rename = if missing.is_empty() {
            String::new()
        } else {
            format!(" If it holds the values of the missing column {missing}, give it that name.")
        };
        self.at(finding, position).message(message).label("not a published column").help(format!(
            "SameGoal may ignore it, and then this data leaves the district for no reason. \
                 Take the column out of the export.{rename}"
        ))
    }

    fn missing(&self, finding: Finding, column: &ColumnSpec) -> Finding {
        let name = &column.name;
        let unknown = self.binding.bounds.iter().filter(|bound| bound.how == How::Unknown).count();
        let elsewhere = match unknown {
            0 => String::new(),
            1 => format!(" If the one unknown header holds these values, rename it to `{name}`."),
            _ => format!(
                " If one of the {unknown} unknown headers holds these values, rename it to \
                 `{name}`."
            ),
        };
        let known = match column.source {
            Source::Inferred if !column.note.is_empty() => {
                format!(" The exact name is not published: {}.", column.note)
            }
            Source::District => " Your configuration requires it.".to_owned(),
            _ => String::new(),
        };
        let filled = match column.presence {
            Presence::Required => ", with a value in every record",
            _ => "",
        };
        let (mut location, excerpt) = (self.place)(None);
        location.field = Some(name.clone().into());
        finding
            .at(location)
            .excerpt(excerpt)
            .message(format!("the required column `{name}` is missing"))
            .label(format!("no `{name}` here"))
            .help(format!(
                "SameGoal looks up columns by their exact names; without a required one, it may \
                 ignore the file. Add it to the export{filled}: `AS \"{name}\"` in \
                 SQL.{elsewhere}{known}"
            ))
    }

    fn missing_optional(&self, finding: Finding) -> Finding {
        let missing = &self.binding.missing_optional;
        let list = names(self.spec, missing, "and");
        let message = match missing.len() {
            1 => format!("the optional column {list} is missing"),
            count => format!("{count} optional columns are missing: {list}"),
        };
        let (location, excerpt) = (self.place)(None);
        finding.at(location).excerpt(excerpt).message(message).help(
            "An optional column may be empty, but whether a file may leave out its header is not \
             published. Add the header, and leave the values empty if you have none.",
        )
    }

    fn at(&self, finding: Finding, position: usize) -> Finding {
        let (location, excerpt) = self.located(position);
        finding.at(location).excerpt(excerpt)
    }

    fn located(&self, position: usize) -> (Location, Option<Excerpt>) {
        let (mut location, excerpt) = (self.place)(Some(position));
        location.field = match self.binding.bounds.get(position).map(|bound| bound.how) {
            Some(How::Blank) | None => None,
            _ => Some(match self.column(position) {
                Some(column) => column.name.clone().into(),
                None => Message::default().cell(self.cell(position)),
            }),
        };
        (location, excerpt)
    }

    fn column(&self, position: usize) -> Option<&ColumnSpec> {
        let column = self.binding.column(position)?;
        Some(self.spec.columns.get_index(column)?.1)
    }

    fn cell(&self, position: usize) -> Cell {
        let bytes = self.headers.get(position).map(AsRef::as_ref).unwrap_or_default();
        Cell::new(bytes, privacy(self.binding, position))
    }

    fn text(&self, position: usize) -> Cow<'_, str> {
        self.headers.get(position).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default()
    }
}

/// Whether a character looks like a plain space, or like nothing, but is not a plain space.
fn is_odd(c: char) -> bool {
    lookalike::is_invisible(c) || (c.is_whitespace() && c != ' ')
}

/// The names of columns as a list: `` `A`, `B` and `C` ``.
fn names(spec: &FileSpec, indices: &[usize], last: &str) -> String {
    let names = columns(spec, indices).map(|column| format!("`{}`", column.name));
    wording::joined(&names.collect::<Vec<_>>(), last)
}
