//! The list of all rules: those of the schema crate, which judge what is in a file, and those of this one,
//! which judge what surrounds it.

use samegoal_schema::finding::joined;
use samegoal_schema::{Rule, check};

use crate::{drift, layout};

pub(crate) mod config;

const GROUPS: [&[&Rule]; 4] = [layout::RULES, check::RULES, drift::RULES, config::RULES];

const COUNT: usize = {
    let [a, b, c, d] = GROUPS;
    a.len() + b.len() + c.len() + d.len()
};

/// Every rule, by group and in the order of the manual.
///
/// ```
/// let names: Vec<_> = samegoal_lint::rules::RULES.iter().map(|rule| rule.name).collect();
/// assert_eq!(names.first(), Some(&"layout/missing-complete"));
/// assert!(names.contains(&"csv/unclosed-quote"));
/// ```
pub static RULES: &[&Rule] = &joined::<COUNT>(&GROUPS);

/// The rule of that name.
///
/// ```
/// assert!(samegoal_lint::rules::rule("layout/no-epoch").is_some());
/// assert!(samegoal_lint::rules::rule("no-epoch").is_none());
/// ```
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
