//! SC09 `partial-auth-field`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC09",
        name: "partial-auth-field",
        summary: "`mustUseAuth` stands at some endpoints that need authentication and not at others",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("partial_auth_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        if !facts.uses_auth_field() {
            continue;
        }
        let authenticated = facts.endpoints.iter().filter(|one| one.service.auth_required == Some(true));
        for endpoint in authenticated {
            let present = endpoint.inner(facts.graph, "mustUseAuth");
            let message = match present.map(|value| value.as_bool()) {
                None => {
                    "other endpoints have `mustUseAuth`, and this one, which needs authentication, has not"
                }
                Some(Some(false)) => "`mustUseAuth` is false on an endpoint that needs authentication",
                Some(_) => continue,
            };
            let at = endpoint.inner_at(facts.graph, "mustUseAuth");
            out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(
                "set `mustUseAuth` to true on every endpoint with `authRequired: true`, or on none",
            ));
        }
    }
}
