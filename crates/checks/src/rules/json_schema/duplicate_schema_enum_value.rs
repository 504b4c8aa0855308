//! JS009 `duplicate-schema-enum-value`.

use tenon_source::{At, Code, Finding, Kind, Level, Node};

use super::schemas;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS009",
        name: "duplicate-schema-enum-value",
        summary: "A value occurs twice in an `enum`",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("duplicate_schema_enum_value.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (schema, node) in schemas(ctx) {
        let mut seen: std::collections::BTreeMap<String, Node<'_>> = std::collections::BTreeMap::new();
        for value in node.get("enum").into_iter().flat_map(Node::items) {
            let Some(text) = scalar(value) else { continue };
            let Some(first) = seen.get(&text) else {
                seen.insert(text, value);
                continue;
            };
            let (file, sources) = (schema.at.file, &ctx.graph.sources);
            let message = format!("{text} occurs twice in this `enum`");
            out.push(
                sources
                    .finding_at_value(&RULE.code, At { file, node: value.id() }, message)
                    .with_related(sources.place(At { file, node: first.id() }), "first written here")
                    .with_help("take one of them out"),
            );
        }
    }
}

/// A scalar as JSON, numbers by value.
fn scalar(value: Node<'_>) -> Option<String> {
    match value.kind() {
        Kind::Null => Some("null".to_owned()),
        Kind::Bool => value.as_bool().map(|flag| flag.to_string()),
        Kind::Number => value.as_f64().map(|number| number.to_string()),
        Kind::String => value.as_str().map(|text| format!("\"{text}\"")),
        Kind::Array | Kind::Object => None,
    }
}
