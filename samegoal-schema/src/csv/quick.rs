//! A record without a fault taken apart, by the bytes that count.
//!
//! Nearly every record has none. One that has is left to [`split`](crate::split), which tells what
//! it is; so what is found here has to be the same as there, or nothing.

use crate::csv::record::FieldEnd;
use crate::csv::record::Quoting;
use crate::csv::simd::Marks;

/// A record without a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clean {
    /// Where it ends.
    pub(crate) end: usize,
    /// Where the next one starts.
    pub(crate) next: usize,
    /// How many line ends are in its quoted fields.
    pub(crate) line_ends: u32,
    /// Whether it is ASCII without control characters, but for tabs and line ends.
    pub(crate) is_ascii: bool,
}

/// Takes the record that starts at `from` apart, and adds its fields to `fields`; `None` if it has
/// a fault or the bytes end first. Its places count from the record's start, those of the fields from
/// that of the bytes.
///
/// `marks` are at that start, and at that of the next record if there is nothing wrong with this
/// one. If `is_last`, the end of the bytes ends an unquoted field and its record.
#[inline]
pub(crate) fn split_clean(
    bytes: &[u8],
    from: usize,
    is_last: bool,
    marks: &mut Marks,
    fields: &mut Vec<FieldEnd>,
) -> Option<Clean> {
    let mut start = from;
    let mut quoting = Quoting::None;
    let mut is_ascii = true;
    let mut line_ends = 0;
    loop {
        let Some((at, byte)) = marks.next(bytes) else {
            let end = bytes.len() - from;
            fields.push(FieldEnd::new(bytes.len(), quoting));
            return is_last.then_some(Clean { end, next: end, line_ends, is_ascii });
        };
        match byte {
            b',' => {
                fields.push(FieldEnd::new(at, quoting));
                start = at + 1;
                quoting = Quoting::None;
            }
            b'\n' | b'\r' => {
                fields.push(FieldEnd::new(at, quoting));
                let is_pair = byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
                // A carriage return may still be the first half of a line end.
                if byte == b'\r' && at + 1 == bytes.len() && !is_last {
                    return None;
                }
                if is_pair {
                    marks.skip(bytes);
                }
                let end = at - from;
                let next = end + 1 + usize::from(is_pair);
                return Some(Clean { end, next, line_ends, is_ascii });
            }
            b'"' if at == start => {
                let quoted = quoted(bytes, is_last, marks)?;
                line_ends += quoted.line_ends;
                is_ascii &= quoted.is_ascii;
                quoting = quoted.quoting;
            }
            b'"' => return None,
            b'\t' => {}
            _ => is_ascii = false,
        }
    }
}

/// The inside of a quoted field.
struct Quoted {
    quoting: Quoting,
    line_ends: u32,
    is_ascii: bool,
}

/// Reads on from behind an opening quote to the closing one; `None` if the bytes end first, or if
/// there is text behind it.
#[inline]
fn quoted(bytes: &[u8], is_last: bool, marks: &mut Marks) -> Option<Quoted> {
    let mut quoted = Quoted { quoting: Quoting::Plain, line_ends: 0, is_ascii: true };
    loop {
        let (at, byte) = marks.next(bytes)?;
        match byte {
            b'"' => match bytes.get(at + 1) {
                Some(b'"') => {
                    quoted.quoting = Quoting::Escaped;
                    marks.skip(bytes);
                }
                None if !is_last => return None,
                None | Some(b',' | b'\n' | b'\r') => return Some(quoted),
                Some(_) => return None,
            },
            b'\n' => quoted.line_ends += 1,
            // Of a pair the line feed counts.
            b'\r' => quoted.line_ends += u32::from(bytes.get(at + 1) != Some(&b'\n')),
            b',' | b'\t' => {}
            _ => quoted.is_ascii = false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::grammar::{Split, split};
    use crate::csv::record::count_line_ends;

    /// Every text of up to seven of the bytes that count, and a letter.
    #[test]
    fn finds_what_the_grammar_says_or_nothing() {
        let mut texts = vec![Vec::new()];
        for length in 0..=7 {
            for text in &texts {
                agrees(text, true);
                agrees(text, false);
            }
            if length < 7 {
                let longer = |text: &Vec<u8>| b",\"\n\ra".map(|byte| [&text[..], &[byte]].concat());
                texts = texts.iter().flat_map(longer).collect();
            }
        }
    }

    fn agrees(text: &[u8], is_last: bool) {
        let (mut spans, mut faults, mut fields) = (Vec::new(), Vec::new(), Vec::new());
        let outcome = split(text, is_last, &mut spans, &mut faults);
        let clean = split_clean(text, 0, is_last, &mut Marks::default(), &mut fields);
        let shown = text.escape_ascii();
        match outcome {
            Split::Whole { end, next } if faults.is_empty() => {
                let quoted = spans.iter().filter(|span| span.quoting != Quoting::None);
                let line_ends = quoted.map(|span| count_line_ends(&text[span.start..span.end]));
                let line_ends = line_ends.sum();
                assert_eq!(clean, Some(Clean { end, next, line_ends, is_ascii: true }), "{shown}");
                let ends: Vec<_> =
                    spans.iter().map(|span| FieldEnd::new(span.end, span.quoting)).collect();
                assert_eq!(fields, ends, "{shown}");
            }
            Split::Whole { .. } | Split::Short => assert_eq!(clean, None, "{shown}"),
        }
    }
}
