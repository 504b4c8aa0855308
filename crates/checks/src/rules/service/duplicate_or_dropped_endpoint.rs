//! SC12 `duplicate-or-dropped-endpoint`.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{HttpBinding, Method, Name};
use tenon_source::{At, Code, FileId, Finding, Level, NodeId};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts, services_of};
use crate::fix;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC12",
        name: "duplicate-or-dropped-endpoint",
        summary: "A method and path occur twice, or an endpoint of the previous version is gone without a reason",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("duplicate_or_dropped_endpoint.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let before = ctx.previous.map(|graph| services_of(graph, ctx.settings)).unwrap_or_default();
    for facts in services(ctx) {
        duplicates(&facts, out);
        if let Some(before) = previous_of(&facts, &before) {
            dropped(&facts, before, out);
        }
    }
}

/// Method and path such that requests to both are the same.
fn key(endpoint: &Endpoint<'_>) -> Option<(String, String)> {
    let http = endpoint.operation.http.as_ref()?;
    Some((http.method.as_str().to_owned(), http.normal_path()))
}

fn duplicates(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    let sources = &facts.graph.sources;
    let mut seen: FxHashMap<(String, String), &Endpoint<'_>> = FxHashMap::default();
    for endpoint in &facts.endpoints {
        let Some(key) = key(endpoint) else { continue };
        let Some(first) = seen.get(&key) else {
            seen.insert(key, endpoint);
            continue;
        };
        let at = endpoint.operation.at;
        let text =
            |one: &Endpoint<'_>| sources.slice(one.operation.file, sources.node(one.operation.at).span());
        let is_exact = squeezed(text(first)) == squeezed(text(endpoint));
        let message = if is_exact {
            format!("{} occurs a second time, with the same content", endpoint.label())
        } else if first.path() == endpoint.path() {
            format!("{} occurs a second time, with other content", endpoint.label())
        } else {
            format!("{} matches the same requests as {}", endpoint.label(), first.label())
        };
        let mut finding = facts
            .finding_in(&RULE.code, endpoint, endpoint.outer_at(facts.graph, "path"), message)
            .with_related(sources.place(first.operation.at), "first declared here")
            .with_help("keep one entry and change that; a corrected copy beside it is a contradiction");
        if is_exact && let Some(edit) = fix::remove_item(sources, at) {
            finding = finding.with_fix("remove the second entry", vec![edit]);
        }
        out.push(finding);
    }
}

/// A text without white space: equal for values that differ in layout alone.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The previous version of a contract: the one at the same path, else the only one.
fn previous_of<'p, 'g>(
    facts: &ServiceFacts<'_>,
    before: &'p [ServiceFacts<'g>],
) -> Option<&'p ServiceFacts<'g>> {
    let path = |facts: &ServiceFacts<'_>| {
        facts.graph.sources.get(facts.contract.file).map_or(String::new(), |file| file.path.clone())
    };
    let own = path(facts);
    before.iter().find(|one| path(one) == own).or(match before {
        [only] if facts.graph.services.len() == 1 => Some(only),
        _ => None,
    })
}

fn dropped(facts: &ServiceFacts<'_>, before: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    let present: FxHashSet<(String, String)> = facts.endpoints.iter().filter_map(key).collect();
    let removals = facts.root().get("removals");
    for endpoint in &before.endpoints {
        let Some(key) = key(endpoint).filter(|key| !present.contains(key)) else { continue };
        let record = removals.into_iter().flat_map(|list| list.items()).find(|record| {
            record.get_str("method").is_some_and(|method| method.eq_ignore_ascii_case(&key.0))
                && record.get_str("path").is_some_and(|path| same_path(path, &key.1))
        });
        let reason = record.and_then(|record| record.get_str("reason")).unwrap_or_default();
        if !reason.trim().is_empty() {
            continue;
        }
        let message = match record {
            Some(_) => format!("{} is removed without a reason", endpoint.label()),
            None => format!("{} was in the previous version and is gone without a word", endpoint.label()),
        };
        let at = facts.contract.endpoints.unwrap_or(facts.contract.root);
        out.push(facts.finding(&RULE.code, at, message).with_operation(endpoint.label()).with_help(format!(
            "put it back and mend it there, or record the removal: `\"removals\": [{{\"method\": \"{}\", \"path\": \
             \"{}\", \"reason\": \"…\"}}]`",
            endpoint.method(),
            endpoint.path()
        )));
    }
}

fn same_path(path: &str, normal: &str) -> bool {
    let name = Name::new(path, At { file: FileId(0), node: NodeId::ROOT });
    HttpBinding { method: Method::new(""), path: name }.normal_path() == normal
}
