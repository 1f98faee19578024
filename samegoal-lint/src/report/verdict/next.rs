//! What to fix first.

use std::collections::BTreeSet;

use samegoal_schema::Severity;

use super::super::Report;
use super::super::order::{Order, Step, is_marker};
use super::super::part::Part;
use super::super::reason::{MANY, Reason};
use super::capital;
use crate::policy::Reported;
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

/// `Fix the header of students.csv first, then add COMPLETE: …`; nothing if nothing was found.
pub(super) fn step(report: &Report, order: &Order<'_>, masker: Masker) -> Option<String> {
    let part = Part::whole(report);
    let first = order.first(part.findings.iter().copied())?;
    let name = first.finding.rule.name;
    let how = format!("`samegoal-lint explain {name}` shows how.");
    if is_marker(&first.finding) {
        let action = capital(&marker(first, true));
        return Some(format!("{action} last, after every other file: {how}"));
    }
    let last = part.findings.iter().find(|reported| {
        is_marker(&reported.finding)
            && reported.severity > Severity::Advice
            && order.are_together(&reported.path, &first.path)
    });
    let then = last.map(|last| format!(", then {}", marker(last, false))).unwrap_or_default();
    if name == "layout/no-data-file" {
        return Some(format!("Check whether {} is the right folder: {how}", visible(&first.path)));
    }
    Some(format!("Fix {} first{then}: {how}", thing(&part, first, masker)))
}

/// What to do about the marker.
fn marker(reported: &Reported, with_path: bool) -> String {
    let path = visible(&reported.path);
    match reported.finding.rule.name {
        "layout/missing-complete" if with_path => format!("add COMPLETE to {path}"),
        "layout/missing-complete" => "add COMPLETE".to_owned(),
        "layout/misnamed-complete" => format!("rename {path} to COMPLETE"),
        _ => "upload COMPLETE as an empty file".to_owned(),
    }
}

/// What to fix, as narrow as the findings are.
fn thing(part: &Part<'_>, reported: &Reported, masker: Masker) -> String {
    let path = visible(&reported.path);
    let finding = &reported.finding;
    let Some(place) = &finding.location else { return path.into_owned() };
    match Step::of(finding) {
        Step::Header => format!("the header of {path}"),
        Step::Records | Step::Links => {
            let columns = columns_like(part, reported);
            if columns >= MANY {
                return format!("{columns} columns of {path}");
            }
            let field = place.field.as_ref().map(|field| masker.message(field));
            let is_same = |other: &&Reported| {
                let field_of = |it: &Reported| it.finding.location.as_ref()?.field.clone();
                other.path == reported.path
                    && other.finding.rule.name == finding.rule.name
                    && field_of(other).map(|field| masker.message(&field)) == field
            };
            let mut same = part.findings.iter().copied().filter(is_same);
            let is_many = finding.count_here() > 1 || same.nth(1).is_some();
            match (is_many, &field, place.cell_name()) {
                (true, Some(field), _) => format!("`{field}` in {path}"),
                (true, None, _) => format!("the records of {path}"),
                (false, Some(_), Some(cell)) => format!("cell {cell} of {path}"),
                (false, ..) => format!("line {} of {path}", place.line),
            }
        }
        _ => path.into_owned(),
    }
}

/// How many columns of the file have the same defect for the same reason.
fn columns_like(part: &Part<'_>, reported: &Reported) -> usize {
    let reason = Reason::of(reported);
    let own = part.findings.iter().filter(|other| {
        other.path == reported.path
            && other.finding.rule.name == reported.finding.rule.name
            && Reason::of(other) == reason
    });
    let fields = own.filter_map(|it| it.finding.location.as_ref()?.known_field());
    fields.collect::<BTreeSet<_>>().len()
}
