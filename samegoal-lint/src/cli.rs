//! The command line: what can be said, and nothing that is done.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::config::Choice;
use crate::explain::api;
pub use crate::report::Format;
use crate::stage::{self, EpochName};
use crate::upload_script::Client;

mod lint;

pub use lint::{Color, FailOn, FileReport, Lint, ShowValues};

/// Finds out why SameGoal would ignore a CSV delivery, before it is uploaded.
///
/// Lints epochs (directories such as 20260105-020000), upload roots and single CSV files.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    args_override_self = true,
    after_help = AFTER_HELP
)]
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
        /// Where to
        #[command(flatten)]
        output: Output,
    },
    /// List every rule
    Rules {
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        /// Where to
        #[command(flatten)]
        output: Output,
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
        /// Where to
        #[command(flatten)]
        output: Output,
    },
    /// Print a configuration that pins what an epoch that SameGoal has processed holds
    #[command(mut_arg("force", |arg| {
        arg.help("Learn from an epoch with errors all the same, and replace FILE if it is there")
    }))]
    Learn {
        /// The epoch, or an upload folder: then its newest complete epoch
        epoch: PathBuf,
        /// Where to
        #[command(flatten)]
        output: Output,
    },
    /// Print what is found in an epoch as entries of a configuration that accept it
    Baseline {
        /// The epoch, or an upload folder: then its newest complete epoch
        epoch: PathBuf,
        /// Add the entries to the configuration in force
        #[arg(long, conflicts_with_all = ["output", "force", "no_config"])]
        write: bool,
        /// Where to
        #[command(flatten)]
        output: Output,
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
        /// Where to
        #[command(flatten)]
        output: Output,
    },
    /// Print a script that completes the command line in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
        /// Where to
        #[command(flatten)]
        output: Output,
    },
}

impl Command {
    /// Where what is printed goes; `None` if the command does more than print.
    pub fn output(&self) -> Option<&Output> {
        match self {
            Self::Explain { output, .. }
            | Self::Rules { output, .. }
            | Self::Schema { output, .. }
            | Self::Learn { output, .. }
            | Self::Baseline { output, .. }
            | Self::UploadScript { output, .. }
            | Self::Completions { output, .. } => Some(output),
            Self::Stage(_) => None,
        }
    }
}

/// Where a text goes.
#[derive(Args, Clone, Debug, Default)]
pub struct Output {
    /// Write to this file, in UTF-8, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Replace FILE if it is there
    #[arg(long)]
    pub force: bool,
}

/// Which configuration counts.
#[derive(Args, Debug)]
pub struct ConfigArgs {
    /// The configuration, rather than the nearest samegoal-lint.toml above what is linted
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
    mut_arg("recursive", |arg| arg.hide(true)),
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

/// The format of the list of rules.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ListFormat {
    /// A line each
    #[default]
    Text,
    /// With their manuals
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
