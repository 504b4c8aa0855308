//! What the rules about a contract's surface share: whose operations are meant, the words of a
//! name, and the members of a schema.

use std::collections::BTreeSet;

use tenon_graph::{Contract, Operation, Surface};
use tenon_source::{At, Node};

use super::declared;
use crate::Context;

/// Members looked at below one schema, a count: a schema with more is described elsewhere.
const MEMBERS_MAX: usize = 10_000;

/// The contracts that set themselves a surface.
pub fn surfaces<'g>(ctx: &Context<'g>) -> impl Iterator<Item = (&'g Contract, &'g Surface)> {
    ctx.graph.contracts.iter().filter_map(|contract| Some((contract, contract.surface.as_deref()?)))
}

/// The operations a contract governs: its own, and those of its sources.
pub fn governed<'g>(ctx: &Context<'g>, contract: &'g Contract) -> impl Iterator<Item = &'g Operation> {
    declared(ctx)
        .filter(|operation| operation.file == contract.at.file || contract.sources.contains(&operation.file))
}

/// The id of an operation; empty where it has none.
pub fn id_of(operation: &Operation) -> &str {
    operation.id.as_ref().map_or("", |id| id.text.as_str())
}

/// The words of a name in lower case, each in the singular: `availableSlots`, `available_slots` and
/// `available-slots` have the same two.
pub fn words(name: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut word = String::new();
    let mut lower_before = false;
    for letter in name.chars() {
        let starts = letter.is_uppercase() && lower_before;
        if !letter.is_alphanumeric() || starts {
            keep(&mut word, &mut out);
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        lower_before = letter.is_lowercase();
    }
    keep(&mut word, &mut out);
    out
}

fn keep(word: &mut String, out: &mut BTreeSet<String>) {
    let word = std::mem::take(word);
    let singular = word.strip_suffix('s').filter(|rest| rest.len() > 2 && !rest.ends_with('s'));
    if !word.is_empty() {
        out.insert(singular.map_or(word.clone(), str::to_owned));
    }
}

/// Whether a name has all words of a phrase.
pub fn says(name: &BTreeSet<String>, phrase: &str) -> bool {
    let phrase = words(phrase);
    !phrase.is_empty() && phrase.iter().all(|word| name.contains(word))
}

/// A member somewhere below a schema.
#[derive(Clone, Copy)]
pub struct Member<'g> {
    /// Its name.
    pub name: &'g str,
    /// Where it is written.
    pub at: At,
    /// The entity its `x-entity`, or that of a schema around it, names.
    pub entity: Option<&'g str>,
    /// Its schema, after references.
    pub schema: Node<'g>,
}

/// All members below a schema, through references, items and branches.
pub fn members<'g>(ctx: &Context<'g>, schema: At) -> Vec<Member<'g>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<(At, Option<&str>)> = vec![(schema, None)];
    while let Some((written, around)) = open.pop() {
        let at = ctx.graph.follow(written);
        let node = ctx.graph.node(at);
        let entity = entity_of(ctx.graph.node(written), node).or(around);
        if found.len() >= MEMBERS_MAX || !seen.insert((at, entity)) {
            continue;
        }
        let place = |node: Node<'_>| At { file: at.file, node: node.id() };
        let branches = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| node.get(key));
        open.extend(branches.flat_map(Node::items).map(|branch| (place(branch), entity)));
        open.extend(node.get("items").map(|items| (place(items), entity)));
        for (name, property) in node.get("properties").into_iter().flat_map(Node::members) {
            let at = place(property);
            let schema = ctx.graph.node(ctx.graph.follow(at));
            let own = entity_of(property, schema).or(entity);
            found.push(Member { name, at, entity: own, schema });
            // `Lead.title` names a field: what is below it is held to `Lead` again.
            open.push((at, own.map(|own| own.split('.').next().unwrap_or(own))));
        }
    }
    found.sort_by_key(|member| member.at);
    found
}

/// `x-entity` of a schema, beside its `$ref` or behind it.
fn entity_of<'g>(written: Node<'g>, schema: Node<'g>) -> Option<&'g str> {
    written.get_str("x-entity").or_else(|| schema.get_str("x-entity"))
}

#[cfg(test)]
mod tests {
    use super::{says, words};

    #[test]
    fn names_are_taken_apart_into_words() {
        for name in ["availableSlots", "available_slots", "available-slots", "AvailableSlot"] {
            let words: Vec<String> = words(name).into_iter().collect();
            assert_eq!(words, ["available", "slot"], "{name}");
        }
        let words: Vec<String> = words("status").into_iter().collect();
        assert_eq!(words, ["statu"], "the same on both sides, so it still compares");
    }

    #[test]
    fn a_phrase_is_said_when_all_its_words_are() {
        assert!(says(&words("scoreOverride"), "override score"));
        assert!(!says(&words("modelOverride"), "override score"));
        assert!(!says(&words("anything"), ""));
    }
}
