//! SC01 `body-without-validation`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::fix;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC01",
        name: "body-without-validation",
        summary: "An endpoint reads the request body and no middleware validates it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("body_without_validation.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let Some(argument) = endpoint.body_argument() else { continue };
            if endpoint.service.middleware.is_none() || endpoint.validates_body(ctx.settings) {
                continue;
            }
            let middleware = endpoint.outer_at(facts.graph, "middleware");
            let lookalike = endpoint.middleware().find(|name| name.to_lowercase().contains("validate"));
            let but =
                lookalike.map(|name| format!("; `{name}` validates something else")).unwrap_or_default();
            let message = format!(
                "`{}` reads the request body, but no body validation stands in the middleware{but}",
                argument.name.text
            );
            let mut finding = facts
                .finding_in(&RULE.code, endpoint, middleware, message)
                .with_related(facts.graph.sources.place(argument.name.at), "the body is read here")
                .with_help(
                    "add `validateBody` (or `validateInput`, `validate`) to `middleware`; further names can be \
                     set in `tenon.toml`",
                );
            if let Some(edit) =
                middleware.and_then(|at| fix::append_item(&facts.graph.sources, at, "\"validateBody\""))
            {
                finding = finding.with_fix("add `validateBody` to the middleware", vec![edit]);
            }
            out.push(finding);
        }
    }
}
