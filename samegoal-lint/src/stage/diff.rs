//! What is changed in the copy, as a unified diff without context.
//!
//! No program has to find the differences: a record is changed in its place, and who changes it
//! tells. So a file of any size costs no memory. The heading of each hunk says which fixes it shows,
//! for masked the two lines may look alike.

use std::io::{self, Write};

use samegoal_schema::Cell;
use samegoal_schema::fix::{Edit, Fix};

use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::{push, visible};

/// Writes a diff.
pub struct Diff<'w> {
    out: &'w mut dyn Write,
    masker: Masker,
    /// The paths of the file and its copy.
    paths: (String, String),
    has_head: bool,
    /// What went wrong, after which nothing is written any more.
    failed: io::Result<()>,
}

impl<'w> Diff<'w> {
    /// A diff that shows as much of the values as `masker` does.
    pub fn new(out: &'w mut dyn Write, masker: Masker) -> Self {
        let paths = (String::new(), String::new());
        Self { out, masker, paths, has_head: false, failed: Ok(()) }
    }

    /// Whether all could be written.
    ///
    /// # Errors
    ///
    /// The first one of the writer.
    pub fn finish(self) -> io::Result<()> {
        self.failed?;
        self.out.flush()
    }

    /// Goes on with another file.
    pub(super) fn begin(&mut self, from: String, to: String) {
        self.paths = (from, to);
        self.has_head = false;
    }

    /// Tells what is done to the file as a whole. A reader of diffs skips it.
    pub(super) fn whole(&mut self, fix: &Fix, how: &str) {
        let line = format!("{}: {}, {how}", visible(&self.paths.0), label(fix));
        self.line("# ", &line);
    }

    pub(super) fn edit(&mut self, edit: &Edit<'_>) {
        if self.failed.is_err() {
            return;
        }
        if !self.has_head {
            self.has_head = true;
            let (from, to) =
                (visible(&self.paths.0).into_owned(), visible(&self.paths.1).into_owned());
            self.line("--- ", &from);
            self.line("+++ ", &to);
        }
        let mut fixes: Vec<String> = Vec::new();
        for fix in edit.fixes() {
            let label = label(fix);
            if !fixes.contains(&label) {
                fixes.push(label);
            }
        }
        let place = format!("-{} +{} @@ {}", edit.line(), edit.new_line(), fixes.join(", "));
        self.line("@@ ", &place);
        let (before, after) = (edit.before(), edit.after());
        self.line("-", &self.text(&before, &after));
        self.line("+", &self.text(&after, &before));
    }

    /// The cells of one side. Of those that are the same on the other side, nothing shows if masked.
    fn text(&self, cells: &[Cell], others: &[Cell]) -> String {
        let mut text = String::new();
        for (index, cell) in cells.iter().enumerate() {
            if others.get(index).is_some_and(|other| other.expose() == cell.expose()) {
                self.masker.push_neighbor(&mut text, cell);
            } else {
                self.masker.push(&mut text, cell);
            }
        }
        text
    }

    fn line(&mut self, prefix: &str, text: &str) {
        if self.failed.is_ok() {
            let mut line = String::from(prefix);
            push(&mut line, text);
            self.failed = writeln!(self.out, "{line}");
        }
    }
}

fn label(fix: &Fix) -> String {
    format!("{} ({})", fix.name, fix.level)
}
