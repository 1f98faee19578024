//! Who takes findings, and how checks hand them over.

use super::cure::Cure;
use super::finding::Finding;
use super::message::{Message, Part};
use super::rule::{Rule, Variant};
use crate::schema::Text;

/// Who takes findings.
///
/// A check first asks [`admit`](Self::admit) and builds the finding only if it is wanted, so that
/// a file of five million bad records costs counting and nothing else.
pub trait Sink {
    /// Counts a finding, which stands for `count` values or records, and says whether it is wanted
    /// in full. When the answer is [`Admission::Keep`], exactly one [`push`](Self::push) of that
    /// rule follows.
    fn admit(&mut self, rule: &'static Rule, variant: Variant, count: u64) -> Admission;

    /// As [`admit`](Self::admit), for a finding that a fix cures in a copy, as far as its place shows.
    /// The default is `admit`.
    fn admit_cured(
        &mut self,
        rule: &'static Rule,
        variant: Variant,
        count: u64,
        cure: Cure<'_>,
    ) -> Admission {
        let _ = cure;
        self.admit(rule, variant, count)
    }

    /// Takes a finding that was admitted.
    fn push(&mut self, finding: Finding);

    /// Takes what follows from a finding that was reported before. It is none of its own, and adds to
    /// the count and to the help of the first one of its rule in that file. Where the rule is off, or the
    /// finding was not wanted, nothing is to be done.
    fn fold(&mut self, folded: Folded);

    /// Whether to stop. Asked between records; once it says so, the run ends early: nothing is reported
    /// of the file as a whole, and its [summary](crate::Summary::is_cut_short) says so. Most sinks never
    /// stop.
    fn is_closed(&self) -> bool;
}

/// What follows from a finding in the file that was checked before, or in this one, and is none of its
/// own: the references to students whose record could not be read, for example.
pub struct Folded {
    /// The name that the schema has for the file with the finding.
    pub file: Text,
    /// The rule of the finding.
    pub rule: &'static Rule,
    /// How many records it stands for besides.
    pub count: u64,
    /// The name that the schema has for the file with these records.
    pub from: Text,
    /// A sentence about them, for the help.
    pub note: Message,
}

impl Folded {
    /// Adds this to the finding that it belongs to.
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

/// What a [`Sink`] wants of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The whole finding.
    Keep,
    /// Nothing more: it was counted.
    Count,
}

/// Keeps every finding.
impl Sink for Vec<Finding> {
    fn admit(&mut self, _: &'static Rule, _: Variant, _: u64) -> Admission {
        Admission::Keep
    }

    fn push(&mut self, finding: Finding) {
        Vec::push(self, finding);
    }

    /// Which file a finding is of is not kept: it is the last of its rule.
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

/// Counts a finding, and builds and hands it over if it is wanted.
pub(crate) fn report(
    sink: &mut (impl Sink + ?Sized),
    rule: &'static Rule,
    variant: impl Into<Variant>,
    build: impl FnOnce(Finding) -> Finding,
) {
    report_many(sink, rule, variant, 1, build);
}

/// As [`report`], of a finding that stands for `count` values or records.
pub(crate) fn report_many(
    sink: &mut (impl Sink + ?Sized),
    rule: &'static Rule,
    variant: impl Into<Variant>,
    count: u64,
    build: impl FnOnce(Finding) -> Finding,
) {
    let variant = variant.into();
    if sink.admit(rule, variant, count) == Admission::Keep {
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
