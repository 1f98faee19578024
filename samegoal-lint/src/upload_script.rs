//! The batch with which somebody else's program uploads an epoch: the directory first, then each
//! file, and COMPLETE last. Nothing here opens a connection.
//!
//! What is printed is read by a program, letter for letter, so it does not go through
//! [`escape`](samegoal_schema::text::escape). Instead a path that has something in it which cannot be written in such
//! a batch is refused.

use std::fmt::Write;
use std::path::{self, Path, PathBuf};

use crate::layout::rules;
use clap::ValueEnum;
use samegoal_schema::schema::api::COMPLETE;
use samegoal_schema::{FileSpec, Rule, Schema, Severity};

use crate::layout::{self, Layout, Place, Survey};
use crate::listing::{Kind, Tree, display};
use samegoal_schema::finding::{Masker, Values};

/// The program that a batch is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Client {
    /// OpenSSH: sftp -b
    Sftp,
    /// WinSCP: winscp.com /script=
    #[value(name = "winscp")]
    WinScp,
}

/// Why there is no batch.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// The directory is not fit to be uploaded.
    #[error("`{path}` cannot be uploaded: {why}")]
    NotReady {
        /// The directory.
        path: String,
        /// Why not.
        why: String,
    },
    /// A path cannot be written in a batch.
    #[error("`{0}` cannot be written in a batch: {1}")]
    Unwritable(String, &'static str),
    /// The remote directory is not one.
    #[error("`{0}` is not the path of a directory on the server: it must begin with `/`")]
    Remote(String),
}

/// What to upload, and where.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The epoch or, for auto files, the directory that they are in.
    pub dir: PathBuf,
    /// The directory on the server.
    pub remote: String,
    /// Whether auto files are uploaded rather than an epoch.
    pub auto: bool,
}

/// The batch for a client.
///
/// # Errors
///
/// [`ScriptError`] if what is there would not be processed, or cannot be written.
///
/// ```
/// use samegoal_lint::listing::Memory;
/// use samegoal_lint::upload_script::{Client, Upload, upload_script};
///
/// let tree = Memory::new()
///     .file("/out/20260105-020000/students.csv", "Student Id\n")
///     .file("/out/20260105-020000/COMPLETE", "");
/// let upload =
///     Upload { dir: "/out/20260105-020000".into(), remote: "/upload".into(), auto: false };
/// let script = upload_script(&tree, &samegoal_schema::generic_api(), &upload, Client::Sftp)?;
/// let last = script.lines().last().unwrap();
/// assert!(last.starts_with("put ") && last.ends_with("\"/upload/20260105-020000/COMPLETE\""));
/// # Ok::<(), samegoal_lint::upload_script::ScriptError>(())
/// ```
pub fn upload_script(
    tree: &dyn Tree,
    api: &Schema,
    upload: &Upload,
    client: Client,
) -> Result<String, ScriptError> {
    let remote = upload.remote.trim_end_matches('/');
    if !upload.remote.starts_with('/') {
        return Err(ScriptError::Remote(upload.remote.clone()));
    }
    let survey = Survey { tree, api, recognize: &|_| None };
    // Without a slash behind it, which would follow a link.
    let given: PathBuf = upload.dir.components().collect();
    match tree.kind(&given) {
        Ok(Kind::Link) if !upload.auto => {
            let why = "it is a link; pass the directory that it points to";
            return Err(not_ready(&upload.dir, why.to_owned()));
        }
        Ok(Kind::File) if layout::is_archive(&survey, &given) => {
            return Err(not_ready(&upload.dir, "it is an archive; unpack it first".to_owned()));
        }
        _ => {}
    }
    let (target, mut files) = if upload.auto {
        (remote.to_owned(), auto_files(&survey, &upload.dir)?)
    } else {
        let (name, files) = epoch_files(&survey, &upload.dir)?;
        (format!("{remote}/{name}"), files)
    };
    if !upload.auto {
        files.push(COMPLETE.to_owned());
    }
    // A job may run the batch from anywhere.
    let dir = path::absolute(&upload.dir).unwrap_or_else(|_| upload.dir.clone());
    let mut batch = Batch { client, out: String::new() };
    batch.begin(upload.auto);
    if !upload.auto {
        batch.make(&target)?;
    }
    for file in &files {
        batch.put(&dir.join(file), &format!("{target}/{file}"), upload.auto)?;
    }
    if upload.auto {
        let all: Vec<_> = api.files().map(FileSpec::auto_name).collect();
        for file in all.iter().filter(|file| !files.contains(file)) {
            batch.remove(&target, &format!("{file}{UNFINISHED}"))?;
        }
        // Students first: then no guardians are left beside students of another day.
        for file in &all {
            batch.remove(&target, file)?;
        }
        for file in &files {
            batch.finish(&format!("{target}/{file}"))?;
        }
    }
    batch.end();
    Ok(batch.out)
}

/// The files of an epoch that is ready.
fn epoch_files(survey: &Survey<'_>, dir: &Path) -> Result<(String, Vec<String>), ScriptError> {
    let name = layout::own_name(survey.tree, dir);
    let name = name.filter(|name| layout::is_epoch_name(name)).ok_or_else(|| {
        not_ready(dir, "its name is not a valid epoch name, YYYYMMDD-HHMMSS".to_owned())
    })?;
    let found = layout::check(survey, dir, Place::InUploadRoot);
    refuse(&found, dir, |_| true)?;
    Ok((name, names(&found, |_| true)))
}

/// The auto files of a directory, students last.
fn auto_files(survey: &Survey<'_>, dir: &Path) -> Result<Vec<String>, ScriptError> {
    let found = layout::check(survey, dir, Place::UploadRoot);
    // That other things lie there is of no matter to them.
    let about_files =
        [rules::MISSING_STUDENTS.name, rules::NOT_A_REGULAR_FILE.name, rules::UNREADABLE_FILE.name];
    refuse(&found, dir, |rule| about_files.contains(&rule.name))?;
    let is_exact = |name: &str| survey.api.files().any(|spec| spec.auto_name() == name);
    let mut files = names(&found, is_exact);
    if files.is_empty() {
        return Err(not_ready(dir, "there is no auto file in it".to_owned()));
    }
    // The schema has a file before those that refer to it.
    files.reverse();
    Ok(files)
}

fn names(found: &Layout, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let names = found.files.iter().filter_map(|planned| planned.path.file_name()?.to_str());
    names.filter(|name| is_wanted(name)).map(str::to_owned).collect()
}

/// Refuses what has an error in its layout.
fn refuse(
    found: &Layout,
    dir: &Path,
    counts: impl Fn(&'static Rule) -> bool,
) -> Result<(), ScriptError> {
    let mut errors = found
        .findings
        .iter()
        .filter(|(_, finding)| finding.severity() == Severity::Error && counts(finding.rule));
    match errors.next() {
        None => Ok(()),
        Some((_, finding)) => {
            // Messages of this group name files, and no cells.
            let message = Masker::new(Values::Mask).message(&finding.message);
            Err(not_ready(dir, format!("{message} ({})", finding.rule.name)))
        }
    }
}

fn not_ready(dir: &Path, why: String) -> ScriptError {
    ScriptError::NotReady { path: display(dir), why }
}

/// What a file is called on the server until all of it is there.
const UNFINISHED: &str = ".part";

struct Batch {
    client: Client,
    out: String,
}

impl Batch {
    fn begin(&mut self, auto: bool) {
        let end = if auto { "the files get their names" } else { "COMPLETE is uploaded" };
        self.out.push_str(match self.client {
            Client::Sftp => "# sftp -b THIS_FILE USER@HOST\n",
            Client::WinScp => {
                "# winscp.com /ini=nul /log=LOG /script=THIS_FILE /parameter // \
                 sftp://USER@HOST/ \"HOST_KEY\" PRIVATE_KEY.ppk\n"
            }
        });
        let _ = writeln!(self.out, "# Any error stops the batch before {end}.");
        if self.client == Client::WinScp {
            self.out.push_str(
                "option batch abort\noption confirm off\n\
                 open \"%1%\" -hostkey=\"%2%\" -privatekey=\"%3%\"\n",
            );
        }
    }

    /// Makes a directory, which must not be there.
    fn make(&mut self, remote: &str) -> Result<(), ScriptError> {
        let remote = self.quoted(remote)?;
        let _ = writeln!(self.out, "mkdir {remote}");
        Ok(())
    }

    /// Uploads a file. Without a marker to wait for, the server may take it as soon as it has its
    /// name, so it does not get that yet if it is an auto file.
    fn put(&mut self, local: &Path, remote: &str, auto: bool) -> Result<(), ScriptError> {
        let text = local.to_str().ok_or_else(|| {
            ScriptError::Unwritable(display(local), "it contains bytes that are not text")
        })?;
        let local = if self.client == Client::Sftp { display(local) } else { text.to_owned() };
        let part = if auto { UNFINISHED } else { "" };
        let (local, remote) = (self.quoted(&local)?, self.quoted(&format!("{remote}{part}"))?);
        let options = match self.client {
            Client::Sftp => "",
            Client::WinScp => "-transfer=binary -nopermissions -resumesupport=off ",
        };
        let _ = writeln!(self.out, "put {options}{local} {remote}");
        Ok(())
    }

    /// Removes a file, if it is there.
    fn remove(&mut self, dir: &str, name: &str) -> Result<(), ScriptError> {
        let line = match self.client {
            // An error is passed over.
            Client::Sftp => format!("-rm {}", self.quoted(&format!("{dir}/{name}"))?),
            // A file that a mask does not match is no error. This one matches one name.
            Client::WinScp => {
                let (first, rest) = name.split_at_checked(1).unwrap_or_default();
                format!("rm {}", self.quoted(&format!("{dir}/[{first}]{rest}"))?)
            }
        };
        let _ = writeln!(self.out, "{line}");
        Ok(())
    }

    /// Gives an auto file its name.
    fn finish(&mut self, remote: &str) -> Result<(), ScriptError> {
        let part = self.quoted(&format!("{remote}{UNFINISHED}"))?;
        let remote = self.quoted(remote)?;
        let verb = if self.client == Client::Sftp { "rename" } else { "mv" };
        let _ = writeln!(self.out, "{verb} {part} {remote}");
        Ok(())
    }

    fn end(&mut self) {
        if self.client == Client::WinScp {
            self.out.push_str("exit\n");
        }
    }

    /// A path as the client reads it back.
    fn quoted(&self, path: &str) -> Result<String, ScriptError> {
        let unwritable = |why| Err(ScriptError::Unwritable(path.to_owned(), why));
        if path.chars().any(char::is_control) {
            return unwritable("it contains a control character");
        }
        match self.client {
            // Within quotes `sftp` itself takes `*`, `?` and `[` for what they are.
            Client::Sftp => Ok(format!("\"{}\"", path.replace('\\', r"\\").replace('"', "\\\""))),
            Client::WinScp if path.contains(['*', '?']) => {
                unwritable("WinSCP treats `*` and `?` as wildcards")
            }
            Client::WinScp if path.matches('%').count() > 1 => {
                unwritable("WinSCP treats text between two `%` as a variable")
            }
            Client::WinScp => Ok(format!("\"{}\"", path.replace('"', "\"\""))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Memory;
    use samegoal_schema::generic_api;

    const EPOCH: &str = "/out/20260105-020000";

    fn tree(files: &[&str]) -> Memory {
        files.iter().fold(Memory::new(), |tree, file| tree.file(file, ""))
    }

    fn script(tree: &Memory, dir: &str, client: Client, auto: bool) -> Result<String, ScriptError> {
        let upload = Upload { dir: dir.into(), remote: "/upload/".into(), auto };
        upload_script(tree, &generic_api(), &upload, client)
    }

    fn epoch(files: &[&str]) -> Memory {
        tree(
            &files
                .iter()
                .map(|file| format!("{EPOCH}/{file}"))
                .collect::<Vec<_>>()
                .iter()
                .map(|it| &**it)
                .collect::<Vec<_>>(),
        )
    }

    #[cfg(unix)]
    #[test]
    fn complete_is_last() {
        let tree = epoch(&["guardians.csv", "students.csv", "COMPLETE", "notes.txt"]);
        assert_eq!(
            script(&tree, EPOCH, Client::Sftp, false).unwrap(),
            r#"# sftp -b THIS_FILE USER@HOST
# Any error stops the batch before COMPLETE is uploaded.
mkdir "/upload/20260105-020000"
put "/out/20260105-020000/students.csv" "/upload/20260105-020000/students.csv"
put "/out/20260105-020000/guardians.csv" "/upload/20260105-020000/guardians.csv"
put "/out/20260105-020000/COMPLETE" "/upload/20260105-020000/COMPLETE"
"#
        );
        assert_eq!(
            script(&tree, EPOCH, Client::WinScp, false).unwrap(),
            r#"# winscp.com /ini=nul /log=LOG /script=THIS_FILE /parameter // sftp://USER@HOST/ "HOST_KEY" PRIVATE_KEY.ppk
# Any error stops the batch before COMPLETE is uploaded.
option batch abort
option confirm off
open "%1%" -hostkey="%2%" -privatekey="%3%"
mkdir "/upload/20260105-020000"
put -transfer=binary -nopermissions -resumesupport=off "/out/20260105-020000/students.csv" "/upload/20260105-020000/students.csv"
put -transfer=binary -nopermissions -resumesupport=off "/out/20260105-020000/guardians.csv" "/upload/20260105-020000/guardians.csv"
put -transfer=binary -nopermissions -resumesupport=off "/out/20260105-020000/COMPLETE" "/upload/20260105-020000/COMPLETE"
exit
"#
        );
    }

    #[cfg(unix)]
    #[test]
    fn auto_files_get_their_names_when_all_are_there() {
        let tree = tree(&["/out/students_auto.csv", "/out/guardians_auto.csv", "/out/x/y"]);
        let sftp = script(&tree, "/out", Client::Sftp, true).unwrap();
        let (_, commands) = sftp.split_once("names.\n").unwrap();
        assert_eq!(
            commands,
            r#"put "/out/guardians_auto.csv" "/upload/guardians_auto.csv.part"
put "/out/students_auto.csv" "/upload/students_auto.csv.part"
-rm "/upload/users_auto.csv.part"
-rm "/upload/user_roles_auto.csv.part"
-rm "/upload/absences_auto.csv.part"
-rm "/upload/students_auto.csv"
-rm "/upload/guardians_auto.csv"
-rm "/upload/users_auto.csv"
-rm "/upload/user_roles_auto.csv"
-rm "/upload/absences_auto.csv"
rename "/upload/guardians_auto.csv.part" "/upload/guardians_auto.csv"
rename "/upload/students_auto.csv.part" "/upload/students_auto.csv"
"#
        );
        let winscp = script(&tree, "/out", Client::WinScp, true).unwrap();
        assert!(winscp.contains("\nrm \"/upload/[s]tudents_auto.csv\"\nrm "), "{winscp}");
        assert!(winscp.ends_with("/upload/students_auto.csv\"\nexit\n"), "{winscp}");
    }

    #[test]
    fn what_would_not_be_processed_is_refused() {
        for (files, dir, auto, reason) in [
            (&["students.csv"][..], EPOCH, false, "there is no `COMPLETE` file"),
            (&["students.csv", "complete"], EPOCH, false, "must be named exactly `COMPLETE`"),
            (&["COMPLETE"], EPOCH, false, "there is no API file in"),
            (&["guardians.csv", "COMPLETE"], EPOCH, false, "`students.csv` is missing"),
            (&["Students.csv", "COMPLETE"], EPOCH, false, "but its name is not exact"),
            (&["students.csv"], "/out", false, "its name is not a valid epoch name"),
            (&["students.csv"], "/out", true, "there is no auto file in it"),
        ] {
            for client in [Client::Sftp, Client::WinScp] {
                let error = script(&epoch(files), dir, client, auto).unwrap_err().to_string();
                assert!(error.contains(reason), "{reason}: {error}");
            }
        }
        let guardians = tree(&["/out/guardians_auto.csv"]);
        let error = script(&guardians, "/out", Client::Sftp, true).unwrap_err().to_string();
        assert!(error.contains("`students_auto.csv` is missing"), "{error}");
        let upload = Upload { dir: EPOCH.into(), remote: "upload".into(), auto: false };
        let error = upload_script(&epoch(&[]), &generic_api(), &upload, Client::Sftp).unwrap_err();
        assert_eq!(error, ScriptError::Remote("upload".into()));
    }

    #[test]
    fn paths_are_quoted_as_each_client_reads_them() {
        let quoted = |client, path: &str| Batch { client, out: String::new() }.quoted(path);
        for (path, sftp, winscp) in [
            ("/a b/c", Ok(r#""/a b/c""#), Ok(r#""/a b/c""#)),
            (r#"/a"b"#, Ok(r#""/a\"b""#), Ok(r#""/a""b""#)),
            (r"C:\a", Ok(r#""C:\\a""#), Ok(r#""C:\a""#)),
            ("/a's #1", Ok(r#""/a's #1""#), Ok(r#""/a's #1""#)),
            ("/[a]*?", Ok(r#""/[a]*?""#), Err(())),
            ("/100%", Ok(r#""/100%""#), Ok(r#""/100%""#)),
            ("/%USER%", Ok(r#""/%USER%""#), Err(())),
            ("/a\nput", Err(()), Err(())),
        ] {
            assert_eq!(quoted(Client::Sftp, path).map_err(|_| ()), sftp.map(String::from));
            assert_eq!(quoted(Client::WinScp, path).map_err(|_| ()), winscp.map(String::from));
        }
    }
}
