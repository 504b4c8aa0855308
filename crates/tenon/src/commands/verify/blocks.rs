//! Tables and texts that documents of a milestone take from its contracts.

use std::fmt::Write as _;

use tenon_checks::facts::reuse::{Families, THRESHOLD};
use tenon_graph::{Contract, Graph, Name, Operation};
use tenon_source::At;
use tenon_verify::milestone::{Block, Table};

use super::facts::{Contracts, texts};
use crate::commands::reuse::tables::{Found, TableName};

/// The table or text with a name. Paths in it start at the root of the milestone, wherever the
/// program runs.
///
/// # Errors
/// When there is none, in words.
pub fn block(name: &str, contracts: &Contracts) -> Result<Block, String> {
    let mut block = made(name, &contracts.graph)?;
    if !contracts.base.is_empty() {
        match &mut block {
            Block::Text(text) => *text = text.replace(&contracts.base, ""),
            Block::Table(table) => {
                for cell in table.rows.iter_mut().flatten() {
                    *cell = cell.replace(&contracts.base, "");
                }
            }
        }
    }
    Ok(block)
}

fn made(name: &str, graph: &Graph) -> Result<Block, String> {
    let reuse = match name {
        "reuse-matrix" => Some(TableName::Matrix),
        "reuse-deltas" => Some(TableName::Deltas),
        "reuse-dependencies" => Some(TableName::Dependencies),
        "reuse-handoffs" => Some(TableName::Handoffs),
        "identifiers" => Some(TableName::Identifiers),
        "mapping" => Some(TableName::Mapping),
        "surfaces" => Some(TableName::Surfaces),
        "intents" => Some(TableName::Intents),
        "families" => Some(TableName::Families),
        _ => None,
    };
    if let Some(table) = reuse {
        return Ok(Block::Table(of_reuse(graph, table)));
    }
    Ok(Block::Table(match name {
        "operations" => operations(graph),
        "events" => events(graph),
        "schemas" => schemas(graph),
        "categories" => categories(graph),
        "reason-codes" => reason_codes(graph),
        "errors" => errors(graph),
        "rpcs" | "rpcs:extra" => rpcs(graph, name == "rpcs"),
        "rpc-messages" => rpc_messages(graph),
        "fields" => fields(graph),
        "consent" => consent(graph),
        "usage" => usage(graph),
        "performance" => performance(graph),
        "boundary" => boundary(graph),
        "pins" => pins(graph),
        "provenance" => provenance(graph),
        "reference" => return Ok(Block::Text(reference(graph))),
        _ => return Err(format!("there is no table `{name}` of contracts")),
    }))
}

fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    Table { title: String::new(), columns, rows: rows.into_iter().collect() }
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

fn text(name: Option<&Name>) -> String {
    name.map(|name| name.text.trim().to_owned()).unwrap_or_default()
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

fn id(operation: &Operation) -> String {
    operation.id.as_ref().map_or_else(|| operation.label(), |id| id.text.clone())
}

/// The name of a schema's file, without its folders; of one that stands elsewhere, its pointer.
fn schema_name(graph: &Graph, schema: Option<&Result<At, Name>>) -> String {
    match schema {
        Some(Ok(at)) => {
            let path = graph.sources.get(at.file).map(|file| file.path.as_str()).unwrap_or_default();
            let pointer = graph.node(*at).pointer();
            let file = path.rsplit('/').next().unwrap_or_default();
            if pointer.is_empty() { file.to_owned() } else { pointer }
        }
        Some(Err(name)) => name.text.clone(),
        None => String::new(),
    }
}

fn of_reuse(graph: &Graph, name: TableName) -> Table {
    let families = Families::of(graph, THRESHOLD);
    let found = Found { graph, families: &families, files: graph.file_count() };
    let table = found.tables(name);
    Table {
        title: table.title.to_owned(),
        columns: table.columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(|cell| cell.joined(", ")).collect()).collect(),
    }
}

/// The operations in the order of the contract, which is the order people know them in.
fn operations(graph: &Graph) -> Table {
    let rows = graph.operations.iter().map(|operation| {
        let governance = &operation.governance;
        let required = governance.idempotency.as_ref().is_some_and(|found| found.required);
        vec![
            code(&id(operation)),
            code(&operation.label()),
            yes(required),
            codes(&texts(governance.actors.as_deref())),
            codes(&texts(governance.scopes.as_deref())),
            text(operation.summary.as_ref()),
        ]
    });
    table(&["Operation ID", "Method/Path", "Idempotency", "Actors", "Scopes", "Notes"], rows)
}

fn events(graph: &Graph) -> Table {
    let rows = graph.events.iter().map(|event| {
        vec![
            code(&event.name.text),
            code(&schema_name(graph, event.payload_schema.as_ref())),
            codes(&texts(Some(&event.minimum_fields))),
        ]
    });
    table(&["Event type", "Payload schema (target)", "Minimum payload fields"], rows)
}

fn schemas(graph: &Graph) -> Table {
    let mut files: Vec<(String, String)> = graph
        .documents
        .iter()
        .filter(|document| document.kind == tenon_graph::DocumentKind::JsonSchema)
        .filter_map(|document| {
            let file = graph.sources.get(document.file)?;
            let title = file.tree.root().get_str("title").unwrap_or_default();
            Some((file.path.rsplit('/').next()?.to_owned(), title.to_owned()))
        })
        .collect();
    files.sort();
    table(&["Schema", "Title"], files.into_iter().map(|(file, title)| vec![code(&file), title]))
}

fn surface(graph: &Graph) -> Option<&tenon_graph::Surface> {
    graph.contracts.iter().find_map(|contract| contract.surface.as_deref())
}

fn categories(graph: &Graph) -> Table {
    let rows = surface(graph).map(|surface| surface.categories.as_slice()).unwrap_or_default();
    let rows = rows.iter().map(|category| {
        let title = category.title.as_ref().unwrap_or(&category.name);
        let operations = texts(Some(&category.operations));
        vec![title.text.clone(), operations.len().to_string(), codes(&operations)]
    });
    table(&["Category", "Operations", "Which"], rows)
}

/// A row a reason code, a column an operation.
fn reason_codes(graph: &Graph) -> Table {
    let mut columns = vec!["Reason code".to_owned()];
    columns.extend(graph.operations.iter().map(id));
    let rows = graph.errors.iter().map(|error| {
        let mut row = vec![code(&error.code.text)];
        row.extend(graph.operations.iter().map(|operation| {
            let bound = operation.governance.reason_codes.as_deref().unwrap_or_default();
            if bound.iter().any(|name| name.text == error.code.text) { "x" } else { "" }.to_owned()
        }));
        row
    });
    Table { title: String::new(), columns, rows: rows.collect() }
}

fn errors(graph: &Graph) -> Table {
    let rows = graph.errors.iter().map(|error| {
        let status = error.http_status.map(|status| status.to_string()).unwrap_or_default();
        let retry = error.retryable.map(yes).unwrap_or_default();
        vec![
            code(&error.code.text),
            status,
            text(error.grpc_status.as_ref()),
            retry,
            text(error.message.as_ref()),
        ]
    });
    table(&["Code", "HTTP", "gRPC", "Retryable", "Message"], rows)
}

fn rpc(graph: &Graph) -> Option<(&Contract, &tenon_graph::RpcSurface)> {
    graph.contracts.iter().find_map(|contract| Some((contract, contract.rpc.as_deref()?)))
}

/// The frozen list of RPCs, or what stands beyond it.
fn rpcs(graph: &Graph, required: bool) -> Table {
    let columns = ["RPC", "Request", "Response", "Stream", "Surface", "M1 rows", "Owner"];
    let Some((_, rpc)) = rpc(graph) else { return table(&columns, Vec::new()) };
    let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let message = |id: Option<tenon_graph::protobuf::MessageId>| {
        id.map(|id| short(&graph.protobuf.message(id).full_name)).unwrap_or_default()
    };
    let row = |name: &Name, beyond: &str, owner: String| {
        let bound = graph.operations.iter().filter_map(|operation| operation.rpc.as_ref());
        let types = bound.filter(|bound| bound.method.text == name.text).find_map(|bound| bound.types);
        let (request, response) =
            types.map(|types| (message(types.request), message(types.response))).unwrap_or_default();
        let stream = types.is_some_and(|types| types.server_streaming);
        let reference = rpc.references.iter().any(|other| other.text == name.text);
        let surface = if reference { "reference surface" } else { beyond };
        let of = |message: &str| rpc.messages.iter().find(|facts| short(&facts.name.text) == message);
        let rows: Vec<String> = [&request, &response]
            .into_iter()
            .filter_map(|name| of(name))
            .flat_map(|facts| texts(Some(&facts.traces)))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        let owner = if owner.is_empty() {
            of(&response).map(|facts| text(facts.owner.as_ref())).unwrap_or_default()
        } else {
            owner
        };
        let stream = if stream { "server" } else { "–" }.to_owned();
        vec![
            code(&name.text),
            code(&request),
            code(&response),
            stream,
            surface.to_owned(),
            rows.join(", "),
            owner,
        ]
    };
    if required {
        return table(&columns, rpc.required.iter().map(|name| row(name, "required", String::new())));
    }
    let extra = rpc.deltas.iter();
    table(
        &columns,
        extra.map(|delta| row(&delta.method, &text(delta.reason.as_ref()), text(delta.owner.as_ref()))),
    )
}

fn rpc_messages(graph: &Graph) -> Table {
    let rows = rpc(graph).map(|(_, rpc)| rpc.messages.as_slice()).unwrap_or_default();
    let rows = rows.iter().map(|facts| {
        vec![code(&facts.name.text), text(facts.owner.as_ref()), texts(Some(&facts.traces)).join(", ")]
    });
    table(&["Message", "Owner", "M1 rows"], rows)
}

/// Members of every request and response, as far as they stand in the schema itself.
fn fields(graph: &Graph) -> Table {
    let mut rows = Vec::new();
    for operation in &graph.operations {
        for (side, schema) in
            [("request", &operation.request_schema), ("response", &operation.response_schema)]
        {
            if let Some(Ok(at)) = schema {
                let name = schema_name(graph, schema.as_ref());
                members(graph, *at, "", 0, &mut |path, kind, required| {
                    rows.push(vec![
                        code(&id(operation)),
                        side.to_owned(),
                        code(&name),
                        code(path),
                        kind.to_owned(),
                        yes(required),
                    ]);
                });
            }
        }
    }
    table(&["Operation", "Side", "Schema", "Field", "Type", "Required"], rows)
}

/// Deepest members that are listed, in levels: deeper ones are values of their own.
const FIELD_DEPTH_MAX: usize = 4;

fn members(graph: &Graph, at: At, path: &str, depth: usize, out: &mut dyn FnMut(&str, &str, bool)) {
    if depth >= FIELD_DEPTH_MAX {
        return;
    }
    let schema = graph.node(graph.follow(at));
    let file = graph.follow(at).file;
    let required: Vec<&str> = schema
        .get("required")
        .into_iter()
        .flat_map(tenon_source::Node::items)
        .filter_map(tenon_source::Node::as_str)
        .collect();
    for (name, member) in schema.get("properties").into_iter().flat_map(tenon_source::Node::members) {
        let inner = At { file, node: member.id() };
        let target = graph.node(graph.follow(inner));
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        out(&path, &kind(target), required.contains(&name));
        members(graph, inner, &path, depth + 1, out);
    }
}

fn kind(schema: tenon_source::Node<'_>) -> String {
    let one = |node: tenon_source::Node<'_>| node.as_str().unwrap_or("any").to_owned();
    let word = match schema.get("type") {
        Some(kind) if kind.is_array() => kind.items().map(one).collect::<Vec<_>>().join(" or "),
        Some(kind) => one(kind),
        None if schema.get("enum").is_some() => "enum".to_owned(),
        None if schema.get("const").is_some() => "constant".to_owned(),
        None => "any".to_owned(),
    };
    match schema.get_str("format") {
        Some(format) => format!("{word} ({format})"),
        None => word,
    }
}

fn consent(graph: &Graph) -> Table {
    let rows = graph.operations.iter().map(|operation| {
        let consent = operation.governance.consent.as_ref();
        let scopes = consent.map(|consent| texts(Some(&consent.scopes))).unwrap_or_default();
        let scopes = if scopes.is_empty() { "none".to_owned() } else { codes(&scopes) };
        vec![code(&id(operation)), scopes]
    });
    table(&["Operation", "Consent scopes"], rows)
}

fn usage(graph: &Graph) -> Table {
    let rows = graph.operations.iter().map(|operation| {
        let governance = &operation.governance;
        let usage = governance.usage.as_ref();
        let dimension = text(usage.and_then(|usage| usage.dimension.as_ref()));
        let billable = usage.and_then(|usage| usage.billable).map(yes).unwrap_or_default();
        let dimension = if dimension.is_empty() { "none".to_owned() } else { code(&dimension) };
        vec![code(&id(operation)), dimension, billable, code(&text(governance.rate_class.as_ref()))]
    });
    table(&["Operation", "Usage dimension", "Billable", "Rate class"], rows)
}

fn performance(graph: &Graph) -> Table {
    let rows = graph.operations.iter().map(|operation| {
        let said = graph.node(operation.at).get("performance");
        let number = |member: &str| {
            said.and_then(|said| said.get(member)?.number_text().map(str::to_owned)).unwrap_or_default()
        };
        vec![code(&id(operation)), number("p95_ms"), number("per_second")]
    });
    table(&["Operation", "p95 (ms)", "Requests a second"], rows)
}

fn boundary(graph: &Graph) -> Table {
    let rows = graph.operations.iter().map(|operation| {
        let governance = &operation.governance;
        let stage = text(governance.stage.as_ref());
        let emits = codes(&texts(governance.emits.as_deref()));
        vec![code(&id(operation)), stage, emits]
    });
    table(&["Operation", "Stage", "Events it causes"], rows)
}

/// Longest example in a document, in bytes: longer ones are named and left out.
const EXAMPLE_BYTES_MAX: usize = 8 * 1024;

/// Every operation with what it asks, what it takes and gives, and an example of each.
fn reference(graph: &Graph) -> String {
    let mut out = String::new();
    for operation in &graph.operations {
        let governance = &operation.governance;
        let _ = writeln!(out, "### `{}`\n", operation.label());
        let _ = writeln!(out, "{}\n", text(operation.summary.as_ref()));
        let _ = writeln!(out, "- id: `{}`", id(operation));
        let mut line = |name: &str, said: String| {
            if !said.is_empty() {
                let _ = writeln!(out, "- {name}: {said}");
            }
        };
        line("actors", codes(&texts(governance.actors.as_deref())));
        line("scopes", codes(&texts(governance.scopes.as_deref())));
        let consent = governance.consent.as_ref().map(|consent| codes(&texts(Some(&consent.scopes))));
        line("consent", consent.unwrap_or_default());
        line("reason codes", codes(&texts(governance.reason_codes.as_deref())));
        for (side, schema) in
            [("Request", &operation.request_schema), ("Response", &operation.response_schema)]
        {
            let Some(Ok(at)) = schema else { continue };
            let _ = writeln!(out, "\n{side} `{}`:", schema_name(graph, schema.as_ref()));
            let example =
                graph.examples.iter().find(|example| graph.follow(example.schema) == graph.follow(*at));
            let shown = example.map(|example| example_text(graph, example.value));
            match shown {
                Some(Some(text)) => {
                    let _ = writeln!(out, "\n```json\n{text}\n```");
                }
                Some(None) => {
                    let _ = writeln!(out, "\nIts example has more than {EXAMPLE_BYTES_MAX} bytes.");
                }
                None => {
                    let _ = writeln!(out, "\nThere is no example.");
                }
            }
        }
        out.push('\n');
    }
    out
}

fn example_text(graph: &Graph, at: At) -> Option<String> {
    let span = graph.node(at).span();
    let text = graph.sources.slice(at.file, span).trim();
    (text.len() <= EXAMPLE_BYTES_MAX).then(|| text.to_owned())
}

/// The tools that write files from the contracts, each at one version.
fn pins(graph: &Graph) -> Table {
    let rows = graph.codegen_manifests.iter().flat_map(|manifest| &manifest.tools).map(|tool| {
        vec![code(&tool.name.text), text(tool.version.as_ref()), code(&texts(Some(&tool.command)).join(" "))]
    });
    table(&["Tool", "Version", "Command"], rows)
}

/// Where the provenance of a run is recorded, with its fields.
fn provenance(graph: &Graph) -> Table {
    let mut rows = Vec::new();
    for row in graph.reuse_registers.iter().filter_map(|register| register.provenance.as_ref()) {
        let place = |place: Option<&tenon_graph::RegisterPlace>| {
            place.map(|place| place.name.text.clone()).unwrap_or_default()
        };
        let schema = place(row.schema.as_ref());
        let section = text(row.section.as_ref());
        let Some(file) = graph.sources.iter().find(|(_, file)| file.path.ends_with(&schema)) else {
            continue;
        };
        let path: String = section.split('/').skip(1).map(|part| format!("/properties/{part}")).collect();
        let fields = file.1.tree.root().at(&format!("{path}/properties"));
        for (name, field) in fields.into_iter().flat_map(tenon_source::Node::members) {
            rows.push(vec![
                code(&format!("{section}/{name}")),
                kind(field),
                code(&schema),
                code(&text(row.message.as_ref())),
            ]);
        }
    }
    table(&["Field", "Type", "Schema", "Message"], rows)
}
