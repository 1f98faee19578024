//! How a header differs from the name of a column.

/// The largest difference between a misnamed header and its name, the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// Spaces before or after the name.
    Padding,
    /// Invisible characters, or spaces that only look like plain ones.
    Invisible,
    /// Capital and small letters.
    Case,
    /// Spaces, underscores and punctuation.
    Separators,
    /// Letters that look alike.
    LookAlike,
    /// A byte-order mark before it that was read as text.
    MisreadMark,
    /// It is a name from an older edition.
    FormerName,
    /// It is a name that exports often use for the column.
    Synonym,
    /// This many typing errors.
    Spelling(usize),
    /// It is a name that exports use for this column, but also for others.
    Doubtful,
}

impl Difference {
    /// Whether the header is the name itself, written differently.
    pub(crate) fn is_same_name(self) -> bool {
        self <= Self::LookAlike
    }
}
