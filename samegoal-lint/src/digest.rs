//! What was read, in one number.

use std::fmt::Write;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// The SHA-256 of a file.
pub(crate) type FileDigest = [u8; 32];

/// Passes on what is read, and takes its SHA-256 if that is asked for.
pub(crate) struct Digesting<R> {
    source: R,
    hash: Option<Sha256>,
}

impl<R: Read> Digesting<R> {
    pub(crate) fn new(source: R, is_wanted: bool) -> Self {
        Self { source, hash: is_wanted.then(Sha256::new) }
    }

    /// The SHA-256 of all that was read, if it is wanted.
    pub(crate) fn so_far(&self) -> Option<FileDigest> {
        self.hash.as_ref().map(|hash| hash.clone().finalize().into())
    }

    /// The SHA-256 of the whole file, including parts that were not read, if requested.
    pub(crate) fn whole(mut self) -> io::Result<Option<FileDigest>> {
        if self.hash.is_some() {
            io::copy(&mut self, &mut io::sink())?;
        }
        Ok(self.so_far())
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        if let (Some(hash), Some(read)) = (&mut self.hash, buffer.get(..count)) {
            hash.update(read);
        }
        Ok(count)
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_digested() {
        for (text, wanted, expected) in [
            ("", true, Some("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
            ("abc", true, Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
            ("abc", false, None),
        ] {
            let mut source = text.as_bytes();
            let mut digesting = Digesting::new(&mut source, wanted);
            let mut read = String::new();
            digesting.read_to_string(&mut read).unwrap();
            assert_eq!(
                (read.as_str(), digesting.so_far().map(|it| hexadecimal(&it)).as_deref()),
                (text, expected)
            );
        }
    }
}
