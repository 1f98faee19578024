//! The command line: arguments and their help. Nothing here does any work.

use std::path::PathBuf;

use clap::error::ContextValue;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::config::Choice;
use crate::explain::api;
pub use crate::report::Format;
use crate::stage::{self, EpochName};
use crate::upload_script::Client;
use samegoal_schema::text::escape;

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
Exit status: 0 if there is no finding at or above the threshold, 1 if there is one, 2 if the run \
failed.";

/// What to do other than lint.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Explain a rule: what it means, why it matters and how to fix it
    Explain {
        /// The rule, such as csv/unclosed-quote
        rule: String,
        /// Where to print.
        #[command(flatten)]
        output: Output,
    },
    /// List every rule
    Rules {
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        /// Where to print.
        #[command(flatten)]
        output: Output,
    },
    /// Print the generic CSV API as this program knows it
    Schema {
        /// One API file, such as students.csv [default: all]
        #[arg(conflicts_with = "report")]
        file: Option<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t, conflicts_with = "report")]
        format: api::Format,
        /// Print the JSON Schema of the JSON report instead
        #[arg(long)]
        report: bool,
        /// Print the JSON Schema of samegoal-lint.toml instead
        #[arg(long, conflicts_with_all = ["report", "file", "format"])]
        config: bool,
        /// Where to print.
        #[command(flatten)]
        output: Output,
    },
    /// Write a configuration from an epoch that SameGoal processed
    #[command(mut_arg("force", |arg| {
        arg.help("Learn from an epoch even if it has errors, and replace FILE if it exists")
    }))]
    Learn {
        /// The epoch, or an upload folder to use its newest complete epoch
        epoch: PathBuf,
        /// Where to print.
        #[command(flatten)]
        output: Output,
    },
    /// Write configuration entries that accept what is found in an epoch
    Baseline {
        /// The epoch, or an upload folder to use its newest complete epoch
        epoch: PathBuf,
        /// Add the entries to the configuration in use
        #[arg(long, conflicts_with_all = ["output", "force", "no_config"])]
        write: bool,
        /// Where to print.
        #[command(flatten)]
        output: Output,
        /// Which configuration to use.
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Turn an export into an epoch that is ready to upload
    Stage(Box<Stage>),
    /// Print a batch that uploads an epoch with an SFTP program, COMPLETE last
    UploadScript {
        /// The epoch, or with --auto the directory of the auto files
        epoch: PathBuf,
        /// The program that runs the batch
        #[arg(long = "for", value_enum, value_name = "PROGRAM")]
        client: Client,
        /// The directory on the server
        #[arg(long, value_name = "DIR", default_value = "/upload")]
        remote: String,
        /// Upload auto files instead of an epoch
        #[arg(long)]
        auto: bool,
        /// Where to print.
        #[command(flatten)]
        output: Output,
    },
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
        /// Where to print.
        #[command(flatten)]
        output: Output,
    },
}

impl Command {
    /// Where the command prints; `None` if it does more than print.
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

/// Where a text is written.
#[derive(Args, Clone, Debug, Default)]
pub struct Output {
    /// Write to FILE, in UTF-8, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Replace FILE if it exists
    #[arg(long)]
    pub force: bool,
}

/// Which configuration to use.
#[derive(Args, Debug)]
pub struct ConfigArgs {
    /// Use this configuration instead of the nearest samegoal-lint.toml above the PATH
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,

    /// Use no configuration
    #[arg(long)]
    pub no_config: bool,
}

impl ConfigArgs {
    /// The user's choice.
    pub fn choice(&self) -> Choice {
        match (&self.config, self.no_config) {
            (_, true) => Choice::None,
            (Some(path), false) => Choice::File(path.clone()),
            (None, false) => Choice::Nearest,
        }
    }
}

/// What to stage and how to report on it.
///
/// Copies the files of SOURCE, makes safe fixes in the copy and lints it. If there is no error, moves
/// the copy into DIR as a complete epoch, in one step. Never changes SOURCE.
#[derive(Args, Debug)]
#[command(
    mut_arg("paths", |arg| {
        let arg = arg.value_name("SOURCE").help("The directory of the export");
        arg.default_value(None).required(true).num_args(1).action(ArgAction::Set)
    }),
    mut_arg("kind", |arg| arg.hide(true)),
    mut_arg("recursive", |arg| arg.hide(true)),
    mut_arg("as_name", |arg| arg.hide(true)),
)]
pub struct Stage {
    /// The directory that you upload epochs from
    #[arg(long, value_name = "DIR")]
    pub upload: PathBuf,

    /// The name of the epoch, YYYYMMDD-HHMMSS [default: the local date and time]
    #[arg(long, value_name = "NAME", conflicts_with = "auto")]
    pub epoch: Option<EpochName>,

    /// What to fix in the copy
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub fix: FixLevel,

    /// Write auto files directly into DIR, replacing existing ones
    #[arg(long)]
    pub auto: bool,

    /// The mode of the files, such as 640 [default: those may read a copy who may read the export]
    #[arg(long, value_name = "MODE")]
    pub mode: Option<stage::Mode>,

    /// Show the fixes as a diff and the findings that remain; write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Where the export is, and how to report.
    #[command(flatten)]
    pub lint: Lint,
}

/// What to fix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FixLevel {
    /// Only what has a single possible meaning
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
            mode: self.mode,
            lint: self.lint.request(max_findings),
        })
    }
}

/// What is wrong with the arguments, with nothing in it that a terminal or a build system obeys: a
/// part of them may come from a file name or a variable.
pub fn refusal(mut error: clap::Error) -> String {
    let visible = |text: &String| escape::visible(text).into_owned();
    let context: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(visible(text)))),
            ContextValue::Strings(texts) => {
                Some((kind, ContextValue::Strings(texts.iter().map(visible).collect())))
            }
            _ => None,
        })
        .collect();
    for (kind, value) in context {
        error.insert(kind, value);
    }
    let lines = error.to_string();
    lines.lines().flat_map(|line| [escape::visible(line), "\n".into()]).collect()
}

/// The format of the list of rules.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ListFormat {
    /// One line for each rule
    #[default]
    Text,
    /// With manuals
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
