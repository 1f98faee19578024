//! Arguments, the run, the exit status; nothing else.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anstream::{AutoStream, ColorChoice};
use clap::{CommandFactory, Parser};
use samegoal_lint::baseline::{Baseline, baseline};
use samegoal_lint::cli::{Cli, Command, Format, Lint, ListFormat, ShowValues, Stage};
use samegoal_lint::config::{self, ConfigError, Loaded, Mistake};
use samegoal_lint::layout::TargetKind;
use samegoal_lint::learn::{OnErrors, learn};
use samegoal_lint::listing::Disk;
use samegoal_lint::output::{self, Outputs, Places, Role};
use samegoal_lint::progress::Watched;
use samegoal_lint::report::{self, Options};
use samegoal_lint::run::{self, Request};
use samegoal_lint::stage::{self, Diff, Hidden};
use samegoal_lint::surroundings::{self, Surroundings};
use samegoal_lint::upload_script::{Upload, upload_script};
use samegoal_lint::{cli, explain, fault};
use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::text::calendar::Date;
use samegoal_schema::text::escape::visible;
use samegoal_schema::{Schema, generic_api};

fn main() -> ExitCode {
    fault::end_quietly();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            let _ = io::stderr().write_all(cli::refusal(error).as_bytes());
            return could_not_run();
        }
        Err(request) => return status(request.print(), ExitCode::SUCCESS),
    };
    let values = match &cli.command {
        None => cli.lint.values,
        Some(Command::Stage(args)) => args.lint.values,
        Some(_) => ShowValues::Auto,
    };
    let outcome = match cli.command {
        None => lint(&cli.lint),
        Some(Command::Stage(args)) => stage(&args),
        Some(command) => print(command).map(|printed| status(printed, ExitCode::SUCCESS)),
    };
    outcome.unwrap_or_else(|error| {
        match error.downcast_ref() {
            Some(ConfigError::Wrong(mistake)) => show(mistake, values),
            _ => complain(&error.to_string()),
        }
        could_not_run()
    })
}

/// The exit status for what is not about the data.
fn could_not_run() -> ExitCode {
    ExitCode::from(2)
}

type Error = Box<dyn std::error::Error>;

fn lint(args: &Lint) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let around = Surroundings::here();
    surroundings::check_zone()?;
    let outputs = Outputs::new(args, &around);
    let api = generic_api();
    let targets = run::targets(&Disk, &api, &args.paths, args.kind, args.recursive)?;
    let batches = run::batches(&Disk, &api, targets, &args.config.choice())?;
    let outputs = outputs.obeying(batches.iter().filter_map(|batch| batch.config.as_deref()));
    warn_of_values(&outputs);
    let configs = batches.iter().filter_map(|batch| Some(&batch.config.as_ref()?.path));
    outputs.check(
        Places::default()
            .with(Role::Target, batches.iter().flat_map(|batch| &batch.paths))
            .with(Role::Previous, &args.previous)
            .with(Role::Config, configs),
    )?;
    let request = args.request(outputs.kept());
    let today = request.today.or_else(today);
    let request = Request { today, ..request };
    let tree = Watched::new(Disk, outputs.has_progress());
    let report = run::run_batches(&tree, &api, &request, batches, &mut io::stdin())?;
    drop(tree);
    let elapsed = start.elapsed();
    let code = ExitCode::from(u8::from(report.found.failed));
    outputs.save(&report)?;
    if args.quiet && !report.found.failed {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(status(outputs.print(&report, elapsed), code))
}

/// The day that it is here.
fn today() -> Option<Date> {
    let now = jiff::ZonedDateTime::now().date();
    let (year, month, day) = (now.year(), now.month(), now.day());
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
}

fn stage(args: &Stage) -> Result<ExitCode, Error> {
    let start = Instant::now();
    let around = Surroundings::here();
    surroundings::check_zone()?;
    let outputs = Outputs::new(&args.lint, &around);
    let api = generic_api();
    let request = args.request(outputs.kept());
    let mut request = request.ok_or("pass one directory: the directory of the export")?;
    let config = config::in_force(&Disk, &api, &request.source, &args.lint.config.choice())?;
    let outputs = outputs.obeying(config.iter());
    warn_of_values(&outputs);
    outputs.check(
        Places::default()
            .with(Role::Target, [&request.source])
            .with(Role::Previous, &args.lint.previous)
            .with(Role::Config, config.iter().map(|config| &config.path))
            .with(Role::Upload, [&request.upload])
            .with(Role::Copy, request.replaced(&api)),
    )?;
    request.lint.config = config.map(Arc::new);
    request.lint.today = request.lint.today.or_else(today);
    let mut out = io::stdout().lock();
    // A diff in front of it would make a report for programs unreadable.
    let is_text = matches!(args.lint.format, None | Some(Format::Pretty | Format::Plain));
    let mut diff = (args.dry_run && is_text)
        .then(|| Diff::new(&mut out, Masker::new(outputs.printed_values())));
    let staged = stage::stage(&api, &request, diff.as_mut())?;
    if let Some(diff) = diff {
        diff.finish()?;
    }
    drop(out);
    outputs.save(&staged.report)?;
    let is_good = staged.is_good();
    let printed = if args.lint.quiet && is_good {
        Ok(())
    } else {
        outputs.print(&staged.report, start.elapsed())
    };
    if !is_good {
        for Hidden { path, rule } in &staged.hidden {
            complain(&format!(
                "the fixes would hide `{rule}` in {path} without fixing it: fix it in the export"
            ));
        }
        complain("nothing was staged");
        return Ok(status(printed, ExitCode::FAILURE));
    }
    if let Err(error) = printed
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        complain(&format!("nothing was staged: cannot write the report: {error}"));
        return Ok(could_not_run());
    }
    staged.publish()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what the program knows.
fn print(command: Command) -> Result<io::Result<()>, Error> {
    let output = command.output().cloned().unwrap_or_default();
    let places = Places::default().with(Role::Output, &output.output);
    if !matches!(command, Command::Baseline { .. }) {
        let read = match &command {
            Command::Learn { epoch, .. } | Command::UploadScript { epoch, .. } => Some(epoch),
            _ => None,
        };
        places.clone().with(Role::Target, read).check()?;
    }
    let text = match command {
        Command::Explain { rule, .. } => explain::explain(&rule, Options::width_of_stdout())?,
        Command::Rules { format: ListFormat::Text, .. } => explain::rules_text(),
        Command::Rules { format: ListFormat::Json, .. } => format!("{:#}\n", explain::rules_json()),
        Command::Schema { config: true, .. } => format!("{:#}\n", config::schema()),
        Command::Schema { report: true, .. } => format!("{:#}\n", report::json::schema()),
        Command::Schema { file, format, .. } => {
            explain::api::print(&generic_api(), file.as_deref(), format)?
        }
        Command::Baseline { epoch, write, config, .. } => {
            let api = generic_api();
            let config = config::in_force(&Disk, &api, &epoch, &config.choice())?.map(Arc::new);
            let role = if write { Role::Output } else { Role::Config };
            let configs = config.iter().map(|config| &config.path);
            places.with(role, configs).with(Role::Target, [&epoch]).check()?;
            let paths = vec![epoch];
            let kind = Some(TargetKind::Epoch);
            let request = Request { paths, kind, config: config.clone(), ..Request::default() };
            if write {
                accept(&api, &request, config.as_deref())?
            } else {
                baseline(&Disk, &api, &request)?
            }
        }
        Command::Learn { epoch, output } => {
            let on_errors = if output.force { OnErrors::Learn } else { OnErrors::Refuse };
            learn(&Disk, &generic_api(), &epoch, on_errors)?
        }
        Command::UploadScript { epoch, client, remote, auto, .. } => {
            let upload = Upload { dir: epoch, remote, auto };
            upload_script(&Disk, &generic_api(), &upload, client)?
        }
        // It is done, not printed.
        Command::Stage(_) => String::new(),
        Command::Completions { shell, .. } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "samegoal-lint", &mut script);
            String::from_utf8(script)?
        }
    };
    match output.output {
        Some(path) => {
            output::save_text(&path, &text, output.force)?;
            Ok(Ok(()))
        }
        None => Ok(io::stdout().write_all(text.as_bytes())),
    }
}

/// Adds what is found to the configuration in force; returns what to print.
fn accept(api: &Schema, request: &Request, config: Option<&Loaded>) -> Result<String, Error> {
    let config = config
        .ok_or("no configuration is in force; --output FILE writes the entries to a new one")?;
    let Baseline { notes, entries, .. } = Baseline::of(&Disk, api, request)?;
    let (text, number) = config.accepting(api, &entries)?;
    if number > 0 {
        output::save_text(Path::new(&config.path), &text, true)?;
    }
    let entries = if number == 1 { "entry" } else { "entries" };
    Ok(format!("{notes}{number} {entries} added to {}.\n", visible(&config.path)))
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

fn show(mistake: &Mistake, values: ShowValues) {
    let around = Surroundings::here();
    // The file may be another one than it seems: a link to data, or a copy of it.
    let is_masked = output::shown_to_people(values, &around) == Values::Mask;
    if around.accessible || is_masked {
        let help =
            if mistake.help.is_empty() { String::new() } else { format!(". {}", mistake.help) };
        return complain(&format!("{mistake}{help}"));
    }
    let stderr = io::stderr();
    let choice = AutoStream::choice(&stderr);
    let options = Options {
        color: choice != ColorChoice::Never,
        values: Values::Show,
        width: Options::width_of_stdout(),
        ..Options::default()
    };
    let text = report::pretty::mistake(mistake, &options);
    let _ = AutoStream::new(stderr.lock(), choice).write_all(text.as_bytes());
}

fn warn_of_values(outputs: &Outputs<'_>) {
    if outputs.shows_values_in_ci() {
        let _ = writeln!(
            io::stderr(),
            "warning: values are shown, and this looks like a CI job: everyone who can read its log \
             can read them"
        );
    }
}

fn complain(message: &str) {
    // If standard error is gone too, there is nowhere left to report it.
    let _ = writeln!(io::stderr(), "error: {}", visible(message));
}
