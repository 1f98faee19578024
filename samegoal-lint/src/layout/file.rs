//! One file that was itself the argument.

use std::path::Path;

use samegoal_schema::FileSpec;

use super::names::{near, workbook};
use super::slots::{misnamed, workbook_finding};
use super::strangers::leftover;
use super::{Layout, Planned, Survey, not_regular, unreadable};
use crate::listing::Kind;

/// Decides which file of the API `path` is checked as: `as_name` (exact or auto) if it is given,
/// else the one that it is named like, exactly or nearly, or the one whose header it carries. That
/// its name is not exact, that it is a workbook, a link or something else, or cannot be found is a
/// finding. `None` if nothing shows which file it is, or the API has no file named `as_name`.
pub fn file_target(survey: &Survey<'_>, path: &Path, as_name: Option<&str>) -> Option<Layout> {
    let mut layout = Layout::default();
    let name = survey.name_of(path);
    let exact = |name: &str| {
        survey.api.files().find_map(|spec| match name {
            _ if spec.name == name => Some((spec, false)),
            _ if spec.auto_name() == name => Some((spec, true)),
            _ => None,
        })
    };
    match survey.tree.kind(path) {
        Ok(Kind::File) => {}
        Ok(kind) => {
            layout.find(path, not_regular(&name, kind));
            return Some(layout);
        }
        Err(error) => {
            layout.find(path, unreadable(&error));
            return Some(layout);
        }
    }
    // `~$students.xlsx` is not the workbook that it is named after.
    let leftover = leftover(&name).is_some();
    let mut plan = |spec: &FileSpec, auto| {
        let as_name = spec.name.to_string();
        layout.files.push(Planned { path: path.to_owned(), as_name, auto });
    };
    if let Some(as_name) = as_name {
        let (spec, _) = exact(as_name)?;
        plan(spec, exact(&name).is_some_and(|(_, auto)| auto));
    } else if let Some((spec, auto)) = exact(&name) {
        plan(spec, auto);
    } else if let Some(found) = near(&name, survey.api).filter(|_| !leftover) {
        let wanted = if found.auto { found.spec.auto_name() } else { found.spec.name.to_string() };
        plan(found.spec, found.auto);
        layout.find(path, misnamed(&name, "looks like", &wanted));
    } else if let Some(found) = workbook(&name, survey.api).filter(|_| !leftover) {
        layout.find(path, workbook_finding(&name, &found.spec.name));
        layout.skip(path, "contents", "it is a workbook");
    } else {
        let spec = survey.recognized(path)?;
        plan(spec, false);
        layout.find(path, misnamed(&name, "has the header of", &spec.name));
    }
    Some(layout)
}
