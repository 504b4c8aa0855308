//! SC17 `missing-token-path`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::facts::words::speaks_of;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC17",
        name: "missing-token-path",
        summary: "An endpoint that gives a token does not say where in the response it stands",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("missing_token_path.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let said = endpoint.outer(facts.graph, "responseTokenPath");
            match &endpoint.service.response_token_path {
                Some(path) if !is_token_path(&path.text) => {
                    let message =
                        format!("`{}` is no path to a token: each step starts with a dot", path.text);
                    let help = "write it as `.accessToken` or `.data.accessToken`";
                    out.push(facts.finding_in(&RULE.code, endpoint, Some(path.at), message).with_help(help));
                }
                Some(_) => {}
                // A value of another type is said to be mistyped elsewhere.
                None if said.is_some() => {}
                None => missing(&facts, endpoint, out),
            }
        }
    }
}

fn missing(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let purpose = endpoint.service.purpose.as_ref().map_or("", |name| name.text.as_str());
    let nested = endpoint.inner(facts.graph, "responseTokenPath").is_some();
    let at = endpoint.inner_at(facts.graph, if nested { "responseTokenPath" } else { "purpose" });
    let place = if nested { ", and within `serviceContract` it does not count" } else { "" };
    let help = "add `\"responseTokenPath\": \".accessToken\"` at the endpoint, beside `path`";
    if endpoint.gives_token() {
        let message = format!(
            "a `{purpose}` endpoint must say where the token stands: `responseTokenPath` is missing{place}"
        );
        out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(help));
    } else if endpoint.registers() {
        let gives = answers_with_token(facts, endpoint);
        let (level, what) = if gives {
            (Level::Warning, "registration answers with a token, and `responseTokenPath` is missing")
        } else {
            (
                Level::Info,
                "if registration answers with a token, `responseTokenPath` must say where it stands",
            )
        };
        let finding = facts.finding_in(&RULE.code, endpoint, at, format!("{what}{place}")).at_level(level);
        out.push(finding.with_help(help));
    }
}

/// Whether notes or the responses name a token.
fn answers_with_token(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>) -> bool {
    let responses = endpoint.service.responses.map(|at| facts.graph.node(at));
    let in_schema = responses.and_then(|node| node.at("/200/schema").or_else(|| node.at("/201/schema")));
    let names = in_schema.into_iter().flat_map(|schema| schema.members()).map(|(name, _)| name);
    names.into_iter().any(|name| name.to_lowercase().contains("token"))
        || speaks_of(endpoint.notes(), &["accesstoken", "access token", "returns a token", "returns token"])
}

/// `.accessToken`, `.data.token`.
fn is_token_path(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('.') else { return false };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
    rest.split('.').all(|step| !step.is_empty() && step.chars().all(is_name))
}
