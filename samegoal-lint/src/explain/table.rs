//! Tables for people, as text and in Markdown.

use unicode_width::UnicodeWidthStr;

/// Columns as wide as their widest cell, two blanks apart. The last is not padded.
pub(super) fn text<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let rows: Vec<_> = [head.map(Into::into)].into_iter().chain(rows).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A table of GitHub's Markdown. The cells are taken as they are; see [`cell`].
pub(super) fn markdown<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut out = row(&head.map(Into::into));
    out.push_str(&row(&[const { "---" }; N].map(Into::into)));
    out.extend(rows.into_iter().map(|cells| row(&cells)));
    out
}

/// Text as a cell of a Markdown table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', r"\|")
}

fn row(cells: &[String]) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        line.push_str(cell);
        line.push_str(if cell.is_empty() { "|" } else { " |" });
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_cells() {
        let rows = [["李".to_owned(), String::new()], ["abc".to_owned(), "d".to_owned()]];
        assert_eq!(text(["x", "y"], rows.clone()), "x    y\n李\nabc  d\n");
        assert_eq!(markdown(["x", "y"], rows), "| x | y |\n| --- | --- |\n| 李 | |\n| abc | d |\n");
        assert_eq!(cell("a|b"), r"a\|b");
    }
}
