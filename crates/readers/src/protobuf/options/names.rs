//! Names of options to fields.

use tenon_graph::protobuf::{
    FieldId, FieldType, MessageId, OptionPart, OptionTarget, OptionValue, ProtoFileId, ProtoOption, Protobuf,
    Symbol,
};
use tenon_source::{Finding, Place as SourcePlace, Span, nearest};

use super::super::scope::{Found, Visible, Wanted};
use super::walk::Place;
use crate::codes;

/// Options of fields that are fields of no message.
const OWN_FIELD_OPTIONS: [&str; 2] = ["default", "json_name"];

/// Follows the options of one file.
pub(super) struct Checker<'a> {
    pub(super) pb: &'a Protobuf,
    id: ProtoFileId,
    visible: &'a Visible<'a>,
    is_partial: bool,
    pub(super) findings: Vec<Finding>,
    pub(super) fields: Vec<Option<FieldId>>,
    pub(super) used: Vec<bool>,
    pub(super) target: OptionTarget,
    scope: &'a str,
}

impl<'a> Checker<'a> {
    pub(super) fn new(pb: &'a Protobuf, id: ProtoFileId, visible: &'a Visible<'a>, is_partial: bool) -> Self {
        Self {
            pb,
            id,
            visible,
            is_partial,
            findings: Vec::new(),
            fields: Vec::new(),
            used: vec![false; pb.file(id).imports.len()],
            target: OptionTarget::File,
            scope: "",
        }
    }

    pub(super) fn report(&mut self, span: Span, message: String) -> &mut Finding {
        let place = SourcePlace { file: self.pb.file(self.id).source, span };
        self.findings.push(Finding::new(&codes::INVALID_OPTION, place, message));
        let last = self.findings.len() - 1;
        // It was pushed right now.
        #[expect(clippy::indexing_slicing, reason = "the list has just grown by one")]
        &mut self.findings[last]
    }

    /// Follows the options of one element.
    pub(super) fn element(&mut self, place: &Place<'a>) {
        self.target = place.target;
        self.scope = place.scope;
        let message = self.pb.find_message(place.target.message());
        let mut set: Vec<Vec<FieldId>> = Vec::new();
        for option in place.options.iter() {
            let is_own = place.field.is_some()
                && matches!(&*option.parts, [only] if !only.is_extension
                    && OWN_FIELD_OPTIONS.contains(&&*only.text));
            let Some(message) = message.filter(|_| !is_own) else {
                self.skip(option);
                continue;
            };
            let path = self.option(option, message);
            if let Some(path) = path {
                self.once(option, path, &mut set);
            }
        }
    }

    /// Notes that nothing is known of an option.
    fn skip(&mut self, option: &ProtoOption) {
        self.fields.extend(option.parts.iter().map(|_| None));
        self.skip_value(&option.value);
    }

    /// Notes that nothing is known of the entries of a value.
    pub(super) fn skip_value(&mut self, value: &OptionValue) {
        match value {
            OptionValue::Message(entries) => {
                for entry in entries {
                    self.fields.push(None);
                    self.skip_value(&entry.value);
                }
            }
            OptionValue::List(items) => items.iter().for_each(|(_, item)| self.skip_value(item)),
            _ => {}
        }
    }

    /// Follows one option; returns the fields its name goes through, if it is sound.
    fn option(&mut self, option: &ProtoOption, message: MessageId) -> Option<Vec<FieldId>> {
        let mut path = Vec::with_capacity(option.parts.len());
        let mut at = Some(message);
        for (index, part) in option.parts.iter().enumerate() {
            let found = at.and_then(|at| self.part(part, at, index == 0));
            self.fields.push(found);
            at = None;
            let Some(found) = found else { continue };
            self.allowed(found, part.span);
            path.push(found);
            if index + 1 < option.parts.len() {
                at = self.deeper(found, part);
            }
        }
        if path.len() < option.parts.len() {
            self.skip_value(&option.value);
            return None;
        }
        let last = *path.last()?;
        self.value(last, &option.value, option.value_span);
        Some(path)
    }

    /// The message that a further part of a name is a field of.
    fn deeper(&mut self, field: FieldId, part: &OptionPart) -> Option<MessageId> {
        let found = self.pb.field(field);
        match found.ty {
            FieldType::Message(id) if !found.is_repeated() => Some(id),
            FieldType::Message(_) => {
                let message = format!("`{}` is a list, so no field of it can be set by name", part.text);
                self.report(part.span, message).help = Some("set a whole message: `= { … }`".to_owned());
                None
            }
            FieldType::Unknown => None,
            _ => {
                self.report(part.span, format!("`{}` is no message, so it has no fields", part.text));
                None
            }
        }
    }

    fn part(&mut self, part: &OptionPart, message: MessageId, is_first: bool) -> Option<FieldId> {
        if part.is_extension {
            return self.extension(&part.text, part.span, message, self.scope);
        }
        if is_first && &*part.text == "uninterpreted_option" {
            self.report(part.span, "`uninterpreted_option` is not for people to set".to_owned());
            return None;
        }
        if let Some(found) = self.pb.field_named(message, &part.text) {
            return Some(found);
        }
        let of = self.pb.message(message);
        let fields = self.pb.fields_of(of.fields).iter().map(|field| &*field.name);
        let near = nearest(&part.text, fields);
        let text = if is_first {
            format!("there is no option `{}` of a {}", part.text, self.target.as_str())
        } else {
            format!("`{}` has no field `{}`", of.full_name, part.text)
        };
        let custom = self.custom(&part.text);
        let finding = self.report(part.span, text);
        finding.help = match (custom, near) {
            (true, _) => Some(format!(
                "options that are declared with `extend` stand in parentheses: `({})`",
                part.text
            )),
            (false, Some(near)) => Some(format!("did you mean `{near}`?")),
            (false, None) => None,
        };
        None
    }

    /// Whether a name without parentheses is that of an extension.
    fn custom(&self, name: &str) -> bool {
        let found = self.visible.look_up(&self.pb.symbols, self.scope, name, Wanted::Extensions);
        matches!(found, Found::Seen(Symbol::Extension(_), _))
    }

    /// The extension of a message with a name.
    pub(super) fn extension(
        &mut self,
        name: &str,
        span: Span,
        message: MessageId,
        scope: &str,
    ) -> Option<FieldId> {
        match self.visible.look_up(&self.pb.symbols, scope, name, Wanted::Extensions) {
            Found::Seen(Symbol::Extension(id), place) => {
                if let Some(used) = place.and_then(|place| self.used.get_mut(place as usize)) {
                    *used = true;
                }
                let extendee = self.pb.field(id).extendee;
                if extendee == Some(message) {
                    return Some(id);
                }
                if let Some(other) = extendee {
                    let of = &self.pb.message(message).full_name;
                    let other = &self.pb.message(other).full_name;
                    self.report(span, format!("`{name}` extends `{other}`, and here `{of}` is set"));
                }
            }
            Found::Seen(symbol, _) => {
                self.report(span, format!("`{name}` is {}, not an extension", symbol.kind()));
            }
            Found::Hidden(file) => {
                let path = &self.pb.file(file).name;
                let message = format!("`{name}` is declared in `{path}`, which this file does not import");
                let help = format!("add `import \"{path}\";`");
                self.report(span, message).help = Some(help);
            }
            Found::Inner(_) | Found::Nothing if self.is_partial => {}
            Found::Inner(_) | Found::Nothing => {
                let message = format!("there is no extension `{name}`");
                self.report(span, message).help =
                    Some("custom options are known where the file that declares them is imported".to_owned());
            }
        }
        None
    }

    /// Says so if a field is not for elements of this kind.
    pub(super) fn allowed(&mut self, field: FieldId, span: Span) {
        let mut targets = self.pb.field(field).options.starting("targets").peekable();
        if targets.peek().is_none() {
            return;
        }
        let own = match self.target {
            OptionTarget::File => "TARGET_TYPE_FILE",
            OptionTarget::Message => "TARGET_TYPE_MESSAGE",
            OptionTarget::Field => "TARGET_TYPE_FIELD",
            OptionTarget::Oneof => "TARGET_TYPE_ONEOF",
            OptionTarget::ExtensionRange => "TARGET_TYPE_EXTENSION_RANGE",
            OptionTarget::Enum => "TARGET_TYPE_ENUM",
            OptionTarget::Value => "TARGET_TYPE_ENUM_ENTRY",
            OptionTarget::Service => "TARGET_TYPE_SERVICE",
            OptionTarget::Rpc => "TARGET_TYPE_METHOD",
        };
        if targets.all(|target| target.value.as_word() != Some(own)) {
            let name = &self.pb.field(field).name;
            self.report(span, format!("`{name}` cannot be set on a {}", self.target.as_str()));
        }
    }

    /// Says so if an option that takes one value is set before.
    fn once(&mut self, option: &ProtoOption, path: Vec<FieldId>, set: &mut Vec<Vec<FieldId>>) {
        let is_list = path.last().is_some_and(|last| self.pb.field(*last).is_repeated());
        if !is_list && set.iter().any(|before| before.starts_with(&path)) {
            let message = format!("option `{}` is set twice", option.name());
            self.report(option.name_span(), message);
        }
        set.push(path);
    }
}
