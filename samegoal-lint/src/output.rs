//! Where reports go: standard output, the files of `--report`, and the summary of a step in GitHub
//! Actions.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};

use crate::cli::{Color, FileReport, Lint, ShowValues};
use crate::config::Loaded;
use crate::listing::display;
use crate::report::{Drawing, Format, Options, Report, markdown};
use crate::surroundings::Surroundings;
use samegoal_schema::finding::Values;

mod file;
mod places;

pub use places::{PlaceError, Places, Role};

/// Why something cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// It is no place to write to.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// A file that was not to be replaced.
    #[error("`{0}` already exists; --force replaces it")]
    Exists(String),
    /// Writing a text that is no report failed. No half file is left.
    #[error("cannot write `{path}`: {source}")]
    Text {
        /// The path.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Writing failed. No half file is left.
    #[error("cannot write the report `{path}`: {source}")]
    Write {
        /// The path.
        path: String,
        /// Why not.
        source: io::Error,
    },
}

/// The reports of a run.
#[derive(Debug)]
pub struct Outputs<'a> {
    args: &'a Lint,
    around: &'a Surroundings,
    /// That of standard output.
    format: Format,
    /// Whether the site masks values, whatever the arguments say.
    pins_mask: bool,
}

impl<'a> Outputs<'a> {
    /// What is asked for, and what the surroundings want.
    pub fn new(args: &'a Lint, around: &'a Surroundings) -> Self {
        let usual = if around.github { Format::Github } else { Format::Pretty };
        let format = args.format.unwrap_or(usual);
        Self { args, around, format, pins_mask: around.pins_mask }
    }

    /// The same, with values masked if one of the configurations says so.
    #[must_use]
    pub fn obeying<'c>(self, mut configs: impl Iterator<Item = &'c Loaded>) -> Self {
        let pins_mask = self.pins_mask || configs.any(|it| it.config.values.is_some());
        Self { pins_mask, ..self }
    }

    /// Checks where reports will be written, before anything is read.
    ///
    /// # Errors
    ///
    /// [`PlaceError`], about the first that would be in the way of something.
    pub fn check(&self, used: Places) -> Result<(), PlaceError> {
        let reports = self.args.report.iter().map(|report| &report.path);
        used.with(Role::Output, reports).with(Role::Output, &self.around.step_summary).check()
    }

    /// How many findings of a rule and file have to be kept for the report that wants most; 0 is
    /// all.
    pub fn kept(&self) -> usize {
        let reports = self.args.report.iter().map(|report| report.format);
        let summary = self.around.step_summary.as_ref().map(|_| Format::Markdown);
        let kept: Vec<_> = reports
            .chain([self.format])
            .chain(summary)
            .map(|format| Format::kept(self.args.shown(format)))
            .collect();
        if kept.contains(&0) { 0 } else { kept.into_iter().max().unwrap_or_default() }
    }

    /// Writes the reports that are files.
    ///
    /// # Errors
    ///
    /// [`OutputError`], about the first that could not be written.
    pub fn save(&self, report: &Report) -> Result<(), OutputError> {
        for FileReport { format, path } in &self.args.report {
            let options = self.kept_options(*format);
            file::replace(path, options.values, &mut |out| format.write(report, &options, out))
                .map_err(|source| OutputError::Write { path: display(path), source })?;
        }
        if let Some(path) = &self.around.step_summary
            && (report.found.failed || !self.args.quiet)
        {
            let options = self.kept_options(Format::Markdown);
            append_summary(path, report, &options)
                .map_err(|source| OutputError::Write { path: display(path), source })?;
        }
        Ok(())
    }

    /// Writes the report of standard output; a terminal also shows how long it took.
    ///
    /// # Errors
    ///
    /// Those of standard output.
    pub fn print(&self, report: &Report, elapsed: Duration) -> io::Result<()> {
        let stdout = io::stdout();
        let color = match self.args.color {
            Color::Auto => AutoStream::choice(&stdout),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let terminal = self.around.stdout_is_terminal;
        let values = self.printed_values();
        let drawing = if terminal && !supports_unicode::on(supports_unicode::Stream::Stdout) {
            Drawing::Ascii
        } else {
            Drawing::Unicode
        };
        let options = Options {
            color: color != ColorChoice::Never,
            links: color != ColorChoice::Never
                && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            width: Options::width_of_stdout(),
            drawing: if self.is_accessible() { Drawing::Narrated } else { drawing },
            elapsed: terminal.then_some(elapsed),
            values,
            ..self.kept_options(self.format)
        };
        let mut out = io::BufWriter::new(AutoStream::new(stdout.lock(), color));
        self.format.write(report, &options, &mut out)?;
        out.flush()
    }

    /// How much of the values is shown on standard output.
    pub fn printed_values(&self) -> Values {
        if self.pins_mask {
            return Values::Mask;
        }
        shown_to_people(self.args.values, self.around)
    }

    /// How much of the values is shown in what is kept.
    fn kept_values(&self) -> Values {
        match self.args.values {
            ShowValues::Show if !self.pins_mask => Values::Show,
            _ => Values::Mask,
        }
    }

    /// Whether values are shown where the log is most likely kept.
    pub fn shows_values_in_ci(&self) -> bool {
        self.kept_values() == Values::Show && self.around.ci
    }

    /// Whether to show how far a long run is.
    pub fn has_progress(&self) -> bool {
        let is_watched = self.around.stderr_is_terminal && !self.around.ci;
        is_watched && !self.args.quiet && !self.is_accessible()
    }

    /// Whether drawings and progress are unwanted.
    fn is_accessible(&self) -> bool {
        self.args.accessible || self.around.accessible
    }

    fn kept_options(&self, format: Format) -> Options {
        let values = self.kept_values();
        let drawing = if self.is_accessible() { Drawing::Narrated } else { Drawing::Unicode };
        let max_findings = self.args.shown(format);
        let verbose = self.args.verbose;
        let pins_mask = self.pins_mask;
        Options { drawing, verbose, values, pins_mask, max_findings, ..Options::default() }
    }
}

/// How much of the values people see who started the program here.
pub fn shown_to_people(values: ShowValues, around: &Surroundings) -> Values {
    match values {
        _ if around.pins_mask => Values::Mask,
        ShowValues::Show => Values::Show,
        ShowValues::Auto if around.is_interactive() => Values::Show,
        ShowValues::Auto | ShowValues::Mask => Values::Mask,
    }
}

/// Writes a text that is no report to a file, which is not there unless it may be replaced.
///
/// # Errors
///
/// [`OutputError`]. Then the file is as it was.
pub fn save_text(path: &Path, text: &str, replaces: bool) -> Result<(), OutputError> {
    if !replaces && path.symlink_metadata().is_ok() {
        return Err(OutputError::Exists(display(path)));
    }
    file::replace(path, Values::Mask, &mut |out| out.write_all(text.as_bytes()))
        .map_err(|source| OutputError::Text { path: display(path), source })
}

/// Appends the Markdown report, as far as there is room: GitHub takes the summary of a step only
/// as a whole.
fn append_summary(path: &Path, report: &Report, options: &Options) -> io::Result<()> {
    let mut file = file::append(path, options.values)?;
    let taken = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let text = markdown::fitted(report, options, markdown::MOST.saturating_sub(taken + 1));
    if text.is_empty() {
        return Ok(());
    }
    let between = if taken > 0 { "\n" } else { "" };
    file.write_all(format!("{between}{text}").as_bytes())
}
