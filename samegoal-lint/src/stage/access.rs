//! Who may read what is made: at no moment anybody who cannot read what it is made of.
//!
//! A file may be readable and lie in a directory that keeps people out. So what counts is the file's mode
//! and the way to it, as far as it is not the way to the upload directory too.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The mode of files on Unix. Directories may be searched by those who may read the files in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode(u32);

/// Something is no mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the mode of files as three octal digits, for example 640; Windows has none")]
pub struct NoMode;

impl FromStr for Mode {
    type Err = NoMode;

    fn from_str(text: &str) -> Result<Self, NoMode> {
        match u32::from_str_radix(text, 8) {
            Ok(mode @ 0o400..=0o777) if cfg!(unix) && !text.starts_with('+') => Ok(Self(mode)),
            _ => Err(NoMode),
        }
    }
}

/// Makes files and directories for those who may read SOURCE, or who are given access.
#[derive(Debug)]
#[cfg_attr(not(unix), expect(dead_code, reason = "elsewhere directories pass on who may read"))]
pub(super) struct Access {
    given: Option<Mode>,
    source: PathBuf,
    /// SOURCE and what is above it, but not above DIR.
    way: Vec<Metadata>,
}

impl Access {
    pub(super) fn new(source: &Path, upload: &Path, given: Option<Mode>) -> io::Result<Self> {
        let (source, upload) = (source.canonicalize()?, upload.canonicalize()?);
        let way = source.ancestors().take_while(|dir| !upload.starts_with(dir));
        let way = way.map(fs::metadata).collect::<io::Result<_>>()?;
        Ok(Self { given, source, way })
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};

    use super::{Access, DirBuilder, File, Mode, OpenOptions, Path, fs, io};

    const OWNER: u32 = 0o700;
    const GROUP: u32 = 0o070;
    const OTHERS: u32 = 0o007;
    const READ: u32 = 0o444;
    const SEARCH: u32 = 0o111;

    impl Access {
        /// Makes a copy of the file at `original`.
        pub(in super::super) fn file(&self, path: &Path, original: &Path) -> io::Result<File> {
            self.make_file(path, original)
        }

        /// Makes a file that holds nothing, for those who may read the directory.
        pub(in super::super) fn marker(&self, path: &Path) -> io::Result<File> {
            self.make_file(path, &self.source)
        }

        /// Makes a directory in a private one.
        pub(in super::super) fn dir(&self, path: &Path) -> io::Result<()> {
            let (mode, group) = self.readers(&self.source, READ | SEARCH)?;
            DirBuilder::new().mode(mode | OWNER).create(path)?;
            let given = self.given.map(|Mode(mode)| OWNER | mode | (mode & READ) >> 2);
            settle(&File::open(path)?, given, group)
        }

        fn make_file(&self, path: &Path, original: &Path) -> io::Result<File> {
            let (mode, group) = self.readers(original, READ)?;
            let mut options = OpenOptions::new();
            let options = options.read(true).write(true).create_new(true);
            let file = options.mode(mode | 0o600).open(path)?;
            settle(&file, self.given.map(|Mode(mode)| mode), group)?;
            Ok(file)
        }

        /// The mode that lets in whom `original` and the way to it let in, and its group.
        fn readers(&self, original: &Path, bits: u32) -> io::Result<(u32, u32)> {
            let found = fs::metadata(original)?;
            let mut mode = found.mode() & bits;
            let reaches = |group: Option<u32>| {
                self.way.iter().all(|dir| {
                    let class = if group == Some(dir.gid()) { GROUP } else { OTHERS };
                    dir.mode() & SEARCH & class != 0
                })
            };
            if !reaches(Some(found.gid())) || has_list(original) {
                mode &= !GROUP;
            }
            if !reaches(None) {
                mode &= !OTHERS;
            }
            Ok((mode, found.gid()))
        }
    }

    /// Gives a new file, in which nothing is yet, the given mode; or sees to it that another group
    /// than that of the original, which it may have been given, can do no more than others.
    fn settle(file: &File, given: Option<u32>, group: u32) -> io::Result<()> {
        let found = file.metadata()?;
        let own = found.mode() & 0o7777;
        let mode = match given {
            Some(given) => given,
            None if found.gid() == group => return Ok(()),
            None => own & !GROUP | (own & OTHERS) << 3,
        };
        file.set_permissions(fs::Permissions::from_mode(mode))
    }

    /// Whether a list of access rights says more than the mode, whose bits for the group are then those
    /// of everybody in the list.
    #[cfg(target_os = "linux")]
    fn has_list(path: &Path) -> bool {
        rustix::fs::getxattr(path, "system.posix_acl_access", &mut [0_u8; 0]).is_ok()
    }

    #[cfg(not(target_os = "linux"))]
    fn has_list(_: &Path) -> bool {
        false
    }
}

/// Where there are no modes, the directory above decides.
#[cfg(not(unix))]
impl Access {
    pub(super) fn file(&self, path: &Path, _: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(path)
    }

    pub(super) fn marker(&self, path: &Path) -> io::Result<File> {
        self.file(path, path)
    }

    pub(super) fn dir(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().create(path)
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn a_mode_is_octal() {
        for text in ["640", "0640", "400", "777"] {
            assert_eq!(text.parse::<Mode>().is_ok(), cfg!(unix), "{text}");
        }
        for text in ["", "888", "1777", "77", "-644", "u+r", "000", "+644"] {
            assert!(text.parse::<Mode>().is_err(), "{text}");
        }
    }
}
