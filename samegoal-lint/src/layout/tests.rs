use samegoal_schema::{Message, Part, generic_api};

use super::*;
use crate::listing::Memory;

mod epochs;
mod roots;
mod targets;

/// Says that a file is the one that its contents name.
fn recognize(head: &[u8]) -> Option<String> {
    String::from_utf8(head.strip_prefix(b"header of ")?.to_vec()).ok()
}

fn run(tree: &Memory, path: &str, place: Place) -> Layout {
    let api = generic_api();
    check(&Survey { tree, api: &api, recognize: &recognize }, Path::new(path), place)
}

pub(super) fn text(message: &Message) -> String {
    let words = message.parts.iter().map(|part| match part {
        Part::Text(text) => text.as_ref(),
        Part::Cell(_) | Part::Hint { .. } => panic!("a layout finding holds no cell"),
    });
    words.collect()
}

/// `rule path` for each finding, without what all of them share.
fn findings(layout: &Layout) -> Vec<String> {
    for (_, finding) in &layout.findings {
        assert!(!text(&finding.message).is_empty() && !text(&finding.help).is_empty());
    }
    let lines = layout.findings.iter().map(|(path, finding)| {
        let name = finding.rule.name.strip_prefix("layout/").unwrap();
        format!("{name} {}", display(path))
    });
    lines.collect()
}

/// `file as name` for each file to check.
fn files(layout: &Layout) -> Vec<String> {
    let lines = layout.files.iter().map(|planned| {
        let auto = if planned.auto { " (auto)" } else { "" };
        format!("{} as {}{auto}", display(&planned.path), planned.as_name)
    });
    lines.collect()
}

/// An epoch `e` of empty files; a name that ends in `/` is a directory, and one with ` = ` has
/// contents.
fn tree(names: &[&str]) -> Memory {
    names.iter().fold(Memory::new().directory("e"), |tree, name| {
        let (name, bytes) = name.split_once(" = ").unwrap_or((name, ""));
        let path = format!("e/{name}");
        if name.ends_with('/') { tree.directory(path) } else { tree.file(path, bytes) }
    })
}

fn assert_layout(place: Place, tree: &Memory, found: &[&str], planned: &[&str]) {
    let layout = run(tree, "e", place);
    assert_eq!(findings(&layout), found);
    assert_eq!(files(&layout), planned, "{found:?}");
}

#[track_caller]
fn epoch(names: &[&str], found: &[&str], planned: &[&str]) {
    assert_layout(Place::InUploadRoot, &tree(names), found, planned);
}

#[track_caller]
fn upload(names: &[&str], found: &[&str], planned: &[&str]) {
    assert_layout(Place::UploadRoot, &tree(names), found, planned);
}

const STUDENTS: &str = "e/students.csv as students.csv";
