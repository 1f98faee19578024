//! How long records and fields may be.

/// The most bytes of a record without its line end. A longer one is not separated into fields.
pub const MAX_RECORD: usize = 1 << 20;

/// The most bytes of a field. A longer one is a fault of its record.
pub const MAX_FIELD: usize = 64 << 10;
