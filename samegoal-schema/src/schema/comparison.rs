//! How the students of two deliveries are compared.

/// A column by which a student is compared with the same one of another delivery.
pub(crate) struct Compared {
    pub(crate) name: &'static str,
    pub(crate) likeness: Likeness,
    /// What it means if it changes.
    pub(crate) role: Role,
    /// How many bits of it are kept.
    pub(crate) bits: u32,
}

/// Which values of a column count as the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// Those with the same letters and digits, whatever their case, accents and punctuation.
    Text,
    /// Those with the same number behind zeros, as long as no spreadsheet has rounded it.
    Code,
    /// As codes, up to the first five digits.
    Zip,
    /// Those of the same day.
    Day,
    /// `M`, `m`, `Male` and the like.
    Gender,
}

/// What it means if a column changes for many students.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// They are other people now: a name or the gender.
    Identity,
    /// As [`Identity`](Self::Identity), and hardly ever corrected: the date of birth.
    Birth,
    /// Another system may number them now: an internal id.
    Number,
    /// Data of the students that SameGoal would overwrite.
    Data,
}
