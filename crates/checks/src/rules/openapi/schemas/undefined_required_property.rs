//! OA066 `undefined-required-property`.

use tenon_graph::Keywords;
use tenon_source::{At, Code, Finding, Level, Node};

use crate::rules::openapi::lookup::{declares, enclosing};
use crate::rules::openapi::support::{at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA066",
        name: "undefined-required-property",
        summary: "A required property is not described",
        level: Level::Warning,
        aliases: &["redocly:no-required-schema-properties-undefined"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("undefined_required_property.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (schema, _) in schemas(ctx, Keywords::REQUIRED) {
        let node = ctx.graph.node(schema.at);
        let Some(required) = node.get("required").filter(|required| required.is_array()) else { continue };
        // Most lists follow the order of the properties: one walk over both finds nearly all.
        let mut properties = node.get("properties").map(Node::members);
        let mut unknown = required.items().filter_map(|name| {
            let text = name.as_str()?;
            if let Some(rest) = &mut properties {
                let mut ahead = rest.clone();
                if ahead.any(|(key, _)| key == text) {
                    *rest = ahead;
                    return None;
                }
            }
            (!is_described(ctx, schema.at, text)).then_some((name, text))
        });
        let Some((first, name)) = unknown.next() else { continue };
        let more: Vec<String> = unknown.map(|(_, text)| format!("`{text}`")).collect();
        let others = if more.is_empty() { String::new() } else { format!(", nor {}", more.join(", nor ")) };
        let message = format!("the required property `{name}` is not described{others}");
        let help = match nearest_property(node, name) {
            Some(property) => format!("did you mean `{property}`?"),
            None => format!("add `{name}` to `properties`, or remove it from `required`"),
        };
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at(schema.at, first), message);
        out.push(finding.with_help(help));
    }
}

/// Whether the schema or one it is a part of describes the property.
fn is_described(ctx: &Context<'_>, schema: At, name: &str) -> bool {
    std::iter::successors(Some(schema), |&inner| enclosing(ctx, inner))
        .any(|schema| declares(ctx, schema, name))
}

/// A property with the same letters in another case or order.
fn nearest_property<'t>(schema: Node<'t>, name: &str) -> Option<&'t str> {
    let sorted = |text: &str| {
        let mut letters: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).collect();
        letters.make_ascii_lowercase();
        letters.sort_unstable();
        letters
    };
    let wanted = sorted(name);
    schema.get("properties")?.members().map(|(key, _)| key).find(|key| sorted(key) == wanted)
}
