//! OA134 `encoding-of-unknown-property`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::bodies::media_types;
use crate::rules::openapi::lookup::declares;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA134",
        name: "encoding-of-unknown-property",
        summary: "An encoding is for a property the schema does not have",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("encoding_of_unknown_property.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for media in ctx.graph.apis.iter().flat_map(|api| media_types(ctx, api)) {
        let Some(schema) = media.schema else { continue };
        for encoding in &media.encodings {
            if declares(ctx, schema, &encoding.property) {
                continue;
            }
            let message = format!("the schema has no property `{}` to encode", encoding.property);
            let sources = &ctx.graph.sources;
            out.push(
                sources
                    .finding(&RULE.code, encoding.at, message)
                    .with_related(sources.place(schema), "the schema")
                    .with_help("write the name of a property of the schema"),
            );
        }
    }
}
