//! OP014 `schema-not-found`.

use tenon_graph::Name;
use tenon_source::{At, Code, Finding, Level};

use super::nearest_schema;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP014",
        name: "schema-not-found",
        summary: "An operation or event names a schema that is not there",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("schema_not_found.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in &ctx.graph.operations {
        let schemas = [("request", &operation.request_schema), ("response", &operation.response_schema)];
        for (what, schema) in schemas {
            missing(ctx, schema.as_ref(), &format!("{what} schema of {}", operation.label()), out);
        }
    }
    for event in &ctx.graph.events {
        missing(ctx, event.payload_schema.as_ref(), &format!("payload schema of `{}`", event.name.text), out);
    }
    for manifest in &ctx.graph.event_manifests {
        missing(ctx, manifest.envelope_schema.as_ref(), "envelope schema", out);
    }
}

fn missing(ctx: &Context<'_>, schema: Option<&Result<At, Name>>, what: &str, out: &mut Vec<Finding>) {
    let Some(Err(name)) = schema else { return };
    let message = format!("{what} missing: there is no `{}`", name.text);
    let finding = ctx.graph.sources.finding_at_value(&RULE.code, name.at, message);
    let help = match nearest_schema(ctx, &name.text) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "schemas are looked for beside the file that names them and in `schemas/` there".to_owned(),
    };
    out.push(finding.with_help(help));
}
