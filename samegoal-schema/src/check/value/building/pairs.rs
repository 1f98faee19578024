//! Pairs of a code and a name: which ones are rare or misspelt beside a common one.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

use fearless_simd::Simd;
use foldhash::fast::RandomState;

use super::BUILDING_MISMATCH;
use crate::check::binding::{BoundHeader, Place};
use crate::check::keys::are_alike;
use crate::check::value::name as name_of;
use crate::csv::block::{BLOCK_LEN, Block, FieldEnds};
use crate::csv::{Record, bits};
use crate::finding::{Cell, Location, Message, Privacy, Related, Sink, report_many};
use crate::schema::ColumnSpec;
use crate::text::lookalike;
use crate::text::wording::plural;

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

/// How many pairs are found without a look into the table.
const USUAL: usize = 256;

/// The pairs of a file: [`MOST_PAIRS`] of them, of [`LONGEST_PAIR`] bytes each and one line.
#[derive(Default)]
pub(super) struct Pairs {
    pub(super) seed: RandomState,
    all: Vec<Pair>,
    /// Where a pair is, by its [`hash`]. That two have the same is out of the question: it is keyed anew
    /// in each run.
    positions: HashMap<u64, usize, RandomState>,
    /// Some of these by the last bits of their hashes. Most records have one of these.
    usual: Vec<(u64, usize)>,
}

/// Hashes the pairs of a block.
pub(crate) struct PairHasher {
    pub(super) names: usize,
    pub(super) codes: usize,
    /// Whether a name without a code is not looked at.
    pub(super) needs_code: bool,
    pub(super) seed: RandomState,
}

/// The hashes of the pairs of a block.
pub(crate) struct PairHashes {
    /// The records with something to look at, a bit for each.
    pub(super) pairs: u64,
    hashes: [u64; BLOCK_LEN],
}

impl PairHasher {
    #[inline(always)]
    pub(crate) fn screen<S: Simd>(
        &self,
        simd: S,
        block: &Block<'_>,
        ends: &FieldEnds,
    ) -> PairHashes {
        let names = ends.column(block, self.names);
        let codes = ends.column(block, self.codes);
        let mut hashes = PairHashes { pairs: 0, hashes: [0; BLOCK_LEN] };
        let filled = names.longer(simd, 0) & block.all();
        hashes.pairs = if self.needs_code { filled & codes.longer(simd, 0) } else { filled };
        for record in bits::set(hashes.pairs).map(|record| record as usize) {
            if let Some(to) = hashes.hashes.get_mut(record) {
                *to = hash(&self.seed, names.value(record).text(), codes.value(record).text());
            }
        }
        hashes
    }
}

impl PairHashes {
    #[inline(always)]
    pub(super) fn get(&self, record: u32) -> Option<u64> {
        self.hashes.get(record as usize).copied()
    }
}

/// The hash of a pair.
#[inline(always)]
pub(super) fn hash(seed: &RandomState, name: &[u8], code: &[u8]) -> u64 {
    let mut hasher = seed.build_hasher();
    hasher.write(name);
    hasher.write_usize(name.len());
    hasher.write(code);
    hasher.finish()
}

struct Pair {
    code: Box<[u8]>,
    name: Box<[u8]>,
    count: u64,
    place: Place,
    /// Whether the place is that of the code, because the name was there before with another one.
    is_at_code: bool,
}

impl Pairs {
    /// Counts the pair with this hash if it is known; returns whether it is.
    #[inline(always)]
    pub(super) fn count(&mut self, hash: u64) -> bool {
        if let Some((usual, position)) = self.usual.get(slot(hash))
            && *usual == hash
            && let Some(pair) = self.all.get_mut(*position)
        {
            pair.count += 1;
            return true;
        }
        self.count_unusual(hash)
    }

    /// As [`count`](Self::count), by way of the table.
    #[inline(never)]
    fn count_unusual(&mut self, hash: u64) -> bool {
        let Some(position) = self.positions.get(&hash).copied() else { return false };
        if let Some(pair) = self.all.get_mut(position) {
            pair.count += 1;
        }
        self.usual.resize(USUAL, (0, usize::MAX));
        if let Some(usual) = self.usual.get_mut(slot(hash)) {
            *usual = (hash, position);
        }
        true
    }

    /// Counts a pair, and remembers it if it is new and there is room.
    pub(super) fn record(
        &mut self,
        header: &BoundHeader<'_>,
        record: &Record<'_>,
        hash: u64,
        (name_index, name): (usize, &[u8]),
        (code_index, code): (usize, &[u8]),
    ) {
        let is_known = self.count(hash);
        let is_long = name.len() + code.len() > LONGEST_PAIR;
        if is_known || is_long || self.all.len() >= MOST_PAIRS {
            return;
        }
        let is_at_code = !self.all.iter().any(|pair| *pair.code == *code)
            && self.all.iter().any(|pair| *pair.name == *name);
        let index = if is_at_code { code_index } else { name_index };
        let mut place = header.place(record, index);
        if record.bytes().len() > LONGEST_LINE {
            place.1 = None;
        }
        self.positions.insert(hash, self.all.len());
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

/// Where a pair is found without a look into the table.
#[inline(always)]
fn slot(hash: u64) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "the last bits are meant")]
    let last = hash as usize % USUAL;
    last
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
            .text(format!("` in {}, and `", plural(pair.count, "record")))
            .cell(cell(spec, other))
            .text(format!("` in {}", plural(rival.count, "record")));
        let message = match difference(own, other) {
            Some(difference) => message.text(format!("; they differ only in {difference}")),
            None => message,
        };
        let Location { line, column, .. } = rival.place.0;
        finding
            .at(location)
            .excerpt(excerpt)
            .message(message)
            .label(Message::from(format!("line {line} has a different `{}`", spec.name)))
            .help(
                "Usually, one code stands for one building. Take the name and the code from the \
                 same row of the student information system's table of buildings.",
            )
            .related(Related {
                file: None,
                location: Some(Location { line, column, ..Location::default() }),
                message: "the first record with the other value".into(),
            })
    });
}

/// In what two values differ, if it is little.
fn difference(one: &[u8], other: &[u8]) -> Option<&'static str> {
    if one.eq_ignore_ascii_case(other) {
        return Some("case");
    }
    if are_alike(one, other) {
        return Some("case or leading zeros");
    }
    let (one, other) = (normal(one)?, normal(other)?);
    (!one.is_empty() && one == other).then_some("case, spaces or punctuation")
}

/// Letters and digits of a value, as they look.
fn normal(value: &[u8]) -> Option<String> {
    std::str::from_utf8(value).ok().map(lookalike::normal)
}
