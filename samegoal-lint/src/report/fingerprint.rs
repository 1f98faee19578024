//! What distinguishes a finding from the others, and is the same again in the next run.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::digest::hexadecimal;
use crate::policy::Reported;
use samegoal_schema::finding::{Masker, Values};

/// Makes the fingerprints of the findings of a run, one after the other.
///
/// A fingerprint is made of the rule, the path, the name of the column and how many findings of
/// these there were before. Neither the line goes into it, for lines move, nor anything from a
/// cell: a hash of a student's id is found out in no time.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: BTreeMap<String, u64>,
}

impl Fingerprints {
    /// The fingerprint of the next finding: 32 hexadecimal digits.
    pub(super) fn next(&mut self, reported: &Reported) -> String {
        let masker = Masker::new(Values::Mask);
        let field = reported.finding.location.as_ref().and_then(|place| place.field.as_ref());
        let field = field.map(|field| masker.message(field)).unwrap_or_default();
        let key = [reported.finding.rule.name, &*reported.path, &field].join("\0");
        let before = self.seen.entry(key.clone()).or_default();
        let fingerprint = fingerprint_of(&[&key, &before.to_string()]);
        *before += 1;
        fingerprint
    }
}

/// The fingerprint of what has these names: 32 hexadecimal digits.
pub(super) fn fingerprint_of(names: &[&str]) -> String {
    let mut fingerprint = hexadecimal(&Sha256::digest(names.join("\0")));
    fingerprint.truncate(32);
    fingerprint
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use samegoal_schema::{Content, Finding, Location};

    use super::*;
    use crate::report::sample::{FIELD_COUNT, at, private, with_findings};

    fn fingerprints(findings: Vec<(&str, Finding)>) -> Vec<String> {
        let report = with_findings(findings);
        let mut fingerprints = Fingerprints::default();
        report.found.findings.iter().map(|reported| fingerprints.next(reported)).collect()
    }

    fn finding(line: u64, field: &str, cell: &str) -> Finding {
        let cell = samegoal_schema::Message::default().cell(private(cell, Content::Identifier));
        FIELD_COUNT
            .finding()
            .message(cell)
            .at(Location { field: Some(field.to_owned().into()), ..at(line, 1) })
    }

    #[test]
    fn no_two_are_alike() {
        let all = fingerprints(vec![
            ("a", finding(1, "x", "")),
            ("a", finding(2, "x", "")),
            ("a", finding(3, "y", "")),
            ("b", finding(1, "x", "")),
        ]);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 4);
        assert!(all.iter().all(|it| it.len() == 32 && it.chars().all(|c| c.is_ascii_hexdigit())));
    }

    #[test]
    fn neither_the_line_nor_a_value_goes_in() {
        assert_eq!(
            fingerprints(vec![("a", finding(1, "x", "123"))]),
            fingerprints(vec![("a", finding(9, "x", "456"))])
        );
    }
}
