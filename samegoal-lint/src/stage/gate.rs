//! What is found in SOURCE beside what is found in its copy.
//!
//! The report is about SOURCE, so that its places are those that people look at. Two things may be
//! otherwise in the copy. An error of SOURCE that no fix cures may not be there any more: then a fix
//! has changed what the error is measured against, and the copy is not what SOURCE says. And there may
//! be more than in SOURCE; that is taken over, at the places of the copy.

use indexmap::IndexMap;

use super::Hidden;
use crate::policy::{FileTotal, Found};
use crate::report::Report;

/// Compares what is found in SOURCE with what is found in the copy, of which `paths` has the paths in
/// SOURCE; answers which errors the copy would hide.
pub(super) fn compare(
    report: &mut Report,
    copy: Report,
    paths: &IndexMap<String, String>,
) -> Vec<Hidden> {
    for file in report.targets.iter_mut().flat_map(|target| &mut target.files) {
        let mut copies = copy.targets.iter().flat_map(|target| &target.files);
        // What is uploaded is the copy.
        if let Some(same) = copies.find(|same| same.as_name == file.as_name) {
            file.bytes = same.bytes;
            file.records = same.records;
            file.sha256.clone_from(&same.sha256);
        }
    }
    let mut copy = copy.found;
    copy.rename(|path| paths.get(path).map(String::as_str));
    let hidden = hidden(&report.found, &copy);
    report.found.take_more(copy);
    hidden
}

fn hidden(source: &Found, copy: &Found) -> Vec<Hidden> {
    let is_hidden = |total: &&FileTotal| {
        let there = copy.files.iter().find(|it| it.is_of(total));
        source.failing(total) > there.map_or(0, |there| copy.failing(there))
    };
    let hidden = source.files.iter().filter(is_hidden);
    hidden.map(|it| Hidden { path: it.path.to_string(), rule: it.rule.name }).collect()
}
