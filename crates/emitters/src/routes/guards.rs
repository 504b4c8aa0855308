//! Middleware: what each name in a contract stands for, and the files that have it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tenon_graph::service::{ServiceEndpoint, TENANT_PARAMETERS};
use tenon_graph::{Graph, Name, Operation};

use super::words::{is_identifier, quoted};
use crate::inline::inlined;

/// Names of the middleware that tells who calls.
const AUTHENTICATION: &[&str] = &[
    "authenticate",
    "requireAuth",
    "requireAuthentication",
    "authMiddleware",
    "isAuthenticated",
    "authenticateToken",
    "authenticateJwt",
    "ensureAuthenticated",
];

/// Names of the middleware that validates a body.
const BODY: &[&str] = &["validateBody", "validateInput", "validate"];

/// What a known name of middleware does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Authentication,
    Role,
    Body,
    Upload,
    Rate,
}

/// One entry of a route's middleware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guard {
    /// The name that is imported.
    pub(super) name: String,
    /// What stands in the route after the name: a member or arguments.
    pub(super) call: String,
}

/// Every middleware that routes name.
#[derive(Default)]
pub(super) struct Guards {
    /// Those that are written as a whole.
    pub(super) known: BTreeMap<Kind, BTreeSet<String>>,
    /// Guards of tenants: the parameter of the path that each compares.
    pub(super) tenants: BTreeMap<String, String>,
    /// Those of which the contract has the name alone.
    pub(super) others: BTreeSet<String>,
    /// What readers of the contract should know.
    pub(super) notes: Vec<String>,
}

impl Guards {
    /// The middleware of an endpoint, in its order.
    ///
    /// # Errors
    /// Why it cannot be written, as a clause.
    pub(super) fn of(
        &mut self,
        graph: &Graph,
        operation: &Operation,
        service: &ServiceEndpoint,
        path: &str,
        fields: &[&str],
    ) -> Result<Vec<Guard>, String> {
        let entries = service.middleware.as_ref().ok_or("it has no `middleware`")?;
        let names: Vec<&str> = entries.iter().map(bare).collect();
        if let Some(odd) = names.iter().find(|name| !is_identifier(name)) {
            return Err(format!("`{}` in `middleware` is no name", odd.escape_debug()));
        }
        let endpoint = Facts { graph, operation, service, path, fields };
        let calls: Result<Vec<(Option<Kind>, String)>, String> =
            names.iter().map(|name| endpoint.call(name)).collect();
        let mut out = Vec::new();
        for (name, (kind, call)) in names.iter().zip(calls?) {
            self.keep(name, kind, &endpoint);
            out.push(Guard { name: (*name).to_owned(), call });
        }
        self.tell(&names, &endpoint);
        Ok(out)
    }

    /// Keeps what a name is written as.
    fn keep(&mut self, name: &str, kind: Option<Kind>, endpoint: &Facts<'_>) {
        if let Some(kind) = kind {
            self.known.entry(kind).or_default().insert(name.to_owned());
        } else if let Some(own) = tenant_parameter(name) {
            let in_path = endpoint.tenant().unwrap_or(&own).to_owned();
            let compared = self.tenants.entry(name.to_owned()).or_insert(in_path);
            if !endpoint.parameters().any(|parameter| parameter == compared) {
                self.notes.push(format!(
                    "{}: `{name}` compares `{compared}`, which is not in the path: it refuses every call",
                    endpoint.operation.label()
                ));
            }
        } else {
            self.others.insert(name.to_owned());
        }
    }

    /// Notes where the middleware holds less than the contract says.
    fn tell(&mut self, names: &[&str], endpoint: &Facts<'_>) {
        let label = endpoint.operation.label();
        let is_open = matches!(endpoint.authentication(), "public" | "optional");
        if !is_open && !names.iter().any(|name| AUTHENTICATION.contains(name)) {
            self.notes.push(format!("{label}: not public, but nothing in its `middleware` authenticates"));
        }
        if names.contains(&"rateLimit") && endpoint.rate().is_none() {
            self.notes.push(format!("{label}: `rateLimit` has no `rateLimits`: the usual figures are taken"));
        }
        if endpoint.service.rbac.is_none() && names.contains(&"requireRole") {
            self.notes.push(format!("{label}: `requireRole` has no `rbac`: it refuses every call"));
        }
    }
}

/// What is known of the endpoint that middleware belongs to.
struct Facts<'g> {
    graph: &'g Graph,
    operation: &'g Operation,
    service: &'g ServiceEndpoint,
    path: &'g str,
    /// Fields of the body that must be there.
    fields: &'g [&'g str],
}

impl<'g> Facts<'g> {
    /// What an entry is, and what stands after its name.
    fn call(&self, name: &str) -> Result<(Option<Kind>, String), String> {
        let known = |kind, call: String| Ok((Some(kind), call));
        match name {
            _ if AUTHENTICATION.contains(&name) => {
                let member = match self.authentication() {
                    "public" => ".public",
                    "optional" => ".optional",
                    _ => "",
                };
                known(Kind::Authentication, member.to_owned())
            }
            "requireRole" => {
                let role = self.service.rbac.as_ref().map(|role| quoted(&role.text)).unwrap_or_default();
                known(Kind::Role, format!("({role})"))
            }
            _ if BODY.contains(&name) => known(Kind::Body, format!("({})", literal(&self.body()))),
            "multerUpload" => known(Kind::Upload, format!("({})", literal(&self.upload()?))),
            "rateLimit" => {
                known(Kind::Rate, format!("({})", literal(&self.rate().unwrap_or_else(|| self.usual_rate()))))
            }
            _ => Ok((None, String::new())),
        }
    }

    fn authentication(&self) -> &'g str {
        self.service.authentication.as_ref().map_or("required", Name::as_str)
    }

    fn parameters(&self) -> impl Iterator<Item = &'g str> {
        self.path.split('/').filter_map(|part| part.strip_prefix(':'))
    }

    /// The tenant's id in the path.
    fn tenant(&self) -> Option<&'g str> {
        self.parameters().find(|parameter| TENANT_PARAMETERS.contains(parameter))
    }

    /// The schema of the body: its own, else the fields that the service takes.
    fn body(&self) -> Value {
        match self.service.body_schema {
            Some(at) => inlined(self.graph, at),
            None if self.fields.is_empty() => json!({ "type": "object" }),
            None => json!({ "type": "object", "required": self.fields }),
        }
    }

    fn upload(&self) -> Result<Value, String> {
        let size = self.service.max_size_mb.filter(|size| *size > 0.0);
        let size = size.ok_or("it takes a file, but has no `maxSizeMb`")?;
        let types = self.service.allowed_mime_types.as_ref();
        let types = types.ok_or("it takes a file, but has no `allowedMimeTypes`")?;
        let types: Vec<&str> = types.iter().map(Name::as_str).collect();
        Ok(json!({ "maxSizeMb": number(size), "allowedMimeTypes": types }))
    }

    /// `rateLimits`, a field beside the format.
    fn rate(&self) -> Option<Value> {
        let limits = self.graph.node(self.operation.at).get("rateLimits")?;
        let positive = |key: &str| limits.get(key)?.as_f64().filter(|count| *count > 0.0);
        let (requests, minutes) = (positive("requests")?, positive("windowMinutes")?);
        Some(json!({ "requests": number(requests), "windowMinutes": number(minutes) }))
    }

    /// What is advised where the contract gives no figures.
    fn usual_rate(&self) -> Value {
        let (requests, minutes) = if self.authentication() == "public" { RATE_PUBLIC } else { RATE_USUAL };
        json!({ "requests": requests, "windowMinutes": minutes })
    }
}

/// S4-220, S4-221: what the specification advises for endpoints that anyone may call, and for the others.
const RATE_PUBLIC: (u64, u64) = (5, 60);
const RATE_USUAL: (u64, u64) = (10, 60);

/// The name of an entry, without the arguments of a call.
fn bare(entry: &Name) -> &str {
    entry.text.split('(').next().unwrap_or_default().trim()
}

/// The parameter that a guard of tenants compares: `organisationId` of `validateOrganisationAccess`.
fn tenant_parameter(name: &str) -> Option<String> {
    let word = name.strip_prefix("validate")?.strip_suffix("Access")?;
    let parameter = format!("{}Id", word.to_ascii_lowercase());
    TENANT_PARAMETERS.contains(&parameter.as_str()).then_some(parameter)
}

/// A number without a fraction that says nothing.
fn number(value: f64) -> Value {
    // Sizes and counts of people are far below where whole numbers end.
    if value.fract() == 0.0 && value < 1e15 { json!(value as u64) } else { json!(value) }
}

/// A value as TypeScript has it: keys that are names stand bare.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                // `__proto__` would set the prototype, bare or quoted; computed it is a name.
                let key = match key.as_str() {
                    "__proto__" => format!("[{}]", quoted(key)),
                    _ if is_identifier(key) => key.clone(),
                    _ => quoted(key),
                };
                format!("{key}: {}", literal(value))
            };
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
