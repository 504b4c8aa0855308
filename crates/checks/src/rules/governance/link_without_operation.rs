//! OP062 `link-without-operation`.

use tenon_graph::serving::Template;
use tenon_graph::{Contract, Operation};
use tenon_source::{At, Node};
use tenon_source::{Code, Finding, Level};

use super::surface::governed;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP062",
        name: "link-without-operation",
        summary: "A link leads to a path no operation has",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("link_without_operation.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for contract in &ctx.graph.contracts {
        let paths: Vec<Vec<&str>> = governed(ctx, contract).filter_map(path_of).collect();
        // Only what looks like a path of this contract is held to its paths.
        let roots: Vec<&str> = paths.iter().filter_map(|path| path.first().copied()).collect();
        let lost = |link: &str| {
            let link: Vec<&str> = segments(link);
            link.first().is_some_and(|first| roots.contains(first))
                && !paths.iter().any(|path| matches(path, &link))
        };
        let links = links_of_answers(ctx, contract).into_iter().chain(links_of_examples(ctx, contract));
        for (link, at) in links.filter(|(link, _)| lost(link)) {
            let message = format!("the link `{link}` leads to no operation");
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
            out.push(finding.with_help("declare the operation it leads to, or take the link out"));
        }
    }
}

fn path_of(operation: &Operation) -> Option<Vec<&str>> {
    Some(segments(&operation.http.as_ref()?.path.text))
}

fn segments(path: &str) -> Vec<&str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.trim_matches('/').split('/').collect()
}

/// Whether a path leads to a template; `{}` in it stands for anything.
fn matches(template: &[&str], path: &[&str]) -> bool {
    let open = |part: &str| part.starts_with('{') || part.starts_with(':');
    template.len() == path.len()
        && template
            .iter()
            .zip(path)
            .all(|(wanted, found)| wanted == found || (open(wanted) && !found.is_empty()))
}

/// Links that answers are made with: `'/pets/' + record.id` leads to `/pets/{}`.
fn links_of_answers(ctx: &Context<'_>, contract: &Contract) -> Vec<(String, At)> {
    let mut found = Vec::new();
    walk(contract.serving.success_envelope.as_ref(), &mut found);
    for operation in governed(ctx, contract) {
        let serving = operation.governance.serving.as_deref();
        let handler = serving.and_then(|serving| serving.handler.as_ref());
        walk(handler.and_then(|handler| handler.respond.as_ref()), &mut found);
    }
    found
}

fn walk(template: Option<&Template>, found: &mut Vec<(String, At)>) {
    match template {
        Some(Template::Object(members)) => {
            members.iter().for_each(|(_, member)| walk(Some(member), found));
        }
        Some(Template::Array(items)) => items.iter().for_each(|item| walk(Some(item), found)),
        Some(Template::Expression(expression)) => {
            found.extend(links_in(&expression.text).into_iter().map(|link| (link, expression.at)));
        }
        Some(Template::Value(_)) | None => {}
    }
}

/// The paths an expression puts together: texts that begin with `/`, with what is added to them.
fn links_in(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    for branch in expression.split([':', '?']) {
        let mut link = String::new();
        for term in branch.split('+').map(|term| term.trim().trim_matches(['(', ')']).trim()) {
            let text = term.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            match text {
                Some(text) => link.push_str(text),
                None if link.starts_with('/') => link.push_str("{}"),
                None => {}
            }
        }
        if link.starts_with('/') {
            found.push(link);
        }
    }
    found
}

/// Links in the examples of responses.
fn links_of_examples(ctx: &Context<'_>, contract: &Contract) -> Vec<(String, At)> {
    let mut found = Vec::new();
    for operation in governed(ctx, contract) {
        let Some(Ok(schema)) = operation.response_schema else { continue };
        let schema = ctx.graph.follow(schema);
        for example in ctx.graph.examples.iter().filter(|example| ctx.graph.follow(example.schema) == schema)
        {
            let mut open = vec![ctx.graph.node(example.value)];
            while let Some(node) = open.pop() {
                if let Some(link) = node.as_str().filter(|text| text.starts_with('/')) {
                    found.push((link.to_owned(), At { file: example.value.file, node: node.id() }));
                }
                open.extend(node.items().chain(node.members().map(|(_, member): (&str, Node<'_>)| member)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}
