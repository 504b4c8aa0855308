//! Features where they cannot stand.

use tenon_graph::protobuf::{Field, FieldType, Options, ProtoOption, Scalar, Syntax};

use super::Judge;
use crate::codes;

/// The options that set one feature, with what they set it to.
fn set<'o>(options: &'o Options, name: &str) -> Option<(&'o ProtoOption, &'o str)> {
    options.starting("features").find_map(|option| match &*option.parts {
        [_, part] if !part.is_extension && &*part.text == name => Some((option, option.value.as_word()?)),
        [_] => Some((option, option.value.get(name)?.as_word()?)),
        _ => None,
    })
}

impl Judge<'_> {
    pub(super) fn file_features(&mut self) {
        let options = &self.file.options;
        if !self.file.syntax.is_edition() {
            self.no_features();
            return;
        }
        if let Some((option, "LEGACY_REQUIRED")) = set(options, "field_presence") {
            let text = "fields cannot be required by default";
            self.report(&codes::INVALID_OPTION, option.span, text);
        }
        if self.file.syntax >= Syntax::Edition2024
            && let Some(option) = options.get("java_multiple_files")
        {
            let help = "use `features.(pb.java).nest_in_file_class`";
            self.not_in_syntax(option.span, "option `java_multiple_files`", help);
        }
    }

    /// proto2 and proto3 have no features.
    fn no_features(&mut self) {
        let pb = self.pb;
        let file = self.file;
        let messages = pb.messages_of(file.all_messages);
        let ranges = messages.iter().flat_map(|message| &message.extension_ranges);
        let enums = pb.enums_of(file.all_enums);
        let services = pb.services_of(file.services);
        let all = std::iter::once(&file.options)
            .chain(messages.iter().map(|message| &message.options))
            .chain(ranges.map(|range| &range.options))
            .chain(pb.fields_of(file.all_fields).iter().map(|field| &field.options))
            .chain(
                messages.iter().flat_map(|message| pb.oneofs_of(message.oneofs)).map(|oneof| &oneof.options),
            )
            .chain(enums.iter().map(|one| &one.options))
            .chain(enums.iter().flat_map(|one| pb.values_of(one.values)).map(|value| &value.options))
            .chain(services.iter().map(|service| &service.options))
            .chain(services.iter().flat_map(|service| pb.rpcs_of(service.rpcs)).map(|rpc| &rpc.options));
        let spans: Vec<_> =
            all.filter_map(|options| options.starting("features").next()).map(|option| option.span).collect();
        for span in spans {
            self.not_in_syntax(span, "features", "they came with edition 2023");
        }
    }

    pub(super) fn field_features(&mut self, field: &Field) {
        if !self.file.syntax.is_edition() || field.options.is_empty() {
            return;
        }
        self.presence_feature(field);
        let is_string = matches!(field.ty, FieldType::Scalar(Scalar::String));
        let is_map = self.pb.map_entry(field).is_some();
        let entry_string = self.pb.map_entry(field).is_some_and(|(key, value)| {
            [key, value].iter().any(|field| matches!(field.ty, FieldType::Scalar(Scalar::String)))
        });
        if let Some((option, _)) = set(&field.options, "utf8_validation")
            && !is_string
            && !entry_string
        {
            self.report(&codes::INVALID_OPTION, option.span, "only strings have `utf8_validation`");
        }
        if let Some((option, _)) = set(&field.options, "message_encoding")
            && (is_map || !matches!(field.ty, FieldType::Message(_) | FieldType::Unknown))
        {
            self.report(&codes::INVALID_OPTION, option.span, "only messages have a `message_encoding`");
        }
        if let Some((option, word)) = set(&field.options, "repeated_field_encoding") {
            let is_packable = match field.ty {
                FieldType::Scalar(scalar) => scalar.is_packable(),
                FieldType::Enum(_) | FieldType::Unknown => true,
                FieldType::Message(_) => false,
            };
            if !field.is_repeated() {
                let text = "only lists have a `repeated_field_encoding`";
                self.report(&codes::INVALID_OPTION, option.span, text);
            } else if word == "PACKED" && !is_packable {
                let text = "only lists of numbers, booleans and enums can be packed";
                self.report(&codes::INVALID_OPTION, option.span, text);
            }
        }
    }

    fn presence_feature(&mut self, field: &Field) {
        let Some((option, word)) = set(&field.options, "field_presence") else { return };
        let text = if field.oneof.is_some() {
            "a field of a oneof always knows whether it was set"
        } else if field.is_repeated() {
            "a list does not know whether it was set"
        } else if field.is_extension && word == "LEGACY_REQUIRED" {
            "an extension cannot be required"
        } else if field.is_extension {
            "an extension always knows whether it was set"
        } else if word == "IMPLICIT" && matches!(field.ty, FieldType::Message(_)) {
            "a message always knows whether it was set"
        } else {
            return;
        };
        self.report(&codes::INVALID_OPTION, option.span, text);
    }
}
