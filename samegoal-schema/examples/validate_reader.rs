//! Checks what any reader returns, here standard input, as students.csv.
//!
//! ```text
//! cargo run -p samegoal-schema --example validate_reader < students.csv
//! ```
#![expect(clippy::print_stdout, reason = "it is what the example is for")]

use std::io;
use std::process::ExitCode;

use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::{Finding, Severity, check};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut findings: Vec<Finding> = Vec::new();
    let summary = check("students.csv", io::stdin(), &mut findings)?;
    for finding in &findings {
        let (line, column) = finding.location.as_ref().map_or((0, 0), |at| (at.line, at.column));
        // Cells may be personal data, so this prints them masked.
        let words = Masker::new(Values::Mask).message(&finding.message);
        println!("{line}:{column}: {}[{}] {words}", finding.severity(), finding.rule.name);
    }
    println!("{} records, {} findings", summary.records.unwrap_or(0), findings.len());
    let failed = findings.iter().any(|finding| finding.severity() == Severity::Error);
    Ok(ExitCode::from(u8::from(failed)))
}
