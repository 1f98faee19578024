//! One field: where it is, how it is quoted, and its value.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

/// How a field is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Not at all.
    None,
    /// In quotes, with none inside.
    Plain,
    /// In quotes, with doubled quotes inside.
    Escaped,
    /// It starts with a quote, but does not end with one.
    Broken,
}

/// One field, borrowed from the scanner's buffer.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    pub(super) raw: &'a [u8],
    pub(super) start: usize,
    pub(super) quoting: Quoting,
}

impl<'a> Field<'a> {
    /// The bytes as they lie in the file, quotes included.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Where the bytes lie in the record.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }

    /// How it is quoted.
    pub fn quoting(&self) -> Quoting {
        self.quoting
    }

    /// The value of the field: without its quotes, and with doubled quotes as one.
    #[inline]
    pub fn value(&self) -> Cow<'a, [u8]> {
        match self.quoting {
            Quoting::None => Cow::Borrowed(self.raw),
            Quoting::Plain => Cow::Borrowed(self.inner()),
            Quoting::Broken => Cow::Borrowed(self.raw.get(1..).unwrap_or_default()),
            Quoting::Escaped => {
                let mut value = Vec::with_capacity(self.raw.len());
                let mut rest = self.inner();
                while let Some(quote) = memchr(b'"', rest) {
                    value.extend_from_slice(rest.get(..=quote).unwrap_or_default());
                    rest = rest.get(quote + 2..).unwrap_or_default();
                }
                value.extend_from_slice(rest);
                Cow::Owned(value)
            }
        }
    }

    pub(super) fn inner(&self) -> &'a [u8] {
        self.raw.get(1..self.raw.len().saturating_sub(1)).unwrap_or_default()
    }
}

/// Where in its batch a field ends, and how it is quoted. It starts after the field before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldEnd(u32);

/// The bits for the place. The others hold the quoting.
const PLACE_BITS: u32 = 30;

const PLACE: u32 = (1 << PLACE_BITS) - 1;

impl FieldEnd {
    #[inline]
    pub(crate) fn new(end: usize, quoting: Quoting) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a batch is far smaller")]
        Self(end as u32 | (quoting as u32) << PLACE_BITS)
    }

    /// The same field in bytes that have `count` more in front.
    pub(crate) fn shifted(self, count: usize) -> Self {
        Self::new(self.end() + count, self.quoting())
    }

    /// The end of an imagined field before the one that starts here.
    #[inline]
    pub(crate) fn before(start: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a batch is far smaller")]
        Self((start as u32).wrapping_sub(1) & PLACE)
    }

    /// Where the value of this field starts, and its length, given the field before it.
    #[inline(always)]
    pub(crate) fn value_behind(self, before: Self) -> (u32, u32) {
        let quotes = u32::from(self.0 >> PLACE_BITS == Quoting::Plain as u32);
        let start = (before.0.wrapping_add(1) & PLACE) + quotes;
        (start, ((self.0 & PLACE) - quotes).saturating_sub(start))
    }

    #[inline]
    pub(crate) fn end(self) -> usize {
        (self.0 & PLACE) as usize
    }

    #[inline]
    pub(crate) fn quoting(self) -> Quoting {
        match self.0 >> PLACE_BITS {
            0 => Quoting::None,
            1 => Quoting::Plain,
            2 => Quoting::Escaped,
            _ => Quoting::Broken,
        }
    }
}

/// The ranges and the quoting of fields that follow one another. The first starts at `start`.
pub(crate) fn spans(
    fields: &[FieldEnd],
    start: usize,
) -> impl ExactSizeIterator<Item = (Range<usize>, Quoting)> {
    let mut start = start;
    fields.iter().map(move |field| {
        let range = start..field.end();
        start = range.end + 1;
        (range, field.quoting())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::limits::MAX_RECORD;

    #[test]
    fn a_place_and_a_quoting_fit_together() {
        for quoting in [Quoting::None, Quoting::Plain, Quoting::Escaped, Quoting::Broken] {
            let field = FieldEnd::new(MAX_RECORD * 2, quoting);
            assert_eq!((field.end(), field.quoting()), (MAX_RECORD * 2, quoting));
        }
    }
}
