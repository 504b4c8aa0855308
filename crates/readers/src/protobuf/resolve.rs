//! Names of types to the messages and enums they mean.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;
use tenon_graph::protobuf::{FieldType, MessageId, ProtoFile, ProtoFileId, ServiceId, Symbol, Symbols};
use tenon_source::proto::dotted;
use tenon_source::{Finding, Place, SourceFile, Span, nearest};

use super::lower::{Lowered, TypeUse, slice};
use super::scope::{Found, Visible, Wanted};
use crate::codes;

/// Names of a file that a like name is looked for, a count: each is held against every type there
/// is, and a file that lacks more of them lacks something else.
const SUGGESTIONS_MAX: usize = 100;

/// Words of other languages for scalar types.
const OTHER_WORDS: [(&str, &str); 18] = [
    ("int", "int32"),
    ("integer", "int32"),
    ("long", "int64"),
    ("short", "int32"),
    ("byte", "int32"),
    ("uint", "uint32"),
    ("uint8", "uint32"),
    ("uint16", "uint32"),
    ("int8", "int32"),
    ("int16", "int32"),
    ("number", "double"),
    ("float32", "float"),
    ("float64", "double"),
    ("boolean", "bool"),
    ("str", "string"),
    ("String", "string"),
    ("text", "string"),
    ("binary", "bytes"),
];

/// What all files share.
pub(super) struct Shared<'a> {
    pub(super) symbols: &'a Symbols,
    pub(super) files: &'a [ProtoFile],
    /// Whether something of each file, or of what it imports, could not be read: a name that is
    /// not found there may stand in what was passed over.
    pub(super) is_partial: &'a [bool],
    /// Full names of all types, for "did you mean"; made when they are first needed.
    pub(super) names: &'a OnceLock<Vec<Box<str>>>,
}

/// One file that is being resolved.
struct Resolve<'a> {
    shared: &'a Shared<'a>,
    id: ProtoFileId,
    visible: &'a Visible<'a>,
    findings: Vec<Finding>,
    /// Places of names that are of another kind.
    said: FxHashSet<Span>,
    /// The names of the RPCs of each service.
    rpcs: FxHashSet<(ServiceId, Box<str>)>,
    used: Vec<bool>,
}

/// Follows every name of a type in a file; returns what is wrong, and which imports are used.
pub(super) fn resolve(
    shared: &Shared<'_>,
    source: &SourceFile,
    id: ProtoFileId,
    visible: &Visible<'_>,
    lowered: &mut Lowered,
) -> (Vec<Finding>, Vec<bool>) {
    let imports = shared.files.get(id.0 as usize).map_or(0, |file| file.imports.len());
    let mut resolve = Resolve {
        shared,
        id,
        visible,
        findings: Vec::new(),
        said: FxHashSet::default(),
        rpcs: lowered.rpcs.iter().map(|rpc| (rpc.service, rpc.name.clone())).collect(),
        used: vec![false; imports],
    };
    let base = lowered.file.all_messages.start;
    for (of, span, scope) in std::mem::take(&mut lowered.uses) {
        let scope = scope.and_then(|id: MessageId| lowered.messages.get((id.0 - base) as usize));
        let package = lowered.file.package_name();
        let scope = scope.map_or(package, |message| &message.full_name);
        let text = dotted(slice(source, span));
        if resolve.is_rpc(lowered, of, &text, span) {
            continue;
        }
        let Some(symbol) = resolve.follow(scope, &text, span) else { continue };
        resolve.put(lowered, of, symbol, &text, span);
    }
    (resolve.findings, resolve.used)
}

impl Resolve<'_> {
    fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn place(&self, span: Span) -> Place {
        let file = self.shared.files.get(self.id.0 as usize).map(|file| file.source);
        Place { file: file.unwrap_or_default(), span }
    }

    fn follow(&mut self, scope: &str, name: &str, span: Span) -> Option<Symbol> {
        match self.visible.look_up(self.shared.symbols, scope, name, Wanted::Types) {
            Found::Seen(symbol, place) => {
                if let Some(used) = place.and_then(|place| self.used.get_mut(place as usize)) {
                    *used = true;
                }
                Some(symbol)
            }
            Found::Hidden(file) => {
                self.hidden(name, file, span);
                None
            }
            Found::Inner(full) => {
                self.inner(name, &full, span);
                None
            }
            Found::Nothing => {
                self.nothing(name, span);
                None
            }
        }
    }

    /// Whether a type of an RPC has the name of an RPC beside it, which is found first.
    fn is_rpc(&mut self, lowered: &Lowered, of: TypeUse, name: &str, span: Span) -> bool {
        let (TypeUse::Request(index) | TypeUse::Response(index)) = of else { return false };
        let Some(service) = lowered.rpcs.get(index).map(|rpc| rpc.service) else { return false };
        let taken = self.rpcs.contains(&(service, name.into()));
        if taken {
            let text = format!("`{name}` is the RPC of this name here, not a message");
            let finding = Finding::new(&codes::OTHER_KIND_OF_TYPE, self.place(span), text)
                .with_help("write the package in front of the message's name");
            self.report(finding);
        }
        taken
    }

    fn hidden(&mut self, name: &str, file: ProtoFileId, span: Span) {
        let path = self.shared.files.get(file.0 as usize).map_or("", |file| &*file.name);
        let message = format!("`{name}` is declared in `{path}`, which this file does not import");
        let finding = Finding::new(&codes::NOT_IMPORTED, self.place(span), message)
            .with_help(format!("add `import \"{path}\";`"));
        self.report(finding);
    }

    fn inner(&mut self, name: &str, full: &str, span: Span) {
        if self.is_partial() {
            return;
        }
        let message = format!("`{name}` means `{full}` here, which is declared nowhere");
        let first = name.split_once('.').map_or(name, |(first, _)| first);
        let help = format!(
            "the innermost `{first}` counts, whatever it holds; if another one is meant, write `.` and the \
             full name"
        );
        let finding = Finding::new(&codes::UNDEFINED_TYPE, self.place(span), message).with_help(help);
        self.report(finding);
    }

    fn is_partial(&self) -> bool {
        self.shared.is_partial.get(self.id.0 as usize) == Some(&true)
    }

    fn nothing(&mut self, name: &str, span: Span) {
        if self.is_partial() {
            return;
        }
        let message = format!("there is no message or enum `{name}`");
        let mut finding = Finding::new(&codes::UNDEFINED_TYPE, self.place(span), message);
        if let Some((_, scalar)) = OTHER_WORDS.iter().find(|(word, _)| *word == name) {
            finding = finding.with_help(format!("the type is called `{scalar}` here"));
        } else if self.findings.len() < SUGGESTIONS_MAX
            && let Some(near) = self.near(name)
        {
            finding = finding.with_help(format!("did you mean `{near}`?"));
        }
        self.report(finding);
    }

    /// A type with a name like one that is declared nowhere.
    fn near(&self, name: &str) -> Option<String> {
        let names = self.shared.names.get_or_init(|| type_names(self.shared.symbols));
        let last = |name: &str| name.rsplit_once('.').map_or(name, |(_, last)| last).to_owned();
        let wanted = last(name);
        let same = names.iter().find(|full| last(full) == wanted);
        if let Some(full) = same {
            return Some(full.to_string());
        }
        let package = self.shared.files.get(self.id.0 as usize).map_or("", ProtoFile::package_name);
        let lasts: Vec<String> =
            names.iter().filter(|full| full.starts_with(package)).map(|full| last(full)).collect();
        nearest(&wanted, lasts.iter().map(String::as_str)).map(str::to_owned)
    }

    fn put(&mut self, lowered: &mut Lowered, of: TypeUse, symbol: Symbol, name: &str, span: Span) {
        match (of, symbol) {
            (TypeUse::Field(index), Symbol::Message(id)) => {
                if let Some(field) = lowered.fields.get_mut(index) {
                    field.ty = FieldType::Message(id);
                }
            }
            (TypeUse::Field(index), Symbol::Enum(id)) => {
                if let Some(field) = lowered.fields.get_mut(index) {
                    field.ty = FieldType::Enum(id);
                }
            }
            (TypeUse::Extendee(index), Symbol::Message(id)) => {
                if let Some(field) = lowered.fields.get_mut(index) {
                    field.extendee = Some(id);
                }
            }
            (TypeUse::Request(index), Symbol::Message(id)) => {
                if let Some(rpc) = lowered.rpcs.get_mut(index) {
                    rpc.request = Some(id);
                }
            }
            (TypeUse::Response(index), Symbol::Message(id)) => {
                if let Some(rpc) = lowered.rpcs.get_mut(index) {
                    rpc.response = Some(id);
                }
            }
            (of, symbol) => self.other_kind(of, symbol, name, span),
        }
    }

    fn other_kind(&mut self, of: TypeUse, symbol: Symbol, name: &str, span: Span) {
        let wanted = match of {
            TypeUse::Field(_) => "a field's type is a message or an enum",
            TypeUse::Extendee(_) => "only messages can be extended",
            TypeUse::Request(_) => "the request of an RPC is a message",
            TypeUse::Response(_) => "the response of an RPC is a message",
        };
        let message = format!("`{name}` is {}, and {wanted}", symbol.kind());
        // One `extend` block has as many uses as fields: once is enough.
        let place = self.place(span);
        if self.said.insert(span) {
            self.report(Finding::new(&codes::OTHER_KIND_OF_TYPE, place, message));
        }
    }
}

fn type_names(symbols: &Symbols) -> Vec<Box<str>> {
    let mut names = Vec::new();
    symbols.each(|name, symbol| {
        if matches!(symbol, Symbol::Message(_) | Symbol::Enum(_)) {
            names.push(name.into());
        }
    });
    names.sort_unstable();
    names
}
