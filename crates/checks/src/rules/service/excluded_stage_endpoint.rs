//! SC40 `excluded-stage-endpoint`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::words::fold;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC40",
        name: "excluded-stage-endpoint",
        summary: "An endpoint serves a processing stage that the scope manifest excludes",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("excluded_stage_endpoint.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(scope) = facts.scope else { continue };
        for endpoint in &facts.endpoints {
            let names = [&endpoint.service.method_name, &endpoint.service.purpose];
            let named = |stage: &str| {
                let folded = fold(stage);
                facts.names_entity(endpoint, stage)
                    || names
                        .iter()
                        .any(|name| name.as_ref().is_some_and(|name| fold(&name.text).contains(&folded)))
            };
            let Some(stage) = scope.excluded_stages.iter().find(|stage| named(&stage.text)) else { continue };
            let at = endpoint.outer_at(facts.graph, "path");
            let message =
                format!("the endpoint serves `{}`, which is among `excludedProcessingStages`", stage.text);
            out.push(
                facts
                    .finding_in(&RULE.code, endpoint, at, message)
                    .with_related(facts.graph.sources.place(stage.at), "excluded here")
                    .with_help("remove the endpoint, or take the stage into scope"),
            );
        }
    }
}
