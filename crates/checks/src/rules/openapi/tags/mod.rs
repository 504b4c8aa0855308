//! OpenAPI: tags.

mod duplicate_tag;
mod impossible_tag_parent;
mod missing_tag_description;
mod missing_tags;
mod tags_not_sorted;
mod unused_tag;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &duplicate_tag::RULE,
    &missing_tag_description::RULE,
    &tags_not_sorted::RULE,
    &missing_tags::RULE,
    &impossible_tag_parent::RULE,
    &unused_tag::RULE,
];
