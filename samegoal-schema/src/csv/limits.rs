//! How long records and fields may be.

/// A record longer than this, in bytes, its line end not counted, is not taken apart.
pub const MAX_RECORD: usize = 1 << 20;

/// A field longer than this, in bytes, is a fault of its record.
pub const MAX_FIELD: usize = 64 << 10;
