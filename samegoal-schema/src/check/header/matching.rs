//! Which header is which column: a pure function of the two lists of names.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::finding::Privacy;
use crate::model::{ColumnSpec, Completeness, Content, FileSpec, Presence};
use crate::text;

/// What the headers of a file stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// What each header stands for, by its position.
    pub(crate) bounds: Vec<Bound>,
    /// The required columns that no header stands for, as indices in the published order.
    pub(crate) missing_required: Vec<usize>,
    /// The optional columns that no header stands for, as indices in the published order.
    pub(crate) missing_optional: Vec<usize>,
}

impl Binding {
    /// The column that the header at a position stands for, as an index in the published order.
    pub(crate) fn column(&self, position: usize) -> Option<usize> {
        self.bounds.get(position)?.column
    }
}

/// What one header stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    /// The column, as an index in the published order. No two headers have the same one: a
    /// duplicate has none.
    pub(crate) column: Option<usize>,
    /// How that is known.
    pub(crate) how: How,
}

/// How a header relates to the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It is the name of its column, letter for letter, or a published spelling of it.
    Exact,
    /// It resembles the name of its column, which no other header has.
    Misnamed(Difference),
    /// It repeats the header at this position, which is not its own and no blank one.
    Duplicate(usize),
    /// It is empty or looks so.
    Blank,
    /// It resembles no column that is still free.
    Unknown,
}

/// The most that a misnamed header differs in, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// Blanks before or after the name.
    Padding,
    /// Invisible characters, or blanks that only look like plain ones.
    Invisible,
    /// Capitals and small letters.
    Case,
    /// Blanks, underscores and punctuation.
    Separators,
    /// Letters that look alike.
    LookAlike,
    /// It is a name from an older edition.
    FormerName,
    /// It is a name by which exports often call the column.
    Synonym,
    /// So many typing errors.
    Spelling(usize),
}

impl Difference {
    /// Whether the header is the name itself, differently written.
    pub(crate) fn is_same_name(self) -> bool {
        self <= Self::LookAlike
    }
}

/// How private the header at a position is: public if it is a column's name or near one.
///
/// Where the first record [is data](super::looks_like_data) and no header, nothing of it is public,
/// whatever it resembles.
pub(crate) fn privacy(binding: &Binding, position: usize) -> Privacy {
    const PRIVATE: Privacy = Privacy::Private(Content::FreeText);
    match binding.bounds.get(position).map(|bound| bound.how) {
        Some(How::Exact | How::Misnamed(_) | How::Blank) => Privacy::Public,
        Some(How::Duplicate(first)) => privacy(binding, first),
        Some(How::Unknown) | None => PRIVATE,
    }
}

/// Finds out what each header stands for.
///
/// Exact names come first. Then the pairs of a header and a column that are left claim each other,
/// the nearest pair first, so that no column has two headers and no header two columns. Of equally
/// near ones the first column in the published order and the first header win.
///
/// Where the list of columns is partial, a header that resembles one that need not be there may
/// well be another column: it must be the same name, differently written.
pub(crate) fn bind(spec: &FileSpec, headers: &[Cow<'_, [u8]>]) -> Binding {
    let headers: Vec<Header<'_>> = headers.iter().map(|bytes| Header::new(bytes)).collect();
    let mut claims = Claims::new(headers.len(), spec.columns.len());
    claims.settle_blanks_and_repeats(&headers);
    claims.settle_exact(spec, &headers);
    claims.settle_misnamed(spec, &headers);
    claims.settle_variants(&headers);
    claims.binding(spec)
}

struct Header<'a> {
    bytes: &'a [u8],
    text: Cow<'a, str>,
    normal: String,
}

impl<'a> Header<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let normal = text::normal(&text);
        Self { bytes, text, normal }
    }
}

/// What has been decided so far.
struct Claims {
    bounds: Vec<Option<Bound>>,
    taken: Vec<bool>,
}

impl Claims {
    fn new(headers: usize, columns: usize) -> Self {
        Self { bounds: vec![None; headers], taken: vec![false; columns] }
    }

    fn is_open(&self, position: usize) -> bool {
        matches!(self.bounds.get(position), Some(None))
    }

    fn is_free(&self, column: usize) -> bool {
        self.taken.get(column) == Some(&false)
    }

    fn open<'h, 'a>(
        &self,
        headers: &'h [Header<'a>],
    ) -> impl Iterator<Item = (usize, &'h Header<'a>)> {
        headers.iter().enumerate().filter(|(position, _)| self.is_open(*position))
    }

    /// Decides on a header without a column.
    fn settle(&mut self, position: usize, how: How) {
        if let Some(bound) = self.bounds.get_mut(position) {
            *bound = Some(Bound { column: None, how });
        }
    }

    /// Gives a column to a header, unless one of them is settled already.
    fn claim(&mut self, position: usize, column: usize, how: How) {
        if let (Some(bound @ None), Some(taken @ false)) =
            (self.bounds.get_mut(position), self.taken.get_mut(column))
        {
            *bound = Some(Bound { column: Some(column), how });
            *taken = true;
        }
    }

    fn settle_blanks_and_repeats(&mut self, headers: &[Header<'_>]) {
        let mut firsts = HashMap::with_capacity(headers.len());
        for (position, header) in headers.iter().enumerate() {
            if text::trim(&header.text).is_empty() {
                self.settle(position, How::Blank);
            } else {
                let first = *firsts.entry(header.bytes).or_insert(position);
                if first != position {
                    self.settle(position, How::Duplicate(first));
                }
            }
        }
    }

    fn settle_exact(&mut self, spec: &FileSpec, headers: &[Header<'_>]) {
        let mut spellings = HashMap::new();
        for (column, known) in spec.columns().enumerate() {
            for spelling in &known.spellings {
                spellings.entry(spelling.as_bytes()).or_insert(column);
            }
        }
        for (position, header) in headers.iter().enumerate() {
            let name = std::str::from_utf8(header.bytes).ok();
            if let Some(column) = name.and_then(|name| spec.columns.get_index_of(name)) {
                self.claim(position, column, How::Exact);
            }
        }
        for (position, header) in headers.iter().enumerate() {
            if let Some(&column) = spellings.get(header.bytes) {
                self.claim(position, column, How::Exact);
            }
        }
    }

    fn settle_misnamed(&mut self, spec: &FileSpec, headers: &[Header<'_>]) {
        let names = Names::new(spec);
        let mut candidates = Vec::new();
        for (position, header) in self.open(headers) {
            for resemblance in names.resemblances(header) {
                if self.is_free(resemblance.column) {
                    candidates.push((resemblance, position));
                }
            }
        }
        candidates.sort_unstable();
        for (Resemblance { difference, column, .. }, position) in candidates {
            self.claim(position, column, How::Misnamed(difference));
        }
    }

    /// Headers that are another header with a column, differently written.
    fn settle_variants(&mut self, headers: &[Header<'_>]) {
        let mut bound = HashMap::new();
        for (position, header) in headers.iter().enumerate() {
            if self.bounds.get(position).is_some_and(|b| b.is_some_and(|b| b.column.is_some())) {
                bound.entry(header.normal.as_str()).or_insert(position);
            }
        }
        let variants: Vec<(usize, usize)> = self
            .open(headers)
            .filter(|(_, header)| !header.normal.is_empty())
            .filter_map(|(position, header)| Some((position, *bound.get(&*header.normal)?)))
            .collect();
        for (position, first) in variants {
            self.settle(position, How::Duplicate(first));
        }
    }

    fn binding(self, spec: &FileSpec) -> Binding {
        let missing = |is_meant: fn(Presence) -> bool| -> Vec<usize> {
            let columns = spec.columns().zip(&self.taken).enumerate();
            columns
                .filter(|(_, (column, taken))| !**taken && is_meant(column.presence))
                .map(|(index, _)| index)
                .collect()
        };
        let missing_required = missing(Presence::is_demanded);
        let missing_optional = missing(|presence| presence == Presence::Optional);
        let unknown = Bound { column: None, how: How::Unknown };
        let bounds = self.bounds.into_iter().map(|bound| bound.unwrap_or(unknown)).collect();
        Binding { bounds, missing_required, missing_optional }
    }
}

/// That a header resembles a column; the nearest sorts first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Resemblance {
    difference: Difference,
    /// The place of the name among those of its kind: more usual synonyms come first.
    rank: usize,
    column: usize,
}

/// All names by which the columns of a file go.
struct Names<'s> {
    spec: &'s FileSpec,
    by_normal: HashMap<String, Vec<Name<'s>>>,
    /// The names, and published spellings of them, that a mistyped header may be meant for.
    normals: Vec<(String, usize)>,
}

#[derive(Clone, Copy)]
struct Name<'s> {
    text: &'s str,
    /// `None` for the name itself and its published spellings.
    difference: Option<Difference>,
    rank: usize,
    column: usize,
}

impl<'s> Names<'s> {
    fn new(spec: &'s FileSpec) -> Self {
        let mut names = Self { spec, by_normal: HashMap::new(), normals: Vec::new() };
        for (column, known) in spec.columns().enumerate() {
            let own = std::iter::once(&known.name).chain(&known.spellings);
            for (rank, text) in own.enumerate() {
                names.normals.push((text::normal(text), column));
                names.add(Name { text, difference: None, rank, column });
            }
            for (rank, text) in known.former_names.iter().enumerate() {
                let difference = Some(Difference::FormerName);
                names.add(Name { text, difference, rank, column });
            }
            for (rank, text) in known.synonyms.iter().enumerate() {
                let difference = Some(Difference::Synonym);
                names.add(Name { text, difference, rank, column });
            }
        }
        names
    }

    fn add(&mut self, name: Name<'s>) {
        self.by_normal.entry(text::normal(name.text)).or_default().push(name);
    }

    fn resemblances(&self, header: &Header<'_>) -> Vec<Resemblance> {
        if header.normal.is_empty() {
            return Vec::new();
        }
        match self.by_normal.get(&header.normal) {
            Some(names) => names
                .iter()
                .map(|name| Resemblance {
                    difference: name.difference.unwrap_or_else(|| written(&header.text, name.text)),
                    rank: name.rank,
                    column: name.column,
                })
                .filter(|found| found.difference.is_same_name() || self.is_guessed(found.column))
                .collect(),
            None => self.misspelt(&header.normal),
        }
    }

    /// The columns that a mistyped header is nearest to, whether they are free or not: a header
    /// that is meant for a column that is there must not be taken for another.
    fn misspelt(&self, normal: &str) -> Vec<Resemblance> {
        let mut found: Vec<Resemblance> = self
            .normals
            .iter()
            .filter_map(|(name, column)| Some((text::distance(normal, name)?, *column)))
            .map(|(errors, column)| Resemblance {
                difference: Difference::Spelling(errors),
                rank: 0,
                column,
            })
            .collect();
        if let Some(nearest) = found.iter().map(|found| found.difference).min() {
            found.retain(|found| found.difference == nearest && self.is_guessed(found.column));
        }
        found
    }

    /// Whether a header may be taken for a column that has another name altogether.
    fn is_guessed(&self, column: usize) -> bool {
        let required = |column: &ColumnSpec| column.presence.is_demanded();
        self.spec.completeness == Completeness::Complete
            || self.spec.columns.get_index(column).is_some_and(|(_, column)| required(column))
    }
}

/// In what a header differs from a name of the same normal form.
fn written(header: &str, name: &str) -> Difference {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let visible = text::visible(header);
    if header.trim() == name {
        Difference::Padding
    } else if visible == name {
        Difference::Invisible
    } else if visible.to_lowercase() == name.to_lowercase() {
        Difference::Case
    } else if letters(&visible) == letters(name) {
        Difference::Separators
    } else {
        Difference::LookAlike
    }
}
