//! How the students of two deliveries are compared.

/// A column used to compare a student with the same student in another delivery.
pub(crate) struct Compared {
    pub(crate) name: &'static str,
    pub(crate) likeness: Likeness,
    /// What it means if it changes.
    pub(crate) role: Role,
    /// How many bits of its hash are kept.
    pub(crate) bits: u32,
}

/// Which values in a column count as equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// Values with the same letters and digits, regardless of case, accents and punctuation.
    Text,
    /// Values with the same number after leading zeros, unless a spreadsheet rounded them.
    Code,
    /// Like codes, up to the first five digits.
    Zip,
    /// The same day.
    Day,
    /// `M`, `m`, `Male` and the like.
    Gender,
}

/// What it means if a column changes for many students.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// They are different people now: a name or the gender.
    Identity,
    /// Like [`Identity`](Self::Identity), and rarely corrected: the date of birth.
    Birth,
    /// A different system may number them now: an internal id.
    Number,
    /// Student data that SameGoal would overwrite.
    Data,
}
