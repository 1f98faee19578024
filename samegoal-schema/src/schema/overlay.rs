//! What a district knows about its files beyond what is published, as data.
//!
//! For four of the five files, only some columns are published. A district that knows the rest,
//! from the vendor or from a processed epoch, writes it down; [`Overlay::apply`] adds it to the
//! published description. If the two disagree, the district wins, and the contradiction is
//! reported.

use std::num::NonZeroU32;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::schema::model::{Code, Completeness, Content, Format, Reference, Schema};
use crate::text::lookalike::nearest;

mod column;

use column::Column;

/// What a district says about its files, by their exact names.
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

/// What a district says about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct FileOverlay {
    /// Whether the published columns and these are all columns of the file. If so, missing,
    /// misnamed and unknown columns are reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// The columns by their exact names. For a published column, only the settings given here
    /// change.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub columns: IndexMap<String, ColumnOverlay>,
}

/// What a district says about one column.
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
    /// The maximum number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<NonZeroU32>,
    /// The only allowed values. Cannot be combined with `format`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// What a value looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<ValueFormat>,
    /// The key that a value must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
    /// What a value of digits is, if its leading zeros matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// What kind of data the column holds, which decides how its values are masked. The default is
    /// free text, the most private kind.
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
    /// Groups separated by `;`, each with names separated by `,`.
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

/// A schema with an overlay applied.
#[derive(Clone, Debug)]
pub struct Completed {
    /// The whole.
    pub schema: Schema,
    /// Where the overlay is less strict than what is published, in its own order.
    pub contradictions: Vec<Contradiction>,
}

/// A statement of an overlay that contradicts what is published.
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
    /// The key of the statement, as written: `max-length`.
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
    /// The statement that is wrong.
    pub entry: Entry,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a statement of an overlay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The API has no such file.
    #[error("`{name}` is not a file of the API{}", or_rather(nearest.as_ref()))]
    UnknownFile {
        /// The name.
        name: String,
        /// The file that may be meant.
        nearest: Option<String>,
    },
    /// A column has no name.
    #[error("a column needs a name")]
    NamelessColumn,
    /// No value would be allowed.
    #[error("`allowed` is empty, so no value would be allowed")]
    NothingAllowed,
    /// Two statements about the form of the values.
    #[error("`format` and `allowed` cannot be combined")]
    TwoFormats,
    /// A file has one key.
    #[error("`{0}` is already the key of this file")]
    TwoKeys(String),
    /// There is no such key to refer to.
    #[error("`{column}` of `{file}` is not a key, so nothing can refer to it")]
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
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Applies the overlay to a schema.
    ///
    /// New columns come after those of the schema. Statements about a published column take effect
    /// even if they are less strict than what is published; then they are among the
    /// [contradictions](Completed::contradictions).
    ///
    /// # Errors
    ///
    /// [`OverlayError`] if a statement cannot be true.
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
