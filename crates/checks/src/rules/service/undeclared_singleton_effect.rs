//! SC03 `undeclared-singleton-effect`.

use tenon_graph::Name;
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::words::{fold, has_word, words};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC03",
        name: "undeclared-singleton-effect",
        summary: "An endpoint can set a flag that only one record may have and does not declare the effect on the others",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undeclared_singleton_effect.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let Some(target) = facts.target(endpoint) else { continue };
            let effects = endpoint.service.side_effects.as_deref().unwrap_or_default();
            for flag in facts.singletons(endpoint) {
                let column = &flag.column.text;
                let entity = &target.table.name.text;
                let of_flag: Vec<&Name> =
                    effects.iter().filter(|effect| has_word(&effect.text, column)).collect();
                let scope: Vec<&str> = flag.scope.iter().map(Name::as_str).collect();
                let Some(message) = problem(column, entity, &scope, &of_flag) else { continue };
                let place = endpoint.inner_at(facts.graph, "sideEffects");
                let within = if scope.is_empty() {
                    String::new()
                } else {
                    format!(" in same {}", scope.join(" and "))
                };
                out.push(
                    facts
                        .finding_in(&RULE.code, endpoint, place, message)
                        .with_related(facts.graph.sources.place(flag.at), "declared as a singleton flag here")
                        .with_help(format!(
                            "add `\"sideEffects\": [\"Sets all other {entity}{within} to {column}=false\"]`"
                        )),
                );
            }
        }
    }
}

fn problem(column: &str, entity: &str, scope: &[&str], effects: &[&Name]) -> Option<String> {
    if effects.is_empty() {
        return Some(format!(
            "setting `{column}` changes other records of {entity}, and `sideEffects` does not say so"
        ));
    }
    let names = |text: &str, scope: &str| {
        let stem = scope.strip_suffix("Id").unwrap_or(scope);
        words(text).iter().any(|word| fold(word) == fold(stem)) || fold(text).contains(&fold(scope))
    };
    let missing = scope.iter().find(|scope| !effects.iter().any(|effect| names(&effect.text, scope)))?;
    Some(format!(
        "`sideEffects` of `{column}` does not name its scope, which is `{missing}` in the data model"
    ))
}
