//! OpenAPI: schemas.

mod array_without_items;
mod duplicate_enum_value;
mod enum_of_other_type;
mod impossible_bounds;
mod inline_discriminated_schema;
mod keyword_of_other_type;
mod mixed_bounds;
mod nullable_after_3_0;
mod nullable_enum_without_null;
mod nullable_without_type;
mod optional_discriminator;
mod overlapping_alternatives;
mod pointless_composition;
mod read_only_and_write_only;
mod ref_with_siblings;
mod repeated_alternative;
mod undefined_discriminator;
mod undefined_required_property;
mod xml_attribute_flag;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &enum_of_other_type::RULE,
    &duplicate_enum_value::RULE,
    &array_without_items::RULE,
    &ref_with_siblings::RULE,
    &nullable_without_type::RULE,
    &keyword_of_other_type::RULE,
    &undefined_required_property::RULE,
    &undefined_discriminator::RULE,
    &mixed_bounds::RULE,
    &pointless_composition::RULE,
    &repeated_alternative::RULE,
    &overlapping_alternatives::RULE,
    &nullable_after_3_0::RULE,
    &nullable_enum_without_null::RULE,
    &xml_attribute_flag::RULE,
    &read_only_and_write_only::RULE,
    &impossible_bounds::RULE,
    &optional_discriminator::RULE,
    &inline_discriminated_schema::RULE,
];
