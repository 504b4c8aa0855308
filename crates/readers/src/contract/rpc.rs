//! `rpc` of the native contract.

use tenon_graph::{MessageFacts, Name, ReasonCatalogue, RpcDelta, RpcSurface};
use tenon_source::FileId;

use super::Schemas;
use crate::value::Value;

/// Reads the section; `sources` are the files the contract is about.
pub(super) fn read(rpc: Value<'_>, sources: Vec<FileId>, schemas: &Schemas<'_, '_>) -> RpcSurface {
    let names = |key: &str| rpc.get(key).and_then(Value::names).unwrap_or_default();
    RpcSurface {
        at: rpc.at(),
        sources,
        service: rpc.name("service"),
        required: names("required"),
        references: names("references"),
        deltas: rpc.map("deltas").map(delta).collect(),
        errors: rpc.name("errors"),
        reason_catalogues: names("reason_catalogues")
            .into_iter()
            .map(|path| catalogue(path, schemas))
            .collect(),
        messages: rpc.map("messages").map(message).collect(),
    }
}

fn delta((method, row): (&str, Value<'_>)) -> RpcDelta {
    RpcDelta {
        at: row.at(),
        method: Name::new(method, row.at()),
        reason: row.name("reason"),
        owner: row.name("owner"),
    }
}

/// `RpcStatus: {owner: gateway-team, traces: rpc-errors}`; the traces may be several.
fn message((name, facts): (&str, Value<'_>)) -> MessageFacts {
    let traces = facts.get("traces");
    let one = traces.and_then(Value::scalar).map(|name| vec![name]);
    MessageFacts {
        at: facts.at(),
        name: Name::new(name, facts.at()),
        owner: facts.name("owner"),
        traces: one.or_else(|| traces.and_then(Value::names)).unwrap_or_default(),
    }
}

/// The codes of a catalogue: under `codes`, or the file itself; an entry is the code, or has it as
/// its `code`.
fn catalogue(path: Name, schemas: &Schemas<'_, '_>) -> ReasonCatalogue {
    let root = schemas.resolver.resolve(schemas.file, &path.text).ok();
    let codes = root.and_then(|at| {
        let root = Value { file: at.file, node: schemas.resolver.sources().node(at) };
        let list = root.get("codes").unwrap_or(root);
        let listed = list.items().filter_map(|entry| entry.scalar().or_else(|| entry.name("code")));
        let keyed = list.members().map(|(code, entry)| Name::new(code, entry.at()));
        let codes: Vec<Name> = listed.chain(keyed).collect();
        (!codes.is_empty()).then_some(codes)
    });
    ReasonCatalogue { path, codes }
}
