//! The command line: what can be said, and nothing that is done.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use samegoal_schema::Severity;
use samegoal_schema::date::{Date, DateForm, Reading, read};

use crate::config::Choice;
use crate::explain::api;
use crate::layout::TargetKind;
use crate::policy::{Level, Policy, PolicyError, Selector, parse_override};
pub use crate::report::Format;
use crate::run::Request;
use crate::stage::{self, EpochName};
use crate::upload_script::Client;

/// Finds out why SameGoal would ignore a CSV delivery, before it is uploaded.
///
/// Lints epochs (directories such as 20260105-020000), upload roots and single CSV files.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do other than lint.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to lint, and how.
    #[command(flatten)]
    pub lint: Lint,
}

const AFTER_HELP: &str = "\
Exit status: 0 if nothing at or above the threshold was found, 1 if something was, 2 if it could \
not run.";

/// What to do other than lint.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tell what a rule means, why it matters and how to mend what it finds
    Explain {
        /// The rule, such as csv/unclosed-quote
        rule: String,
    },
    /// List every rule
    Rules {
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Print the generic CSV API as this program knows it
    Schema {
        /// One file of it, such as students.csv; all without
        #[arg(conflicts_with = "report")]
        file: Option<String>,
        /// How to print it
        #[arg(long, value_enum, default_value_t, conflicts_with = "report")]
        format: api::Format,
        /// Print the JSON Schema of the JSON report instead
        #[arg(long)]
        report: bool,
        /// Print the JSON Schema of samegoal-lint.toml instead
        #[arg(long, conflicts_with_all = ["report", "file", "format"])]
        config: bool,
    },
    /// Print a configuration that pins what an epoch that SameGoal has processed holds
    Learn {
        /// The epoch
        epoch: PathBuf,
    },
    /// Print what is found in an epoch as entries of a configuration that accept it
    Baseline {
        /// The epoch
        epoch: PathBuf,
        /// Which configuration counts
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Make of an export an epoch that can be uploaded
    Stage(Box<Stage>),
    /// Print the batch that uploads an epoch, COMPLETE last, for a program that can
    UploadScript {
        /// The epoch; with --auto, the directory with the auto files
        epoch: PathBuf,
        /// The program that the batch is for
        #[arg(long = "for", value_enum, value_name = "PROGRAM")]
        client: Client,
        /// The directory on the server
        #[arg(long, value_name = "DIR", default_value = "/upload")]
        remote: String,
        /// Upload auto files instead of an epoch
        #[arg(long)]
        auto: bool,
    },
    /// Print a script that completes the command line in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which configuration counts.
#[derive(Args, Debug)]
pub struct ConfigArgs {
    /// The configuration, rather than the nearest samegoal-lint.toml in the PATH's directory or above
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,

    /// Use no configuration
    #[arg(long)]
    pub no_config: bool,
}

impl ConfigArgs {
    /// Which one the user wants.
    pub fn choice(&self) -> Choice {
        match (&self.config, self.no_config) {
            (_, true) => Choice::None,
            (Some(path), false) => Choice::File(path.clone()),
            (None, false) => Choice::Nearest,
        }
    }
}

/// What to stage, and how to report on it.
///
/// Copies the files of SOURCE, mends in the copy what has one reading only, lints the copy, and, if
/// that finds no error, puts it into DIR as an epoch, whole at once. SOURCE is never changed.
#[derive(Args, Debug)]
#[command(
    mut_arg("paths", |arg| {
        let arg = arg.value_name("SOURCE").help("The directory that the export is in");
        arg.default_value(None).required(true).num_args(1).action(ArgAction::Set)
    }),
    mut_arg("kind", |arg| arg.hide(true)),
    mut_arg("as_name", |arg| arg.hide(true)),
)]
pub struct Stage {
    /// The directory that epochs are uploaded from
    #[arg(long, value_name = "DIR")]
    pub upload: PathBuf,

    /// The name of the epoch, YYYYMMDD-HHMMSS [default: the local date and time]
    #[arg(long, value_name = "NAME", conflicts_with = "auto")]
    pub epoch: Option<EpochName>,

    /// What to mend in the copy
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub fix: FixLevel,

    /// Make auto files, straight in DIR, in place of those that are there
    #[arg(long)]
    pub auto: bool,

    /// Show what would be mended, as a diff, and what is found then; make nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Where the export is, and how to report.
    #[command(flatten)]
    pub lint: Lint,
}

/// What to mend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FixLevel {
    /// What has one reading only
    #[default]
    Safe,
    /// Nothing
    None,
}

impl Stage {
    /// What to stage; `None` unless there is one PATH.
    pub fn request(&self, max_findings: usize) -> Option<stage::Request> {
        let [source] = self.lint.paths.as_slice() else { return None };
        let into = match self.epoch {
            _ if self.auto => stage::Into::AutoFiles,
            Some(name) => stage::Into::Epoch { name, by_clock: false },
            None => stage::Into::Epoch { name: EpochName::now(), by_clock: true },
        };
        Some(stage::Request {
            source: source.clone(),
            upload: self.upload.clone(),
            into,
            fix: self.fix == FixLevel::Safe,
            dry_run: self.dry_run,
            lint: self.lint.request(max_findings),
        })
    }
}

/// What to lint, and how.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Lint {
    /// Epochs, upload roots or CSV files; - is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// What every PATH is, rather than what it looks like
    #[arg(long, value_enum)]
    pub kind: Option<TargetKind>,

    /// The API file that a file PATH is, whatever its name
    #[arg(long = "as", value_name = "FILE")]
    pub as_name: Option<String>,

    /// The day on which dates are judged, rather than today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day_of)]
    pub today: Option<Date>,

    /// Which configuration counts
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Compare with an earlier epoch, or with the newest complete one before the PATH in a directory
    /// of epochs
    #[arg(long, value_name = "EPOCH")]
    pub previous: Option<PathBuf>,

    /// How to report on standard output
    /// [default: pretty; github under GitHub Actions]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Write a further report to a file; repeatable
    #[arg(long, value_name = "FORMAT=PATH", value_parser = FileReport::parse)]
    pub report: Vec<FileReport>,

    /// Report only this rule or group of rules; repeatable
    #[arg(long, value_name = "RULE", value_parser = Selector::parse, help_heading = "Selection")]
    pub select: Vec<Selector>,

    /// Do not report this rule or group of rules; repeatable
    #[arg(long, value_name = "RULE", value_parser = Selector::parse, help_heading = "Selection")]
    pub ignore: Vec<Selector>,

    /// Give a rule or group another severity (error, warning, advice or off); repeatable
    #[arg(
        long,
        value_name = "RULE=SEVERITY",
        value_parser = override_of,
        help_heading = "Selection"
    )]
    pub severity: Vec<(Selector, Level)>,

    /// The most findings of one rule to show for one file; 0 is all. Totals are always exact
    /// [default: 20 in text, 1000 in data]
    #[arg(long, value_name = "N", help_heading = "Selection")]
    pub max_findings: Option<usize>,

    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: FailOn,

    /// Whether to show values; auto shows them on a terminal, outside CI
    #[arg(long, value_enum, default_value_t)]
    pub values: ShowValues,

    /// Whether to color; auto does on a terminal
    #[arg(long, value_enum, default_value_t)]
    pub color: Color,

    /// The most threads to work with [default: as many as there are cores]. What is found is the
    /// same for any number
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Tell in words, without drawings or progress, as `ACCESSIBLE=1` and `NO_GRAPHICS=1` do too
    #[arg(long)]
    pub accessible: bool,

    /// Give the SHA-256 of what was read of each file, in reports that are data
    #[arg(long)]
    pub digest: bool,

    /// Tell every repeat, and what was read, in text
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Print nothing if there is nothing at or above the threshold
    #[arg(long, short)]
    pub quiet: bool,
}

/// A report that is written to a file.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// Its format.
    pub format: Format,
    /// The file.
    pub path: PathBuf,
}

impl FileReport {
    fn parse(text: &str) -> Result<Self, String> {
        let (format, path) =
            text.split_once('=').ok_or("write FORMAT=PATH, for example html=report.html")?;
        let names = || {
            let names = Format::value_variants().iter().filter_map(Format::to_possible_value);
            names.map(|name| name.get_name().to_owned()).collect::<Vec<_>>().join(", ")
        };
        let format = Format::from_str(format, false)
            .map_err(|_| format!("there is no such format; there are {}", names()))?;
        match path {
            "" => Err("the path is missing".to_owned()),
            "-" => Err("standard output is for --format".to_owned()),
            path => Ok(Self { format, path: path.into() }),
        }
    }
}

fn override_of(text: &str) -> Result<(Selector, Level), PolicyError> {
    parse_override(text)
}

fn day_of(text: &str) -> Result<Date, &'static str> {
    match read(text.as_bytes()) {
        Reading::Date { date, form: DateForm::YearFirstDash, is_padded: true } => Ok(date),
        Reading::Impossible { form: DateForm::YearFirstDash, .. } => {
            Err("there is no such day; write year, month and day, as in 2026-01-05")
        }
        _ => Err("write year, month and day, as in 2026-01-05"),
    }
}

impl Lint {
    /// The most findings of a rule and file that a report of that format shows.
    pub fn shown(&self, format: Format) -> usize {
        self.max_findings.unwrap_or(format.max_findings())
    }

    /// What to lint, with so many findings of a rule and file kept. Dates are judged on the day that
    /// was given, and on none without.
    pub fn request(&self, max_findings: usize) -> Request {
        Request {
            paths: self.paths.clone(),
            kind: self.kind,
            as_name: self.as_name.clone(),
            today: self.today,
            threads: self
                .threads
                .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
            policy: self.policy(max_findings),
            config: None,
            previous: self.previous.clone(),
            digest: self.digest,
        }
    }

    /// What to report, and how much it weighs, with so many findings of a rule and file kept.
    pub fn policy(&self, max_findings: usize) -> Policy {
        Policy {
            overrides: self.severity.clone(),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            max_findings,
            fail_on: match self.fail_on {
                FailOn::Error => Some(Severity::Error),
                FailOn::Warning => Some(Severity::Warning),
                FailOn::Advice => Some(Severity::Advice),
                FailOn::Never => None,
            },
            ..Policy::default()
        }
    }
}

/// The format of the list of rules.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ListFormat {
    /// A line each
    #[default]
    Text,
    /// With their manuals
    Json,
}

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum FailOn {
    /// Errors
    #[default]
    Error,
    /// Warnings and errors
    Warning,
    /// Anything
    Advice,
    /// Nothing
    Never,
}

/// Whether values are shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ShowValues {
    /// On a terminal, unless in CI
    #[default]
    Auto,
    /// Always
    Show,
    /// Never: letters show as a, digits as 9
    Mask,
}

/// Whether to color.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set; everywhere if `CLICOLOR_FORCE` is
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_day_is_year_month_and_day() {
        for (text, expected) in [
            ("2026-01-05", Ok((2026, 1, 5))),
            ("2024-02-29", Ok((2024, 2, 29))),
            ("2026-02-29", Err("no such day")),
            ("2026-13-05", Err("no such day")),
            ("0000-00-00", Err("no such day")),
            ("2026-1-5", Err("as in 2026-01-05")),
            ("2026/01/05", Err("as in 2026-01-05")),
            ("01/05/2026", Err("as in 2026-01-05")),
            ("20260105", Err("as in 2026-01-05")),
            ("today", Err("as in 2026-01-05")),
            ("", Err("as in 2026-01-05")),
        ] {
            match (day_of(text), expected) {
                (Ok(Date { year, month, day }), Ok(expected)) => {
                    assert_eq!((year, month, day), expected, "{text:?}");
                }
                (Err(message), Err(expected)) => {
                    assert!(message.contains(expected), "{text:?}: {message}");
                }
                (found, _) => panic!("{text:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_report_is_a_format_and_a_path() {
        let report = FileReport::parse("csv=a=b.csv").unwrap();
        assert_eq!((report.format, report.path.to_str()), (Format::Csv, Some("a=b.csv")));
        for (text, error) in [
            ("html", "write FORMAT=PATH"),
            ("pdf=x", "there are pretty, plain, json,"),
            ("csv=", "the path is missing"),
            ("csv=-", "--format"),
        ] {
            assert!(FileReport::parse(text).unwrap_err().contains(error), "{text}");
        }
    }
}
