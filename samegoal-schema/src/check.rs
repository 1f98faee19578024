//! The checks, by what they need to see.

// Until the driver calls them. Then the expectation fails, and both go.
#[cfg_attr(not(test), allow(dead_code), expect(unused_imports))]
pub mod header;
