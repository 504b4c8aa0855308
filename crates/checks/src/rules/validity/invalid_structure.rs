//! OA101 `invalid-structure`.

use rayon::prelude::*;
use tenon_graph::{HttpApi, OpenApiVersion};
use tenon_schemas::{Failure, FailureKind, Official};
use tenon_source::{Code, Finding, Level, Place};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA101",
        name: "invalid-structure",
        summary: "The document breaks the official schema of its OpenAPI version",
        level: Level::Error,
        aliases: &[
            "spectral:oas3-schema",
            "spectral:oas2-schema",
            "spectral:oas2-anyOf",
            "spectral:oas2-oneOf",
            "redocly:struct",
        ],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("invalid_structure.md"),
    check,
};

const SCHEMA_OBJECT: &str = include_str!("../../../assets/openapi/schema-object.json");

/// The list of schemas that [`SCHEMA_OBJECT`] refers to.
const SCHEMA_LIST: &str = r##"{"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/schema"}}"##;

/// The type names that [`SCHEMA_OBJECT`] refers to.
const TYPE_NAME: &str = r#"{"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]}"#;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let found: Vec<Vec<Finding>> = ctx.graph.apis.par_iter().map(|api| one(ctx, api)).collect();
    out.extend(found.into_iter().flatten());
}

fn one(ctx: &Context<'_>, api: &HttpApi) -> Vec<Finding> {
    let root = ctx.graph.node(api.root);
    let dialect = root.get_str("jsonSchemaDialect");
    let official = official(api.version, dialect);
    match official.failures(root) {
        Ok(failures) => failures.iter().map(|failure| finding(api, failure)).collect(),
        Err(problem) => {
            // A mistake of the program: it must be seen, not taken for a good document.
            let message = format!("the document was not checked, the official schema is broken: {problem}");
            vec![ctx.graph.sources.finding(&RULE.code, api.root, message)]
        }
    }
}

/// The schema of a version. Schema objects of 3.1 and 3.2 are looked into unless the document
/// says that they are in another dialect.
fn official(version: OpenApiVersion, dialect: Option<&str>) -> Official {
    let parts = [("schema", SCHEMA_OBJECT), ("schema-list", SCHEMA_LIST), ("type-name", TYPE_NAME)];
    let known = |uri: &str| uri.contains("spec.openapis.org/oas/") || uri.contains("draft/2020-12/schema");
    let parts: &[_] = if dialect.is_none_or(known) { &parts } else { &[] };
    match version {
        OpenApiVersion::V2 => Official::new(include_str!("../../../assets/openapi/2.0.json"), &[]),
        OpenApiVersion::V3_0 => Official::new(include_str!("../../../assets/openapi/3.0.json"), &[]),
        OpenApiVersion::V3_1 => Official::new(include_str!("../../../assets/openapi/3.1.json"), parts),
        OpenApiVersion::V3_2 => Official::new(include_str!("../../../assets/openapi/3.2.json"), parts),
    }
}

fn finding(api: &HttpApi, failure: &Failure<'_>) -> Finding {
    let place = Place { file: api.file, span: failure.span() };
    let finding = Finding::new(&RULE.code, place, failure.message()).with_pointer(failure.node.pointer());
    match failure.kind {
        FailureKind::Unexpected => {
            finding.with_help("correct its name or take it out; names of your own start with `x-`")
        }
        FailureKind::Missing => finding.with_help("add it: the specification requires it here"),
        _ => finding,
    }
}

#[cfg(test)]
mod tests {
    use tenon_graph::OpenApiVersion;

    #[test]
    fn the_quick_look_and_the_validator_agree() {
        let documents = [
            (OpenApiVersion::V2, include_str!("../../../tests/official/openapi-2.0.json")),
            (OpenApiVersion::V3_0, include_str!("../../../tests/official/openapi-3.0.json")),
            (OpenApiVersion::V3_1, include_str!("../../../tests/official/openapi-3.1.json")),
            (OpenApiVersion::V3_2, include_str!("../../../tests/official/openapi-3.2.json")),
        ];
        for (version, text) in documents {
            crate::official_tests::agree(&super::official(version, None), text);
        }
    }
}
