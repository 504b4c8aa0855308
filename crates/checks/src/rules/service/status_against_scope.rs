//! SC39 `status-against-scope`.

use tenon_graph::{Name, Status};
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC39",
        name: "status-against-scope",
        summary: "An endpoint's status contradicts the scope manifest",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("status_against_scope.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(scope) = facts.scope else { continue };
        for endpoint in &facts.endpoints {
            let all = scope.required_entities.iter().chain(&scope.deferred_entities);
            let Some(entity) = facts.last_entity(endpoint, all.map(|name| name.text.as_str())) else {
                continue;
            };
            let find = |list: &[Name]| list.iter().find(|name| name.text == entity).map(|name| name.at);
            let deferred = find(&scope.deferred_entities);
            let required = find(&scope.required_entities);
            let (message, declared) = match (endpoint.operation.status, deferred, required) {
                (Some(Status::Required), Some(at), None) => {
                    (format!("the endpoint is required, and its entity `{entity}` is deferred"), at)
                }
                // Notes may say why one operation of a required entity is put off.
                (Some(Status::Deferred), None, Some(at)) if endpoint.notes().is_empty() => (
                    format!(
                        "the endpoint is deferred, its entity `{entity}` is required, and no `notes` say why"
                    ),
                    at,
                ),
                _ => continue,
            };
            let at = endpoint.outer_at(facts.graph, "status");
            out.push(
                facts
                    .finding_in(&RULE.code, endpoint, at, message)
                    .with_related(facts.graph.sources.place(declared), "declared here")
                    .with_help("bring the status and the scope manifest together, or justify the difference in `notes`"),
            );
        }
    }
}
