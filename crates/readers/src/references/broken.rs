//! What to say about a reference that leads nowhere.

use std::borrow::Cow;

use tenon_graph::{ReferenceProblem, Resolver, percent_decode};
use tenon_source::{Code, Kind, Node, escape_token, nearest, split_pointer};

use super::suggest::{similar_component, similar_file};
use crate::codes;
use crate::schema_walk::dialect_of;
use crate::value::Value;

/// What to do where nothing similar is found.
const NO_SUGGESTION: &str = "add it there, or refer to a value that exists";

/// A broken reference.
pub(super) struct Broken<'s> {
    pub(super) resolver: &'s Resolver<'s>,
    /// The value that has it.
    pub(super) from: Value<'s>,
    pub(super) text: &'s str,
    /// Whether similar names are searched.
    pub(super) suggest: bool,
}

/// The code, what is wrong, and what to do about it.
type Said = (&'static Code, String, String);

impl<'s> Broken<'s> {
    /// What to say; nothing if it was said elsewhere.
    pub(super) fn say(&self, problem: &ReferenceProblem) -> Option<Said> {
        let text = self.text;
        Some(match problem {
            ReferenceProblem::MissingTarget(_) => {
                let (message, help) = self.missing_target();
                (&codes::UNRESOLVED_REFERENCE, message, help)
            }
            ReferenceProblem::MissingFile(path) => {
                let message = format!("`{text}` leads to nothing: there is no file `{path}`");
                (&codes::UNRESOLVED_REFERENCE, message, self.missing_file(path))
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
            // The meta-schemas are known without fetching them.
            ReferenceProblem::Url(url) if dialect_of(url).is_some() => return None,
            ReferenceProblem::Url(_) => {
                let message = format!("`{text}` is a URL, and nothing is fetched from the network");
                let help = "keep a copy of the document beside this one and refer to that";
                (&codes::REMOTE_REFERENCE, message, help.to_owned())
            }
            // Said where it happened: of the file itself, or of the cycle.
            _ => return None,
        })
    }

    /// What exactly is missing, and what may be meant.
    fn missing_target(&self) -> (String, String) {
        let text = self.text;
        let (base, fragment) = text.split_once('#').unwrap_or((text, ""));
        let nothing = format!("`{text}` leads to nothing");
        let resource = self.resolver.resource_of(self.from.at());
        let root = self.resolver.resolve_in(resource, base).unwrap_or(resource);
        let root = self.resolver.sources().node(root);
        let fragment = percent_decode(fragment).unwrap_or_default();
        let Some(tokens) = split_pointer(&fragment) else {
            let help = similar_component(root, "", fragment.trim_start_matches("definitions/")).map_or_else(
                || "a pointer starts with `#/`".to_owned(),
                |found| format!("did you mean `{base}{found}`?"),
            );
            return (format!("{nothing}: no schema has the `$anchor` `{fragment}`"), help);
        };
        let tokens: Vec<_> = tokens.collect();
        let mut node = root;
        let mut pointer = String::new();
        for (depth, token) in tokens.iter().enumerate() {
            let Some(next) = node.at(&format!("/{}", escape_token(token))) else {
                let place = if depth == 0 { "the document" } else { &format!("`#{pointer}`") };
                let message = match node.kind() {
                    Kind::Object => format!("{nothing}: {place} has no `{token}`"),
                    Kind::Array => format!("{nothing}: {place} has no item `{token}`, it has {}", node.len()),
                    kind => format!("{nothing}: {place} is a {} and has no members", kind.as_str()),
                };
                return (message, self.meant(root, node, base, &pointer, &tokens, depth));
            };
            node = next;
            pointer = format!("{pointer}/{}", escape_token(token));
        }
        (nothing, NO_SUGGESTION.to_owned())
    }

    /// What may be meant by a pointer that leads to `container` but not to its member, the token
    /// number `depth`.
    fn meant(
        &self,
        root: Node<'s>,
        container: Node<'s>,
        base: &str,
        pointer: &str,
        tokens: &[Cow<'_, str>],
        depth: usize,
    ) -> String {
        if let Some(text) = container.get("$ref").and_then(Node::as_str) {
            return format!("`#{pointer}` is itself a reference to `{text}`; refer to a part of that");
        }
        let (Some(token), Some((last, above))) = (tokens.get(depth), tokens.split_last()) else {
            return NO_SUGGESTION.to_owned();
        };
        if !self.suggest {
            return NO_SUGGESTION.to_owned();
        }
        let names = container.members().map(|(name, _)| name);
        if depth + 1 == tokens.len()
            && let Some(name) = nearest(token, names)
        {
            return format!("did you mean `{base}#{pointer}/{}`?", escape_token(name));
        }
        match similar_component(root, above.last().map_or("", |section| section), last) {
            Some(found) => format!("did you mean `{base}{found}`?"),
            None => NO_SUGGESTION.to_owned(),
        }
    }

    fn missing_file(&self, path: &str) -> String {
        const HELP: &str = "paths count from the folder of the file they stand in";
        if !self.suggest {
            return HELP.to_owned();
        }
        let root = self.from.node.tree().root();
        if !self.text.contains(['/', '.'])
            && let Some(found) = similar_component(root, "", self.text)
        {
            return format!("did you mean `{found}`?");
        }
        match similar_file(self.resolver.sources(), path) {
            Some(file) => format!("did you mean `{file}`? ({HELP})"),
            None => HELP.to_owned(),
        }
    }
}
