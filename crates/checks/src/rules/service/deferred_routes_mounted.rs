//! SC05 `deferred-routes-mounted`.

use tenon_source::{Code, Edit, Finding, Level};

use crate::facts::service::services;
use crate::fix;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC05",
        name: "deferred-routes-mounted",
        summary: "There are deferred endpoints, and the contract does not keep them out of route registration",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("deferred_routes_mounted.md"),
    check,
};

/// The only handling there is.
const HANDLING: &str = "excludeFromRegistration";

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let deferred = facts.endpoints.iter().filter(|endpoint| endpoint.is_deferred());
        let count = deferred.clone().count();
        let said = facts.contract.deferred_route_handling.as_ref();
        if count == 0 || said.is_some_and(|said| said.text == HANDLING) {
            continue;
        }
        let at = facts.root_member("deferredRouteHandling");
        let sources = &facts.graph.sources;
        let present = facts.root().get("deferredRouteHandling");
        let endpoints =
            if count == 1 { "1 endpoint is".to_owned() } else { format!("{count} endpoints are") };
        let message = if present.is_some() {
            format!("{endpoints} deferred, and `deferredRouteHandling` is not `{HANDLING}`")
        } else {
            format!("{endpoints} deferred, and `deferredRouteHandling` is missing")
        };
        let edit = match present {
            Some(value) => Some(Edit::replace(value.span(), format!("\"{HANDLING}\""))),
            None => fix::append_member(
                sources,
                facts.contract.root,
                "deferredRouteHandling",
                &format!("\"{HANDLING}\""),
            ),
        };
        let mut finding = facts.finding(&RULE.code, at, message).with_help(format!(
            "add `\"deferredRouteHandling\": \"{HANDLING}\"` at the root: deferred routes must not be mounted"
        ));
        for endpoint in deferred.take(3) {
            finding = finding.with_related(sources.place(endpoint.operation.at), "deferred");
        }
        if let Some(edit) = edit {
            finding = finding.with_fix(format!("set `deferredRouteHandling` to `{HANDLING}`"), vec![edit]);
        }
        out.push(finding);
    }
}
