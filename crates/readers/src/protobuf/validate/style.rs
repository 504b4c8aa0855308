//! The style of names that edition 2024 enforces.

use tenon_graph::protobuf::{Features, NamingStyle};
use tenon_source::{At, Span};

use super::Judge;
use crate::codes;

/// How a name is to be written.
#[derive(Clone, Copy)]
enum Style {
    /// `OrderLine`
    Title,
    /// `order_line`
    Snake,
    /// `ORDER_LINE`
    Capitals,
}

impl Style {
    fn fits(self, name: &str) -> bool {
        let is_letter = |byte: u8| match self {
            Self::Title => byte.is_ascii_alphanumeric(),
            Self::Snake => byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_',
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_',
        };
        let starts = match self {
            Self::Snake => name.starts_with(|letter: char| letter.is_ascii_lowercase()),
            _ => name.starts_with(|letter: char| letter.is_ascii_uppercase()),
        };
        // An underscore stands before a letter.
        let underscores = name
            .match_indices('_')
            .all(|(at, _)| name.as_bytes().get(at + 1).is_some_and(u8::is_ascii_alphabetic));
        starts && name.bytes().all(is_letter) && underscores
    }

    fn sample(self) -> &'static str {
        match self {
            Self::Title => "TitleCase",
            Self::Snake => "lower_snake_case",
            Self::Capitals => "UPPER_SNAKE_CASE",
        }
    }
}

impl Judge<'_> {
    pub(super) fn style(&mut self) {
        if !self.file.syntax.is_edition() {
            return;
        }
        let pb = self.pb;
        if let Some(package) = &self.file.package
            && self.file.features.enforce_naming_style == NamingStyle::Style2024
            && !package.text.split('.').all(|part| Style::Snake.fits(part))
        {
            self.style_finding(package.span, &package.text, Style::Snake);
        }
        for message in pb.messages_of(self.file.all_messages).iter().filter(|message| !message.is_map_entry())
        {
            self.named(message.at, message.name(), message.features, Style::Title);
            for field in pb.fields_of(message.fields) {
                self.named(field.at, &field.name, field.features, Style::Snake);
            }
            for oneof in pb.oneofs_of(message.oneofs) {
                self.named(oneof.at, &oneof.name, oneof.features, Style::Snake);
            }
        }
        for field in pb.fields_of(self.file.all_fields).iter().filter(|field| field.is_extension) {
            self.named(field.at, &field.name, field.features, Style::Snake);
        }
        for one in pb.enums_of(self.file.all_enums) {
            self.named(one.at, one.name(), one.features, Style::Title);
            for value in pb.values_of(one.values) {
                self.named(value.at, &value.name, value.features, Style::Capitals);
            }
        }
        for service in pb.services_of(self.file.services) {
            self.named(service.at, service.name(), service.features, Style::Title);
            for rpc in pb.rpcs_of(service.rpcs) {
                self.named(rpc.at, &rpc.name, rpc.features, Style::Title);
            }
        }
    }

    fn named(&mut self, at: At, name: &str, features: Features, style: Style) {
        if features.enforce_naming_style == NamingStyle::Style2024 && !style.fits(name) {
            let span = self.name_span(at);
            self.style_finding(span, name, style);
        }
    }

    fn style_finding(&mut self, span: Span, name: &str, style: Style) {
        let text = format!("`{name}` is not in {}, which edition 2024 enforces", style.sample());
        let help = "rename it, or set `features.enforce_naming_style = STYLE_LEGACY`";
        self.report_help(&codes::NAMING_STYLE, span, text, help);
    }
}
