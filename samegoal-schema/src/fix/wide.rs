//! Text with two or four bytes per character, read as UTF-8.

use std::io::{self, Read};

/// An encoding recognized by its byte-order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
}

impl Wide {
    /// The encoding whose mark is at the start.
    pub(super) fn by_mark(head: &[u8]) -> Option<Self> {
        // The mark of UTF-16 is also the beginning of one of UTF-32.
        [Self::Utf32Le, Self::Utf32Be, Self::Utf16Le, Self::Utf16Be]
            .into_iter()
            .find(|wide| head.starts_with(wide.mark()))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf16Le => "UTF-16 (little endian)",
            Self::Utf16Be => "UTF-16 (big endian)",
            Self::Utf32Le => "UTF-32 (little endian)",
            Self::Utf32Be => "UTF-32 (big endian)",
        }
    }

    fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf16Le => b"\xFF\xFE",
            Self::Utf16Be => b"\xFE\xFF",
            Self::Utf32Le => b"\xFF\xFE\0\0",
            Self::Utf32Be => b"\0\0\xFE\xFF",
        }
    }

    fn unit(self, bytes: &[u8]) -> Option<u32> {
        Some(match self {
            Self::Utf16Le => u16::from_le_bytes(bytes.try_into().ok()?).into(),
            Self::Utf16Be => u16::from_be_bytes(bytes.try_into().ok()?).into(),
            Self::Utf32Le => u32::from_le_bytes(bytes.try_into().ok()?),
            Self::Utf32Be => u32::from_be_bytes(bytes.try_into().ok()?),
        })
    }
}

/// Reads such text as UTF-8, without its mark. Invalid text is an error of the kind
/// [`io::ErrorKind::InvalidData`].
pub(super) struct WideReader<R> {
    source: R,
    wide: Wide,
    /// Bytes that are read but do not complete a character yet.
    pending: Vec<u8>,
    text: String,
    /// How much of the text has been returned.
    given: usize,
    begun: bool,
    at_end: bool,
}

impl<R: Read> WideReader<R> {
    pub(super) fn new(source: R, wide: Wide) -> Self {
        let (pending, text) = (Vec::new(), String::new());
        Self { source, wide, pending, text, given: 0, begun: false, at_end: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let mut block = [0; 16 << 10];
        let read = match self.source.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            read => read?,
        };
        self.at_end = read == 0;
        self.pending.extend_from_slice(block.get(..read).unwrap_or_default());
        let mark = self.wide.mark();
        if !self.begun && (self.pending.len() >= mark.len() || self.at_end) {
            if self.pending.starts_with(mark) {
                self.pending.drain(..mark.len());
            }
            self.begun = true;
        }
        if self.begun { self.decode() } else { Ok(()) }
    }

    fn decode(&mut self) -> io::Result<()> {
        let size = if matches!(self.wide, Wide::Utf16Le | Wide::Utf16Be) { 2 } else { 4 };
        let units: Vec<u32> =
            self.pending.chunks_exact(size).filter_map(|unit| self.wide.unit(unit)).collect();
        let mut used = 0;
        let mut rest = units.iter().copied();
        while let Some(unit) = rest.next() {
            let is_first_of_two = size == 2 && (0xD800..0xDC00).contains(&unit);
            let (length, code) = if is_first_of_two {
                let Some(second) = rest.next() else { break };
                if !(0xDC00..0xE000).contains(&second) {
                    return Err(no_text());
                }
                (2, 0x1_0000 + ((unit - 0xD800) << 10) + (second - 0xDC00))
            } else {
                (1, unit)
            };
            self.text.push(char::from_u32(code).ok_or_else(no_text)?);
            used += length;
        }
        self.pending.drain(..used * size);
        if self.at_end && !self.pending.is_empty() { Err(no_text()) } else { Ok(()) }
    }
}

impl<R: Read> Read for WideReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.at_end {
            self.fill()?;
        }
        let ready = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let length = ready.len().min(buffer.len());
        let (Some(from), Some(to)) = (ready.get(..length), buffer.get_mut(..length)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        self.given += length;
        Ok(length)
    }
}

fn no_text() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not valid text in the encoding of its mark")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Id,Näme\r\n1,🎓 Zoë\u{FEFF}\n";

    fn encoded(wide: Wide) -> Vec<u8> {
        let mut bytes = wide.mark().to_vec();
        match wide {
            Wide::Utf16Le => bytes.extend(TEXT.encode_utf16().flat_map(u16::to_le_bytes)),
            Wide::Utf16Be => bytes.extend(TEXT.encode_utf16().flat_map(u16::to_be_bytes)),
            Wide::Utf32Le => bytes.extend(TEXT.chars().flat_map(|c| u32::from(c).to_le_bytes())),
            Wide::Utf32Be => bytes.extend(TEXT.chars().flat_map(|c| u32::from(c).to_be_bytes())),
        }
        bytes
    }

    /// Returns one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn text_is_the_same_in_utf8_however_it_comes() {
        for wide in [Wide::Utf16Le, Wide::Utf16Be, Wide::Utf32Le, Wide::Utf32Be] {
            let bytes = encoded(wide);
            assert_eq!(Wide::by_mark(&bytes), Some(wide));
            let mut text = String::new();
            WideReader::new(bytes.as_slice(), wide).read_to_string(&mut text).unwrap();
            assert_eq!(text, TEXT);
            text.clear();
            WideReader::new(Slow(&bytes), wide).read_to_string(&mut text).unwrap();
            assert_eq!(text, TEXT);
        }
        assert_eq!(Wide::by_mark(b"\xEF\xBB\xBFId"), None);
    }

    #[test]
    fn what_is_no_text_is_an_error() {
        for bytes in [
            &b"\xFF\xFEI\0d"[..],
            b"\xFF\xFE\x00\xD8I\0",
            b"\xFF\xFE\x00\xDC",
            b"\xFF\xFE\x00\xD8",
            b"\xFF\xFE\0\0\0\0\x11\0",
        ] {
            let wide = Wide::by_mark(bytes).unwrap();
            let error = WideReader::new(bytes, wide).read_to_end(&mut Vec::new()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }
}
