//! SC10 `undocumented-scope-intent`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC10",
        name: "undocumented-scope-intent",
        summary: "An endpoint needs a caller, takes nothing that tells the tenant, and has no notes that say why",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undocumented_scope_intent.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let service = endpoint.service;
            let is_open = service.auth_required == Some(true)
                && service.route_args.is_some()
                && !facts.has_tenant_argument(endpoint)
                && endpoint.notes().is_empty();
            if !is_open {
                continue;
            }
            let at = endpoint.inner_at(facts.graph, "routeArgs");
            let message = "a caller is needed, but no route argument tells the tenant and no `notes` say whose \
                           records are meant";
            out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(
                "add `notes` such as \"Global listing; not filtered by organisation\" or \"Organisation-scoped via \
                 auth token claims\", or pass the tenant in `routeArgs`",
            ));
        }
    }
}
