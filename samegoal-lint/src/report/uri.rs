//! Paths as references that programs follow.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for itself in a reference. A colon does not: before the first slash it would make
/// a scheme of what precedes it.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path as a relative reference; as a `file` URI if it is absolute.
pub(super) fn uri(path: &str) -> String {
    let drive = path.as_bytes().get(1..3) == Some(b":/");
    let scheme = match path {
        _ if drive => "file:///",
        _ if path.starts_with('/') => "file://",
        _ => "",
    };
    format!("{scheme}{}", utf8_percent_encode(relative(path), PATH))
}

/// The path without `./` before it, which those who compare paths take for another.
pub(super) fn relative(path: &str) -> &str {
    match path.trim_start_matches("./") {
        "" => path,
        rest if rest.starts_with('/') => path,
        rest => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_percent_encoded() {
        for (path, expected) in [
            ("epoch/students.csv", "epoch/students.csv"),
            ("./epoch/students.csv", "epoch/students.csv"),
            ("././x", "x"),
            (".", "."),
            ("./", "./"),
            (".//x", ".//x"),
            ("../x", "../x"),
            ("/srv/a b.csv", "file:///srv/a%20b.csv"),
            ("C:/x.csv", "file:///C%3A/x.csv"),
            ("javascript:alert(1)", "javascript%3Aalert%281%29"),
            ("100%0A::x#?\\\u{1b}é", "100%250A%3A%3Ax%23%3F%5C%1B%C3%A9"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
