//! What the rules of other tools are called here.

use std::fmt::Write;

use crate::rules;

/// A rule of another tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its name with the tool's in front, such as `spectral:operation-tags`.
    pub id: &'static str,
    /// The ids of ours that do the same together; none where there is no such rule.
    pub here: &'static [&'static str],
    /// How ours differ; where there are none, why.
    pub note: &'static str,
}

const fn peer(id: &'static str, here: &'static [&'static str], note: &'static str) -> Peer {
    Peer { id, here, note }
}

/// Every rule of Spectral 6.16's `oas` and `asyncapi` rule sets and every rule for OpenAPI of Redocly CLI 2.77, those
/// of its `recommended` configuration and the others, by tool and name.
#[rustfmt::skip]
pub static PEERS: &[Peer] = &[
    peer("spectral:array-items", &["OA062"], "a warning from 3.1 on, where `items` is not demanded; data that looks like a schema is left alone"),
    peer("spectral:asyncapi-3-channel-no-empty-parameter", &["AS010"], ""),
    peer("spectral:asyncapi-3-channel-no-query-nor-fragment", &["AS011"], ""),
    peer("spectral:asyncapi-3-channel-no-trailing-slash", &["AS012"], ""),
    peer("spectral:asyncapi-3-channel-servers", &["AS015"], "a server of another document's `servers` is fine"),
    peer("spectral:asyncapi-3-document-resolved", &["AS001"], "the document is checked as written; a reference to another kind of element is `IN028`"),
    peer("spectral:asyncapi-3-document-unresolved", &["AS001"], ""),
    peer("spectral:asyncapi-3-headers-schema-type-object", &["AS020"], "a composition may say the type; headers in other languages are left alone"),
    peer("spectral:asyncapi-3-operation-description", &["AS032"], "a description of a trait counts; a document of 20 operations or more that all lack it is reported once"),
    peer("spectral:asyncapi-3-operation-security", &["AS033"], "in version 3 a need is a reference, and one that leads nowhere is `IN020`; the names of the members of a scheme are not taken for names of schemes; scopes are `AS034`"),
    peer("spectral:asyncapi-3-payload-unsupported-schemaFormat", &["AS023"], "only for languages that are not read: JSON Schema, OpenAPI and Avro are"),
    peer("spectral:asyncapi-3-server-no-empty-variable", &["AS054"], ""),
    peer("spectral:asyncapi-3-server-no-trailing-slash", &["AS055"], ""),
    peer("spectral:asyncapi-3-server-not-example-com", &["AS056"], "the whole host, not a part of one such as `notexample.com`"),
    peer("spectral:asyncapi-3-tag-description", &["AS061"], ""),
    peer("spectral:asyncapi-3-tags", &["AS060"], ""),
    peer("spectral:asyncapi-3-tags-alphabetical", &["AS062"], "the first one out of order"),
    peer("spectral:asyncapi-3-tags-uniqueness", &["AS063"], "tags of channels and reusable traits too"),
    peer("spectral:asyncapi-channel-no-empty-parameter", &["AS010"], ""),
    peer("spectral:asyncapi-channel-no-query-nor-fragment", &["AS011"], ""),
    peer("spectral:asyncapi-channel-no-trailing-slash", &["AS012"], "the address `/` is left alone"),
    peer("spectral:asyncapi-channel-parameters", &["AS013", "AS014"], "channels without `parameters` are looked at too; one finding for each parameter"),
    peer("spectral:asyncapi-channel-servers", &["AS015"], ""),
    peer("spectral:asyncapi-headers-schema-type-object", &["AS020"], "a composition may say the type; a wrong type in place is `AS001`"),
    peer("spectral:asyncapi-info-contact", &["AS040"], ""),
    peer("spectral:asyncapi-info-contact-properties", &["AS041"], "one finding for all that is missing"),
    peer("spectral:asyncapi-info-description", &["AS042"], ""),
    peer("spectral:asyncapi-info-license", &["AS043"], ""),
    peer("spectral:asyncapi-info-license-url", &["AS044"], "a missing license is `AS043` only"),
    peer("spectral:asyncapi-latest-version", &["AS045"], ""),
    peer("spectral:asyncapi-message-examples", &["AS021"], "one finding for each example, with all causes; version 3 too"),
    peer("spectral:asyncapi-message-messageId-uniqueness", &["AS022"], "a message that several operations refer to is one message"),
    peer("spectral:asyncapi-operation-description", &["AS032"], "a description of a trait counts; a document of 20 operations or more that all lack it is reported once"),
    peer("spectral:asyncapi-operation-operationId", &["AS031"], "an id of a trait counts; a document of 20 operations or more that all lack it is reported once"),
    peer("spectral:asyncapi-operation-operationId-uniqueness", &["AS030"], ""),
    peer("spectral:asyncapi-operation-security", &["AS033", "AS034"], ""),
    peer("spectral:asyncapi-parameter-description", &["AS071"], ""),
    peer("spectral:asyncapi-payload", &["AS001"], "payloads are part of the official schema of the document"),
    peer("spectral:asyncapi-payload-default", &["OA113"], "said for every format"),
    peer("spectral:asyncapi-payload-examples", &["OA112"], "said for every format"),
    peer("spectral:asyncapi-payload-unsupported-schemaFormat", &["AS023"], "only for languages that are not read: JSON Schema, OpenAPI and Avro are"),
    peer("spectral:asyncapi-schema", &["AS001"], "the document is checked as written"),
    peer("spectral:asyncapi-schema-default", &["OA113"], "said for every format, and for schemas at any depth"),
    peer("spectral:asyncapi-schema-examples", &["OA112"], "said for every format, and for schemas at any depth"),
    peer("spectral:asyncapi-server-no-empty-variable", &["AS054"], ""),
    peer("spectral:asyncapi-server-no-trailing-slash", &["AS055"], ""),
    peer("spectral:asyncapi-server-not-example-com", &["AS056"], "the whole host, not a part of one such as `notexample.com`"),
    peer("spectral:asyncapi-server-security", &["AS033", "AS034"], ""),
    peer("spectral:asyncapi-server-variables", &["AS051", "AS052", "AS053"], "version 3 too; whether every combination of values gives a valid URL is not tried"),
    peer("spectral:asyncapi-servers", &["AS050"], "documents without channels are left alone"),
    peer("spectral:asyncapi-tag-description", &["AS061"], ""),
    peer("spectral:asyncapi-tags", &["AS060"], ""),
    peer("spectral:asyncapi-tags-alphabetical", &["AS062"], "the first one out of order"),
    peer("spectral:asyncapi-tags-uniqueness", &["AS063"], "tags of channels and reusable traits too"),
    peer("spectral:asyncapi-unused-components-schema", &["AS070"], "every section of components; followed from the channels and operations, so that what only unused components use is unused too"),
    peer("spectral:asyncapi-unused-components-server", &["AS070"], ""),
    peer("spectral:contact-properties", &["OA171"], "one finding for all that is missing"),
    peer("spectral:duplicated-entry-in-enum", &["OA061"], ""),
    peer("spectral:info-contact", &["OA170"], ""),
    peer("spectral:info-description", &["OA172"], ""),
    peer("spectral:info-license", &["OA173"], ""),
    peer("spectral:invalid-ref", &["IN020"], "said by the reader, for every format"),
    peer("spectral:license-url", &["OA174"], "a missing license is `OA173` only"),
    peer("spectral:no-$ref-siblings", &["OA063"], "one finding a `$ref`, not one a sibling"),
    peer("spectral:no-eval-in-markdown", &["OA176"], ""),
    peer("spectral:no-script-tags-in-markdown", &["OA175"], "event handlers and `javascript:` links too"),
    peer("spectral:oas2-anyOf", &["OA101"], "the structure of 2.0 has no such keyword"),
    peer("spectral:oas2-api-host", &["OA156"], ""),
    peer("spectral:oas2-api-schemes", &["OA157"], ""),
    peer("spectral:oas2-discriminator", &["OA067", "OA083"], "compositions are looked through"),
    peer("spectral:oas2-host-not-example", &["OA152"], ""),
    peer("spectral:oas2-host-trailing-slash", &["OA151"], ""),
    peer("spectral:oas2-oneOf", &["OA101"], "the structure of 2.0 has no such keyword"),
    peer("spectral:oas2-operation-formData-consume-check", &["OA047"], ""),
    peer("spectral:oas2-operation-security-defined", &["OA140", "OA141"], "one finding for each missing scheme or scope, not one a use"),
    peer("spectral:oas2-parameter-description", &["OA044"], ""),
    peer("spectral:oas2-schema", &["OA101"], ""),
    peer("spectral:oas2-unused-definition", &["OA130"], "followed from the operations: what only unused definitions use is unused too"),
    peer("spectral:oas2-valid-media-example", &["OA110"], ""),
    peer("spectral:oas2-valid-schema-example", &["OA112", "OA113"], ""),
    peer("spectral:oas3-api-servers", &["OA150"], "documents without paths are left alone"),
    peer("spectral:oas3-callbacks-in-callbacks", &["OA012"], ""),
    peer("spectral:oas3-examples-value-or-externalValue", &["OA133", "OA138"], ""),
    peer("spectral:oas3-operation-security-defined", &["OA140", "OA141", "OA144"], "one finding for each missing scheme or scope, not one a use"),
    peer("spectral:oas3-parameter-description", &["OA044"], ""),
    peer("spectral:oas3-schema", &["OA101"], ""),
    peer("spectral:oas3-server-not-example.com", &["OA152"], ""),
    peer("spectral:oas3-server-trailing-slash", &["OA151"], ""),
    peer("spectral:oas3-server-variables", &["OA153", "OA154", "OA155"], "whether every combination of values gives a valid URL is not tried"),
    peer("spectral:oas3-unused-component", &["OA130"], "followed from the operations: what only unused components use is unused too"),
    peer("spectral:oas3-valid-media-example", &["OA110", "OA111"], ""),
    peer("spectral:oas3-valid-schema-example", &["OA112", "OA113"], ""),
    peer("spectral:oas3_1-callbacks-in-webhook", &["OA014"], ""),
    peer("spectral:oas3_1-servers-in-webhook", &["OA013"], ""),
    peer("spectral:oas3_2-no-deprecated-xml-attribute", &["OA076"], ""),
    peer("spectral:openapi-tags", &["OA163"], ""),
    peer("spectral:openapi-tags-alphabetical", &["OA162"], ""),
    peer("spectral:openapi-tags-uniqueness", &["OA160"], ""),
    peer("spectral:operation-description", &["OA005"], "a document of 20 operations or more that all lack it is reported once"),
    peer("spectral:operation-operationId", &["OA002"], "a document of 20 operations or more that all lack it is reported once"),
    peer("spectral:operation-operationId-unique", &["OA001"], ""),
    peer("spectral:operation-operationId-valid-in-url", &["OA003"], ""),
    peer("spectral:operation-parameters", &["OA040", "OA041", "OA042"], ""),
    peer("spectral:operation-singular-tag", &["OA008"], ""),
    peer("spectral:operation-success-response", &["OA009"], "`default` and `101` count as a success here"),
    peer("spectral:operation-tag-defined", &["OA007"], "one finding a tag, not one a use"),
    peer("spectral:operation-tags", &["OA006"], "a document of 20 operations or more that all lack it is reported once"),
    peer("spectral:path-declarations-must-exist", &["OA024"], ""),
    peer("spectral:path-keys-no-trailing-slash", &["OA022"], ""),
    peer("spectral:path-not-include-query", &["OA023"], ""),
    peer("spectral:path-params", &["OA020", "OA025", "OA026", "OA027", "OA040"], "one finding for each pattern: equal paths, repeated, undeclared and unused parameters; that `required` must be true is part of the structure"),
    peer("spectral:tag-description", &["OA161"], ""),
    peer("spectral:typed-enum", &["OA060"], "one finding an enum"),
    peer("redocly:array-parameter-serialization", &["OA046"], ""),
    peer("redocly:boolean-parameter-prefixes", &["OA045"], ""),
    peer("redocly:component-name-unique", &[], "references name files here, so components of different files may share a name without harm"),
    peer("redocly:info-contact", &["OA170"], ""),
    peer("redocly:info-license", &["OA173"], ""),
    peer("redocly:info-license-strict", &["OA174"], ""),
    peer("redocly:no-ambiguous-paths", &["OA021"], "equal paths are `OA020` only"),
    peer("redocly:no-duplicated-enum-values", &["OA061"], ""),
    peer("redocly:no-duplicated-tag-names", &["OA160"], ""),
    peer("redocly:no-empty-servers", &["OA150"], "documents without paths are left alone"),
    peer("redocly:no-enum-type-mismatch", &["OA060"], "one finding an enum"),
    peer("redocly:no-example-value-and-externalValue", &["OA133"], ""),
    peer("redocly:no-http-verbs-in-paths", &["OA030"], "whole words only: `/widgets` has no `get`"),
    peer("redocly:no-identical-paths", &["OA020"], ""),
    peer("redocly:no-illogical-composition-keywords", &["OA067", "OA070", "OA071", "OA072", "OA083", "OA084"], "one rule for each of its patterns; the first overlapping pair of a `oneOf` is reported; a single reference with other keywords beside it is fine"),
    peer("redocly:no-invalid-media-type-examples", &["OA110"], ""),
    peer("redocly:no-invalid-parameter-examples", &["OA111"], ""),
    peer("redocly:no-invalid-schema-examples", &["OA112"], ""),
    peer("redocly:no-mixed-number-range-constraints", &["OA069"], ""),
    peer("redocly:no-path-trailing-slash", &["OA022"], ""),
    peer("redocly:no-required-schema-properties-undefined", &["OA066"], "names under `not`, `if` and `then` are looked for in the schema around; a schema for additional properties describes them"),
    peer("redocly:no-schema-type-mismatch", &["OA065"], ""),
    peer("redocly:no-server-example.com", &["OA152"], ""),
    peer("redocly:no-server-trailing-slash", &["OA151"], ""),
    peer("redocly:no-server-variables-empty-enum", &["OA155"], ""),
    peer("redocly:no-undefined-server-variable", &["OA153", "OA154"], ""),
    peer("redocly:no-unresolved-refs", &["IN020"], "said by the reader, for every format"),
    peer("redocly:no-unsafe-markdown", &["OA175"], ""),
    peer("redocly:no-unused-components", &["OA130", "OA143"], "followed from the operations: what only unused components use is unused too; a `$ref` in an extension or an example counts as a use"),
    peer("redocly:nullable-type-sibling", &["OA064"], ""),
    peer("redocly:operation-2xx-response", &["OA009"], "a redirect (`3xx`) counts as a success here"),
    peer("redocly:operation-4xx-problem-details-rfc7807", &[], "a house convention: many APIs have an error format of their own, which `OP` rules hold to its catalogue"),
    peer("redocly:operation-4xx-response", &["OA010"], "callbacks are left alone; a document of 20 operations or more that all lack it is reported once"),
    peer("redocly:operation-description", &["OA005"], "a document of 20 operations or more that all lack it is reported once"),
    peer("redocly:operation-operationId", &["OA002"], "a document of 20 operations or more that all lack it is reported once"),
    peer("redocly:operation-operationId-unique", &["OA001"], ""),
    peer("redocly:operation-operationId-url-safe", &["OA003"], ""),
    peer("redocly:operation-parameters-unique", &["OA040"], ""),
    peer("redocly:operation-singular-tag", &["OA008"], ""),
    peer("redocly:operation-summary", &["OA004"], "a document of 20 operations or more that all lack it is reported once"),
    peer("redocly:operation-tag-defined", &["OA007"], ""),
    peer("redocly:parameter-description", &["OA044"], ""),
    peer("redocly:path-declaration-must-exist", &["OA024"], ""),
    peer("redocly:path-http-verbs-order", &["OA017"], ""),
    peer("redocly:path-not-include-query", &["OA023"], ""),
    peer("redocly:path-parameters-defined", &["OA026", "OA027"], ""),
    peer("redocly:path-params-defined", &["OA026", "OA027"], ""),
    peer("redocly:path-segment-plural", &[], "needs the plural of every English word, and is wrong on the rest"),
    peer("redocly:paths-kebab-case", &["OA031"], ""),
    peer("redocly:request-mime-type", &[], "says nothing without a list of allowed types, which is a choice of each team"),
    peer("redocly:required-string-property-missing-min-length", &[], "a finding for nearly every string: an empty string is seldom harmful"),
    peer("redocly:response-contains-header", &[], "says nothing without a list of headers, which is a choice of each team"),
    peer("redocly:response-contains-property", &[], "says nothing without a list of properties, which is a choice of each team"),
    peer("redocly:response-mime-type", &[], "says nothing without a list of allowed types, which is a choice of each team"),
    peer("redocly:scalar-property-missing-example", &[], "a finding for nearly every property: examples of whole bodies serve readers better"),
    peer("redocly:security-defined", &["OA140", "OA142"], "one finding for each missing scheme, and one for a document that says nothing about security"),
    peer("redocly:security-scopes-defined", &["OA141"], ""),
    peer("redocly:spec-components-invalid-map-name", &["OA131"], ""),
    peer("redocly:spec-discriminator-defaultMapping", &["OA083"], "a property that may be left out needs a `defaultMapping`"),
    peer("redocly:spec-example-values", &["OA133"], ""),
    peer("redocly:spec-no-invalid-encoding-combinations", &["OA137"], ""),
    peer("redocly:spec-no-invalid-tag-parents", &["OA164"], ""),
    peer("redocly:spec-querystring-parameters", &["OA048"], ""),
    peer("redocly:spec-ref-siblings", &["OA063"], "one finding a `$ref`, not one a sibling"),
    peer("redocly:spec-strict-refs", &[], "a `$ref` in a place without references is no reference, and the structure says so where it harms"),
    peer("redocly:struct", &["OA101"], ""),
    peer("redocly:tag-description", &["OA161"], ""),
    peer("redocly:tags-alphabetical", &["OA162"], ""),
];

/// The table of [`PEERS`] in Markdown, one section a tool.
#[must_use]
pub fn peers_table() -> String {
    let mut out = String::new();
    for (tool, title) in [("spectral", "Spectral `oas` and `asyncapi`"), ("redocly", "Redocly")] {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "## {title}\n\n| rule | here | note |\n|---|---|---|");
        for peer in PEERS {
            let Some((_, name)) = peer.id.split_once(':').filter(|(of, _)| *of == tool) else { continue };
            let here: Vec<String> = peer.here.iter().map(|id| shown(id)).collect();
            let here = if here.is_empty() { "none".to_owned() } else { here.join(", ") };
            let _ = writeln!(out, "| `{name}` | {here} | {} |", peer.note);
        }
        out.push('\n');
    }
    out
}

/// An id with the rule's name; a reader's finding has its id only.
fn shown(id: &str) -> String {
    match rules::all().find(|rule| rule.code.id == id) {
        Some(rule) => format!("`{id}` {}", rule.code.name),
        None => format!("`{id}`"),
    }
}
