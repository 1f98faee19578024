//! Bytes that look like CSV to a scanner, but not to people.

use proptest::collection::vec;
use proptest::prelude::*;

/// What the soup is made of, the frequent ones first.
const PIECES: &[(u32, &[u8])] = &[
    (6, b"\""),
    (6, b","),
    (4, b"\n"),
    (2, b"\r\n"),
    (1, b"\r"),
    (2, b"\"\""),
    (2, b"\",\""),
    (1, b"\"\"\""),
    (4, b"a"),
    (2, b"Ada"),
    (1, b" "),
    (1, "é".as_bytes()),
    (1, "李".as_bytes()),
    (1, "\u{1d49c}".as_bytes()),
    (1, b"\xE9"),
    (1, b"\xE2\x82"),
    (1, b"\x80"),
    (1, b"\0"),
    (1, b"\xEF\xBB\xBF"),
];

/// Delimiters, quotes and line ends in any order, with letters and stray bytes between them.
pub(crate) fn soup(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let weights = PIECES.iter().map(|(weight, piece)| (*weight, Just(*piece).boxed())).collect();
    vec(prop::strategy::Union::new_weighted(weights), 0..most).prop_map(|pieces| pieces.concat())
}

/// A table of two to five columns, and its style.
pub(crate) fn table() -> impl Strategy<Value = Vec<u8>> {
    let field = (soup(6), 0..4_u8).boxed();
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (2..6_usize, end, any::<bool>()).prop_flat_map(move |(width, end, ends)| {
        vec(vec(field.clone(), width), 1..9).prop_map(move |records| {
            let mut file = Vec::new();
            for (number, record) in records.iter().enumerate() {
                if number > 0 {
                    file.extend(end.bytes());
                }
                for (index, (value, style)) in record.iter().enumerate() {
                    if index > 0 {
                        file.push(b',');
                    }
                    write_field(&mut file, value, *style);
                }
            }
            if ends {
                file.extend(end.bytes());
            }
            file
        })
    })
}

/// Writes a value in quotes if necessary, or in style 0; in style 1, only its letters.
fn write_field(file: &mut Vec<u8>, value: &[u8], style: u8) {
    let is_plain = |byte: &u8| !matches!(byte, b'"' | b',' | b'\n' | b'\r');
    if style == 1 {
        return file.extend(value.iter().filter(|byte| is_plain(byte)));
    }
    if style > 1 && value.iter().all(is_plain) {
        return file.extend(value);
    }
    file.push(b'"');
    for byte in value {
        file.push(*byte);
        if *byte == b'"' {
            file.push(b'"');
        }
    }
    file.push(b'"');
}

/// A table with a few bytes removed or inserted, mostly quotes.
pub(crate) fn damaged_table() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..8_u8);
    (table(), vec(change, 0..4)).prop_map(|(mut file, changes)| {
        for (place, kind) in changes {
            damage(&mut file, place, kind);
        }
        file
    })
}

/// Removes a byte, inserts one, or removes a quote.
pub(crate) fn damage(file: &mut Vec<u8>, place: prop::sample::Index, kind: u8) {
    let at = place.index(file.len() + 1);
    match kind {
        0 if at < file.len() => drop(file.remove(at)),
        0 | 1 => file.insert(at, b'"'),
        2 => file.insert(at, b','),
        3 => file.insert(at, b'\n'),
        4 => file.insert(at, b'x'),
        5 => file.truncate(at),
        _ => {
            let quotes = (0..file.len()).filter(|at| file[*at] == b'"').collect::<Vec<_>>();
            if !quotes.is_empty() {
                file.remove(*place.get(&quotes));
            }
        }
    }
}

/// Any of these, or random bytes.
pub(crate) fn anything() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => soup(120),
        4 => damaged_table(),
        1 => vec(any::<u8>(), 0..400),
    ]
}
