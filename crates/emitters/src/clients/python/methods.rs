//! The class of calls in Python.

use std::fmt::Write as _;

use super::codec::{decode, encode, given};
use super::{TAKEN, TAKEN_LOCALS, docstring, members, string, typed};
use crate::clients::HEADER;
use crate::clients::model::{Api, Call, Cursor, Encoding, KeyPlace, Paging, Place, Style, Type};
use crate::clients::names::{Names, snake, words};

pub(super) fn client(api: &Api) -> String {
    let mut out = format!(
        "# {HEADER}\n\nfrom __future__ import annotations\n\nimport dataclasses\n\
         from typing import Any, Callable, Dict, Iterator, List, Literal, Optional, Sequence, Union, cast\n\n\
         from . import models as m\nfrom . import runtime as _r\nfrom .errors import ERRORS, TYPES\n"
    );
    let mut names = Names::without(&[TAKEN, TAKEN_LOCALS].concat());
    let pages = |call: &Call| if call.paging.is_some() { &["_pages", "_items"][..] } else { &[] };
    let given: Vec<String> =
        api.calls.iter().map(|call| names.give_all(&snake(&call.words), "_", pages(call))).collect();
    catalogue(&mut out, api);
    for (number, call) in api.calls.iter().enumerate() {
        plan(&mut out, call, number);
    }
    out.push_str("\n\nclass Client:\n");
    docstring(&mut out, "    ", &format!("{}\n\n{}", api.name, api.description));
    out.push_str(
        "\n    def __init__(\n        self,\n        base_url: str,\n        *,\n        \
         token: Union[str, Callable[[], str], None] = None,\n        tenant: Optional[str] = None,\n        \
         options: Optional[_r.ClientOptions] = None,\n    ) -> None:\n        \
         self._transport = _r.Transport(base_url, token, tenant, options, _CATALOGUE)\n",
    );
    for (number, (call, name)) in api.calls.iter().zip(&given).enumerate() {
        method(&mut out, api, call, name, number);
    }
    if !api.events.is_empty() {
        out.push_str(
            "\n    def events(\n        self,\n        types: Optional[Sequence[str]] = None,\n        \
             after: Optional[str] = None,\n        options: Optional[_r.CallOptions] = None,\n    ) -> Iterator[m.Event]:\n        \
             \"\"\"Events as they happen, or from after a cursor on. Goes on by itself where the stream was cut: without a gap.\"\"\"\n        \
             for cursor, value in self._transport.events(types, after, options):\n            \
             event = m.decode_event(cursor, value)\n            if event is not None:\n                yield event\n",
        );
    }
    out
}

fn catalogue(out: &mut String, api: &Api) {
    let ways = |ways: &[Vec<String>]| {
        let all: Vec<String> = ways.iter().map(|way| tuple(way)).collect();
        format!("({},)", all.join(", "))
    };
    let shape = &api.error_shape;
    let tenant = api.tenant_header.as_ref().map_or("None".to_owned(), |name| string(name));
    out.push_str("\n_CATALOGUE = _r.Catalogue(\n    errors=ERRORS,\n    types=TYPES,\n");
    let _ = writeln!(out, "    code={},", ways(&shape.code));
    let _ = writeln!(out, "    message={},", ways(&shape.message));
    let _ = writeln!(out, "    retryable={},", ways(&shape.retryable));
    let _ = writeln!(out, "    details={},", ways(&shape.details));
    let _ = writeln!(out, "    tenant_header={tenant},");
    let _ = writeln!(out, "    correlation_header={},", string(&api.correlation_header));
    let _ = writeln!(out, "    client={},", string(&crate::clients::client_id(api, "python")));
    let _ = writeln!(out, "    contract={},\n)\n", string(&format!("sha256:{}", api.fingerprint)));
}

fn tuple(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|text| string(text)).collect();
    format!("({},)", all.join(", "))
}

fn plan(out: &mut String, call: &Call, number: usize) {
    let _ = write!(
        out,
        "_PLAN_{number} = _r.Plan(\n    {},\n    {},\n    {},\n",
        string(&call.id),
        string(&call.method),
        string(&call.path)
    );
    if !call.parameters.is_empty() {
        out.push_str("    parameters=(\n");
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
            let _ = writeln!(out, "        ({}, \"{place}\", \"{style}\"),", string(&one.wire));
        }
        out.push_str("    ),\n");
    }
    if let Some(body) = &call.body {
        let _ =
            writeln!(out, "    body=\"{}\",\n    media={},", encoding(body.encoding), string(&body.media));
    }
    let answer = if call.answer.ty == Type::Void { "void" } else { encoding(call.answer.encoding) };
    let _ = writeln!(out, "    answer=\"{answer}\",\n    accept={},", string(&call.answer.accept));
    let _ = match &call.key {
        Some(KeyPlace::Header(name)) => writeln!(out, "    key_header={},", string(name)),
        Some(KeyPlace::Field(name)) => writeln!(out, "    key_field={},", string(name)),
        None => Ok(()),
    };
    if call.repeatable {
        out.push_str("    repeatable=True,\n");
    }
    if call.tenant {
        out.push_str("    tenant=True,\n");
    }
    out.push_str(")\n");
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

/// The names of a call's parameters, in their order.
fn parameter_names(call: &Call) -> Vec<String> {
    let mut names = Names::without(&[TAKEN, TAKEN_LOCALS].concat());
    call.parameters.iter().map(|one| names.give(&snake(&words(&one.wire)), "_")).collect()
}

/// What is said of a call: its refusals too.
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

fn method(out: &mut String, api: &Api, call: &Call, name: &str, number: usize) {
    let names = parameter_names(call);
    let arguments = arguments(api, call, &names);
    let ty = typed(api, &call.answer.ty, "m.");
    let returned = match call.streaming {
        Some(_) => format!("Iterator[{ty}]"),
        None => format!("_r.Reply[{ty}]"),
    };
    let _ = write!(out, "\n    def {name}(\n        self,\n{arguments}    ) -> {returned}:\n");
    docstring(out, "        ", &said(call));
    let values: Vec<String> = call
        .parameters
        .iter()
        .zip(&names)
        .map(|(one, name)| match one.required {
            true => encode(api, &one.ty, name, "m."),
            false => match encode(api, &one.ty, name, "m.") {
                same if same == *name => same,
                other => format!("None if {name} is None else {other}"),
            },
        })
        .collect();
    let values = if values.is_empty() { "()".to_owned() } else { format!("[{}]", values.join(", ")) };
    let body = match &call.body {
        None => "None".to_owned(),
        Some(body) => {
            let written = written(api, body);
            if body.required || written == "body" {
                written
            } else {
                format!("None if body is None else {written}")
            }
        }
    };
    let place = string(&call.id);
    let read = match &call.answer.ty {
        Type::Any | Type::Raw => "lambda value: value".to_owned(),
        Type::Void => "lambda value: None".to_owned(),
        ty => format!("lambda value: {}", decode(api, ty, "value", &place, "m.")),
    };
    if let Some(streaming) = &call.streaming {
        let resume = streaming.resume.as_ref();
        let resume =
            resume.map_or("None".to_owned(), |(one, other)| format!("({}, {})", string(one), string(other)));
        let _ = writeln!(
            out,
            "        return self._transport.stream(_PLAN_{number}, {body}, {read}, {resume}, options)"
        );
        return;
    }
    let called = format!("self._transport.call(_PLAN_{number}, {values}, {body}, {read}, options)");
    let _ = match &call.token {
        None => writeln!(out, "        return {called}"),
        Some(way) => writeln!(
            out,
            "        reply = {called}\n        self._transport.adopt(_PLAN_{number}, reply.raw, {})\n        return reply",
            tuple(way)
        ),
    };
    if let Some(paging) = &call.paging {
        paged(out, api, call, paging, (name, &arguments, &ty, &names));
    }
}

fn written(api: &Api, body: &crate::clients::model::Body) -> String {
    match body.encoding {
        Encoding::Raw | Encoding::Text | Encoding::Multipart => "body".to_owned(),
        _ => encode(api, &body.ty, "body", "m."),
    }
}

/// Path parameters and the body by place, the rest by name.
fn arguments(api: &Api, call: &Call, names: &[String]) -> String {
    let mut out = String::new();
    let mut named = String::new();
    for (one, name) in call.parameters.iter().zip(names) {
        let ty = given(api, &one.ty);
        let (target, line) = match (one.place, one.required) {
            (Place::Path, _) => (&mut out, format!("        {name}: {ty},\n")),
            (_, true) => (&mut named, format!("        {name}: {ty},\n")),
            (_, false) => (&mut named, format!("        {name}: Optional[{ty}] = None,\n")),
        };
        target.push_str(&line);
    }
    if let Some(body) = &call.body {
        let ty = match body.encoding {
            Encoding::Raw => "bytes".to_owned(),
            Encoding::Multipart => "Dict[str, Any]".to_owned(),
            _ => given(api, &body.ty),
        };
        let _ = match body.required {
            true => writeln!(out, "        body: {ty},"),
            false => writeln!(out, "        body: Optional[{ty}] = None,"),
        };
    }
    format!("{out}        *,\n{named}        options: Optional[_r.CallOptions] = None,\n")
}

fn paged(
    out: &mut String,
    api: &Api,
    call: &Call,
    paging: &Paging,
    (name, arguments, ty, names): (&str, &str, &str, &[String]),
) {
    let item = typed(api, &paging.item, "m.");
    let read = decode(api, &paging.item, "item", &string(&call.id), "m.");
    let (next, way) = (tuple(&paging.next), tuple(&paging.items));
    let mut passed: Vec<String> = Vec::new();
    let mut cursor = "cursor".to_owned();
    for (one, name) in call.parameters.iter().zip(names) {
        match one.place {
            Place::Path => passed.push(name.clone()),
            _ => passed.push(format!("{name}={name}")),
        }
        if one.place == Place::Query && paging.cursor == Cursor::Query(one.wire.clone()) {
            cursor = name.clone();
        }
    }
    if call.body.is_some() {
        let at = call.parameters.iter().filter(|one| one.place == Place::Path).count();
        passed.insert(at.min(passed.len()), "body".to_owned());
    }
    // By place first, then by name.
    passed.sort_by_key(|text| text.contains('='));
    passed.push("options=options".to_owned());
    let passed = passed.join(", ");
    let (held, set) = match (&paging.cursor, call.body.as_ref().and_then(|body| api.fields(&body.ty))) {
        (Cursor::Field(wire), Some((_, fields))) => {
            let all = members(fields);
            let place = fields.iter().position(|field| field.wire == *wire);
            let field = place.and_then(|place| all.get(place)).cloned().unwrap_or_default();
            (format!("body.{field}"), format!("body = dataclasses.replace(body, {field}=following)"))
        }
        _ => (cursor.clone(), format!("{cursor} = following")),
    };
    let _ = write!(
        out,
        "\n    def {name}_pages(\n        self,\n{arguments}    ) -> Iterator[_r.Reply[{ty}]]:\n        \
         \"\"\"The pages of {name}, one after the other.\"\"\"\n        while True:\n            \
         page = self.{name}({passed})\n            yield page\n            \
         following = _r.find(page.raw, ({next},), str)\n            if not following:\n                return\n            \
         if following == {held}:\n                raise _r.DecodeError(\"a page names itself as the next one\")\n            \
         {set}\n\
         \n    def {name}_items(\n        self,\n{arguments}    ) -> Iterator[{item}]:\n        \
         \"\"\"The items of all pages of {name}.\"\"\"\n        for page in self.{name}_pages({passed}):\n            \
         for item in _r.find(page.raw, ({way},), list) or ():\n                yield {read}\n",
    );
}
