//! Whether `null` is right, which dialects say in many ways: it is simply tried.

use tenon_schemas::asserts;
use tenon_source::{At, Node};

use super::alternatives::{Simple, simplify};
use super::view::{Entry, Side, Union, has_boolean_schemas, has_ref_siblings, is_nullable};

/// Schemas within each other that are looked through, a count: the stack bears them. What is
/// deeper is taken to allow `null`.
const LEVELS_MAX: usize = 64;

/// Whether a schema accepts `null`.
pub(super) fn accepts_null(side: Side<'_>, entry: Entry) -> bool {
    Trial { side, open: Vec::new() }.accepts(entry)
}

/// Whether a schema accepts `null` and nothing else.
pub(super) fn is_only_null(side: Side<'_>, entry: Entry) -> bool {
    let node = side.node(entry.at);
    let listed = |name: &str| node.get(name).filter(|_| asserts(name, entry.dialect));
    let typed = node.get("type").is_some_and(|types| {
        types.as_str() == Some("null")
            || (types.len() == 1 && types.items().all(|name| name.as_str() == Some("null")))
    });
    let valued = listed("const").is_some_and(Node::is_null)
        || listed("enum").is_some_and(|values| !values.is_empty() && values.items().all(Node::is_null));
    (typed || valued) && accepts_null(side, entry)
}

struct Trial<'g> {
    side: Side<'g>,
    open: Vec<Entry>,
}

impl<'g> Trial<'g> {
    fn accepts(&mut self, entry: Entry) -> bool {
        if entry.or_null {
            return true;
        }
        let node = self.side.node(entry.at);
        if let Some(flag) = node.as_bool() {
            return flag || !has_boolean_schemas(entry.dialect);
        }
        if !node.is_object() || is_nullable(node, entry.dialect) {
            return true;
        }
        // A schema within itself adds nothing to what is tried already.
        if self.open.contains(&entry) || self.open.len() >= LEVELS_MAX {
            return true;
        }
        self.open.push(entry);
        let accepted = self.object(entry, node);
        self.open.pop();
        accepted
    }

    fn object(&mut self, entry: Entry, node: Node<'g>) -> bool {
        let is_reference = node.get_str("$ref").is_some();
        if (is_reference || has_ref_siblings(entry.dialect))
            && let Some(target) = self.side.graph.target(entry.at)
        {
            let target = self.side.entry(target, entry.dialect);
            if !self.accepts(Entry { bare: entry.bare, ..target }) {
                return false;
            }
        }
        if is_reference && !has_ref_siblings(entry.dialect) {
            return true;
        }
        node.members()
            .all(|(name, value)| !asserts(name, entry.dialect) || self.keyword(entry, node, name, value))
    }

    fn keyword(&mut self, entry: Entry, owner: Node<'g>, name: &str, value: Node<'g>) -> bool {
        match name {
            "type" => {
                let known = |name: &str| {
                    matches!(name, "string" | "number" | "integer" | "boolean" | "array" | "object" | "null")
                };
                match value.as_str() {
                    Some(only) => only == "null" || !known(only),
                    None => {
                        let mut names = value.items().map(|item| item.as_str().unwrap_or_default());
                        value.is_empty()
                            || names.clone().any(|name| !known(name))
                            || names.any(|name| name == "null")
                    }
                }
            }
            "enum" => {
                let counts = value.is_array() && (!value.is_empty() || has_boolean_schemas(entry.dialect));
                !counts || value.items().any(Node::is_null)
            }
            "const" => value.is_null(),
            "allOf" => {
                self.subs(entry, value).into_iter().all(|sub| self.accepts(Entry { bare: entry.bare, ..sub }))
            }
            "anyOf" | "oneOf" => {
                let subs = self.subs(entry, value);
                let is_one = name == "oneOf";
                if subs.is_empty() || (entry.bare && self.is_kept(entry, value, &subs, is_one)) {
                    return true;
                }
                let bare = entry.bare;
                let count = subs.into_iter().filter(|sub| self.accepts(Entry { bare, ..*sub })).count();
                if is_one { count == 1 } else { count > 0 }
            }
            "not" => !self.is_schema(entry, value) || !self.sub(entry, value),
            "if" if self.is_schema(entry, value) => {
                let branch = if self.sub(entry, value) { "then" } else { "else" };
                let branch = owner.get(branch).filter(|branch| self.is_schema(entry, *branch));
                branch.is_none_or(|branch| self.sub(entry, branch))
            }
            _ => true,
        }
    }

    /// Whether alternatives are compared apart from the schema they stand in.
    fn is_kept(&self, entry: Entry, value: Node<'_>, subs: &[Entry], is_one: bool) -> bool {
        let at = At { file: entry.at.file, node: value.id() };
        let union = Union { at, is_one, branches: subs.to_vec(), discriminator: None };
        matches!(simplify(self.side, union), Simple::Union(_))
    }

    fn is_schema(&self, entry: Entry, node: Node<'_>) -> bool {
        node.is_object() || (node.as_bool().is_some() && has_boolean_schemas(entry.dialect))
    }

    fn sub(&mut self, entry: Entry, node: Node<'g>) -> bool {
        let at = At { file: entry.at.file, node: node.id() };
        let sub = self.side.entry(at, entry.dialect);
        self.accepts(sub)
    }

    fn subs(&self, entry: Entry, value: Node<'g>) -> Vec<Entry> {
        let whole = value.is_array() && value.items().all(|item| self.is_schema(entry, item));
        if whole { value.items().map(|item| self.side.sub(entry, item)).collect() } else { Vec::new() }
    }
}
