//! JS008 `schema-enum-of-other-type`.

use tenon_source::{At, Code, Finding, Kind, Level, Node};

use super::schemas;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS008",
        name: "schema-enum-of-other-type",
        summary: "A value of `enum` or `const` does not have the type the schema asks for",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("schema_enum_of_other_type.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (schema, node) in schemas(ctx) {
        let Some(types) = node.get("type") else { continue };
        let names: Vec<&str> = match types.as_str() {
            Some(one) => vec![one],
            None => types.items().filter_map(Node::as_str).collect(),
        };
        let choices = node.get("enum").into_iter().flat_map(Node::items);
        for value in
            choices.chain(node.get("const")).filter(|value| !names.iter().any(|name| is_a(*value, name)))
        {
            let message =
                format!("the value is {}, which `type: {}` does not allow", a(value), names.join(" or "));
            let at = At { file: schema.at.file, node: value.id() };
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
            out.push(finding.with_help("write the value as that type, or widen the type"));
        }
    }
}

fn is_a(value: Node<'_>, name: &str) -> bool {
    match name {
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        // Other words than types are said elsewhere.
        "null" | "boolean" | "number" | "string" | "array" | "object" => value.kind().as_str() == name,
        _ => true,
    }
}

fn a(value: Node<'_>) -> String {
    match value.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Array | Kind::Object => format!("an {}", value.kind().as_str()),
        kind => format!("a {}", kind.as_str()),
    }
}
