//! Bytes into records and fields that know where they are.
//!
//! Bytes come in, records go out: one by one from a [`Scanner`], or side by side in blocks of up to
//! 64. Imports `text`.
//!
//! This reader is for CSV files that are *checked*. It differs from a reader for files that are *used*
//! in four ways: each field keeps its place and its quoting; lines are physical lines, whatever ends
//! them; after a fault it reads on; and one wrong quote never swallows the rest of the file.
//!
//! It needs a few buffers of memory, whatever the file holds. A record needs no allocation: its fields
//! are slices of the buffer.

mod batch;
mod batcher;
pub(crate) mod bits;
pub(crate) mod block;
pub(crate) mod bom;
mod buffer;
pub(crate) mod field;
mod limits;
pub(crate) mod record;
mod recover;
mod scanner;
pub(crate) mod simd;
mod simd_records;

pub(crate) use batch::Batch;
pub(crate) use batcher::Batcher;
pub use field::{Fault, FaultKind, Field, Quoting};
pub use limits::{MAX_FIELD, MAX_RECORD};
pub use record::{Place, Record, Terminator};
pub(crate) use scanner::READ_SIZE;
pub use scanner::Scanner;
