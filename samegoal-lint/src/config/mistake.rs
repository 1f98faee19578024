//! Why a configuration cannot be used.

use std::ops::Range;
use std::{fmt, io};

use samegoal_schema::{Excerpt, Location};

use super::source::Source;
use crate::policy::UnknownName;
use samegoal_schema::text::escape::visible;

/// Why no configuration can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read the configuration `{path}`: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// It is so long that it must be something else.
    #[error("`{0}` is too long for a configuration")]
    TooLong(String),
    /// Its name is that of something else: showing a place in it could show somebody's data.
    #[error("`{0}` is not a configuration: its name must end in .toml")]
    NotToml(String),
    /// It was found, and not named, and somebody else may have put it there.
    #[error(
        "the configuration `{path}` was not used, because {why}; pass it with --config to use it, \
         or use --no-config"
    )]
    Distrusted {
        /// The file.
        path: String,
        /// Why it is not used, with "it" for the file.
        why: &'static str,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Wrong(Box<Mistake>),
}

/// Something that is wrong in a configuration, and where.
pub struct Mistake {
    /// The file, as the user would type it.
    pub path: String,
    /// The place.
    pub location: Location,
    /// The line.
    pub excerpt: Excerpt,
    /// What is wrong.
    pub message: String,
    /// How to fix it; may be empty.
    pub help: String,
}

impl Mistake {
    pub(super) fn new(path: &str, source: &Source, at: &Range<usize>, message: String) -> Self {
        Self {
            path: path.to_owned(),
            location: source.location(at),
            excerpt: source.excerpt(at),
            message,
            help: String::new(),
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// What the TOML parser or serde found.
    pub(super) fn of_toml(path: &str, source: &Source, error: &toml::de::Error) -> Self {
        let at = error.span().unwrap_or(0..0);
        let (message, help) = reworded(error.message());
        Self::new(path, source, &at, message).help(help)
    }
}

impl From<Mistake> for ConfigError {
    fn from(mistake: Mistake) -> Self {
        Self::Wrong(Box::new(mistake))
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, location, message, .. } = self;
        write!(f, "{}:{}", visible(path), location.line)?;
        if location.is_public {
            write!(f, ":{}", location.column)?;
        }
        write!(f, ": {}", visible(message))
    }
}

impl fmt::Debug for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mistake {}

/// What serde says of an unknown word, with the word that may be meant, and of a wrong value, without
/// it: the file may not be the configuration that it seems to be.
///
/// The names are taken from the message, which is the only place where serde tells them. Where it
/// reads otherwise one day, the message stands as it is.
fn reworded(message: &str) -> (String, String) {
    if let Some((start, expected)) = message.split_once(", expected ")
        && start.starts_with("invalid ")
        && !start.starts_with("invalid unquoted")
    {
        return (format!("expected {expected}"), String::new());
    }
    let unknown = ["unknown field `", "unknown variant `"]
        .into_iter()
        .find_map(|start| message.strip_prefix(start)?.split_once("`, expected "));
    let Some((name, expected)) = unknown else {
        return (message.to_owned(), String::new());
    };
    // Every second piece stands between backquotes.
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let unknown = UnknownName::new(name, &known).veiled();
    let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    (format!("{unknown} is not known here"), format!("Known here: {}.", names.join(", ")))
}
