//! The report for programs that read line by line: a JSON object a line, of the same fields as in
//! the [JSON report](super::json).
//!
//! Each has a `type`: first a `run` with what was looked at, then a `finding` for each finding, at
//! last a `summary` with the sums.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::json::{
    FORMAT_VERSION, Finding, Fixed, Summary, TOOL, Target, Tool, Verdict, findings, targets,
};
use super::{Options, Report};
use samegoal_schema::text::escape::visible;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'a> {
    Run {
        format_version: u32,
        tool: Tool,
        #[serde(skip_serializing_if = "Option::is_none")]
        config: Option<Cow<'a, str>>,
        targets: Vec<Target<'a>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fixes: Vec<Fixed<'a>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        staged: Vec<Cow<'a, str>>,
    },
    Finding(Finding<'a>),
    Summary {
        verdict: Verdict,
        #[serde(flatten)]
        sums: Summary<'a>,
    },
}

/// Writes the report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let run = Line::Run {
        format_version: FORMAT_VERSION,
        tool: TOOL,
        config: report.config.as_deref().map(visible),
        targets: targets(report, options),
        fixes: report.fixes.iter().map(Fixed::new).collect(),
        staged: report.staged.iter().map(|path| visible(path)).collect(),
    };
    let findings = findings(report, options).map(Line::Finding);
    let summary = Line::Summary {
        verdict: Verdict::new(report, options),
        sums: Summary::new(report, options),
    };
    for line in [run].into_iter().chain(findings).chain([summary]) {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::json;
    use crate::report::sample::{self, Writer};

    fn written(write: Writer) -> String {
        sample::written(write, &sample::mixed(), &Options::default())
    }

    #[test]
    fn the_lines_are_the_parts_of_the_document() {
        let mut whole: Value = serde_json::from_str(&written(json::write)).unwrap();
        let text = written(write);
        sample::assert_safe(&text);
        let mut lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let types: Vec<_> =
            lines.iter_mut().map(|line| line.as_object_mut().unwrap().remove("type")).collect();
        assert_eq!(types.first(), Some(&Some("run".into())));
        assert_eq!(types.last(), Some(&Some("summary".into())));
        assert!(types[1..types.len() - 1].iter().all(|it| *it == Some("finding".into())));
        let mut summary = whole["summary"].take();
        summary["verdict"] = whole["verdict"].take();
        assert_eq!(lines.pop(), Some(summary));
        assert_eq!(lines[0]["targets"], whole["targets"]);
        assert_eq!(lines[1..], *whole["findings"].as_array().unwrap());
    }
}
