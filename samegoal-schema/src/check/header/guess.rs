//! What a first record is, before it is taken as the header.

use std::borrow::Cow;

use super::matching::{Binding, How, bind};
use crate::schema::{ColumnSpec, Completeness, Content, FileSpec, Format, Schema};
use crate::text::lookalike;

/// The API file that a header certainly belongs to, if there is one.
///
/// Only files with a complete column list can be recognized. A header belongs to one if it has at
/// least three of its columns, and these are half of the required columns, or five that make up
/// three quarters of the header: a list of guardians also has names and addresses. A column counts
/// if its name is there, regardless of case, spaces and punctuation.
pub(crate) fn recognize<'s>(schema: &'s Schema, headers: &[Cow<'_, [u8]>]) -> Option<&'s FileSpec> {
    schema
        .files()
        .filter(|spec| spec.completeness == Completeness::Complete)
        .filter_map(|spec| Some((overlap(spec, &bind(spec, headers))?, spec)))
        // The first of equals; `max_by_key` would return the last.
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, spec)| spec)
}

/// Whether cells are certainly names of a file's columns. If not all columns are published, a value
/// may equal a column's name, but not the name of an identifier, and not twice in one record.
pub(crate) fn is_certain(spec: &FileSpec, cells: &[Cow<'_, [u8]>]) -> bool {
    let binding = bind(spec, cells);
    if spec.completeness == Completeness::Complete {
        return overlap(spec, &binding).is_some();
    }
    let columns = named(&binding);
    let identifies = |column: &usize| {
        spec.columns.get_index(*column).is_some_and(|(_, it)| it.content == Content::Identifier)
    };
    columns.len() >= 2 || columns.iter().any(identifies)
}

/// The columns whose names are there, regardless of case, spaces and punctuation.
fn named(binding: &Binding) -> Vec<usize> {
    let is_named = |how: How| match how {
        How::Exact => true,
        How::Misnamed(difference) => difference.is_same_name(),
        How::Contested(_) | How::Duplicate(_) | How::Blank | How::Unknown => false,
    };
    let bounds = binding.bounds.iter().filter(|bound| is_named(bound.how));
    bounds.filter_map(|bound| bound.column).collect()
}

/// How many columns a header shares with a file, if it is that file's header.
pub(super) fn overlap(spec: &FileSpec, binding: &Binding) -> Option<usize> {
    let columns = named(binding);
    let is_required = |column: usize| {
        spec.columns.get_index(column).is_some_and(|(_, c)| c.presence.is_demanded())
    };
    let required = (0..spec.columns.len()).filter(|&column| is_required(column)).count();
    let found = columns.iter().filter(|&&column| is_required(column)).count();
    let half = found > 0 && found * 2 >= required;
    let most = columns.len() >= 5 && columns.len() * 4 >= binding.bounds.len() * 3;
    (columns.len() >= 3 && (half || most)).then_some(columns.len())
}

/// Whether a header is that of a file and of no other: it has all required columns but one at most, and
/// hardly any others.
pub(super) fn carries(spec: &FileSpec, headers: &[Cow<'_, [u8]>]) -> bool {
    let normal = |header: &Cow<'_, [u8]>| lookalike::normal(&String::from_utf8_lossy(header));
    let headers: Vec<String> = headers.iter().map(normal).collect();
    let is_named = |column: &&ColumnSpec| headers.contains(&lookalike::normal(&column.name));
    let required = || spec.columns().filter(|column| column.presence.is_demanded());
    let found = required().filter(is_named).count();
    let columns = || spec.columns().filter(is_named).count();
    found >= 3 && found + 1 >= required().count() && columns() * 4 >= headers.len() * 3
}

/// Whether the first record of a file is data, so that the header is missing.
///
/// It is not if one of its cells is a name that no value has, perhaps written differently. Any other
/// cell may be close to a column's name by chance: a first name `Grace`, a surname `City`. So the
/// cells that no header has must outnumber these. Enough are two in a complete file, one in a
/// partial file, and half of all cells (including empty ones) if no column of the file is known.
pub(crate) fn looks_like_data(spec: &FileSpec, headers: &[Cow<'_, [u8]>]) -> bool {
    let cells: Vec<_> = headers.iter().map(|cell| String::from_utf8_lossy(cell)).collect();
    let data: Vec<bool> = cells.iter().map(|cell| is_data(spec, lookalike::trim(cell))).collect();
    let count = data.iter().filter(|data| **data).count();
    let enough = if spec.columns.is_empty() {
        let beside = |at: usize| [at.checked_sub(1), at.checked_add(1)].into_iter().flatten();
        let empty = cells.iter().enumerate().filter(|(at, cell)| {
            lookalike::trim(cell).is_empty() && beside(*at).any(|at| data.get(at) == Some(&true))
        });
        count > 0 && (count + empty.count()) * 2 >= cells.len()
    } else if spec.completeness == Completeness::Complete && cells.len() >= 3 {
        count >= 2
    } else {
        count >= 1
    };
    enough && {
        let binding = bind(spec, headers);
        !has_own_name(spec, &binding) && count > resembling(&binding)
    }
}

/// Binds the first line of a file, and decides whether it may be shown.
pub(crate) fn bind_line(spec: &FileSpec, headers: &[Cow<'_, [u8]>]) -> Binding {
    let binding = bind(spec, headers);
    Binding { is_public: is_public(spec, headers, &binding), ..binding }
}

/// Whether a line is certainly a header, so that it may be shown where values are masked. Of a line
/// without a name that no value has, enough must be names, and nothing may be data. In one with such
/// a name, a single number may be a name, too; more are a record in the same line.
fn is_public(spec: &FileSpec, headers: &[Cow<'_, [u8]>], binding: &Binding) -> bool {
    let cells = headers.iter().map(|cell| String::from_utf8_lossy(cell));
    let cells: Vec<_> = cells.filter(|cell| !lookalike::trim(cell).is_empty()).collect();
    let data = cells.iter().filter(|cell| is_data(spec, lookalike::trim(cell))).count();
    let has_enough_names = match spec.completeness {
        Completeness::Complete => {
            let names = resembling(binding);
            names >= 3 && names * 2 >= cells.len()
        }
        Completeness::Partial => named(binding).len() >= 2,
    };
    match data {
        0 => has_own_name(spec, binding) || has_enough_names,
        1 => has_own_name(spec, binding),
        _ => false,
    }
}

/// Whether one of the cells is the name of a column in several words, which no value is.
fn has_own_name(spec: &FileSpec, binding: &Binding) -> bool {
    let column = |column: &usize| spec.columns.get_index(*column);
    named(binding).iter().filter_map(column).any(|(name, _)| name.contains(' '))
}

/// How many cells are names of columns or close to one.
fn resembling(binding: &Binding) -> usize {
    let is_near = |how: How| matches!(how, How::Exact | How::Misnamed(_) | How::Contested(_));
    binding.bounds.iter().filter(|bound| is_near(bound.how)).count()
}

/// Whether a cell is certainly not a column name: a number, a date, a phone number, an e-mail
/// address or a published value.
fn is_data(spec: &FileSpec, cell: &str) -> bool {
    is_number(cell) || is_date(cell) || is_email(cell) || is_published(spec, cell)
}

/// Only digits, or at least seven digits with the characters that people put into phone numbers.
fn is_number(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let others = cell.bytes().filter(|b| b" ()+-.".contains(b)).count();
    digits + others == cell.len() && digits >= if others == 0 { 1 } else { 7 }
}

/// Three numbers separated by a slash, a hyphen or a dot.
fn is_date(cell: &str) -> bool {
    ['/', '-', '.'].into_iter().any(|separator| {
        cell.split(separator).count() == 3
            && cell.split(separator).all(|part| {
                (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
            })
    })
}

fn is_email(cell: &str) -> bool {
    let Some((name, host)) = cell.split_once('@') else { return false };
    !name.is_empty()
        && !cell.contains(char::is_whitespace)
        && host.split('.').count() >= 2
        && host.split('.').all(|part| !part.is_empty())
}

fn is_published(spec: &FileSpec, cell: &str) -> bool {
    spec.columns().any(|column| match &column.format {
        Format::OneOf(values) => values.iter().any(|value| value == cell),
        _ => false,
    })
}
