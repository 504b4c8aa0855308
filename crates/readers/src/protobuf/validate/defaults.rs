//! Default values.

use tenon_graph::protobuf::{Field, FieldType, Syntax};

use super::Judge;
use crate::codes;
use crate::protobuf::options::scalar_problem;

impl Judge<'_> {
    pub(super) fn default_value(&mut self, field: &Field) {
        let Some(option) = field.options.get("default") else { return };
        let text = if self.file.syntax == Syntax::Proto3 {
            return self.not_in_syntax(
                option.span,
                "default values",
                "a field that is not set is zero or empty",
            );
        } else if field.is_repeated() {
            "a list has no default value".to_owned()
        } else if matches!(field.ty, FieldType::Message(_)) {
            "a message has no default value".to_owned()
        } else if Self::is_implicit(field) {
            "a field with implicit presence has no default value: zero is not sent".to_owned()
        } else if let Err(problem) = scalar_problem(self.pb, field, &option.value, false) {
            problem
        } else {
            return;
        };
        self.report(&codes::INVALID_FIELD, option.value_span, text);
    }
}
