//! SC49 `partial-result-against-principle`.

use tenon_source::{At, Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::words::words;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC49",
        name: "partial-result-against-principle",
        summary: "A contract has partial results that the failure handling principles forbid",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("partial_result_against_principle.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(at) = facts.scope.and_then(|scope| scope.failure_handling) else { continue };
        let principle = facts.graph.node(at).get("partialOutputsAllowed");
        let Some(principle) = principle.filter(|value| value.as_bool() == Some(false)) else { continue };
        let place = facts.graph.sources.place(At { file: at.file, node: principle.id() });
        let help =
            "let the operation fail as a whole, or allow partial outputs in `failureHandlingPrinciples`";
        let states = facts.contract.status_enums.iter().flat_map(|one| &one.allowed_values);
        for state in
            states.filter(|state| words(&state.text).iter().any(|word| PARTIAL.contains(&word.as_str())))
        {
            let message = format!(
                "the state `{}` is a partial result, and `partialOutputsAllowed` is false",
                state.text
            );
            out.push(
                facts
                    .finding(&RULE.code, state.at, message)
                    .with_related(place, "the principle")
                    .with_help(help),
            );
        }
        for endpoint in &facts.endpoints {
            let Some(responses) = endpoint.service.responses.map(|at| facts.graph.node(at)) else { continue };
            for (code, response) in responses.members().filter(|(code, _)| matches!(*code, "206" | "207")) {
                let message =
                    format!("the answer {code} is a partial result, and `partialOutputsAllowed` is false");
                let at = At { file: facts.contract.file, node: response.id() };
                let finding = facts.finding_in(&RULE.code, endpoint, Some(at), message);
                out.push(finding.with_related(place, "the principle").with_help(help));
            }
        }
    }
}

/// Words of states that are partial results.
const PARTIAL: &[&str] = &["partial", "partially", "incomplete", "warnings"];
