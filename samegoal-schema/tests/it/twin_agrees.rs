//! The scanner and the second reader agree on every property of a record.

use proptest::prelude::*;
use samegoal_schema::csv::{MAX_FIELD, MAX_RECORD, Scanner};

use crate::readers::Trickle;
use crate::soup;
use crate::support::{cases, shown};
use crate::twin::{self, Lines, Width};

/// Reads a file both ways and compares.
fn agree(file: &[u8], width: Width, block: usize) {
    let records = twin::read(file, width);
    let lines = Lines::new(file);
    let mut scanner = Scanner::with_read_size(Trickle { bytes: file, most: block }, block);
    if let Width::Fixed(width) = width {
        scanner.set_width(width);
    }
    for (number, twin) in records.iter().enumerate() {
        let head = shown(&file[..file.len().min(400)]);
        let context = format!("record {number} of {head}, {width:?}, blocks of {block}");
        let record = scanner.read_record().unwrap();
        let record = record.unwrap_or_else(|| panic!("no {context}"));
        assert_eq!(record.offset(), twin.start as u64, "{context}");
        assert_eq!(record.bytes().len(), twin.end - twin.start, "{context}");
        assert!(record.bytes() == &file[twin.start..twin.end], "{context}");
        assert_eq!(record.row(), number as u64 + 1, "{context}");
        assert_eq!(record.end(), twin.ending, "{context}");
        assert_eq!(record.faults(), twin.faults, "{context}");
        assert_eq!(record.len(), twin.fields.len(), "{context}");
        assert_eq!(record.line(), lines.place(twin.start..twin.start).line, "{context}");
        for (field, other) in record.fields().zip(&twin.fields) {
            let range = other.start - twin.start..other.end - twin.start;
            assert_eq!(field.range(), range, "{context}");
            assert_eq!(field.quoting(), other.quoting, "{context}");
            assert!(*field.value() == twin::value(file, *other), "{context}");
        }
        let length = twin.end - twin.start;
        // All places of a short record, and one of a very long one.
        let (places, far) = if length < MAX_FIELD { (300, length) } else { (1, 9) };
        for start in (0..=length).step_by(length / places + 1) {
            for end in [start, start + 1, start + 3, far] {
                let range = start..end.clamp(start, length);
                let place = lines.place(twin.start + range.start..twin.start + range.end);
                assert_eq!(record.place(range.clone()), place, "{range:?} of {context}");
            }
        }
    }
    assert!(scanner.read_record().unwrap().is_none(), "more records than {}", records.len());
    assert_eq!(scanner.bytes_read(), file.len() as u64);
}

/// Every case with three fields per record, and with as many as the first record has.
fn agree_for_any_width(file: &[u8], block: usize) {
    for width in [Width::Header, Width::Fixed(3)] {
        agree(file, width, block);
    }
}

#[test]
fn on_cases_by_hand() {
    const CASES: &[&str] = &[
        "",
        "\n",
        "\r",
        "\r\n\r\n",
        "\u{feff}",
        "\u{feff}a\n\u{feff}b\n",
        "\u{feff}\u{feff}",
        "\u{feff}\u{feff}a\n\u{feff}\u{feff}b\n",
        "\u{feff}\u{feff}\u{feff}\"a\n",
        "a",
        ",",
        ",,\n,,",
        "\"",
        "\"\"",
        "\"\"\"",
        "\"\"\"\"",
        "\"\",\"\"\r\n",
        "a,b,c\n1,2,3\n",
        "a,b,c\r1,2,3\r",
        "a,\"b\r\nb\",c\r\n1,2,3",
        "a\"b,c\"\n\"d\"e,f\n",
        "\"a\\\"b\",c\n",
        // Open quotes: in one record, in several, with others after them.
        "a,b,c\n1,\"Ada,x\n2,Linh,y\n3,Sam,z\n",
        "a,b,c\n1,\"Ada,x\n2,\"Linh,y\n3,\"Sam,z\n",
        "a,b,c\n1,Ada,\"x\n\n\n2,Linh,y\n",
        "a,b,c\n1,\"Ada,x\n2,\"Linh\",y\n3,\"Sam\",z\n",
        "a,b,c\n1,\"Ada,x\n\n2,\"Linh\",y\n",
        "a,b,c\n1,\"Ada,x\r\n2,\"Linh\ny\",y\r\n",
        "a,b,c\n\"1\",\"Ada,\"x\"\n2,Linh,y\n",
        "a,b,c\n\"1,Ada,\"x\ny\"\n2,Linh,y\n",
        "a,b,c\nq\"q,\"Ada,\"x\"\n2,Linh,y\n",
        "a,b,c\n\"1,\"Ada\",x\n2,Linh,y\n",
        "a,b,c\n1,2,\"",
        "a,b,c\n1,2,\"\n",
        "a,b,c\n1,\"two\nlines\n1,2,3\"x,3\n",
        "a,b,c\n1,\"two\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n\",3,4\n",
        "\"a,b,c\n1,2,3\n",
        "\"a\n\n\n\n\n",
        "\"a\r\n\r\r\n\n\n1,2,3\r\n",
        // Where a broken record turned out to be valid with what follows.
        "a,b,c\n1,\"note\nof, two\nlines\",3,4\n1,2,3\n",
        "a,b,c\n1,\"\"x\n2\",3\n",
    ];
    for case in CASES {
        for block in [1, 2, 5, 1 << 18] {
            agree_for_any_width(case.as_bytes(), block);
        }
    }
}

/// The limits, from both sides, whatever ends the record.
#[test]
fn on_the_longest_records() {
    for end in ["", "\n", "\r\n", "\rb,c\n1,2,3", "\r\n\r\n\"b\nc\""] {
        for length in [MAX_FIELD, MAX_FIELD + 1] {
            agree_for_any_width(format!("a,{}{end}", "x".repeat(length)).as_bytes(), 4096);
        }
        for (head, tail) in [("", ""), ("a,\"b\n\",", ""), ("\"", "\""), ("\"a\nb\"", "")] {
            let around = head.len() + tail.len();
            for length in MAX_RECORD - 1..MAX_RECORD + 2 {
                let middle = "x".repeat(length - around);
                let file = format!("{head}{middle}{tail}{end}");
                // A width that no line has, so that nothing looks ahead. One block ends with the
                // record, the other does not.
                let block = if length == MAX_RECORD { 1 << 18 } else { 300_000 };
                agree(file.as_bytes(), Width::Fixed(9), block);
            }
        }
    }
}

/// A quoted field that is too long ends with its first line, and not between CR and LF.
#[test]
fn on_the_longest_quoted_fields() {
    for end in ["\n", "\r\n", "\r"] {
        for length in MAX_RECORD - 3..MAX_RECORD + 2 {
            let file = format!("\"{}{end}1,2,3{end}{}", "x".repeat(length - 1), "y".repeat(9));
            agree(file.as_bytes(), Width::Fixed(4), 1 << 18);
        }
    }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn on_anything(
        file in soup::anything(),
        width in prop_oneof![
            Just(Width::Header),
            (1..5_usize).prop_map(Width::Fixed),
        ],
        block in prop::sample::select(vec![1, 2, 3, 7, 64, 4096]),
    ) {
        agree(&file, width, block);
    }

    #[test]
    fn on_damaged_tables(file in soup::damaged_table(), block in 1..40_usize) {
        agree(&file, Width::Header, block);
    }
}
