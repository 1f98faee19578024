//! What a district knows of its files beyond what is published, as data.
//!
//! Of four of the five files only some columns are published. A district that has the rest, from
//! the vendor or from an epoch that was processed, writes it down; [`Overlay::apply`] lays it over
//! the published description. Where the two disagree the district is believed, and told.

use std::num::NonZeroU32;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::schema::model::{Code, Completeness, Content, Format, Reference, Schema};
use crate::text::lookalike::nearest;

mod column;

use column::Column;

/// What a district says of its files, by their exact names.
///
/// ```
/// use samegoal_schema::{Completeness, Source, generic_api};
/// use samegoal_schema::schema::overlay::Overlay;
///
/// let overlay: Overlay = serde_json::from_str(
///     r#"{"guardians.csv": {"complete": true, "columns": {"Last Name": {"required": true}}}}"#,
/// )?;
/// let completed = overlay.apply(&generic_api())?;
/// let guardians = completed.schema.file("guardians.csv").unwrap();
/// assert_eq!(guardians.completeness, Completeness::Complete);
/// assert_eq!(guardians.column("Last Name").unwrap().source, Source::District);
/// assert!(completed.contradictions.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Overlay {
    /// The files, by their exact names.
    pub files: IndexMap<String, FileOverlay>,
}

/// What a district says of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct FileOverlay {
    /// Whether the published columns and these are all that there are. Then a column that is missing
    /// or misnamed is found, and one that is none of them is told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// The columns by their exact names. One that is published already is changed in what is said of
    /// it here, and in nothing else.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub columns: IndexMap<String, ColumnOverlay>,
}

/// What a district says of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ColumnOverlay {
    /// Whether the column must be there and filled in every record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Whether a value of a required column may be empty, so that only its header must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_be_empty: Option<bool>,
    /// Whether the value identifies the record in its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<bool>,
    /// The greatest number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<NonZeroU32>,
    /// The only values that there are. Not together with `format`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// What a value looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<ValueFormat>,
    /// The key that a value must equal one of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
    /// What a value of digits is, where its leading zeros count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// What kind of data the column holds, which decides how its values are masked; free text, the
    /// most private kind, if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// What the values of a column look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ValueFormat {
    /// Letters, digits and symbols without restriction.
    Text,
    /// Letters and digits only.
    Alphanumeric,
    /// A calendar date in one of the four accepted forms.
    Date,
    /// Groups separated by `;`, each of names separated by `,`.
    Groups,
}

impl From<ValueFormat> for Format {
    fn from(format: ValueFormat) -> Self {
        match format {
            ValueFormat::Text => Self::Text,
            ValueFormat::Alphanumeric => Self::Alphanumeric,
            ValueFormat::Date => Self::Date,
            ValueFormat::Groups => Self::Groups,
        }
    }
}

/// A schema with an overlay laid over it.
#[derive(Clone, Debug)]
pub struct Completed {
    /// The whole.
    pub schema: Schema,
    /// Where the overlay is laxer than what is published, in its own order.
    pub contradictions: Vec<Contradiction>,
}

/// A statement of an overlay that what is published contradicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The statement.
    pub entry: Entry,
    /// What it says, and what is published.
    pub what: String,
}

/// A statement of an overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file that it is about.
    pub file: String,
    /// The column, if it is about one.
    pub column: Option<String>,
    /// The key of the statement, as it is written: `max-length`.
    pub key: Option<&'static str>,
}

impl Entry {
    fn column(file: &str, column: &str, key: &'static str) -> Self {
        Self { file: file.to_owned(), column: Some(column.to_owned()), key: Some(key) }
    }
}

/// Why an overlay cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct OverlayError {
    /// The statement at fault.
    pub entry: Entry,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a statement of an overlay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The API has no such file.
    #[error("`{name}` is no file of the API{}", or_rather(nearest.as_ref()))]
    UnknownFile {
        /// The name.
        name: String,
        /// The file that may be meant.
        nearest: Option<String>,
    },
    /// A column has no name.
    #[error("a column needs a name")]
    NamelessColumn,
    /// No value would be right.
    #[error("`allowed` is empty, so that no value would be right")]
    NothingAllowed,
    /// Two statements about the form of the values.
    #[error("`format` and `allowed` exclude each other")]
    TwoFormats,
    /// A file has one key.
    #[error("`{0}` is the key of this file already")]
    TwoKeys(String),
    /// There is no such key to refer to.
    #[error("`{column}` of `{file}` is no key that could be referred to")]
    NoSuchKey {
        /// The file that was named.
        file: String,
        /// The column that was named.
        column: String,
    },
}

fn or_rather(nearest: Option<&String>) -> String {
    nearest.map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

impl Overlay {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Lays the overlay over a schema.
    ///
    /// Columns that the schema has not come after those that it has. What is said of a published
    /// column counts, also where it is laxer than what is published; that is among the
    /// [contradictions](Completed::contradictions) then.
    ///
    /// # Errors
    ///
    /// [`OverlayError`] if it says something that cannot be.
    pub fn apply(&self, schema: &Schema) -> Result<Completed, OverlayError> {
        let mut laying = Laying { schema: schema.clone(), contradictions: Vec::new() };
        for (name, file) in &self.files {
            laying.file(name, file)?;
        }
        let Laying { schema, contradictions } = laying;
        self.check_references(&schema)?;
        Ok(Completed { schema, contradictions })
    }

    fn check_references(&self, schema: &Schema) -> Result<(), OverlayError> {
        for (name, file) in &self.files {
            for (column, overlay) in &file.columns {
                let Some(reference) = &overlay.references else { continue };
                let target = schema.file(&reference.file);
                if !target
                    .and_then(|file| file.columns.get(&reference.column))
                    .is_some_and(|it| it.key)
                {
                    let (file, target) = (reference.file.clone(), reference.column.clone());
                    return Err(OverlayError {
                        entry: Entry::column(name, column, "references"),
                        problem: Problem::NoSuchKey { file: file.into(), column: target.into() },
                    });
                }
            }
        }
        Ok(())
    }
}

/// An overlay on its way.
struct Laying {
    schema: Schema,
    contradictions: Vec<Contradiction>,
}

impl Laying {
    fn file(&mut self, name: &str, overlay: &FileOverlay) -> Result<(), OverlayError> {
        let names: Vec<String> = self.schema.files.keys().map(ToString::to_string).collect();
        let entry = Entry { file: name.to_owned(), column: None, key: None };
        let Some(spec) = self.schema.files.get_mut(name) else {
            let nearest = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
            let problem = Problem::UnknownFile { name: name.to_owned(), nearest };
            return Err(OverlayError { entry, problem });
        };
        let was = spec.completeness;
        for (column, overlay) in &overlay.columns {
            Column { file: name, name: column, overlay, is_listed: was == Completeness::Complete }
                .apply(spec, &mut self.contradictions)?;
        }
        match overlay.complete {
            Some(true) => spec.completeness = Completeness::Complete,
            Some(false) => spec.completeness = Completeness::Partial,
            None => {}
        }
        if was == Completeness::Complete && spec.completeness == Completeness::Partial {
            self.contradictions.push(Contradiction {
                entry: Entry { key: Some("complete"), ..entry },
                what: format!("the columns of {name} are published in full"),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
