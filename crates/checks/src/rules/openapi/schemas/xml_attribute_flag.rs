//! OA076 `xml-attribute-flag`.

use tenon_graph::{Keywords, OpenApiVersion};
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::{Versions, at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA076",
        name: "xml-attribute-flag",
        summary: "A schema of OpenAPI 3.2 uses the deprecated `xml.attribute`",
        level: Level::Warning,
        aliases: &["spectral:oas3_2-no-deprecated-xml-attribute"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("xml_attribute_flag.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let versions = Versions::of(ctx);
    for (schema, _) in schemas(ctx, Keywords::XML) {
        let Some(place) = ctx.graph.node(schema.at).get("xml").and_then(|xml| xml.get("attribute")) else {
            continue;
        };
        let is_new = versions.of_file(schema.at.file) >= Some(OpenApiVersion::V3_2);
        if is_new && Node::as_bool(place) == Some(true) {
            let message = "`attribute: true` is deprecated in OpenAPI 3.2: `nodeType: attribute` says it";
            let finding = ctx.graph.sources.finding(&RULE.code, at(schema.at, place), message);
            out.push(finding.with_help("write `nodeType: attribute`"));
        }
    }
}
