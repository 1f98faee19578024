//! The little Markdown that manuals are written in: paragraphs, lists and fenced blocks.

use std::fmt::Write;

use samegoal_schema::finding::Manual;
use textwrap::{Options, WordSeparator, WordSplitter};

pub(crate) struct Section {
    pub(crate) heading: &'static str,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(String),
    List(Vec<String>),
    Code(String),
}

/// Why it matters, an example and how to fix it.
pub(crate) fn sections(manual: &Manual) -> [Section; 3] {
    manual.sections().map(|(heading, text)| Section { heading, blocks: blocks(text) })
}

/// The lines of a doc comment, without the blank that follows `///`.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut code: Option<Vec<&str>> = None;
    let mut is_apart = true;
    for line in lines(text) {
        if line.starts_with("```") {
            match code.take() {
                None => code = Some(Vec::new()),
                Some(lines) => blocks.push(Block::Code(lines.join("\n"))),
            }
            is_apart = true;
        } else if let Some(lines) = &mut code {
            lines.push(line);
        } else if line.is_empty() {
            is_apart = true;
        } else {
            push(&mut blocks, line, is_apart);
            is_apart = false;
        }
    }
    blocks
}

/// Appends a line of words. A list goes on over blank lines.
fn push(blocks: &mut Vec<Block>, line: &str, is_apart: bool) {
    match (line.strip_prefix("- "), blocks.last_mut()) {
        (Some(item), Some(Block::List(items))) => items.push(item.to_owned()),
        (Some(item), _) => blocks.push(Block::List(vec![item.to_owned()])),
        (None, Some(Block::Paragraph(text))) if !is_apart => append(text, line),
        (None, Some(Block::List(items))) if !is_apart => {
            if let Some(item) = items.last_mut() {
                append(item, line.trim_start());
            }
        }
        (None, _) => blocks.push(Block::Paragraph(line.to_owned())),
    }
}

fn append(text: &mut String, line: &str) {
    text.push(' ');
    text.push_str(line);
}

/// The manual as text: headings in capitals, fenced blocks indented, the rest fitted to `width` columns.
pub(super) fn text(manual: &Manual, width: usize) -> String {
    let mut out = fitted(manual.summary, width) + "\n";
    for Section { heading, blocks } in sections(manual) {
        let _ = writeln!(out, "\n{}", heading.to_uppercase());
        for block in blocks {
            out.push('\n');
            match block {
                Block::Paragraph(text) => out += &(fitted(&text, width) + "\n"),
                Block::List(items) => {
                    for item in items {
                        out += &(fitted(&format!("- {item}"), width) + "\n");
                    }
                }
                Block::Code(code) => {
                    for line in code.lines() {
                        let _ =
                            writeln!(out, "{}{line}", if line.is_empty() { "" } else { "    " });
                    }
                }
            }
        }
    }
    out
}

fn fitted(text: &str, width: usize) -> String {
    let options = Options::new(width.max(20))
        .subsequent_indent(if text.starts_with("- ") { "  " } else { "" })
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// The manual in Markdown, with these marks before its headings.
pub(super) fn markdown(manual: &Manual, marks: &str) -> String {
    let mut out = manual.summary.to_owned();
    for (heading, text) in manual.sections() {
        let _ = write!(out, "\n\n{marks} {heading}\n");
        for line in lines(text) {
            out.push('\n');
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::FIELD_COUNT;

    #[test]
    fn a_manual_comes_apart() {
        let [why, example, fix] = sections(&FIELD_COUNT.manual);
        let why_it_matters = "The values after the fault would end up in the wrong columns, and no one \
                              would notice until much later.";
        assert_eq!(why.blocks, [Block::Paragraph(why_it_matters.into())]);
        assert_eq!(example.blocks, [Block::Code("Student Id,Last Name\n  1,Lovelace,Ada".into())]);
        let quotes = "Put quotes round a value that has a comma in it, whatever the export that wrote \
                      it calls the setting.";
        assert_eq!(fix.blocks, [Block::List(vec![quotes.into(), "Export again.".into()])]);
    }

    #[test]
    fn a_comment_in_a_fenced_block_is_no_heading() {
        let code = " ```text\n # not a heading\n\n - nor a list\n ```";
        let manual = Manual { summary: "One.", why: "", example: code, fix: "" };
        let text = text(&manual, 80);
        assert!(text.contains("EXAMPLE\n\n    # not a heading\n\n    - nor a list\n"), "{text}");
        let markdown = markdown(&manual, "##");
        assert!(
            markdown.contains("\n## Example\n\n```text\n# not a heading\n\n- nor a list\n```\n")
        );
    }

    #[test]
    fn long_words_are_not_broken() {
        let word = "x".repeat(60);
        assert_eq!(fitted(&format!("a {word} --no-color"), 5), format!("a\n{word}\n--no-color"));
    }

    #[test]
    fn nothing_of_a_manual_is_lost() {
        let bare = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), "");
        for rule in crate::rules::RULES {
            for (Section { blocks, .. }, (_, text)) in
                sections(&rule.manual).into_iter().zip(rule.manual.sections())
            {
                let mut kept = String::new();
                for block in blocks {
                    match block {
                        Block::Paragraph(text) | Block::Code(text) => kept.push_str(&text),
                        Block::List(items) => kept.extend(items),
                    }
                }
                assert_eq!(bare(&kept), bare(&text.replace("```text", "")), "{}", rule.name);
            }
        }
    }
}
