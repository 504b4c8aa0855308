//! AS063 `repeated-async-tag`.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{AsyncApi, AsyncComponentKind, TraitUse};
use tenon_source::{At, Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::at;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS063",
        name: "repeated-async-tag",
        summary: "A list of tags has one twice",
        level: Level::Error,
        aliases: &["spectral:asyncapi-tags-uniqueness", "spectral:asyncapi-3-tags-uniqueness"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("repeated_async_tag.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    let mut seen = FxHashSet::default();
    for owner in documents(ctx).flat_map(owners).filter(|owner| seen.insert(*owner)) {
        let Some(tags) = ctx.graph.node(owner).get("tags") else { continue };
        let mut first: FxHashMap<&str, At> = FxHashMap::default();
        for tag in tags.items() {
            let def = ctx.graph.follow(at(owner, tag));
            let Some(name) = ctx.graph.node(def).get("name") else { continue };
            let Some(text) = name.as_str() else { continue };
            match first.get(text) {
                Some(&earlier) => out.push(
                    sources
                        .finding(&RULE.code, at(owner, tag), format!("the tag `{text}` stands here twice"))
                        .with_related(sources.place(earlier), "first here")
                        .with_help("remove one of the two"),
                ),
                None => drop(first.insert(text, at(owner, tag))),
            }
        }
    }
}

/// Everything that may have tags.
fn owners(api: &AsyncApi) -> Vec<At> {
    let traits = |traits: &[TraitUse]| traits.iter().map(|one| one.def).collect::<Vec<_>>();
    let mut all = vec![api.root];
    all.extend(api.info);
    all.extend(api.servers.iter().map(|server| server.def));
    all.extend(api.channels.iter().map(|channel| channel.def));
    for operation in &api.operations {
        all.push(operation.def);
        all.extend(traits(&operation.traits));
    }
    for message in &api.messages {
        all.push(message.def);
        all.extend(traits(&message.traits));
    }
    let kinds =
        [AsyncComponentKind::OperationTrait, AsyncComponentKind::MessageTrait, AsyncComponentKind::Operation];
    let components = api.components.iter().filter(|component| kinds.contains(&component.kind));
    all.extend(components.map(|component| component.at));
    all
}
