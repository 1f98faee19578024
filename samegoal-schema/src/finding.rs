//! What was found: plain values, no formatting.
//!
//! Whatever comes from a file is kept in a [`Cell`], which can neither be printed nor serialised:
//! who shows findings has to say how much of a cell may be seen.

use std::fmt;

use crate::cure::Cure;
use crate::model::{Content, Text};
use crate::rule::{Consequence, Rule, Severity, Variant};

/// One defect at one place.
pub struct Finding {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Which of the rule's weights it has.
    pub variant: Variant,
    /// How many values or records it stands for; 1 for most.
    pub count: u64,
    /// How many of these are records of other files, by the name that the schema has for each.
    pub elsewhere: Vec<(Text, u64)>,
    /// The name of the fix that cures it in a copy, if one does.
    pub fix: Option<&'static str>,
    /// Where in the file; `None` for the file as a whole.
    pub location: Option<Location>,
    /// What is wrong.
    pub message: Message,
    /// What the vendor does with it, and how to mend it.
    pub help: Message,
    /// A few words that stand at the place itself, in an excerpt: `rename to ...`.
    pub label: Message,
    /// Second places that the finding depends on.
    pub related: Vec<Related>,
    /// The line in which the finding starts, as far as it helps to see it.
    pub excerpt: Option<Excerpt>,
}

impl Finding {
    /// A finding about a whole file; see [`Rule::finding`].
    pub(crate) fn new(rule: &'static Rule) -> Self {
        Self {
            rule,
            variant: Variant::USUAL,
            count: 1,
            elsewhere: Vec::new(),
            fix: None,
            location: None,
            message: Message::default(),
            help: Message::default(),
            label: Message::default(),
            related: Vec::new(),
            excerpt: None,
        }
    }

    /// How many values or records of its own file it stands for.
    pub fn count_here(&self) -> u64 {
        let elsewhere: u64 = self.elsewhere.iter().map(|(_, count)| count).sum();
        self.count.saturating_sub(elsewhere)
    }

    /// Says what is wrong.
    #[must_use]
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = message.into();
        self
    }

    /// Says what the vendor does with it and how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Message>) -> Self {
        self.help = help.into();
        self
    }

    /// Says a few words at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<Message>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets the line to show.
    #[must_use]
    pub fn excerpt(mut self, excerpt: Option<Excerpt>) -> Self {
        self.excerpt = excerpt;
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }

    /// Says which of the rule's weights it has; `true` is that of the first exception.
    #[must_use]
    pub fn variant(mut self, variant: impl Into<Variant>) -> Self {
        self.variant = variant.into();
        self
    }

    /// Says how many values or records it stands for.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// Names the fix that cures it in a copy.
    #[must_use]
    pub fn fix(mut self, fix: &'static str) -> Self {
        self.fix = Some(fix);
        self
    }

    /// How bad it is before any configuration.
    pub fn severity(&self) -> Severity {
        self.weight().0
    }

    /// What the vendor does with it.
    pub fn consequence(&self) -> Consequence {
        self.weight().1
    }

    fn weight(&self) -> (Severity, Consequence) {
        self.rule.weight(self.variant)
    }
}

impl fmt::Debug for Finding {
    /// Shows the rule and the place, never the text: that may hold a cell.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule.name)?;
        match &self.location {
            Some(place) => write!(f, "@{}:{}", place.line, place.column),
            None => Ok(()),
        }
    }
}

/// A place in a file.
#[derive(Clone, Default)]
pub struct Location {
    /// The physical line, from 1; LF, CRLF and a lone CR each end one, also inside quotes.
    pub line: u64,
    /// The character within the physical line, from 1. A byte that is not UTF-8 counts as one; a
    /// byte-order mark at the start of the file counts as none.
    pub column: u64,
    /// One past the last character, on the same line.
    pub end_column: u64,
    /// The byte within the file as it lies on disk, from 0.
    pub byte_offset: u64,
    /// The record, from 1; 0 is the header; `None` where the place is not one of a record.
    pub record: Option<u64>,
    /// The row and column of a spreadsheet that opened the file, both from 1.
    pub cell: Option<(u64, u32)>,
    /// The column's known name or, where it has none, its header.
    pub field: Option<Message>,
}

impl Location {
    /// The name of the column, if it is a known one.
    pub fn known_field(&self) -> Option<&str> {
        match &*self.field.as_ref()?.parts {
            [Part::Text(name)] => Some(name),
            _ => None,
        }
    }

    /// The place as a spreadsheet writes it: `F1043`.
    ///
    /// ```
    /// use samegoal_schema::Location;
    /// let place = Location { cell: Some((1043, 28)), ..Location::default() };
    /// assert_eq!(place.cell_name().as_deref(), Some("AB1043"));
    /// ```
    pub fn cell_name(&self) -> Option<String> {
        let (row, mut column) = self.cell?;
        let mut letters = Vec::new();
        while column > 0 {
            let digit = u8::try_from((column - 1) % 26).unwrap_or_default();
            letters.insert(0, char::from(b'A' + digit));
            column = (column - 1) / 26;
        }
        Some(letters.into_iter().collect::<String>() + &row.to_string())
    }
}

/// A second place that a finding depends on.
pub struct Related {
    /// The API file that it is in, if another than the finding's own.
    pub file: Option<Text>,
    /// Where in that file; `None` for the file as a whole.
    pub location: Option<Location>,
    /// What is there.
    pub message: Message,
}

/// A sentence, some parts of which may come from a file.
#[derive(Clone, Default)]
pub struct Message {
    /// The parts in order.
    pub parts: Vec<Part>,
}

impl Message {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Appends words of the program's own.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    /// Appends something from a file.
    #[must_use]
    pub fn cell(mut self, cell: Cell) -> Self {
        self.parts.push(Part::Cell(cell));
        self
    }
}

impl<T: Into<Text>> From<T> for Message {
    fn from(text: T) -> Self {
        Self::default().text(text)
    }
}

/// A part of a [`Message`].
#[derive(Clone)]
pub enum Part {
    /// Words of the program's own, published names among them.
    Text(Text),
    /// Something from a file.
    Cell(Cell),
}

/// Bytes from a file.
///
/// There is no `Display`, `Debug` or `Serialize` here, so that no cell is printed by accident:
///
/// ```compile_fail
/// let cell = samegoal_schema::Cell::new(b"Ada", samegoal_schema::Privacy::Private(samegoal_schema::Content::Name));
/// println!("{cell:?}");
/// ```
#[derive(Clone)]
pub struct Cell {
    bytes: Box<[u8]>,
    privacy: Privacy,
}

impl Cell {
    /// The longest piece of a cell that is kept for a report, in bytes.
    pub const KEPT: usize = 256;

    /// Keeps the beginning of `bytes`, up to [`KEPT`](Self::KEPT).
    pub fn new(bytes: &[u8], privacy: Privacy) -> Self {
        let mut end = bytes.len().min(Self::KEPT);
        // Not within a character.
        while end < bytes.len() && end > 0 && bytes.get(end).is_some_and(|b| b & 0xC0 == 0x80) {
            end -= 1;
        }
        Self { bytes: bytes.get(..end).unwrap_or_default().into(), privacy }
    }

    /// The bytes themselves: only for the one place that decides what of them may be seen.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// How private the bytes are.
    pub fn privacy(&self) -> Privacy {
        self.privacy
    }
}

/// How private something from a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// A published name or one that is near it, or mere punctuation: nobody's data.
    Public,
    /// Somebody's data of this kind.
    Private(Content),
}

/// A piece of a physical line, for people to look at.
#[derive(Clone)]
pub struct Excerpt {
    /// The pieces of the line, in order: fields, and the delimiters and quotes between them.
    pub pieces: Vec<Cell>,
    /// The column of the first character of the first piece.
    pub first_column: u64,
    /// The pieces that the finding is about: from, to (exclusive).
    pub marked: (usize, usize),
    /// Whether the line goes on before the first piece or after the last.
    pub cut: (bool, bool),
}

/// Who takes findings.
///
/// A check first asks [`admit`](Self::admit) and builds the finding only if it is wanted, so that
/// a file of five million bad records costs counting and nothing else.
pub trait Sink {
    /// Counts a finding, which stands for `count` values or records, and says whether it is wanted
    /// in full. When the answer is [`Admission::Keep`], exactly one [`push`](Self::push) of that
    /// rule follows.
    fn admit(&mut self, rule: &'static Rule, variant: Variant, count: u64) -> Admission;

    /// As [`admit`](Self::admit), for a finding that a fix cures in a copy, as far as its place shows.
    /// The default is `admit`.
    fn admit_cured(
        &mut self,
        rule: &'static Rule,
        variant: Variant,
        count: u64,
        cure: Cure<'_>,
    ) -> Admission {
        let _ = cure;
        self.admit(rule, variant, count)
    }

    /// Takes a finding that was admitted.
    fn push(&mut self, finding: Finding);

    /// Takes what follows from a finding that was reported before. It is none of its own, and adds to
    /// the count and to the help of the first one of its rule in that file. Where the rule is off, or the
    /// finding was not wanted, nothing is to be done.
    fn fold(&mut self, folded: Folded);

    /// Whether to stop. Asked between records; once it says so, the run ends early: nothing is reported
    /// of the file as a whole, and its [summary](crate::Summary::is_cut_short) says so. Most sinks never
    /// stop.
    fn is_closed(&self) -> bool;
}

/// What follows from a finding in the file that was checked before, or in this one, and is none of its
/// own: the references to students whose record could not be read, for example.
pub struct Folded {
    /// The name that the schema has for the file with the finding.
    pub file: Text,
    /// The rule of the finding.
    pub rule: &'static Rule,
    /// How many records it stands for besides.
    pub count: u64,
    /// The name that the schema has for the file with these records.
    pub from: Text,
    /// A sentence about them, for the help.
    pub note: Message,
}

impl Folded {
    /// Adds this to the finding that it belongs to.
    pub fn add_to(self, finding: &mut Finding) {
        finding.count += self.count;
        if self.from != self.file && self.count > 0 {
            finding.elsewhere.push((self.from, self.count));
        }
        let help = &mut finding.help.parts;
        if !help.is_empty() {
            help.push(Part::Text(" ".into()));
        }
        help.extend(self.note.parts);
    }
}

/// What a [`Sink`] wants of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The whole finding.
    Keep,
    /// Nothing more: it was counted.
    Count,
}

/// Keeps every finding.
impl Sink for Vec<Finding> {
    fn admit(&mut self, _: &'static Rule, _: Variant, _: u64) -> Admission {
        Admission::Keep
    }

    fn push(&mut self, finding: Finding) {
        Vec::push(self, finding);
    }

    /// Which file a finding is of is not kept: it is the last of its rule.
    fn fold(&mut self, folded: Folded) {
        let of_rule = |finding: &&mut Finding| std::ptr::eq(finding.rule, folded.rule);
        if let Some(finding) = self.iter_mut().rev().find(of_rule) {
            folded.add_to(finding);
        }
    }

    fn is_closed(&self) -> bool {
        false
    }
}

/// Counts a finding, and builds and hands it over if it is wanted.
pub(crate) fn report(
    sink: &mut (impl Sink + ?Sized),
    rule: &'static Rule,
    variant: impl Into<Variant>,
    build: impl FnOnce(Finding) -> Finding,
) {
    report_many(sink, rule, variant, 1, build);
}

/// As [`report`], of a finding that stands for `count` values or records.
pub(crate) fn report_many(
    sink: &mut (impl Sink + ?Sized),
    rule: &'static Rule,
    variant: impl Into<Variant>,
    count: u64,
    build: impl FnOnce(Finding) -> Finding,
) {
    let variant = variant.into();
    if sink.admit(rule, variant, count) == Admission::Keep {
        sink.push(build(Finding::new(rule).variant(variant).count(count)));
    }
}
