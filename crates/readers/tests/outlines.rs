//! The readers of API documents and JSON Schemas against the cases in `cases/`.

mod outline;

#[test]
fn openapi_versions() {
    outline::run("versions.md");
}

#[test]
fn openapi_elements() {
    outline::run("elements.md");
}

#[test]
fn schemas_and_examples() {
    outline::run("schemas.md");
}

#[test]
fn references() {
    outline::run("references.md");
}

#[test]
fn broken_references() {
    outline::run("broken-references.md");
}

#[test]
fn governance() {
    outline::run("governance.md");
}

#[test]
fn contract() {
    outline::run("contract.md");
}

#[test]
fn json_schema() {
    outline::run("json-schema.md");
}

#[test]
fn asyncapi() {
    outline::run("asyncapi.md");
}

#[test]
fn asyncapi_bad_input() {
    outline::run("asyncapi-bad-input.md");
}
