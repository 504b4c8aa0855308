//! The model of a graph.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use tenon_graph::{Contract, Graph, OperationKind, canonical_hash, to_value};

use super::cycles;
use super::model::{Api, ErrorShape, EventType, Refusal, Shape, Type};
use super::names::{pascal, words};
use super::operations::{self, correlation_header};
use super::paging;
use super::schemas::Types;

/// Everything a client of the graph offers; `None` where nothing can be called.
#[must_use]
pub fn api(graph: &Graph) -> Option<Api> {
    let mut types = Types::new(graph);
    let offered = graph.operations.iter().filter(|one| one.kind == OperationKind::Offered);
    let calls: Vec<_> = offered.filter_map(|one| operations::call(graph, one, &mut types)).collect();
    if calls.is_empty() {
        return None;
    }
    let contract = graph.contracts.first();
    let events = events(graph, &mut types);
    let mut api = Api {
        calls,
        events,
        errors: errors(graph),
        error_shape: error_shape(contract),
        tenant_header: contract
            .and_then(|contract| contract.serving.tenant_header.as_ref())
            .map(|name| name.text.clone()),
        correlation_header: correlation_header(contract),
        fingerprint: fingerprint(graph),
        types: types.all,
        ..head(graph, contract)
    };
    // A name that stands for nothing but itself can be anything.
    for id in cycles::endless_aliases(&api) {
        if let Some(one) = api.types.get_mut(id.0) {
            one.shape = Shape::Alias(Type::Any);
        }
    }
    Some(api)
}

fn head(graph: &Graph, contract: Option<&Contract>) -> Api {
    let info = graph.apis.first().and_then(|api| graph.node(api.root).get("info"));
    let own = |key: &str| info.and_then(|info| info.get_str(key)).map(str::to_owned);
    let name = contract.and_then(|contract| contract.name.as_ref()).map(|name| name.text.clone());
    let version = contract.and_then(|contract| contract.version.as_ref()).map(|name| name.text.clone());
    let description = contract.and_then(|contract| graph.node(contract.at).get_str("description"));
    Api {
        name: name.or_else(|| own("title")).unwrap_or_else(|| "api".to_owned()),
        version: version.or_else(|| own("version")).unwrap_or_else(|| "0.0.0".to_owned()),
        description: description.map(str::to_owned).or_else(|| own("description")).unwrap_or_default(),
        ..Api::default()
    }
}

/// Events that others may see, each once.
fn events(graph: &Graph, types: &mut Types<'_>) -> Vec<EventType> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for event in graph.events.iter().filter(|event| event.declared && event.public != Some(false)) {
        if !seen.insert(event.name.text.clone()) {
            continue;
        }
        let hint = format!("{}Payload", pascal(&words(&event.name.text)));
        let payload = match &event.payload_schema {
            Some(Ok(schema)) => types.schema(*schema, &hint),
            _ => Type::Any,
        };
        let node = graph.node(event.at);
        let doc = node.get_str("description").unwrap_or_default().to_owned();
        out.push(EventType { name: event.name.text.clone(), doc, payload });
    }
    out
}

fn errors(graph: &Graph) -> Vec<Refusal> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for entry in &graph.errors {
        if seen.insert(entry.code.text.as_str()) {
            out.push(Refusal {
                code: entry.code.text.clone(),
                status: entry.http_status.unwrap_or_default(),
                retryable: entry.retryable == Some(true),
                doc: entry.message.as_ref().map(|name| name.text.clone()).unwrap_or_default(),
            });
        }
    }
    out
}

/// Where the contract's envelope puts things, then where problem details and others do.
fn error_shape(contract: Option<&Contract>) -> ErrorShape {
    let envelope = contract.and_then(|contract| contract.serving.error_envelope.as_ref());
    let ways = |wanted: &str, usual: &[&[&str]]| {
        let mut out: Vec<Vec<String>> = Vec::new();
        let mut way = Vec::new();
        if let Some(envelope) = envelope
            && paging::way(envelope, wanted, &mut way)
        {
            out.push(way);
        }
        for one in usual {
            let one: Vec<String> = one.iter().map(|name| (*name).to_owned()).collect();
            if !out.contains(&one) {
                out.push(one);
            }
        }
        out
    };
    ErrorShape {
        code: ways(
            "code",
            &[&["code"], &["error", "code"], &["status", "code"], &["details", "0", "reason"]],
        ),
        message: ways("message", &[&["detail"], &["message"], &["error", "message"], &["title"]]),
        retryable: ways("retryable", &[&["retryable"], &["error", "retryable"], &["status", "retryable"]]),
        details: ways("details", &[&["errors"], &["details"], &["error", "details"]]),
    }
}

/// A hash of all files but those that come with the program, whatever their names and layout.
fn fingerprint(graph: &Graph) -> String {
    let bundled: BTreeSet<_> =
        graph.protobuf.files.iter().filter(|file| file.is_bundled).map(|file| file.source).collect();
    let protobuf: BTreeSet<_> = graph.protobuf.files.iter().map(|file| file.source).collect();
    let mut hashes: BTreeSet<String> = BTreeSet::new();
    for (id, file) in graph.sources.iter().filter(|(id, _)| !bundled.contains(id)) {
        hashes.insert(match protobuf.contains(&id) {
            true => HEXLOWER.encode(&Sha256::digest(file.text().as_bytes())),
            false => canonical_hash(&to_value(file.tree.root())),
        });
    }
    let mut all = Sha256::new();
    for hash in &hashes {
        all.update(hash.as_bytes());
    }
    HEXLOWER.encode(&all.finalize())
}
