//! One fault at a known place in a clean file of students.

use crate::header_faults as header;
use crate::students::{Cell, Dice, Table, is_plain, quote, student};

/// A file with one fault.
pub(crate) struct Planted {
    pub(crate) bytes: Vec<u8>,
    /// The byte where it must be reported.
    pub(crate) at: usize,
}

/// Puts a fault into a table.
pub(crate) type Plant = fn(&mut Table, &mut Dice) -> Planted;

/// The kinds of fault: how to make one, and the one rule that must report it.
pub(crate) const FAULTS: &[(&str, &str, Plant)] = &[
    ("a closing quote lost", "csv/unclosed-quote", closing_quote_lost),
    ("an opening quote put in", "csv/unclosed-quote", opening_quote_added),
    ("a quote within a field", "csv/stray-quote", stray_quote),
    ("text after a closing quote", "csv/text-after-quote", text_after_quote),
    ("a delimiter lost", "csv/field-count", delimiter_lost),
    ("a delimiter put in", "csv/field-count", delimiter_added),
    ("a delimiter at the end", "csv/field-count", delimiter_at_end),
    ("a blank line", "csv/blank-line", blank_line),
    ("another line end", "csv/mixed-line-ends", other_line_end),
    ("a carriage return for a line end", "csv/bare-carriage-return", bare_return),
    ("a NUL byte", "csv/nul-byte", nul),
    ("a control character", "csv/control-character", control_character),
    ("a Latin-1 byte", "csv/invalid-utf8", latin_1),
    ("a mark", "csv/byte-order-mark", mark),
    ("the header again", "csv/repeated-header", repeated_header),
    ("a very long field", "csv/oversized-record", oversized),
    ("a required value emptied", "value/required-empty", required_empty),
    ("a long id", "value/too-long", too_long),
    ("a hyphen in an id", "value/bad-character", bad_character),
    ("a code of one's own", "value/not-allowed", not_allowed),
    ("no date", "value/bad-date", bad_date),
    ("no day of the calendar", "value/impossible-date", impossible_date),
    ("a date without zeros", "value/unpadded-date", unpadded_date),
    ("spaces around a value", "value/padded", padded),
    ("a key twice", "key/duplicate", duplicate_key),
    ("a column by another name", "header/misnamed-column", header::misnamed),
    ("a required column left out", "header/missing-column", header::missing),
    ("optional columns left out", "header/missing-optional-columns", header::missing_optional),
    ("a column twice", "header/duplicate-column", header::duplicate),
    ("a column without a name", "header/blank-column", header::blank),
    ("a column of one's own", "header/unknown-column", header::unknown),
];

/// Writes a table whose fault is at the start of a field.
pub(crate) fn at_field(table: &Table, record: usize, field: usize) -> Planted {
    let written = table.write();
    Planted { at: written.fields[record][field].start, bytes: written.bytes }
}

/// Any field of any record after the header.
fn any_field(table: &Table, dice: &mut Dice) -> (usize, usize) {
    (table.any_record(dice), dice.below(table.records[0].len()))
}

/// A field for an open quote.
///
/// If the last record loses the closing quote of a value with several lines, no record follows to
/// show which line end belongs to the record. And if a line of the value has as many commas as
/// there are fields before it, that line and the rest of the record look like a whole record.
fn field_to_open(table: &Table, dice: &mut Dice) -> (usize, usize) {
    loop {
        let (record, field) = any_field(table, dice);
        let mut lines = table.records[record][field].value.split(|byte| *byte == b'\n').skip(1);
        let is_last = record + 1 == table.records.len();
        let looks_whole = |line: &[u8]| line.split(|byte| *byte == b',').count() == field + 1;
        if !lines.any(|line| is_last || looks_whole(line)) {
            return (record, field);
        }
    }
}

fn closing_quote_lost(table: &mut Table, dice: &mut Dice) -> Planted {
    // A last record without a line end would count as cut off.
    table.ends = true;
    let (record, field) = field_to_open(table, dice);
    table.records[record][field].quoted = true;
    let mut planted = at_field(table, record, field);
    planted.bytes.remove(table.write().fields[record][field].end - 1);
    planted
}

fn opening_quote_added(table: &mut Table, dice: &mut Dice) -> Planted {
    table.ends = true;
    let (record, field) = loop {
        let (record, field) = any_field(table, dice);
        if is_plain(&table.records[record][field].value) {
            break (record, field);
        }
    };
    table.records[record][field].quoted = false;
    let mut planted = at_field(table, record, field);
    planted.bytes.insert(planted.at, b'"');
    planted
}

fn stray_quote(table: &mut Table, dice: &mut Dice) -> Planted {
    loop {
        let (record, field) = any_field(table, dice);
        let cell = &mut table.records[record][field];
        if cell.value.is_empty() || !is_plain(&cell.value) {
            continue;
        }
        cell.quoted = false;
        let at = 1 + boundary(&cell.value[1..], dice);
        let mut planted = at_field(table, record, field);
        planted.at += at;
        planted.bytes.insert(planted.at, b'"');
        return planted;
    }
}

fn text_after_quote(table: &mut Table, dice: &mut Dice) -> Planted {
    let (record, field) = any_field(table, dice);
    table.records[record][field].quoted = true;
    let written = table.write();
    let at = written.fields[record][field].end;
    let text = dice.pick(&["x", " ", "é", "李明", "\\"]);
    Planted { bytes: insert(written.bytes, at, text.as_bytes()), at }
}

fn delimiter_lost(table: &mut Table, dice: &mut Dice) -> Planted {
    // A last record without a line end would count as cut off.
    table.ends = true;
    loop {
        let record = table.any_record(dice);
        let field = dice.below(table.records[0].len() - 1);
        let cells = &mut table.records[record][field..field + 2];
        // Between quotes, it would be a quoting fault.
        if !cells.iter().all(|cell| is_plain(&cell.value)) {
            continue;
        }
        for cell in cells {
            cell.quoted = false;
        }
        let written = table.write();
        let (delimiter, at) = (written.fields[record][field].end, written.start(record));
        let mut bytes = written.bytes;
        bytes.remove(delimiter);
        return Planted { bytes, at };
    }
}

fn delimiter_added(table: &mut Table, dice: &mut Dice) -> Planted {
    let (record, field) = any_field(table, dice);
    let written = table.write();
    let (delimiter, at) = (written.fields[record][field].start, written.start(record));
    Planted { bytes: insert(written.bytes, delimiter, b","), at }
}

fn delimiter_at_end(table: &mut Table, dice: &mut Dice) -> Planted {
    let record = table.any_record(dice);
    let written = table.write();
    let (end, at) = (written.end(record), written.start(record));
    Planted { bytes: insert(written.bytes, end, b","), at }
}

fn blank_line(table: &mut Table, dice: &mut Dice) -> Planted {
    let record = table.any_record(dice);
    let written = table.write();
    let at = written.start(record);
    let commas = ",".repeat(table.records[0].len() - 1);
    let blank = dice.pick(&["", " ", "\t ", "\u{a0}", "\"\"", "\"\n\"", &commas]).to_owned();
    Planted { bytes: insert(written.bytes, at, (blank + table.line_end).as_bytes()), at }
}

/// A record that has a line end.
fn record_that_ends(table: &Table, first: usize, dice: &mut Dice) -> usize {
    dice.within(first..table.records.len() - usize::from(!table.ends))
}

fn other_line_end(table: &mut Table, dice: &mut Dice) -> Planted {
    let record = record_that_ends(table, 0, dice);
    let written = table.write();
    let (mut bytes, end) = (written.bytes.clone(), written.end(record));
    if table.line_end == "\n" {
        bytes.insert(end, b'\r');
    } else {
        bytes.remove(end);
    }
    // If the header differs, the first record after it shows the fault.
    let delta = if table.line_end == "\n" { 1 } else { -1 };
    let at = if record == 0 {
        written.start(1).checked_add_signed(delta).unwrap()
    } else {
        written.start(record)
    };
    Planted { bytes, at }
}

fn bare_return(table: &mut Table, dice: &mut Dice) -> Planted {
    let record = record_that_ends(table, 0, dice);
    let written = table.write();
    let at = written.end(record);
    let mut bytes = written.bytes;
    bytes.splice(at..at + table.line_end.len(), [b'\r']);
    Planted { bytes, at }
}

/// Inserts something into a value, and returns where it is in the file.
fn within_value(
    table: &mut Table,
    (record, field): (usize, usize),
    inserted: &[u8],
    dice: &mut Dice,
) -> Planted {
    let cell = &mut table.records[record][field];
    let at = boundary(&cell.value, dice);
    // In quotes, all but the closing one of the text before.
    let before = if cell.quoted { quote(&cell.value[..at]).len() - 1 } else { at };
    cell.value.splice(at..at, inserted.iter().copied());
    let mut planted = at_field(table, record, field);
    planted.at += before;
    planted
}

fn nul(table: &mut Table, dice: &mut Dice) -> Planted {
    let place = any_field(table, dice);
    within_value(table, place, b"\0", dice)
}

fn control_character(table: &mut Table, dice: &mut Dice) -> Planted {
    let character = dice.pick(&[
        "\u{1}", "\u{b}", "\u{1a}", "\u{1b}", "\u{7f}", "\u{85}", "\u{200b}", "\u{200e}",
        "\u{202e}", "\u{2060}", "\u{feff}",
    ]);
    let place = any_field(table, dice);
    within_value(table, place, character.as_bytes(), dice)
}

fn latin_1(table: &mut Table, dice: &mut Dice) -> Planted {
    let name = dice.pick(&["Last Name", "Middle Name", "First Name", "Address"]);
    let place = (table.any_record(dice), table.column(name));
    let byte = dice.pick(&[b"\xE9", b"\xF1", b"\xFC", b"\x92", b"\xC9"]);
    within_value(table, place, byte, dice)
}

fn mark(table: &mut Table, _: &mut Dice) -> Planted {
    Planted { bytes: insert(table.write().bytes, 0, "\u{feff}".as_bytes()), at: 0 }
}

fn repeated_header(table: &mut Table, dice: &mut Dice) -> Planted {
    let record = dice.within(1..table.records.len() + 1);
    let mut header = table.records[0].clone();
    for cell in &mut header {
        cell.quoted ^= dice.one_in(8);
    }
    table.records.insert(record, header);
    at_field(table, record, 0)
}

fn oversized(table: &mut Table, dice: &mut Dice) -> Planted {
    let record = table.any_record(dice);
    let column = table.column("Address");
    table.records[record][column].value = vec![b'x'; 70_000];
    at_field(table, record, 0)
}

/// Changes a field of one of the columns.
fn replaced(table: &mut Table, column: &str, value: &str, dice: &mut Dice) -> Planted {
    let (record, field) = (table.any_record(dice), table.column(column));
    table.records[record][field] = Cell::new(value, dice);
    at_field(table, record, field)
}

fn required_empty(table: &mut Table, dice: &mut Dice) -> Planted {
    let required = table.required();
    let (record, field) = (table.any_record(dice), dice.pick(&required));
    let blank = dice.pick(&["", " ", "\u{a0}\t"]);
    table.records[record][field] = Cell::new(blank, dice);
    at_field(table, record, field)
}

fn too_long(table: &mut Table, dice: &mut Dice) -> Planted {
    let id = "S".repeat(dice.within(21..30));
    replaced(table, "Student Id", &id, dice)
}

fn bad_character(table: &mut Table, dice: &mut Dice) -> Planted {
    let bad = dice.pick(&["-", "_", ".", "/", "'", " ", "#", "\u{2013}", ","]);
    let id = format!("S{}{bad}{}", dice.below(1000), dice.below(1000));
    replaced(table, "Student Id", &id, dice)
}

fn not_allowed(table: &mut Table, dice: &mut Dice) -> Planted {
    let (column, value) = dice.pick(&[
        ("Gender", "X"),
        ("Gender", "MALE"),
        ("Gender", "Männlich"),
        ("District Enrollment", "Active"),
        ("District Enrollment", "enrolled"),
        ("District Enrollment", "ENROLED"),
    ]);
    replaced(table, column, value, dice)
}

fn bad_date(table: &mut Table, dice: &mut Dice) -> Planted {
    let dates = ["5-Jan-12", "Jan 5, 2012", "2012.01.05", "20120105", "01/05/12", "2012-01/05"];
    replaced(table, "Date of Birth", dice.pick(&dates), dice)
}

fn impossible_date(table: &mut Table, dice: &mut Dice) -> Planted {
    let (month, day) = dice.pick(&[(2, 30), (4, 31), (0, 10), (10, 0), (13, 32)]);
    let date = (table.date)(2011, month, day);
    replaced(table, "Date of Birth", &date, dice)
}

fn unpadded_date(table: &mut Table, dice: &mut Dice) -> Planted {
    let date = match (table.date)(2012, 3, 4).as_str() {
        "03/04/2012" => dice.pick(&["3/4/2012", "3/04/2012", "03/4/2012"]),
        "03-04-2012" => dice.pick(&["3-4-2012", "3-04-2012", "03-4-2012"]),
        "2012/03/04" => dice.pick(&["2012/3/4", "2012/3/04", "2012/03/4"]),
        _ => dice.pick(&["2012-3-4", "2012-3-04", "2012-03-4"]),
    };
    replaced(table, "Date of Birth", date, dice)
}

fn padded(table: &mut Table, dice: &mut Dice) -> Planted {
    loop {
        let (record, field) = any_field(table, dice);
        let cell = &mut table.records[record][field];
        if cell.value.is_empty() {
            continue;
        }
        let pad = dice.pick(&[" ", "  ", "\t", "\u{a0}", "\u{3000}"]);
        let at = if dice.one_in(2) { 0 } else { cell.value.len() };
        cell.value.splice(at..at, pad.bytes());
        return at_field(table, record, field);
    }
}

fn duplicate_key(table: &mut Table, dice: &mut Dice) -> Planted {
    let first = dice.within(1..table.records.len() - 1);
    let second = dice.within(first + 1..table.records.len());
    let column = table.column("Student Id");
    let key = table.records[first][column].value.clone();
    table.records[second][column].value = key;
    at_field(table, second, column)
}

/// Adds clean records at the end.
pub(crate) fn with_more_records(table: &Table, dice: &mut Dice) -> Table {
    let mut table = table.clone();
    for number in 0..dice.within(1..6) {
        let student = student(50_000 + number, &table, dice);
        table.records.push(student);
    }
    table
}

/// A place between two characters of a value, or at one of its ends.
fn boundary(value: &[u8], dice: &mut Dice) -> usize {
    loop {
        let at = dice.below(value.len() + 1);
        if value.get(at).is_none_or(|byte| byte & 0xC0 != 0x80) {
            return at;
        }
    }
}

fn insert(mut bytes: Vec<u8>, at: usize, inserted: &[u8]) -> Vec<u8> {
    bytes.splice(at..at, inserted.iter().copied());
    bytes
}
