//! A configuration that was read and found to be right.

use std::cmp::Reverse;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use samegoal_schema::schema::overlay::{Contradiction, Entry, Problem};
use samegoal_schema::{Location, Schema};

use super::source::{Source, Step};
use super::{Accept, Choice, Config, ConfigError, Mistake};
use crate::listing::{Kind, Tree, display};
use crate::policy::{Accepted, Policy, Scoped, UnknownName};

/// The longest configuration that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// What is said of the name of a file that no known one is near.
const NO_FILE: &str = "there is no API file with this name";

/// A configuration that can be used.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The file, as the user would type it.
    pub path: String,
    /// What it says.
    pub config: Config,
    /// The API with the district's columns laid over it.
    pub schema: Schema,
    /// Where it is laxer than what is published.
    pub contradictions: Vec<Contradiction>,
    source: Source,
}

impl Loaded {
    /// Reads the file that [`locate`](super::locate) finds for a choice.
    ///
    /// # Errors
    ///
    /// [`ConfigError`].
    pub fn read(
        tree: &dyn Tree,
        api: &Schema,
        path: &Path,
        choice: &Choice,
    ) -> Result<Self, ConfigError> {
        let typed = display(path);
        if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
            return Err(ConfigError::NotToml(typed));
        }
        let mut bytes = Vec::new();
        let open = || match tree.kind(path)? {
            // One that is named may be kept anywhere. One that was found was none a moment ago.
            Kind::Link if *choice != Choice::Nearest => tree.open(&tree.absolute(path)?),
            _ => tree.open(path),
        };
        open()
            .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
            .map_err(|source| ConfigError::Unreadable { path: typed.clone(), source })?;
        if bytes.len() as u64 > LONGEST {
            return Err(ConfigError::TooLong(typed));
        }
        match text_of(&bytes) {
            Ok(text) => Self::parse(api, &typed, text),
            Err((text, valid, message)) => {
                let message = message.to_owned();
                let mistake = Mistake::new(&typed, &Source { text }, &(valid..valid), message);
                Err(mistake.help("Save the file as UTF-8.").into())
            }
        }
    }

    /// Takes in the text of a configuration that lies at `path`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Wrong`].
    ///
    /// ```
    /// use samegoal_lint::config::Loaded;
    /// let api = samegoal_schema::generic_api();
    /// let error = Loaded::parse(&api, "samegoal-lint.toml", "[severty]".to_owned()).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "samegoal-lint.toml:1:2: `severty` (did you mean `severity`?) is not known here"
    /// );
    /// ```
    pub fn parse(api: &Schema, path: &str, text: String) -> Result<Self, ConfigError> {
        let source = Source { text };
        let config: Config = toml::from_str(&source.text)
            .map_err(|error| Mistake::of_toml(path, &source, &error))?;
        let wrong = |way: &[Step<'_>], message: String| {
            Mistake::new(path, &source, &source.find(way), message)
        };
        let completed = config.files.apply(api).map_err(|error| {
            let message = match &error.problem {
                Problem::UnknownFile { nearest: None, .. } => NO_FILE.to_owned(),
                problem => problem.to_string(),
            };
            wrong(&way(&error.entry), message)
        })?;
        let schema = completed.schema;
        check(&config, &schema).map_err(|Wrong { way, message }| wrong(&way, message))?;
        let contradictions = completed.contradictions;
        Ok(Self { path: path.to_owned(), config, schema, contradictions, source })
    }

    /// Where the statement of a contradiction is.
    pub fn place_of(&self, contradiction: &Contradiction) -> Location {
        self.location(&way(&contradiction.entry))
    }

    /// Where an accepted finding is, by its number in [`Config::accept`].
    pub fn place_of_accept(&self, index: usize) -> Location {
        self.location(&[Step::Key("accept"), Step::Index(index), Step::Key("rule")])
    }

    /// The text with these findings accepted as well, and the number of entries that are new or
    /// changed: where there are more now than an entry says, it says so many, and what has no entry
    /// gets one at the end. All else stays as it is.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Wrong`], where `accept` is written so that no entry can be added.
    pub fn accepting(
        &self,
        api: &Schema,
        found: &[Accept],
    ) -> Result<(String, usize), ConfigError> {
        let mut text = self.source.text.clone();
        let mut added = String::new();
        let mut counts = Vec::new();
        let mut number = 0;
        for new in found {
            let known = self.config.accept.iter().position(|it| {
                (it.rule, &it.file, &it.column) == (new.rule, &new.file, &new.column)
            });
            let entry = known.and_then(|index| Some((index, self.config.accept.get(index)?)));
            match entry {
                None => added += &new.to_toml(),
                Some((_, known)) if known.count >= new.count => continue,
                Some((index, _)) => {
                    let way = [Step::Key("accept"), Step::Index(index), Step::Key("count")];
                    counts.extend(self.source.value(&way).map(|range| (range, new.count)));
                }
            }
            number += 1;
        }
        // From the end, so that the places before stay where they are.
        counts.sort_by_key(|(range, _)| Reverse(range.start));
        for (range, count) in counts {
            text.replace_range(range, &count.to_string());
        }
        if !added.is_empty() {
            let is_crlf = text.contains("\r\n");
            if !text.is_empty() {
                text.truncate(text.trim_end().len());
                added.insert_str(0, "\n\n");
            }
            added.truncate(added.trim_end().len() + 1);
            text += &if is_crlf { added.replace('\n', "\r\n") } else { added };
        }
        Self::parse(api, &self.path, text.clone())?;
        Ok((text, number))
    }

    fn location(&self, way: &[Step<'_>]) -> Location {
        let range: Range<usize> = self.source.find(way);
        self.source.location(&range)
    }

    /// Lets a policy be what the configuration says, where the policy does not say otherwise.
    pub fn govern(&self, policy: &mut Policy) {
        let Config { severity, overrides, accept, .. } = &self.config;
        policy.configured.extend(severity.iter().map(|(rule, level)| (*rule, *level)));
        policy.scoped.extend(overrides.iter().map(|it| Scoped {
            rule: it.rule,
            file: it.file.clone(),
            column: it.column.clone(),
            level: it.severity,
        }));
        if !policy.takes_census {
            policy.accepted.extend(accept.iter().map(|it| Accepted {
                rule: it.rule(),
                file: it.file.clone(),
                column: it.column.clone(),
                count: it.count,
            }));
        }
    }
}

/// The text of a file in UTF-8 with or without a mark, or in UTF-16 with one; or what of it can be read,
/// up to where it can, and what is wrong there.
fn text_of(bytes: &[u8]) -> Result<String, (String, usize, &'static str)> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks();
        let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
        match String::from_utf16(&units) {
            Ok(text) if rest.is_empty() => Ok(text),
            _ => Err((String::new(), 0, "the text is not UTF-16, as its byte-order mark says")),
        }
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                (text, error.valid_up_to(), "there is a byte that is not UTF-8")
            })
        }
    }
}

fn way(entry: &Entry) -> Vec<Step<'_>> {
    let mut way = vec![Step::Key("files"), Step::Key(&entry.file)];
    if let Some(column) = &entry.column {
        way.extend([Step::Key("columns"), Step::Key(column)]);
    }
    way.extend(entry.key.map(Step::Key));
    way
}

/// Something wrong, and where.
struct Wrong<'a> {
    way: Vec<Step<'a>>,
    message: String,
}

/// Checks what the form alone does not tell.
fn check<'a>(config: &'a Config, schema: &Schema) -> Result<(), Wrong<'a>> {
    let file = |name: &str| {
        schema.file(name).ok_or_else(|| {
            let unknown = UnknownName::new(name, schema.files().map(|file| &*file.name)).veiled();
            format!("there is no API file {unknown}")
        })
    };
    for (index, name) in config.expected_files.iter().enumerate() {
        file(name).map_err(|message| Wrong {
            way: vec![Step::Key("expected-files"), Step::Index(index)],
            message,
        })?;
    }
    for (index, name) in config.buildings.iter().enumerate() {
        if name.trim().is_empty() {
            return Err(Wrong {
                way: vec![Step::Key("buildings"), Step::Index(index)],
                message: "a building needs a name".to_owned(),
            });
        }
    }
    for (index, over) in config.overrides.iter().enumerate() {
        let way = |key| vec![Step::Key("override"), Step::Index(index), Step::Key(key)];
        let spec = file(&over.file).map_err(|message| Wrong { way: way("file"), message })?;
        if let Some(column) = &over.column
            && !spec.columns.contains_key(&**column)
        {
            let columns = spec.columns().map(|column| &*column.name);
            let unknown = UnknownName::new(column, columns).veiled();
            let message = format!(
                "{} has no column {unknown}; a column that is not published must be declared \
                 under [files.\"{}\".columns]",
                spec.name, spec.name
            );
            return Err(Wrong { way: way("column"), message });
        }
    }
    if config.drift.warning_over > config.drift.error_over {
        return Err(Wrong {
            way: vec![Step::Key("drift"), Step::Key("warning-over")],
            message: "`warning-over` is more than `error-over`".to_owned(),
        });
    }
    for (index, accept) in config.accept.iter().enumerate() {
        let same = |other: &Accept| {
            (other.rule, &other.file, &other.column) == (accept.rule, &accept.file, &accept.column)
        };
        if config.accept.iter().take(index).any(same) {
            return Err(Wrong {
                way: vec![Step::Key("accept"), Step::Index(index), Step::Key("rule")],
                message: "an entry above already accepts this rule, file and column".to_owned(),
            });
        }
    }
    Ok(())
}
