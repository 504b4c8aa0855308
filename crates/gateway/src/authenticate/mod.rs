//! Who calls: tokens and keys.
