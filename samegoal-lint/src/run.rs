//! The whole way from paths to a report.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use samegoal_schema::{Admission, Error, Finding, Schema, Session, Sink};

use crate::layout::{self, Layout, Place, Planned, Survey, TargetKind};
use crate::listing::{Tree, display, display_name};
use crate::policy::{Collector, Policy};
use crate::report::{FileEntry, Kind, NotChecked, Report, Target};

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// What to lint.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Directories and files, as they were typed.
    pub paths: Vec<PathBuf>,
    /// What all of them are; told by their looks without.
    pub kind: Option<TargetKind>,
    /// The API file that a file is; told by its name without.
    pub as_name: Option<String>,
    /// How many threads may work at once; 0 and 1 are the same. What is found does not depend on
    /// it.
    pub threads: usize,
    /// What to report.
    pub policy: Policy,
}

/// Why a run could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Nothing is at a path.
    #[error("there is no `{path}`{}", nearest.as_ref().map_or(String::new(), |near| format!("; did you mean `{near}`?")))]
    NotFound {
        /// The path.
        path: String,
        /// What lies beside it under a name that is near.
        nearest: Option<String>,
    },
    /// A path cannot be looked at.
    #[error("cannot look at `{path}`: {source}")]
    Unreadable {
        /// The path.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// It cannot be told which API file a file is.
    #[error(
        "cannot tell which file of the API `{0}` is; say so with --as, for example --as students.csv"
    )]
    UnknownFile(String),
    /// Standard input has no name.
    #[error(
        "standard input has no name; say which file it is with --as, for example --as students.csv"
    )]
    NamelessInput,
    /// There is no such file in the API.
    #[error("`{0}` is no file of the API; it has {1}")]
    UnknownName(String, String),
}

/// Lints what is asked for. `input` is what [`STDIN`] stands for.
///
/// # Errors
///
/// [`RunError`], before anything was read. What goes wrong later is a finding.
///
/// ```
/// use samegoal_lint::listing::Memory;
/// use samegoal_lint::run::{Request, run};
///
/// let tree = Memory::new().file("epoch/Students.csv", "Student Id\n1001\n");
/// let request = Request { paths: vec!["epoch".into()], ..Request::default() };
/// let report = run(&tree, &samegoal_schema::generic_api(), &request, &mut std::io::empty())?;
/// assert!(report.found.rules.contains_key("layout/misnamed-file"));
/// # Ok::<(), samegoal_lint::run::RunError>(())
/// ```
pub fn run(
    tree: &dyn Tree,
    api: &Schema,
    request: &Request,
    input: &mut (dyn Read + Send),
) -> Result<Report, RunError> {
    let recognise =
        |head: &[u8]| samegoal_schema::recognise(api, head).map(|spec| spec.name.to_string());
    let survey = Survey { tree, api, recognise: &recognise };
    let as_name = match &request.as_name {
        None => None,
        Some(name) => Some(api_name(api, name)?),
    };
    let targets = request
        .paths
        .iter()
        .map(|path| Ok((path.as_path(), plan(&survey, path, request.kind, as_name)?)))
        .collect::<Result<Vec<_>, RunError>>()?;
    let mut linter = Linter {
        tree,
        api,
        is_parallel: request.threads > 1,
        collector: Collector::new(request.policy.clone()),
        report: Report::default(),
    };
    for (path, plan) in targets {
        match plan {
            Plan::Input(name) => linter.input(path, name, input),
            Plan::File(layout) => linter.target(path, Kind::File, layout),
            Plan::Epoch(name) => {
                let place = Place::Argument { name: name.as_deref() };
                linter.target(path, Kind::Epoch, layout::check(&survey, path, place));
            }
            Plan::Upload => {
                let mut root = layout::check(&survey, path, Place::UploadRoot);
                let epochs = std::mem::take(&mut root.epochs);
                linter.target(path, Kind::Upload, root);
                for epoch in epochs {
                    let layout = layout::check(&survey, &epoch, Place::InUploadRoot);
                    linter.target(&epoch, Kind::Epoch, layout);
                }
            }
        }
    }
    let Linter { collector, mut report, .. } = linter;
    report.found = collector.finish();
    Ok(report)
}

/// What is to be done with a path.
enum Plan<'a> {
    /// Standard input, as this file.
    Input(&'a str),
    File(Layout),
    /// A directory, and its name if the path does not show it.
    Epoch(Option<String>),
    Upload,
}

fn plan<'a>(
    survey: &Survey<'_>,
    path: &Path,
    kind: Option<TargetKind>,
    as_name: Option<&'a str>,
) -> Result<Plan<'a>, RunError> {
    if path.as_os_str() == STDIN {
        return as_name.map(Plan::Input).ok_or(RunError::NamelessInput);
    }
    let name = match path.file_name() {
        Some(_) => None,
        None => survey.tree.name_of(path),
    };
    let seen = layout::target_kind(survey.tree, path, name.as_deref(), survey.api)
        .map_err(|error| unreachable_path(survey.tree, path, error))?;
    Ok(match kind.unwrap_or(seen) {
        TargetKind::Epoch => Plan::Epoch(name),
        TargetKind::Upload => Plan::Upload,
        TargetKind::File => Plan::File(
            layout::file_target(survey, path, as_name)
                .map_err(|_| RunError::UnknownFile(display(path)))?,
        ),
    })
}

/// The API file of an exact name, an auto name among them.
fn api_name<'a>(api: &'a Schema, name: &str) -> Result<&'a str, RunError> {
    api.files()
        .find(|spec| spec.name == name || spec.auto_name() == name)
        .map(|spec| &*spec.name)
        .ok_or_else(|| {
            let names: Vec<_> = api.files().map(|spec| &*spec.name).collect();
            RunError::UnknownName(name.to_owned(), names.join(", "))
        })
}

pub(crate) fn unreachable_path(tree: &dyn Tree, path: &Path, source: io::Error) -> RunError {
    let typed = display(path);
    if source.kind() != io::ErrorKind::NotFound {
        return RunError::Unreadable { path: typed, source };
    }
    let parent = path.parent().unwrap_or(Path::new(""));
    let listed = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let entries = tree.list(listed).unwrap_or_default();
    let names: Vec<_> = entries.iter().map(|entry| display_name(&entry.name)).collect();
    let nearest = path
        .file_name()
        .and_then(|name| {
            samegoal_schema::text::nearest(&display_name(name), names.iter().map(String::as_str))
        })
        .map(|name| display(&parent.join(name)));
    RunError::NotFound { path: typed, nearest }
}

/// Carries what is found from target to target.
struct Linter<'a> {
    tree: &'a dyn Tree,
    api: &'a Schema,
    is_parallel: bool,
    collector: Collector,
    report: Report,
}

impl Linter<'_> {
    /// Lints one directory or file that was laid out.
    fn target(&mut self, path: &Path, kind: Kind, layout: Layout) {
        for (path, finding) in layout.findings {
            self.tell(display(&path), finding);
        }
        for layout::NotChecked { path, what, why } in layout.not_checked {
            let path = display(&path);
            self.report.not_checked.push(NotChecked { path, what, why, remedy: "".into() });
        }
        let mut session = Session::new(self.api);
        let mut files = Vec::new();
        for planned in &layout.files {
            files.extend(self.file(&mut session, planned));
        }
        self.report.targets.push(Target { path: display(path), kind, files });
    }

    /// Reads one file; `None` if it cannot be opened.
    fn file(&mut self, session: &mut Session<'_>, planned: &Planned) -> Option<FileEntry> {
        let path = display(&planned.path);
        let opened = self.tree.open(&planned.path).and_then(|source| Ok((source.stamp()?, source)));
        let (before, mut source) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.tell(path, layout::unreadable(&error));
                return None;
            }
        };
        let entry = self.contents(session, path, &planned.as_name, &mut source);
        match source.stamp() {
            Ok(after) => {
                if let Some(finding) = layout::changed_while_read(before, after) {
                    self.tell(entry.path.clone(), finding);
                }
            }
            Err(error) => self.tell(entry.path.clone(), layout::unreadable(&error)),
        }
        Some(entry)
    }

    /// Lints standard input.
    fn input(&mut self, path: &Path, as_name: &str, input: &mut (dyn Read + Send)) {
        let mut session = Session::new(self.api);
        let entry = self.contents(&mut session, display(path), as_name, input);
        self.report.targets.push(Target {
            path: display(path),
            kind: Kind::File,
            files: vec![entry],
        });
    }

    fn contents(
        &mut self,
        session: &mut Session<'_>,
        path: String,
        as_name: &str,
        source: &mut (dyn Read + Send),
    ) -> FileEntry {
        self.collector.file(path.clone());
        let as_name = as_name.to_owned();
        let summary = if self.is_parallel {
            session.check_on_two_threads(&as_name, source, &mut self.collector)
        } else {
            session.check(&as_name, source, &mut self.collector)
        };
        match summary {
            Ok(summary) => {
                for samegoal_schema::NotChecked { what, why } in summary.not_checked {
                    let path = path.clone();
                    self.report.not_checked.push(NotChecked { path, what, why, remedy: "".into() });
                }
                FileEntry { path, as_name, bytes: summary.bytes, records: summary.records }
            }
            Err(Error::Read { offset, source }) => {
                self.tell(path.clone(), layout::unreadable(&source));
                FileEntry { path, as_name, bytes: offset, records: None }
            }
            // The names come from the schema.
            Err(_) => FileEntry { path, as_name, bytes: 0, records: None },
        }
    }

    fn tell(&mut self, path: String, finding: Finding) {
        self.collector.file(path);
        if self.collector.admit(finding.rule, finding.exceptional) == Admission::Keep {
            self.collector.push(finding);
        }
    }
}
