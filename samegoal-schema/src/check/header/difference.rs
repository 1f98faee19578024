//! How a header differs from the name of a column.

/// The most that a misnamed header differs in, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// Blanks before or after the name.
    Padding,
    /// Invisible characters, or blanks that only look like plain ones.
    Invisible,
    /// Capitals and small letters.
    Case,
    /// Blanks, underscores and punctuation.
    Separators,
    /// Letters that look alike.
    LookAlike,
    /// A byte-order mark in front of it that was taken for text.
    MisreadMark,
    /// It is a name from an older edition.
    FormerName,
    /// It is a name by which exports often call the column.
    Synonym,
    /// So many typing errors.
    Spelling(usize),
    /// It is a name by which exports call this column, and others as well.
    Doubtful,
}

impl Difference {
    /// Whether the header is the name itself, differently written.
    pub(crate) fn is_same_name(self) -> bool {
        self <= Self::LookAlike
    }
}
