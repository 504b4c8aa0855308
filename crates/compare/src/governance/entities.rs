//! Entities and the states their records may be in, of contracts and of service contracts.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Entity, Graph, Name};
use tenon_source::At;

use super::rules::{
    ENTITY_ADDED, ENTITY_REMOVED, ENTITY_TENANCY_CHANGED, FACADE_CHANGED, OWNER_CHANGED, STATE_ADDED,
    STATE_REMOVED, STATUS_FIELD_CHANGED, TRANSITION_ADDED, TRANSITION_REMOVED,
};
use crate::{Change, ChangeRule, Spot, Versions};

/// An entity, whichever format says it.
struct Machine<'g> {
    at: At,
    entity: Option<&'g Entity>,
    field: Option<&'g Name>,
    states: &'g [Name],
    transitions: BTreeMap<(&'g str, &'g str), At>,
}

fn machines(graph: &Graph) -> BTreeMap<&str, Machine<'_>> {
    let mut out = BTreeMap::new();
    for entity in &graph.entities {
        let pairs = entity.transitions.iter().flat_map(|transition| {
            let to = transition.to.iter();
            to.map(|to| ((transition.from.as_str(), to.as_str()), transition.at))
        });
        out.entry(entity.name.as_str()).or_insert(Machine {
            at: entity.at,
            entity: Some(entity),
            field: entity.status_field.as_ref(),
            states: &entity.states,
            transitions: pairs.collect(),
        });
    }
    for status in graph.services.iter().flat_map(|service| &service.status_enums) {
        let Some(name) = &status.name else { continue };
        let pairs = status.transitions.iter().flat_map(|transition| {
            let from = transition.from.as_ref().map(Name::as_str);
            let to = transition.to.iter();
            to.filter_map(move |to| Some(((from?, to.as_str()), transition.at)))
        });
        out.entry(name.as_str()).or_insert(Machine {
            at: status.at,
            entity: None,
            field: status.status_field.as_ref(),
            states: &status.allowed_values,
            transitions: pairs.collect(),
        });
    }
    out
}

/// Compares the entities of two versions.
pub(super) fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let (old, new) = (machines(versions.old), machines(versions.new));
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    for name in names {
        match (old.get(name), new.get(name)) {
            (Some(before), None) => {
                let message = format!(
                    "the entity `{name}` is gone: its records can no longer be reached by its contract"
                );
                let mut change = Change::new(&ENTITY_REMOVED, None, format!("entities {name}"), message)
                    .from_old(Spot::of(versions.old, before.at));
                change.new = new.values().next().and_then(|other| {
                    let map = versions.new.node(other.at).parent()?;
                    Some(Spot::of(versions.new, At { file: other.at.file, node: map.id() }))
                });
                out.push(change);
            }
            (None, Some(after)) => {
                let message = format!("the entity `{name}` is new");
                let change = Change::new(&ENTITY_ADDED, None, format!("entities {name}"), message);
                out.push(change.at_new(Spot::of(versions.new, after.at)));
            }
            (Some(before), Some(after)) => Both { versions, name, before, after, out }.compare(),
            (None, None) => {}
        }
    }
}

struct Both<'b, 'g> {
    versions: &'b Versions<'g>,
    name: &'b str,
    before: &'b Machine<'g>,
    after: &'b Machine<'g>,
    out: &'b mut Vec<Change>,
}

impl Both<'_, '_> {
    fn say(&mut self, rule: &'static ChangeRule, part: &str, old: At, new: At, message: String) {
        let change = Change::new(rule, None, format!("entities {}{part}", self.name), message)
            .from_old(Spot::of(self.versions.old, old))
            .at_new(Spot::of(self.versions.new, new));
        self.out.push(change);
    }

    fn compare(&mut self) {
        let (name, before, after) = (self.name, self.before, self.after);
        let gone = super::words::missing(before.states, after.states);
        let come = super::words::missing(after.states, before.states);
        for state in &gone {
            let text = &state.text;
            let message =
                format!("`{name}` can no longer be `{text}`: callers that put or look for it there fail");
            self.say(&STATE_REMOVED, &format!(" {text}"), state.at, after.at, message);
        }
        for state in &come {
            let text = &state.text;
            let message = format!("`{name}` may be `{text}`, a state that consumers do not know");
            self.say(&STATE_ADDED, &format!(" {text}"), before.at, state.at, message);
        }
        let is = |states: &[&Name], name: &str| states.iter().any(|state| state.text == name);
        for ((from, to), at) in &before.transitions {
            // A state that is gone took its transitions with it.
            if after.transitions.contains_key(&(*from, *to)) || is(&gone, from) || is(&gone, to) {
                continue;
            }
            let message =
                format!("`{name}` can no longer go from `{from}` to `{to}`: calls that do it are refused");
            self.say(&TRANSITION_REMOVED, &format!(" {from} to {to}"), *at, after.at, message);
        }
        for ((from, to), at) in &after.transitions {
            if before.transitions.contains_key(&(*from, *to)) || is(&come, from) || is(&come, to) {
                continue;
            }
            let message = format!("`{name}` may go from `{from}` to `{to}`");
            self.say(&TRANSITION_ADDED, &format!(" {from} to {to}"), before.at, *at, message);
        }
        self.facts();
    }

    fn facts(&mut self) {
        let (name, before, after) = (self.name, self.before, self.after);
        if let (Some(old), Some(new)) = (before.field, after.field)
            && old.text != new.text
        {
            let message =
                format!("the state of `{name}` is kept in `{}`, it was kept in `{}`", new.text, old.text);
            self.say(&STATUS_FIELD_CHANGED, " field", old.at, new.at, message);
        }
        let (Some(old), Some(new)) = (before.entity, after.entity) else { return };
        let (was, is) = (old.tenant_scoped.unwrap_or(false), new.tenant_scoped.unwrap_or(false));
        if was != is {
            let message = if is {
                format!("the records of `{name}` belong to tenants now: those of others are out of reach")
            } else {
                format!("the records of `{name}` belong to no tenants any more")
            };
            self.say(&ENTITY_TENANCY_CHANGED, " tenancy", old.at, new.at, message);
        }
        let word =
            |name: &Option<Name>| name.as_ref().map_or("none".to_owned(), |name| format!("`{}`", name.text));
        for (words, old_text, new_text, rule) in [
            ("owner", word(&old.owner), word(&new.owner), &OWNER_CHANGED),
            ("facade", word(&old.facade_of), word(&new.facade_of), &FACADE_CHANGED),
        ] {
            if old_text != new_text {
                let message = format!("the {words} of `{name}` is {new_text}, it was {old_text}");
                self.say(rule, &format!(" {words}"), old.at, new.at, message);
            }
        }
    }
}
