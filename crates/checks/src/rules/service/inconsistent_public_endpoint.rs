//! SC18 `inconsistent-public-endpoint`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::Endpoint;
use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC18",
        name: "inconsistent-public-endpoint",
        summary: "`authRequired` and `authentication` contradict each other",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("inconsistent_public_endpoint.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let said = endpoint.service.authentication.as_ref();
            let Some(message) = problem(endpoint, said.map(|name| name.text.as_str())) else { continue };
            let at = said.map(|name| name.at).or(endpoint.outer_at(facts.graph, "authentication"));
            let at = at.or(endpoint.inner_at(facts.graph, "authRequired"));
            out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(
                "set `\"authentication\": \"public\"` on endpoints that anyone may call, \"internal\" on those that only \
                 our own systems call, and `authRequired` to match",
            ));
        }
    }
}

fn problem(endpoint: &Endpoint<'_>, said: Option<&str>) -> Option<String> {
    let is_public = endpoint.is_public_by_nature();
    match (endpoint.service.auth_required?, said) {
        (false, Some("public")) | (true, Some("required" | "optional" | "internal") | None) => None,
        (true, Some("public")) => {
            Some("`authentication` says anyone may call, and `authRequired` is true".to_owned())
        }
        (false, Some("required")) if !is_public => {
            Some("`authentication` says a caller is needed, and `authRequired` is false".to_owned())
        }
        (false, said) if is_public => Some(match said {
            Some(said) => format!("anyone may call this, and `authentication` is `{said}`"),
            None => {
                "anyone may call this, and `authentication` is missing, which means `required`".to_owned()
            }
        }),
        // Internal endpoints may leave the field out or say so; what else stands there is no value
        // of the field, which is said elsewhere.
        _ => None,
    }
}
