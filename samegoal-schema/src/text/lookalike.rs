//! Names as people see them: look-alike letters, invisible characters and the nearest of several
//! names.

use std::fmt;

/// The form for loose comparisons of names: look-alike letters as ASCII, lower case, and only
/// letters and digits.
///
/// It is empty for a name without a letter or digit.
///
/// ```
/// use samegoal_schema::text::lookalike::normal;
/// assert_eq!(normal(" Date_of-BIRTH "), "dateofbirth");
/// assert_eq!(normal("\u{421}ity"), "city"); // a Cyrillic letter
/// assert_eq!(normal("Zip\u{200B}"), "zip"); // a zero-width space
/// assert_eq!(normal("Prénom"), "prenom");
/// ```
pub fn normal(name: &str) -> String {
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    name.chars()
        .filter(|&c| !is_invisible(c))
        .map(|c| fold(c).map_or(c, |(ascii, _)| ascii))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The name as it looks: without invisible characters and outer spaces, and with plain spaces for
/// all others.
pub(crate) fn visible(name: &str) -> String {
    let shown: String = name
        .chars()
        .filter(|&c| !is_invisible(c))
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    shown.trim().to_owned()
}

/// The name with a space before each capital that follows a small letter: `StudentsExport` is two
/// words.
pub fn split_at_capitals(name: &str) -> String {
    let mut split = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_uppercase() && split.ends_with(char::is_lowercase) {
            split.push(' ');
        }
        split.push(c);
    }
    split
}

/// The text without invisible ends: spaces of any kind (including the no-break space), line breaks
/// and [invisible characters](is_invisible).
///
/// ```
/// assert_eq!(samegoal_schema::text::lookalike::trim("\u{FEFF} Zip\u{A0}"), "Zip");
/// ```
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// Whether a character takes no room on a screen: zero-width, bidirectional and other format
/// characters, fillers, and control characters other than whitespace.
///
/// ```
/// use samegoal_schema::text::lookalike::is_invisible;
/// assert!(is_invisible('\u{200B}'));
/// assert!(!is_invisible('\u{A0}')); // the no-break space is a space
/// assert!(!is_invisible('\t'));
/// ```
pub fn is_invisible(c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        _ => c.is_control() && !c.is_whitespace(),
    }
}

/// The common name of an invisible character or an unusual space, without an article.
///
/// ```
/// assert_eq!(samegoal_schema::text::lookalike::character_name('\u{A0}'), "no-break space");
/// ```
pub fn character_name(c: char) -> &'static str {
    match c {
        '\t' => "tab",
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "line break",
        '\u{A0}' => "no-break space",
        '\u{AD}' => "soft hyphen",
        '\u{200B}' => "zero-width space",
        '\u{200C}' => "zero-width non-joiner",
        '\u{200D}' => "zero-width joiner",
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            "text direction mark"
        }
        '\u{202F}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{3000}' => "ideographic space",
        '\u{FEFF}' => "byte-order mark",
        _ if c.is_whitespace() => "unusual space",
        _ if c.is_control() => "control character",
        _ => "invisible character",
    }
}

/// A letter or digit that looks like an ASCII one but is a different character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// The character in the text.
    pub found: char,
    /// The ASCII character that it looks like.
    pub ascii: char,
    /// Its script.
    pub script: Script,
}

/// The script of a character that [`normal`] reads as an ASCII one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Script {
    /// The Cyrillic alphabet.
    Cyrillic,
    /// The Greek alphabet.
    Greek,
    /// The wide forms used in East Asian text.
    FullWidth,
    /// The letters used in formulas, such as bold or script ones.
    Mathematical,
    /// Latin with an accent or a stroke. It looks different, so it is not a look-alike.
    Accented,
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cyrillic => "Cyrillic",
            Self::Greek => "Greek",
            Self::FullWidth => "full-width",
            Self::Mathematical => "mathematical",
            Self::Accented => "accented",
        })
    }
}

/// The first look-alike in a text. Accented letters do not count: many names have them.
///
/// ```
/// use samegoal_schema::text::lookalike::{Script, first_look_alike};
/// let found = first_look_alike("Da\u{442}e").unwrap();
/// assert_eq!((found.ascii, found.script), ('t', Script::Cyrillic));
/// assert!(first_look_alike("José").is_none());
/// ```
pub fn first_look_alike(text: &str) -> Option<LookAlike> {
    text.chars().find_map(|found| match fold(found)? {
        (_, Script::Accented) => None,
        (ascii, script) => Some(LookAlike { found, ascii, script }),
    })
}

/// The base letters of U+00C0 to U+017F; `?` stands for a letter without one.
const LATIN: &[u8; 192] = b"AAAAAAACEEEEIIIIDNOOOOO?OUUUUY?saaaaaaaceeeeiiiidnooooo?ouuuuy?y\
AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi??JjKkkLlLlLlL\
lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

/// The look-alikes from the two other alphabets that keyboards and PDF files put into names, each
/// before the ASCII letter that it looks like.
const CYRILLIC: &str = "АAВBЕEЁEЅSІIЇIЈJКKМMНHОOРPСCТTУYХXԚQԜWӀI\
                        аaвbеeёeѕsіiїiјjкkмmнhоoрpсcтtуyхxԛqԝwӏlһhԁd";
const GREEK: &str = "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϹCαaγyιiκkνvοoρpτtυuϲcϳj";

/// The ASCII character that a character looks like or is a variant of.
fn fold(c: char) -> Option<(char, Script)> {
    let code = u32::from(c);
    match code {
        0xC0..=0x17F => {
            let base = *LATIN.get(usize::try_from(code - 0xC0).ok()?)?;
            (base != b'?').then_some((char::from(base), Script::Accented))
        }
        0x218..=0x21B => {
            let base = if code < 0x21A { 'S' } else { 'T' };
            Some((if code % 2 == 0 { base } else { base.to_ascii_lowercase() }, Script::Accented))
        }
        0x370..=0x3FF => Some((pair(GREEK, c)?, Script::Greek)),
        0x400..=0x52F => Some((pair(CYRILLIC, c)?, Script::Cyrillic)),
        0xFF10..=0xFF19 | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A => {
            Some((char::from_u32(code - 0xFEE0)?, Script::FullWidth))
        }
        0x2100..=0x214F => Some((letter_like(c)?, Script::Mathematical)),
        // Thirteen alphabets of capital and small letters, then five sets of digits.
        0x1D400..=0x1D6A3 => {
            let letter = u8::try_from((code - 0x1D400) % 52).ok()?;
            let base = if letter < 26 { b'A' + letter } else { b'a' + (letter - 26) };
            Some((char::from(base), Script::Mathematical))
        }
        0x1D7CE..=0x1D7FF => {
            Some((char::from_digit((code - 0x1D7CE) % 10, 10)?, Script::Mathematical))
        }
        _ => None,
    }
}

fn pair(pairs: &str, c: char) -> Option<char> {
    let mut chars = pairs.chars();
    chars.find(|&found| found == c)?;
    chars.next()
}

/// The letters that the mathematical alphabets leave out because Unicode already had them.
fn letter_like(c: char) -> Option<char> {
    Some(match c {
        'ℂ' | 'ℭ' => 'C',
        'ℊ' => 'g',
        'ℋ' | 'ℌ' | 'ℍ' => 'H',
        'ℎ' => 'h',
        'ℐ' | 'ℑ' => 'I',
        'ℒ' => 'L',
        'ℓ' => 'l',
        'ℕ' => 'N',
        'ℙ' => 'P',
        'ℚ' => 'Q',
        'ℛ' | 'ℜ' | 'ℝ' => 'R',
        'ℤ' | 'ℨ' => 'Z',
        'ℬ' => 'B',
        'ℯ' => 'e',
        'ℰ' => 'E',
        'ℱ' => 'F',
        'ℳ' => 'M',
        'ℴ' => 'o',
        '\u{212A}' => 'K',
        '\u{212B}' => 'A',
        _ => return None,
    })
}

/// The candidate that a mistyped name most likely means, if one is close enough: equal in [normal
/// form](normal), or a few typing errors away. If several are equally close, the first.
///
/// ```
/// use samegoal_schema::text::lookalike::nearest;
/// assert_eq!(nearest("enroled", ["DROPPED_OUT", "ENROLLED"]), Some("ENROLLED"));
/// assert_eq!(nearest("active", ["DROPPED_OUT", "ENROLLED"]), None);
/// ```
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let name = normal(name);
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(&name, &normal(candidate))?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many typing errors separate two normal forms; `None` if there are too many for a typing
/// error.
///
/// Short names are close to many words by chance, so shorter names allow fewer errors. Names with
/// different digits are different on purpose.
pub(crate) fn distance(a: &str, b: &str) -> Option<usize> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some(0);
    }
    let lengths = (a.chars().count(), b.chars().count());
    let limit = match lengths.0.min(lengths.1) {
        0..3 => return None,
        3..=4 if lengths.0 == lengths.1 => return None,
        3..8 if a.chars().next() != b.chars().next() => return None,
        3..8 => 1,
        _ => 2,
    };
    if lengths.0.abs_diff(lengths.1) > limit || !digits(a).eq(digits(b)) {
        return None;
    }
    Some(strsim::osa_distance(a, b)).filter(|&distance| distance <= limit)
}

pub(crate) fn digits(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_forms() {
        for (name, expected) in [
            ("Student Id", "studentid"),
            ("\u{FEFF}STUDENT__ID\u{A0}", "studentid"),
            ("Stu\u{AD}dent\u{200B} I\u{301}d", "studentid"),
            ("\u{FF33}\u{FF54}\u{FF55} \u{FF11}", "stu1"),
            ("\u{1D400}\u{1D41A}\u{1D7CE}\u{1D6A3}", "aa0z"),
            ("ℋ\u{212A}", "hk"),
            ("Ζıр Łódź Ș", "ziplodzs"),
            ("D.O.B.", "dob"),
            ("学生", "学生"),
            ("- # /", ""),
            ("\u{3164}", ""),
            ("İ", "i"),
        ] {
            assert_eq!(normal(name), expected, "{name:?}");
        }
    }

    #[test]
    fn tables_are_whole() {
        assert!(LATIN.iter().all(|b| b.is_ascii_alphabetic() || *b == b'?'));
        for table in [CYRILLIC, GREEK] {
            let chars: Vec<char> = table.chars().collect();
            for pair in chars.chunks(2) {
                assert!(!pair[0].is_ascii() && pair[1].is_ascii_alphabetic(), "{pair:?}");
                assert_eq!(pair[0].is_uppercase() || pair[0] == 'Ӏ', pair[1].is_uppercase());
                assert_eq!(fold(pair[0]).map(|(ascii, _)| ascii), Some(pair[1]));
            }
        }
        for (c, ascii) in [('À', 'A'), ('ß', 's'), ('ÿ', 'y'), ('Ā', 'A'), ('ł', 'l'), ('ſ', 's')]
        {
            assert_eq!(fold(c), Some((ascii, Script::Accented)), "{c}");
        }
    }

    #[test]
    fn visible_text() {
        assert_eq!(visible("\u{FEFF}Student\u{A0}Id\u{200B} "), "Student Id");
        assert_eq!(visible(" \u{200B} "), "");
    }

    #[test]
    fn look_alikes() {
        let found = first_look_alike("\u{421}ity").unwrap();
        assert_eq!((found.found, found.ascii, found.script), ('С', 'C', Script::Cyrillic));
        assert!(first_look_alike("Zoë Łuczak").is_none());
        assert!(first_look_alike("Ж").is_none());
    }

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("zip", "zip", Some(0)),
            ("", "", None),
            ("", "zip", None),
            ("zi", "zip", None),
            ("zips", "zip", Some(1)),
            ("ctiy", "city", None),
            ("citys", "city", Some(1)),
            ("grace", "race", None),
            ("estate", "state", None),
            ("gneder", "gender", Some(1)),
            ("gndr", "gender", None),
            ("address2", "address", None),
            ("address1", "address2", None),
            ("bulidng", "building", None),
            ("bulidings", "building", Some(2)),
            ("firstname", "lastname", None),
            ("studentid", "studntidd", Some(2)),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn nearest_names() {
        let names = ["csv/unclosed-quote", "csv/stray-quote", "header/missing-column"];
        assert_eq!(nearest("CSV/Unclosed_Quote", names), Some(names[0]));
        assert_eq!(nearest("csv/stary-quote", names), Some(names[1]));
        assert_eq!(nearest("drift", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest("female", ["Female", "female"]), Some("Female"));
    }
}
