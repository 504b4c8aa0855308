//! SC16 `missing-tenant-container-endpoint`.

use tenon_graph::service::UiStrategy;
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::facts::words::fold;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC16",
        name: "missing-tenant-container-endpoint",
        summary: "The tenant entity lacks endpoints that its declared strategy needs",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("missing_tenant_container_endpoint.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(container) = facts.scope.and_then(|scope| scope.tenant_container.as_ref()) else { continue };
        let sources = &facts.graph.sources;
        let Some(strategy) = container.ui_strategy else {
            let at = container.ui_strategy_text.as_ref().map_or(container.at, |text| text.at);
            let message = "`uiStrategy` is none of `none`, `settingsEmbedded` and `dedicatedPage`";
            let help = "without it nobody can tell which endpoints the tenant itself needs";
            out.push(facts.finding(&RULE.code, at, message).with_help(help));
            continue;
        };
        let Some(entity) = &container.entity else {
            if strategy != UiStrategy::None {
                let message = "`tenantContainer` does not name its `entity`";
                let help = "name the entity that is the tenant, such as `organisations`";
                out.push(facts.finding(&RULE.code, container.at, message).with_help(help));
            }
            continue;
        };
        let missing = missing(&facts, &entity.text, strategy);
        if missing.is_empty() {
            continue;
        }
        let name = container.ui_strategy_text.as_ref().map_or("", |text| text.text.as_str());
        let message = format!(
            "the tenant `{}` is managed as `{name}` and has no endpoint to {}",
            entity.text,
            missing.join(", ")
        );
        let at = facts.contract.endpoints.unwrap_or(facts.contract.root);
        out.push(
            facts
                .finding(&RULE.code, at, message)
                .with_related(sources.place(container.at), "the strategy is declared here")
                .with_help(help(strategy)),
        );
    }
}

fn help(strategy: UiStrategy) -> &'static str {
    match strategy {
        UiStrategy::None => "nothing is needed",
        UiStrategy::SettingsEmbedded => {
            "add `GET /api/organisation` and `PATCH /api/organisation`, with the tenant taken from the token"
        }
        UiStrategy::DedicatedPage => "add what is missing of list, create, get, update and delete",
    }
}

/// What the strategy needs and no endpoint does.
fn missing(facts: &ServiceFacts<'_>, entity: &str, strategy: UiStrategy) -> Vec<&'static str> {
    let needed: &[&'static str] = match strategy {
        UiStrategy::None => &[],
        UiStrategy::SettingsEmbedded => &["get", "patch"],
        UiStrategy::DedicatedPage => &["list", "create", "get", "update", "delete"],
    };
    let own: Vec<&Endpoint<'_>> = facts
        .endpoints
        .iter()
        .filter(|endpoint| {
            facts.last_entity(endpoint, [entity].into_iter()).is_some() && ends_at(endpoint, entity)
        })
        .collect();
    let has = |needed: &str| {
        own.iter().any(|endpoint| {
            let is_item = endpoint.segments().last().is_some_and(|segment| fold(segment) != fold(entity));
            match (needed, endpoint.method()) {
                ("get", "GET") => strategy == UiStrategy::SettingsEmbedded || is_item,
                ("patch", "PATCH") | ("update", "PATCH" | "PUT") | ("delete", "DELETE") => true,
                ("list", "GET") | ("create", "POST") => !is_item,
                _ => false,
            }
        })
    };
    needed.iter().copied().filter(|one| !has(one)).collect()
}

/// Whether a path ends with the entity, or with one of it: a parameter, `me` or `current`.
fn ends_at(endpoint: &Endpoint<'_>, entity: &str) -> bool {
    let segments = endpoint.segments();
    let Some(index) = segments.iter().rposition(|segment| fold(segment) == fold(entity)) else {
        return false;
    };
    match segments.get(index + 1..) {
        Some([]) => true,
        Some([last]) => {
            last.starts_with([':', '{']) || matches!(*last, "me" | "current" | "self" | "own" | "mine")
        }
        _ => false,
    }
}
