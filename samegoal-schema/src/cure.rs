//! Which fix cures what is found: what the checks say of a fix, and what comes of it.

use crate::finding::{Admission, Finding, Folded, Sink};
use crate::model::Text;
use crate::rule::{Rule, Variant};

use crate::fix::{ADD_COLUMNS, CONVERT_ENCODING, Fix, PAD_DATE, RENAME_FILE};

/// That a fix cures a finding, as far as its place shows. Whether it does may depend on the rest of
/// the file; [`Cures`] knows.
#[derive(Clone, Copy, Debug)]
pub struct Cure<'a> {
    /// The name of the fix.
    pub fix: &'static str,
    /// The known name of the column, if the finding is about a value.
    pub column: Option<&'a str>,
}

impl<'a> Cure<'a> {
    pub(crate) fn of(fix: &'static Fix) -> Self {
        Self { fix: fix.name, column: None }
    }

    pub(crate) fn in_column(fix: &'static Fix, column: &'a str) -> Self {
        Self { fix: fix.name, column: Some(column) }
    }

    /// Whether no check can say it, but only a second look at the file: [`Plan::survey`].
    ///
    /// [`Plan::survey`]: crate::fix::Plan::survey
    pub fn is_open(&self) -> bool {
        self.fix == PAD_DATE.name || self.fix == CONVERT_ENCODING.name
    }
}

/// Which fixes are made in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fix that is made or not")]
pub struct Cures {
    /// Whether the file gets another name.
    pub renames_file: bool,
    /// Whether its records can be relied on. Without, none of the others is made.
    pub(crate) is_read: bool,
    /// Whether it takes a second look to know that.
    pub(crate) is_open: bool,
    pub(crate) adds_columns: bool,
    pub(crate) converts: bool,
    /// The columns whose dates are padded.
    pub(crate) padded: Vec<Text>,
}

impl Cures {
    /// Whether it takes a second look at the file to know more: [`Plan::survey`].
    ///
    /// [`Plan::survey`]: crate::fix::Plan::survey
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The same, with another name for the file or not.
    #[must_use]
    pub fn renaming_file(self, renames_file: bool) -> Self {
        Self { renames_file, ..self }
    }

    /// Whether the fix is made.
    pub fn hold(&self, cure: Cure<'_>) -> bool {
        if cure.fix == RENAME_FILE.name {
            return self.renames_file;
        }
        self.is_read
            && match cure.fix {
                fix if fix == ADD_COLUMNS.name => self.adds_columns,
                fix if fix == CONVERT_ENCODING.name => self.converts,
                fix if fix == PAD_DATE.name => {
                    cure.column.is_some_and(|column| self.padded.iter().any(|name| name == column))
                }
                _ => true,
            }
    }
}

/// Reports something that a fix may cure.
pub(crate) fn cured(
    sink: &mut dyn Sink,
    cure: Option<Cure<'_>>,
    report: impl FnOnce(&mut dyn Sink),
) {
    match cure {
        Some(cure) => report(&mut Curing { sink, cure }),
        None => report(sink),
    }
}

/// Says of every finding which fix cures it.
struct Curing<'s, 'a> {
    sink: &'s mut dyn Sink,
    cure: Cure<'a>,
}

impl Sink for Curing<'_, '_> {
    fn admit(&mut self, rule: &'static Rule, variant: Variant, count: u64) -> Admission {
        self.sink.admit_cured(rule, variant, count, self.cure)
    }

    fn push(&mut self, finding: Finding) {
        self.sink.push(finding.fix(self.cure.fix));
    }

    fn fold(&mut self, folded: Folded) {
        self.sink.fold(folded);
    }

    fn is_closed(&self) -> bool {
        self.sink.is_closed()
    }
}
