//! Pairs of a code and a name: which ones are rare or misspelt beside a common one.

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::quality::RandomState;

use super::BUILDING_MISMATCH;
use crate::check::binding::{Place, Row, Sheet};
use crate::check::keys::are_alike;
use crate::check::value::name as name_of;
use crate::finding::{Cell, Location, Message, Privacy, Related, Sink, report_many};
use crate::schema::ColumnSpec;
use crate::text::lookalike;
use crate::text::short::Word;
use crate::text::wording::thousands;

/// How many pairs are remembered: more than any district has buildings.
pub(super) const MOST_PAIRS: usize = 4_000;

/// How many bytes a remembered pair has at most.
const LONGEST_PAIR: usize = 256;

/// How many bytes a record has at most whose line is remembered.
const LONGEST_LINE: usize = 4 << 10;

/// So many records are few, whatever the others are.
const FEW: u64 = 2;

/// A pair is rare beside one that has so many times as many records.
const RARE: u64 = 100;

/// The same of one that looks like a typing error.
const RARE_TYPING_ERROR: u64 = 20;

/// With how many others a pair is compared, the most common first.
const RIVALS: usize = 16;

/// Any odd number spreads codes well enough.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many pairs are found without a look into the table.
const USUAL: usize = 256;

/// The pairs of a file: [`MOST_PAIRS`] of them, of [`LONGEST_PAIR`] bytes each and one line.
pub(super) struct Pairs {
    all: Vec<Pair>,
    positions: HashMap<Box<[u8]>, usize, RandomState>,
    /// Pairs with short codes, by the codes' [`mixed`](Word::mixed) numbers and the names' lengths.
    /// Most records have one of these.
    usual: Vec<Option<(Word, usize)>>,
    key: Vec<u8>,
}

struct Pair {
    code: Box<[u8]>,
    name: Box<[u8]>,
    count: u64,
    place: Place,
    /// Whether the place is that of the code, because the name was there before with another one.
    is_at_code: bool,
}

impl Default for Pairs {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            positions: HashMap::default(),
            usual: vec![None; USUAL],
            key: Vec::new(),
        }
    }
}

impl Pairs {
    /// Counts a pair if it is known; answers whether it is.
    #[inline(always)]
    pub(super) fn count(&mut self, name: &[u8], code: &[u8], word: Option<Word>) -> bool {
        if let Some(word) = word
            && let Some(Some((usual, position))) = self.usual.get(slot(word, name))
            && *usual == word
            && let Some(pair) = self.all.get_mut(*position)
            && *pair.name == *name
        {
            pair.count += 1;
            return true;
        }
        self.count_unusual(name, code, word)
    }

    /// As [`count`](Self::count), by way of the table.
    #[inline(never)]
    fn count_unusual(&mut self, name: &[u8], code: &[u8], word: Option<Word>) -> bool {
        let position = self.positions.get(key(&mut self.key, name, code)).copied();
        let Some(position) = position else { return false };
        if let Some(pair) = self.all.get_mut(position) {
            pair.count += 1;
        }
        if let Some(word) = word
            && let Some(usual) = self.usual.get_mut(slot(word, name))
        {
            *usual = Some((word, position));
        }
        true
    }

    /// Counts a pair, and remembers it if it is new and there is room.
    pub(super) fn record(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        (name_index, name): (usize, &[u8]),
        (code_index, code): (usize, &[u8]),
    ) {
        let is_known = self.count(name, code, Word::new(code));
        let is_long = name.len() + code.len() > LONGEST_PAIR;
        if is_known || is_long || self.all.len() >= MOST_PAIRS {
            return;
        }
        let is_at_code = !self.all.iter().any(|pair| *pair.code == *code)
            && self.all.iter().any(|pair| *pair.name == *name);
        let index = if is_at_code { code_index } else { name_index };
        let mut place = sheet.place(row, index);
        if row.record.bytes().len() > LONGEST_LINE {
            place.1 = None;
        }
        self.positions.insert(key(&mut self.key, name, code).into(), self.all.len());
        let (code, name) = (code.into(), name.into());
        self.all.push(Pair { code, name, count: 1, place, is_at_code });
    }

    /// Reports each pair that is rare or misspelt beside one that is not.
    pub(super) fn finish(self, names: &ColumnSpec, codes: &ColumnSpec, sink: &mut dyn Sink) {
        let mut by_count: Vec<&Pair> = self.all.iter().collect();
        by_count.sort_by_key(|pair| Reverse(pair.count));
        let (mut accepted, mut reported) = (Vec::new(), Vec::new());
        for pair in by_count {
            match pair.rival(&accepted) {
                Some(rival) => reported.push((pair, rival)),
                None => accepted.push(pair),
            }
        }
        reported.sort_by_key(|(pair, _)| pair.place.0.byte_offset);
        for (pair, (shared, rival)) in reported {
            mismatch(pair, rival, shared, (names, codes), sink);
        }
    }
}

/// Where a pair with a short code is found without a look into the table.
#[inline(always)]
fn slot(code: Word, name: &[u8]) -> usize {
    code.mixed(FACTOR).wrapping_add(name.len()) % USUAL
}

/// The pair as one value.
fn key<'k>(key: &'k mut Vec<u8>, name: &[u8], code: &[u8]) -> &'k [u8] {
    key.clear();
    key.extend_from_slice(&code.len().to_le_bytes());
    key.extend_from_slice(code);
    key.extend_from_slice(name);
    key
}

/// What two pairs have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shared {
    Code,
    Name,
}

impl Pair {
    /// What it shares with others, and what not.
    fn halves(&self, shared: Shared) -> (&[u8], &[u8]) {
        match shared {
            Shared::Code => (&self.code, &self.name),
            Shared::Name => (&self.name, &self.code),
        }
    }

    /// The pair that it is rare or misspelt beside, among `accepted` ones, the most common first.
    fn rival<'p>(&self, accepted: &[&'p Pair]) -> Option<(Shared, &'p Pair)> {
        let order = if self.is_at_code {
            [Shared::Name, Shared::Code]
        } else {
            [Shared::Code, Shared::Name]
        };
        order.into_iter().find_map(|shared| {
            let (own, _) = self.halves(shared);
            let rivals = accepted.iter().copied().filter(|other| other.halves(shared).0 == own);
            let rivals: Vec<&Pair> = rivals.take(RIVALS).collect();
            let misspelt = rivals.iter().find(|other| self.is_misspelt(other, shared));
            let rival = misspelt.or_else(|| rivals.first().filter(|other| self.is_rare(other)))?;
            Some((shared, *rival))
        })
    }

    fn is_rare(&self, other: &Self) -> bool {
        self.count <= FEW || self.count.saturating_mul(RARE) <= other.count
    }

    fn is_misspelt(&self, other: &Self, shared: Shared) -> bool {
        let ((_, own), (_, others)) = (self.halves(shared), other.halves(shared));
        let normal = |value: &[u8]| std::str::from_utf8(value).ok().map(lookalike::normal);
        let is_typing_error = || {
            let (own, others) = normal(own).zip(normal(others))?;
            lookalike::distance(&own, &others).filter(|distance| *distance == 1)
        };
        difference(own, others).is_some()
            || (self.count.saturating_mul(RARE_TYPING_ERROR) <= other.count
                && is_typing_error().is_some())
    }
}

/// Reports a pair beside another one.
fn mismatch(
    pair: &Pair,
    rival: &Pair,
    shared: Shared,
    (names, codes): (&ColumnSpec, &ColumnSpec),
    sink: &mut dyn Sink,
) {
    let (shared_spec, spec) = match shared {
        Shared::Code => (codes, names),
        Shared::Name => (names, codes),
    };
    let ((value, own), (_, other)) = (pair.halves(shared), rival.halves(shared));
    let cell = |spec: &ColumnSpec, value: &[u8]| Cell::new(value, Privacy::Private(spec.content));
    report_many(sink, &BUILDING_MISMATCH, false, pair.count, |finding| {
        let (location, excerpt) = pair.place.clone();
        let message = name_of(shared_spec)
            .text(" `")
            .cell(cell(shared_spec, value))
            .text(format!("` has the `{}` `", spec.name))
            .cell(cell(spec, own))
            .text(format!("` in {}, and `", records(pair.count)))
            .cell(cell(spec, other))
            .text(format!("` in {}", records(rival.count)));
        let message = match difference(own, other) {
            Some(difference) => message.text(format!("; they differ only in {difference}")),
            None => message,
        };
        let Location { line, column, .. } = rival.place.0;
        finding
            .at(location)
            .excerpt(excerpt)
            .message(message)
            .label(Message::from(format!("line {line} has another `{}`", spec.name)))
            .help(
                "One code stands for one building, as a rule. Take name and code from the same row \
                 of the system's table of buildings.",
            )
            .related(Related {
                file: None,
                location: Some(Location { line, column, ..Location::default() }),
                message: "the first record with the other one".into(),
            })
    });
}

fn records(count: u64) -> String {
    if count == 1 { "1 record".to_owned() } else { format!("{} records", thousands(count)) }
}

/// In what two values differ, if it is little.
fn difference(one: &[u8], other: &[u8]) -> Option<&'static str> {
    if one.eq_ignore_ascii_case(other) {
        return Some("case");
    }
    if are_alike(one, other) {
        return Some("case or leading zeros");
    }
    let normal = |value: &[u8]| std::str::from_utf8(value).ok().map(lookalike::normal);
    let (one, other) = (normal(one)?, normal(other)?);
    (!one.is_empty() && one == other).then_some("case, blanks or punctuation")
}
