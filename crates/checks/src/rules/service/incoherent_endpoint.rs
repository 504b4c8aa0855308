//! SC14 `incoherent-endpoint`.

use tenon_graph::service::{Signature, SignatureParameter};
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Argument, Endpoint, ServiceFacts};
use crate::facts::words::{fold, speaks_of};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC14",
        name: "incoherent-endpoint",
        summary: "A parameter of the signature or of the side effects comes from nowhere",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("incoherent_endpoint.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            signature(&facts, endpoint, out);
            side_effects(&facts, endpoint, out);
        }
    }
}

fn signature(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let (Some(text), Some(parsed)) = (&endpoint.service.signature, endpoint.signature()) else { return };
    let signature = match parsed {
        Ok(signature) => signature,
        Err(problem) => {
            let message = format!("the signature {}", problem.as_clause());
            let help = "write it as `method(first, second?)`";
            out.push(facts.finding_in(&RULE.code, endpoint, Some(text.at), message).with_help(help));
            return;
        }
    };
    if endpoint.service.route_args.is_none() {
        return;
    }
    for name in sourceless(&signature, &endpoint.arguments()) {
        let message = format!("the signature's parameter `{name}` has no source in `routeArgs`");
        out.push(facts.finding_in(&RULE.code, endpoint, Some(text.at), message).with_help(format!(
            "pass it, as in `req.params.{name}`, `req.body.{name}` or `req.user.{name}`, or take it out of the signature"
        )));
    }
}

/// The parameters that no argument can be the source of.
fn sourceless(signature: &Signature, arguments: &[Argument<'_>]) -> Vec<String> {
    let mut out = Vec::new();
    for (index, parameter) in signature.parameters.iter().enumerate() {
        let here = arguments.get(index);
        let shown =
            if parameter.name.is_empty() { parameter.fields.join(", ") } else { parameter.name.clone() };
        let by_place = here.is_some_and(|argument| fits(&parameter.name, argument));
        let by_name = arguments.iter().any(|argument| fold(argument.last) == fold(&parameter.name));
        // A destructured parameter is filled field by field, from anywhere.
        let by_fields = parameter.name.is_empty() && here.is_some();
        let by_rest = parameter.rest && !arguments.is_empty();
        if !(by_place || by_name || by_fields || by_rest) {
            out.push(shown);
        }
    }
    out
}

/// Whether the argument at a parameter's own place can be its source.
fn fits(parameter: &str, argument: &Argument<'_>) -> bool {
    // Whole objects and expressions that take nothing of the request are given a name by the
    // signature alone.
    if argument.is_whole() {
        return true;
    }
    let (wanted, given) = (fold(parameter), fold(argument.last));
    let is_id = given == "id" && wanted.ends_with("id");
    let longer =
        given.len() > 2 && wanted.len() > 2 && (wanted.ends_with(&given) || given.ends_with(&wanted));
    is_id || longer || wanted == given
}

fn side_effects(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let effects = endpoint.service.side_effects.iter().flatten();
    let arguments = endpoint.arguments();
    let parameters: Vec<String> = match endpoint.signature() {
        Some(Ok(signature)) => {
            signature.parameters.iter().flat_map(SignatureParameter::names).map(fold).collect()
        }
        _ => Vec::new(),
    };
    let takes_all = endpoint.passes_whole_body();
    for effect in effects {
        if speaks_of(&effect.text, &["server-derived", "server-assigned", "server-generated", "derived from"])
        {
            continue;
        }
        for token in parameters_of(&effect.text) {
            let last = token.rsplit('.').next().unwrap_or(token);
            let folded = fold(last);
            let sourced = arguments.iter().any(|argument| fold(argument.last) == folded);
            // What a whole body brings is not named, so that any column may be in it.
            let known = sourced || parameters.contains(&folded) || takes_all || is_a_name(facts, last);
            if known {
                continue;
            }
            let message = format!(
                "the side effect speaks of `{token}`, which neither signature nor `routeArgs` brings"
            );
            out.push(facts.finding_in(&RULE.code, endpoint, Some(effect.at), message).with_help(format!(
                "pass `{last}`, or say where it comes from: \"{last} derived from … lookup\" or \"server-derived\""
            )));
        }
    }
}

/// Whether a word names a table or entity and no parameter.
fn is_a_name(facts: &ServiceFacts<'_>, word: &str) -> bool {
    let folded = fold(word);
    let scope = facts.scope.into_iter().flat_map(|scope| {
        let entities = scope.required_entities.iter().chain(&scope.deferred_entities);
        entities.chain(scope.entity_contracts.iter().map(|(name, _)| name))
    });
    let enums = facts.contract.status_enums.iter().filter_map(|one| one.name.as_ref());
    let mut named = scope.chain(enums).map(|name| fold(&name.text));
    facts.table(word).is_some()
        || named.any(|name| name == folded)
        || facts.endpoints.iter().any(|endpoint| facts.names_entity(endpoint, word))
}

/// The words of a side effect that are parameters: in braces or backticks, in camel case, in front
/// of an equals sign, or expressions of the request. All others are prose.
fn parameters_of(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let mut out: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, tail) = rest.split_at(start);
        let end = tail.find(|c: char| !is_part(c)).unwrap_or(tail.len());
        let (word, after) = tail.split_at(end);
        let word = word.trim_matches('.');
        let quoted = before.ends_with(['`', '{']) && after.starts_with(['`', '}']);
        let assigned = after.starts_with('=') && !after.starts_with("==");
        let request = word.starts_with("req.");
        let is_word = word.chars().next().is_some_and(char::is_alphabetic);
        if is_word && (quoted || assigned || request || is_camel(word)) {
            out.push(word);
        }
        rest = after;
        // The right side of `a=b` is a value.
        if assigned {
            let value = rest.trim_start_matches('=');
            let end = value.find(|c: char| !is_part(c)).unwrap_or(value.len());
            rest = value.get(end..).unwrap_or_default();
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// `isDefault` and `users.isDefault`, but not `Sets` and not `URL`.
fn is_camel(word: &str) -> bool {
    let last = word.rsplit('.').next().unwrap_or(word);
    let mut letters = last.chars();
    letters.next().is_some_and(char::is_lowercase) && letters.any(char::is_uppercase)
}
