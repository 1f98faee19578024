//! The checks, by what they need to see. Each module holds the manuals of its rules and their
//! logic.

pub mod bytes;
pub mod foreign;
pub mod header;
pub mod key;
pub mod line_end;
pub mod opening;
pub mod quote;
pub mod shape;
pub mod truncated;
pub mod value;
