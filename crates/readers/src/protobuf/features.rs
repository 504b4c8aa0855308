//! Which features hold for an element: those around it, and what its own options say.

use tenon_graph::protobuf::{
    DefaultVisibility, EnumType, Features, FieldPresence, JsonFormat, MessageEncoding, NamingStyle,
    OptionValue, Options, RepeatedEncoding, Syntax, Utf8Validation,
};
use tenon_source::proto::ast;

/// The features of an element with some options.
pub(super) fn of(around: Features, options: &Options, syntax: Syntax) -> Features {
    let mut features = around;
    if !syntax.is_edition() || options.is_empty() {
        return features;
    }
    for option in options.starting("features") {
        match &*option.parts {
            [_] => {
                for entry in option.value.entries().iter().filter(|entry| entry.is_plain()) {
                    set(&mut features, &entry.name, &entry.value);
                }
            }
            [_, name] if !name.is_extension => set(&mut features, &name.text, &option.value),
            _ => {}
        }
    }
    features
}

/// Sets one feature; what is no value of it is reported where options are checked.
fn set(features: &mut Features, name: &str, value: &OptionValue) {
    let Some(word) = value.as_word() else { return };
    fn put<T>(place: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *place = value;
        }
    }
    match name {
        "field_presence" => put(&mut features.field_presence, FieldPresence::parse(word)),
        "enum_type" => put(&mut features.enum_type, EnumType::parse(word)),
        "repeated_field_encoding" => {
            put(&mut features.repeated_field_encoding, RepeatedEncoding::parse(word));
        }
        "utf8_validation" => put(&mut features.utf8_validation, Utf8Validation::parse(word)),
        "message_encoding" => put(&mut features.message_encoding, MessageEncoding::parse(word)),
        "json_format" => put(&mut features.json_format, JsonFormat::parse(word)),
        "enforce_naming_style" => put(&mut features.enforce_naming_style, NamingStyle::parse(word)),
        "default_symbol_visibility" => {
            put(&mut features.default_symbol_visibility, DefaultVisibility::parse(word));
        }
        _ => {}
    }
}

/// What proto2 and proto3 say with words of their own.
pub(super) fn settle(features: &mut Features, field: &ast::Field, is_map: bool, syntax: Syntax) {
    if is_map || syntax.is_edition() {
        return;
    }
    match field.label.map(|(label, _)| label) {
        Some(ast::Label::Required) => features.field_presence = FieldPresence::LegacyRequired,
        Some(ast::Label::Optional) => features.field_presence = FieldPresence::Explicit,
        _ => {}
    }
    if matches!(field.ty, ast::Type::Group { .. }) {
        features.message_encoding = MessageEncoding::Delimited;
    }
}
