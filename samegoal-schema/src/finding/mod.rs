//! Findings as plain values, without formatting.
//!
//! A rule and a place come in; a [`Finding`] goes out to a [`Sink`]. Imports `schema` and `text`.
//!
//! Anything from a file is kept in a [`Cell`], which cannot be printed or serialized. Code that
//! shows findings must decide how much of a cell to show.

mod cell;
pub(crate) mod cure;
#[expect(clippy::module_inception, reason = "the type that the folder is named after")]
mod finding;
mod manual;
mod mask;
mod message;
mod rule;
mod sink;

pub use cell::{Cell, Privacy};
pub(crate) use cure::{
    ADD_COLUMNS, CONVERT_ENCODING, Cure, Cures, DROP_BOM, PAD_DATE, RENAME_COLUMN, TRIM_VALUE,
    UNIFY_LINE_ENDS, WRITE_ALLOWED_VALUE,
};
pub use finding::{Excerpt, Finding, Location, Related};
pub use manual::Manual;
pub use mask::{Line, Masker, Values};
pub use message::{Message, Part};
pub(crate) use rule::rules;
pub use rule::{Consequence, Exception, Rule, Severity, Variant, joined};
pub use sink::{Admission, Folded, Sink};
pub(crate) use sink::{cured, report, report_many};
