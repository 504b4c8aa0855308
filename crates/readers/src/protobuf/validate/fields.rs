//! Types, labels and options of a field.

use tenon_graph::protobuf::{EnumType, Field, FieldPresence, FieldType, Message, Scalar, Syntax, Visibility};

use super::Judge;
use crate::codes;

impl Judge<'_> {
    pub(super) fn field(&mut self, field: &Field) {
        if field.is_extension {
            self.extension(field);
        }
        self.seen_type(field);
        self.enum_type(field);
        let is_entry = field.scope.is_some_and(|scope| self.pb.message(scope).is_map_entry());
        if is_entry {
            return;
        }
        self.map(field);
        if !field.options.is_empty() {
            self.default_value(field);
            self.field_options(field);
        }
        self.field_features(field);
    }

    /// A type that is `local` to another file.
    fn seen_type(&mut self, field: &Field) {
        let (visibility, file, name) = match field.ty {
            FieldType::Message(id) => {
                let message: &Message = self.pb.message(id);
                (message.visibility, message.file, &message.full_name)
            }
            FieldType::Enum(id) => {
                let one = self.pb.enumeration(id);
                (one.visibility, one.file, &one.full_name)
            }
            _ => return,
        };
        if visibility == Visibility::Local && file != self.id {
            let path = &self.pb.file(file).name;
            let text = format!("`{name}` is local to `{path}`");
            self.report_help(
                &codes::NOT_IMPORTED,
                field.type_span,
                text,
                "write `export` in front of it there",
            );
        }
    }

    /// Closed enums where only open ones may stand.
    fn enum_type(&mut self, field: &Field) {
        let FieldType::Enum(id) = field.ty else { return };
        let one = self.pb.enumeration(id);
        if one.features.enum_type == EnumType::Open {
            return;
        }
        let entry = field.scope.map(|scope| self.pb.message(scope)).filter(|scope| scope.is_map_entry());
        let first = self.pb.values_of(one.values).first();
        if self.file.syntax == Syntax::Proto3 {
            let text =
                format!("enum `{}` is closed, and a proto3 message takes open enums only", one.full_name);
            let help = "enums of proto2 files are closed; declare it in a proto3 file";
            self.report_help(&codes::INVALID_FIELD, field.type_span, text, help);
        } else if entry.is_some() && first.is_some_and(|value| value.number != 0) {
            let text = format!(
                "the first value of enum `{}` is not zero, so it cannot be the value of a map",
                one.full_name
            );
            self.report(&codes::INVALID_FIELD, field.type_span, text);
        } else if entry.is_none() && !field.has_presence() && !field.is_repeated() {
            let text = format!(
                "enum `{}` is closed, and fields with implicit presence take open enums only",
                one.full_name
            );
            self.report(&codes::INVALID_FIELD, field.type_span, text);
        }
    }

    fn map(&mut self, field: &Field) {
        let Some((key, _)) = self.pb.map_entry(field) else { return };
        let text = match key.ty {
            FieldType::Scalar(Scalar::Float | Scalar::Double | Scalar::Bytes) | FieldType::Message(_) => {
                "the key of a map is a whole number, a `bool` or a `string`"
            }
            FieldType::Enum(_) => "the key of a map cannot be an enum",
            _ => return,
        };
        self.report(&codes::INVALID_FIELD, key.type_span, text);
    }

    fn field_options(&mut self, field: &Field) {
        let options = &field.options;
        let is = |name: &str| options.flag(name);
        if let Some(option) = options.get("packed") {
            let is_packable = match field.ty {
                FieldType::Scalar(scalar) => scalar.is_packable(),
                FieldType::Enum(_) | FieldType::Unknown => true,
                FieldType::Message(_) => false,
            };
            if self.file.syntax.is_edition() {
                let help = "use `features.repeated_field_encoding`";
                self.not_in_syntax(option.span, "option `packed`", help);
            } else if is("packed") && !(field.is_repeated() && is_packable) {
                let text = "only lists of numbers, booleans and enums can be packed";
                self.report(&codes::INVALID_OPTION, option.span, text);
            }
        }
        for name in ["lazy", "unverified_lazy"] {
            if let Some(option) = options.get(name)
                && is(name)
                && !matches!(field.ty, FieldType::Message(_) | FieldType::Unknown)
            {
                self.report(&codes::INVALID_OPTION, option.span, "only messages can be read lazily");
            }
        }
        if let Some(option) = options.get("jstype")
            && option.value.as_word() != Some("JS_NORMAL")
            && !matches!(
                field.ty,
                FieldType::Scalar(
                    Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64
                )
            )
        {
            self.report(&codes::INVALID_OPTION, option.span, "`jstype` is for whole numbers of 64 bits only");
        }
        if let Some(option) = options.get("ctype")
            && self.file.syntax >= Syntax::Edition2024
        {
            self.not_in_syntax(option.span, "option `ctype`", "use `features.(pb.cpp).string_type`");
        }
        self.own_options_once(field);
    }

    /// `default` and `json_name`, which are fields of no message.
    fn own_options_once(&mut self, field: &Field) {
        for name in ["default", "json_name"] {
            let mut all = field.options.iter().filter(|option| option.is(name));
            if let (Some(first), Some(second)) = (all.next(), all.next()) {
                let text = format!("option `{name}` is set twice");
                self.clash(&codes::INVALID_OPTION, second.span, text, first.span, "the first time");
            }
        }
        let Some(option) = field.options.get("json_name") else { return };
        let text = if field.is_extension {
            "an extension has no `json_name`: in JSON it goes by its full name"
        } else if option.value.as_str().is_none() {
            "`json_name` wants a string in quotes"
        } else if option.value.as_str().is_some_and(|name| name.starts_with('[') && name.ends_with(']')) {
            "a `json_name` in brackets would be that of an extension"
        } else {
            return;
        };
        self.report(&codes::INVALID_OPTION, option.span, text);
    }

    /// Whether presence is implicit.
    pub(super) fn is_implicit(field: &Field) -> bool {
        field.features.field_presence == FieldPresence::Implicit && !field.has_presence()
    }
}
