//! SC11 `mixed-route-convention`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::ServiceFacts;
use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC11",
        name: "mixed-route-convention",
        summary: "Paths do not follow the one declared convention for tenants",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("mixed_route_convention.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        match facts.contract.route_convention.as_ref().map(|name| name.text.as_str()) {
            Some("tokenScoped") => token_scoped(&facts, out),
            Some("orgInPath") => org_in_path(&facts, out),
            Some(_) | None => undeclared(&facts, out),
        }
    }
}

fn undeclared(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    let required = || facts.endpoints.iter().filter(|endpoint| endpoint.is_required());
    let in_path = required().find(|endpoint| facts.tenant_in_path(endpoint).is_some());
    let by_token = required().find(|one| facts.tenant_in_path(one).is_none() && facts.is_tenant_scoped(one));
    let mixed = match (in_path, by_token) {
        (Some(a), Some(b)) => format!(", and both are used: `{}` and `{}`", a.path(), b.path()),
        _ => String::new(),
    };
    let what = if facts.root().get("routeConvention").is_some() {
        "`routeConvention` is neither `tokenScoped` nor `orgInPath`"
    } else {
        "`routeConvention` is missing"
    };
    let at = facts.root_member("routeConvention");
    out.push(facts.finding(&RULE.code, at, format!("{what}{mixed}")).with_help(
        "declare `\"routeConvention\": \"tokenScoped\"` (the tenant comes from the token) or `\"orgInPath\"` (it \
         stands in the path)",
    ));
}

fn token_scoped(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    for endpoint in facts.endpoints.iter().filter(|endpoint| endpoint.is_required()) {
        let Some(parameter) = facts.tenant_in_path(endpoint) else { continue };
        let message =
            format!("the convention is `tokenScoped`, and the path has the tenant's `:{parameter}`");
        let at = endpoint.outer_at(facts.graph, "path");
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, at, message)
                .with_related(
                    facts.graph.sources.place(facts.root_member("routeConvention")),
                    "declared here",
                )
                .with_help(
                    "take the tenant from the token, or declare `orgInPath` and move every other path too",
                ),
        );
    }
}

fn org_in_path(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    for endpoint in facts.endpoints.iter().filter(|endpoint| endpoint.is_required()) {
        if facts.tenant_in_path(endpoint).is_some() || !facts.is_tenant_scoped(endpoint) {
            continue;
        }
        let message =
            "the convention is `orgInPath`, and the path of this tenant-scoped endpoint has no tenant";
        let at = endpoint.outer_at(facts.graph, "path");
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, at, message)
                .with_related(
                    facts.graph.sources.place(facts.root_member("routeConvention")),
                    "declared here",
                )
                .with_help("move it below `/organisations/:organisationId`, or declare `tokenScoped`"),
        );
    }
}
