//! An API file in other formats: a CSV template to fill in, a JSON Schema and a Frictionless Table
//! Schema.
//!
//! Each is made from the [`FileSpec`] alone. They say less than the checks do: neither format can
//! describe a calendar day or an incomplete list of columns.

use indexmap::IndexMap;
use serde::Serialize;

use crate::schema::model::{ColumnSpec, FileSpec, Format, Presence, Text};

/// The header of the file and a line feed; `None` if no column is known.
///
/// ```
/// let api = samegoal_schema::generic_api();
/// let template = samegoal_schema::schema::export::template(api.file("users.csv").unwrap());
/// assert_eq!(template.as_deref(), Some("Role,Buildings,Deleted\n"));
/// assert!(samegoal_schema::schema::export::template(api.file("user_roles.csv").unwrap()).is_none());
/// ```
pub fn template(file: &FileSpec) -> Option<String> {
    if file.columns.is_empty() {
        return None;
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(file.columns.keys().map(AsRef::as_ref as fn(&Text) -> &str)).ok()?;
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// The JSON Schema of one record, as an object of strings by column name: what a CSV reader
/// returns.
///
/// ```
/// let api = samegoal_schema::generic_api();
/// let schema = samegoal_schema::schema::export::json_schema(api.file("students.csv").unwrap());
/// assert!(schema.required.iter().any(|name| name == "Date of Birth"));
/// ```
pub fn json_schema(file: &FileSpec) -> JsonSchema {
    let required = file.columns().filter(|column| column.presence == Presence::Required);
    JsonSchema {
        schema: "https://json-schema.org/draft/2020-12/schema",
        title: file.name.clone(),
        description: file.note.clone(),
        r#type: "object",
        required: required.map(|column| column.name.clone()).collect(),
        properties: file
            .columns()
            .map(|column| (column.name.clone(), Property::new(column)))
            .collect(),
    }
}

/// A JSON Schema, draft 2020-12, of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JsonSchema {
    /// The draft.
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    /// The name of the file.
    pub title: Text,
    /// What the file is for.
    pub description: Text,
    /// `object`
    pub r#type: &'static str,
    /// The columns that must be there.
    pub required: Vec<Text>,
    /// The values by column name. Other columns are not forbidden: what SameGoal does with them is
    /// not published.
    pub properties: IndexMap<Text, Property>,
}

/// What a value must look like, in JSON Schema terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Property {
    /// `string`
    pub r#type: &'static str,
    /// What else is known about the column.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: Text,
    /// The maximum number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// A regular expression that matches within the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The only values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub r#enum: Vec<Text>,
}

impl Property {
    fn new(column: &ColumnSpec) -> Self {
        let is_required = column.presence == Presence::Required;
        let mut values = allowed(&column.format);
        let pattern = match (pattern(&column.format), is_required) {
            (Some(pattern), true) => Some(format!("^({pattern})$")),
            (Some(pattern), false) => Some(format!("^({pattern})?$")),
            // Something other than a space.
            (None, true) if values.is_empty() => Some(r"\S".to_owned()),
            (None, _) => None,
        };
        if !values.is_empty() && !is_required {
            values.push("".into());
        }
        Self {
            r#type: "string",
            description: column.note.clone(),
            max_length: column.max_length,
            pattern,
            r#enum: values,
        }
    }
}

/// The Table Schema of the file. It has the known columns. If not all columns of a file are known,
/// tell your tools that there may be more.
///
/// ```
/// let api = samegoal_schema::generic_api();
/// let schema = samegoal_schema::schema::export::table_schema(api.file("students.csv").unwrap());
/// assert_eq!(schema.primary_key, ["Student Id"]);
/// assert_eq!(schema.fields.len(), 20);
/// ```
pub fn table_schema(file: &FileSpec) -> TableSchema {
    let keys = file.columns().filter(|column| column.key);
    TableSchema {
        schema: "https://datapackage.org/profiles/2.0/tableschema.json",
        title: file.name.clone(),
        description: file.note.clone(),
        fields: file.columns().map(TableField::new).collect(),
        missing_values: [""],
        primary_key: keys.map(|column| column.name.clone()).collect(),
    }
}

/// A [Table Schema](https://datapackage.org/standard/table-schema/).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TableSchema {
    /// The profile that it follows.
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    /// The name of the file.
    pub title: Text,
    /// What the file is for.
    pub description: Text,
    /// The columns in the published order.
    pub fields: Vec<TableField>,
    /// What stands for no value: an empty string.
    pub missing_values: [&'static str; 1],
    /// The columns whose value identifies the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<Text>,
}

/// A column of a [`TableSchema`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TableField {
    /// Its name.
    pub name: Text,
    /// `string`: the type for dates allows only one form, but the API has four.
    pub r#type: &'static str,
    /// What else is known about it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: Text,
    /// What a value must look like.
    #[serde(skip_serializing_if = "Constraints::is_none")]
    pub constraints: Constraints,
}

/// What a value must look like, in Table Schema terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Constraints {
    /// Whether there must be a value.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether each value must be unique.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// The maximum number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// A regular expression that the whole value matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<&'static str>,
    /// The only values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub r#enum: Vec<Text>,
}

impl Constraints {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl TableField {
    fn new(column: &ColumnSpec) -> Self {
        Self {
            name: column.name.clone(),
            r#type: "string",
            description: column.note.clone(),
            constraints: Constraints {
                required: column.presence == Presence::Required,
                unique: column.key,
                max_length: column.max_length,
                pattern: pattern(&column.format),
                r#enum: allowed(&column.format),
            },
        }
    }
}

/// What the whole value matches, written so that it means the same in every dialect; `\w`, for
/// example, differs between them.
fn pattern(format: &Format) -> Option<&'static str> {
    match format {
        Format::Alphanumeric => Some(r"[^\W_]+"),
        Format::Date => Some(
            "(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])/[0-9]{4}|\
             (0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])-[0-9]{4}|\
             [0-9]{4}/(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])|\
             [0-9]{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])",
        ),
        Format::Text | Format::OneOf(_) | Format::Groups => None,
    }
}

fn allowed(format: &Format) -> Vec<Text> {
    match format {
        Format::OneOf(values) => values.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, generic_api};

    #[test]
    fn a_template_is_read_back_as_the_columns() {
        let api = generic_api();
        for file in api.files().filter(|file| !file.columns.is_empty()) {
            let template = template(file).unwrap();
            let mut reader = csv::Reader::from_reader(template.as_bytes());
            let columns: Vec<_> = file.columns.keys().collect();
            assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), columns);
        }
    }

    #[test]
    fn a_name_with_a_comma_is_quoted() {
        let mut file = generic_api().files.shift_remove("user_roles.csv").unwrap();
        file.columns.insert("a,b".into(), ColumnSpec::new("a,b", Content::FreeText));
        assert_eq!(template(&file).as_deref(), Some("\"a,b\"\n"));
    }

    #[test]
    fn an_optional_value_may_be_empty() {
        let format = Format::one_of(&["a"]);
        let property = |column: ColumnSpec| Property::new(&column);
        let column = ColumnSpec::new("x", Content::FreeText);
        let optional = property(column.clone().format(format.clone()));
        assert_eq!(optional.r#enum, ["a", ""]);
        let required = property(column.clone().format(format).required());
        assert_eq!((required.r#enum, required.pattern), (vec!["a".into()], None));
        let id = property(column.clone().format(Format::Alphanumeric));
        assert_eq!(id.pattern.as_deref(), Some(r"^([^\W_]+)?$"));
        assert_eq!(property(column.clone()).pattern, None);
        assert_eq!(property(column.required()).pattern.as_deref(), Some(r"\S"));
    }
}
