//! Files that are written, and who may read them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use samegoal_schema::finding::Values;
use tempfile::NamedTempFile;

use crate::listing::neither_follow_nor_wait;

/// What the name of a file begins and ends with until all of it is there.
const PREFIX: &str = ".samegoal-lint-";
const SUFFIX: &str = ".tmp";

/// Puts a new file in the place of what is at `path`, or leaves that alone: whoever looks finds
/// the old file or the new one and never a half.
///
/// A new file gets the mode that the mask of the process leaves it, and the mode of an old one stays.
/// Where values are shown, a new file is its owner's alone, and so is one that everybody could read or
/// that somebody else put there.
pub(super) fn replace(
    path: &Path,
    values: Values,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // The file that a link points to is replaced, and the link stays.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = path.metadata().ok();
    if old.as_ref().is_some_and(|it| !it.is_file()) {
        return Err(not_regular());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    if old.is_none() && values == Values::Mask {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let parent = parent.unwrap_or(Path::new("."));
    clean(parent);
    let mut file = locked(&builder, parent)?;
    let mut out = io::BufWriter::new(&mut file);
    write(&mut out)?;
    out.flush()?;
    drop(out);
    #[cfg(not(unix))]
    let _ = values;
    #[cfg(unix)]
    if let Some(old) = old {
        keep_mode(file.as_file(), &old, values)?;
    }
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes a file that no other run takes for one that was left.
fn locked(builder: &tempfile::Builder<'_, '_>, dir: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = builder.tempfile_in(dir)?;
        // Another run may have done so in the moment before it is locked.
        let is_taken = matches!(file.as_file().try_lock(), Err(TryLockError::WouldBlock));
        if !is_taken && file.path().symlink_metadata().is_ok() {
            return Ok(file);
        }
    }
}

/// Removes what killed runs have left. What cannot be removed stays.
fn clean(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        if is_ours && entry.file_type().is_ok_and(|it| it.is_file()) {
            let mut options = OpenOptions::new();
            options.read(true);
            neither_follow_nor_wait(&mut options);
            // The lock is held until the file is gone.
            if let Ok(file) = options.open(entry.path())
                && file.try_lock().is_ok()
            {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Lets those read a file who could read the old one.
#[cfg(unix)]
fn keep_mode(file: &File, old: &fs::Metadata, values: Values) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    const EVERYBODY: u32 = 0o007;
    const GROUP: u32 = 0o070;
    let mut mode = old.mode() & 0o777;
    let is_own = old.uid() == rustix::process::geteuid().as_raw();
    if values == Values::Show && (mode & EVERYBODY != 0 || !is_own) {
        mode = 0o600;
    }
    // Another group would be other people.
    if fchown(file, None, Some(old.gid())).is_err() {
        mode &= !GROUP;
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Opens a regular file to append to, and makes it if it is not there.
pub(super) fn append(path: &Path, values: Values) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if values == Values::Show { 0o600 } else { 0o666 });
        // A pipe without a reader would be waited for.
        options.custom_flags(libc::O_NONBLOCK);
    }
    #[cfg(not(unix))]
    let _ = values;
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

fn not_regular() -> io::Error {
    io::Error::other("it is not a regular file")
}
