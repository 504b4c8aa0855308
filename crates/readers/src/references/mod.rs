//! The `$ref`s of one part: each noted once, followed, and complained about when it leads
//! nowhere.

mod broken;
mod suggest;

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{AsyncComponentKind, CHAIN_MAX, Reference, ReferenceProblem, Resolver};
use tenon_source::{At, Code, FileId, Finding, Node, NodeId};

use self::broken::Broken;
use self::suggest::similar_component;
use crate::codes;
use crate::value::Value;

/// Most broken references of one document for which similar names are searched, a count: each
/// search looks at every component, and past this the mistake is no typing mistake.
const SUGGESTIONS_MAX: usize = 200;

/// The references of one part.
pub(crate) struct References<'s> {
    resolver: &'s Resolver<'s>,
    /// What texts stand for, by the file or schema with an `$id` they stand in.
    known: FxHashMap<(At, &'s str), Result<At, ReferenceProblem>>,
    noted: Vec<Reference>,
    findings: Vec<Finding>,
    /// Members of cycles that were already reported.
    cyclic: FxHashSet<At>,
    suggestions: usize,
    /// Whether a chain of too many references was reported.
    too_long: bool,
}

/// What a reference to a reference comes to.
enum Chain {
    /// A value, or a broken reference that is reported where it stands.
    Ends,
    /// The reference it began with; all members of the cycle.
    Returns(Vec<At>),
    /// A cycle that the first reference is no part of.
    EndsInCycle,
    /// More references than are followed.
    TooLong,
}

impl<'s> References<'s> {
    pub(crate) fn new(resolver: &'s Resolver<'s>) -> Self {
        Self {
            resolver,
            known: FxHashMap::default(),
            noted: Vec::new(),
            findings: Vec::new(),
            cyclic: FxHashSet::default(),
            suggestions: 0,
            too_long: false,
        }
    }

    /// The references and findings.
    pub(crate) fn finish(self) -> (Vec<Reference>, Vec<Finding>) {
        (self.noted, self.findings)
    }

    /// The value at a place.
    pub(crate) fn value(&self, at: At) -> Value<'s> {
        Value { file: at.file, node: self.resolver.sources().node(at) }
    }

    /// Adds what else the reader had to say.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// A finding at a value.
    pub(crate) fn finding(&self, code: &'static Code, value: Value<'s>, message: String) -> Finding {
        self.resolver.sources().finding_at_value(code, value.at(), message)
    }

    /// The value a `$ref` leads to at last; the value itself if it has none or it is broken.
    pub(crate) fn follow(&mut self, value: Value<'s>) -> Value<'s> {
        let mut at = value;
        for _ in 0..CHAIN_MAX {
            let Some(text) = at.reference() else { return at };
            match self.step(at.at(), text) {
                Ok(target) => at = self.value(target),
                Err(_) => break,
            }
        }
        value
    }

    /// The value a `$ref` leads to, one step.
    pub(crate) fn target(&mut self, value: Value<'s>) -> Option<At> {
        self.step(value.at(), value.reference()?).ok()
    }

    /// Notes the reference `text` that `from` holds, in its member `$ref` or as a value of its
    /// own. Returns the value one step further. To be called once for each reference.
    pub(crate) fn note(&mut self, from: Value<'s>, text: &'s str) -> Option<Value<'s>> {
        let mut target = self.step(from.at(), text);
        match target {
            Ok(at) if self.value(at).reference().is_some() => {
                if let Some(problem) = self.check_chain(from, at) {
                    target = Err(problem);
                }
            }
            Ok(_) => {}
            Err(ref problem) => self.report_broken(from, text, problem),
        }
        let found = target.as_ref().ok().copied();
        self.noted.push(Reference { at: from.at(), target });
        Some(self.value(found?))
    }

    /// Notes that a text names the component schema `name` of the document `root`, as the values
    /// of a discriminator's `mapping` do. Whether there is such a schema.
    pub(crate) fn note_schema_name(&mut self, from: Value<'s>, root: FileId, name: &str) -> bool {
        let schemas = self.value(At { file: root, node: NodeId::ROOT }).get("components");
        let found = schemas.and_then(|components| components.get("schemas")?.get(name));
        if let Some(schema) = found {
            self.noted.push(Reference { at: from.at(), target: Ok(schema.at()) });
        }
        found.is_some()
    }

    /// Reports a mapping to a schema that is not there.
    pub(crate) fn report_schema_name(&mut self, from: Value<'s>, root: FileId, name: &str) {
        let root = self.value(At { file: root, node: NodeId::ROOT });
        let help = match similar_component(root.node, "schemas", name) {
            Some(found) => format!("did you mean `{found}`?"),
            None => "name a schema of `components/schemas`, or write a reference to one".to_owned(),
        };
        let message = format!("the mapping leads to nothing: there is no schema `{name}`");
        self.findings.push(self.finding(&codes::UNRESOLVED_REFERENCE, from, message).with_help(help));
        let problem = ReferenceProblem::MissingTarget(name.to_owned());
        self.noted.push(Reference { at: from.at(), target: Err(problem) });
    }

    /// Whether a reference leads to the kind of element its place needs. Told by the section of
    /// components it leads to; elsewhere any kind is believed. A reference to another kind is
    /// reported.
    pub(crate) fn is_kind(&mut self, from: Value<'s>, target: Value<'s>, wanted: &'static str) -> bool {
        let Some((kind, section)) = component_kind(target) else { return true };
        if kind == wanted {
            return true;
        }
        let message = match kind {
            "document" => format!("the reference leads to the whole document, but {} is expected", a(wanted)),
            _ => format!("the reference leads to {}, but {} is expected", a(kind), a(wanted)),
        };
        let help = match wanted {
            "response" | "request body" if kind == "schema" => {
                format!("write {} whose `content` has the schema", a(wanted))
            }
            _ if section.is_empty() => format!("refer to {}", a(wanted)),
            _ => format!("refer to {}; those under `{section}` are {kind}s", a(wanted)),
        };
        let finding = self.finding(&codes::OTHER_KIND, text_of(from), message).with_help(help);
        self.findings.push(finding);
        false
    }

    fn step(&mut self, from: At, text: &'s str) -> Result<At, ReferenceProblem> {
        let resolver = self.resolver;
        let resource = resolver.resource_of(from);
        self.known.entry((resource, text)).or_insert_with(|| resolver.resolve_in(resource, text)).clone()
    }

    fn check_chain(&mut self, from: Value<'s>, first: At) -> Option<ReferenceProblem> {
        match self.chain(from.at(), first) {
            Chain::Ends => return None,
            Chain::EndsInCycle => {}
            // One finding: every further member of the chain would repeat it.
            Chain::TooLong if self.too_long => {}
            Chain::TooLong => {
                self.too_long = true;
                let message = format!("more than {CHAIN_MAX} references follow one another from here");
                let finding = self
                    .finding(&codes::REFERENCE_CYCLE, text_of(from), message)
                    .with_help("refer to the value itself, not to references to it");
                self.findings.push(finding);
            }
            Chain::Returns(members) => self.report_cycle(from, &members),
        }
        Some(ReferenceProblem::Cycle)
    }

    fn chain(&mut self, start: At, first: At) -> Chain {
        let mut members = vec![start];
        let mut at = first;
        for _ in 0..CHAIN_MAX {
            if at == start {
                return Chain::Returns(members);
            }
            if members.contains(&at) {
                return Chain::EndsInCycle;
            }
            let value = self.value(at);
            let Some(text) = value.reference() else { return Chain::Ends };
            let Ok(next) = self.step(at, text) else { return Chain::Ends };
            members.push(at);
            at = next;
        }
        Chain::TooLong
    }

    /// One finding for a cycle, at the member that comes first to the reader.
    fn report_cycle(&mut self, from: Value<'s>, members: &[At]) {
        if !self.cyclic.insert(from.at()) {
            return;
        }
        self.cyclic.extend(members);
        let message = match members.len() {
            1 => "the reference leads to itself".to_owned(),
            count => format!("the reference leads back to itself through {} more", count - 1),
        };
        let mut finding = self
            .finding(&codes::REFERENCE_CYCLE, text_of(from), message)
            .with_help("let one of them be a value: a schema may refer to itself only from inside");
        for &member in members.iter().skip(1) {
            let place = self.resolver.sources().place(text_of(self.value(member)).at());
            finding = finding.with_related(place, "on the way back");
        }
        self.findings.push(finding);
    }

    fn report_broken(&mut self, from: Value<'s>, text: &'s str, problem: &ReferenceProblem) {
        let suggest = self.suggestions < SUGGESTIONS_MAX;
        let broken = Broken { resolver: self.resolver, from, text, suggest };
        if let Some((code, message, help)) = broken.say(problem) {
            self.suggestions += 1;
            let finding = self.finding(code, text_of(from), message).with_help(help);
            self.findings.push(finding);
        }
    }
}

/// What a value is by the section of components it stands in, with the section; `None` where it
/// stands elsewhere.
fn component_kind(value: Value<'_>) -> Option<(&'static str, &'static str)> {
    let Some(section) = value.node.parent() else {
        let is_api = ["openapi", "swagger", "asyncapi"].iter().any(|key| value.get(key).is_some());
        return is_api.then_some(("document", ""));
    };
    let home = section.parent()?;
    if value.node.tree().root().get("asyncapi").is_some() {
        return async_kind(section, home);
    }
    let in_components = home.key() == Some("components") && home.parent()?.parent().is_none();
    let in_swagger = home.parent().is_none() && home.get("swagger").is_some();
    Some(match section.key()? {
        "schemas" if in_components => ("schema", "components/schemas"),
        "responses" if in_components => ("response", "components/responses"),
        "parameters" if in_components => ("parameter", "components/parameters"),
        "examples" if in_components => ("example", "components/examples"),
        "requestBodies" if in_components => ("request body", "components/requestBodies"),
        "headers" if in_components => ("header", "components/headers"),
        "links" if in_components => ("link", "components/links"),
        "securitySchemes" if in_components => ("security scheme", "components/securitySchemes"),
        "callbacks" if in_components => ("callback", "components/callbacks"),
        "pathItems" if in_components => ("path item", "components/pathItems"),
        "mediaTypes" if in_components => ("media type", "components/mediaTypes"),
        "definitions" if in_swagger => ("schema", "definitions"),
        "responses" if in_swagger => ("response", "responses"),
        "parameters" if in_swagger => ("parameter", "parameters"),
        _ => return None,
    })
}

/// The same for an AsyncAPI document: what stands in `section` of `home`.
fn async_kind(section: Node<'_>, home: Node<'_>) -> Option<(&'static str, &'static str)> {
    let key = section.key()?;
    match home.parent() {
        None => match key {
            "channels" => Some(("channel", "channels")),
            "operations" => Some(("operation", "operations")),
            "servers" => Some(("server", "servers")),
            _ => None,
        },
        Some(outer) if home.key() == Some("components") && outer.parent().is_none() => {
            let (section, kind) = AsyncComponentKind::ALL.iter().find(|(name, _)| *name == key)?;
            Some((kind.as_str(), section))
        }
        Some(outer) => {
            let in_channel = key == "messages" && outer.key() == Some("channels");
            in_channel.then_some(("message", "messages"))
        }
    }
}

/// A noun with its article.
fn a(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// The place of the reference's text: its member `$ref`, or the value itself.
fn text_of(from: Value<'_>) -> Value<'_> {
    let mut keys = ["$ref", "$dynamicRef", "$recursiveRef"].into_iter();
    keys.find_map(|key| from.get(key)).unwrap_or(from)
}
