//! OA060 `enum-of-other-type`.

use tenon_graph::{Dialect, Keywords};
use tenon_source::{Code, Finding, Kind, Level, Node};

use crate::rules::openapi::support::{at, count, schemas, types};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA060",
        name: "enum-of-other-type",
        summary: "A value of an enum is not of the schema's type",
        level: Level::Error,
        aliases: &["spectral:typed-enum", "redocly:no-enum-type-mismatch"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("enum_of_other_type.md"),
    check,
};

const KNOWN: &[&str] = &["null", "boolean", "number", "integer", "string", "array", "object"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let any = Keywords::ENUM | Keywords::CONST;
    for (schema, _) in schemas(ctx, any).filter(|(_, found)| found.has(Keywords::TYPE)) {
        let node = ctx.graph.node(schema.at);
        if types(node).any(|name| !KNOWN.contains(&name)) {
            continue;
        }
        let nullable = match schema.dialect {
            Dialect::OpenApi30 => node.get("nullable"),
            Dialect::Swagger2 => node.get("x-nullable"),
            _ => None,
        };
        let nullable = nullable.and_then(Node::as_bool) == Some(true);
        let is_right =
            |value: Node<'_>| (value.is_null() && nullable) || types(node).any(|name| is_of(value, name));
        let values = node.get("enum").into_iter().flat_map(Node::items).chain(node.get("const"));
        let mut wrong = values.filter(|value| !is_right(*value));
        let Some(first) = wrong.next() else { continue };
        let more = wrong.count();
        let shown = ctx.graph.sources.slice(schema.at.file, first.span());
        let wanted: Vec<&str> = types(node).collect();
        let others =
            if more == 0 { String::new() } else { format!("; so it is with {}", count(more, "more value")) };
        let message = format!(
            "the value `{shown}` is a {}, but the type is {}{others}",
            kind_name(first),
            wanted.join(" or ")
        );
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at(schema.at, first), message);
        out.push(finding.with_help("quote the value, or correct the type"));
    }
}

fn is_of(value: Node<'_>, name: &str) -> bool {
    match value.kind() {
        Kind::Number if name == "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        kind => kind.as_str() == name,
    }
}

fn kind_name(value: Node<'_>) -> &'static str {
    value.kind().as_str()
}
