//! What a rule is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::manual::Manual;

/// A kind of defect, with its manual.
///
/// Names are stable: once released, a name never changes its meaning.
#[derive(Debug)]
pub struct Rule {
    /// `group/defect`, in kebab case.
    pub name: &'static str,
    /// How severe it is, unless an [exception](Self::exceptions) or a configuration says otherwise.
    pub severity: Severity,
    /// What SameGoal does with it.
    pub consequence: Consequence,
    /// The circumstances, at most [`Variant::MOST`], in which the defect has a different weight.
    pub exceptions: &'static [Exception],
    /// What it means, why it matters, an example and how to fix it, in Markdown.
    pub manual: Manual,
}

/// A circumstance in which a rule's findings have a different weight.
#[derive(Debug)]
pub struct Exception {
    /// When it applies, as an adverbial: `for an optional column`.
    pub when: &'static str,
    /// How severe the defect is then.
    pub severity: Severity,
    /// What SameGoal does with it then.
    pub consequence: Consequence,
}

impl Rule {
    /// The part of the name before the slash.
    ///
    /// ```
    /// let rule = samegoal_schema::rule("csv/unclosed-quote").unwrap();
    /// assert_eq!(rule.group(), "csv");
    /// ```
    pub fn group(&self) -> &'static str {
        self.name.split_once('/').map_or(self.name, |(group, _)| group)
    }

    /// The severity and the consequence, in the usual case or in that of an exception.
    pub fn weight(&self, variant: Variant) -> (Severity, Consequence) {
        let exception =
            variant.0.checked_sub(1).and_then(|nth| self.exceptions.get(usize::from(nth)));
        exception.map_or((self.severity, self.consequence), |it| (it.severity, it.consequence))
    }
}

/// Lists of rules, one behind the other: `COUNT` rules in all.
///
/// # Panics
///
/// If there are more or fewer, or none. In a constant it does not compile then.
#[doc(hidden)]
#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile")]
pub const fn joined<const COUNT: usize>(lists: &[&[&'static Rule]]) -> [&'static Rule; COUNT] {
    let mut all = [lists[0][0]; COUNT];
    let (mut list, mut at) = (0, 0);
    while list < lists.len() {
        let mut rule = 0;
        while rule < lists[list].len() {
            all[at] = lists[list][rule];
            (at, rule) = (at + 1, rule + 1);
        }
        list += 1;
    }
    assert!(at == COUNT);
    all
}

/// Which of its rule's weights a finding has: the usual one, or that of an [`Exception`].
///
/// `true` stands for the first exception, for rules that have only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Variant(u8);

impl Variant {
    /// The rule's own weight.
    pub const USUAL: Self = Self(0);
    /// How many exceptions a rule may have.
    pub const MOST: usize = 4;

    /// The weight of an exception, by its position among the rule's.
    pub const fn exception(position: u8) -> Self {
        Self(position.saturating_add(1))
    }

    /// 0 for the usual weight, otherwise the number of the exception from 1.
    pub fn index(self) -> usize {
        self.0.into()
    }
}

impl From<bool> for Variant {
    fn from(exceptional: bool) -> Self {
        if exceptional { Self::exception(0) } else { Self::USUAL }
    }
}

/// How severe a defect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Advice,
    /// Probably wrong, or works only by luck.
    Warning,
    /// The delivery, a file, a record or a value is ignored, rejected, lost or unreadable.
    Error,
}

impl Severity {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What SameGoal does with a defect, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// SameGoal may delete or overwrite data that it already has.
    DataAtRisk,
    /// Nothing of the delivery is processed.
    DeliveryIgnored,
    /// The file is not processed.
    FileIgnored,
    /// The record is not loaded.
    RecordLost,
    /// The value is not loaded.
    ValueLost,
    /// Nothing by itself, but it is rarely intended.
    Suspicious,
}

impl Consequence {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeliveryIgnored => "delivery-ignored",
            Self::FileIgnored => "file-ignored",
            Self::DataAtRisk => "data-at-risk",
            Self::RecordLost => "record-lost",
            Self::ValueLost => "value-lost",
            Self::Suspicious => "suspicious",
        }
    }
}

impl fmt::Display for Consequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Declares rules: the doc comment is the manual, with the headings that [`Manual::of`] demands. A name
/// before them is that of the list of them all.
#[doc(hidden)]
#[macro_export]
macro_rules! rules {
    ($list:ident; $(
        $(#[doc = $doc:literal])+
        $ident:ident = $name:literal, $severity:ident, $consequence:ident
            $(; $when:literal: $other:ident, $other_consequence:ident)* ;
    )+) => {
        rules! {$(
            $(#[doc = $doc])+
            $ident = $name, $severity, $consequence $(; $when: $other, $other_consequence)* ;
        )+}
        pub(crate) const $list: &[&$crate::finding::Rule] = &[$(&$ident),+];
    };
    ($(
        $(#[doc = $doc:literal])+
        $ident:ident = $name:literal, $severity:ident, $consequence:ident
            $(; $when:literal: $other:ident, $other_consequence:ident)* ;
    )+) => {$(
        $(#[doc = $doc])+
        #[allow(unreachable_pub, reason = "the list of the rules makes each public")]
        pub static $ident: $crate::finding::Rule = $crate::finding::Rule {
            name: $name,
            severity: $crate::finding::Severity::$severity,
            consequence: $crate::finding::Consequence::$consequence,
            exceptions: &[$($crate::finding::Exception {
                when: $when,
                severity: $crate::finding::Severity::$other,
                consequence: $crate::finding::Consequence::$other_consequence,
            }),*],
            manual: $crate::finding::Manual::of(concat!($($doc, "\n"),+)),
        };
    )+};
}
pub(crate) use rules;
