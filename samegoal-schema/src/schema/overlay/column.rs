//! The overlay of one column, applied to what is published about it.

use super::{ColumnOverlay, Contradiction, Entry, OverlayError, Problem};
use crate::schema::model::{ColumnSpec, FileSpec, Format, Presence, Source, Text};
use crate::text::wording::list;

/// The statements about one column.
pub(super) struct Column<'a> {
    pub(super) file: &'a str,
    pub(super) name: &'a str,
    pub(super) overlay: &'a ColumnOverlay,
    /// Whether the file's columns are published in full.
    pub(super) is_listed: bool,
}

impl Column<'_> {
    pub(super) fn apply(
        &self,
        spec: &mut FileSpec,
        contradictions: &mut Vec<Contradiction>,
    ) -> Result<(), OverlayError> {
        if self.name.trim().is_empty() {
            let entry = Entry { file: self.file.into(), column: Some(self.name.into()), key: None };
            return Err(OverlayError { entry, problem: Problem::NamelessColumn });
        }
        if self.overlay.key == Some(true)
            && let Some(key) = spec.columns().find(|it| it.key && it.name != self.name)
        {
            return Err(self.wrong("key", Problem::TwoKeys(key.name.to_string())));
        }
        // A published spelling variant stands for its column.
        let known = spec.column(self.name).map(|column| column.name.clone());
        let Some(column) = known.and_then(|name| spec.columns.get_mut(&name)) else {
            return self.declare(spec, contradictions);
        };
        let published = column.clone();
        self.change(column)?;
        if matches!(published.source, Source::Document | Source::Page) {
            self.contradict(&published, column, contradictions);
        }
        Ok(())
    }

    /// Adds a column that is not published.
    fn declare(
        &self,
        spec: &mut FileSpec,
        contradictions: &mut Vec<Contradiction>,
    ) -> Result<(), OverlayError> {
        let name = Text::from(self.name.to_owned());
        let mut column =
            ColumnSpec { name: name.clone(), source: Source::District, ..ColumnSpec::default() };
        self.change(&mut column)?;
        spec.columns.insert(name, column);
        if self.is_listed {
            let (file, name) = (self.file, self.name);
            contradictions.push(Contradiction {
                entry: Entry { file: file.into(), column: Some(name.into()), key: None },
                what: format!(
                    "the columns of {file} are published in full, and `{name}` is not one of them"
                ),
            });
        }
        Ok(())
    }

    fn wrong(&self, key: &'static str, problem: Problem) -> OverlayError {
        OverlayError { entry: Entry::column(self.file, self.name, key), problem }
    }

    fn change(&self, column: &mut ColumnSpec) -> Result<(), OverlayError> {
        let overlay = self.overlay;
        column.presence = self.presence(column.presence);
        if let Some(key) = overlay.key {
            column.key = key;
        }
        if let Some(length) = overlay.max_length {
            column.max_length = Some(length.get());
        }
        match (&overlay.allowed, overlay.format) {
            (Some(_), Some(_)) => return Err(self.wrong("format", Problem::TwoFormats)),
            (Some(values), None) if values.is_empty() => {
                return Err(self.wrong("allowed", Problem::NothingAllowed));
            }
            (Some(values), None) => {
                column.format = Format::OneOf(values.iter().cloned().map(Text::from).collect());
            }
            (None, Some(format)) => column.format = format.into(),
            (None, None) => {}
        }
        if let Some(reference) = &overlay.references {
            column.references = Some(reference.clone());
        }
        if let Some(code) = overlay.code {
            column.code = Some(code);
        }
        if let Some(content) = overlay.content {
            column.content = content;
        }
        if column.source == Source::Inferred {
            column.source = Source::District;
        }
        Ok(())
    }

    fn presence(&self, published: Presence) -> Presence {
        let ColumnOverlay { required, may_be_empty, .. } = *self.overlay;
        match (required, may_be_empty) {
            (Some(false), _) => Presence::Optional,
            (Some(true), Some(true)) => Presence::Present,
            (Some(true), _) => Presence::Required,
            (None, Some(true)) if published == Presence::Required => Presence::Present,
            (None, Some(false)) if published == Presence::Present => Presence::Required,
            (None, _) => published,
        }
    }

    /// Reports where the column is now less strict than published.
    fn contradict(
        &self,
        published: &ColumnSpec,
        now: &ColumnSpec,
        contradictions: &mut Vec<Contradiction>,
    ) {
        let mut contradict = |key, what: String| {
            let entry = Entry::column(self.file, self.name, key);
            contradictions.push(Contradiction { entry, what });
        };
        let name = format!("`{}` of {}", published.name, self.file);
        if published.presence == Presence::Required && now.presence != Presence::Required {
            let key =
                if self.overlay.required == Some(false) { "required" } else { "may-be-empty" };
            contradict(key, format!("{name} is published as required, in every record"));
        }
        if published.key && !now.key {
            contradict("key", format!("{name} is published as the key"));
        }
        if let Some(most) = published.max_length
            && now.max_length.is_some_and(|length| length > most)
        {
            contradict("max-length", format!("{name} is published as {most} characters at most"));
        }
        let key = if self.overlay.allowed.is_some() { "allowed" } else { "format" };
        match (&published.format, &now.format) {
            (before, after) if before == after => {}
            (Format::OneOf(values), Format::OneOf(now)) => {
                let new: Vec<_> = now.iter().filter(|value| !values.contains(value)).collect();
                if !new.is_empty() {
                    contradict(
                        key,
                        format!("the published values of {name} are without {}", list(&new)),
                    );
                }
            }
            (Format::Text, _) => {}
            // A closed list of letters and digits only narrows the choice.
            (Format::Alphanumeric, Format::OneOf(now))
                if now.iter().all(|value| value.chars().all(char::is_alphanumeric)) => {}
            _ => contradict(key, format!("{name} is published with other values")),
        }
        if published.references.is_some() && published.references != now.references {
            contradict("references", format!("{name} is published as a reference to another key"));
        }
    }
}
