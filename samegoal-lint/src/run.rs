//! The whole way from paths to a report.

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::layout::rules::MISSING_STUDENTS;
use indexmap::IndexMap;
use samegoal_schema::fix::{Cures, Plan};
use samegoal_schema::text::calendar::Date;
use samegoal_schema::{Error, Finding, Schema, Session};

use crate::config::Loaded;
use crate::digest::{Digesting, FileDigest, hexadecimal};
use crate::drift::Previous;
use crate::layout::{self, Layout, Place, Planned, Survey, TargetKind};
use crate::listing::{STDIN, Tree, display};
use crate::policy::{Collector, Fixing, Policy};
use crate::report::{FileEntry, Kind, NotChecked, Report, Target};

mod batches;
mod comparing;
mod district;
mod newest;
mod plan;
mod targets;

pub use batches::{Batch, batches, run_batches};
pub(crate) use newest::newest_complete;
pub(crate) use plan::unreachable_path;
pub use targets::{Given, targets};

use plan::{Plan as Planning, api_name, plan};

/// What to lint.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Directories and files, as they were typed.
    pub paths: Vec<PathBuf>,
    /// What all of them are; recognized by their looks without.
    pub kind: Option<TargetKind>,
    /// The API file that a file is; recognized by its name without.
    pub as_name: Option<String>,
    /// The day on which dates are checked. Without it none is called too early or too late.
    pub today: Option<Date>,
    /// How many threads may work at once; 0 and 1 are the same. What is found does not depend on
    /// it.
    pub threads: usize,
    /// What to report.
    pub policy: Policy,
    /// What the district says. Its schema overrides the one that is given to [`run`], and the
    /// severities in it come after those of the policy.
    pub config: Option<Arc<Loaded>>,
    /// An earlier epoch to compare with, or a directory of epochs.
    pub previous: Option<PathBuf>,
    /// Whether to report the SHA-256 of what was read of each file.
    pub digest: bool,
    /// What is fixed in copies, and so not reported; none is where only linting is asked for.
    pub fixing: Option<Arc<Fixing>>,
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
    /// Nothing has a name that matches a pattern.
    #[error("nothing matches `{0}`")]
    NoMatch(String),
    /// A folder has too much in it to be searched.
    #[error("`{0}` has too many files to search; pass the folders of the deliveries")]
    TooMuch(String),
    /// The earlier delivery is the one that is linted.
    #[error("`{0}` is the PATH itself; pass the epoch before it with --previous")]
    Itself(String),
    /// The earlier delivery is no directory.
    #[error("`{0}` is not a directory; pass an epoch or a directory of epochs with --previous")]
    PreviousFile(String),
    /// A path cannot be looked at.
    #[error("cannot read `{path}`: {source}")]
    Unreadable {
        /// The path.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// An upload folder without an epoch that SameGoal would process.
    #[error("no epoch in `{0}` has a COMPLETE file; pass an epoch that SameGoal processed")]
    NoCompleteEpoch(String),
    /// It is not known which API file a file is.
    #[error(
        "cannot determine which API file `{0}` is; name it with --as, for example --as \
         students.csv"
    )]
    UnknownFile(String),
    /// A file is an archive.
    #[error(
        "`{0}` is an archive, and SameGoal does not unpack archives; unpack it and lint the \
         folder with the CSV files"
    )]
    Archive(String),
    /// Standard input has no name.
    #[error(
        "standard input has no file name; name the API file with --as, for example --as \
         students.csv"
    )]
    NamelessInput,
    /// There is no such file in the API.
    #[error("`{0}` is not an API file; the API files are {1}")]
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
    let config = request.config.as_deref();
    let api = config.map_or(api, |config| &config.schema);
    let recognize =
        |head: &[u8]| samegoal_schema::recognize(api, head).map(|spec| spec.name.to_string());
    let survey = Survey { tree, api, recognize: &recognize };
    let as_name = match &request.as_name {
        None => None,
        Some(name) => Some(api_name(api, name)?),
    };
    let targets = request
        .paths
        .iter()
        .map(|path| Ok((path.as_path(), plan(&survey, path, request.kind, as_name)?)))
        .collect::<Result<Vec<_>, RunError>>()?;
    if let Some(previous) = &request.previous {
        check_previous(tree, api, previous, &request.paths)?;
    }
    let mut policy = request.policy.clone();
    if let Some(config) = config {
        config.govern(&mut policy);
    }
    let fixing = request.fixing.as_deref().cloned().unwrap_or_default();
    let mut linter = Linter {
        tree,
        api,
        today: request.today,
        threads: NonZeroUsize::new(request.threads).unwrap_or(NonZeroUsize::MIN),
        survey,
        config,
        previous: request.previous.as_deref(),
        is_fixing: request.fixing.is_some(),
        known: None,
        digests: IndexMap::new(),
        digest: request.digest,
        collector: Collector::new(policy).without_fixed(fixing),
        report: Report::default(),
        target: String::new(),
    };
    if let Some(config) = config {
        linter.configuration(config);
    }
    for (path, plan) in targets {
        match plan {
            Planning::Input(name) => linter.input(path, name, input),
            Planning::File(layout) => linter.target(path, Kind::File, layout),
            Planning::Epoch => {
                let layout = layout::check(&survey, path, Place::Argument);
                linter.target(path, Kind::Epoch, layout);
            }
            Planning::Export => {
                let layout = layout::check(&survey, path, Place::Export);
                linter.target(path, Kind::Export, layout);
            }
            Planning::Upload => {
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
    linter.stale_accepts();
    let Linter { collector, mut report, .. } = linter;
    report.found = collector.finish();
    Ok(report)
}

/// Refuses to compare a delivery with itself or with a part of itself. A directory of epochs holds an
/// earlier one.
pub(crate) fn check_previous(
    tree: &dyn Tree,
    api: &Schema,
    previous: &Path,
    paths: &[PathBuf],
) -> Result<(), RunError> {
    let unreachable = |error| unreachable_path(tree, previous, error);
    let kind = layout::target_kind(tree, previous, api).map_err(unreachable)?;
    if kind == TargetKind::Upload {
        return Ok(());
    }
    let own = tree.identity(previous).map_err(unreachable)?;
    let mut targets = paths.iter().filter(|path| path.as_os_str() != STDIN);
    if targets.any(|path| tree.identity(path).is_ok_and(|it| it.is(&own) || it.is_in(&own))) {
        return Err(RunError::Itself(display(previous)));
    }
    if kind == TargetKind::File {
        return Err(RunError::PreviousFile(display(previous)));
    }
    Ok(())
}

/// Carries what is found from target to target.
struct Linter<'a> {
    tree: &'a dyn Tree,
    api: &'a Schema,
    today: Option<Date>,
    threads: NonZeroUsize,
    survey: Survey<'a>,
    config: Option<&'a Loaded>,
    previous: Option<&'a Path>,
    /// Whether it is known before which findings a fix cures.
    is_fixing: bool,
    /// The earlier delivery that was read last.
    known: Option<Rc<Previous>>,
    /// The digests of the files of this delivery, if they are compared.
    digests: IndexMap<String, Option<FileDigest>>,
    digest: bool,
    collector: Collector,
    report: Report,
    /// The path of the delivery that is being linted.
    target: String,
}

impl<'a> Linter<'a> {
    /// Lints one directory or file that was laid out.
    fn target(&mut self, path: &Path, kind: Kind, layout: Layout) {
        self.target = display(path);
        let previous = if layout.files.is_empty() { None } else { self.previous_of(path) };
        let (needed, absent): (Vec<_>, Vec<_>) =
            layout.absent.into_iter().partition(|absent| absent.is_needed);
        let is_missed = needed.iter().map(|absent| &*absent.as_name).any(|name| {
            self.is_expected(name) || previous.as_ref().is_some_and(|previous| previous.has(name))
        });
        for (path, finding) in layout.findings {
            // It stands for the finding that it would be without the file that needs it.
            let is_heavier = is_missed && finding.rule.name == MISSING_STUDENTS.name;
            let finding = if is_heavier { finding.variant(true) } else { finding };
            self.add(display(&path), finding);
        }
        for layout::NotChecked { path, what, why } in layout.not_checked {
            let path = display(&path);
            self.report.not_checked.push(NotChecked { path, what, why, remedy: "".into() });
        }
        let (expected, absent): (Vec<_>, Vec<_>) =
            absent.into_iter().partition(|absent| self.is_expected(&absent.as_name));
        for absent in expected {
            self.add(display(path), layout::missing_expected_file(path, &absent.name));
        }
        let mut session = self.session(previous.as_deref());
        let mut files = Vec::new();
        for planned in &layout.files {
            files.extend(self.file(&mut session, planned));
        }
        if let Some(previous) = &previous {
            let absent = absent.into_iter().map(|absent| absent.as_name).collect();
            let absent = (kind != Kind::File).then_some(absent);
            self.compare(previous, session.into_profiles(), &files, absent);
        }
        let is_no_delivery = layout.is_no_delivery;
        self.report.targets.push(Target { path: display(path), kind, files, is_no_delivery });
        self.collector.end_delivery();
    }

    fn session<'s>(&self, previous: Option<&'s Previous>) -> Session<'s>
    where
        'a: 's,
    {
        let mut session = Session::new(self.api).with_threads(self.threads);
        if let Some(config) = self.config
            && !config.config.buildings.is_empty()
        {
            session = session.with_buildings(config.config.buildings.iter().cloned());
        }
        if let Some(today) = self.today {
            session = session.with_today(today);
        }
        match previous {
            Some(previous) => session.following(&previous.profiles),
            None => session,
        }
    }

    /// Reads one file; `None` if it cannot be opened.
    fn file(&mut self, session: &mut Session<'_>, planned: &Planned) -> Option<FileEntry> {
        let path = display(&planned.path);
        let opened = self.tree.open(&planned.path).and_then(|source| Ok((source.stamp()?, source)));
        let (before, mut source) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.add(path, layout::unreadable_file(self.tree, &planned.path, &error));
                return None;
            }
        };
        let (entry, cures) = self.contents(session, path, &planned.as_name, &mut source);
        if !self.is_fixing {
            let is_open = cures.is_open() || self.collector.has_open_cures();
            let cures = if is_open { self.surveyed(planned) } else { cures };
            self.collector.settle(&cures);
        }
        let (open, named) = (source.stamp(), self.tree.stamp(&planned.path));
        if let Some(finding) = layout::changed_while_read(before, open, named) {
            session.distrust(&planned.as_name, "changed while it was read");
            self.add(entry.path.clone(), finding);
        }
        Some(entry)
    }

    fn input(&mut self, path: &Path, as_name: &str, input: &mut (dyn Read + Send)) {
        self.target = display(path);
        let previous = self.previous_of(path);
        let mut session = self.session(previous.as_deref());
        let (entry, _) = self.contents(&mut session, display(path), as_name, input);
        // What is no file is not staged.
        self.collector.settle(&Cures::default());
        if let Some(previous) = &previous {
            let files = std::slice::from_ref(&entry);
            self.compare(previous, session.into_profiles(), files, None);
        }
        self.collector.end_delivery();
        self.report.targets.push(Target {
            path: display(path),
            kind: Kind::File,
            files: vec![entry],
            is_no_delivery: false,
        });
    }

    fn contents(
        &mut self,
        session: &mut Session<'_>,
        path: String,
        as_name: &str,
        source: &mut (dyn Read + Send),
    ) -> (FileEntry, Cures) {
        self.collector.named_file(path.clone(), as_name.to_owned());
        let is_compared = self.previous.is_some();
        let mut source = Digesting::new(source, self.digest || is_compared);
        let checked = session.check(as_name, &mut source, &mut self.collector);
        let (bytes, records, cures) = match checked {
            Ok(summary) => {
                for samegoal_schema::NotChecked { what, why } in summary.not_checked {
                    let path = path.clone();
                    self.report.not_checked.push(match &*what {
                        "columns" => NotChecked::columns(path),
                        _ => NotChecked { path, what, why, remedy: "".into() },
                    });
                }
                (summary.bytes, summary.records, summary.cures)
            }
            Err(Error::Read { offset, source }) => {
                self.add(path.clone(), layout::unreadable(&source));
                (offset, None, Cures::default())
            }
            // The names come from the schema.
            Err(_) => (0, None, Cures::default()),
        };
        let sha256 = source.so_far().filter(|_| self.digest).map(|digest| hexadecimal(&digest));
        if is_compared {
            self.digests.insert(as_name.to_owned(), source.whole().ok().flatten());
        }
        (FileEntry { path, as_name: as_name.to_owned(), bytes, records, sha256 }, cures)
    }

    /// Looks at a file once more, for what is in the way of its fixes.
    fn surveyed(&self, planned: &Planned) -> Cures {
        let plan = || {
            let spec = self.api.file(&planned.as_name)?;
            Plan::survey(spec, self.tree.open(&planned.path).ok()?).ok()
        };
        plan().map(|plan| plan.cures()).unwrap_or_default()
    }

    /// Reports a finding about a path as the layout has it.
    fn add(&mut self, path: String, finding: Finding) {
        let within = path.strip_prefix(&self.target).filter(|_| !self.target.is_empty());
        match within.map(|name| name.trim_start_matches('/')) {
            Some(name) if !name.is_empty() => {
                let name = name.to_owned();
                self.add_as(path, name, finding);
            }
            _ => {
                self.collector.file(path);
                self.collector.take(finding);
            }
        }
    }

    /// Reports a finding about a file under the name that a configuration has for it.
    fn add_as(&mut self, path: String, name: String, finding: Finding) {
        self.collector.named_file(path, name);
        self.collector.take(finding);
    }
}
