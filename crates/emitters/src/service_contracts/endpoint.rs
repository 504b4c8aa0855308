//! One endpoint while it is put together, and its JSON.

use serde_json::{Map, Value, json};

/// A parameter of the service method, and where the route takes it from.
#[derive(Debug, Clone)]
pub(super) struct Argument {
    /// Name in the signature.
    pub(super) name: String,
    /// Expression of the route.
    pub(super) source: String,
    /// Whether the caller may leave it out.
    pub(super) optional: bool,
}

impl Argument {
    pub(super) fn new(name: impl Into<String>, source: impl Into<String>) -> Self {
        Self { name: name.into(), source: source.into(), optional: false }
    }

    /// A property of the body.
    pub(super) fn body(name: &str, optional: bool) -> Self {
        Self { name: name.to_owned(), source: format!("req.body.{name}"), optional }
    }

    /// A query parameter, which may always be left out.
    pub(super) fn query(name: &str) -> Self {
        Self { name: name.to_owned(), source: format!("req.query.{name}"), optional: true }
    }
}

/// What an upload accepts.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) mime_types: Vec<String>,
    pub(super) size_mb_max: u64,
    pub(super) config_source: Option<String>,
}

/// One endpoint.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) deferred: bool,
    pub(super) route_file: String,
    pub(super) service_file: String,
    pub(super) method_name: String,
    pub(super) arguments: Vec<Argument>,
    pub(super) purpose: String,
    /// `public`, `required`.
    pub(super) public: bool,
    pub(super) role: Option<String>,
    /// The guard of the parent or the resource itself, such as `validateProjectAccess`.
    pub(super) guard: Option<String>,
    pub(super) token_path: Option<&'static str>,
    pub(super) upload: Option<Upload>,
    pub(super) crud: Option<&'static str>,
    pub(super) notes: Vec<String>,
    pub(super) side_effects: Vec<String>,
    /// Values of enum columns among the body's properties.
    pub(super) enums: Vec<(String, Vec<String>)>,
}

impl Endpoint {
    /// An endpoint without parameters that needs a signed-in caller.
    pub(super) fn new(method: &'static str, path: impl Into<String>, name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            method,
            path: path.into(),
            deferred: false,
            route_file: String::new(),
            service_file: String::new(),
            purpose: name.clone(),
            method_name: name,
            arguments: Vec::new(),
            public: false,
            role: None,
            guard: None,
            token_path: None,
            upload: None,
            crud: None,
            notes: Vec::new(),
            side_effects: Vec::new(),
            enums: Vec::new(),
        }
    }

    pub(super) fn is_deferred(&self) -> bool {
        self.deferred
    }

    fn reads_body(&self) -> bool {
        self.arguments.iter().any(|argument| argument.source.starts_with("req.body"))
    }

    /// Guards first: nothing of the body is read before the caller may send it. The upload parser
    /// comes last but for the validation of what it parsed.
    fn middleware(&self) -> Vec<String> {
        let mut out = Vec::new();
        if !self.public {
            out.push("authenticate".to_owned());
        }
        if self.role.is_some() {
            out.push("requireRole".to_owned());
        }
        out.extend(self.guard.clone());
        if self.upload.is_some() {
            out.push("multerUpload".to_owned());
        }
        if self.reads_body() {
            out.push("validateBody".to_owned());
        }
        out
    }

    fn signature(&self) -> String {
        let names = self.arguments.iter().map(|argument| {
            let mark = if argument.optional { "?" } else { "" };
            format!("{}{mark}", argument.name)
        });
        format!("{}({})", self.method_name, names.collect::<Vec<_>>().join(", "))
    }

    /// The endpoint as it stands in the document.
    pub(super) fn to_json(&self) -> Value {
        let mut out = Map::new();
        out.insert("path".into(), json!(self.path));
        out.insert("method".into(), json!(self.method));
        out.insert("status".into(), json!(if self.deferred { "deferred" } else { "required" }));
        out.insert("routeFile".into(), json!(self.route_file));
        out.insert("middleware".into(), json!(self.middleware()));
        out.insert("authentication".into(), json!(if self.public { "public" } else { "required" }));
        if let Some(path) = self.token_path {
            out.insert("responseTokenPath".into(), json!(path));
        }
        if let Some(upload) = &self.upload {
            out.insert("allowedMimeTypes".into(), json!(upload.mime_types));
            out.insert("maxSizeMb".into(), json!(upload.size_mb_max));
            if let Some(source) = &upload.config_source {
                out.insert("configSource".into(), json!(source));
            }
        }
        out.insert("serviceContract".into(), self.contract());
        Value::Object(out)
    }

    fn contract(&self) -> Value {
        let mut out = Map::new();
        out.insert("serviceFile".into(), json!(self.service_file));
        out.insert("methodName".into(), json!(self.method_name));
        out.insert("signature".into(), json!(self.signature()));
        let sources: Vec<&str> = self.arguments.iter().map(|argument| argument.source.as_str()).collect();
        out.insert("routeArgs".into(), json!(sources));
        out.insert("purpose".into(), json!(self.purpose));
        out.insert("authRequired".into(), json!(!self.public));
        if !self.public {
            out.insert("mustUseAuth".into(), json!(true));
        }
        out.insert("rbac".into(), json!(self.role));
        out.insert("fileUpload".into(), json!(self.upload.is_some()));
        if matches!(self.method, "POST" | "PUT" | "PATCH") {
            out.insert("acceptsBody".into(), json!(self.reads_body()));
        }
        if let Some(crud) = self.crud {
            out.insert("crudOperation".into(), json!(crud));
        }
        if !self.enums.is_empty() {
            let properties: Map<String, Value> =
                self.enums.iter().map(|(name, values)| (name.clone(), json!({ "enum": values }))).collect();
            out.insert("bodySchema".into(), json!({ "type": "object", "properties": properties }));
        }
        if !self.side_effects.is_empty() {
            out.insert("sideEffects".into(), json!(self.side_effects));
        }
        if !self.notes.is_empty() {
            out.insert("notes".into(), json!(self.notes.join(" ")));
        }
        Value::Object(out)
    }
}
