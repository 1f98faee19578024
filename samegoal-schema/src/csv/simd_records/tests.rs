use super::*;
use crate::check::prescreen::is_text;
use crate::csv::block::FieldEnds;
use crate::csv::quick::{Clean, split_clean};
use crate::csv::record::is_western;
use crate::csv::simd::Marks;

/// What a sweep says of each record, one after the other, with any instructions.
fn swept(bytes: &[u8], start: usize) -> (Batch, Progress) {
    let mut batch = Batch::default();
    batch.bytes.restart(bytes);
    let swept = read_simple_records(bytes, start, 1, &mut batch);
    let mut other = Batch::default();
    let plainly = read_at_level(Level::baseline(), bytes, start, 1, &mut other);
    assert_eq!((plainly, &other.fields), (swept, &batch.fields), "{}", bytes.escape_ascii());
    assert_eq!(other.records, batch.records, "{}", bytes.escape_ascii());
    (batch, swept)
}

/// Each record that was taken is what the careful way makes of it, and none too many was taken.
fn agrees(bytes: &[u8]) {
    let (batch, swept) = swept(bytes, 0);
    let shown = bytes.escape_ascii();
    let (mut start, mut taken) = (0, 0);
    for (line, record) in (1..).zip(&batch.records) {
        let mut fields = Vec::new();
        let clean = split_clean(bytes, start, false, &mut Marks::at(start), &mut fields);
        let Some(Clean { end, next, line_ends: 0, is_ascii }) = clean else {
            panic!("{clean:?} at {start} of {shown}")
        };
        assert_eq!((record.start as usize, record.end as usize), (start, start + end), "{shown}");
        assert_eq!(record.line, line, "{shown}");
        assert_eq!(record.ends_in.as_bytes(), &bytes[start + end..start + next], "{shown}");
        assert_eq!(batch.fields[taken..record.fields as usize], fields, "{shown}");
        assert_eq!(record.is_ascii, is_ascii, "{shown}");
        let own = &bytes[start..start + end];
        assert_eq!(record.is_western, is_western(own), "{shown}");
        taken = record.fields as usize;
        start += next;
    }
    assert_eq!((swept.start, batch.fields.len()), (start, taken), "{shown}");
    are_neat(&batch);
    // It ends where there is less than a chunk, or at what it does not know.
    let rest = &bytes[start..];
    let mut fields = Vec::new();
    let clean = split_clean(rest, 0, false, &mut Marks::at(0), &mut fields);
    let is_known = clean.is_some_and(|clean| {
        let is_usual = |byte: &u8| matches!(byte, b' '..=b'~' | 0x80..);
        clean.line_ends == 0
            && rest[..clean.end].iter().all(is_usual)
            && fields.iter().all(|field| field.quoting() != Quoting::Escaped)
            && (rest[clean.end] != b'\r' || rest[clean.end..].starts_with(b"\r\n"))
    });
    assert!(!is_known || rest.len() <= 2 * CHUNK, "{shown}");
}

/// Each value of a record that is said to be neat passes for a text at a glance.
fn are_neat(batch: &Batch) {
    let mut ends = FieldEnds::default();
    for block in batch.blocks(0) {
        for neat in bits::set(!block.unclean()).map(|record| record as usize) {
            let fields = block.record(neat).map_or(0, |record| record.len());
            ends.take(&block, fields);
            for value in (0..fields).map(|index| ends.column(&block, index).value(neat)) {
                let shown = value.text().escape_ascii();
                assert!(value.len() == 0 || is_text(value), "{shown} in record {neat}");
            }
        }
    }
}

#[test]
fn takes_records_apart_as_the_careful_way_does() {
    // Every beginning of a text that has all there is at every place of a chunk.
    let pieces: [&[u8]; 24] = [
        b"1001,Okafor,Ada\n",
        b",,\r\n",
        "José,Zoë\n".as_bytes(),
        "ÅÅ,é\r\n".as_bytes(),
        "’,ł\n".as_bytes(),
        b"\xE9,\xC3\n",
        b"\xC3\r\n",
        b"\n",
        b"a\rb\n",
        b"\"1\",2\n",
        b"1,\"Oak St, Apt 4\",\"\"\r\n",
        b"\"\",\"a\"\n",
        "\"José\",\" Zoë\"\n".as_bytes(),
        b"1,\"say \"\"hi\"\"\"\n",
        b"1,\"two\nlines\"\r\n",
        b"1,\"left open\n",
        b"1,\"a\"b,c\n",
        b"1,5\" nails\n",
        b"1, b,c \n",
        b"NA,N/A,None\r\n",
        b"1,undefined,Nguyen,\"null\"\n",
        b"-,'01001,=A2\n",
        b"1\t2\n",
        b"1,\x7F\n",
    ];
    for first in 0..pieces.len() {
        for second in 0..pieces.len() {
            let mut bytes = Vec::new();
            for padding in 0..CHUNK {
                bytes.clear();
                bytes.resize(padding, b'x');
                for piece in [first, first, second, second, first, second, 0, first] {
                    bytes.extend_from_slice(pieces[piece]);
                }
                bytes.extend_from_slice(&[b'y'; CHUNK]);
                agrees(&bytes);
            }
        }
    }
}

#[test]
fn shows_which_records_are_neat() {
    for (record, expected) in [
        ("1001,Okafor,,Ada,12 Oak St", true),
        ("1001,\"12 Oak St, Apt 4\",\"\"", true),
        ("1001,José,Élan", true),
        ("1001,Nguyen,Noor Jahan", true),
        ("1001,NA", false),
        ("1001,\"n/a\",2", false),
        ("1001,undefined", false),
        ("1001, Okafor", false),
        ("1001,\"Okafor \"", false),
        ("1001,Okafor ", false),
        ("1001,'t Hooft", false),
        ("=1001", false),
    ] {
        for padding in 0..CHUNK {
            let head = "x".repeat(padding);
            let bytes = format!("{head}\n{record}\n{}", "y".repeat(CHUNK));
            let (batch, _) = swept(bytes.as_bytes(), 0);
            let neat: Vec<_> = batch.records.iter().map(|record| record.has_clean_edges).collect();
            assert_eq!(neat, [true, expected], "{record} behind {padding}");
        }
    }
}

#[test]
fn leaves_a_field_that_may_be_too_long() {
    let bytes = [b"1,2\n".repeat(20), vec![b'x'; MAX_FIELD + 1], b"\n".repeat(CHUNK)].concat();
    let (batch, swept) = swept(&bytes, 0);
    assert_eq!((batch.records.len(), swept.start, swept.line), (20, 80, 21));
}
