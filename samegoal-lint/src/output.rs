//! Where reports go: standard output, the files of `--report`, and the summary of a step in GitHub
//! Actions.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};

use crate::cli::{Color, FileReport, Lint, ShowValues};
use crate::listing::display;
use crate::mask::Values;
use crate::report::{Drawing, Format, Options, Report, markdown};
use crate::surroundings::Surroundings;

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// Two reports would have to be one file.
    #[error("two reports cannot be written to `{0}`")]
    Twice(String),
    /// The file is one of those that were read.
    #[error("the report would overwrite `{0}`, which it is about")]
    Input(String),
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
}

impl<'a> Outputs<'a> {
    /// What is asked for, and what the surroundings want.
    ///
    /// # Errors
    ///
    /// [`OutputError::Twice`].
    pub fn new(args: &'a Lint, around: &'a Surroundings) -> Result<Self, OutputError> {
        let usual = if around.github { Format::Github } else { Format::Pretty };
        let mut paths: Vec<_> = args.report.iter().map(|report| &report.path).collect();
        paths.sort();
        match paths.iter().zip(paths.iter().skip(1)).find(|(one, other)| one == other) {
            Some((path, _)) => Err(OutputError::Twice(display(path))),
            None => Ok(Self { args, around, format: args.format.unwrap_or(usual) }),
        }
    }

    /// How many findings of a rule and file have to be kept for the report that wants most; 0 is
    /// all.
    pub fn kept(&self) -> usize {
        let reports = self.args.report.iter().map(|report| report.format);
        let summary = self.around.step_summary.as_ref().map(|_| Format::Markdown);
        let kept: Vec<_> = reports
            .chain([self.format])
            .chain(summary)
            .map(|format| format.kept(self.args.shown(format)))
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
            if let Some(input) = input_at(report, path) {
                return Err(OutputError::Input(input.to_owned()));
            }
            let options = self.kept_options(*format);
            replace(path, &mut |out| format.write(report, &options, out))
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

    /// Writes the report of standard output; how long the run took is told on a terminal.
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
        match self.args.values {
            ShowValues::Show => Values::Show,
            ShowValues::Auto if self.around.stdout_is_terminal && !self.around.ci => Values::Show,
            ShowValues::Auto | ShowValues::Mask => Values::Mask,
        }
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

    /// The options of a report that is kept.
    fn kept_options(&self, format: Format) -> Options {
        let values = match self.args.values {
            ShowValues::Show => Values::Show,
            ShowValues::Auto | ShowValues::Mask => Values::Mask,
        };
        let drawing = if self.is_accessible() { Drawing::Narrated } else { Drawing::Unicode };
        let max_findings = self.args.shown(format);
        let verbose = self.args.verbose;
        Options { drawing, verbose, values, max_findings, ..Options::default() }
    }
}

/// The file that was read and lies at `path`.
fn input_at<'a>(report: &'a Report, path: &Path) -> Option<&'a str> {
    let path = path.canonicalize().ok()?;
    let files = report.targets.iter().flat_map(|target| &target.files);
    let same = |file: &&str| Path::new(file).canonicalize().is_ok_and(|it| it == path);
    files.map(|file| file.path.as_str()).find(same)
}

/// Puts a new file in the place of what is at `path`, or leaves that alone: whoever looks finds
/// the old file or the new one and never a half. A device or a pipe is written to as it is.
fn replace(path: &Path, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // The file that a link points to is replaced, and the link stays.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        let mut out = io::BufWriter::new(File::options().write(true).open(&path)?);
        write(&mut out)?;
        return out.flush();
    }
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".samegoal-lint-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: the mask of the process takes away what it must not have.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(parent.unwrap_or(Path::new(".")))?;
    let mut out = io::BufWriter::new(&mut file);
    write(&mut out)?;
    out.flush()?;
    drop(out);
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Appends the Markdown report, as far as there is room: GitHub takes the summary of a step only
/// as a whole.
fn append_summary(path: &PathBuf, report: &Report, options: &Options) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let taken = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let text = markdown::fitted(report, options, markdown::MOST.saturating_sub(taken + 1));
    if text.is_empty() {
        return Ok(());
    }
    let between = if taken > 0 { "\n" } else { "" };
    file.write_all(format!("{between}{text}").as_bytes())
}
