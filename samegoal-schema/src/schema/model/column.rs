//! A column: what its values must look like, what they mean, and its other names.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Presence, Source, Text};

/// One column of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ColumnSpec {
    /// The exact name, for example `Date of Birth`.
    pub name: Text,
    /// Whether the column must be there and filled.
    pub presence: Presence,
    /// Whether the value identifies the record in its file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub key: bool,
    /// What a value must look like.
    #[serde(default, skip_serializing_if = "Format::is_text")]
    pub format: Format,
    /// The maximum number of characters, if one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The key that a value must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
    /// What a value of digits is if it is not a number: its leading zeros matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Which part of an address it is, if that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_part: Option<AddressPart>,
    /// The plausible maximum age of an active student, in years. Set only for a date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u16>,
    /// The column that this one holds the code of: one code stands for one name, and the other way
    /// around.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_of: Option<Text>,
    /// The column whose groups correspond to the groups of this one, one for one and in the same
    /// order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups_of: Option<Text>,
    /// What kind of personal data the column holds; decides how values are masked.
    pub content: Content,
    /// Other published spellings that are also right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spellings: Vec<Text>,
    /// Names of the column in older editions of the API. They are no longer right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<Text>,
    /// Names that exports often use for the column. They are not right, and not the vendor's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<Text>,
    /// Names that exports sometimes use for the column, but often for something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubtful: Vec<Text>,
    /// The key that this column is easily confused with: it holds the student information system's
    /// own key of the same record. A header that means this column never means that key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal_for: Option<Text>,
    /// The allowed values for active students.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active: Vec<Text>,
    /// What exports often write for an allowed value. It is not right, and not the vendor's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_synonyms: Vec<ValueSynonym>,
    /// How the column is known.
    pub source: Source,
    /// What else is known about the column.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub note: Text,
}

impl ColumnSpec {
    /// An optional column of free text without a length limit, known from the vendor's page: the
    /// API's general rule for a column without further details.
    pub fn new(name: &'static str, content: Content) -> Self {
        Self { name: Cow::Borrowed(name), content, ..Self::default() }
    }

    /// Makes the column required: it must be there and filled.
    #[must_use]
    pub fn required(self) -> Self {
        self.presence(Presence::Required)
    }

    /// Sets whether the column must be there and filled.
    #[must_use]
    pub fn presence(mut self, presence: Presence) -> Self {
        self.presence = presence;
        self
    }

    /// Makes the column a key: its value identifies the record.
    #[must_use]
    pub fn key(mut self) -> Self {
        self.key = true;
        self
    }

    /// Sets what a value must look like.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Sets the maximum number of characters.
    #[must_use]
    pub fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Makes a value refer to the key `column` of `file`.
    #[must_use]
    pub fn references(mut self, file: &'static str, column: &'static str) -> Self {
        self.references =
            Some(Reference { file: file.into(), column: column.into(), expects_each: false });
        self
    }

    /// Like [`references`](Self::references), for a file that should refer to each of the keys.
    #[must_use]
    pub fn references_each(mut self, file: &'static str, column: &'static str) -> Self {
        self.references =
            Some(Reference { file: file.into(), column: column.into(), expects_each: true });
        self
    }

    /// Makes values codes, whose leading zeros matter.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// Sets which part of an address it is.
    #[must_use]
    pub fn address_part(mut self, part: AddressPart) -> Self {
        self.address_part = Some(part);
        self
    }

    /// Makes dates dates of birth, and sets the plausible maximum age in years.
    #[must_use]
    pub fn max_age(mut self, years: u16) -> Self {
        self.max_age = Some(years);
        self
    }

    /// Makes values the codes of the values in another column.
    #[must_use]
    pub fn code_of(mut self, column: &'static str) -> Self {
        self.code_of = Some(Cow::Borrowed(column));
        self
    }

    /// Makes the groups of a value correspond to those of another column, one for one.
    #[must_use]
    pub fn groups_of(mut self, column: &'static str) -> Self {
        self.groups_of = Some(Cow::Borrowed(column));
        self
    }

    /// Sets other published spellings that are also right.
    #[must_use]
    pub fn spellings(mut self, names: &[&'static str]) -> Self {
        self.spellings = names.iter().map(|name| Cow::Borrowed(*name)).collect();
        self
    }

    /// Sets the names from older editions of the API.
    #[must_use]
    pub fn former_names(mut self, names: &[&'static str]) -> Self {
        self.former_names = names.iter().map(|name| Cow::Borrowed(*name)).collect();
        self
    }

    /// Makes values the student information system's own keys of the records whose key is `column`.
    #[must_use]
    pub fn internal_for(mut self, column: &'static str) -> Self {
        self.internal_for = Some(Cow::Borrowed(column));
        self
    }

    /// Sets which allowed values belong to active students.
    #[must_use]
    pub fn active(mut self, values: &[&'static str]) -> Self {
        self.active = values.iter().map(|value| Cow::Borrowed(*value)).collect();
        self
    }

    /// Sets what exports often write for an allowed value: pairs of that text and the allowed
    /// value.
    #[must_use]
    pub fn value_synonyms(mut self, pairs: &[(&'static str, &'static str)]) -> Self {
        self.value_synonyms = pairs
            .iter()
            .map(|&(written, meant)| ValueSynonym { written: written.into(), meant: meant.into() })
            .collect();
        self
    }

    /// Sets how the column is known.
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// Sets what else is known about the column.
    #[must_use]
    pub fn note(mut self, note: &'static str) -> Self {
        self.note = Cow::Borrowed(note);
        self
    }
}

/// The key that a column refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The file that holds the key.
    pub file: Text,
    /// The key column in it.
    pub column: Text,
    /// Whether the file should refer to each of the keys, so that missing ones are reported.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expects_each: bool,
}

/// What a value of digits is if it is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The id of a person or a place.
    Id,
    /// A US ZIP code (five digits, or five and four), or a foreign postal code.
    Zip,
}

/// A part of an address; its ZIP code is a [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressPart {
    /// A city or town.
    City,
    /// A state, a territory or a province, by its abbreviation or its name.
    State,
}

/// What exports often write for an allowed value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueSynonym {
    /// What is written, in any case and with any separators.
    pub written: Text,
    /// The allowed value that it stands for.
    pub meant: Text,
}

/// What a value of a column must look like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// Letters, digits and symbols without restriction.
    #[default]
    Text,
    /// Letters and digits only.
    Alphanumeric,
    /// A calendar date in one of the [four accepted forms](crate::text::calendar).
    Date,
    /// Exactly one of these values.
    OneOf(Vec<Text>),
    /// Groups separated by `;`, each with names separated by `,`.
    Groups,
}

impl Format {
    /// A closed list of values.
    pub fn one_of(values: &[&'static str]) -> Self {
        Self::OneOf(values.iter().map(|value| Cow::Borrowed(*value)).collect())
    }

    fn is_text(&self) -> bool {
        *self == Self::Text
    }
}

/// What kind of data a column holds, with regard to privacy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// A number or code that stands for a person or a place.
    Identifier,
    /// A calendar date.
    Date,
    /// A short code with few values, such as a grade or a status.
    Category,
    /// A part of a person's name.
    Name,
    /// An address or a part of one.
    Address,
    /// Anything else.
    #[default]
    FreeText,
}
