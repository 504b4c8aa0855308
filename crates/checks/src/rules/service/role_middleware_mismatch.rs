//! SC08 `role-middleware-mismatch`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC08",
        name: "role-middleware-mismatch",
        summary: "The role an endpoint asks for and the middleware that checks it do not go together",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("role_middleware_mismatch.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let checks = endpoint.has_middleware("requireRole");
            let graph = facts.graph;
            match (&endpoint.service.rbac, checks) {
                (Some(role), false) if endpoint.service.middleware.is_some() => {
                    let message =
                        format!("`rbac` asks for the role `{}`, and no `requireRole` checks it", role.text);
                    let at = endpoint.outer_at(graph, "middleware");
                    out.push(
                        facts
                            .finding_in(&RULE.code, endpoint, at, message)
                            .with_related(graph.sources.place(role.at), "the role is asked for here")
                            .with_help("add `requireRole` to `middleware`, or set `rbac` to null"),
                    );
                }
                (None, true) => {
                    let at = endpoint.inner_at(graph, "rbac");
                    let message = "`requireRole` stands in the middleware, and `rbac` names no role";
                    out.push(
                        facts
                            .finding_in(&RULE.code, endpoint, at, message)
                            .with_help("name the role in `rbac`, or remove `requireRole`"),
                    );
                }
                _ => {}
            }
        }
    }
}
