//! SC44 `inconsistent-status-enum`.

use tenon_graph::Name;
use tenon_graph::service::StatusEnum;
use tenon_source::{At, Code, Finding, Level, Node};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC44",
        name: "inconsistent-status-enum",
        summary: "A status enum is incomplete, or names states that it does not have",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("inconsistent_status_enum.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for one in &facts.contract.status_enums {
            let mut say = |at: At, message: String, help: &str| {
                out.push(facts.finding(&RULE.code, at, message).with_help(help));
            };
            shape(facts.graph.node(one.at), one, &mut say);
            transitions(one, &mut say);
        }
    }
}

/// The fields that each entry must have.
fn shape(node: Node<'_>, one: &StatusEnum, say: &mut dyn FnMut(At, String, &str)) {
    let of_entry =
        |key: &str| node.get(key).map_or(one.at, |value| At { file: one.at.file, node: value.id() });
    for (key, present) in [("name", one.name.is_some()), ("statusField", one.status_field.is_some())] {
        if !present {
            say(of_entry(key), format!("a status enum names its `{key}`"), "add it as a text");
        }
    }
    for (key, is_right) in [
        ("allowedValues", node.get("allowedValues").is_some_and(|list| list.is_array() && !list.is_empty())),
        ("transitions", node.get("transitions").is_some_and(|list| list.is_array())),
        ("semantics", node.get("semantics").is_none_or(|map| map.is_object())),
    ] {
        if !is_right {
            let help = "`allowedValues` is a list of states, `transitions` a list of `{from, to}`, `semantics` an object";
            say(of_entry(key), format!("a status enum has its `{key}` in another form"), help);
        }
    }
}

fn transitions(one: &StatusEnum, say: &mut dyn FnMut(At, String, &str)) {
    if one.allowed_values.is_empty() {
        return;
    }
    let is_state = |name: &Name| one.allowed_values.iter().any(|state| state.text == name.text);
    let help = "use a state of `allowedValues`, or add it there";
    for transition in &one.transitions {
        match &transition.from {
            None => {
                say(transition.at, "a transition has no `from`".to_owned(), "add the state it starts from")
            }
            Some(from) if !is_state(from) => {
                say(
                    from.at,
                    format!("the transition starts from `{}`, which is not among `allowedValues`", from.text),
                    help,
                );
            }
            Some(_) => {}
        }
        for to in transition.to.iter().filter(|to| !is_state(to)) {
            say(
                to.at,
                format!("the transition leads to `{}`, which is not among `allowedValues`", to.text),
                help,
            );
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for from in one.transitions.iter().filter_map(|transition| transition.from.as_ref()) {
        if seen.contains(&from.text.as_str()) {
            let message = format!("`{}` has a second entry in `transitions`", from.text);
            say(from.at, message, "put all states it leads to into one entry");
        }
        seen.push(&from.text);
    }
    for meaning in one.semantics.iter().filter(|meaning| !is_state(meaning)) {
        say(
            meaning.at,
            format!("`semantics` explains `{}`, which is not among `allowedValues`", meaning.text),
            help,
        );
    }
}
