//! Media types and the examples beside them, each once.

use tenon_graph::{ComponentKind, HttpApi, MediaType, OpenApiVersion};
use tenon_source::{At, Node};

use super::support::{at, operations, parameters};
use crate::Context;

/// The media types of request bodies, responses and parameters of OpenAPI 3, each once.
pub fn media_types<'g>(ctx: &Context<'g>, api: &'g HttpApi) -> Vec<&'g MediaType> {
    if api.version == OpenApiVersion::V2 {
        return Vec::new();
    }
    let mut all: Vec<&MediaType> = Vec::new();
    for operation in operations(ctx, api) {
        let detail = &operation.detail;
        all.extend(detail.request.iter().flat_map(|body| &body.content));
        all.extend(detail.responses.iter().flat_map(|response| &response.content));
    }
    all.extend(parameters(ctx, api).into_iter().flat_map(|(parameter, _)| &parameter.content));
    all.sort_by_key(|media| media.at);
    all.dedup_by_key(|media| media.at);
    all
}

/// The example objects of OpenAPI 3, after their references, each once: components, and those of
/// media types, parameters and response headers.
pub fn examples(ctx: &Context<'_>, api: &HttpApi) -> Vec<At> {
    if api.version == OpenApiVersion::V2 {
        return Vec::new();
    }
    let mut owners: Vec<At> = media_types(ctx, api).into_iter().map(|media| media.at).collect();
    owners.extend(parameters(ctx, api).into_iter().map(|(parameter, _)| parameter.def));
    let responses = operations(ctx, api).flat_map(|operation| &operation.detail.responses);
    owners.extend(responses.flat_map(|response| &response.headers).map(|header| header.def));
    let mut all: Vec<At> = Vec::new();
    for owner in owners {
        let list = ctx.graph.node(owner).get("examples").into_iter().flat_map(Node::members);
        all.extend(list.map(|(_, example)| ctx.graph.follow(at(owner, example))));
    }
    let components = api.components.iter().filter(|component| component.kind == ComponentKind::Example);
    all.extend(components.map(|component| ctx.graph.follow(component.at)));
    all.sort_unstable();
    all.dedup();
    all
}
