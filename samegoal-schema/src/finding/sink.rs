//! Who receives findings, and how checks report them.

use super::cure::Cure;
use super::finding::Finding;
use super::message::{Message, Part};
use super::rule::{Rule, Variant};
use crate::schema::Text;

/// Receives findings.
///
/// A check first calls [`admit`](Self::admit) and builds the finding only if the sink wants it. So
/// a file with five million bad records costs only the counting.
pub trait Sink {
    /// Counts a finding that stands for `count` values or records, and returns whether the sink
    /// wants all of it. If it returns [`Admission::Keep`], exactly one [`push`](Self::push) for
    /// that rule follows. `cure` is the fix that cures it in a copy, as far as its place shows.
    fn admit(
        &mut self,
        rule: &'static Rule,
        variant: Variant,
        count: u64,
        cure: Option<Cure<'_>>,
    ) -> Admission;

    /// Takes an admitted finding.
    fn push(&mut self, finding: Finding);

    /// Takes a consequence of an earlier finding. It is not a finding itself: it adds to the count
    /// and the help of the first finding of its rule in that file. It has no effect if the rule is
    /// off or the finding was not wanted.
    fn fold(&mut self, folded: Folded);

    /// Whether to stop. The check calls it between records. Once it returns true, the run ends
    /// early: findings about the whole file are not reported, and the
    /// [summary](crate::Summary::is_cut_short) says so. A sink around another one asks that one.
    fn is_closed(&self) -> bool;
}

/// A consequence of a finding in this file or an earlier one, which is not a finding itself. For
/// example, the references to students whose record could not be read.
pub struct Folded {
    /// The schema's name for the file with the finding.
    pub file: Text,
    /// The rule of the finding.
    pub rule: &'static Rule,
    /// How many more records it stands for.
    pub count: u64,
    /// The schema's name for the file with these records.
    pub from: Text,
    /// A sentence about them, for the help.
    pub note: Message,
}

impl Folded {
    /// Adds this to its finding.
    pub fn add_to(self, finding: &mut Finding) {
        finding.count += self.count;
        if self.from != self.file && self.count > 0 {
            finding.elsewhere.push((self.from, self.count));
        }
        let help = &mut finding.help.parts;
        if !help.is_empty() {
            help.push(Part::Text(" ".into()));
        }
        help.extend(self.note.parts);
    }
}

/// How much of a finding a [`Sink`] wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The whole finding.
    Keep,
    /// Nothing more than the count.
    Count,
}

/// Keeps every finding.
impl Sink for Vec<Finding> {
    fn admit(&mut self, _: &'static Rule, _: Variant, _: u64, _: Option<Cure<'_>>) -> Admission {
        Admission::Keep
    }

    fn push(&mut self, finding: Finding) {
        Vec::push(self, finding);
    }

    /// The file of a finding is not kept, so this takes the last finding of the rule.
    fn fold(&mut self, folded: Folded) {
        let of_rule = |finding: &&mut Finding| std::ptr::eq(finding.rule, folded.rule);
        if let Some(finding) = self.iter_mut().rev().find(of_rule) {
            folded.add_to(finding);
        }
    }

    fn is_closed(&self) -> bool {
        false
    }
}

/// Counts a finding; builds it and passes it on if the sink wants it.
pub(crate) fn report(
    sink: &mut (impl Sink + ?Sized),
    rule: &'static Rule,
    variant: impl Into<Variant>,
    build: impl FnOnce(Finding) -> Finding,
) {
    report_many(sink, rule, variant, 1, build);
}

/// Like [`report`], for a finding that stands for `count` values or records.
pub(crate) fn report_many(
    sink: &mut (impl Sink + ?Sized),
    rule: &'static Rule,
    variant: impl Into<Variant>,
    count: u64,
    build: impl FnOnce(Finding) -> Finding,
) {
    let variant = variant.into();
    if sink.admit(rule, variant, count, None) == Admission::Keep {
        sink.push(build(rule.finding().variant(variant).count(count)));
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

/// Adds the fix to every finding that it cures.
struct Curing<'s, 'a> {
    sink: &'s mut dyn Sink,
    cure: Cure<'a>,
}

impl Sink for Curing<'_, '_> {
    fn admit(
        &mut self,
        rule: &'static Rule,
        variant: Variant,
        count: u64,
        _: Option<Cure<'_>>,
    ) -> Admission {
        self.sink.admit(rule, variant, count, Some(self.cure))
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
