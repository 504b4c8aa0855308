//! SC07 `mixed-pagination`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::ServiceFacts;
use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC07",
        name: "mixed-pagination",
        summary: "The contract does not paginate all lists by one declared strategy",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("mixed_pagination.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let said = facts.contract.pagination_strategy.as_ref();
        match said.map(|name| name.text.as_str()) {
            Some("rootInheritance") => root_inheritance(&facts, out),
            Some("perEndpoint") => per_endpoint(&facts, out),
            Some(_) | None => undeclared(&facts, out),
        }
    }
}

fn undeclared(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    let own = facts.endpoints.iter().filter(|endpoint| endpoint.service.pagination.is_some()).count();
    let has = match (facts.contract.pagination.is_some(), own) {
        (true, 0) => "there is a `pagination` block at the root",
        (true, _) => "there are `pagination` blocks at the root and at endpoints, which is a mix",
        (false, 0) => "there is no `pagination` block at all",
        (false, _) => "there are `pagination` blocks at endpoints",
    };
    let message = if facts.root().get("paginationStrategy").is_some() {
        format!("`paginationStrategy` is neither `rootInheritance` nor `perEndpoint`; {has}")
    } else {
        format!("`paginationStrategy` is missing; {has}")
    };
    let at = facts.root_member("paginationStrategy");
    out.push(facts.finding(&RULE.code, at, message).with_help(
        "declare `\"paginationStrategy\": \"rootInheritance\"` with one block at the root, or `\"perEndpoint\"` \
         with a block at every list endpoint",
    ));
}

fn root_inheritance(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    let strategy = facts.root_member("paginationStrategy");
    if facts.contract.pagination.is_none() {
        let message = "the strategy is `rootInheritance`, and the root has no `pagination` to inherit";
        out.push(
            facts.finding(&RULE.code, strategy, message).with_help("add a `pagination` block at the root"),
        );
    }
    for endpoint in &facts.endpoints {
        let Some(at) = endpoint.service.pagination else { continue };
        let message =
            "the strategy is `rootInheritance`, and this endpoint has a `pagination` block of its own";
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, Some(at), message)
                .with_related(facts.graph.sources.place(strategy), "the strategy is declared here")
                .with_help("remove the block, or declare `perEndpoint` and give every list endpoint one"),
        );
    }
}

fn per_endpoint(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    if let Some(at) = facts.contract.pagination {
        let message = "the strategy is `perEndpoint`, and the root has a `pagination` block";
        out.push(facts.finding(&RULE.code, at, message).with_help("move the block to every list endpoint"));
    }
    for endpoint in &facts.endpoints {
        if endpoint.service.pagination.is_some() || !endpoint.returns_list(facts.graph) {
            continue;
        }
        let told = endpoint.service.returns_list.is_some();
        let how = if told {
            ""
        } else {
            " (told by method, path and purpose; `returnsList: false` says otherwise)"
        };
        let message =
            format!("the strategy is `perEndpoint`, and this list endpoint has no `pagination` block{how}");
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, endpoint.service.contract, message)
                .with_help("add `pagination` with `maxPageSize`, `defaultPageSize` and `enforcement`"),
        );
    }
}
