//! OA075 `nullable-enum-without-null`.

use tenon_graph::{Dialect, Keywords};
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::{at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA075",
        name: "nullable-enum-without-null",
        summary: "A nullable enum does not have `null` among its values",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("nullable_enum_without_null.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let both = Keywords::NULLABLE | Keywords::ENUM;
    for (schema, _) in schemas(ctx, Keywords::NULLABLE).filter(|(_, found)| found.has(both)) {
        let node = ctx.graph.node(schema.at);
        let nullable = node.get("nullable").and_then(Node::as_bool) == Some(true);
        let Some(values) = node.get("enum").filter(|_| nullable && schema.dialect == Dialect::OpenApi30)
        else {
            continue;
        };
        if values.items().all(|value| !value.is_null()) {
            let message = "the schema is nullable, but its enum does not have `null`";
            let finding = ctx.graph.sources.finding(&RULE.code, at(schema.at, values), message);
            out.push(finding.with_help("add `null` to the enum, or remove `nullable`"));
        }
    }
}
