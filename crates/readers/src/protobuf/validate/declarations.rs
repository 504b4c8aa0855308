//! Extension ranges that say which extensions they are for.

use tenon_graph::protobuf::{ExtensionRange, Field, FieldType, OptionValue};

use super::Judge;
use crate::codes;

impl Judge<'_> {
    /// An extension against the declarations of its range, if there are any.
    pub(super) fn declared(&mut self, field: &Field, range: &ExtensionRange) {
        let declarations: Vec<&OptionValue> = range
            .options
            .iter()
            .filter(|option| option.is("declaration"))
            .map(|option| &option.value)
            .collect();
        let wants = range.options.word("verification") == Some("DECLARATION");
        if declarations.is_empty() && !wants {
            return;
        }
        let number = i64::from(field.number);
        let of_number =
            |value: &&&OptionValue| value.get("number").and_then(OptionValue::as_i64) == Some(number);
        let Some(declaration) = declarations.iter().find(of_number) else {
            let text = format!("number {number} is not among the declarations of the range it belongs to");
            let help = "add a `declaration` for it to the `extensions` of the message";
            self.report_help(&codes::INVALID_EXTENSION, field.number_span, text, help);
            return;
        };
        let text = |name: &str| declaration.get(name).and_then(OptionValue::as_str);
        let flag = |name: &str| declaration.get(name).and_then(OptionValue::as_bool) == Some(true);
        let own_name = format!(".{}", self.pb.field_full_name(field));
        let own_type = match field.ty {
            FieldType::Scalar(scalar) => scalar.as_str().to_owned(),
            FieldType::Message(id) => format!(".{}", self.pb.message(id).full_name),
            FieldType::Enum(id) => format!(".{}", self.pb.enumeration(id).full_name),
            FieldType::Unknown => return,
        };
        let problem = if flag("reserved") {
            format!("number {number} is declared to be reserved")
        } else if text("full_name").is_some_and(|name| name != own_name) {
            format!("number {number} is declared for `{}`", text("full_name").unwrap_or(""))
        } else if text("type").is_some_and(|ty| ty != own_type) {
            format!("number {number} is declared with the type `{}`", text("type").unwrap_or(""))
        } else if flag("repeated") != field.is_repeated() {
            format!(
                "number {number} is declared to be {}",
                if flag("repeated") { "a list" } else { "one value" }
            )
        } else {
            return;
        };
        self.report(&codes::INVALID_EXTENSION, field.number_span, problem);
    }
}
