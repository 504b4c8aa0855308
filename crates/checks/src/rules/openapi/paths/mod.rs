//! OpenAPI: paths and their templates.

mod ambiguous_paths;
mod http_verb_in_path;
mod identical_paths;
mod nameless_path_parameter;
mod path_not_kebab_case;
mod path_parameter_not_declared;
mod path_with_query;
mod path_with_trailing_slash;
mod path_without_operation;
mod repeated_path_parameter;
mod unbalanced_path_braces;
mod unused_path_parameter;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &identical_paths::RULE,
    &ambiguous_paths::RULE,
    &path_with_trailing_slash::RULE,
    &path_with_query::RULE,
    &nameless_path_parameter::RULE,
    &repeated_path_parameter::RULE,
    &path_parameter_not_declared::RULE,
    &unused_path_parameter::RULE,
    &http_verb_in_path::RULE,
    &path_not_kebab_case::RULE,
    &path_without_operation::RULE,
    &unbalanced_path_braces::RULE,
];
