//! The options that `samegoal-lint` and `samegoal-lint stage` share: what to lint and how to report.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use samegoal_schema::Severity;
use samegoal_schema::text::calendar::{Date, DateForm, Reading, read};

use super::ConfigArgs;
use crate::layout::TargetKind;
use crate::policy::{Level, Policy, Selector, parse_override};
use crate::report::Format;
use crate::run::Request;

/// What to lint, and how.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Lint {
    /// Epochs, upload roots or CSV files; - reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Treat every PATH as this kind instead of detecting it
    #[arg(long, value_enum)]
    pub kind: Option<TargetKind>,

    /// Search folders for upload roots, epochs and exports, and lint each one
    #[arg(long)]
    pub recursive: bool,

    /// Treat a file PATH as this API file, whatever its name
    #[arg(long = "as", value_name = "FILE")]
    pub as_name: Option<String>,

    /// Check dates as of this day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day_of)]
    pub today: Option<Date>,

    /// Which configuration to use.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Compare with this earlier epoch, or with the newest complete one before the PATH in this
    /// directory of epochs
    #[arg(long, value_name = "EPOCH")]
    pub previous: Option<PathBuf>,

    /// Format of standard output
    /// [default: pretty; github under GitHub Actions]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Also write a report to a file; repeatable
    #[arg(long, value_name = "FORMAT=PATH", value_parser = FileReport::parse)]
    pub report: Vec<FileReport>,

    /// Report only this rule or group; repeatable
    #[arg(long, value_name = "RULE", value_parser = Selector::parse, help_heading = "Selection")]
    pub select: Vec<Selector>,

    /// Do not report this rule or group; repeatable
    #[arg(long, value_name = "RULE", value_parser = Selector::parse, help_heading = "Selection")]
    pub ignore: Vec<Selector>,

    /// Set the severity of a rule or group (error, warning, advice or off); repeatable
    #[arg(
        long,
        value_name = "RULE=SEVERITY",
        value_parser = parse_override,
        help_heading = "Selection"
    )]
    pub severity: Vec<(Selector, Level)>,

    /// Show at most N findings per rule and file; 0 shows all. Totals are always exact
    /// [default: 20 in text, 1000 in data]
    #[arg(long, value_name = "N", help_heading = "Selection")]
    pub max_findings: Option<usize>,

    /// The lowest severity that sets the exit status to 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: FailOn,

    /// Whether to show values; auto shows them if standard output and error are a terminal outside CI
    #[arg(long, value_enum, default_value_t)]
    pub values: ShowValues,

    /// Whether to use color; auto uses it on a terminal
    #[arg(long, value_enum, default_value_t)]
    pub color: Color,

    /// Use at most N threads [default: number of cores]. Findings do not depend on it
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,

    /// Use plain sentences, without drawings or progress; also set by `ACCESSIBLE=1` or `NO_GRAPHICS=1`
    #[arg(long)]
    pub accessible: bool,

    /// Add the SHA-256 of each file to reports for programs. Masked, only for 100 records or more
    #[arg(long)]
    pub digest: bool,

    /// In text, list every repeat and every file that was read
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Print nothing if no finding reaches the threshold
    #[arg(long, short)]
    pub quiet: bool,
}

/// A report to write to a file.
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
            .map_err(|_| format!("unknown format; the formats are {}", names()))?;
        match path {
            "" => Err("the path is missing".to_owned()),
            "-" => Err("standard output is for --format".to_owned()),
            path => Ok(Self { format, path: path.into() }),
        }
    }
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
    /// How many findings of a rule and file a report in that format shows at most.
    pub fn shown(&self, format: Format) -> usize {
        self.max_findings.unwrap_or(format.max_findings())
    }

    /// What to lint, keeping at most this many findings of a rule and file. Without a day, dates are not
    /// compared with today.
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
            fixing: None,
        }
    }

    /// What to report and how severe it is, keeping at most this many findings of a rule and file.
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

/// The lowest severity that fails a run.
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
    /// If standard output and error are a terminal, unless in CI
    #[default]
    Auto,
    /// Always
    Show,
    /// Never; of ids and dates only the shape, such as ‹99/99/9999›
    Mask,
}

/// Whether to use color.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    /// On a terminal unless `NO_COLOR` is set; everywhere if `CLICOLOR_FORCE` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("pdf=x", "the formats are pretty, plain, json,"),
            ("csv=", "the path is missing"),
            ("csv=-", "--format"),
        ] {
            assert!(FileReport::parse(text).unwrap_err().contains(error), "{text}");
        }
    }
}
