//! JS021 `schema-without-example`.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use tenon_graph::ExampleOf;
use tenon_source::{At, Code, FileId, Finding, Level};

use super::{file_finding, file_name, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS021",
        name: "schema-without-example",
        summary: "A schema that operations or events use has no example",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("schema_without_example.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let graph = ctx.graph;
    let in_files = graph.examples.iter().filter(|example| example.of == ExampleOf::File);
    let shown: FxHashSet<FileId> = in_files.map(|example| example.schema.file).collect();
    let uses = uses(ctx);
    let manifests = !graph.api_manifests.is_empty() || !graph.event_manifests.is_empty();
    // Without a manifest, examples are expected where there are some.
    let wanted = |root: At| if manifests { uses.contains_key(&root.file) } else { !shown.is_empty() };
    for root in files(ctx).filter(|root| wanted(*root) && !shown.contains(&root.file)) {
        let node = graph.node(root);
        if node.get("examples").or_else(|| node.get("example")).is_some() {
            continue;
        }
        let what = match uses.get(&root.file) {
            Some(user) => format!("the schema has no example, though {user} uses it"),
            None => "the schema has no example, though others here have".to_owned(),
        };
        let name = file_name(graph, root.file);
        let stem = name.split_once(".schema.").map_or(name, |(stem, _)| stem);
        let help = format!("write one as `examples/{stem}.example.json`, or as `examples` in the schema");
        out.push(file_finding(graph, &RULE.code, root, what).with_help(help));
    }
}

/// The files whose schema an operation or event uses, with the first one that does.
fn uses(ctx: &Context<'_>) -> BTreeMap<FileId, String> {
    let mut users = BTreeMap::new();
    for operation in &ctx.graph.operations {
        for schema in [&operation.request_schema, &operation.response_schema].into_iter().flatten().flatten()
        {
            users.entry(schema.file).or_insert_with(|| operation.label());
        }
    }
    for event in &ctx.graph.events {
        if let Some(Ok(schema)) = &event.payload_schema {
            users.entry(schema.file).or_insert_with(|| format!("the event `{}`", event.name.text));
        }
    }
    users
}
