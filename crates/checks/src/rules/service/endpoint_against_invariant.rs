//! SC47 `endpoint-against-invariant`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::facts::words::{fold, words};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC47",
        name: "endpoint-against-invariant",
        summary: "An endpoint serves one kind of a resource that an invariant says is treated alike",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("endpoint_against_invariant.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(scope) = facts.scope else { continue };
        for &at in &scope.invariants {
            let node = facts.graph.node(at);
            let name =
                node.as_str().or_else(|| node.get_str("name")).or_else(|| node.key()).unwrap_or_default();
            let Some(noun) = agnostic_of(name) else { continue };
            for endpoint in &facts.endpoints {
                let Some((kind, column)) = kind_in_path(&facts, endpoint, &noun) else { continue };
                let message = format!(
                    "the path is for `{kind}` alone, one of the kinds of `{column}`, and the invariant `{name}` treats all alike"
                );
                let place = endpoint.outer_at(facts.graph, "path");
                out.push(
                    facts
                        .finding_in(&RULE.code, endpoint, place, message)
                        .with_related(facts.graph.sources.place(at), "the invariant")
                        .with_help(
                            "take the kind from the record or the body, by one endpoint for all kinds",
                        ),
                );
            }
        }
    }
}

/// `source` of `sourceAgnosticProcessing`.
fn agnostic_of(name: &str) -> Option<String> {
    let words = words(name);
    let index = words.iter().position(|word| word == "agnostic")?;
    words.get(index.checked_sub(1)?).cloned()
}

/// The kind that a path names, and the column that has it among its values.
fn kind_in_path(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, noun: &str) -> Option<(String, String)> {
    let tables = facts.model.into_iter().flat_map(|model| &model.tables);
    let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let mut kinds = columns.filter(|(_, column)| {
        let words = words(&column.name.text);
        words.first().is_some_and(|first| first == noun)
            && words.last().is_some_and(|last| last == "type" || last == "kind")
    });
    kinds.find_map(|(table, column)| {
        let values = column.enum_values.as_deref()?;
        let value = values
            .iter()
            .find(|value| endpoint.segments().iter().any(|segment| fold(segment) == fold(&value.text)))?;
        Some((value.text.clone(), format!("{}.{}", table.name.text, column.name.text)))
    })
}
