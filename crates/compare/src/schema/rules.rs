//! The kinds of changes, with what they do.

crate::change_rules! {}
