//! The manual in its parts, for those who set it themselves.

use samegoal_schema::Rule;

use super::manual::lines;

/// A heading, and what stands below it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(String),
    List(Vec<String>),
    Code(String),
}

/// The sections after the summary.
pub(crate) fn sections(rule: &Rule) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut code: Option<Vec<&str>> = None;
    let mut is_apart = true;
    for line in lines(rule.manual) {
        let heading = if code.is_none() { line.strip_prefix("## ") } else { None };
        if let Some(heading) = heading {
            sections.push(Section { heading: heading.to_owned(), blocks: Vec::new() });
            is_apart = true;
            continue;
        }
        let Some(Section { blocks, .. }) = sections.last_mut() else { continue };
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
            push(blocks, line, is_apart);
            is_apart = false;
        }
    }
    sections
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{BLANK_LINE, FIELD_COUNT};

    #[test]
    fn a_manual_comes_apart() {
        let section =
            |heading: &str, block| Section { heading: heading.into(), blocks: vec![block] };
        assert_eq!(
            sections(&FIELD_COUNT),
            [
                section(
                    "Why it matters",
                    Block::Paragraph(
                        "The values after the fault would end up in the wrong columns, and nobody \
                         would see it until much later."
                            .into()
                    )
                ),
                section("Example", Block::Code("Student Id,Last Name\n  1,Lovelace,Ada".into())),
                section(
                    "How to fix it",
                    Block::List(vec![
                        "Put quotes round a value that has a comma in it, whatever the export that \
                         wrote it calls the setting."
                            .into(),
                        "Export again.".into()
                    ])
                ),
            ]
        );
        assert_eq!(sections(&BLANK_LINE), []);
    }

    #[test]
    fn nothing_of_a_manual_is_lost() {
        let bare = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), "");
        for rule in crate::rules::RULES {
            let mut told = rule.manual.split("##").next().unwrap_or_default().to_owned();
            for Section { heading, blocks } in sections(rule) {
                told.push_str(&heading);
                for block in blocks {
                    match block {
                        Block::Paragraph(text) | Block::Code(text) => told.push_str(&text),
                        Block::List(items) => told.extend(items),
                    }
                }
            }
            assert_eq!(bare(&told), bare(&rule.manual.replace("```text", "")), "{}", rule.name);
        }
    }
}
