//! Names that are the same in JSON.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use tenon_graph::protobuf::{Enum, EnumValue, Field, JsonFormat, Message, json_name_of};
use tenon_source::Span;

use super::Judge;
use crate::codes;

impl Judge<'_> {
    /// Two fields of one name in JSON: once by the names that hold, once by those that would hold
    /// if none were written.
    pub(super) fn json_names(&mut self, message: &Message) {
        let fields = self.pb.fields_of(message.fields);
        let is_strict = message.features.json_format == JsonFormat::Allow;
        let default = |field: &Field| -> (String, bool) { (json_name_of(&field.name).into_owned(), false) };
        let written = |field: &Field| -> (String, bool) {
            (field.json_name().into_owned(), field.json_name_written.is_some())
        };
        let mut said = FxHashSet::default();
        if is_strict {
            self.json_pairs(fields, &default, true, &mut said);
        }
        if fields.iter().any(|field| field.json_name_written.is_some()) {
            self.json_pairs(fields, &written, is_strict, &mut said);
        }
    }

    /// Fields of one name; those whose names have been `said` to clash are left out.
    fn json_pairs(
        &mut self,
        fields: &[Field],
        name: &dyn Fn(&Field) -> (String, bool),
        is_strict: bool,
        said: &mut FxHashSet<Span>,
    ) {
        let mut named: Vec<((String, bool), &Field)> =
            fields.iter().map(|field| (name(field), field)).collect();
        named.sort_by(|a, b| (&a.0.0, a.1.number_span).cmp(&(&b.0.0, b.1.number_span)));
        for (first, second) in named.iter().zip(named.iter().skip(1)) {
            let is_custom = first.0.1 && second.0.1;
            if first.0.0 != second.0.0 || first.1.name == second.1.name || !(is_strict || is_custom) {
                continue;
            }
            let text = format!("`{}` and `{}` are both `{}` in JSON", first.1.name, second.1.name, first.0.0);
            let span = self.name_span(second.1.at);
            let place = self.name_span(first.1.at);
            if said.insert(span) {
                self.clash(&codes::JSON_NAME_CONFLICT, span, text, place, "the first field");
            }
        }
    }

    /// Values whose names differ in case and underscores only, the name of the enum left out.
    pub(super) fn json_values(&mut self, one: &Enum, values: &[EnumValue]) {
        if one.features.json_format != JsonFormat::Allow {
            return;
        }
        let prefix: String =
            one.name().chars().filter(|letter| *letter != '_').collect::<String>().to_lowercase();
        let mut named: Vec<(String, &EnumValue)> =
            values.iter().map(|value| (pascal(&without_prefix(&value.name, &prefix)), value)).collect();
        named.sort_by(|a, b| (&a.0, a.1.number_span).cmp(&(&b.0, b.1.number_span)));
        for (first, second) in named.iter().zip(named.iter().skip(1)) {
            if first.0 != second.0 || first.1.name == second.1.name || first.1.number == second.1.number {
                continue;
            }
            let text = format!(
                "`{}` and `{}` are one name once case, underscores and the enum's name are left out",
                first.1.name, second.1.name
            );
            let (span, place) = (self.name_span(second.1.at), self.name_span(first.1.at));
            self.clash(&codes::JSON_NAME_CONFLICT, span, text, place, "the first value");
        }
    }
}

/// A name without the enum's name in front, whatever its case and underscores; the name itself if
/// nothing would be left.
fn without_prefix<'n>(name: &'n str, prefix: &str) -> Cow<'n, str> {
    let mut wanted = prefix.chars();
    for (at, letter) in name.char_indices() {
        if wanted.as_str().is_empty() {
            let rest = name.get(at..).unwrap_or_default().trim_start_matches('_');
            return if rest.is_empty() { name.into() } else { rest.into() };
        }
        if letter == '_' {
            continue;
        }
        if wanted.next() != Some(letter.to_ascii_lowercase()) {
            return name.into();
        }
    }
    name.into()
}

/// `FOO_BAR` becomes `FooBar`.
fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut capital = true;
    for letter in name.chars() {
        if letter == '_' {
            capital = true;
        } else {
            out.push(if capital { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() });
            capital = false;
        }
    }
    out
}
