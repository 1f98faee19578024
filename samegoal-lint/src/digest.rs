//! Whether two files are the same, byte for byte.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// The SHA-256 of a file.
pub(crate) type FileDigest = [u8; 32];

/// Passes bytes on and takes their digest on the way.
pub(crate) struct Digesting<R> {
    source: R,
    hash: Sha256,
}

impl<R: Read> Digesting<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, hash: Sha256::new() }
    }

    /// The digest of the whole, what nobody has read of it among it.
    pub(crate) fn finish(mut self) -> io::Result<FileDigest> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.hash.finalize().into())
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.hash.update(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}
