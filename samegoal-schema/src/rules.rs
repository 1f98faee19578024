//! The rules with their manuals, a module a group.
