//! AS023 `payload-language-not-read`.

use rustc_hash::FxHashSet;
use tenon_graph::SchemaFormat;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS023",
        name: "payload-language-not-read",
        summary: "A payload is in a language that is not read, so nothing is checked by it",
        level: Level::Info,
        aliases: &[
            "spectral:asyncapi-payload-unsupported-schemaFormat",
            "spectral:asyncapi-3-payload-unsupported-schemaFormat",
        ],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("payload_language_not_read.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    for message in documents(ctx).flat_map(|api| &api.messages) {
        for payload in message.payload.iter().chain(&message.headers) {
            let language = match payload.format {
                SchemaFormat::Raml => "RAML",
                SchemaFormat::Protobuf => "Protocol Buffers",
                SchemaFormat::Other => "a language that is not known here",
                SchemaFormat::AsyncApi | SchemaFormat::Json(_) | SchemaFormat::Avro => continue,
            };
            let Some(format) = payload.format_text.as_ref().filter(|format| seen.insert(format.at)) else {
                continue;
            };
            let said = format!("the schema is in {language}, so neither it nor its examples are checked");
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, format.at, said);
            out.push(finding.with_help("JSON Schema, OpenAPI and Avro are read"));
        }
    }
}
