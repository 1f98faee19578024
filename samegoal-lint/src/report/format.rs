//! The formats by their names, and how much each of them shows.

use std::io::{self, Write};

use clap::ValueEnum;

use super::{
    Options, Report, csv, github, gitlab, html, json, jsonl, junit, markdown, plain, pretty, sarif,
    summary,
};
use crate::policy::Policy;

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, with the lines of the findings
    #[default]
    Pretty,
    /// For people and grep: one line per finding
    Plain,
    /// For programs; its schema is printed by `schema --report`
    Json,
    /// For programs that read line by line: one object per line
    Jsonl,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For GitHub Actions: annotations in the log
    Github,
    /// For GitLab merge requests: a code quality report
    Gitlab,
    /// For Jenkins and others: one test case per rule and file
    Junit,
    /// For wikis and pull requests
    Markdown,
    /// For everyone: a page to open, search and print
    Html,
    /// For spreadsheets: one row per finding
    Csv,
    /// For email: at most ten plain lines, the first is the subject
    Summary,
}

impl Format {
    /// The most findings of one rule that it shows for one file, unless the user says otherwise.
    pub fn max_findings(self) -> usize {
        match self {
            Self::Pretty | Self::Plain | Self::Github | Self::Markdown | Self::Summary => {
                Policy::TEXT_CAP
            }
            Self::Html => Policy::PAGE_CAP,
            Self::Json | Self::Jsonl | Self::Sarif | Self::Gitlab | Self::Junit | Self::Csv => {
                Policy::DATA_CAP
            }
        }
    }

    /// How many findings of one rule and file have to be kept for a format that shows that many; 0
    /// is all.
    pub fn kept(shown: usize) -> usize {
        // The verdict is made of them, and is the same in every format.
        if shown == 0 { 0 } else { shown.max(Policy::DATA_CAP) }
    }

    /// Writes the report in this format.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(self, report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let write = match self {
            Self::Pretty => pretty::write,
            Self::Plain => plain::write,
            Self::Json => json::write,
            Self::Jsonl => jsonl::write,
            Self::Sarif => sarif::write,
            Self::Github => github::write,
            Self::Gitlab => gitlab::write,
            Self::Junit => junit::write,
            Self::Markdown => markdown::write,
            Self::Html => html::write,
            Self::Csv => csv::write,
            Self::Summary => summary::write,
        };
        write(report, options, out)
    }
}
