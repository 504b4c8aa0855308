//! Extensions: their numbers, and what proto3 lets be extended.

use rustc_hash::FxHashMap;
use tenon_graph::protobuf::{Cardinality, Field, FieldType, MessageId, Protobuf, Syntax};
use tenon_source::{Finding, Level, Place, SourceFile};

use super::Judge;
use crate::codes;

/// The messages that proto3 lets be extended: options of every kind.
const OPTIONS: [&str; 9] = [
    "FileOptions",
    "MessageOptions",
    "FieldOptions",
    "OneofOptions",
    "ExtensionRangeOptions",
    "EnumOptions",
    "EnumValueOptions",
    "ServiceOptions",
    "MethodOptions",
];

impl Judge<'_> {
    pub(super) fn extension(&mut self, field: &Field) {
        self.number_in_range(field);
        let Some(extendee) = field.extendee else { return };
        let message = self.pb.message(extendee);
        let is_options = message
            .full_name
            .strip_prefix("google.protobuf.")
            .is_some_and(|name| OPTIONS.contains(&name) || name == "StreamOptions" || name == "FeatureSet");
        let span = self.name_span(field.at);
        if self.file.syntax == Syntax::Proto3 && !is_options {
            self.not_in_syntax(
                span,
                "extensions but of options",
                "use a field of type `google.protobuf.Any`",
            );
            return;
        }
        if field.cardinality == Cardinality::Required {
            let text = "an extension cannot be required";
            self.report(&codes::INVALID_EXTENSION, field.label_span.unwrap_or(span), text);
        }
        let range =
            message.extension_ranges.iter().find(|range| (range.start..=range.end).contains(&field.number));
        match range {
            None if field.number > 0 => {
                let text =
                    format!("`{}` does not leave number {} to extensions", message.full_name, field.number);
                let ranges: Vec<String> = message
                    .extension_ranges
                    .iter()
                    .map(|range| format!("{} to {}", range.start, range.end))
                    .collect();
                let help = match ranges.is_empty() {
                    true => "it leaves none".to_owned(),
                    false => format!("it leaves {}", ranges.join(", ")),
                };
                self.report_help(&codes::INVALID_EXTENSION, field.number_span, text, help);
            }
            Some(range) => self.declared(field, range),
            None => {}
        }
        if Self::is_message_set(message)
            && (field.cardinality != Cardinality::Optional || !matches!(field.ty, FieldType::Message(_)))
        {
            let text = "an extension of a message set is one optional message";
            self.report(&codes::INVALID_EXTENSION, span, text);
        }
    }
}

/// Extensions of one message that have one number, in files that are compiled together.
pub(super) fn taken_twice(pb: &Protobuf, files: &[&SourceFile]) -> Vec<Finding> {
    let mut first: FxHashMap<(MessageId, i32), &Field> = FxHashMap::default();
    let mut findings = Vec::new();
    for file in &pb.files {
        for field in pb.fields_of(file.all_fields).iter().filter(|field| field.is_extension) {
            let Some(extendee) = field.extendee.filter(|_| field.number > 0) else { continue };
            let Some(before) = first.get(&(extendee, field.number)) else {
                first.insert((extendee, field.number), field);
                continue;
            };
            let other = pb.file(before.file);
            if other.root != file.root && !file.is_bundled && !other.is_bundled {
                continue;
            }
            let text = format!(
                "number {} of extension `{}` belongs to `{}` already",
                field.number,
                pb.field_full_name(field),
                pb.field_full_name(before)
            );
            let name =
                files.get(before.file.0 as usize).map(|file| file.tree.node(before.at.node).head_span());
            let related = Place { file: other.source, span: name.unwrap_or_default() };
            let place = Place { file: file.source, span: field.number_span };
            let finding = Finding::new(&codes::INVALID_EXTENSION, place, text)
                .with_related(related, format!("the first one, in `{}`", other.name));
            // Programs without both files are fine, so compilers only warn.
            let level = if before.file == field.file { Level::Error } else { Level::Warning };
            findings.push(finding.at_level(level));
        }
    }
    findings
}
