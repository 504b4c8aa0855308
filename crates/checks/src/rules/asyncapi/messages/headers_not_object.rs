//! AS020 `headers-not-object`.

use rustc_hash::FxHashSet;
use tenon_graph::AsyncApiVersion;
use tenon_source::{At, Code, Finding, Level, Node};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS020",
        name: "headers-not-object",
        summary: "The headers of a message are not described as an object",
        level: Level::Error,
        aliases: &[
            "spectral:asyncapi-headers-schema-type-object",
            "spectral:asyncapi-3-headers-schema-type-object",
        ],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("headers_not_object.md"),
    check,
};

/// Keywords that may say the type in another place.
const COMPOSED: [&str; 4] = ["allOf", "anyOf", "oneOf", "$ref"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    let mut seen = FxHashSet::default();
    for api in documents(ctx) {
        for headers in api.messages.iter().flat_map(|message| &message.headers) {
            let def = ctx.graph.follow(headers.schema);
            let node = ctx.graph.node(def);
            if headers.format.dialect().is_none() || !node.is_object() || !seen.insert(def) {
                continue;
            }
            let Some(kind) = node.get("type") else {
                if COMPOSED.iter().all(|keyword| node.get(keyword).is_none()) {
                    let message = "the headers have no `type`, which must be `object`";
                    out.push(sources.finding(&RULE.code, def, message).with_help("add `type: object`"));
                }
                continue;
            };
            // What is written in place is held to the official schema of version 2, which says so.
            let said = api.version == AsyncApiVersion::V2 && def == headers.at;
            if !said && !is_object(kind) {
                let at = At { file: def.file, node: kind.id() };
                let message =
                    "the headers are an object of names and values, so their `type` must be `object`";
                out.push(sources.finding_at_value(&RULE.code, at, message).with_help("write `type: object`"));
            }
        }
    }
}

fn is_object(kind: Node<'_>) -> bool {
    kind.as_str() == Some("object")
}
