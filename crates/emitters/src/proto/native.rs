//! Protobuf files, written anew from what they mean.

use tenon_graph::Graph;
use tenon_graph::protobuf::{
    Cardinality, Enum, Field, FieldType, ImportKind, Message, MessageKind, OneofId, ProtoFile, ProtoName,
    Protobuf, ReservedRange, Service, Syntax,
};

use super::comments::Said;
use super::names::relative;
use super::options::{brackets, statements};
use super::writer::Writer;

/// Largest field number, which is written `max`.
const NUMBER_MAX: i32 = 536_870_911;

/// A file as text.
pub(super) fn write(graph: &Graph, file: &ProtoFile) -> String {
    let mut printer = Printer { graph, pb: &graph.protobuf, file, out: Writer::default() };
    printer.file();
    printer.out.finish()
}

struct Printer<'g> {
    graph: &'g Graph,
    pb: &'g Protobuf,
    file: &'g ProtoFile,
    out: Writer,
}

impl<'g> Printer<'g> {
    fn file(&mut self) {
        let file = self.file;
        let source = self.graph.sources.get(file.source);
        let said =
            |span: Option<tenon_source::Span>| span.map(|span| Said::between(source, span.start, span.end));
        if let Some(said) = said(file.syntax_span) {
            said.above(&mut self.out);
        }
        let word = if file.syntax.is_edition() { "edition" } else { "syntax" };
        self.out.line(&format!("{word} = \"{}\";", file.syntax.as_str()));
        if let Some(package) = &file.package {
            self.out.gap();
            if let Some(said) = said(file.package_span) {
                said.above(&mut self.out);
            }
            self.out.line(&format!("package {};", package.text));
        }
        if !file.imports.is_empty() {
            self.out.gap();
        }
        for import in &file.imports {
            let kind = match import.kind {
                ImportKind::Plain => "",
                ImportKind::Public => "public ",
                ImportKind::Weak => "weak ",
                ImportKind::Option => "option ",
            };
            self.out.line(&format!("import {kind}\"{}\";", import.path));
        }
        if !file.options.is_empty() {
            self.out.gap();
            statements(&file.options, &mut self.out);
        }
        for service in self.pb.services_of(file.services) {
            self.service(service);
        }
        for one in self.pb.enums_of(file.enums) {
            self.enumeration(one);
        }
        for message in self.pb.messages_of(file.messages) {
            self.message(message, None);
        }
        self.extensions(file.extensions.ids().collect::<Vec<_>>().as_slice(), file.package_name());
    }

    fn service(&mut self, service: &'g Service) {
        self.out.gap();
        let said = Said::of(self.graph, service.at, Some(service.head_end));
        said.above(&mut self.out);
        self.out.open(&format!("service {}", service.name()));
        said.behind(&mut self.out);
        statements(&service.options, &mut self.out);
        for rpc in self.pb.rpcs_of(service.rpcs) {
            let said = Said::of(self.graph, rpc.at, Some(rpc.head_end));
            if !said.is_empty() {
                self.out.gap();
            }
            said.above(&mut self.out);
            let side = |message: Option<_>, streams: bool| {
                let name =
                    message.map(|id| relative(self.pb, &service.full_name, &self.pb.message(id).full_name));
                format!("{}{}", if streams { "stream " } else { "" }, name.unwrap_or_default())
            };
            let head = format!(
                "rpc {}({}) returns ({})",
                rpc.name,
                side(rpc.request, rpc.client_streaming),
                side(rpc.response, rpc.server_streaming)
            );
            if rpc.has_body || !rpc.options.is_empty() {
                self.out.open(&head);
                statements(&rpc.options, &mut self.out);
                self.out.close();
            } else {
                self.out.line(&format!("{head};"));
            }
        }
        self.out.close();
    }

    fn enumeration(&mut self, one: &'g Enum) {
        self.out.gap();
        let said = Said::of(self.graph, one.at, Some(one.head_end));
        said.above(&mut self.out);
        let visibility = visibility(one.is_visibility_written, one.visibility);
        self.out.open(&format!("{visibility}enum {}", one.name()));
        said.behind(&mut self.out);
        statements(&one.options, &mut self.out);
        self.reserved(&one.reserved, &one.reserved_names, i32::MAX);
        for value in self.pb.values_of(one.values) {
            let said = Said::of(self.graph, value.at, None);
            said.above(&mut self.out);
            self.out.line(&format!("{} = {}{};", value.name, value.number, brackets(&value.options)));
        }
        self.out.close();
    }

    /// A message; of a group, the field that declares it says the beginning.
    fn message(&mut self, message: &'g Message, group: Option<&'g Field>) {
        if message.is_map_entry() || (message.kind == MessageKind::Group && group.is_none()) {
            return;
        }
        self.out.gap();
        match group {
            Some(field) => {
                let label = label(field, self.file.syntax);
                let options = brackets(&field.options);
                self.out.open(&format!("{label}group {} = {}{options}", message.name(), field.number));
            }
            None => {
                let said = Said::of(self.graph, message.at, Some(message.head_end));
                said.above(&mut self.out);
                let visibility = visibility(message.is_visibility_written, message.visibility);
                self.out.open(&format!("{visibility}message {}", message.name()));
                said.behind(&mut self.out);
            }
        }
        statements(&message.options, &mut self.out);
        self.reserved(&message.reserved, &message.reserved_names, NUMBER_MAX);
        for range in &message.extension_ranges {
            let numbers = numbers(range.start, range.end, NUMBER_MAX);
            self.out.line(&format!("extensions {numbers}{};", brackets(&range.options)));
        }
        for one in self.pb.enums_of(message.enums) {
            self.enumeration(one);
        }
        for nested in self.pb.messages_of(message.messages) {
            self.message(nested, None);
        }
        self.fields(message);
        self.extensions(message.extensions.ids().collect::<Vec<_>>().as_slice(), &message.full_name);
        self.out.close();
    }

    /// Fields in order; those of a oneof stand in it where its first one stands.
    fn fields(&mut self, message: &'g Message) {
        let mut written: Vec<OneofId> = Vec::new();
        if !message.enums.is_empty() || !message.messages.is_empty() {
            self.out.gap();
        }
        for field in self.pb.fields_of(message.fields) {
            match field.oneof {
                None => self.field(field, &message.full_name, false),
                Some(id) if written.contains(&id) => {}
                Some(id) => {
                    written.push(id);
                    let oneof = self.pb.oneof(id);
                    let said = Said::of(self.graph, oneof.at, Some(oneof.head_end));
                    said.above(&mut self.out);
                    self.out.open(&format!("oneof {}", oneof.name));
                    said.behind(&mut self.out);
                    statements(&oneof.options, &mut self.out);
                    for field in
                        self.pb.fields_of(message.fields).iter().filter(|field| field.oneof == Some(id))
                    {
                        self.field(field, &message.full_name, true);
                    }
                    self.out.close();
                }
            }
        }
    }

    fn field(&mut self, field: &'g Field, scope: &str, in_oneof: bool) {
        if let FieldType::Message(id) = field.ty
            && self.pb.message(id).kind == MessageKind::Group
        {
            self.message(self.pb.message(id), Some(field));
            return;
        }
        let said = Said::of(self.graph, field.at, None);
        said.above(&mut self.out);
        let label = if in_oneof { "" } else { label(field, self.file.syntax) };
        let (label, ty) = match self.pb.map_entry(field) {
            Some((key, value)) => {
                ("", format!("map<{}, {}>", self.ty(key.ty, scope), self.ty(value.ty, scope)))
            }
            None => (label, self.ty(field.ty, scope)),
        };
        self.out.line(&format!("{label}{ty} {} = {}{};", field.name, field.number, brackets(&field.options)));
    }

    fn ty(&self, ty: FieldType, scope: &str) -> String {
        match ty {
            FieldType::Scalar(scalar) => scalar.as_str().to_owned(),
            FieldType::Message(id) => relative(self.pb, scope, &self.pb.message(id).full_name),
            FieldType::Enum(id) => relative(self.pb, scope, &self.pb.enumeration(id).full_name),
            FieldType::Unknown => String::new(),
        }
    }

    /// Extensions, neighbours of one message together.
    fn extensions(&mut self, ids: &[tenon_graph::protobuf::FieldId], scope: &str) {
        let mut open = None;
        for field in ids.iter().map(|id| self.pb.field(*id)) {
            if open != Some(field.extendee) {
                if open.is_some() {
                    self.out.close();
                }
                let target =
                    field.extendee.map(|id| relative(self.pb, scope, &self.pb.message(id).full_name));
                self.out.gap();
                self.out.open(&format!("extend {}", target.unwrap_or_default()));
                open = Some(field.extendee);
            }
            self.field(field, scope, false);
        }
        if open.is_some() {
            self.out.close();
        }
    }

    fn reserved(&mut self, ranges: &[ReservedRange], names: &[ProtoName], max: i32) {
        if !ranges.is_empty() {
            let ranges: Vec<String> =
                ranges.iter().map(|range| numbers(range.start, range.end, max)).collect();
            self.out.line(&format!("reserved {};", ranges.join(", ")));
        }
        if !names.is_empty() {
            let is_edition = self.file.syntax.is_edition();
            let quoted = |name: &ProtoName| match is_edition {
                true => name.text.to_string(),
                false => format!("\"{}\"", name.text),
            };
            let names: Vec<String> = names.iter().map(quoted).collect();
            self.out.line(&format!("reserved {};", names.join(", ")));
        }
    }
}

fn label(field: &Field, syntax: Syntax) -> &'static str {
    match field.cardinality {
        Cardinality::Repeated => "repeated ",
        Cardinality::Required if !syntax.is_edition() => "required ",
        _ if field.is_optional_written => "optional ",
        _ => "",
    }
}

fn visibility(is_written: bool, visibility: tenon_graph::protobuf::Visibility) -> &'static str {
    match (is_written, visibility) {
        (false, _) => "",
        (true, tenon_graph::protobuf::Visibility::Local) => "local ",
        (true, tenon_graph::protobuf::Visibility::Exported) => "export ",
    }
}

fn numbers(start: i32, end: i32, max: i32) -> String {
    match end {
        end if end == start => start.to_string(),
        end if end == max => format!("{start} to max"),
        end => format!("{start} to {end}"),
    }
}
