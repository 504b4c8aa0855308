//! RPCs as operations, so that what is said of operations is said of them too.

use tenon_graph::protobuf::{MessageId, Protobuf, RpcId};
use tenon_graph::{Name, Operation, Part, RpcBinding, RpcTypes};
use tenon_source::At;

/// Adds the RPCs of the files that were asked for to the parts of their files.
pub(super) fn add(protobuf: &Protobuf, parts: &mut [Part]) {
    for (_, file) in protobuf.target_files() {
        let Some(part) = parts.get_mut(file.source.0 as usize) else { continue };
        for service in protobuf.services_of(file.services) {
            for id in service.rpcs.ids() {
                part.operations.push(operation(protobuf, id, service.at, &service.full_name));
            }
        }
    }
}

fn operation(protobuf: &Protobuf, id: RpcId, service_at: At, service: &str) -> Operation {
    let rpc = protobuf.rpc(id);
    let message = |id: Option<MessageId>| Some(Ok(protobuf.message(id?).at));
    let mut operation = Operation::new(rpc.at.file, rpc.at);
    operation.id = Some(Name::new(&*rpc.name, rpc.at));
    operation.rpc = Some(RpcBinding {
        service: Name::new(service, service_at),
        method: Name::new(&*rpc.name, rpc.at),
        types: Some(RpcTypes {
            rpc: id,
            request: rpc.request,
            response: rpc.response,
            client_streaming: rpc.client_streaming,
            server_streaming: rpc.server_streaming,
        }),
    });
    operation.request_schema = message(rpc.request);
    operation.response_schema = message(rpc.response);
    operation.detail.deprecated = rpc.options.flag("deprecated");
    operation
}
