//! AS001 `invalid-async-structure`.

use rayon::prelude::*;
use tenon_graph::{AsyncApi, AsyncApiVersion};
use tenon_schemas::{Failure, FailureKind, Official};
use tenon_source::{Code, Finding, Level, Place};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS001",
        name: "invalid-async-structure",
        summary: "The document breaks the official schema of its AsyncAPI version",
        level: Level::Error,
        aliases: &[
            "spectral:asyncapi-schema",
            "spectral:asyncapi-3-document-resolved",
            "spectral:asyncapi-3-document-unresolved",
            "spectral:asyncapi-payload",
        ],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("invalid_async_structure.md"),
    check,
};

const SCHEMA_OBJECT: &str = include_str!("../../../../assets/asyncapi/schema-object.json");

/// The list of schemas that [`SCHEMA_OBJECT`] refers to.
const SCHEMA_LIST: &str = r##"{"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/schema"}}"##;

/// The type names that [`SCHEMA_OBJECT`] refers to.
const TYPE_NAME: &str = r#"{"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]}"#;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let found: Vec<Vec<Finding>> = ctx.graph.async_apis.par_iter().map(|api| one(ctx, api)).collect();
    out.extend(found.into_iter().flatten());
}

fn one(ctx: &Context<'_>, api: &AsyncApi) -> Vec<Finding> {
    let official = official(api.version);
    match official.failures(ctx.graph.node(api.root)) {
        Ok(failures) => failures.iter().map(|failure| finding(api, failure)).collect(),
        Err(problem) => {
            // A mistake of the program: it must be seen, not taken for a good document.
            let message = format!("the document was not checked, the official schema is broken: {problem}");
            vec![ctx.graph.sources.finding(&RULE.code, api.root, message)]
        }
    }
}

fn official(version: AsyncApiVersion) -> Official {
    let text = match version {
        AsyncApiVersion::V2 => include_str!("../../../../assets/asyncapi/2.6.json"),
        AsyncApiVersion::V3_0 => include_str!("../../../../assets/asyncapi/3.0.json"),
        AsyncApiVersion::V3_1 => include_str!("../../../../assets/asyncapi/3.1.json"),
    };
    let parts = [("schema", SCHEMA_OBJECT), ("schema-list", SCHEMA_LIST), ("type-name", TYPE_NAME)];
    Official::new(text, &parts)
}

fn finding(api: &AsyncApi, failure: &Failure<'_>) -> Finding {
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
    use tenon_graph::AsyncApiVersion;

    #[test]
    fn the_quick_look_and_the_validator_agree() {
        let documents = [
            (AsyncApiVersion::V2, include_str!("../../../../tests/official/asyncapi-2.6.json")),
            (AsyncApiVersion::V3_0, include_str!("../../../../tests/official/asyncapi-3.0.json")),
        ];
        for (version, text) in documents {
            crate::official_tests::agree(&super::official(version), text);
        }
    }
}
