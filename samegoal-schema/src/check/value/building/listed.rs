//! Names of buildings and the district's list.

use std::collections::{BTreeSet, HashSet};

use foldhash::quality::RandomState;

use super::BUILDING_MISMATCH;
use crate::check::context::RecordContext;
use crate::check::value::name as name_of;
use crate::finding::Message;
use crate::schema::ColumnSpec;
use crate::text::lookalike;
use crate::text::whitespace::trim;

/// How many reported names are remembered, and how long they may be. Any other name is reported
/// each time.
const MOST_NAMES: usize = 4_000;
const LONGEST_NAME: usize = 256;

/// The valid names, and those already reported.
pub(in crate::check::value) struct Listed<'k> {
    allowed: &'k BTreeSet<String>,
    /// The parts of names that contain separators.
    parts: HashSet<&'k [u8], RandomState>,
    reported: HashSet<Box<[u8]>, RandomState>,
}

impl<'k> Listed<'k> {
    pub(in crate::check::value) fn new(allowed: &'k BTreeSet<String>) -> Self {
        let with_parts = allowed.iter().filter(|name| name.contains([';', ',']));
        let parts = with_parts.flat_map(|name| name.split([';', ',']));
        let parts = parts.map(|part| trim(part.as_bytes())).collect();
        Self { allowed, parts, reported: HashSet::default() }
    }

    /// Whether it is part of a listed name that contains a separator of names, so that it cannot be
    /// checked.
    pub(in crate::check::value) fn is_part(&self, name: &[u8]) -> bool {
        self.parts.contains(name)
    }

    /// Whether a name is on the list. If not, its first place is reported.
    pub(in crate::check::value) fn check(
        &mut self,
        context: &mut RecordContext<'_>,
        (index, spec): (usize, &ColumnSpec),
        name: &[u8],
    ) -> bool {
        let written = std::str::from_utf8(name).ok();
        if written.is_some_and(|name| self.allowed.contains(name)) {
            return true;
        }
        if self.reported.contains(name) {
            return false;
        }
        if self.reported.len() < MOST_NAMES && name.len() <= LONGEST_NAME {
            self.reported.insert(name.into());
        }
        let header = context.header;
        context.at_field(&BUILDING_MISMATCH, true, index, |finding| {
            let message = name_of(spec)
                .text(" is `")
                .cell(header.cell(index, name))
                .text("`, which is not on the district's list of buildings");
            let meant = written
                .filter(|name| name.len() <= LONGEST_NAME)
                .and_then(|name| lookalike::nearest(name, self.allowed.iter().map(String::as_str)))
                .map(|meant| header.cell(index, meant.as_bytes()));
            let unknown = "not on the list";
            let label = match meant {
                Some(meant) => {
                    Message::default().hint(Message::from("use `").cell(meant).text("`"), unknown)
                }
                None => unknown.into(),
            };
            finding.message(message).label(label).help(
                "The name must match a building in SameGoal's settings letter for letter. Write it \
                 the way it is there. If the building is new, add it there and to the \
                 configuration.",
            )
        });
        false
    }
}
