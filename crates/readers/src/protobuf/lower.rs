//! What a file declares to elements of the graph. Names of types are noted, not followed.

use tenon_graph::protobuf::{
    Cardinality, Enum, EnumId, EnumValue, ExtensionRange, Features, Field, FieldId, FieldType,
    IdempotencyLevel, Import, ImportKind, Message, MessageId, MessageKind, Oneof, OneofId, Options,
    ProtoFile, ProtoFileId, ProtoName, ReservedRange, Rpc, RpcId, Run, Scalar, Service, ServiceId, Symbol,
    Syntax, ValueId, Visibility,
};
use tenon_source::proto::{ast, decode_text, dotted};
use tenon_source::{At, FileId, NodeId, SourceFile, Span};

use super::features;
use super::values::lower_options;
use super::visibility;

/// Largest field number, and largest number of an extension unless the message is a message set.
pub(super) const FIELD_NUMBER_MAX: i32 = 536_870_911;

/// Where the elements of a file start in the lists of the run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bases {
    pub(super) messages: usize,
    pub(super) fields: usize,
    pub(super) oneofs: usize,
    pub(super) enums: usize,
    pub(super) values: usize,
    pub(super) services: usize,
    pub(super) rpcs: usize,
}

/// A name of a type that is yet to be followed. Indices count within the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum TypeUse {
    /// The type of a field.
    Field(usize),
    /// The message an extension extends.
    Extendee(usize),
    /// The request of an RPC.
    Request(usize),
    /// The response of an RPC.
    Response(usize),
}

/// The elements of one file.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    pub(super) file: ProtoFile,
    pub(super) messages: Vec<Message>,
    pub(super) fields: Vec<Field>,
    pub(super) oneofs: Vec<Oneof>,
    pub(super) enums: Vec<Enum>,
    pub(super) values: Vec<EnumValue>,
    pub(super) services: Vec<Service>,
    pub(super) rpcs: Vec<Rpc>,
    /// What is declared outside messages, and in them; with the bytes of the names.
    pub(super) symbols: Vec<(Box<str>, Symbol, Span)>,
    /// Names of types, with the message they are used in.
    pub(super) uses: Vec<(TypeUse, Span, Option<MessageId>)>,
}

/// How many elements of each kind a file declares.
pub(super) fn count(file: &ast::File) -> Bases {
    let mut bases = Bases { services: file.services.len(), ..Bases::default() };
    bases.rpcs = file.services.iter().map(|service| service.rpcs.len()).sum();
    count_scope(&file.scope, &mut bases);
    bases
}

fn count_scope(scope: &ast::Scope, bases: &mut Bases) {
    bases.messages += scope.messages.len();
    bases.enums += scope.enums.len();
    bases.values += scope.enums.iter().map(|one| one.values.len()).sum::<usize>();
    bases.fields += scope.extends.iter().map(|extend| extend.fields.len()).sum::<usize>();
    for message in &scope.messages {
        let is_entry = message.form == ast::MessageForm::MapEntry;
        bases.fields += if is_entry { 2 } else { message.fields.len() };
        bases.oneofs += message.oneofs.len();
        count_scope(&message.scope, bases);
    }
}

impl Bases {
    /// Where the elements of the next file start.
    pub(super) fn plus(self, count: Self) -> Self {
        Self {
            messages: self.messages + count.messages,
            fields: self.fields + count.fields,
            oneofs: self.oneofs + count.oneofs,
            enums: self.enums + count.enums,
            values: self.values + count.values,
            services: self.services + count.services,
            rpcs: self.rpcs + count.rpcs,
        }
    }
}

/// A message that is yet to be lowered.
struct Waiting<'a> {
    message: &'a ast::Message,
    parent: Option<MessageId>,
    /// Of a map entry, the map field.
    map: Option<&'a ast::Field>,
    full_name: Box<str>,
    features: Features,
    visibility: Visibility,
}

/// The dialect of a file; what is unknown is reported elsewhere.
pub(super) fn syntax_of(source: &SourceFile, file: &ast::File) -> Syntax {
    let Some(written) = &file.syntax else { return Syntax::Proto2 };
    match (written.is_edition, &*decode_text(slice(source, written.value))) {
        (false, b"proto3") => Syntax::Proto3,
        (true, b"2023") => Syntax::Edition2023,
        (true, b"2024") => Syntax::Edition2024,
        _ => Syntax::Proto2,
    }
}

pub(super) fn slice(source: &SourceFile, span: Span) -> &str {
    source.text().get(span.range()).unwrap_or("")
}

struct Lower<'a> {
    source: &'a SourceFile,
    source_id: FileId,
    id: ProtoFileId,
    syntax: Syntax,
    bases: Bases,
    out: Lowered,
    waiting: Vec<Waiting<'a>>,
}

/// Lowers a file of `count` elements that start at `bases`.
pub(super) fn lower(
    source: &SourceFile,
    source_id: FileId,
    id: ProtoFileId,
    syntax_tree: &ast::File,
    bases: Bases,
    count: Bases,
) -> Lowered {
    let syntax = syntax_of(source, syntax_tree);
    let out = Lowered {
        messages: Vec::with_capacity(count.messages),
        fields: Vec::with_capacity(count.fields),
        oneofs: Vec::with_capacity(count.oneofs),
        enums: Vec::with_capacity(count.enums),
        values: Vec::with_capacity(count.values),
        services: Vec::with_capacity(count.services),
        rpcs: Vec::with_capacity(count.rpcs),
        ..Lowered::default()
    };
    let mut lower = Lower { source, source_id, id, syntax, bases, out, waiting: Vec::new() };
    lower.file(syntax_tree);
    lower.out
}

impl<'a> Lower<'a> {
    fn at(&self, node: NodeId) -> At {
        At { file: self.source_id, node }
    }

    fn text(&self, span: Span) -> Box<str> {
        slice(self.source, span).into()
    }

    fn options(&self, written: &[ast::OptionDecl]) -> Options {
        lower_options(self.source, written)
    }

    fn features(&self, around: Features, options: &Options) -> Features {
        features::of(around, options, self.syntax)
    }

    fn file(&mut self, file: &'a ast::File) {
        let options = self.options(&file.options);
        let features = self.features(self.syntax.features(), &options);
        let package = file.packages.first().map(|package| ProtoName {
            text: dotted(slice(self.source, package.name)).into(),
            span: package.name,
        });
        let package_name: Box<str> = package.as_ref().map_or("".into(), |package| package.text.clone());
        self.out.file = ProtoFile {
            source: self.source_id,
            syntax: self.syntax,
            syntax_span: file.syntax.as_ref().map(|syntax| syntax.span),
            package,
            package_span: file.packages.first().map(|package| package.span),
            imports: file.imports.iter().map(|import| self.import(import)).collect(),
            options,
            features,
            ..ProtoFile::default()
        };
        let (messages, enums, extensions) = self.scope(&file.scope, None, &package_name, features, &[]);
        let mut next = 0;
        while next < self.waiting.len() {
            self.message(next);
            next += 1;
        }
        let services = self.services(&file.services, &package_name, features);
        let out = &mut self.out;
        out.file.messages = messages;
        out.file.enums = enums;
        out.file.extensions = extensions;
        out.file.services = services;
        out.file.all_messages = Run::between(self.bases.messages, self.bases.messages + out.messages.len());
        out.file.all_enums = Run::between(self.bases.enums, self.bases.enums + out.enums.len());
        out.file.all_fields = Run::between(self.bases.fields, self.bases.fields + out.fields.len());
    }

    fn import(&self, import: &ast::Import) -> Import {
        let path = decode_text(slice(self.source, import.path));
        Import {
            path: String::from_utf8_lossy(&path).into(),
            path_span: import.path,
            span: import.span,
            kind: match import.word {
                None => ImportKind::Plain,
                Some((ast::ImportWord::Public, _)) => ImportKind::Public,
                Some((ast::ImportWord::Weak, _)) => ImportKind::Weak,
                Some((ast::ImportWord::Option, _)) => ImportKind::Option,
            },
            file: None,
            is_used: false,
        }
    }

    /// What a file or message holds: its messages wait, its enums and extensions are lowered.
    fn scope(
        &mut self,
        scope: &'a ast::Scope,
        parent: Option<MessageId>,
        full_name: &str,
        around: Features,
        fields: &'a [ast::Field],
    ) -> (Run<MessageId>, Run<EnumId>, Run<FieldId>) {
        let messages = self.enqueue(scope, parent, full_name, around, fields);
        let first_enum = self.bases.enums + self.out.enums.len();
        for one in &scope.enums {
            self.enumeration(one, parent, full_name, around);
        }
        let enums = Run::between(first_enum, self.bases.enums + self.out.enums.len());
        let first = self.bases.fields + self.out.fields.len();
        for extend in &scope.extends {
            for field in &extend.fields {
                let index = self.field(field, parent, around, messages, true);
                self.out.uses.push((TypeUse::Extendee(index), extend.extendee, parent));
                // A group goes by another name than the field it is.
                let own = self.out.fields.get(index).map_or("", |field| &field.name);
                let name = join(full_name, own);
                let id = FieldId::from(self.bases.fields + index);
                self.out.symbols.push((name, Symbol::Extension(id), field.name));
            }
        }
        let extensions = Run::between(first, self.bases.fields + self.out.fields.len());
        (messages, enums, extensions)
    }

    fn enqueue(
        &mut self,
        scope: &'a ast::Scope,
        parent: Option<MessageId>,
        full_name: &str,
        around: Features,
        fields: &'a [ast::Field],
    ) -> Run<MessageId> {
        let first = self.bases.messages + self.waiting.len();
        for (index, message) in scope.messages.iter().enumerate() {
            let is_entry = message.form == ast::MessageForm::MapEntry;
            let map = fields
                .iter()
                .filter(|_| is_entry)
                .find(|field| matches!(field.ty, ast::Type::Map { entry, .. } if entry as usize == index));
            let name = slice(self.source, message.name);
            let name = if is_entry { entry_name(name) } else { name.to_owned() };
            let full_name = join(full_name, &name);
            let id = MessageId::from(first + index);
            self.out.symbols.push((full_name.clone(), Symbol::Message(id), message.name));
            let visibility = visibility::of(message.visibility, around, parent.is_some());
            self.waiting.push(Waiting { message, parent, map, full_name, features: around, visibility });
        }
        Run::between(first, first + scope.messages.len())
    }

    /// Lowers the message at a place of the queue, whose id is the place's.
    fn message(&mut self, index: usize) {
        let Some(waiting) = self.waiting.get(index) else { return };
        let (message, parent, map) = (waiting.message, waiting.parent, waiting.map);
        let (full_name, around, visibility) =
            (waiting.full_name.clone(), waiting.features, waiting.visibility);
        let id = MessageId::from(self.bases.messages + index);
        let options = self.options(&message.options);
        let features = self.features(around, &options);
        let (messages, enums, extensions) =
            self.scope(&message.scope, Some(id), &full_name, features, &message.fields);
        let first_oneof = self.bases.oneofs + self.out.oneofs.len();
        for oneof in &message.oneofs {
            let options = self.options(&oneof.options);
            let features = self.features(features, &options);
            self.out.oneofs.push(Oneof {
                file: self.id,
                at: self.at(oneof.node),
                name: self.text(oneof.name),
                message: id,
                options,
                features,
                head_end: oneof.head_end,
            });
        }
        let first = self.bases.fields + self.out.fields.len();
        match map {
            Some(map) => self.entry_fields(map, id, features),
            None => {
                for field in &message.fields {
                    let index = self.field(field, Some(id), features, messages, false);
                    if let (Some(oneof), Some(field)) = (field.oneof, self.out.fields.get_mut(index)) {
                        let oneof = OneofId::from(first_oneof + oneof as usize);
                        field.oneof = Some(oneof);
                        if let Some(oneof) = self.out.oneofs.get(oneof.0 as usize - self.bases.oneofs) {
                            field.features = features::of(oneof.features, &field.options, self.syntax);
                        }
                    }
                }
            }
        }
        let kind = match message.form {
            ast::MessageForm::Plain => MessageKind::Plain,
            ast::MessageForm::Group => MessageKind::Group,
            ast::MessageForm::MapEntry => MessageKind::MapEntry,
        };
        self.out.messages.push(Message {
            file: self.id,
            at: self.at(message.node),
            full_name,
            parent,
            kind,
            visibility,
            is_visibility_written: message.visibility.is_some(),
            fields: Run::between(first, self.bases.fields + self.out.fields.len()),
            oneofs: Run::between(first_oneof, self.bases.oneofs + self.out.oneofs.len()),
            messages,
            enums,
            extensions,
            reserved: ranges(&message.reserved, FIELD_NUMBER_MAX),
            reserved_names: self.reserved_names(&message.reserved_names),
            extension_ranges: self.extension_ranges(message, &options),
            options,
            features,
            head_end: message.head_end,
        });
    }

    fn extension_ranges(&self, message: &ast::Message, options: &Options) -> Box<[ExtensionRange]> {
        let most = if options.flag("message_set_wire_format") { i32::MAX - 1 } else { FIELD_NUMBER_MAX };
        let each = message.extensions.iter().map(|written| {
            let range = range(&written.range, most);
            ExtensionRange {
                start: range.start,
                end: range.end,
                span: range.span,
                options: self.options(&written.options),
            }
        });
        each.collect()
    }

    fn reserved_names(&self, written: &[ast::ReservedName]) -> Box<[ProtoName]> {
        let name = |name: &ast::ReservedName| {
            let text = slice(self.source, name.span);
            let decoded = decode_text(text);
            let text = if name.is_string { String::from_utf8_lossy(&decoded) } else { text.into() };
            ProtoName { text: text.into(), span: name.span }
        };
        written.iter().map(name).collect()
    }

    /// Adds a field; returns its index in the file.
    fn field(
        &mut self,
        field: &ast::Field,
        scope: Option<MessageId>,
        around: Features,
        messages: Run<MessageId>,
        is_extension: bool,
    ) -> usize {
        let index = self.out.fields.len();
        let nested = |index: u32| FieldType::Message(MessageId(messages.start + index));
        let (ty, type_span, name) = match field.ty {
            ast::Type::Named(span) => {
                let scalar = Scalar::parse(slice(self.source, span));
                if scalar.is_none() {
                    self.out.uses.push((TypeUse::Field(index), span, scope));
                }
                (scalar.map_or(FieldType::Unknown, FieldType::Scalar), span, self.text(field.name))
            }
            ast::Type::Map { span, entry, .. } => (nested(entry), span, self.text(field.name)),
            ast::Type::Group { span, message } => {
                (nested(message), span, slice(self.source, field.name).to_ascii_lowercase().into())
            }
        };
        let label = field.label.map(|(label, _)| label);
        let options = self.options(&field.options);
        let mut features = self.features(around, &options);
        let is_map = matches!(field.ty, ast::Type::Map { .. });
        let cardinality = match label {
            _ if is_map => Cardinality::Repeated,
            Some(ast::Label::Repeated) => Cardinality::Repeated,
            Some(ast::Label::Required) => Cardinality::Required,
            Some(ast::Label::Optional) | None
                if features.field_presence == tenon_graph::protobuf::FieldPresence::LegacyRequired =>
            {
                Cardinality::Required
            }
            Some(ast::Label::Optional) | None => Cardinality::Optional,
        };
        features::settle(&mut features, field, is_map, self.syntax);
        self.out.fields.push(Field {
            file: self.id,
            at: self.at(field.node),
            name,
            number: i32::try_from(field.number).unwrap_or(0),
            scope,
            extendee: None,
            is_extension,
            cardinality,
            is_optional_written: label == Some(ast::Label::Optional),
            ty,
            oneof: None,
            json_name_written: options.text("json_name").map(Into::into),
            default: options.get("default").map(|option| Box::new(option.value.clone())),
            options,
            features,
            label_span: field.label.map(|(_, span)| span),
            type_span,
            number_span: field.number_span,
        });
        index
    }

    /// The two fields of a map's entry.
    fn entry_fields(&mut self, map: &ast::Field, entry: MessageId, features: Features) {
        let ast::Type::Map { key, value, .. } = map.ty else { return };
        for (name, number, span) in [("key", 1, key), ("value", 2, value)] {
            let scalar = Scalar::parse(slice(self.source, span));
            if scalar.is_none() {
                let index = self.out.fields.len();
                self.out.uses.push((TypeUse::Field(index), span, Some(entry)));
            }
            self.out.fields.push(Field {
                file: self.id,
                at: self.at(map.node),
                name: name.into(),
                number,
                scope: Some(entry),
                ty: scalar.map_or(FieldType::Unknown, FieldType::Scalar),
                features,
                type_span: span,
                number_span: map.number_span,
                ..Field::default()
            });
        }
    }

    fn enumeration(&mut self, one: &ast::Enum, parent: Option<MessageId>, scope: &str, around: Features) {
        let id = EnumId::from(self.bases.enums + self.out.enums.len());
        let full_name = join(scope, slice(self.source, one.name));
        self.out.symbols.push((full_name.clone(), Symbol::Enum(id), one.name));
        let options = self.options(&one.options);
        let features = self.features(around, &options);
        let first = self.bases.values + self.out.values.len();
        for value in &one.values {
            let options = self.options(&value.options);
            let features = self.features(features, &options);
            if parent.is_none() {
                let value_id = ValueId::from(self.bases.values + self.out.values.len());
                let name = join(scope, slice(self.source, value.name));
                self.out.symbols.push((name, Symbol::Value(value_id), value.name));
            }
            self.out.values.push(EnumValue {
                at: self.at(value.node),
                parent: id,
                name: self.text(value.name),
                number: i32::try_from(value.number).unwrap_or(0),
                number_span: value.number_span,
                options,
                features,
            });
        }
        self.out.enums.push(Enum {
            file: self.id,
            at: self.at(one.node),
            full_name,
            parent,
            visibility: visibility::of(one.visibility, around, parent.is_some()),
            is_visibility_written: one.visibility.is_some(),
            values: Run::between(first, self.bases.values + self.out.values.len()),
            reserved: ranges(&one.reserved, i32::MAX),
            reserved_names: self.reserved_names(&one.reserved_names),
            options,
            features,
            head_end: one.head_end,
        });
    }

    fn services(&mut self, services: &[ast::Service], package: &str, around: Features) -> Run<ServiceId> {
        for service in services {
            let id = ServiceId::from(self.bases.services + self.out.services.len());
            let options = self.options(&service.options);
            let features = self.features(around, &options);
            let full_name = join(package, slice(self.source, service.name));
            self.out.symbols.push((full_name.clone(), Symbol::Service(id), service.name));
            let first = self.bases.rpcs + self.out.rpcs.len();
            for rpc in &service.rpcs {
                self.rpc(rpc, id, features);
            }
            self.out.services.push(Service {
                file: self.id,
                at: self.at(service.node),
                full_name,
                rpcs: Run::<RpcId>::between(first, self.bases.rpcs + self.out.rpcs.len()),
                options,
                features,
                head_end: service.head_end,
            });
        }
        Run::between(self.bases.services, self.bases.services + self.out.services.len())
    }

    fn rpc(&mut self, rpc: &ast::Rpc, service: ServiceId, around: Features) {
        let index = self.out.rpcs.len();
        self.out.uses.push((TypeUse::Request(index), rpc.request, None));
        self.out.uses.push((TypeUse::Response(index), rpc.response, None));
        let options = self.options(&rpc.options);
        let idempotency = match options.word("idempotency_level") {
            Some("NO_SIDE_EFFECTS") => IdempotencyLevel::NoSideEffects,
            Some("IDEMPOTENT") => IdempotencyLevel::Idempotent,
            _ => IdempotencyLevel::Unknown,
        };
        let features = self.features(around, &options);
        self.out.rpcs.push(Rpc {
            file: self.id,
            at: self.at(rpc.node),
            service,
            name: self.text(rpc.name),
            request: None,
            response: None,
            request_span: rpc.request,
            response_span: rpc.response,
            client_streaming: rpc.client_streaming,
            server_streaming: rpc.server_streaming,
            has_body: self.source.text().as_bytes().get((rpc.head_end as usize).saturating_sub(1))
                == Some(&b'{'),
            idempotency,
            options,
            features,
            head_end: rpc.head_end,
        });
    }
}

fn join(scope: &str, name: &str) -> Box<str> {
    if scope.is_empty() { name.into() } else { [scope, ".", name].concat().into() }
}

/// The name of the message that one entry of a map is: `by_name` gives `ByNameEntry`.
fn entry_name(field: &str) -> String {
    let mut out = String::with_capacity(field.len() + 5);
    let mut capital = true;
    for letter in field.chars() {
        if letter == '_' {
            capital = true;
        } else {
            out.push(if capital { letter.to_ascii_uppercase() } else { letter });
            capital = false;
        }
    }
    out + "Entry"
}

fn range(written: &ast::Range, most: i32) -> ReservedRange {
    let number = |number: i64| i32::try_from(number).unwrap_or(0);
    ReservedRange { start: number(written.start), end: written.end.map_or(most, number), span: written.span }
}

fn ranges(written: &[ast::Range], most: i32) -> Box<[ReservedRange]> {
    written.iter().map(|one| range(one, most)).collect()
}
