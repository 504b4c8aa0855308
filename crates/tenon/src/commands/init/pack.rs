//! The first `contract.yaml` of a folder: the API documents found there, and what they do not say
//! of their operations, to be filled in.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tenon_graph::{DocumentKind, Graph, HttpApi, Operation, OperationKind};

/// The file's name.
pub const FILE_NAME: &str = "contract.yaml";

/// Most API documents that are taken for one contract, a count: a folder with more is a
/// collection, not a project.
const SOURCES_MAX: usize = 12;

/// Most operations listed, a count: nobody fills in more at once.
const OPERATIONS_MAX: usize = 500;

/// The contract for the API documents of a graph; `None` where there is none, where a contract is
/// there already, or where the documents are too many to be one project's. `shown` gives the path
/// of a file from the folder.
pub fn text(graph: &Graph, shown: &dyn Fn(&str) -> String) -> Option<String> {
    let is_there = graph.documents.iter().any(|document| document.kind == DocumentKind::Contract);
    let apis: Vec<&HttpApi> = graph.apis.iter().collect();
    let first = apis.first()?;
    if is_there || apis.len() > SOURCES_MAX {
        return None;
    }
    let info = |name| first.info.and_then(|info| graph.node(info).get_str(name));
    let sources = apis.iter().filter_map(|api| graph.sources.get(api.file));
    let sources: Vec<String> = sources.map(|file| scalar(&shown(&file.path))).collect();
    let mut out = String::from("# What no API document says; the form is explained in docs/contract.md.\n");
    let _ = writeln!(out, "tenon: contract/v1\nname: {}", slug(info("title").unwrap_or_default()));
    if let Some(version) = info("version").filter(|version| !version.is_empty()) {
        let _ = writeln!(out, "version: {version:?}");
    }
    out.push_str("#owner: who-answers-for-it\n#tier: stable\n");
    let _ = writeln!(out, "sources:");
    for source in sources {
        let _ = writeln!(out, "  - {source}");
    }
    let operations: Vec<&Operation> = graph
        .operations
        .iter()
        .filter(|operation| operation.kind == OperationKind::Offered && operation.http.is_some())
        .filter(|operation| apis.iter().any(|api| api.file == operation.file))
        .collect();
    if !operations.is_empty() {
        facts(&operations, &mut out);
    }
    Some(out)
}

/// The facts of operations, as comments: what is guessed must not be taken for said.
fn facts(operations: &[&Operation], out: &mut String) {
    out.push_str(
        "\n# The facts of each operation, guessed from its method and path. Correct them, and take away the\n\
         # `#` in front: what an entry says is checked, and what it leaves out is a finding.\n\
         #actors: [partner]\n",
    );
    let shown = || operations.iter().take(OPERATIONS_MAX);
    out.push_str("#scopes:\n");
    for scope in shown().map(|operation| scope(operation)).collect::<BTreeSet<_>>() {
        let _ = writeln!(out, "#  {scope}: what it allows");
    }
    out.push_str(
        "#defaults:\n#  tenancy: none\n\
         #  idempotency: {key: \"header:Idempotency-Key\", scope: tenant, window: 24h, conflict: 409}\n\
         #operations:\n",
    );
    let mut named = BTreeSet::new();
    for operation in shown() {
        let Some(http) = &operation.http else { continue };
        let (method, path) = (http.method.as_str(), &http.path.text);
        let id = operation.id.as_ref().map(|id| id.text.clone()).filter(|id| named.insert(id.clone()));
        let known = id.is_some();
        let mut facts = Vec::new();
        if !known {
            facts.push(format!("http: {:?}", format!("{method} {path}")));
        }
        facts.push("actors: [partner]".to_owned());
        facts.push(format!("scopes: [{:?}]", scope(operation)));
        if http.method.is_mutating() {
            facts.push("idempotency: required".to_owned());
        }
        let name = id.unwrap_or_else(|| slug(&format!("{method} {path}")));
        let _ = writeln!(out, "#  {}: {{{}}}", scalar(&name), facts.join(", "));
    }
    if operations.len() > OPERATIONS_MAX {
        let _ = writeln!(out, "#  # and {} more operations", operations.len() - OPERATIONS_MAX);
    }
}

/// A scope by the custom of this format: the first part of the path that is no parameter and no
/// version, and whether the operation reads or writes.
fn scope(operation: &Operation) -> String {
    let Some(http) = &operation.http else { return "api:read".to_owned() };
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
    };
    let mut parts = http.path.text.split('/').filter(|part| !part.is_empty() && !part.contains(['{', ':']));
    let part = parts.find(|part| *part != "api" && !is_version(part)).map_or_else(|| "api".to_owned(), slug);
    format!("{part}:{}", if http.method.is_mutating() { "write" } else { "read" })
}

/// Lower-case words with `-` between them; never empty.
fn slug(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    if slug.is_empty() { "api".to_owned() } else { slug }
}

/// A text as a YAML scalar: plain where nothing in it has a meaning.
fn scalar(text: &str) -> String {
    let starts_plain = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte));
    let is_word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .contains(&text.to_ascii_lowercase().as_str());
    if starts_plain && is_plain && !is_word { text.to_owned() } else { format!("{text:?}") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tenon_checks::{Context, Settings};
    use tenon_graph::{DocumentKind, ReferenceProblem};
    use tenon_readers::{Files, Root};

    use crate::pipeline::{Analysis, analyse};

    struct Memory(BTreeMap<&'static str, String>);

    impl Files for Memory {
        fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
            let text = self.0.get(path).ok_or_else(|| ReferenceProblem::MissingFile(path.to_owned()))?;
            Ok(text.clone().into_bytes())
        }
    }

    const API: &str = r#"
openapi: 3.1.0
info: {title: "Pets & more", version: "2"}
paths:
  /v1/pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: "get pet", responses: {"200": {description: d, content: {application/json: {schema: {}}}}}}
    delete: {responses: {"204": {description: d}}}
  /on:
    get: {operationId: on, responses: {"200": {description: d, content: {application/json: {schema: {}}}}}}
webhooks:
  w: {post: {responses: {"200": {description: d}}}}
"#;

    fn read(files: &[(&'static str, &str)]) -> Analysis {
        let roots: Vec<Root> =
            files.iter().map(|(path, _)| Root { path: (*path).to_owned(), named: true }).collect();
        analyse(&roots, &Memory(files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect()))
    }

    fn ids(files: &[(&'static str, &str)]) -> Vec<&'static str> {
        let analysis = read(files);
        let settings = Settings::default();
        let ctx = Context::new(&analysis.graph, None, &settings);
        let said = tenon_checks::run(&ctx, &|rule| rule.code.level);
        let all = analysis.findings.iter().chain(&said).map(|finding| finding.code.id);
        all.filter(|id| id.starts_with("OP") || id.starts_with("IN")).collect()
    }

    #[test]
    fn the_contract_is_accepted_as_written_and_with_every_fact_taken_in() {
        let text = super::text(&read(&[("api.yaml", API)]).graph, &str::to_owned).expect("an API is there");
        assert_eq!(ids(&[("api.yaml", API), ("contract.yaml", &text)]), ["OP030", "OP030"], "{text}");
        let is_prose = |line: &str| line.starts_with("# ") && !line.starts_with("#  ");
        let facts = text.lines().filter(|line| !is_prose(line)).map(|line| line.trim_start_matches('#'));
        let whole = facts.collect::<Vec<_>>().join("\n");
        assert_eq!(ids(&[("api.yaml", API), ("contract.yaml", &whole)]), Vec::<&str>::new(), "{whole}");
        let graph = read(&[("api.yaml", API), ("contract.yaml", &whole)]).graph;
        let offered = graph.operations.iter().filter(|operation| operation.http.is_some());
        assert_eq!(offered.filter(|operation| operation.governance.declared).count(), 3, "{whole}");
    }

    #[test]
    fn there_is_none_without_an_api_or_beside_a_contract() {
        let schema = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}"#;
        assert_eq!(super::text(&read(&[("a.schema.json", schema)]).graph, &str::to_owned), None);
        let contract = "tenon: contract/v1\nname: a\n";
        let graph = read(&[("api.yaml", API), ("own.yaml", contract)]).graph;
        assert!(graph.documents.iter().any(|document| document.kind == DocumentKind::Contract));
        assert_eq!(super::text(&graph, &str::to_owned), None);
    }
}
