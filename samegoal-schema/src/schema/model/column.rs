//! A column: what its values must look like, what they mean, and by which names it goes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Presence, Source, Text};

/// One column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The greatest number of characters, if one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The key that a value must equal one of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
    /// What a value of digits is, where it is no number: its leading zeros count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Which part of an address it is, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_part: Option<AddressPart>,
    /// How many years ago the date of birth of somebody who is served now can plausibly be. It marks
    /// a date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u16>,
    /// The column that this one holds the code of: one code stands for one name, and the reverse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_of: Option<Text>,
    /// The column whose groups those of this one belong to, one for one and in the same order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups_of: Option<Text>,
    /// What kind of personal data the column holds; decides how values are masked.
    pub content: Content,
    /// Other spellings that are published as right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spellings: Vec<Text>,
    /// Names that the column had in older editions of the API. They are no longer right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<Text>,
    /// Names by which exports often call the column. They are not right, and not the vendor's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<Text>,
    /// Names by which exports sometimes call the column, and often something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubtful: Vec<Text>,
    /// The key that this column is easily taken for: it holds the student information system's own
    /// key of the same record. A header that means this column never means that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal_for: Option<Text>,
    /// The allowed values of those who are served now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active: Vec<Text>,
    /// What exports often write for an allowed value. It is not right, and not the vendor's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_synonyms: Vec<ValueSynonym>,
    /// How the column is known.
    pub source: Source,
    /// What else is known of the column.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub note: Text,
}

impl ColumnSpec {
    /// An optional column of free text without a length limit, known from the vendor's page: what
    /// the API's general rule says of a column of which nothing else is said.
    pub const fn new(name: &'static str, content: Content) -> Self {
        Self {
            name: Cow::Borrowed(name),
            presence: Presence::Optional,
            key: false,
            format: Format::Text,
            max_length: None,
            references: None,
            code: None,
            address_part: None,
            max_age: None,
            code_of: None,
            groups_of: None,
            content,
            spellings: Vec::new(),
            former_names: Vec::new(),
            synonyms: Vec::new(),
            doubtful: Vec::new(),
            internal_for: None,
            active: Vec::new(),
            value_synonyms: Vec::new(),
            source: Source::Page,
            note: Cow::Borrowed(""),
        }
    }

    /// Makes the column one that must be there and filled.
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

    /// Sets the greatest number of characters.
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

    /// As [`references`](Self::references), for a file in which each of the keys is expected.
    #[must_use]
    pub fn references_each(mut self, file: &'static str, column: &'static str) -> Self {
        self.references =
            Some(Reference { file: file.into(), column: column.into(), expects_each: true });
        self
    }

    /// Makes values codes, whose leading zeros count.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// Says which part of an address it is.
    #[must_use]
    pub fn address_part(mut self, part: AddressPart) -> Self {
        self.address_part = Some(part);
        self
    }

    /// Makes dates those of birth, and sets how many years ago they can plausibly be.
    #[must_use]
    pub fn max_age(mut self, years: u16) -> Self {
        self.max_age = Some(years);
        self
    }

    /// Makes values the codes of those of another column.
    #[must_use]
    pub fn code_of(mut self, column: &'static str) -> Self {
        self.code_of = Some(Cow::Borrowed(column));
        self
    }

    /// Makes the groups of a value belong to those of another column, one for one.
    #[must_use]
    pub fn groups_of(mut self, column: &'static str) -> Self {
        self.groups_of = Some(Cow::Borrowed(column));
        self
    }

    /// Sets other spellings that are published as right.
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

    /// Makes values the student information system's own keys of the records that `column` is the
    /// key of.
    #[must_use]
    pub fn internal_for(mut self, column: &'static str) -> Self {
        self.internal_for = Some(Cow::Borrowed(column));
        self
    }

    /// Sets which of the allowed values are those of people who are served now.
    #[must_use]
    pub fn active(mut self, values: &[&'static str]) -> Self {
        self.active = values.iter().map(|value| Cow::Borrowed(*value)).collect();
        self
    }

    /// Sets what exports often write for an allowed value: pairs of that and the allowed one.
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

    /// Sets what else is known of the column.
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
    /// Whether each of the keys is expected to be referred to, so that those that are not are worth
    /// a word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expects_each: bool,
}

/// What a value of digits is, where it is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The id of a person or a place.
    Id,
    /// A ZIP code of the United States: five digits, or five and four; or a foreign postal code.
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
    /// A calendar date in one of the [four accepted forms](crate::date).
    Date,
    /// Exactly one of these values.
    OneOf(Vec<Text>),
    /// Groups separated by `;`, each of names separated by `,`.
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

/// What kind of data a column holds, as far as privacy is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    FreeText,
}
