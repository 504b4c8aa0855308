//! Operations of the graph as calls of the model.

use tenon_graph::protobuf::IdempotencyLevel;
use tenon_graph::{
    Body as GraphBody, Contract, Graph, MediaType, Name, Operation, Parameter as GraphParameter, ParameterIn,
    RpcTypes,
};
use tenon_source::Node;

use super::model::{Answer, Body, Call, Encoding, KeyPlace, Parameter, Place, Streaming, Style, Type};
use super::names::{pascal, words};
use super::paging;
use super::schemas::{Types, field_doc};
use super::service;

/// The header of the key where a contract names none.
const KEY_HEADER: &str = "Idempotency-Key";

/// Methods that may be sent twice (RFC 9110, section 9.2.2).
const REPEATABLE: [&str; 6] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"];

/// First words of RPCs that only read, as AIP-130 has them.
const READING: [&str; 10] =
    ["get", "list", "stream", "watch", "search", "batch", "check", "health", "describe", "lookup"];

/// The call of an operation; `None` where it can be called neither over HTTP nor over RPC.
pub(super) fn call(graph: &Graph, operation: &Operation, types: &mut Types<'_>) -> Option<Call> {
    let contract = contract_of(graph, operation);
    match (&operation.http, operation.rpc.as_ref().and_then(|rpc| rpc.types)) {
        (Some(_), _) => over_http(graph, operation, contract, types),
        (None, Some(rpc)) => over_rpc(graph, operation, rpc, types),
        (None, None) => None,
    }
}

/// The contract an operation belongs to.
pub(super) fn contract_of<'g>(graph: &'g Graph, operation: &Operation) -> Option<&'g Contract> {
    let mut all = graph.contracts.iter();
    all.find(|one| one.at.file == operation.file || one.sources.contains(&operation.file))
        .or_else(|| graph.contracts.first().filter(|_| operation.governance.declared))
}

fn over_http(
    graph: &Graph,
    operation: &Operation,
    contract: Option<&Contract>,
    types: &mut Types<'_>,
) -> Option<Call> {
    let http = operation.http.as_ref()?;
    let path = braced(&http.path.text);
    let method = http.method.as_str().to_owned();
    let id = match &operation.id {
        Some(id) if !words(&id.text).is_empty() => id.text.clone(),
        _ => format!("{} {}", method.to_ascii_lowercase(), path),
    };
    let hint = pascal(&words(&id));
    let key = key(operation);
    let tenant_header =
        contract.and_then(|contract| contract.serving.tenant_header.as_ref()).map(Name::as_str);
    let scoped = operation.governance.tenancy.as_ref().is_some_and(|tenancy| tenancy.scoped);
    let own = own_headers(contract, &key);
    let is_own = |name: &str| {
        own.iter().any(|one| one.eq_ignore_ascii_case(name))
            || ["authorization", "content-type", "accept"].iter().any(|one| one.eq_ignore_ascii_case(name))
    };
    let mut parameters: Vec<Parameter> = Vec::new();
    for one in &operation.detail.parameters {
        let Some(made) = parameter(graph, one, &hint, types) else { continue };
        if made.place == Place::Header && is_own(&made.wire) {
            continue;
        }
        if !parameters.iter().any(|known| known.place == made.place && known.wire == made.wire) {
            parameters.push(made);
        }
    }
    for name in tenon_graph::template_parameters(&path) {
        if !parameters.iter().any(|known| known.place == Place::Path && known.wire == name) {
            parameters.push(Parameter {
                wire: name.to_owned(),
                doc: String::new(),
                place: Place::Path,
                ty: Type::Text,
                required: true,
                style: Style::Repeated,
            });
        }
    }
    parameters.retain(|one| one.place != Place::Path || path.contains(&format!("{{{}}}", one.wire)));
    let body = body(graph, operation, &hint, types);
    let answer = answer(operation, &hint, types);
    let mut call = Call {
        words: words(&id),
        doc: doc(operation),
        deprecated: operation.detail.deprecated || operation.governance.deprecation.is_some(),
        repeatable: REPEATABLE.contains(&method.as_str()),
        tenant: scoped && tenant_header.is_some(),
        token: service::token(operation),
        codes: codes(operation),
        paging: None,
        streaming: None,
        id,
        method,
        path,
        parameters,
        body,
        answer,
        key,
    };
    call.paging = paging::find(graph, operation, contract, &call, types);
    Some(call)
}

/// An RPC as the gateway offers it over HTTP: `POST /package.Service/Method`, messages as ProtoJSON.
fn over_rpc(graph: &Graph, operation: &Operation, rpc: RpcTypes, types: &mut Types<'_>) -> Option<Call> {
    let binding = operation.rpc.as_ref()?;
    if rpc.client_streaming {
        return None;
    }
    let request = types.message(rpc.request?);
    let response = types.message(rpc.response?);
    let declared = graph.protobuf.rpc(rpc.rpc);
    let name = &binding.method.text;
    let key = operation.governance.idempotency.as_ref().and_then(|one| one.key.as_ref()).and_then(|key| {
        let (place, wanted) = key.text.split_once(':')?;
        let field = graph.protobuf.field_named(rpc.request?, wanted.trim())?;
        (place == "field").then(|| KeyPlace::Field(graph.protobuf.field(field).json_name().into_owned()))
    });
    let level = declared.options.word("idempotency_level").unwrap_or_default();
    let promised = [IdempotencyLevel::NoSideEffects, IdempotencyLevel::Idempotent];
    let reads = words(name).first().is_some_and(|first| READING.contains(&first.as_str()));
    let changes = |names: &Option<Vec<Name>>| names.as_ref().is_some_and(|names| !names.is_empty());
    let causes = changes(&operation.governance.emits) || changes(&operation.governance.side_effects);
    let comment = types.comment(declared.at, graph.node(declared.at).member_span());
    let mut call = Call {
        words: words(name),
        id: binding.path(),
        doc: if comment.is_empty() { doc(operation) } else { comment },
        deprecated: declared.options.flag("deprecated"),
        method: "POST".to_owned(),
        path: format!("/{}", binding.path()),
        parameters: Vec::new(),
        body: Some(Body {
            ty: request.clone(),
            required: true,
            encoding: Encoding::Json,
            media: "application/json".to_owned(),
        }),
        answer: Answer {
            ty: response.clone(),
            encoding: Encoding::Json,
            accept: "application/json".to_owned(),
        },
        repeatable: promised.iter().any(|one| one.as_str() == level) || (reads && !causes && key.is_none()),
        key,
        tenant: false,
        token: None,
        paging: None,
        streaming: rpc.server_streaming.then(|| Streaming { resume: resume(&request, &response, types) }),
        codes: codes(operation),
    };
    if call.streaming.is_none() {
        call.paging = paging::of_messages(&request, &response, types);
    }
    Some(call)
}

/// `since_seq` of the request goes with `seq` of an item.
fn resume(request: &Type, response: &Type, types: &Types<'_>) -> Option<(String, String)> {
    let (request, response) = (types.fields(request)?, types.fields(response)?);
    request.iter().find_map(|one| {
        let parts = words(&one.wire);
        let (first, rest) = parts.split_first()?;
        let item = response.iter().find(|item| words(&item.wire) == rest && item.ty == one.ty)?;
        ["since", "after"].contains(&first.as_str()).then(|| (one.wire.clone(), item.wire.clone()))
    })
}

/// `:id` as `{id}`.
fn braced(path: &str) -> String {
    let segment = |segment: &str| match segment.strip_prefix(':').filter(|name| !name.is_empty()) {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    };
    // What stands behind `?` or `#` in a template is no part of a path.
    let path = path.split(['?', '#']).next().unwrap_or(path);
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn key(operation: &Operation) -> Option<KeyPlace> {
    let idempotency = operation
        .governance
        .idempotency
        .as_ref()
        .filter(|one| operation.is_mutating() && (one.required || one.key.is_some()));
    let declared = idempotency.map(|one| one.key.as_ref().map_or(KEY_HEADER, Name::as_str));
    if let Some(key) = declared {
        return Some(match key.split_once(':') {
            Some(("field", name)) => KeyPlace::Field(name.trim().to_owned()),
            Some((_, name)) => KeyPlace::Header(name.trim().to_owned()),
            None => KeyPlace::Header(key.trim().to_owned()),
        });
    }
    // A document that takes the header says so, whether or not a contract speaks of it.
    let parameters = operation.detail.parameters.iter().filter(|_| operation.is_mutating());
    parameters.filter(|one| one.place == Some(ParameterIn::Header)).find_map(|one| {
        let name = one.name.as_ref()?;
        let bare = name.text.to_ascii_lowercase();
        ["idempotency-key", "x-idempotency-key"]
            .contains(&bare.as_str())
            .then(|| KeyPlace::Header(name.text.clone()))
    })
}

/// Header fields the client sends by itself.
fn own_headers(contract: Option<&Contract>, key: &Option<KeyPlace>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(contract) = contract {
        out.extend(contract.serving.tenant_header.as_ref().map(|name| name.text.clone()));
        out.push(correlation_header(Some(contract)));
    }
    if let Some(KeyPlace::Header(name)) = key {
        out.push(name.clone());
    }
    out
}

/// The header of the correlation id.
pub(super) fn correlation_header(contract: Option<&Contract>) -> String {
    let named = contract.and_then(|contract| contract.serving.correlation_header.as_ref());
    named.map_or_else(|| "X-Correlation-Id".to_owned(), |name| name.text.clone())
}

fn parameter(graph: &Graph, one: &GraphParameter, hint: &str, types: &mut Types<'_>) -> Option<Parameter> {
    let place = match one.place? {
        ParameterIn::Path => Place::Path,
        ParameterIn::Query => Place::Query,
        ParameterIn::Header => Place::Header,
        ParameterIn::Cookie => Place::Cookie,
        _ => return None,
    };
    let name = one.name.as_ref()?;
    let node = graph.node(one.def);
    let content = one.content.first().and_then(|media| media.schema);
    let name_hint = format!("{hint}{}", pascal(&words(&name.text)));
    let ty = one.schema.or(content).map_or(Type::Text, |schema| types.schema(schema, &name_hint));
    let style = match node.get_str("style") {
        _ if one.schema.is_none() && content.is_some() => Style::Json,
        Some("deepObject") => Style::Deep,
        Some("pipeDelimited" | "spaceDelimited") => Style::Comma,
        _ if node.get("explode").and_then(Node::as_bool) == Some(false) => Style::Comma,
        _ if node.get_str("collectionFormat").is_some_and(|format| format != "multi") => Style::Comma,
        _ if place != Place::Query => Style::Comma,
        _ => Style::Repeated,
    };
    Some(Parameter {
        wire: name.text.clone(),
        doc: field_doc(node),
        place,
        ty,
        required: one.required || place == Place::Path,
        style,
    })
}

fn body(graph: &Graph, operation: &Operation, hint: &str, types: &mut Types<'_>) -> Option<Body> {
    let name = format!("{hint}Body");
    if let Some(body) = &operation.detail.request {
        return of_content(graph, body, &name, types);
    }
    let Some(Ok(schema)) = &operation.request_schema else { return service::body(operation, &name, types) };
    let schema = *schema;
    let ty = types.schema(schema, &name);
    Some(Body { ty, required: true, encoding: Encoding::Json, media: "application/json".to_owned() })
}

/// The media type a client speaks best: JSON, then forms, then whatever comes first.
fn best(content: &[MediaType]) -> Option<(&MediaType, Encoding)> {
    let ranked = content.iter().map(|media| (media, encoding(&media.name)));
    ranked.min_by_key(|(_, encoding)| match encoding {
        Encoding::Json => 0,
        Encoding::Form => 1,
        Encoding::Multipart => 2,
        Encoding::Text => 3,
        Encoding::Raw => 4,
    })
}

fn encoding(media: &str) -> Encoding {
    let name = media.split(';').next().unwrap_or(media).trim().to_ascii_lowercase();
    match name.as_str() {
        "application/json" | "*/*" | "application/*" => Encoding::Json,
        "application/x-www-form-urlencoded" => Encoding::Form,
        "multipart/form-data" => Encoding::Multipart,
        // Lines of JSON are no JSON.
        _ if name.ends_with("+json") => Encoding::Json,
        _ if name.starts_with("text/") && name != "text/event-stream" => Encoding::Text,
        _ => Encoding::Raw,
    }
}

fn of_content(_graph: &Graph, body: &GraphBody, name: &str, types: &mut Types<'_>) -> Option<Body> {
    let (media, encoding) = best(&body.content)?;
    let ty = match (encoding, media.schema) {
        (Encoding::Json | Encoding::Form | Encoding::Multipart, Some(schema)) => types.schema(schema, name),
        (Encoding::Json | Encoding::Form | Encoding::Multipart, None) => Type::Any,
        (Encoding::Text, _) => Type::Text,
        (Encoding::Raw, _) => Type::Raw,
    };
    let written = if media.name.contains('*') { "application/json" } else { media.name.as_str() };
    Some(Body { ty, required: body.required, encoding, media: written.to_owned() })
}

fn answer(operation: &Operation, hint: &str, types: &mut Types<'_>) -> Answer {
    let name = format!("{hint}Answer");
    if let Some(Ok(schema)) = &operation.response_schema {
        let ty = types.schema(*schema, &name);
        return Answer { ty, encoding: Encoding::Json, accept: "application/json".to_owned() };
    }
    let good = operation.detail.responses.iter().filter(|one| one.status.starts_with('2'));
    let mut successes: Vec<_> = good.collect();
    if successes.is_empty() {
        successes.extend(operation.detail.responses.iter().filter(|one| one.status == "default"));
    }
    successes.sort_by(|one, other| one.status.cmp(&other.status));
    let is_sometimes_empty = successes.iter().any(|one| one.content.is_empty());
    let telling = successes.iter().find_map(|one| best(&one.content));
    let Some((media, encoding)) = telling else {
        if let Some(answer) = service::answer(operation).filter(|_| successes.is_empty()) {
            return answer;
        }
        return Answer { ty: Type::Void, encoding: Encoding::Json, accept: "*/*".to_owned() };
    };
    let encoding =
        if matches!(encoding, Encoding::Form | Encoding::Multipart) { Encoding::Raw } else { encoding };
    let ty = match (encoding, media.schema) {
        (Encoding::Json, Some(schema)) => types.schema(schema, &name),
        (Encoding::Json, None) => Type::Any,
        (Encoding::Text, _) => Type::Text,
        _ => Type::Raw,
    };
    let ty = match ty {
        ty if is_sometimes_empty
            && encoding == Encoding::Json
            && !matches!(ty, Type::Any | Type::Nullable(_)) =>
        {
            Type::Nullable(Box::new(ty))
        }
        ty => ty,
    };
    let accept = if media.name.contains(['\r', '\n']) { "*/*" } else { media.name.as_str() };
    Answer { ty, encoding, accept: accept.to_owned() }
}

fn doc(operation: &Operation) -> String {
    let text =
        |name: &Option<Name>| name.as_ref().map(|name| name.text.trim().to_owned()).unwrap_or_default();
    let (summary, description) = (text(&operation.summary), text(&operation.description));
    match (summary.is_empty(), description.is_empty() || description == summary) {
        (true, _) => description,
        (false, true) => summary,
        (false, false) => format!("{summary}\n\n{description}"),
    }
}

fn codes(operation: &Operation) -> Vec<String> {
    operation.governance.reason_codes.iter().flatten().map(|code| code.text.clone()).collect()
}
