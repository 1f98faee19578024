//! How far a run is, for those who wait at a terminal.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::listing::{Entry, Identity, Kind, Source, Stamp, Tree, display};
use samegoal_schema::text::escape::visible;

/// What is over sooner needs no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// A tree that counts what is read of its files. Once that takes longer than half a second, and if
/// it is wanted, a bar on standard error shows it; the bar goes away with the tree.
#[derive(Debug)]
pub struct Watched<T> {
    tree: T,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    bar: ProgressBar,
    start: Instant,
    /// Whether the bar is shown from now on, or never will be.
    is_settled: AtomicBool,
}

impl<T> Watched<T> {
    /// Watches `tree`. Without `is_wanted` it is only a tree.
    pub fn new(tree: T, is_wanted: bool) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes} of {total_bytes}");
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = style {
            bar.set_style(style);
        }
        let is_settled = AtomicBool::new(!is_wanted);
        Self { tree, shared: Arc::new(Shared { bar, start: Instant::now(), is_settled }) }
    }
}

impl<T> Drop for Watched<T> {
    fn drop(&mut self) {
        self.shared.bar.finish_and_clear();
    }
}

impl Shared {
    fn advance(&self, bytes: usize) {
        self.bar.inc(u64::try_from(bytes).unwrap_or_default());
        if !self.is_settled.load(Ordering::Relaxed) && self.start.elapsed() > PATIENCE {
            self.is_settled.store(true, Ordering::Relaxed);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl<T: Tree> Tree for Watched<T> {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        self.tree.kind(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.tree.list(dir)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        let source = self.tree.open(path)?;
        self.shared.bar.inc_length(source.stamp().map_or(0, |stamp| stamp.len));
        self.shared.bar.set_message(visible(&display(path)).into_owned());
        Ok(Box::new(WatchedSource { source, shared: Arc::clone(&self.shared) }))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.tree.stamp(path)
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        self.tree.name_of(dir)
    }

    fn entry_name(&self, path: &Path) -> Option<OsString> {
        self.tree.entry_name(path)
    }

    fn distrusted(&self, file: &Path, path: &Path) -> Option<&'static str> {
        self.tree.distrusted(file, path)
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        self.tree.identity(path)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        self.tree.absolute(path)
    }
}

struct WatchedSource {
    source: Box<dyn Source>,
    shared: Arc<Shared>,
}

impl Read for WatchedSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.shared.advance(count);
        Ok(count)
    }
}

impl Source for WatchedSource {
    fn stamp(&self) -> io::Result<Stamp> {
        self.source.stamp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Memory;

    #[test]
    fn what_is_read_is_counted_and_passed_on() {
        let tree = Memory::new().file("x/students.csv", "1234567890").file("x/users.csv", "abc");
        let watched = Watched::new(tree, true);
        let mut text = String::new();
        for path in ["x/students.csv", "x/users.csv"] {
            watched.open(path.as_ref()).unwrap().read_to_string(&mut text).unwrap();
        }
        assert_eq!(text, "1234567890abc");
        let bar = &watched.shared.bar;
        assert_eq!((bar.position(), bar.length()), (13, Some(13)));
        assert!(bar.is_hidden());
        assert_eq!(watched.list("x".as_ref()).unwrap().len(), 2);
    }
}
