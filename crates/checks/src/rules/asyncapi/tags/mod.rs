//! Tags.

mod missing_async_tags;
mod repeated_async_tag;
mod undescribed_async_tag;
mod unsorted_async_tags;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &missing_async_tags::RULE,
    &undescribed_async_tag::RULE,
    &unsorted_async_tags::RULE,
    &repeated_async_tag::RULE,
];
