//! The graph as a few lines of text.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

use std::fmt::Write as _;

use tenon_graph::{
    Governance, Graph, HttpApi, MediaType, Name, Operation, Parameter, Response, SecurityRequirement, Server,
};
use tenon_source::{At, Finding};

/// One section of the outline.
pub fn section(name: &str, graph: &Graph, findings: &[Finding]) -> String {
    let dump = Dump { graph };
    let mut out = String::new();
    match name {
        "document" => graph.apis.iter().for_each(|api| dump.api(api, &mut out)),
        "asyncapi" => graph.async_apis.iter().for_each(|api| dump.async_api(api, &mut out)),
        "operations" => graph.operations.iter().for_each(|operation| dump.operation(operation, &mut out)),
        "governance" => dump.governance(&mut out),
        "events" => graph.events.iter().for_each(|event| dump.event(event, &mut out)),
        "schemas" => graph.schemas.iter().for_each(|schema| {
            let place = dump.place(schema.at);
            out += &format!("{place} {:?} {:?}\n", schema.dialect, schema.role);
        }),
        "references" => graph.references.iter().for_each(|reference| {
            let target = match &reference.target {
                Ok(at) => dump.place(*at),
                Err(problem) => format!("{problem:?}"),
            };
            out += &format!("{} -> {target}\n", dump.place(reference.at));
        }),
        "examples" => graph.examples.iter().for_each(|example| {
            let request = match example.request {
                Some(true) => " in a request",
                Some(false) => " in a response",
                None => "",
            };
            let (value, schema) = (dump.place(example.value), dump.place(example.schema));
            out += &format!("{value} follows {schema} {:?} {:?}{request}\n", example.of, example.dialect);
        }),
        "findings" => findings.iter().for_each(|finding| dump.finding(finding, &mut out)),
        _ => panic!("a case has no section `{name}`"),
    }
    out
}

pub(super) struct Dump<'g> {
    pub(super) graph: &'g Graph,
}

impl Dump<'_> {
    fn event(&self, event: &tenon_graph::Event, out: &mut String) {
        let word = |word: &Option<Name>| word.as_ref().map_or("-".to_owned(), |word| word.text.clone());
        let payload = match &event.payload_schema {
            Some(Ok(at)) => self.place(*at),
            Some(Err(name)) => format!("missing {}", name.text),
            None => "-".to_owned(),
        };
        let minimum: Vec<&str> = event.minimum_fields.iter().map(Name::as_str).collect();
        let (delivery, key) = (word(&event.delivery), word(&event.deduplication_key));
        let ordering = word(&event.ordering);
        *out += &format!(
            "{}: payload {payload}, minimum {minimum:?}, {delivery}, {key}, {ordering}\n",
            event.name.text
        );
    }

    pub(super) fn place(&self, at: At) -> String {
        let pointer = self.graph.node(at).pointer();
        let file = self.graph.sources.get(at.file).unwrap();
        match at.file.0 {
            0 => format!("#{pointer}"),
            _ => format!("{}#{pointer}", file.path),
        }
    }

    fn finding(&self, finding: &Finding, out: &mut String) {
        let file = self.graph.sources.get(finding.place.file).unwrap();
        let at = file.locate(finding.place.span.start);
        writeln!(out, "{}:{}:{} {} {}", file.path, at.line, at.column, finding.code.id, finding.message)
            .unwrap();
        for related in &finding.related {
            let file = self.graph.sources.get(related.place.file).unwrap();
            let at = file.locate(related.place.span.start);
            writeln!(out, "  {}:{}:{} {}", file.path, at.line, at.column, related.message).unwrap();
        }
        if let Some(help) = &finding.help {
            writeln!(out, "  help: {help}").unwrap();
        }
    }

    fn api(&self, api: &HttpApi, out: &mut String) {
        *out += &format!("{:?} info={}\n", api.version, api.info.map_or("none".into(), |at| self.place(at)));
        self.servers(&api.servers, "", out);
        for tag in &api.tags {
            *out += &format!("tag {}{}\n", tag.name.text, if tag.described { ", described" } else { "" });
        }
        self.security(api.security.as_deref(), "", out);
        for scheme in &api.security_schemes {
            let kind = scheme.kind.as_ref().map_or("?", Name::as_str);
            *out += &format!("scheme {} {kind}", scheme.name);
            if let Some(scopes) = &scheme.scopes {
                *out += &format!(" {}", list(scopes));
            }
            *out += &self.defined(scheme.at, scheme.def);
            out.push('\n');
        }
        for component in &api.components {
            *out += &format!("component {} {}\n", component.kind.as_str(), component.name);
        }
        for (word, items) in [("path", &api.paths), ("webhook", &api.webhooks)] {
            for item in items {
                *out += &format!("{word} {} with {} operations", item.name.text, item.operation_count);
                *out += &self.defined(item.at, item.def);
                out.push('\n');
                self.servers(&item.servers, "  ", out);
                item.parameters.iter().for_each(|parameter| self.parameter(parameter, out));
            }
        }
    }

    fn servers(&self, servers: &[Server], indent: &str, out: &mut String) {
        for server in servers {
            let url = server.url.as_ref().map_or("?", Name::as_str);
            *out += &format!("{indent}server {url}");
            if !server.variables.is_empty() {
                *out += &format!(" {}", list(&server.variables));
            }
            out.push('\n');
        }
    }

    fn security(&self, security: Option<&[SecurityRequirement]>, indent: &str, out: &mut String) {
        let Some(requirements) = security else { return };
        if requirements.is_empty() {
            *out += &format!("{indent}security none\n");
        }
        for requirement in requirements {
            let schemes = requirement.schemes.iter();
            let schemes: Vec<String> =
                schemes.map(|(name, scopes)| format!("{} {}", name.text, list(scopes))).collect();
            *out += &format!("{indent}security {}\n", schemes.join(" and "));
        }
    }

    fn operation(&self, operation: &Operation, out: &mut String) {
        let id = operation.id.as_ref().map_or("-", Name::as_str);
        *out += &format!("{} {id} {:?}", operation.label(), operation.kind);
        for (word, text) in [("summary", &operation.summary), ("description", &operation.description)] {
            if let Some(text) = text {
                *out += &format!(" {word}={:?}", text.text);
            }
        }
        let detail = &operation.detail;
        if detail.deprecated {
            *out += " deprecated";
        }
        if !detail.tags.is_empty() {
            *out += &format!(" tags={}", list(&detail.tags));
        }
        *out += &format!(" at {}\n", self.place(operation.at));
        self.servers(&detail.servers, "  ", out);
        self.security(detail.security.as_deref(), "  ", out);
        detail.parameters.iter().for_each(|parameter| self.parameter(parameter, out));
        if let Some(body) = &detail.request {
            let required = if body.required { " required" } else { "" };
            *out += &format!("  request{required}{}\n", self.defined(body.at, body.def));
            self.content(&body.content, out);
        }
        detail.responses.iter().for_each(|response| self.response(response, out));
        for (word, schema) in [("takes", &operation.request_schema), ("gives", &operation.response_schema)] {
            if let Some(Ok(at)) = schema {
                *out += &format!("  {word} {}\n", self.place(*at));
            }
        }
    }

    fn parameter(&self, parameter: &Parameter, out: &mut String) {
        let place = parameter.place.map_or("?".to_owned(), |place| format!("{place:?}"));
        let name = parameter.name.as_ref().map_or("?", Name::as_str);
        *out += &format!("  parameter {place} {name}");
        for (is, word) in [(parameter.required, "required"), (parameter.inherited, "inherited")] {
            if is {
                *out += &format!(" {word}");
            }
        }
        if let Some(schema) = parameter.schema {
            *out += &format!(" schema={}", self.place(schema));
        }
        *out += &self.defined(parameter.at, parameter.def);
        out.push('\n');
        self.content(&parameter.content, out);
    }

    fn response(&self, response: &Response, out: &mut String) {
        *out += &format!("  response {}{}\n", response.status, self.defined(response.at, response.def));
        for header in &response.headers {
            let schema = header.schema.map_or("none".into(), |at| self.place(at));
            let defined = self.defined(header.at, header.def);
            *out += &format!("    header {} schema={schema}{defined}\n", header.name);
        }
        self.content(&response.content, out);
        for link in &response.links {
            *out += &format!("    link {}{}\n", link.name, self.defined(link.at, link.def));
        }
    }

    fn content(&self, content: &[MediaType], out: &mut String) {
        for media in content {
            let schema = media.schema.map_or("none".into(), |at| self.place(at));
            *out += &format!("    {} schema={schema}", media.name);
            for encoding in &media.encodings {
                *out += &format!(" encoding of {}", encoding.property);
            }
            out.push('\n');
        }
    }

    pub(super) fn defined(&self, at: At, def: At) -> String {
        if at == def { String::new() } else { format!(" defined at {}", self.place(def)) }
    }

    fn governance(&self, out: &mut String) {
        for contract in &self.graph.contracts {
            let text = |name: &Option<Name>| name.as_ref().map_or("-".to_owned(), |name| name.text.clone());
            *out += &format!(
                "contract {} {} owner={} tier={} tenant_key={}\n",
                text(&contract.name),
                text(&contract.version),
                text(&contract.owner),
                text(&contract.tier),
                text(&contract.tenant_key)
            );
            for (word, words) in [
                ("actors", &contract.actors),
                ("scopes", &contract.scopes),
                ("rate classes", &contract.rate_classes),
                ("consent scopes", &contract.consent_scopes),
                ("usage dimensions", &contract.usage_dimensions),
            ] {
                if let Some(words) = words {
                    *out += &format!("  {word} {}\n", list(words));
                }
            }
            if let Some(boundary) = &contract.boundary {
                let (forbidden, notify) = (list(&boundary.forbidden), list(&boundary.notify_only));
                *out += &format!("  boundary forbids {forbidden}, only announces {notify}\n");
            }
        }
        for error in &self.graph.errors {
            let grpc = error.grpc_status.as_ref().map_or("-", Name::as_str);
            *out += &format!(
                "error {} {:?} {grpc} retryable={:?}\n",
                error.code.text, error.http_status, error.retryable
            );
        }
        for entity in &self.graph.entities {
            let field = entity.status_field.as_ref().map_or("-", Name::as_str);
            *out += &format!("entity {} {field} {}\n", entity.name.text, list(&entity.states));
            for transition in &entity.transitions {
                *out += &format!("  {} to {}\n", transition.from.text, list(&transition.to));
            }
        }
        for operation in &self.graph.operations {
            *out += &format!("{}\n", operation.label());
            facts(&operation.governance, out);
        }
    }
}

fn facts(facts: &Governance, out: &mut String) {
    if !facts.declared {
        *out += "  nothing declared\n";
    }
    if let Some(required) = facts.auth_required {
        *out += &format!("  auth required={required}\n");
    }
    for (word, words) in [
        ("actors", &facts.actors),
        ("scopes", &facts.scopes),
        ("reason codes", &facts.reason_codes),
        ("emits", &facts.emits),
        ("side effects", &facts.side_effects),
    ] {
        if let Some(words) = words {
            *out += &format!("  {word} {}\n", list(words));
        }
    }
    for (word, name) in [
        ("role", &facts.role),
        ("rate class", &facts.rate_class),
        ("facade of", &facts.facade_of),
        ("entity", &facts.entity),
        ("tier", &facts.tier),
        ("owner", &facts.owner),
    ] {
        if let Some(name) = name {
            *out += &format!("  {word} {}\n", name.text);
        }
    }
    if let Some(tenancy) = &facts.tenancy {
        let source = tenancy.source.as_ref().map_or("-", Name::as_str);
        *out += &format!("  tenancy scoped={} source={source}\n", tenancy.scoped);
    }
    if let Some(idempotency) = &facts.idempotency {
        let text = |name: &Option<Name>| name.as_ref().map_or("-".to_owned(), |name| name.text.clone());
        *out += &format!(
            "  idempotency required={} key={} scope={} window={} conflict={}\n",
            idempotency.required,
            text(&idempotency.key),
            text(&idempotency.scope),
            text(&idempotency.window),
            text(&idempotency.conflict)
        );
    }
    if let Some(consent) = &facts.consent {
        *out += &format!("  consent {}\n", list(&consent.scopes));
    }
    if let Some(usage) = &facts.usage {
        let dimension = usage.dimension.as_ref().map_or("-", Name::as_str);
        *out += &format!("  usage {dimension} billable={:?}\n", usage.billable);
    }
}

pub(super) fn list(names: &[Name]) -> String {
    format!("[{}]", names.iter().map(Name::as_str).collect::<Vec<_>>().join(" "))
}
