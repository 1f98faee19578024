use super::*;
use crate::check::prescreen::is_text;
use crate::csv::block::FieldEnds;
use crate::csv::field::{Parsed, RecordEnd, parse_record};
use crate::csv::record::{count_line_ends, is_western};

/// The records that are read, the same with any instructions, and where reading stopped.
fn read(bytes: &[u8], start: usize) -> (Batch, Progress) {
    let mut batch = Batch::default();
    batch.bytes.restart(bytes);
    let progress = read_simple_records(bytes, start, 1, &mut batch);
    let mut other = Batch::default();
    let plainly = read_at_level(Level::baseline(), bytes, start, 1, &mut other);
    assert_eq!((plainly, &other.fields), (progress, &batch.fields), "{}", bytes.escape_ascii());
    assert_eq!(other.records, batch.records, "{}", bytes.escape_ascii());
    (batch, progress)
}

/// The record at the start, if it has no fault and no line end in it, and its fields.
fn simple(bytes: &[u8]) -> Option<(RecordEnd, Vec<FieldEnd>)> {
    let (mut fields, mut faults) = (Vec::new(), Vec::new());
    match parse_record(bytes, false, &mut fields, &mut faults) {
        Parsed::Whole(end) if faults.is_empty() && count_line_ends(&bytes[..end.end]) == 0 => {
            Some((end, fields))
        }
        _ => None,
    }
}

/// Each record that was taken is what the grammar makes of it, and none too many was taken.
fn agrees(bytes: &[u8]) {
    let (batch, progress) = read(bytes, 0);
    let shown = bytes.escape_ascii();
    let (mut start, mut taken) = (0, 0);
    for (line, record) in (1..).zip(&batch.records) {
        let Some((RecordEnd { end, next }, fields)) = simple(&bytes[start..]) else {
            panic!("at {start} of {shown}")
        };
        let fields: Vec<_> = fields.iter().map(|field| field.shifted(start)).collect();
        assert_eq!((record.start as usize, record.end as usize), (start, start + end), "{shown}");
        assert_eq!(record.line, line, "{shown}");
        assert_eq!(record.ends_in.as_bytes(), &bytes[start + end..start + next], "{shown}");
        assert_eq!(batch.fields[taken..record.fields as usize], fields, "{shown}");
        let own = &bytes[start..start + end];
        assert_eq!(record.is_ascii, own.is_ascii(), "{shown}");
        assert_eq!(record.is_western, is_western(own), "{shown}");
        taken = record.fields as usize;
        start += next;
    }
    assert_eq!((progress.start, batch.fields.len()), (start, taken), "{shown}");
    have_clean_edges(&batch);
    // It ends where there is less than a chunk, or at what it does not know.
    let rest = &bytes[start..];
    let is_known = simple(rest).is_some_and(|(RecordEnd { end, .. }, fields)| {
        rest[..end].iter().all(|byte| matches!(byte, b' '..=b'~' | 0x80..))
            && fields.iter().all(|field| field.quoting() != Quoting::Escaped)
            && (rest[end] != b'\r' || rest[end..].starts_with(b"\r\n"))
    });
    assert!(!is_known || rest.len() <= 2 * CHUNK, "{shown}");
}

/// Each value of a record with clean edges passes for a text.
fn have_clean_edges(batch: &Batch) {
    let mut ends = FieldEnds::default();
    for block in batch.blocks(0) {
        for record in bits::set(!block.unclean()).map(|record| record as usize) {
            let fields = block.record(record).map_or(0, |record| record.len());
            ends.take(&block, fields);
            for value in (0..fields).map(|index| ends.column(&block, index).value(record)) {
                let shown = value.text().escape_ascii();
                assert!(value.text().is_empty() || is_text(value), "{shown} in record {record}");
            }
        }
    }
}

#[test]
fn reads_records_as_the_grammar_does() {
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
fn shows_which_records_have_clean_edges() {
    for (record, expected) in [
        ("1001,Okafor,,Ada,12 Oak St", true),
        ("1001,\"12 Oak St, Apt 4\",\"\"", true),
        ("1001,José,Élan", true),
        ("1001,Nguyen,Naledi", true),
        ("1001,Loading...,2", false),
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
            let (batch, _) = read(bytes.as_bytes(), 0);
            let clean: Vec<_> = batch.records.iter().map(|record| record.has_clean_edges).collect();
            assert_eq!(clean, [true, expected], "{record} behind {padding}");
        }
    }
}

#[test]
fn leaves_a_field_that_may_be_too_long() {
    let bytes = [b"1,2\n".repeat(20), vec![b'x'; MAX_FIELD + 1], b"\n".repeat(CHUNK)].concat();
    let (batch, progress) = read(&bytes, 0);
    assert_eq!((batch.records.len(), progress.start, progress.line), (20, 80, 21));
}
