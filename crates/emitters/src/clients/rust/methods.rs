//! The calls in Rust.

use std::fmt::Write as _;

use super::{Package, TAKEN, doc, members, string};
use crate::clients::model::{
    Api, Body, Call, Cursor, Encoding, KeyPlace, Paging, Place, Presence, Style, Type,
};
use crate::clients::names::{Names, pascal, snake, words};

pub(super) fn client(package: &Package<'_>) -> String {
    let api = package.api;
    let mut names = Names::without(&[TAKEN, &["new", "events"]].concat());
    let pages = |call: &Call| if call.paging.is_some() { &["_pages", "_items"][..] } else { &[] };
    let given: Vec<String> =
        api.calls.iter().map(|call| names.give_all(&snake(&call.words), "_", pages(call))).collect();
    let mut out = String::from(
        "use crate::models as m;\nuse crate::runtime::{\n    value_of, CallOptions, Catalogue, ClientOptions, Content, Error, Items, Pages, Plan, Reply, Stream, Transport,\n};\n",
    );
    let mut structs = Names::without(&[
        "CallOptions",
        "Catalogue",
        "Client",
        "ClientOptions",
        "Content",
        "Error",
        "ErrorCode",
        "Events",
        "Int64",
        "Items",
        "Pages",
        "Plan",
        "Refusal",
        "Reply",
        "Stream",
        "Token",
        "Transport",
        "Uint64",
    ]);
    let mut params: Vec<Option<String>> = Vec::new();
    for (call, name) in api.calls.iter().zip(&given) {
        params.push(match call.parameters.is_empty() {
            true => None,
            false => Some(structs.give(&format!("{}Params", pascal(&words(name))), "_")),
        });
    }
    for (call, params) in api.calls.iter().zip(&params) {
        if let Some(params) = params {
            parameters(&mut out, package, call, params);
        }
    }
    catalogue(&mut out, api);
    for (number, call) in api.calls.iter().enumerate() {
        plan(&mut out, call, number);
    }
    out.push('\n');
    doc(&mut out, "", &format!("{}\n\n{}", api.name, api.description));
    out.push_str("pub struct Client {\n    transport: Transport,\n}\n\nimpl Client {\n    /// A client.\n    ///\n    /// # Errors\n    /// When the base URL is none.\n");
    out.push_str("    pub fn new(options: ClientOptions) -> Result<Self, Error> {\n        Ok(Self { transport: Transport::new(options, &CATALOGUE)? })\n    }\n");
    for (number, ((call, name), params)) in api.calls.iter().zip(&given).zip(&params).enumerate() {
        method(&mut out, package, call, (name, params.as_deref(), number));
    }
    if !api.events.is_empty() {
        out.push_str("\n    /// Events as they happen, or from after a cursor on. Goes on by itself where the stream was cut: without a gap.\n");
        out.push_str("    pub fn events<'t>(&'t self, types: &[&str], after: Option<&str>, options: &CallOptions) -> impl Iterator<Item = Result<m::Event, Error>> + use<'t> {\n");
        out.push_str("        self.transport.events(types, after, options).map(|event| {\n            let (cursor, value) = event?;\n            m::event(cursor, value).map_err(|error| Error::Decode(error.to_string()))\n        })\n    }\n");
    }
    out.push_str("}\n");
    out
}

/// The names of a call's parameters, in their order.
fn parameter_names(call: &Call) -> Vec<String> {
    let mut names = Names::without(TAKEN);
    call.parameters.iter().map(|one| names.give(&snake(&words(&one.wire)), "_")).collect()
}

fn parameters(out: &mut String, package: &Package<'_>, call: &Call, params: &str) {
    out.push('\n');
    doc(out, "", &format!("Parameters of {}.", call.id));
    let is_free = call.parameters.iter().all(|one| !one.required);
    let derived = if is_free { ", Default" } else { "" };
    let _ = write!(out, "#[derive(Debug, Clone{derived})]\npub struct {params} {{\n");
    let names = parameter_names(call);
    let mut needed = Vec::new();
    for (one, name) in call.parameters.iter().zip(&names) {
        let ty = package.typed(&one.ty, "m::", None);
        doc(out, "    ", &one.doc);
        match one.required {
            true => {
                let _ = writeln!(out, "    pub {name}: {ty},");
                needed.push((name, ty));
            }
            false => {
                let _ = writeln!(out, "    pub {name}: Option<{ty}>,");
            }
        }
    }
    out.push_str("}\n");
    if is_free {
        return;
    }
    let arguments: Vec<String> = needed
        .iter()
        .map(|(name, ty)| match ty.as_str() {
            "String" => format!("{name}: impl Into<String>"),
            _ => format!("{name}: {ty}"),
        })
        .collect();
    let _ = write!(
        out,
        "\nimpl {params} {{\n    /// With what must be given.\n    #[must_use]\n    pub fn new({}) -> Self {{\n        Self {{\n",
        arguments.join(", ")
    );
    for (one, name) in call.parameters.iter().zip(&names) {
        let is_text = needed.iter().any(|(known, ty)| *known == name && ty == "String");
        let _ = match (one.required, is_text) {
            (true, true) => writeln!(out, "            {name}: {name}.into(),"),
            (true, false) => writeln!(out, "            {name},"),
            (false, _) => writeln!(out, "            {name}: None,"),
        };
    }
    out.push_str("        }\n    }\n}\n");
}

fn ways(ways: &[Vec<String>]) -> String {
    let all: Vec<String> = ways.iter().map(|way| way_of(way)).collect();
    format!("&[{}]", all.join(", "))
}

fn way_of(way: &[String]) -> String {
    let all: Vec<String> = way.iter().map(|text| string(text)).collect();
    format!("&[{}]", all.join(", "))
}

fn option(text: Option<&str>) -> String {
    text.map_or("None".to_owned(), |text| format!("Some({})", string(text)))
}

fn catalogue(out: &mut String, api: &Api) {
    let shape = &api.error_shape;
    out.push_str("\nstatic CATALOGUE: Catalogue = Catalogue {\n");
    for (name, all) in [
        ("code", &shape.code),
        ("message", &shape.message),
        ("retryable", &shape.retryable),
        ("details", &shape.details),
    ] {
        let _ = writeln!(out, "    {name}: {},", ways(all));
    }
    let _ = writeln!(out, "    tenant_header: {},", option(api.tenant_header.as_deref()));
    let _ = writeln!(out, "    correlation_header: {},", string(&api.correlation_header));
    let _ = writeln!(out, "    client: {},", string(&crate::clients::client_id(api, "rust")));
    let _ = writeln!(out, "    contract: {},\n}};", string(&format!("sha256:{}", api.fingerprint)));
}

fn plan(out: &mut String, call: &Call, number: usize) {
    let parameters: Vec<String> = call
        .parameters
        .iter()
        .map(|one| {
            let place = match one.place {
                Place::Path => "path",
                Place::Query => "query",
                Place::Header => "header",
                Place::Cookie => "cookie",
            };
            let style = match one.style {
                Style::Repeated => "repeated",
                Style::Comma => "comma",
                Style::Deep => "deep",
                Style::Json => "json",
            };
            format!("({}, \"{place}\", \"{style}\")", string(&one.wire))
        })
        .collect();
    let (body, media) = match &call.body {
        Some(body) => (encoding(body.encoding), body.media.as_str()),
        None => ("", ""),
    };
    let (header, field) = match &call.key {
        Some(KeyPlace::Header(name)) => (Some(name.as_str()), None),
        Some(KeyPlace::Field(name)) => (None, Some(name.as_str())),
        None => (None, None),
    };
    let answer = if call.answer.ty == Type::Void { "void" } else { encoding(call.answer.encoding) };
    let _ = write!(
        out,
        "\nconst PLAN_{number}: Plan = Plan {{\n    id: {},\n    method: {},\n    path: {},\n    parameters: &[{}],\n    \
         body: \"{body}\",\n    media: {},\n    answer: \"{answer}\",\n    accept: {},\n    key_header: {},\n    key_field: {},\n    \
         repeatable: {},\n    tenant: {},\n}};\n",
        string(&call.id),
        string(&call.method),
        string(&call.path),
        parameters.join(", "),
        string(media),
        string(&call.answer.accept),
        option(header),
        option(field),
        call.repeatable,
        call.tenant,
    );
}

fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Json => "json",
        Encoding::Form => "form",
        Encoding::Multipart => "multipart",
        Encoding::Text => "text",
        Encoding::Raw => "raw",
    }
}

/// The type of an argument that is the body, and what makes content of it.
fn content(package: &Package<'_>, body: &Body) -> (String, String) {
    let (ty, made) = match body.encoding {
        Encoding::Raw => ("[u8]".to_owned(), "Content::Bytes(body.to_vec())".to_owned()),
        Encoding::Multipart => ("serde_json::Value".to_owned(), "Content::Json(body.clone())".to_owned()),
        _ => (package.typed(&body.ty, "m::", None), "Content::Json(value_of(body)?)".to_owned()),
    };
    match body.required {
        true => (format!("&{ty}"), made),
        false => {
            let made = format!("match body {{ Some(body) => {made}, None => Content::Nothing }}");
            (format!("Option<&{ty}>"), made)
        }
    }
}

fn method(
    out: &mut String,
    package: &Package<'_>,
    call: &Call,
    (name, params, number): (&str, Option<&str>, usize),
) {
    let mut arguments = String::new();
    if let Some(params) = params {
        let _ = write!(arguments, "params: &{params}, ");
    }
    let made = call.body.as_ref().map(|body| content(package, body));
    if let Some((ty, _)) = &made {
        let _ = write!(arguments, "body: {ty}, ");
    }
    let made = made.map_or("Content::Nothing".to_owned(), |(_, made)| made);
    // Bytes are what came, and need no reading.
    let ty = package.typed(&call.answer.ty, "m::", None);
    out.push('\n');
    doc(out, "    ", &said(call));
    if let Some(streaming) = &call.streaming {
        let resume = streaming.resume.as_ref();
        let resume = resume
            .map_or("None".to_owned(), |(one, other)| format!("Some(({}, {}))", string(one), string(other)));
        let _ = write!(
            out,
            "    ///\n    /// # Errors\n    /// When the request cannot be written.\n    \
             pub fn {name}(&self, {arguments}options: &CallOptions) -> Result<Stream<'_, {ty}>, Error> {{\n        \
             Ok(self.transport.stream(PLAN_{number}, value_of(body)?, {resume}, options))\n    }}\n"
        );
        return;
    }
    let values: Vec<String> =
        parameter_names(call).iter().map(|name| format!("value_of(&params.{name})?")).collect();
    let values = format!("&[{}]", values.join(", "));
    let called = format!("self.transport.call(&PLAN_{number}, {values}, {made}, options)");
    let called = match &call.token {
        None => called,
        Some(way) => format!(
            "let reply = {called}?;\n        self.transport.adopt(&PLAN_{number}, &reply, {})?;\n        Ok(reply)",
            way_of(way)
        ),
    };
    let _ = write!(
        out,
        "    ///\n    /// # Errors\n    /// When it is refused, or no answer comes.\n    \
         pub fn {name}(&self, {arguments}options: &CallOptions) -> Result<Reply<{ty}>, Error> {{\n        {called}\n    }}\n"
    );
    if let Some(paging) = &call.paging {
        paged(out, package, call, paging, (name, &arguments, &ty));
    }
}

fn said(call: &Call) -> String {
    let mut out = if call.doc.is_empty() { call.id.clone() } else { call.doc.clone() };
    if !call.codes.is_empty() {
        let _ = write!(out, "\n\nRefuses with: {}.", call.codes.join(", "));
    }
    if call.token.is_some() {
        out.push_str("\n\nThe calls after it have the token of its answer.");
    }
    if call.deprecated {
        out.push_str("\n\nDeprecated by the contract.");
    }
    out
}

fn paged(
    out: &mut String,
    package: &Package<'_>,
    call: &Call,
    paging: &Paging,
    (name, arguments, ty): (&str, &str, &str),
) {
    let item = package.typed(&paging.item, "m::", None);
    let mut before = String::new();
    let mut passed = String::new();
    if !call.parameters.is_empty() {
        before.push_str("        let params = params.clone();\n");
        passed.push_str("&params, ");
    }
    if let Some(body) = &call.body {
        match body.required {
            true => {
                before.push_str("        let body = body.clone();\n");
                passed.push_str("&body, ");
            }
            false => {
                before.push_str("        let body = body.cloned();\n");
                passed.push_str("body.as_ref(), ");
            }
        }
    }
    let set = match &paging.cursor {
        Cursor::Query(wire) => {
            let names = parameter_names(call);
            let mut all = call.parameters.iter().zip(&names);
            all.find(|(one, _)| one.place == Place::Query && one.wire == *wire).map(|(one, name)| {
                let value = if one.required { "cursor.to_owned()" } else { "Some(cursor.to_owned())" };
                format!("let mut params = params.clone();\n            if let Some(cursor) = cursor {{\n                params.{name} = {value};\n            }}\n            ")
            })
        }
        Cursor::Field(wire) => call.body.as_ref().and_then(|body| {
            let (_, fields) = package.api.fields(&body.ty)?;
            let names = members(fields);
            let (field, name) = fields.iter().zip(&names).find(|(field, _)| field.wire == *wire)?;
            let value = if field.presence == Presence::Optional { "Some(cursor.to_owned())" } else { "cursor.to_owned()" };
            Some(format!("let mut body = body.clone();\n            if let Some(cursor) = cursor {{\n                body.{name} = {value};\n            }}\n            "))
        }),
    };
    let set = set.unwrap_or_default();
    let _ = write!(
        out,
        "\n    /// The pages of `{name}`, one after the other.\n    pub fn {name}_pages(&self, {arguments}options: &CallOptions) -> Pages<'_, {ty}> {{\n{before}        \
         let options = options.clone();\n        Pages::new({next}, move |cursor| {{\n            {set}self.{name}({passed}&options)\n        }})\n    }}\n\
         \n    /// The items of all pages of `{name}`.\n    pub fn {name}_items(&self, {arguments}options: &CallOptions) -> Items<'_, {ty}, {item}> {{\n        \
         Items::new(self.{name}_pages({given}options), {way})\n    }}\n",
        next = way_of(&paging.next),
        way = way_of(&paging.items),
        given = arguments
            .split(", ")
            .filter_map(|one| one.split_once(": "))
            .map(|(name, _)| format!("{name}, "))
            .collect::<String>(),
    );
}
