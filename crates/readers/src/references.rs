//! The `$ref`s of one part: each noted once, followed, and complained about when it leads
//! nowhere.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{CHAIN_MAX, Reference, ReferenceProblem, Resolver, percent_decode};
use tenon_source::{At, Code, FileId, Finding, Kind, Node, NodeId, escape_token, nearest, split_pointer};

use crate::codes;
use crate::value::Value;

/// Most broken references of one document for which similar names are searched, a count: each
/// search looks at every component, and past this the mistake is no typing mistake.
const SUGGESTIONS_MAX: usize = 200;

/// The references of one part.
pub(crate) struct References<'s> {
    resolver: &'s Resolver<'s>,
    known: FxHashMap<(FileId, &'s str), Result<At, ReferenceProblem>>,
    noted: Vec<Reference>,
    findings: Vec<Finding>,
    /// Members of cycles that were already reported.
    cyclic: FxHashSet<At>,
    suggestions: usize,
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
            match self.step(at.file, text) {
                Ok(target) => at = self.value(target),
                Err(_) => break,
            }
        }
        value
    }

    /// Notes the reference `text` that `from` holds, in its member `$ref` or as a value of its
    /// own. Returns the value one step further. To be called once for each reference.
    pub(crate) fn note(&mut self, from: Value<'s>, text: &'s str) -> Option<Value<'s>> {
        let mut target = self.step(from.file, text);
        match target {
            Ok(at) if self.value(at).reference().is_some() => {
                if let Some(problem) = self.check_chain(from, at) {
                    target = Err(problem);
                }
            }
            Ok(_) => {}
            Err(ref problem) => self.report_broken(from, text, problem.clone()),
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
        let help = match self.similar_component(root, name) {
            Some(found) => format!("did you mean `{found}`?"),
            None => "name a schema of `components/schemas`, or write a reference to one".to_owned(),
        };
        let message = format!("the mapping leads to nothing: there is no schema `{name}`");
        self.findings.push(self.finding(&codes::UNRESOLVED_REFERENCE, from, message).with_help(help));
        let problem = ReferenceProblem::MissingTarget(name.to_owned());
        self.noted.push(Reference { at: from.at(), target: Err(problem) });
    }

    fn step(&mut self, file: FileId, text: &'s str) -> Result<At, ReferenceProblem> {
        let resolver = self.resolver;
        self.known.entry((file, text)).or_insert_with(|| resolver.resolve(file, text)).clone()
    }

    fn check_chain(&mut self, from: Value<'s>, first: At) -> Option<ReferenceProblem> {
        match self.chain(from.at(), first) {
            Chain::Ends => return None,
            Chain::EndsInCycle => {}
            Chain::TooLong => {
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
            let Ok(next) = self.step(at.file, text) else { return Chain::Ends };
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

    fn report_broken(&mut self, from: Value<'s>, text: &'s str, problem: ReferenceProblem) {
        let (code, message, help) = match problem {
            ReferenceProblem::MissingTarget(_) => {
                let (message, help) = self.missing_target(from, text);
                (&codes::UNRESOLVED_REFERENCE, message, help)
            }
            ReferenceProblem::MissingFile(path) => {
                let help = self.missing_file(from, text, &path);
                let message = format!("`{text}` leads to nothing: there is no file `{path}`");
                (&codes::UNRESOLVED_REFERENCE, message, help)
            }
            ReferenceProblem::Folder(path) => {
                let message = format!("`{text}` leads to a folder, `{path}`, not to a file");
                (&codes::UNRESOLVED_REFERENCE, message, "name a file in it".to_owned())
            }
            ReferenceProblem::Malformed(_) => {
                let message = format!("`{text}` is no reference: a `%` in it starts no UTF-8 character");
                (&codes::UNRESOLVED_REFERENCE, message, "write `%25` for a `%` in a name".to_owned())
            }
            ReferenceProblem::OutsideRoot(path) => {
                let message = format!("`{text}` leads out of the folder that is checked, to `{path}`");
                let help = "check a folder that holds both files, or move the file into this one";
                (&codes::REFERENCE_OUTSIDE_ROOT, message, help.to_owned())
            }
            ReferenceProblem::Url(_) => {
                let message = format!("`{text}` is a URL, and nothing is fetched from the network");
                let help = "keep a copy of the document beside this one and refer to that";
                (&codes::REMOTE_REFERENCE, message, help.to_owned())
            }
            // Said where it happened: of the file itself, or of the cycle.
            _ => return,
        };
        let finding = self.finding(code, text_of(from), message).with_help(help);
        self.findings.push(finding);
    }

    /// What exactly is missing, and what may be meant.
    fn missing_target(&mut self, from: Value<'s>, text: &'s str) -> (String, String) {
        let (base, fragment) = text.split_once('#').unwrap_or((text, ""));
        let nothing = format!("`{text}` leads to nothing");
        let root = self.resolver.resolve(from.file, base);
        let root = self.value(root.unwrap_or(At { file: from.file, node: NodeId::ROOT }));
        let fragment = percent_decode(fragment).unwrap_or_default();
        let Some(tokens) = split_pointer(&fragment) else {
            let help = self.similar_component(root, &fragment).map_or_else(
                || "a pointer starts with `#/`".to_owned(),
                |found| format!("did you mean `{base}{found}`?"),
            );
            return (format!("{nothing}: no schema has the `$anchor` `{fragment}`"), help);
        };
        let tokens: Vec<_> = tokens.collect();
        let mut node = root.node;
        let mut pointer = String::new();
        for token in &tokens {
            let next = if node.is_array() { node.at(&format!("/{token}")) } else { node.get(token) };
            let Some(next) = next else {
                let place = if pointer.is_empty() { "the document" } else { &format!("`#{pointer}`") };
                let message = match node.kind() {
                    Kind::Object => format!("{nothing}: {place} has no `{token}`"),
                    Kind::Array => format!("{nothing}: {place} has {} items, no item `{token}`", node.len()),
                    kind => format!("{nothing}: {place} is a {} and has no members", kind.as_str()),
                };
                return (message, self.meant(root, base, node, &pointer, &tokens));
            };
            node = next;
            pointer = format!("{pointer}/{}", escape_token(token));
        }
        (nothing, String::new())
    }

    fn meant(
        &mut self,
        root: Value<'s>,
        base: &str,
        container: Node<'s>,
        pointer: &str,
        tokens: &[std::borrow::Cow<'_, str>],
    ) -> String {
        if let Some(text) = container.get("$ref").and_then(Node::as_str) {
            return format!("`#{pointer}` is itself a reference to `{text}`; refer to a part of that");
        }
        let depth = split_pointer(pointer).map_or(0, Iterator::count);
        let (Some(token), Some(last)) = (tokens.get(depth), tokens.last()) else { return String::new() };
        if self.suggestions >= SUGGESTIONS_MAX {
            return "name a value that exists".to_owned();
        }
        self.suggestions += 1;
        let similar = nearest(token, container.members().map(|(name, _)| name));
        if let Some(name) = similar.filter(|_| depth + 1 == tokens.len()) {
            let name = escape_token(name);
            return format!("did you mean `{base}#{pointer}/{name}`?");
        }
        match self.similar_component(root, last) {
            Some(found) => format!("did you mean `{base}{found}`?"),
            None => "add it there, or refer to a value that exists".to_owned(),
        }
    }

    fn missing_file(&mut self, from: Value<'s>, text: &str, path: &str) -> String {
        let root = self.value(At { file: from.file, node: NodeId::ROOT });
        if !text.contains(['/', '.'])
            && let Some(found) = self.similar_component(root, text.trim_start_matches('#'))
        {
            return format!("did you mean `{found}`?");
        }
        let files = self.resolver.sources().iter().map(|(_, file)| file.path.as_str());
        match nearest(path, files) {
            Some(file) => {
                format!("did you mean `{file}`? Paths count from the folder of the file they stand in")
            }
            None => "paths count from the folder of the file they stand in".to_owned(),
        }
    }

    /// A component or definition with that name, or one close to it, as a reference.
    fn similar_component(&self, root: Value<'s>, name: &str) -> Option<String> {
        const HOMES: [&str; 12] = [
            "components/schemas",
            "components/parameters",
            "components/responses",
            "components/requestBodies",
            "components/headers",
            "components/examples",
            "components/links",
            "components/callbacks",
            "components/pathItems",
            "definitions",
            "$defs",
            "parameters",
        ];
        let home = |home: &str| root.node.at(&format!("/{home}"));
        let exact = HOMES.iter().find(|section| home(section).is_some_and(|map| map.get(name).is_some()));
        let reference = |section: &str, name: &str| format!("#/{section}/{}", escape_token(name));
        if let Some(section) = exact {
            return Some(reference(section, name));
        }
        HOMES.iter().find_map(|section| {
            let found = nearest(name, home(section)?.members().map(|(name, _)| name))?;
            Some(reference(section, found))
        })
    }
}

/// The place of the reference's text: its member `$ref`, or the value itself.
fn text_of(from: Value<'_>) -> Value<'_> {
    let mut keys = ["$ref", "$dynamicRef", "$recursiveRef"].into_iter();
    keys.find_map(|key| from.get(key)).unwrap_or(from)
}
