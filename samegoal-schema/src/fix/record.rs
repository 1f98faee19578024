//! One record as the copy will have it.

use std::borrow::Cow;

use super::survey::{ColumnPlan, Encoding, Plan, Table};
use super::{
    ADD_COLUMNS, CONVERT_ENCODING, DROP_BOM, Fix, PAD_DATE, RENAME_COLUMN, TRIM_VALUE,
    WRITE_ALLOWED_VALUE, doubt,
};
use crate::check::bytes;
use crate::check::value::{self, one_meant};
use crate::csv::{Field, Quoting, Record, bom};
use crate::schema::{Format, Text};
use crate::text::whitespace::{is_trimmed, trim};
use crate::validate::is_header;

/// The fields of a record in the copy, quotes included, and which fixes were applied to them.
#[derive(Default)]
pub(super) struct Rewritten<'a> {
    pub(super) fields: Vec<Cow<'a, [u8]>>,
    pub(super) fixes: Vec<&'static Fix>,
}

impl Rewritten<'_> {
    pub(super) fn drop_marks(&mut self) {
        self.fixes.insert(0, &DROP_BOM);
        if let Some(first) = self.fields.first_mut() {
            // The first mark is not part of a field, but a joined file may have more of them.
            let rest = bom::without_boms(first);
            if rest.len() < first.len() {
                *first = Cow::Owned(rest.to_vec());
            }
        }
    }
}

impl Plan<'_> {
    /// Rewrites the header, or a record that repeats it.
    pub(super) fn header<'a>(
        &self,
        table: &'a Table<'_>,
        record: &Record<'a>,
        is_repeated: bool,
    ) -> Rewritten<'a> {
        let mut out = self.converted(record);
        for ((field, column), original) in
            out.fields.iter_mut().zip(&table.columns).zip(record.fields())
        {
            if let Some(name) = &column.name {
                let is_quoted = original.quoting() != Quoting::None;
                let is_joined = is_repeated && original.raw().starts_with(bom::BOM);
                *field = written(name, is_quoted && !is_joined);
                if is_joined {
                    *field = Cow::Owned([bom::BOM, field].concat());
                }
                out.fixes.push(&RENAME_COLUMN);
            }
        }
        for name in &table.added {
            out.fields.push(written(name, false));
            out.fixes.push(&ADD_COLUMNS);
        }
        out
    }

    pub(super) fn data<'a>(&self, table: &'a Table<'_>, record: &Record<'a>) -> Rewritten<'a> {
        if is_header(record, &table.header) {
            // It stays a repeated header, which is an error that no fix cures.
            return self.header(table, record, true);
        }
        let mut out = self.converted(record);
        if !table.fits(record) || record.bytes().is_empty() {
            return out;
        }
        let Rewritten { fields, fixes } = &mut out;
        for ((field, column), original) in
            fields.iter_mut().zip(&table.columns).zip(record.fields())
        {
            if let Some(changed) = fixed(column, &original, field, fixes) {
                *field = Cow::Owned(changed);
            }
        }
        for _ in &table.added {
            fields.push(Cow::Borrowed(b""));
            fixes.push(&ADD_COLUMNS);
        }
        out
    }

    /// The fields in UTF-8.
    pub(super) fn converted<'a>(&self, record: &Record<'a>) -> Rewritten<'a> {
        let mut out = Rewritten::default();
        for field in record.fields() {
            let raw = field.raw();
            out.fields.push(if self.encoding == Encoding::Windows1252 && !raw.is_ascii() {
                out.fixes.push(&CONVERT_ENCODING);
                Cow::Owned(doubt::decode(raw))
            } else {
                Cow::Borrowed(raw)
            });
        }
        out
    }
}

/// A column name as a field.
fn written(name: &Text, is_quoted: bool) -> Cow<'_, [u8]> {
    if is_quoted || name.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")).into_bytes())
    } else {
        Cow::Borrowed(name.as_bytes())
    }
}

/// The field with its value fixed; `None` if there is nothing to fix.
fn fixed(
    column: &ColumnPlan<'_>,
    original: &Field<'_>,
    raw: &[u8],
    fixes: &mut Vec<&'static Fix>,
) -> Option<Vec<u8>> {
    let spec = column.spec?;
    let is_quoted = original.quoting() != Quoting::None;
    // A doubled quote is not whitespace, so trimming needs no undoubling.
    let inner = if is_quoted { raw.get(1..raw.len().checked_sub(1)?)? } else { raw };
    let trimmed = trim(inner);
    let is_padded = trimmed.len() < inner.len();
    // These fixes do not repair characters, so they must not hide what is wrong with them.
    if trimmed.is_empty() || bytes::is_damaged(inner) || is_padded && !is_trimmed(inner, trimmed) {
        return None;
    }
    let before = fixes.len();
    let mut text = Cow::Borrowed(trimmed);
    if is_padded {
        fixes.push(&TRIM_VALUE);
    }
    match &spec.format {
        Format::OneOf(allowed) if value::is_sound(&text, spec) => {
            if let Some(meant) = one_meant(&text, allowed) {
                fixes.push(&WRITE_ALLOWED_VALUE);
                text = Cow::Borrowed(meant.as_bytes());
            }
        }
        Format::Date => {
            if let Some(padded) = column.dates.padded(&text) {
                fixes.push(&PAD_DATE);
                text = Cow::Owned(padded.into_bytes());
            }
        }
        Format::OneOf(_) | Format::Text | Format::Alphanumeric | Format::Groups => {}
    }
    if fixes.len() == before {
        return None;
    }
    let quote: &[u8] = if is_quoted { b"\"" } else { b"" };
    Some([quote, &text, quote].concat())
}
