//! Where in a delivery a policy holds.

use samegoal_schema::Rule;

use super::{Level, Policy, Selector};

/// Where a finding is, in the words of a configuration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// The file of the API, or the way to another from the delivery; `None` for the delivery itself.
    pub file: Option<&'a str>,
    /// The known column; `None` for the file as a whole.
    pub column: Option<&'a str>,
}

/// A severity in one file or column.
#[derive(Clone, Debug)]
pub struct Scoped {
    /// The rule or group of rules.
    pub rule: Selector,
    /// The file.
    pub file: String,
    /// The column; `None` for all of the file.
    pub column: Option<String>,
    /// The severity.
    pub level: Level,
}

/// Findings that are accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The rule.
    pub rule: &'static Rule,
    /// The file; `None` for any, and for the delivery itself.
    pub file: Option<String>,
    /// The column; `None` for any, and for the file as a whole.
    pub column: Option<String>,
    /// How many of them there may be in a delivery.
    pub count: u64,
}

impl Policy {
    /// Whether more than the file decides how a rule's findings weigh, or whether they count.
    pub(super) fn is_narrow(&self, rule: &Rule, file: Option<&str>) -> bool {
        let is_of_column =
            |it: &Scoped| it.column.is_some() && it.rule.matches(rule) && Some(&*it.file) == file;
        self.takes_census
            || self.scoped.iter().any(is_of_column)
            || self.accepted.iter().any(|it| it.rule.name == rule.name && it.covers_file(file))
    }
}

impl Accepted {
    fn covers_file(&self, file: Option<&str>) -> bool {
        self.file.is_none() || self.file.as_deref() == file
    }

    fn covers(&self, rule: &Rule, scope: &Scope<'_>) -> bool {
        self.rule.name == rule.name
            && self.covers_file(scope.file)
            && (self.column.is_none() || self.column.as_deref() == scope.column)
    }
}

/// The severity that the narrowest of the overrides gives, and of equally narrow ones the last.
pub(super) fn scoped(list: &[Scoped], rule: &Rule, scope: &Scope<'_>) -> Option<Level> {
    list.iter()
        .filter(|it| {
            it.rule.matches(rule)
                && Some(&*it.file) == scope.file
                && (it.column.is_none() || it.column.as_deref() == scope.column)
        })
        .max_by_key(|it| (it.column.is_some(), it.rule.as_str() == rule.name))
        .map(|it| it.level)
}

/// The narrowest entry that accepts a finding, by its number.
pub(super) fn accepting(list: &[Accepted], rule: &Rule, scope: &Scope<'_>) -> Option<usize> {
    list.iter()
        .enumerate()
        .filter(|(_, it)| it.covers(rule, scope))
        .max_by_key(|(_, it)| (it.column.is_some(), it.file.is_some()))
        .map(|(index, _)| index)
}
