//! What the program is started in: a terminal or a build system, and what they ask for.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

/// What is known of it.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "none of them says anything of another")]
pub struct Surroundings {
    /// Whether what is printed is kept in a log.
    pub ci: bool,
    /// Whether it is GitHub Actions.
    pub github: bool,
    /// The file to which GitHub Actions wants a summary in Markdown appended.
    pub step_summary: Option<PathBuf>,
    /// Whether values are always masked: `SAMEGOAL_LINT_VALUES` is set. It should be `mask`; a
    /// misspelled one must not show them.
    pub pins_mask: bool,
    /// Whether drawings are unwanted.
    pub accessible: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
}

/// The variables by which build systems are known; `false`, `0` and nothing count for nothing.
pub const CI: [&str; 25] = [
    "CI",
    "CONTINUOUS_INTEGRATION",
    "APPVEYOR",
    "BITBUCKET_BUILD_NUMBER",
    "BUDDY_WORKSPACE_ID",
    "BUILDKITE",
    "BUILD_BUILDID", // Azure Pipelines
    "BUILD_ID",      // Jenkins, Google Cloud Build
    "BUILD_NUMBER",  // Jenkins, TeamCity
    "CIRCLECI",
    "CIRRUS_CI",
    "CODEBUILD_BUILD_ARN",
    "DRONE",
    "GITEA_ACTIONS",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "GO_PIPELINE_LABEL",
    "HUDSON_URL",
    "JENKINS_URL",
    "RUN_ID", // Taskcluster
    "SEMAPHORE",
    "TEAMCITY_VERSION",
    "TF_BUILD", // Azure Pipelines
    "TRAVIS",
    "bamboo_planKey",
];

impl Surroundings {
    /// Whether someone looks at what is printed, and nothing keeps it.
    pub fn is_interactive(&self) -> bool {
        self.stdout_is_terminal && self.stderr_is_terminal && !self.ci
    }

    /// Those of this process.
    pub fn here() -> Self {
        Self {
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
            ..Self::of(|name| std::env::var_os(name))
        }
    }

    /// Those that these variables tell of.
    fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let is_on = |name: &&str| {
            variable(name).is_some_and(|it| it != "false" && it != "0" && !it.is_empty())
        };
        let github = is_on(&"GITHUB_ACTIONS");
        let summary = variable("GITHUB_STEP_SUMMARY").filter(|path| github && !path.is_empty());
        Self {
            ci: CI.iter().any(is_on),
            github,
            step_summary: summary.map(Into::into),
            pins_mask: variable("SAMEGOAL_LINT_VALUES").is_some_and(|it| !it.is_empty()),
            accessible: ["ACCESSIBLE", "NO_GRAPHICS"].iter().any(is_on),
            ..Self::default()
        }
    }
}

/// `TZ` names something that would be waited for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`TZ` names `{0}`, which is not a regular file; pass the name of a time zone")]
pub struct NoZone(String);

/// Looks at the file that `TZ` may name: whoever wants to know the time reads it to its end.
///
/// # Errors
///
/// [`NoZone`].
pub fn check_zone() -> Result<(), NoZone> {
    let zone = std::env::var("TZ").unwrap_or_default();
    let path = zone.strip_prefix(':').unwrap_or(&zone);
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => Err(NoZone(path.to_owned())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Surroundings {
        Surroundings::of(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
        })
    }

    #[test]
    fn variables_tell_where_we_are() {
        for (variables, ci, github, accessible) in [
            (&[][..], false, false, false),
            (&[("CI", "true")], true, false, false),
            (&[("CI", "false")], false, false, false),
            (&[("CI", "")], false, false, false),
            (&[("JENKINS_URL", "http://x")], true, false, false),
            (&[("bamboo_planKey", "NIGHT-1")], true, false, false),
            (&[("BUILD_BUILDID", "12")], true, false, false),
            (&[("TRAVIS", "0")], false, false, false),
            (&[("GITHUB_ACTIONS", "true")], true, true, false),
            (&[("ACCESSIBLE", "1")], false, false, true),
            (&[("ACCESSIBLE", "0")], false, false, false),
            (&[("NO_GRAPHICS", "1")], false, false, true),
        ] {
            let it = of(variables);
            assert_eq!(
                (it.ci, it.github, it.accessible),
                (ci, github, accessible),
                "{variables:?}"
            );
        }
    }

    #[test]
    fn someone_looks_only_where_nothing_is_kept() {
        for (stdout_is_terminal, stderr_is_terminal, ci, expected) in [
            (true, true, false, true),
            (true, false, false, false),
            (false, true, false, false),
            (true, true, true, false),
        ] {
            let around = Surroundings {
                ci,
                stdout_is_terminal,
                stderr_is_terminal,
                ..Surroundings::default()
            };
            assert_eq!(around.is_interactive(), expected, "{around:?}");
        }
    }

    #[test]
    fn a_summary_is_wanted_under_github_actions_only() {
        let summary = ("GITHUB_STEP_SUMMARY", "/x");
        assert_eq!(of(&[summary]).step_summary, None);
        assert!(of(&[summary, ("GITHUB_ACTIONS", "true")]).step_summary.is_some());
    }
}
