use super::*;

fn index(keys: &[&str]) -> KeyIndex {
    let mut index = KeyIndex::default();
    for (line, key) in (2..).zip(keys) {
        index.insert(key.as_bytes(), First { line, column: 1, ..First::default() });
    }
    index
}

#[test]
fn distinguishes_the_same_key_from_one_that_is_alike() {
    for (before, key, expected) in [
        (&["1001"][..], "1001", "same 2"),
        (&["1001"], "01001", "alike 2"),
        (&["01001"], "1001", "alike 2"),
        (&["01001"], "001001", "alike 2"),
        (&["a1"], "A1", "alike 2"),
        (&["A1"], "a1", "alike 2"),
        (&["0A1"], "a1", "alike 2"),
        (&["a1", "A1"], "A1", "same 3"),
        (&["0"], "00", "alike 2"),
        (&["1001", "1002"], "10010", "new"),
        (&["1001"], "11", "new"),
        (&["100"], "1", "new"),
    ] {
        let found = match index(before).insert(key.as_bytes(), First::default()) {
            Insertion::New => "new".to_owned(),
            Insertion::Alike(other) => format!("alike {}", other.first.line),
            Insertion::Same(other) => format!("same {}", other.first.line),
        };
        assert_eq!(found, expected, "{key} after {before:?}");
    }
}

#[test]
fn finds_what_a_value_refers_to() {
    let mut index = index(&["1001", "0A2", "G-1", "12345678901234567", "000000000000000000098"]);
    index.excuse(b"77", &crate::check::quote::UNCLOSED);
    let line = |value: &str| match index.find(value.as_bytes()) {
        Reference::To(key) => format!("to {}", key.first.line),
        Reference::Alike(key) => format!("alike {}", key.first.line),
        Reference::Excused(rule) => format!("excused by {}", rule.name),
        Reference::Unknown => "unknown".to_owned(),
    };
    for (value, expected) in [
        ("1001", "to 2"),
        ("001001", "alike 2"),
        ("a2", "alike 3"),
        ("G-1", "to 4"),
        ("0g-1", "alike 4"),
        ("77", "excused by csv/unclosed-quote"),
        ("1002", "unknown"),
        // One that fits into a number, and one that does not.
        ("00000000000000001001", "alike 2"),
        ("12345678901234567", "to 5"),
        ("0012345678901234567", "alike 5"),
        ("98", "alike 6"),
    ] {
        assert_eq!(line(value), expected, "{value}");
    }
    index.insert(b"5", First { has_left: true, ..First::default() });
    index.insert(b"long-key-of-one-who-left", First { has_left: true, ..First::default() });
    assert_eq!(index.active().count(), 5);
    assert!(index.active().all(|number| number < index.numbers()));
}

#[test]
fn what_is_missing_from_the_end_may_be_anything() {
    let mut index = index(&["1001"]);
    index.cut_off(&crate::check::truncated::TRUNCATED);
    assert!(matches!(index.find(b"1001"), Reference::To(_)));
    assert!(matches!(index.find(b"01001"), Reference::Alike(_)));
    assert!(matches!(index.find(b"1002"), Reference::Excused(_)));
}

#[test]
fn a_spreadsheet_rounds_numbers() {
    for key in ["9.00E+08", "4E+06", "1.2e11", "4,4E+4"] {
        assert!(is_rounded(key.as_bytes()), "{key}");
    }
    for key in ["", "E", "1001", "E12", "12E", "A1E5", "1.2.3E+4", "1E+", "ELENA"] {
        assert!(!is_rounded(key.as_bytes()), "{key}");
    }
}
