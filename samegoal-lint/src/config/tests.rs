use samegoal_schema::{Completeness, Severity, generic_api};

use super::*;

fn parse(text: &str) -> Result<Loaded, ConfigError> {
    Loaded::parse(&generic_api(), "samegoal-lint.toml", text.to_owned())
}

fn mistake(text: &str) -> Box<Mistake> {
    match parse(text) {
        Err(ConfigError::Wrong(mistake)) => mistake,
        other => panic!("{text}: {:?}", other.map(|loaded| loaded.config)),
    }
}

#[test]
fn an_empty_file_says_nothing() {
    let loaded = parse("").unwrap();
    assert_eq!(loaded.config, Config::default());
    assert_eq!(loaded.schema, generic_api());
    assert_eq!(loaded.config.drift.error_over, Percent::new(20));
}

#[test]
fn everything_can_be_said() {
    let loaded = parse(
        r#"
        expected-files = ["students.csv", "guardians.csv"]
        buildings = ["Lincoln Elementary"]

        [severity]
        "csv/blank-line" = "off"
        drift = "warning"

        [[override]]
        rule = "value/padded"
        file = "guardians.csv"
        column = "Phone"
        severity = "advice"

        [drift]
        error-over = 30

        [files."guardians.csv"]
        complete = true

        [files."guardians.csv".columns]
        Phone = { required = true, may-be-empty = true }

        [[accept]]
        rule = "value/required-empty"
        file = "students.csv"
        column = "Race"
        count = 14
        reason = "the state asks for it from next year on"
        "#,
    )
    .unwrap();
    let config = &loaded.config;
    assert_eq!(config.severity.len(), 2);
    assert_eq!(config.overrides[0].severity, Level::At(Severity::Advice));
    assert_eq!(
        (config.drift.warning_over, config.drift.error_over),
        (Percent::new(5), Percent::new(30))
    );
    assert_eq!(
        (config.accept[0].rule().name, config.accept[0].count),
        ("value/required-empty", 14)
    );
    let guardians = loaded.schema.file("guardians.csv").unwrap();
    assert_eq!(guardians.completeness, Completeness::Complete);
    assert_eq!(loaded.place_of_accept(0).line, 25);
}

#[test]
fn a_mistake_has_a_place_and_a_reason() {
    for (text, expected) in [
        ("[severty]\n", "1:2: `severty` (did you mean `severity`?) is not known here"),
        ("a b", "1: key with no value, expected `=`"),
        ("x = [", "1: unclosed array, expected `]`"),
        ("\nbuildings = 7", "2:13: expected a sequence"),
        ("buildings = [' ']", "1:14: a building needs a name"),
        (
            "[severity]\ncsv = 'fatal'",
            "2:7: `‹…›` is not a severity: use error, warning, advice or off",
        ),
        (
            "[severity]\nlayuot = 'off'",
            "2:1: there is no rule or group `layuot` (did you mean `layout`?); \
             `samegoal-lint rules` lists them",
        ),
        (
            "expected-files = ['student.csv']",
            "1:19: there is no API file `student.csv` (did you mean `students.csv`?)",
        ),
        (
            "[files.'guardian.csv']\ncomplete = true",
            "1:8: `guardian.csv` is not a file of the API; did you mean `guardians.csv`?",
        ),
        (
            "[files.'users.csv']\ncomplet = true",
            "2:1: `complet` (did you mean `complete`?) is not known here",
        ),
        (
            "[files.'users.csv'.columns]\nId = { requird = true }",
            "2:8: `requird` (did you mean `required`?) is not known here",
        ),
        (
            "[files.'users.csv'.columns]\nId = { format = 'dates' }",
            "2:17: `dates` (did you mean `date`?) is not known here",
        ),
        (
            "[files.'users.csv'.columns]\nId = { allowed = [] }",
            "2:8: `allowed` is empty, so no value would be allowed",
        ),
        ("[drift]\nerror-over = 101", "2:14: a percentage must be 0 to 100"),
        ("[drift]\nwarning-over = 30", "2:1: `warning-over` is more than `error-over`"),
        (
            "[[override]]\nrule = 'csv'\nfile = 'users.csv'\ncolumn = 'Rolle'\nseverity = 'off'",
            "4:1: users.csv has no column `Rolle` (did you mean `Role`?); a column that is not \
             published must be declared under [files.\"users.csv\".columns]",
        ),
        (
            "[[accept]]\nrule = 'csv'\ncount = 1",
            "2:8: there is no rule `‹…›`; `samegoal-lint rules` lists them",
        ),
        ("[[accept]]\nrule = 'csv/blank-line'", "1:1: missing field `count`"),
        (
            "[[accept]]\nrule = 'csv/blank-line'\ncount = 1\n[[accept]]\nrule = 'csv/blank-line'\ncount = 2",
            "5:1: an entry above already accepts this rule, file and column",
        ),
    ] {
        assert_eq!(mistake(text).to_string(), format!("samegoal-lint.toml:{expected}"), "{text}");
    }
}

#[test]
fn what_is_known_is_listed() {
    assert_eq!(
        mistake("[[override]]\nrul = 'csv'").help,
        "Known here: `rule`, `file`, `column`, `severity`."
    );
}

#[test]
fn a_contradiction_is_taken_and_has_a_place() {
    let loaded =
        parse("[files.'students.csv'.columns]\nBuilding = { required = false }\n").unwrap();
    let [contradiction] = &loaded.contradictions[..] else { panic!() };
    let place = loaded.place_of(contradiction);
    assert_eq!((place.line, place.column), (2, 14));
}

#[test]
fn only_toml_is_read() {
    let tree = crate::listing::Memory::new()
        .file("students.csv", "1001,Okafor")
        .file("a.toml", b"buildings = ['Jos\xE9']")
        .file("b.toml", "#".repeat(2 << 20))
        .file("d.toml", b"\xFF\xFEx")
        .file("e.toml", b"\xFE\xFF\xD8\x00");
    for (path, expected) in [
        ("students.csv", "`students.csv` is not a configuration: its name must end in .toml"),
        ("a.toml", "a.toml:1:18: there is a byte that is not UTF-8"),
        ("d.toml", "d.toml:1:1: the text is not UTF-16, as its byte-order mark says"),
        ("e.toml", "e.toml:1:1: the text is not UTF-16, as its byte-order mark says"),
        ("b.toml", "`b.toml` is too long for a configuration"),
        ("c.toml", "cannot read the configuration `c.toml`: entity not found"),
    ] {
        let error =
            Loaded::read(&tree, &generic_api(), path.as_ref(), &Choice::Nearest).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn every_encoding_that_windows_writes_is_read() {
    let text = "buildings = ['José 🏫']\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{FEFF}{text}").encode_utf16().flat_map(bytes).collect()
    };
    for bytes in [
        text.into(),
        format!("\u{FEFF}{text}").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        let tree = crate::listing::Memory::new().file("a.toml", &bytes);
        let loaded =
            Loaded::read(&tree, &generic_api(), "a.toml".as_ref(), &Choice::Nearest).unwrap();
        assert_eq!(loaded.config.buildings, ["José 🏫"], "{bytes:?}");
        assert!(loaded.accepting(&generic_api(), &[]).unwrap().0 == text);
    }
}

/// What seems to be a configuration may be a file of data, or hold a line of one.
#[test]
fn no_foreign_word_is_repeated() {
    for text in [
        "CANARY",
        "CANARY = 1",
        "[CANARY]",
        "'CANARY' = ",
        "buildings = 'CANARY'",
        "buildings = [CANARY]",
        "drift = 'CANARY'",
        "[drift]\nerror-over = 'CANARY'",
        "[drift]\nerror-over = 4711001",
        "[drift]\nerror-over = \"CANARY",
        "[severity]\nCANARY = 'off'",
        "[severity]\ncsv = 'CANARY'",
        "[severity]\ncsv = ['CANARY']",
        "expected-files = ['CANARY']",
        "expected-files = ['CANARY', 4711001]",
        "[files.'CANARY']\ncomplete = true",
        "[files.'users.csv']\nCANARY = true",
        "[files.'users.csv']\ncomplete = 'CANARY'",
        "[files.'users.csv'.columns]\nId = { format = 'CANARY' }",
        "[files.'users.csv'.columns]\nId = { references = 'CANARY' }",
        "[files.'users.csv'.columns]\nId = { max-length = 'CANARY' }",
        "[[override]]\nrule = 'csv'\nfile = 'CANARY'\nseverity = 'off'",
        "[[override]]\nrule = 'csv'\nfile = 'users.csv'\ncolumn = 'CANARY'\nseverity = 'off'",
        "[[accept]]\nrule = 'CANARY'\ncount = 1",
        "[[accept]]\nrule = 'csv/blank-line'\ncount = 'CANARY'",
        "CANARY = 1\nCANARY = 2",
        "[severity]\ncsv = 'off'\ncsv = 'CANARY'",
    ] {
        let Mistake { message, help, .. } = *mistake(text);
        for word in ["CANARY", "4711001"] {
            assert!(!message.contains(word) && !help.contains(word), "{text}: {message} {help}");
        }
    }
}

#[test]
fn the_schema_knows_every_name() {
    let schema = schema();
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["severity"]["properties"]["csv"]["$ref"], "#/$defs/Severity");
    assert_eq!(schema["$defs"]["ColumnOverlay"]["properties"]["max-length"]["minimum"], 1);
}
