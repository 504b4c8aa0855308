//! SC43 `incomplete-pagination`.

use tenon_source::{At, Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC43",
        name: "incomplete-pagination",
        summary: "A pagination block lacks a number, or its numbers contradict each other",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("incomplete_pagination.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        if let Some(at) = facts.contract.pagination {
            block(&facts, None, at, out);
        }
        for endpoint in &facts.endpoints {
            if let Some(at) = endpoint.service.pagination {
                block(&facts, Some(endpoint), at, out);
            }
        }
    }
}

fn block(facts: &ServiceFacts<'_>, endpoint: Option<&Endpoint<'_>>, at: At, out: &mut Vec<Finding>) {
    let node = facts.graph.node(at);
    // Another type is reported as such.
    if !node.is_object() {
        return;
    }
    let mut say = |key: &str, message: String, help: &str| {
        let place = node.get(key).map_or(at, |value| At { file: at.file, node: value.id() });
        let finding = match endpoint {
            Some(endpoint) => facts.finding_in(&RULE.code, endpoint, Some(place), message),
            None => facts.finding(&RULE.code, place, message),
        };
        out.push(finding.with_help(help));
    };
    let mut sizes = [None; 2];
    for (slot, key) in sizes.iter_mut().zip(["maxPageSize", "defaultPageSize"]) {
        *slot = node.get(key).and_then(|value| value.as_i64());
        match (node.get(key), *slot) {
            (None, _) => say(key, format!("`pagination` has no `{key}`"), "add it: a whole number above 0"),
            (Some(_), None) => {
                say(key, format!("`{key}` is no whole number"), "write it as a whole number above 0")
            }
            (Some(_), Some(size)) if size <= 0 => {
                say(
                    key,
                    format!("`{key}` is {size}, and a page has 1 record or more"),
                    "set a number above 0",
                );
            }
            _ => {}
        }
    }
    if let [Some(most), Some(default)] = sizes
        && default > most
        && most > 0
    {
        let message = format!("`defaultPageSize` is {default}, and `maxPageSize` is {most}");
        say("defaultPageSize", message, "set the default to the maximum or less");
    }
    match node.get("enforcement").map(|value| value.as_str()) {
        Some(Some("clamp" | "reject")) => {}
        Some(_) => {
            let help = "`clamp` answers with the largest page, `reject` with an error";
            say("enforcement", "`enforcement` is neither `clamp` nor `reject`".to_owned(), help);
        }
        None => {
            let help = "add `\"enforcement\": \"clamp\"`";
            say(
                "enforcement",
                "`pagination` does not say what happens beyond `maxPageSize`".to_owned(),
                help,
            );
        }
    }
}
