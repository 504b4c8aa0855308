//! SC15 `uncovered-entity`.

use tenon_graph::service::{EndpointExclusion, ScopeManifest};
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::facts::words::fold;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC15",
        name: "uncovered-entity",
        summary: "A required entity has no endpoint and no exclusion with a reason",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("uncovered_entity.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        exclusions(&facts, out);
        let Some(scope) = facts.scope else { continue };
        for entity in &scope.required_entities {
            let name = &entity.text;
            // The specification's own test is a substring of the path; variants of the name count too.
            let covers = |endpoint: &Endpoint<'_>| {
                facts.names_entity(endpoint, name) || endpoint.path().contains(name.as_str())
            };
            let of_entity = |exclusion: &&EndpointExclusion| {
                exclusion.entity.as_ref().is_some_and(|excluded| fold(&excluded.text) == fold(name))
            };
            if facts.endpoints.iter().any(covers)
                || facts.contract.exclusions.iter().any(|one| of_entity(&one))
            {
                continue;
            }
            let at = facts.contract.endpoints.unwrap_or(facts.contract.root);
            let message = format!("the required entity `{name}` has no endpoint");
            out.push(
                facts
                    .finding(&RULE.code, at, message)
                    .with_related(facts.graph.sources.place(entity.at), "required here")
                    .with_help(format!(
                        "add an endpoint for it, or an exclusion: `\"endpointExclusions\": [{{\"entity\": \"{name}\", \
                         \"reason\": \"…\"}}]`"
                    )),
            );
        }
    }
}

fn exclusions(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    for exclusion in &facts.contract.exclusions {
        let Some(entity) = &exclusion.entity else {
            let message = "an exclusion must name its `entity`";
            out.push(facts.finding(&RULE.code, exclusion.at, message).with_help("add `entity` and `reason`"));
            continue;
        };
        if exclusion.reason.as_ref().is_none_or(|reason| reason.text.trim().is_empty()) {
            let at = exclusion.reason.as_ref().map_or(exclusion.at, |reason| reason.at);
            let message = format!("the exclusion of `{}` gives no reason", entity.text);
            out.push(facts.finding(&RULE.code, at, message).with_help("say why the entity has no endpoint"));
        }
        let known = |scope: &ScopeManifest| {
            let entities = scope.required_entities.iter().chain(&scope.deferred_entities);
            entities.into_iter().any(|known| fold(&known.text) == fold(&entity.text))
        };
        if facts.scope.is_some_and(|scope| !known(scope)) {
            let message = format!("the excluded entity `{}` is not in the scope manifest", entity.text);
            let finding = facts.finding(&RULE.code, entity.at, message).at_level(Level::Warning);
            out.push(finding.with_help("remove the exclusion, or correct the name"));
        }
    }
}
