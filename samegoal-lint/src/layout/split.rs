//! A file of the API that was exported in parts, such as one for each school.

use super::rules;
use samegoal_schema::{Completeness, Finding};

use super::names::{is_kin, remainder};
use super::quoted;
use super::slot::Slot;
use crate::listing::Entry;

/// Takes the parts of one file, at least two, out of a slot and of the files that stand for nothing.
/// There are none where the file itself is there, or where the names are those of copies: then one of
/// them is current.
pub(super) fn parts<'a>(
    slot: &mut Slot<'a>,
    strangers: &mut Vec<&'a Entry>,
) -> Option<Vec<&'a Entry>> {
    if slot.plain.is_some() || slot.auto.is_some() {
        return None;
    }
    let spec = slot.spec;
    let rest = |entry: &Entry| remainder(&entry.name.to_string_lossy(), spec);
    let near = slot.near.iter().map(|(entry, _)| *entry);
    let mut files: Vec<_> = near.chain(slot.by_header.iter().copied()).collect();
    // No header shows a file whose columns are not known: `guardians_high.csv` is one by its
    // name, but only beside `guardians_hs.csv`.
    if spec.completeness == Completeness::Partial
        && files.iter().any(|entry| !rest(entry).is_empty())
    {
        files.extend(
            strangers.iter().copied().filter(|entry| is_kin(&entry.name.to_string_lossy(), spec)),
        );
    }
    let mut rests = files.iter().map(|entry| rest(entry));
    let first = rests.next()?;
    if rests.all(|other| other == first) {
        return None;
    }
    files.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
    strangers.retain(|entry| !files.contains(entry));
    slot.near.clear();
    slot.by_header.clear();
    Some(files)
}

pub(super) fn finding(parts: &[&Entry], wanted: &str) -> Finding {
    rules::SPLIT_FILE
        .finding()
        .message(format!("{} look like parts of `{wanted}`", quoted(parts)))
        .help(format!(
            "SameGoal loads one file with that name. If each file has some of the records, \
                 export all of them into one `{wanted}`, with one header. If one file has every \
                 record, give it that name. These files were not checked."
        ))
}
