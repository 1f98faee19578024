//! A delivery beside the one before it: which that is, what of it is kept in mind, and what has gone
//! since.

use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use samegoal_schema::check::profile::Profiles;
use samegoal_schema::fix::Cure;
use samegoal_schema::schema::api::COMPLETE;
use samegoal_schema::{Admission, FileSpec, Finding, Folded, Rule, Schema, Session, Sink, Variant};

use crate::digest::{Digesting, FileDigest};
use crate::layout::{self, Place, Survey, TargetKind};
use crate::listing::display;

mod columns;
mod compare;
mod rules;
mod share;
mod thresholds;

pub(crate) use compare::{Comparison, Current};
pub(crate) use rules::RULES;
pub use thresholds::{Percent, Thresholds};

/// The delivery before the one that is linted, as far as the two can be compared.
pub(crate) struct Previous {
    pub(crate) path: PathBuf,
    pub(crate) profiles: Profiles,
    /// The files of the API that it has; `None` for one that cannot be read.
    files: IndexMap<String, Option<FileDigest>>,
}

/// The epoch that a delivery at `target` is compared with, where `given` is that epoch or a
/// directory of epochs: then it is the newest one before `target` that is complete.
///
/// # Errors
///
/// Why there is none, as the end of a sentence.
pub(crate) fn choose(survey: &Survey<'_>, given: &Path, target: &Path) -> Result<PathBuf, String> {
    let tree = survey.tree;
    let unreadable = |error| format!("`{}` cannot be read: {error}", display(given));
    let kind = layout::target_kind(tree, given, survey.api).map_err(unreadable)?;
    let own = tree.identity(target).ok();
    let is_target = |path: &Path| {
        own.as_ref().is_some_and(|own| tree.identity(path).is_ok_and(|other| other.is(own)))
    };
    match kind {
        // A run does not begin with one.
        TargetKind::File => Err(format!("`{}` is not a directory", display(given))),
        TargetKind::Epoch | TargetKind::Export if is_target(given) => {
            Err(format!("`{}` is the epoch itself", display(given)))
        }
        TargetKind::Epoch | TargetKind::Export => Ok(given.to_owned()),
        TargetKind::Upload => {
            let name = layout::own_name(tree, target).filter(|name| layout::is_epoch_name(name));
            let is_before = |epoch: &Path| {
                name.as_ref().is_none_or(|name| layout::own_name(tree, epoch).as_ref() < Some(name))
            };
            layout::newest_first(tree, given)
                .map_err(unreadable)?
                .find(|it| is_before(it) && layout::is_complete(tree, it) && !is_target(it))
                .ok_or_else(|| format!("`{}` has no complete epoch before it", display(given)))
        }
    }
}

/// Reads an epoch, each of its files once, on up to so many threads.
///
/// # Errors
///
/// Why nothing can be compared with it, as the end of a sentence.
pub(crate) fn read(
    survey: &Survey<'_>,
    epoch: &Path,
    threads: NonZeroUsize,
) -> Result<Previous, String> {
    let name = display(epoch);
    if !layout::is_complete(survey.tree, epoch) {
        return Err(format!("`{name}` has no {COMPLETE} file, so SameGoal did not process it"));
    }
    let planned = layout::check(survey, epoch, Place::InUploadRoot).files;
    if planned.is_empty() {
        return Err(format!("there is no API file in `{name}`"));
    }
    let mut session = Session::new(survey.api).with_threads(threads).profiling();
    let mut files = IndexMap::new();
    for file in planned {
        let digest = survey.tree.open(&file.path).and_then(|source| {
            let mut source = Digesting::new(source, true);
            session.check(&file.as_name, &mut source, &mut Quiet).map_err(io::Error::other)?;
            source.whole()
        });
        files.insert(file.as_name, digest.ok().flatten());
    }
    Ok(Previous { path: epoch.to_owned(), profiles: session.into_profiles(), files })
}

impl Previous {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }
}

/// Wants no findings: those of the previous epoch were reported then.
struct Quiet;

impl Sink for Quiet {
    fn admit(&mut self, _: &'static Rule, _: Variant, _: u64, _: Option<Cure<'_>>) -> Admission {
        Admission::Count
    }

    fn push(&mut self, _: Finding) {}

    fn fold(&mut self, _: Folded) {}

    fn is_closed(&self) -> bool {
        false
    }
}

/// The file of the API that others depend on: that of the students.
fn is_needed(api: &Schema, name: &str) -> bool {
    api.files().any(|other| other.requires.as_deref() == Some(name))
}

/// Whether what is missing from a file is deleted at SameGoal or grows old there: the students, and what
/// is the whole truth for them. The other files only add and update.
fn is_whole_truth(api: &Schema, spec: &FileSpec) -> bool {
    spec.requires.is_some() || is_needed(api, &spec.name)
}

#[cfg(test)]
mod tests;
