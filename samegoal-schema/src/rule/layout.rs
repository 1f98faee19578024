//! The rules about a directory as it would be uploaded. Only their manuals are here: the checks
//! need a directory, and this crate knows none.
