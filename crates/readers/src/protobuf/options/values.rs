//! Values of options against the types of the fields they are for.

use tenon_graph::protobuf::{Field, FieldId, FieldType, MessageEntry, MessageId, OptionValue, Scalar};
use tenon_source::{Span, nearest};

use super::names::Checker;

impl Checker<'_> {
    /// Checks the value an option or entry sets a field to.
    pub(super) fn value(&mut self, id: FieldId, value: &OptionValue, span: Span) {
        let field = self.pb.field(id);
        match field.ty {
            FieldType::Message(message) => match value {
                OptionValue::Message(entries) => self.message(message, entries),
                _ => {
                    self.skip_value(value);
                    let message = format!("`{}` is a message: its value stands in `{{` and `}}`", field.name);
                    self.report(span, message);
                }
            },
            FieldType::Unknown => self.skip_value(value),
            FieldType::Enum(_) | FieldType::Scalar(_) => {
                self.skip_value(value);
                if let Err(problem) = scalar_problem(self.pb, field, value, false) {
                    self.report(span, problem);
                }
            }
        }
    }

    /// The entries of a message.
    fn message(&mut self, message: MessageId, entries: &[MessageEntry]) {
        let mut set: Vec<FieldId> = Vec::new();
        for entry in entries {
            let found = self.entry_field(message, entry);
            self.fields.push(found);
            let Some(id) = found else {
                self.entry_any(message, entry);
                continue;
            };
            self.allowed(id, entry.name_span);
            let field = self.pb.field(id);
            let clash = set.iter().copied().find(|&other| {
                let before = self.pb.field(other);
                (other == id && !field.is_repeated())
                    || (field.oneof.is_some() && before.oneof == field.oneof && other != id)
            });
            if let Some(other) = clash {
                let text = if other == id {
                    format!("`{}` is set twice", field.name)
                } else {
                    format!(
                        "`{}` and `{}` belong to one oneof, so only one can be set",
                        self.pb.field(other).name,
                        field.name
                    )
                };
                self.report(entry.name_span, text);
            }
            set.push(id);
            self.entry_value(id, field, entry);
        }
        self.required(message, entries, &set);
    }

    fn required(&mut self, message: MessageId, entries: &[MessageEntry], set: &[FieldId]) {
        let of = self.pb.message(message);
        let lacks = of.fields.ids().find(|id| {
            self.pb.field(*id).cardinality == tenon_graph::protobuf::Cardinality::Required
                && !set.contains(id)
        });
        if let (Some(lacks), Some(first)) = (lacks, entries.first()) {
            let text = format!("`{}` requires `{}`", of.full_name, self.pb.field(lacks).name);
            self.report(first.name_span, text);
        }
    }

    fn entry_value(&mut self, id: FieldId, field: &Field, entry: &MessageEntry) {
        let items: Vec<(Span, &OptionValue)> = match &entry.value {
            OptionValue::List(items) if field.is_repeated() => {
                items.iter().map(|(span, item)| (*span, item)).collect()
            }
            value => vec![(entry.value_span, value)],
        };
        for (span, item) in items {
            match field.ty {
                FieldType::Message(_) => self.value(id, item, span),
                FieldType::Unknown => self.skip_value(item),
                FieldType::Enum(_) | FieldType::Scalar(_) => {
                    self.skip_value(item);
                    if let Err(problem) = scalar_problem(self.pb, field, item, true) {
                        self.report(span, problem);
                    }
                }
            }
        }
    }

    fn entry_field(&mut self, message: MessageId, entry: &MessageEntry) -> Option<FieldId> {
        if entry.is_bracketed {
            if entry.name.contains('/') {
                return None;
            }
            let scope = self.pb.message(message).full_name.clone();
            let scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
            return self.extension(&entry.name, entry.name_span, message, scope);
        }
        let of = self.pb.message(message);
        let is = |id: &FieldId| {
            let field = self.pb.field(*id);
            // A group goes by the name of its message.
            *field.name == *entry.name
                || matches!(field.ty, FieldType::Message(group)
                    if self.pb.message(group).kind == tenon_graph::protobuf::MessageKind::Group
                        && self.pb.message(group).name() == &*entry.name)
        };
        let found = of.fields.ids().find(is);
        if found.is_none() {
            let near = nearest(&entry.name, self.pb.fields_of(of.fields).iter().map(|field| &*field.name));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            let text = format!("`{}` has no field `{}`", of.full_name, entry.name);
            self.report(entry.name_span, text).help = help;
        }
        found
    }

    /// An entry that is no field: the contents of an `Any`, under the URL of its type.
    fn entry_any(&mut self, message: MessageId, entry: &MessageEntry) {
        if !entry.is_bracketed || !entry.name.contains('/') {
            self.skip_value(&entry.value);
            return;
        }
        let is_any = &*self.pb.message(message).full_name == "google.protobuf.Any";
        let name = entry.name.rsplit('/').next().unwrap_or("");
        match (is_any, self.pb.find_message(name), &entry.value) {
            (true, Some(inner), OptionValue::Message(entries)) => self.message(inner, entries),
            (true, None, value) => {
                self.skip_value(value);
                self.report(entry.name_span, format!("there is no message `{name}`"));
            }
            (_, _, value) => {
                self.skip_value(value);
                let text =
                    "only a `google.protobuf.Any` holds a message under the URL of its type".to_owned();
                self.report(entry.name_span, text);
            }
        }
    }
}

/// What is wrong with a value of a field that is no message. Inside messages more is read: the text
/// format has numbers for booleans and enums.
pub(in crate::protobuf) fn scalar_problem(
    pb: &tenon_graph::protobuf::Protobuf,
    field: &Field,
    value: &OptionValue,
    in_message: bool,
) -> Result<(), String> {
    let name = &field.name;
    let wants = |what: &str| Err(format!("`{name}` wants {what}"));
    let is_whole = |least: i64, most: u64| match *value {
        OptionValue::Integer { negative: false, magnitude } => magnitude <= most,
        OptionValue::Integer { negative: true, magnitude } => magnitude <= least.unsigned_abs(),
        _ => false,
    };
    let FieldType::Scalar(scalar) = field.ty else {
        let FieldType::Enum(id) = field.ty else { return Ok(()) };
        return enum_problem(pb, id, name, value, in_message);
    };
    match scalar {
        Scalar::Bool => match value {
            OptionValue::Word(word) if matches!(&**word, "true" | "false") => Ok(()),
            OptionValue::Word(word) if in_message && matches!(&**word, "True" | "False" | "t" | "f") => {
                Ok(())
            }
            _ if in_message && is_whole(0, 1) => Ok(()),
            _ => wants("`true` or `false`"),
        },
        Scalar::String | Scalar::Bytes => match value {
            OptionValue::Text(_) => Ok(()),
            _ => wants("a string in quotes"),
        },
        Scalar::Double | Scalar::Float => match value {
            OptionValue::Integer { .. } | OptionValue::Float(_) => Ok(()),
            OptionValue::Word(word) if is_float_word(word, in_message) => Ok(()),
            _ => wants("a number"),
        },
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32
            if is_whole(i64::from(i32::MIN), i32::MAX as u64) =>
        {
            Ok(())
        }
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 if is_whole(i64::MIN, i64::MAX as u64) => Ok(()),
        Scalar::Uint32 | Scalar::Fixed32 if is_whole(0, u64::from(u32::MAX)) => Ok(()),
        Scalar::Uint64 | Scalar::Fixed64 if is_whole(0, u64::MAX) => Ok(()),
        _ => wants(&format!("a whole number that fits `{}`", scalar.as_str())),
    }
}

fn is_float_word(word: &str, in_message: bool) -> bool {
    let bare = word.strip_prefix('-').unwrap_or(word);
    matches!(bare, "inf" | "nan") || (in_message && bare.eq_ignore_ascii_case("infinity"))
}

fn enum_problem(
    pb: &tenon_graph::protobuf::Protobuf,
    id: tenon_graph::protobuf::EnumId,
    name: &str,
    value: &OptionValue,
    in_message: bool,
) -> Result<(), String> {
    let one = pb.enumeration(id);
    let values = || pb.values_of(one.values).iter();
    match value {
        OptionValue::Word(word) => {
            if values().any(|value| *value.name == **word) {
                return Ok(());
            }
            let near = nearest(word, values().map(|value| &*value.name));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(format!("enum `{}` has no value `{word}`{near}", one.full_name))
        }
        OptionValue::Integer { .. } if in_message => {
            let number = value.as_i64();
            let is_open = one.features.enum_type == tenon_graph::protobuf::EnumType::Open;
            let known = values().any(|value| Some(i64::from(value.number)) == number);
            if known || is_open {
                Ok(())
            } else {
                Err(format!("enum `{}` has no value of this number", one.full_name))
            }
        }
        _ => Err(format!("`{name}` wants a value of enum `{}` by its name", one.full_name)),
    }
}
