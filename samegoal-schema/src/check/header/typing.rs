//! Typing errors: whether a header is the name of a column with a wrong letter or two.
//!
//! Errors are counted word by word, because a short word is close to many others: with one error
//! allowed anywhere in `Student Id`, `Student LN` would match. So a word of up to three letters
//! must be right, and so must the first letter of each word. A word with another meaning is not a
//! typing error.

use crate::text::lookalike;

/// Words that are close to one in the name of a column but mean something else.
const OTHER_WORDS: &[&str] = &[
    "count",
    "counter",
    "counts",
    "country",
    "external",
    "gendered",
    "grace",
    "grad",
    "graded",
    "grader",
    "grand",
    "grant",
    "least",
    "list",
    "lost",
    "past",
    "racer",
    "stage",
    "stake",
    "stale",
    "stats",
    "students",
    "stated",
    "status",
    "statue",
    "raced",
    "cty",
    "rae",
    "cite",
    "cities",
    "fist",
    "interval",
    "internet",
    "residents",
    "enrolled",
];

/// More errors than this in a whole name are not typing errors.
const MOST_ERRORS: usize = 2;

/// A name, ready to be compared.
pub(super) struct Words {
    /// The words in normal form.
    words: Vec<String>,
    /// The number of letters in all of them.
    length: usize,
}

impl Words {
    /// The words of a name: separated by anything but letters and digits, or by a capital after a
    /// small letter.
    pub(super) fn of(name: &str) -> Self {
        let words: Vec<String> = lookalike::split_at_capitals(&lookalike::visible(name))
            .split(|c: char| !c.is_alphanumeric())
            .map(lookalike::normal)
            .filter(|word| !word.is_empty())
            .collect();
        let length = words.iter().map(|word| word.chars().count()).sum();
        Self { words, length }
    }

    /// How many typing errors this header has as the name of a column; `None` if it is a different
    /// name.
    pub(super) fn errors(&self, name: &Self) -> Option<usize> {
        if self.length.abs_diff(name.length) > MOST_ERRORS {
            return None;
        }
        let errors = if self.words.len() == name.words.len() {
            let pairs = self.words.iter().zip(&name.words);
            pairs.map(|(found, meant)| word_errors(found, meant)).sum()
        } else if let [joined] = self.words.as_slice() {
            joined_errors(joined, &name.words)
        } else {
            None
        };
        errors.filter(|errors| *errors <= MOST_ERRORS)
    }
}

/// The errors in a header that joins the words of a name.
fn joined_errors(joined: &str, meant: &[String]) -> Option<usize> {
    let (first, rest) = meant.split_first()?;
    if rest.is_empty() {
        return word_errors(joined, first);
    }
    // Typing errors shift the end of the first word at most by their number.
    let length = first.chars().count();
    let shortest = length.saturating_sub(MOST_ERRORS);
    joined
        .char_indices()
        .skip(shortest)
        .take(length + MOST_ERRORS + 1 - shortest)
        .filter_map(|(end, _)| {
            let (word, others) = joined.split_at_checked(end)?;
            // A wrong letter at the seam may also begin the next word: `studentuid`.
            let is_seam = word.chars().next_back() == first.chars().next_back();
            is_seam.then(|| Some(word_errors(word, first)? + joined_errors(others, rest)?))?
        })
        .min()
}

/// The errors in one word; `None` if there are too many, or if it is a different word.
fn word_errors(found: &str, meant: &str) -> Option<usize> {
    if found == meant {
        return Some(0);
    }
    let (length, meant_length) = (found.chars().count(), meant.chars().count());
    let limit = match length.min(meant_length) {
        // A four-letter word with one different letter is a different word: Rate, Pity, Date. Two
        // letters that changed places are still an error: Nmae.
        _ if meant_length <= 3 => return None,
        4 if length == meant_length && !has_same_letters(found, meant) => return None,
        0..=2 => return None,
        3..=9 => 1,
        _ => 2,
    };
    let is_other = found.chars().next() != meant.chars().next()
        || length.abs_diff(meant_length) > limit
        || !lookalike::digits(found).eq(lookalike::digits(meant))
        || OTHER_WORDS.contains(&found);
    (!is_other).then(|| strsim::osa_distance(found, meant)).filter(|errors| *errors <= limit)
}

fn has_same_letters(a: &str, b: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(header: &str, name: &str) -> Option<usize> {
        Words::of(header).errors(&Words::of(name))
    }

    #[test]
    fn typing_errors() {
        for (header, name, expected) in [
            ("Studnet Id", "Student Id", Some(1)),
            ("studentt_id", "Student Id", Some(1)),
            ("StudnetId", "Student Id", Some(1)),
            ("STUDNETID", "Student Id", Some(1)),
            ("Date of Brith", "Date of Birth", Some(1)),
            ("dateofbrith", "Date of Birth", Some(1)),
            ("Distrct of Residnce", "District of Residence", Some(2)),
            ("Gendr", "Gender", Some(1)),
            ("Buildings", "Building", Some(1)),
            ("District Enrolment", "District Enrollment", Some(1)),
            ("Lst Name", "Last Name", Some(1)),
            ("Frist Name", "First Name", Some(1)),
            ("Bulding Reportng Id", "Building Reporting Id", Some(2)),
        ] {
            assert_eq!(errors(header, name), expected, "{header}");
        }
    }

    #[test]
    fn other_words() {
        for (header, name) in [
            ("Student LN", "Student Id"),
            ("StudentZip", "Student Id"),
            ("studentguid", "Student Id"),
            ("studentuid", "Student Id"),
            ("studentrid", "Student Id"),
            ("Students", "Student Id"),
            ("Students Id", "Student Id"),
            ("State of Birth", "Date of Birth"),
            ("Country of Residence", "County of Residence"),
            ("District of Enrollment", "District Enrollment"),
            ("districtofenrollment", "District Enrollment"),
            ("District Unenrollment", "District Enrollment"),
            ("District Re-Enrollment", "District Enrollment"),
            ("districtreenrollment", "District Enrollment"),
            ("SIS External ID", "SIS Internal ID"),
            ("Last Date", "Last Name"),
            ("Past Name", "Last Name"),
            ("First Date", "First Name"),
            ("Grader", "Grade"),
            ("Grad", "Grade"),
            ("Zi", "Zip"),
            ("Zips", "Zip"),
            ("Cty", "City"),
            ("Rate", "Race"),
            ("Address 2", "Address"),
        ] {
            assert_eq!(errors(header, name), None, "{header}");
        }
    }
}
