//! Which header is which column: a pure function of the two lists of names.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::difference::Difference;
use super::names::{Names, Resemblance};
use super::reading;
use crate::check::binding::{BoundHeader, Column};
use crate::finding::{Cell, Privacy};
use crate::schema::{Content, FileSpec, Presence};
use crate::text::lookalike;

/// What the headers of a file stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// What each header stands for, by its position.
    pub(crate) bounds: Vec<Bound>,
    /// The required columns that no header stands for, as indices in the published order.
    pub(crate) missing_required: Vec<usize>,
    /// The optional columns that no header stands for, as indices in the published order.
    pub(crate) missing_optional: Vec<usize>,
    /// What cannot be decided, by column, as an index in the published order.
    pub(crate) contests: BTreeMap<usize, Contest>,
    /// Whether they are certainly headers. Only then may they be shown where values are masked.
    pub(crate) is_public: bool,
}

/// A missing column and the headers that could be it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contest {
    /// The headers that may mean it, by position, the likeliest first. A header stands for the
    /// column only if it is the only one.
    pub(crate) candidates: Vec<usize>,
    /// Headers that are easily confused with it but mean the student information system's own key.
    pub(crate) internal: Vec<usize>,
}

impl Contest {
    /// The header where the contest is reported.
    pub(crate) fn place(&self) -> Option<usize> {
        self.candidates.iter().chain(&self.internal).next().copied()
    }
}

impl Binding {
    /// The header in a file, where the names are these `headers`.
    pub(crate) fn bound<'s>(
        &self,
        spec: &'s FileSpec,
        headers: &[Cow<'_, [u8]>],
    ) -> BoundHeader<'s> {
        let column = |(index, header): (usize, &Cow<'_, [u8]>)| Column {
            spec: self.column(index).and_then(|column| Some(spec.columns.get_index(column)?.1)),
            header: Cell::new(header, privacy(self, index)),
        };
        let columns = headers.iter().enumerate().map(column).collect();
        BoundHeader::new(columns, self.is_public)
    }

    /// The column that the header at a position stands for, as an index in the published order.
    pub(crate) fn column(&self, position: usize) -> Option<usize> {
        self.bounds.get(position)?.column
    }

    /// Whether a misnamed header can mean only its column: it is the same name, written
    /// differently, or a former one, and no other header fits or repeats it.
    pub(crate) fn is_certain(&self, position: usize) -> bool {
        let Some(Bound { column: Some(column), how }) = self.bounds.get(position) else {
            return false;
        };
        match how {
            How::Misnamed(difference) => {
                (difference.is_same_name() || *difference == Difference::FormerName)
                    && !self.contests.contains_key(column)
                    && !self.bounds.iter().any(|bound| bound.how == How::Duplicate(position))
            }
            _ => false,
        }
    }
}

/// What one header stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    /// The column, as an index in the published order. No two headers have the same one: a
    /// duplicate has none.
    pub(crate) column: Option<usize>,
    pub(crate) how: How,
}

/// How a header relates to the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It is the name of its column, letter for letter, or a published spelling of it.
    Exact,
    /// It resembles the name of its column, and no other header has that name.
    Misnamed(Difference),
    /// It is in the [contest](Contest) for this column, and may be a different one.
    Contested(usize),
    /// It repeats the header at this position, which is not itself and not blank.
    Duplicate(usize),
    /// It is empty, or looks empty.
    Blank,
    /// It resembles no column that is still free.
    Unknown,
}

/// How private the header at a position is: public if it is a column's name or close to one, in a
/// line that is [certainly a header](Binding::is_public).
pub(crate) fn privacy(binding: &Binding, position: usize) -> Privacy {
    const PRIVATE: Privacy = Privacy::Private(Content::FreeText);
    match binding.bounds.get(position).map(|bound| bound.how) {
        _ if !binding.is_public => PRIVATE,
        Some(How::Exact | How::Misnamed(_) | How::Contested(_) | How::Blank) => Privacy::Public,
        Some(How::Duplicate(first)) => privacy(binding, first),
        Some(How::Unknown) | None => PRIVATE,
    }
}

/// Finds out what each header stands for.
///
/// Exact names come first. Then every remaining header nominates the column that it resembles. Only
/// when all headers are read does a column go to the header that nominated it, if there is exactly
/// one. If there are several, none is chosen: they are a [contest](Contest).
///
/// If the list of columns is partial, a header that resembles a column that is not required may
/// well be a different one: it must be the same name, written differently.
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
    key: String,
}

impl<'a> Header<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let key = reading::key(&text);
        Self { bytes, text, key }
    }
}

/// What is decided so far.
struct Claims {
    bounds: Vec<Option<Bound>>,
    taken: Vec<bool>,
    contests: BTreeMap<usize, Contest>,
}

impl Claims {
    fn new(headers: usize, columns: usize) -> Self {
        Self { bounds: vec![None; headers], taken: vec![false; columns], contests: BTreeMap::new() }
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

    /// Decides what a header without a column is.
    fn settle(&mut self, position: usize, how: How) {
        if let Some(bound) = self.bounds.get_mut(position) {
            *bound = Some(Bound { column: None, how });
        }
    }

    /// Gives a column to a header, unless one of them is already settled.
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
            if lookalike::trim(&header.text).is_empty() {
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
        let is_settled = self.bounds.iter().all(Option::is_some);
        if is_settled || self.taken.iter().all(|taken| *taken) {
            return;
        }
        let names = Names::new(spec);
        let mut race = Race::default();
        let mut seen = HashSet::new();
        for (position, header) in self.open(headers) {
            // A name that repeats, written differently, is not a separate candidate.
            if seen.insert(&*header.key) {
                race.enter(position, &names.resemblances(&header.text), |column| {
                    self.is_free(column)
                });
            }
        }
        let mut race = race.finish(spec);
        for (&column, candidates) in &race.candidates {
            match *candidates.as_slice() {
                [] => {}
                [(difference, position)] => {
                    self.claim(position, column, How::Misnamed(difference));
                }
                _ => {
                    for (_, position) in candidates {
                        self.settle(*position, How::Contested(column));
                    }
                    let candidates = candidates.iter().map(|(_, position)| *position).collect();
                    self.contests.insert(column, Contest { candidates, internal: Vec::new() });
                }
            }
        }
        for (column, internal) in std::mem::take(&mut race.internal) {
            self.contest_internal(spec, column, internal, &race.candidates);
        }
    }

    /// Adds the headers that mean an internal key to the column they are easily confused with,
    /// unless that column is there by its name.
    fn contest_internal(
        &mut self,
        spec: &FileSpec,
        column: usize,
        mut internal: Vec<usize>,
        candidates: &BTreeMap<usize, Vec<(Difference, usize)>>,
    ) {
        let is_demanded =
            spec.columns.get_index(column).is_some_and(|(_, it)| it.presence.is_demanded());
        let candidates: Vec<usize> = match candidates.get(&column) {
            Some(candidates) => candidates.iter().map(|(_, position)| *position).collect(),
            None => Vec::new(),
        };
        if candidates.is_empty() {
            // Headers with a column of their own do not explain why this one is missing.
            internal.retain(|position| self.is_open(*position));
        }
        if !is_demanded || internal.is_empty() {
            return;
        }
        for &position in &internal {
            if self.is_open(position) {
                self.settle(position, How::Contested(column));
            }
        }
        self.contests.insert(column, Contest { candidates, internal });
    }

    /// Headers that repeat a header with a column, written differently.
    fn settle_variants(&mut self, headers: &[Header<'_>]) {
        let mut bound = HashMap::new();
        for (position, header) in headers.iter().enumerate() {
            let is_known =
                |bound: Bound| bound.column.is_some() || matches!(bound.how, How::Contested(_));
            if self.bounds.get(position).is_some_and(|bound| bound.is_some_and(is_known)) {
                bound.entry(header.key.as_str()).or_insert(position);
            }
        }
        let variants: Vec<(usize, usize)> = self
            .open(headers)
            .filter(|(_, header)| !header.key.is_empty())
            .filter_map(|(position, header)| Some((position, *bound.get(&*header.key)?)))
            .collect();
        for (position, first) in variants {
            self.settle(position, How::Duplicate(first));
        }
    }

    fn binding(self, spec: &FileSpec) -> Binding {
        let missing = |is_meant: fn(Presence) -> bool| -> Vec<usize> {
            let columns = spec.columns().zip(&self.taken).enumerate();
            columns
                .filter(|(index, (column, taken))| {
                    !**taken && !self.contests.contains_key(index) && is_meant(column.presence)
                })
                .map(|(index, _)| index)
                .collect()
        };
        let missing_required = missing(Presence::is_demanded);
        let missing_optional = missing(|presence| presence == Presence::Optional);
        let unknown = Bound { column: None, how: How::Unknown };
        let bounds = self.bounds.into_iter().map(|bound| bound.unwrap_or(unknown)).collect();
        let contests = self.contests;
        Binding { bounds, missing_required, missing_optional, contests, is_public: false }
    }
}

/// The headers that resemble a column that is still free, before any is chosen.
#[derive(Default)]
struct Race {
    /// By column: how the header differs, and its position.
    candidates: BTreeMap<usize, Vec<(Difference, usize)>>,
    /// The headers that mean the internal key of the records that a column is the key of.
    internal: BTreeMap<usize, Vec<usize>>,
}

impl Race {
    /// Enters a header for what it resembles: for one column only, and only if that column is free.
    fn enter(&mut self, position: usize, found: &[Resemblance], is_free: impl Fn(usize) -> bool) {
        let free = || found.iter().filter(|found| is_free(found.column));
        if let Some(nearest) = free().map(|found| found.difference).min() {
            let mut nearest = free().filter(|found| found.difference == nearest);
            // Two typing errors away from two names, it is neither.
            if let (Some(found), None) = (nearest.next(), nearest.next()) {
                let candidates = self.candidates.entry(found.column).or_default();
                candidates.push((found.difference, position));
            }
        }
        for column in found.iter().filter_map(|found| found.internal_for) {
            if is_free(column) {
                self.internal.entry(column).or_default().push(position);
            }
        }
    }

    /// Keeps the candidates that there are for a column, the likeliest first.
    ///
    /// A doubtful id stays a candidate next to a certain one: choosing the wrong one does more harm
    /// than asking.
    fn finish(mut self, spec: &FileSpec) -> Self {
        for (column, candidates) in &mut self.candidates {
            candidates.sort_unstable();
            let is_id = spec
                .columns
                .get_index(*column)
                .is_some_and(|(_, column)| column.key || column.references.is_some());
            if let Some((best, _)) = candidates.first().copied()
                && !is_id
            {
                let is_doubtful = |difference| difference == Difference::Doubtful;
                candidates.retain(|(it, _)| is_doubtful(best) || !is_doubtful(*it));
            }
        }
        self
    }
}
