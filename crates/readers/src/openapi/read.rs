//! The second pass: what path items, operations, parameters, bodies and responses say, with every
//! reference followed.

use std::collections::BTreeSet;

use tenon_graph::{
    Body, Encoding, Header, HttpBinding, LinkObject, MediaType, Method, Name, OpenApiVersion, Operation,
    OperationKind, Parameter, ParameterIn, PathItem, Response, SecurityRequirement, Server,
};
use tenon_source::{At, FileId};

use super::walk::{METHODS, Walk, is_extension, is_json};
use crate::governance::read_governance;
use crate::value::Value;

/// What the operations of a document share.
pub(super) struct Shared {
    /// The root document.
    pub(super) file: FileId,
    /// Swagger 2: media types of requests and responses that name none.
    pub(super) consumes: Vec<Name>,
    /// Likewise of responses.
    pub(super) produces: Vec<Name>,
}

impl<'s> Walk<'s> {
    /// A path, webhook or callback with its operations.
    pub(super) fn read_path_item(
        &mut self,
        name: &str,
        item: Value<'s>,
        kind: OperationKind,
        shared: &Shared,
        operations: &mut Vec<Operation>,
    ) -> PathItem {
        let def = self.follow(item);
        let mut out = PathItem {
            name: Name::new(name, item.at()),
            at: item.at(),
            def: def.at(),
            parameters: Vec::new(),
            servers: Vec::new(),
            operation_count: 0,
        };
        let before = operations.len();
        // Members beside a `$ref` add to what it stands for.
        let written = (def.at() != item.at()).then_some(item);
        for source in [Some(def), written].into_iter().flatten() {
            if let Some(servers) = source.get("servers") {
                out.servers.extend(read_servers(servers));
            }
            if let Some(list) = source.get("parameters") {
                out.parameters.extend(self.read_parameters(list, true));
            }
        }
        for source in [Some(def), written].into_iter().flatten() {
            for (key, value) in source.members() {
                if METHODS.contains(&key) && value.node.is_object() {
                    operations.push(self.read_operation(key, value, kind, &out, shared));
                } else if key == "additionalOperations" {
                    for (method, value) in value.members().filter(|(_, value)| value.node.is_object()) {
                        operations.push(self.read_operation(method, value, kind, &out, shared));
                    }
                }
            }
        }
        out.operation_count = operations.len() - before;
        out
    }

    fn read_operation(
        &mut self,
        method: &str,
        value: Value<'s>,
        kind: OperationKind,
        item: &PathItem,
        shared: &Shared,
    ) -> Operation {
        let value = self.follow(value);
        let mut operation = Operation::new(shared.file, value.at());
        operation.kind = kind;
        operation.http = Some(HttpBinding { method: Method::new(method), path: item.name.clone() });
        let mut responses = None;
        let detail = &mut operation.detail;
        detail.path_item = Some(item.def);
        for (key, member) in value.members() {
            match key {
                "operationId" => operation.id = member.text(),
                "summary" => operation.summary = member.text(),
                "description" => operation.description = member.text(),
                "x-tenon" if member.node.is_object() => operation.governance = read_governance(member),
                "parameters" => detail.parameters = self.read_parameters(member, false),
                "responses" => responses = Some(member),
                "security" if member.node.is_array() => detail.security = Some(read_security(member)),
                "servers" => detail.servers = read_servers(member),
                "tags" => detail.tags = member.items().filter_map(Value::text).collect(),
                "deprecated" => detail.deprecated = member.node.as_bool() == Some(true),
                _ => {}
            }
        }
        if self.spend(value, item.parameters.len()) {
            inherit(&mut detail.parameters, &item.parameters);
        }
        detail.request = self.read_request(value, &detail.parameters, shared);
        detail.responses_at = responses.map(Value::at);
        detail.responses = responses.map(|map| self.read_responses(map, value, shared)).unwrap_or_default();
        operation.request_schema =
            detail.request.as_ref().and_then(|body| json_schema(&body.content)).map(Ok);
        let mut success = detail.responses.iter().filter(|response| response.status.starts_with('2'));
        operation.response_schema = success.find_map(|response| json_schema(&response.content)).map(Ok);
        operation
    }

    fn read_parameters(&mut self, list: Value<'s>, inherited: bool) -> Vec<Parameter> {
        let list = self.container(list);
        if !self.spend(list, list.node.len()) {
            return Vec::new();
        }
        let objects = list.items().filter(|parameter| parameter.node.is_object());
        objects.map(|parameter| self.read_parameter(parameter, inherited)).collect()
    }

    fn read_parameter(&mut self, value: Value<'s>, inherited: bool) -> Parameter {
        let def = self.follow(value);
        let mut out = Parameter {
            at: value.at(),
            def: def.at(),
            name: None,
            place: None,
            required: false,
            schema: None,
            content: Vec::new(),
            inherited,
        };
        for (key, member) in def.members() {
            match key {
                "name" => out.name = member.text(),
                "in" => out.place = member.as_str().and_then(parameter_place),
                "required" => out.required = member.node.as_bool() == Some(true),
                "schema" => out.schema = Some(member.at()),
                "content" => out.content = self.read_content(member),
                _ => {}
            }
        }
        if self.version == OpenApiVersion::V2 && out.place != Some(ParameterIn::Body) {
            out.schema = Some(def.at());
        }
        out
    }

    fn read_request(&mut self, value: Value<'s>, parameters: &[Parameter], shared: &Shared) -> Option<Body> {
        if self.version == OpenApiVersion::V2 {
            let def = |parameter: &Parameter| self.schemas.references.value(parameter.def);
            let has_file =
                parameters.iter().any(|parameter| def(parameter).node.get_str("type") == Some("file"));
            return read_request_v2(value, parameters, has_file, shared);
        }
        let body = value.get("requestBody").filter(|body| body.node.is_object())?;
        let def = self.follow(body);
        let content = self.content_of(def);
        Some(Body { at: body.at(), def: def.at(), required: def.flag("required"), content })
    }

    fn read_responses(&mut self, map: Value<'s>, operation: Value<'s>, shared: &Shared) -> Vec<Response> {
        let map = self.container(map);
        if !self.spend(map, map.node.len()) {
            return Vec::new();
        }
        let mut out = Vec::with_capacity(map.node.len());
        for (status, value) in map.members() {
            if is_extension(status) || status == "$ref" || !value.node.is_object() {
                continue;
            }
            let def = self.follow(value);
            let content = if self.version == OpenApiVersion::V2 {
                content_v2(operation, "produces", &shared.produces, def)
            } else {
                self.content_of(def)
            };
            out.push(Response {
                status: status.to_owned(),
                at: value.at(),
                def: def.at(),
                headers: self.read_headers(def),
                content,
                links: self.read_links(def),
            });
        }
        out
    }

    fn read_headers(&mut self, owner: Value<'s>) -> Vec<Header> {
        let Some(map) = owner.get("headers") else { return Vec::new() };
        let map = self.container(map);
        if !self.spend(map, map.node.len()) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for (name, value) in map.members().filter(|(_, value)| value.node.is_object()) {
            let def = self.follow(value);
            let schema = match self.version {
                OpenApiVersion::V2 => Some(def.at()),
                _ => def.get("schema").map(Value::at),
            };
            out.push(Header { name: name.to_owned(), at: value.at(), def: def.at(), schema });
        }
        out
    }

    fn read_links(&mut self, owner: Value<'s>) -> Vec<LinkObject> {
        let Some(map) = owner.get("links") else { return Vec::new() };
        let map = self.container(map);
        if !self.spend(map, map.node.len()) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for (name, value) in map.members().filter(|(_, value)| value.node.is_object()) {
            let def = self.follow(value).at();
            out.push(LinkObject { name: name.to_owned(), at: value.at(), def });
        }
        out
    }

    fn content_of(&mut self, owner: Value<'s>) -> Vec<MediaType> {
        owner.get("content").map(|map| self.read_content(map)).unwrap_or_default()
    }

    fn read_content(&mut self, map: Value<'s>) -> Vec<MediaType> {
        let map = self.container(map);
        if !self.spend(map, map.node.len()) {
            return Vec::new();
        }
        let mut out = Vec::with_capacity(map.node.len());
        for (name, value) in map.members().filter(|(_, value)| value.node.is_object()) {
            let def = self.follow(value);
            let encoding = |(property, value): (&str, Value<'_>)| Encoding {
                property: property.to_owned(),
                at: value.at(),
            };
            out.push(MediaType {
                name: name.to_owned(),
                at: def.at(),
                schema: def.get("schema").map(Value::at),
                encodings: def.map("encoding").map(encoding).collect(),
            });
        }
        out
    }
}

/// Adds those parameters of the path item that the operation has none of its own for.
fn inherit(parameters: &mut Vec<Parameter>, inherited: &[Parameter]) {
    let key =
        |parameter: &Parameter| (parameter.place, parameter.name.as_ref().map(|name| name.text.clone()));
    let own: BTreeSet<_> = parameters.iter().map(key).collect();
    let missing = inherited.iter().filter(|parameter| own.is_empty() || !own.contains(&key(parameter)));
    parameters.extend(missing.cloned());
}

/// A list of servers.
pub(super) fn read_servers(list: Value<'_>) -> Vec<Server> {
    let objects = list.items().filter(|server| server.node.is_object());
    let server = |server: Value<'_>| Server {
        at: server.at(),
        url: server.name("url"),
        variables: server.map("variables").map(|(name, value)| Name::new(name, value.at())).collect(),
    };
    objects.map(server).collect()
}

/// A list of security requirements.
pub(super) fn read_security(list: Value<'_>) -> Vec<SecurityRequirement> {
    let objects = list.items().filter(|requirement| requirement.node.is_object());
    let scheme = |(name, scopes): (&str, Value<'_>)| {
        (Name::new(name, scopes.at()), scopes.names().unwrap_or_default())
    };
    let requirement = |requirement: Value<'_>| SecurityRequirement {
        at: requirement.at(),
        schemes: requirement.members().map(scheme).collect(),
    };
    objects.map(requirement).collect()
}

fn parameter_place(name: &str) -> Option<ParameterIn> {
    Some(match name {
        "path" => ParameterIn::Path,
        "query" => ParameterIn::Query,
        "querystring" => ParameterIn::QueryString,
        "header" => ParameterIn::Header,
        "cookie" => ParameterIn::Cookie,
        "body" => ParameterIn::Body,
        "formData" => ParameterIn::FormData,
        _ => return None,
    })
}

/// The body parameter, or the form its form fields make.
fn read_request_v2(
    operation: Value<'_>,
    parameters: &[Parameter],
    has_file: bool,
    shared: &Shared,
) -> Option<Body> {
    let body = parameters.iter().find(|parameter| parameter.place == Some(ParameterIn::Body));
    let form = parameters.iter().find(|parameter| parameter.place == Some(ParameterIn::FormData));
    let parameter = body.or(form)?;
    let schema = body.and_then(|parameter| parameter.schema);
    let consumes = operation.get("consumes").and_then(Value::names);
    let consumes = consumes.as_ref().unwrap_or(&shared.consumes);
    let media =
        |name: &str| MediaType { name: name.to_owned(), at: parameter.def, schema, encodings: Vec::new() };
    let fits = |name: &&Name| body.is_some() || FORM_MEDIA_TYPES.contains(&name.as_str());
    let mut content: Vec<MediaType> = consumes.iter().filter(fits).map(|name| media(name.as_str())).collect();
    if content.is_empty() {
        let [encoded, multipart] = FORM_MEDIA_TYPES;
        content.push(media(match body {
            Some(_) => ANY_MEDIA_TYPE,
            None if has_file => multipart,
            None => encoded,
        }));
    }
    Some(Body { at: parameter.at, def: parameter.def, required: parameter.required, content })
}

/// Media types of forms.
const FORM_MEDIA_TYPES: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/// What stands for the media type where Swagger 2 names none.
const ANY_MEDIA_TYPE: &str = "*/*";

/// One media type for each that is produced; none if the response has no body.
fn content_v2(operation: Value<'_>, key: &str, default: &[Name], response: Value<'_>) -> Vec<MediaType> {
    let Some(schema) = response.get("schema").map(Value::at) else { return Vec::new() };
    let own = operation.get(key).and_then(Value::names);
    let names = own.as_deref().unwrap_or(default);
    let media = |name: &str| MediaType {
        name: name.to_owned(),
        at: response.at(),
        schema: Some(schema),
        encodings: Vec::new(),
    };
    if names.is_empty() {
        return vec![media(ANY_MEDIA_TYPE)];
    }
    names.iter().map(|name| media(name.as_str())).collect()
}

/// The schema of the first media type that is JSON and has one.
fn json_schema(content: &[MediaType]) -> Option<At> {
    content.iter().filter(|media| is_json(&media.name)).find_map(|media| media.schema)
}
