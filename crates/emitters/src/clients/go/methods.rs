//! The calls in Go.

use std::fmt::Write as _;

use super::{Package, doc_comment, has_nil, members, parameter_names, string, typed};
use crate::clients::model::{Api, Call, Cursor, Encoding, KeyPlace, Paging, Place, Presence, Style, Type};
use crate::clients::names::{Names, pascal};

pub(super) fn client(package: &mut Package<'_>) -> String {
    let api = package.api;
    let mut names = Names::without(&[]);
    let pages = |call: &Call| if call.paging.is_some() { &["Pages", "Items"][..] } else { &[] };
    if !api.events.is_empty() {
        names.give("Events", "_");
    }
    let given: Vec<String> =
        api.calls.iter().map(|call| names.give_all(&pascal(&call.words), "_", pages(call))).collect();
    let is_iterating = !api.events.is_empty()
        || api.calls.iter().any(|call| call.streaming.is_some() || call.paging.is_some());
    let mut out = String::from("import (\n\t\"context\"\n");
    if is_iterating {
        out.push_str("\t\"iter\"\n");
    }
    out.push_str(")\n\n");
    out.push_str(&doc_comment("", &format!("Client calls {}.", api.name)));
    out.push_str("type Client struct{ transport *transport }\n\n// New is a client.\nfunc New(options Options) (*Client, error) {\n");
    out.push_str("\tt, err := newTransport(options, contract())\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn &Client{t}, nil\n}\n\n");
    catalogue(&mut out, api);
    for (call, name) in api.calls.iter().zip(&given) {
        let params = match call.parameters.is_empty() {
            true => None,
            false => Some(package.names.give(&format!("{name}Params"), "_")),
        };
        method(&mut out, api, call, name, params.as_deref());
    }
    if !api.events.is_empty() {
        out.push_str("\n// Events gives events as they happen, or from after a cursor on, until the caller leaves the loop. It goes\n// on by itself where the stream was cut: without a gap.\n");
        out.push_str("func (c *Client) Events(ctx context.Context, types []EventKind, after string, options ...CallOptions) iter.Seq2[Event, error] {\n");
        out.push_str("\twanted := make([]string, len(types))\n\tfor at, one := range types {\n\t\twanted[at] = string(one)\n\t}\n");
        out.push_str("\treturn func(yield func(Event, error) bool) {\n\t\tfor raw, err := range c.transport.events(ctx, wanted, after, options) {\n");
        out.push_str("\t\t\tvar event Event\n\t\t\tif err == nil {\n\t\t\t\tevent, err = readEvent(raw)\n\t\t\t}\n\t\t\tif !yield(event, err) || err != nil {\n\t\t\t\treturn\n\t\t\t}\n\t\t}\n\t}\n}\n");
    }
    out
}

fn ways(ways: &[Vec<String>]) -> String {
    let all: Vec<String> = ways.iter().map(|way| format!("{{{}}}", list(way))).collect();
    format!("[][]string{{{}}}", all.join(", "))
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| string(text)).collect::<Vec<_>>().join(", ")
}

fn catalogue(out: &mut String, api: &Api) {
    let shape = &api.error_shape;
    out.push_str("func contract() catalogue {\n\tvar out catalogue\n\tout.errors = codes()\n");
    let _ = writeln!(out, "\tout.code = {}", ways(&shape.code));
    let _ = writeln!(out, "\tout.message = {}", ways(&shape.message));
    let _ = writeln!(out, "\tout.retryable = {}", ways(&shape.retryable));
    let _ = writeln!(out, "\tout.details = {}", ways(&shape.details));
    let _ =
        writeln!(out, "\tout.tenantHeader = {}", string(api.tenant_header.as_deref().unwrap_or_default()));
    let _ = writeln!(out, "\tout.correlationHeader = {}", string(&api.correlation_header));
    let _ = writeln!(out, "\tout.client = {}", string(&crate::clients::client_id(api, "go")));
    let _ = writeln!(out, "\tout.contract = {}", string(&format!("sha256:{}", api.fingerprint)));
    out.push_str("\treturn out\n}\n");
}

fn method(out: &mut String, api: &Api, call: &Call, name: &str, params: Option<&str>) {
    let names = parameter_names(call);
    if let Some(params) = params {
        parameters(out, api, call, params, &names);
    }
    out.push('\n');
    plan(out, call, name);
    let mut arguments = vec!["ctx context.Context".to_owned()];
    arguments.extend(params.map(|params| format!("params {params}")));
    let values: Vec<String> = names.iter().map(|name| format!("params.{name}")).collect();
    let values = if values.is_empty() { "nil".to_owned() } else { format!("[]any{{{}}}", values.join(", ")) };
    if let Some(body) = &call.body {
        let ty = match body.encoding {
            Encoding::Raw => "[]byte".to_owned(),
            Encoding::Multipart => "map[string]any".to_owned(),
            _ => typed(api, &body.ty),
        };
        let is_pointer = !body.required && !has_nil(api, &body.ty) && body.encoding != Encoding::Raw;
        let is_pointer = is_pointer && body.encoding != Encoding::Multipart;
        arguments.push(format!("body {}{ty}", if is_pointer { "*" } else { "" }));
    }
    arguments.push("options ...CallOptions".to_owned());
    let arguments = arguments.join(", ");
    let body = if call.body.is_some() { "body" } else { "nil" };
    let ty = typed(api, &call.answer.ty);
    out.push('\n');
    out.push_str(&said(call, name));
    if let Some(streaming) = &call.streaming {
        let resume = streaming.resume.as_ref();
        let resume = resume.map_or("nil".to_owned(), |(one, other)| {
            format!("[]string{{{}, {}}}", string(one), string(other))
        });
        let _ = write!(
            out,
            "func (c *Client) {name}({arguments}) iter.Seq2[{ty}, error] {{\n\t\
             return streamed[{ty}](ctx, c.transport, plan{name}(), {body}, {resume}, options)\n}}\n"
        );
        return;
    }
    let called = format!("call[{ty}](ctx, c.transport, plan{name}(), {values}, {body}, options)");
    let head = format!("func (c *Client) {name}({arguments}) (*Reply[{ty}], error)");
    let _ = match &call.token {
        None => write!(out, "{head} {{\n\treturn {called}\n}}\n"),
        Some(way) => write!(
            out,
            "{head} {{\n\treply, err := {called}\n\t\
             return adopted(c.transport, {}, []string{{{}}}, reply, err)\n}}\n",
            string(&call.id),
            list(way)
        ),
    };
    if let Some(paging) = &call.paging {
        paged(out, api, call, paging, (name, &arguments, &ty, params.is_some()));
    }
}

fn said(call: &Call, name: &str) -> String {
    let mut doc = format!("{name} is {}.", call.id);
    if !call.doc.is_empty() {
        // A line without an end would be a heading.
        let end = if call.doc.trim_end().ends_with(['.', ':', '!', '?', ';', ',']) { "" } else { "." };
        let _ = write!(doc, "\n\n{}{end}", call.doc.trim_end());
    }
    if !call.codes.is_empty() {
        let _ = write!(doc, "\n\nRefuses with: {}.", call.codes.join(", "));
    }
    if call.token.is_some() {
        doc.push_str("\n\nThe calls after it have the token of its answer.");
    }
    if call.deprecated {
        doc.push_str("\n\nDeprecated: by the contract.");
    }
    doc_comment("", &doc)
}

fn parameters(out: &mut String, api: &Api, call: &Call, params: &str, names: &[String]) {
    let _ = write!(
        out,
        "\n{}type {params} struct {{\n",
        doc_comment("", &format!("{params} are parameters of {}.", call.id))
    );
    let mut parts = Vec::new();
    for (one, name) in call.parameters.iter().zip(names) {
        let ty = typed(api, &one.ty);
        let ty = if one.required || has_nil(api, &one.ty) { ty } else { format!("*{ty}") };
        parts.push(format!("{}\t{name} {ty}\n", doc_comment("\t", &one.doc)));
    }
    let _ = writeln!(out, "{}}}", parts.join("\n"));
}

fn plan(out: &mut String, call: &Call, name: &str) {
    let _ = writeln!(
        out,
        "func plan{name}() *plan {{\n\tp := &plan{{answer: \"{}\"}}",
        match call.answer.ty {
            Type::Void => "void",
            _ => encoding(call.answer.encoding),
        }
    );
    let _ = writeln!(
        out,
        "\tp.id, p.method, p.path = {}, {}, {}",
        string(&call.id),
        string(&call.method),
        string(&call.path)
    );
    let _ = writeln!(out, "\tp.accept = {}", string(&call.answer.accept));
    for one in &call.parameters {
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
        let wire = string(&one.wire);
        let _ = writeln!(out, "\tp.params = append(p.params, planParam{{{wire}, \"{place}\", \"{style}\"}})");
    }
    if let Some(body) = &call.body {
        let _ = writeln!(out, "\tp.body, p.media = \"{}\", {}", encoding(body.encoding), string(&body.media));
    }
    let _ = match &call.key {
        Some(KeyPlace::Header(name)) => writeln!(out, "\tp.keyHeader = {}", string(name)),
        Some(KeyPlace::Field(name)) => writeln!(out, "\tp.keyField = {}", string(name)),
        None => Ok(()),
    };
    if call.repeatable {
        out.push_str("\tp.repeatable = true\n");
    }
    if call.tenant {
        out.push_str("\tp.tenant = true\n");
    }
    out.push_str("\treturn p\n}\n");
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

fn paged(
    out: &mut String,
    api: &Api,
    call: &Call,
    paging: &Paging,
    (name, arguments, ty, has_params): (&str, &str, &str, bool),
) {
    let set = match &paging.cursor {
        Cursor::Query(wire) => {
            let names = parameter_names(call);
            let found = call
                .parameters
                .iter()
                .zip(&names)
                .find(|(one, _)| one.place == Place::Query && one.wire == *wire);
            found.map(|(one, name)| match one.required {
                true => format!("params.{name} = cursor"),
                false => format!("params.{name} = &cursor"),
            })
        }
        Cursor::Field(wire) => call.body.as_ref().and_then(|body| {
            let (_, fields) = api.fields(&body.ty)?;
            let all = members(fields);
            let (field, name) = fields.iter().zip(&all).find(|(field, _)| field.wire == *wire)?;
            Some(match field.presence {
                Presence::Optional => format!("body.{name} = &cursor"),
                _ => format!("body.{name} = cursor"),
            })
        }),
    };
    let set = set.unwrap_or_default();
    let mut passed = vec!["ctx"];
    if has_params {
        passed.push("params");
    }
    if call.body.is_some() {
        passed.push("body");
    }
    passed.push("options...");
    let passed = passed.join(", ");
    let item = typed(api, &paging.item);
    let (next, way) = (list(&paging.next), list(&paging.items));
    let _ = write!(
        out,
        "\n// {name}Pages is {name}, page after page.\n\
         func (c *Client) {name}Pages({arguments}) iter.Seq2[*Reply[{ty}], error] {{\n\t\
         return paged(func(cursor string) (*Reply[{ty}], error) {{\n\t\tif cursor != \"\" {{\n\t\t\t{set}\n\t\t}}\n\t\t\
         return c.{name}({passed})\n\t}}, []string{{{next}}})\n}}\n\
         \n// {name}Items gives the items of all pages of {name}.\n\
         func (c *Client) {name}Items({arguments}) iter.Seq2[{item}, error] {{\n\t\
         return each[{ty}, {item}](c.{name}Pages({passed}), []string{{{way}}})\n}}\n"
    );
}
