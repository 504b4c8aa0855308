//! The error catalogue, and the matrix of reason codes and operations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use tenon_graph::{ErrorCode, Graph, Operation, OperationKind};

use crate::manifests::id;
use crate::text::{self, cell, code, table, texts};
use crate::{Emission, GeneratedFile, Input, Refusal, head};

/// Version of the JSON that is written.
const JSON_VERSION: u32 = 1;

/// Marks a reason code that an operation may answer with.
const MARK: &str = "x";

/// The error catalogue as a target: Markdown for people, JSON for programs.
pub(crate) fn errors(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let rows = rows(graph);
    if rows.is_empty() {
        return Err(Refusal::Nothing { lacks: "error and no reason code" });
    }
    let files = vec![
        GeneratedFile::new("errors.json", text::json(&errors_json(graph, &rows))),
        GeneratedFile::new("errors.md", errors_markdown(graph, &rows)),
    ];
    Ok(Emission::of(files))
}

/// The matrix as a target.
pub(crate) fn matrix(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let rows = rows(graph);
    let operations: Vec<&Operation> = operations(graph).collect();
    if rows.is_empty() || operations.is_empty() {
        return Err(Refusal::Nothing { lacks: "reason code and no operation that has one" });
    }
    let files = vec![
        GeneratedFile::new("reason-codes.json", text::json(&matrix_json(graph, &rows, &operations))),
        GeneratedFile::new("reason-codes.md", matrix_markdown(graph, &rows, &operations)),
    ];
    Ok(Emission::of(files))
}

/// One code, with what the catalogue says of it and who answers with it.
pub(crate) struct Row<'g> {
    /// The code.
    pub(crate) code: &'g str,
    /// Its entry; `None` where an operation names a code that no catalogue has.
    pub(crate) entry: Option<&'g ErrorCode>,
    /// The operations that may answer with it.
    pub(crate) operations: Vec<&'g Operation>,
}

/// Every code: those of the catalogues in their order, then those that only operations name.
pub(crate) fn rows(graph: &Graph) -> Vec<Row<'_>> {
    let mut known = BTreeSet::new();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for entry in graph.errors.iter().filter(|entry| known.insert(entry.code.as_str())) {
        rows.push(Row { code: entry.code.as_str(), entry: Some(entry), operations: Vec::new() });
    }
    for operation in operations(graph) {
        for name in operation.governance.reason_codes.iter().flatten() {
            if known.insert(name.as_str()) {
                rows.push(Row { code: name.as_str(), entry: None, operations: Vec::new() });
            }
        }
    }
    let places: BTreeMap<&str, usize> =
        rows.iter().enumerate().map(|(place, row)| (row.code, place)).collect();
    let mut users: Vec<Vec<&Operation>> = rows.iter().map(|_| Vec::new()).collect();
    for operation in operations(graph) {
        for name in operation.governance.reason_codes.iter().flatten() {
            let list = places.get(name.as_str()).and_then(|place| users.get_mut(*place));
            if let Some(list) = list {
                list.push(operation);
            }
        }
    }
    for (row, users) in rows.iter_mut().zip(users) {
        row.operations = users;
    }
    rows
}

fn operations(graph: &Graph) -> impl Iterator<Item = &Operation> {
    graph.operations.iter().filter(|operation| operation.kind != OperationKind::Message)
}

fn errors_json(graph: &Graph, rows: &[Row<'_>]) -> Value {
    let errors: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut out = Map::new();
            out.insert("code".to_owned(), row.code.into());
            if let Some(entry) = row.entry {
                out.insert("http".to_owned(), json!(entry.http_status));
                out.insert("grpc".to_owned(), json!(entry.grpc_status.as_ref().map(|name| name.as_str())));
                out.insert("retryable".to_owned(), json!(entry.retryable));
                out.insert("message".to_owned(), json!(entry.message.as_ref().map(|name| name.as_str())));
                out.insert("for".to_owned(), json!(texts(&entry.stands_for)));
            }
            let operations: Vec<String> = row.operations.iter().map(|operation| id(operation)).collect();
            out.insert("operations".to_owned(), json!(operations));
            Value::Object(out)
        })
        .collect();
    let mut out = Map::new();
    out.insert("version".to_owned(), JSON_VERSION.into());
    out.insert("name".to_owned(), head::title(graph).into());
    out.insert("contract_version".to_owned(), head::version(graph).into());
    out.insert("errors".to_owned(), Value::Array(errors));
    let mappings = mappings(graph);
    if !mappings.is_empty() {
        let list = mappings.iter().map(|(reason, error)| json!({ "reason_code": reason, "error": error }));
        out.insert("mappings".to_owned(), list.collect());
    }
    let reasons = policy_reasons(graph);
    if !reasons.is_empty() {
        out.insert("policy_reason_codes".to_owned(), json!(reasons));
    }
    Value::Object(out)
}

fn errors_markdown(graph: &Graph, rows: &[Row<'_>]) -> String {
    let mut out = format!("# Errors of {} {}\n", cell(&head::title(graph)), cell(&head::version(graph)));
    out.push_str("\nWhat a caller may be refused with. Programs tell refusals apart by the code alone.\n\n");
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let entry = row.entry;
            let operations: Vec<String> =
                row.operations.iter().map(|operation| code(&id(operation))).collect();
            vec![
                code(row.code),
                entry
                    .and_then(|entry| entry.http_status)
                    .map(|status| status.to_string())
                    .unwrap_or_default(),
                entry
                    .and_then(|entry| entry.grpc_status.as_ref())
                    .map(|name| code(name.as_str()))
                    .unwrap_or_default(),
                retry(entry).to_owned(),
                entry
                    .and_then(|entry| entry.message.as_ref())
                    .map(|name| cell(name.as_str()))
                    .unwrap_or_default(),
                operations.join(", "),
            ]
        })
        .collect();
    out.push_str(&table(&["code", "HTTP", "gRPC", "try again", "message", "operations"], &cells));
    let mappings = mappings(graph);
    if !mappings.is_empty() {
        out.push_str("\n## Reason codes of policies and errors\n\nThe only way from one to the other.\n\n");
        let cells: Vec<Vec<String>> =
            mappings.iter().map(|(reason, error)| vec![code(reason), code(error)]).collect();
        out.push_str(&table(&["reason code", "error"], &cells));
    }
    let reasons = policy_reasons(graph);
    if !reasons.is_empty() {
        out.push_str("\n## Reason codes of policies\n\nData of decisions; no call is refused with one.\n\n");
        for reason in reasons {
            let _ = writeln!(out, "- {}", code(reason));
        }
    }
    out
}

/// Whether the same call may succeed later, in a word.
pub(crate) fn retry(entry: Option<&ErrorCode>) -> &'static str {
    match entry.and_then(|entry| entry.retryable) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

fn mappings(graph: &Graph) -> Vec<(&str, &str)> {
    let all = graph.reuse_registers.iter().filter_map(|register| register.error_mapping.as_ref());
    all.flat_map(|mapping| &mapping.rows).map(|(reason, error)| (reason.as_str(), error.as_str())).collect()
}

fn policy_reasons(graph: &Graph) -> Vec<&str> {
    let surfaces = graph.contracts.iter().filter_map(|contract| contract.rpc.as_ref());
    let catalogues = surfaces.flat_map(|surface| &surface.reason_catalogues);
    catalogues.flat_map(|catalogue| catalogue.codes.iter().flatten()).map(|name| name.as_str()).collect()
}

fn matrix_json(graph: &Graph, rows: &[Row<'_>], operations: &[&Operation]) -> Value {
    let columns: Vec<String> = operations.iter().map(|operation| id(operation)).collect();
    let mut matrix = Map::new();
    for row in rows {
        let users: Vec<String> = row.operations.iter().map(|operation| id(operation)).collect();
        matrix.insert(row.code.to_owned(), json!(users));
    }
    json!({
        "version": JSON_VERSION,
        "name": head::title(graph),
        "contract_version": head::version(graph),
        "reason_codes": rows.iter().map(|row| row.code).collect::<Vec<_>>(),
        "operations": columns,
        "matrix": matrix,
    })
}

fn matrix_markdown(graph: &Graph, rows: &[Row<'_>], operations: &[&Operation]) -> String {
    let mut out =
        format!("# Reason codes of {} {}\n", cell(&head::title(graph)), cell(&head::version(graph)));
    let _ = write!(
        out,
        "\n{} reason codes, {} operations. An `{MARK}` marks a code the operation may answer with.\n\n",
        rows.len(),
        operations.len()
    );
    let columns: Vec<String> = operations.iter().map(|operation| code(&id(operation))).collect();
    let mut head = vec!["reason code"];
    head.extend(columns.iter().map(String::as_str));
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let marks = operations.iter().map(|operation| {
                let has = row.operations.iter().any(|user| std::ptr::eq(*user, *operation));
                if has { MARK } else { "" }.to_owned()
            });
            std::iter::once(code(row.code)).chain(marks).collect()
        })
        .collect();
    out.push_str(&table(&head, &cells));
    out
}
