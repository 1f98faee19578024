//! The little Markdown that manuals are written in: headings, paragraphs, lists and fenced blocks.

use textwrap::{Options, WordSeparator, WordSplitter};

/// The lines of a doc comment, without the blank that follows `///`.
pub(super) fn lines(manual: &str) -> impl Iterator<Item = &str> {
    manual.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
}

/// Appends the manual as text: headings in capitals, fenced blocks indented, the rest fitted to
/// `width` columns.
pub(super) fn text(out: &mut String, manual: &str, width: usize) {
    let mut paragraph = Paragraph { text: String::new(), width };
    let mut fenced = false;
    for line in lines(manual) {
        if line.starts_with("```") {
            paragraph.end(out);
            fenced = !fenced;
        } else if fenced {
            out.push_str(if line.is_empty() { "" } else { "    " });
            out.push_str(line);
            out.push('\n');
        } else if let Some(heading) = heading(line) {
            paragraph.end(out);
            out.push_str(&heading.to_uppercase());
            out.push('\n');
        } else if line.is_empty() {
            paragraph.end(out);
            out.push('\n');
        } else {
            if line.starts_with("- ") {
                paragraph.end(out);
            }
            paragraph.push(line.trim_start());
        }
    }
    paragraph.end(out);
}

/// Appends the manual as Markdown, with its headings two levels lower.
pub(super) fn demoted(out: &mut String, manual: &str) {
    let mut fenced = false;
    for line in lines(manual) {
        fenced ^= line.starts_with("```");
        if !fenced && heading(line).is_some() {
            out.push_str("##");
        }
        out.push_str(line);
        out.push('\n');
    }
}

fn heading(line: &str) -> Option<&str> {
    line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim())
}

struct Paragraph {
    text: String,
    width: usize,
}

impl Paragraph {
    fn push(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(line);
    }

    fn end(&mut self, out: &mut String) {
        if self.text.is_empty() {
            return;
        }
        let options = Options::new(self.width.max(20))
            .subsequent_indent(if self.text.starts_with("- ") { "  " } else { "" })
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        out.push_str(&textwrap::fill(&self.text, options));
        out.push('\n');
        self.text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_in_a_fenced_block_is_no_heading() {
        let manual = " One.\n\n ```text\n # not a heading\n\n - nor a list\n ```\n";
        let mut out = String::new();
        text(&mut out, manual, 80);
        assert_eq!(out, "One.\n\n    # not a heading\n\n    - nor a list\n");
        let mut out = String::new();
        demoted(&mut out, manual);
        assert_eq!(out, "One.\n\n```text\n# not a heading\n\n- nor a list\n```\n");
    }

    #[test]
    fn long_words_are_not_broken() {
        let word = "x".repeat(60);
        let mut out = String::new();
        text(&mut out, &format!("a {word} --no-color"), 5);
        assert_eq!(out, format!("a\n{word}\n--no-color\n"));
    }
}
