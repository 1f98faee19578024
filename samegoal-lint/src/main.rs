//! Arguments, the run, the exit status; nothing else.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Instant;

use anstream::{AutoStream, ColorChoice};
use clap::{CommandFactory, Parser};
use samegoal_lint::cli::{Cli, Color, Command, Format, Lint, ListFormat, ShowValues, Stage};
use samegoal_lint::escape::visible;
use samegoal_lint::explain;
use samegoal_lint::listing::Disk;
use samegoal_lint::mask::{Masker, Values};
use samegoal_lint::report::{self, Options, Report};
use samegoal_lint::run::run;
use samegoal_lint::stage::{self, Diff};
use samegoal_lint::upload_script::{Upload, upload_script};
use samegoal_schema::generic_api;

fn main() -> ExitCode {
    // The usual message of a panic may hold a piece of a cell.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or(String::new(), |at| format!(" ({at})"));
        complain(&format!("internal error{place}; please report it, without any data"));
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_request = !error.use_stderr();
            let printed = error.print();
            return if is_request { status(printed, ExitCode::SUCCESS) } else { could_not_run() };
        }
    };
    let outcome = match cli.command {
        None => lint(&cli.lint),
        Some(Command::Stage(args)) => stage(&args),
        Some(command) => tell(command).map(|printed| status(printed, ExitCode::SUCCESS)),
    };
    outcome.unwrap_or_else(|error| {
        complain(&error.to_string());
        could_not_run()
    })
}

/// The exit status for what is not about the data.
fn could_not_run() -> ExitCode {
    ExitCode::from(2)
}

type Error = Box<dyn std::error::Error>;

/// Lints, and reports.
fn lint(args: &Lint) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let mut report = run(&Disk, &generic_api(), &args.request(), &mut io::stdin())?;
    report.elapsed = Some(start.elapsed());
    let code = ExitCode::from(u8::from(report.found.failed));
    if args.quiet && !report.found.failed {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(status(write(args, &report), code))
}

/// Makes an epoch of an export, and reports.
fn stage(args: &Stage) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let request = args.request().ok_or("name one directory: the one that the export is in")?;
    let mut out = io::stdout().lock();
    // A diff in front of it would make the report no JSON.
    let shows = args.dry_run && args.lint.format != Format::Json;
    let mut diff = shows.then(|| Diff::new(&mut out, Masker::new(values(&args.lint))));
    let mut report = stage::stage(&generic_api(), &request, diff.as_mut())?;
    if let Some(diff) = diff {
        diff.finish()?;
    }
    drop(out);
    report.elapsed = Some(start.elapsed());
    let is_staged = report.found.errors == 0 && !report.found.failed;
    if args.lint.quiet && is_staged {
        return Ok(ExitCode::SUCCESS);
    }
    let printed = write(&args.lint, &report);
    if is_staged {
        return Ok(status(printed, ExitCode::SUCCESS));
    }
    complain("nothing was staged");
    Ok(status(printed, ExitCode::FAILURE))
}

fn values(args: &Lint) -> Values {
    match args.values {
        ShowValues::Show => Values::Show,
        ShowValues::Auto if io::stdout().is_terminal() && !is_ci() => Values::Show,
        ShowValues::Auto | ShowValues::Mask => Values::Mask,
    }
}

fn write(args: &Lint, report: &Report) -> io::Result<()> {
    let stdout = io::stdout();
    let choice = match args.color {
        Color::Auto => AutoStream::choice(&stdout),
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let options = Options {
        color: choice != ColorChoice::Never,
        width: Options::width_of_stdout(),
        unicode: true,
        values: values(args),
    };
    let mut out = io::BufWriter::new(AutoStream::new(stdout.lock(), choice));
    match args.format {
        Format::Pretty => report::pretty::write(report, &options, &mut out)?,
        Format::Plain => report::plain::write(report, &options, &mut out)?,
        Format::Json => report::json::write(report, &options, &mut out)?,
    }
    out.flush()
}

/// Whether what is printed is kept in a log.
fn is_ci() -> bool {
    ["CI", "GITHUB_ACTIONS", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION"].iter().any(|name| {
        std::env::var_os(name)
            .is_some_and(|value| value != "false" && value != "0" && !value.is_empty())
    })
}

/// Prints what the program knows.
fn tell(command: Command) -> Result<io::Result<()>, Error> {
    let text = match command {
        Command::Explain { rule } => explain::explain(&rule, Options::width_of_stdout())?,
        Command::Rules { format: ListFormat::Text } => explain::rules_text(),
        Command::Rules { format: ListFormat::Json } => format!("{:#}\n", explain::rules_json()),
        Command::Schema { report: true, .. } => format!("{:#}\n", report::json::schema()),
        Command::Schema { file, format, .. } => {
            explain::api::print(&generic_api(), file.as_deref(), format.into())?
        }
        Command::UploadScript { epoch, client, remote, auto } => {
            let upload = Upload { dir: epoch, remote, auto };
            upload_script(&Disk, &generic_api(), &upload, client.into())?
        }
        // It is done, not told.
        Command::Stage(_) => String::new(),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "samegoal-lint", &mut script);
            return Ok(io::stdout().write_all(&script));
        }
    };
    Ok(io::stdout().write_all(text.as_bytes()))
}

/// The exit status when printing ended like this. A reader that has seen enough is no failure.
fn status(printed: io::Result<()>, code: ExitCode) -> ExitCode {
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("cannot write the report: {error}"));
            could_not_run()
        }
        _ => code,
    }
}

fn complain(message: &str) {
    // Where standard error is gone too there is nobody left to tell.
    let _ = writeln!(io::stderr(), "error: {}", visible(message));
}
