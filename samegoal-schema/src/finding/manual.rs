//! The manual of a rule, made from its doc comment.

/// What a defect means and how to fix it, in Markdown. Each line of a section begins with the space
/// that follows `///`.
#[derive(Debug)]
pub struct Manual {
    /// The defect in one sentence.
    pub summary: &'static str,
    /// What happens to the data.
    pub why: &'static str,
    /// A file with the defect and one without it.
    pub example: &'static str,
    /// What to change, and where.
    pub fix: &'static str,
}

const WHY: &str = "Why it matters";
const EXAMPLE: &str = "Example";
const FIX: &str = "How to fix it";

impl Manual {
    /// Splits a doc comment at its headings: `Why it matters`, `Example` and `How to fix it`.
    ///
    /// # Panics
    ///
    /// If a heading is missing, or there is an extra one. In a constant, that is a compile error.
    pub const fn of(text: &'static str) -> Self {
        let (summary, rest) = section(text, WHY);
        let (why, rest) = section(rest, EXAMPLE);
        let (example, fix) = section(rest, FIX);
        assert!(cut(summary, "\n").is_none(), "the summary of a manual is one line");
        assert!(cut(fix, HEADING).is_none(), "a manual ends with `How to fix it`");
        Self { summary: summary.trim_ascii(), why, example, fix: fix.trim_ascii_end() }
    }

    /// Each section after the summary, with its heading.
    pub const fn sections(&self) -> [(&'static str, &'static str); 3] {
        [(WHY, self.why), (EXAMPLE, self.example), (FIX, self.fix)]
    }
}

const HEADING: &str = "\n\n ## ";

/// The text before the next heading, which must be this one, and the text below it.
#[expect(clippy::panic, reason = "a compile error in a constant")]
const fn section(text: &'static str, heading: &str) -> (&'static str, &'static str) {
    let Some((before, rest)) = cut(text, HEADING) else { panic!("a manual lacks a section") };
    let Some((found, below)) = cut(rest, "\n\n") else { panic!("a section of a manual is empty") };
    let is_right = matches!(behind(found.as_bytes(), heading.as_bytes()), Some([]));
    assert!(is_right, "the headings are `Why it matters`, `Example` and `How to fix it`");
    (before, below)
}

/// The text before and after the first `mark`.
const fn cut(text: &'static str, mark: &str) -> Option<(&'static str, &'static str)> {
    let mut rest = text.as_bytes();
    while let [_, next @ ..] = rest {
        if behind(rest, mark.as_bytes()).is_some() {
            let (before, rest) = text.split_at(text.len() - rest.len());
            return Some((before, rest.split_at(mark.len()).1));
        }
        rest = next;
    }
    None
}

/// The text after `mark`, if the text begins with it.
const fn behind<'t>(mut text: &'t [u8], mut mark: &[u8]) -> Option<&'t [u8]> {
    while let [wanted, marks @ ..] = mark {
        let [first, rest @ ..] = text else { return None };
        if *first != *wanted {
            return None;
        }
        (text, mark) = (rest, marks);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::Manual;

    #[test]
    fn a_manual_is_split_at_its_headings() {
        let manual = Manual::of(
            " One.\n\n ## Why it matters\n\n Two.\n\n Three.\n\n ## Example\n\n ```text\n # 4\n ```\n\n \
             ## How to fix it\n\n - Five.\n",
        );
        assert_eq!(manual.summary, "One.");
        let sections = [
            ("Why it matters", " Two.\n\n Three."),
            ("Example", " ```text\n # 4\n ```"),
            ("How to fix it", " - Five."),
        ];
        assert_eq!(manual.sections(), sections);
    }

    #[test]
    #[should_panic = "a manual lacks a section"]
    fn a_manual_without_a_section_is_none() {
        Manual::of(" One.\n\n ## Why it matters\n\n Two.\n\n ## Example\n\n Three.\n");
    }

    #[test]
    #[should_panic = "the headings are"]
    fn a_manual_with_another_section_is_none() {
        Manual::of(" One.\n\n ## Example\n\n Two.\n\n ## Why it matters\n\n Three.\n");
    }
}
