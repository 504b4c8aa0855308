//! Clients in Python: dataclasses that read and write JSON, and calls; the standard library alone.

mod codec;
mod methods;

use std::fmt::Write as _;

use super::HEADER;
use super::model::{Api, Field, Presence, Shape, Type, TypeDef};
use super::names::{Names, pascal, snake, words};
use super::text::{Quoting, lines, quoted};
use crate::target::GeneratedFile;

const RUNTIME: &str = include_str!("runtime.py");

/// Words of the language and of its types, and what every class of ours has: annotations within a
/// class would be read as its members.
const TAKEN: &[&str] = &[
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "match",
    "case",
    "print",
    "exec",
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "list",
    "dict",
    "set",
    "object",
    "tuple",
    "field",
    "cls",
    "self",
    "to_json",
    "from_json",
    "additional",
    "classmethod",
    "mro",
];

/// Names that the body of a method needs beside those, and methods of our own.
const TAKEN_LOCALS: &[&str] = &[
    "m",
    "data",
    "out",
    "value",
    "body",
    "options",
    "page",
    "item",
    "following",
    "cast",
    "dataclasses",
    "isinstance",
    "len",
    "events",
    "key",
];

/// Names that classes of refusals must not have.
const TAKEN_ERRORS: &[&str] =
    &["ApiError", "DecodeError", "TransportError", "Dict", "Tuple", "Type", "ERRORS", "TYPES"];

/// Every file of the client.
#[must_use]
pub fn write(api: &Api) -> Vec<GeneratedFile> {
    let package = package_name(api);
    let file = |name: &str, text: String| GeneratedFile::new(format!("{package}/{name}"), text);
    let (errors, classes) = errors(api);
    vec![
        GeneratedFile::new("pyproject.toml", project(api, &package)),
        file("__init__.py", init(&classes)),
        file("client.py", methods::client(api)),
        file("errors.py", errors),
        file("models.py", models(api)),
        file("py.typed", String::new()),
        file("runtime.py", format!("# {HEADER}\n\n{RUNTIME}")),
    ]
}

fn package_name(api: &Api) -> String {
    let name = snake(&words(&api.name));
    format!("{name}_client")
}

fn project(api: &Api, package: &str) -> String {
    let version: Vec<&str> = api.version.split('.').collect();
    let is_version = version.len() == 3
        && version.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let version = if is_version { api.version.as_str() } else { "0.0.0" };
    let description = lines(&api.description).first().cloned().unwrap_or_default();
    format!(
        "# {HEADER}\n\n[build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n\n\
         [project]\nname = \"{}\"\nversion = \"{version}\"\ndescription = {}\nrequires-python = \">=3.9\"\ndependencies = []\n\n\
         [tool.setuptools]\npackages = [\"{package}\"]\n\n[tool.setuptools.package-data]\n{package} = [\"py.typed\"]\n",
        package.replace('_', "-"),
        string(&description),
    )
}

fn init(classes: &[String]) -> String {
    let mut out = format!("# {HEADER}\n\nfrom . import models\nfrom .client import Client\n");
    if !classes.is_empty() {
        let _ = writeln!(out, "from .errors import {}", classes.join(", "));
    }
    let runtime = [
        "UNSET",
        "ApiError",
        "CallOptions",
        "ClientOptions",
        "DecodeError",
        "Reply",
        "TransportError",
        "Unset",
    ];
    let _ = write!(out, "from .runtime import (\n    {},\n)\n\n__all__ = [\n", runtime.join(",\n    "));
    let all = runtime.iter().copied().chain(["Client", "models"]).chain(classes.iter().map(String::as_str));
    all.for_each(|name| {
        let _ = writeln!(out, "    \"{name}\",");
    });
    out.push_str("]\n");
    out
}

fn string(text: &str) -> String {
    quoted(text, Quoting::Wide)
}

/// Documentation of a class or function; nothing in it ends it.
fn docstring(out: &mut String, indent: &str, text: &str) {
    let all: Vec<String> =
        lines(text).into_iter().map(|line| line.replace('\\', "\\\\").replace('"', "\\\"")).collect();
    match all.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(out, "{indent}\"\"\"{one}\"\"\"");
        }
        several => {
            let _ = writeln!(out, "{indent}\"\"\"{}", several.first().map_or("", String::as_str));
            for line in several.iter().skip(1) {
                let _ = writeln!(out, "{}", format!("{indent}{line}").trim_end());
            }
            let _ = writeln!(out, "{indent}\"\"\"");
        }
    }
}

fn comment(out: &mut String, indent: &str, text: &str) {
    for line in lines(text) {
        let _ = writeln!(out, "{}", format!("{indent}#: {line}").trim_end());
    }
}

/// The file of refusals, and the names of its classes.
fn errors(api: &Api) -> (String, Vec<String>) {
    let mut names = Names::without(TAKEN_ERRORS);
    let mut classes = Vec::new();
    let mut out =
        format!("# {HEADER}\n\nfrom typing import Dict, Tuple, Type\n\nfrom .runtime import ApiError\n");
    for one in &api.errors {
        let wanted = words(&one.code);
        let wanted = if wanted.first().is_some_and(|word| word == "e") && wanted.len() > 1 {
            wanted.get(1..).unwrap_or_default().to_vec()
        } else {
            wanted
        };
        let name = names.give(&pascal(&wanted), "Refusal");
        let _ = write!(out, "\n\nclass {name}(ApiError):\n");
        let doc = if one.doc.is_empty() { one.code.clone() } else { one.doc.clone() };
        docstring(&mut out, "    ", &doc);
        classes.push(name);
    }
    out.push_str("\n\n#: The error catalogue of the contract: code, status, whether the same call may succeed later.\n");
    out.push_str("ERRORS: Dict[str, Tuple[int, bool]] = {\n");
    for one in &api.errors {
        let flag = if one.retryable { "True" } else { "False" };
        let _ = writeln!(out, "    {}: ({}, {flag}),", string(&one.code), one.status);
    }
    out.push_str("}\n\n#: The class of each code.\nTYPES: Dict[str, Type[ApiError]] = {\n");
    for (one, class) in api.errors.iter().zip(&classes) {
        let _ = writeln!(out, "    {}: {class},", string(&one.code));
    }
    out.push_str("}\n");
    (out, classes)
}

/// The names of an object's members, in its order.
fn members(fields: &[Field]) -> Vec<String> {
    let mut names = Names::without(TAKEN);
    fields.iter().map(|field| names.give(&snake(&words(&field.wire)), "_")).collect()
}

/// A type in an annotation; `space` stands before names.
fn typed(api: &Api, ty: &Type, space: &str) -> String {
    match ty {
        Type::Any => "Any".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int { .. } | Type::IntText { .. } => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Text => "str".to_owned(),
        Type::Literal(text) => format!("Literal[{}]", string(text)),
        Type::List(inner) => format!("List[{}]", typed(api, inner, space)),
        Type::Map(inner) => format!("Dict[str, {}]", typed(api, inner, space)),
        Type::Named(id) => format!("{space}{}", api.type_name(*id)),
        Type::Nullable(inner) => format!("Optional[{}]", typed(api, inner, space)),
        Type::Raw => "bytes".to_owned(),
        Type::Void => "None".to_owned(),
    }
}

fn models(api: &Api) -> String {
    let mut out = format!(
        "# {HEADER}\n\nfrom __future__ import annotations\n\nfrom dataclasses import dataclass, field\n\
         from typing import Any, Dict, List, Literal, Optional, Union, cast\n\nfrom . import runtime as _r\n"
    );
    for one in &api.types {
        definition(&mut out, api, one);
    }
    if !api.events.is_empty() {
        events(&mut out, api);
    }
    out
}

fn definition(out: &mut String, api: &Api, one: &TypeDef) {
    match &one.shape {
        Shape::Object { fields, additional } => object(out, api, one, fields, additional.as_ref()),
        Shape::Enum(values) => {
            out.push('\n');
            comment(out, "", &one.doc);
            let all: Vec<String> = values.iter().map(|value| format!("    {},\n", string(value))).collect();
            let _ = write!(out, "{} = Literal[\n{}]\n", one.name, all.concat());
        }
        Shape::Union { variants, .. } => {
            out.push('\n');
            comment(out, "", &one.doc);
            let all: Vec<String> = variants.iter().map(|ty| late(api, ty)).collect();
            let _ = writeln!(out, "{} = Union[{}]", one.name, all.join(", "));
            codec::functions(out, api, one);
        }
        Shape::Alias(ty) => {
            out.push('\n');
            comment(out, "", &one.doc);
            let _ = writeln!(out, "{} = {}", one.name, late(api, ty));
            codec::functions(out, api, one);
        }
    }
}

/// A type outside annotations, where names may not be there yet.
fn late(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Named(id) => format!("\"{}\"", api.type_name(*id)),
        Type::List(inner) => format!("List[{}]", late(api, inner)),
        Type::Map(inner) => format!("Dict[str, {}]", late(api, inner)),
        Type::Nullable(inner) => format!("Optional[{}]", late(api, inner)),
        _ => typed(api, ty, ""),
    }
}

fn object(out: &mut String, api: &Api, one: &TypeDef, fields: &[Field], additional: Option<&Type>) {
    let names = members(fields);
    let _ = write!(out, "\n\n@dataclass\nclass {}:\n", one.name);
    let doc = if one.doc.trim().is_empty() { one.name.as_str() } else { one.doc.as_str() };
    docstring(out, "    ", doc);
    // What must be given comes first.
    for is_first in [true, false] {
        for (field, name) in fields.iter().zip(&names) {
            if (field.presence == Presence::Required) != is_first {
                continue;
            }
            out.push('\n');
            comment(out, "    ", &field.doc);
            let _ = writeln!(out, "    {name}: {}", declared(api, field));
        }
    }
    if let Some(ty) = additional {
        let ty = typed(api, ty, "");
        let _ = write!(
            out,
            "\n    #: Further members.\n    additional: Dict[str, {ty}] = field(default_factory=dict)\n"
        );
    }
    codec::object(out, api, one, fields, &names, additional);
}

/// The annotation of a member, with what it holds where it is not given.
fn declared(api: &Api, field: &Field) -> String {
    let ty = typed(api, &field.ty, "");
    match (field.presence, api.resolve(&field.ty)) {
        (Presence::Required, _) => ty,
        (Presence::Optional, Type::Nullable(_)) if ty.starts_with("Optional[") => {
            let inner = ty.strip_prefix("Optional[").and_then(|ty| ty.strip_suffix(']')).unwrap_or(&ty);
            format!("Union[{inner}, None, _r.Unset] = _r.UNSET")
        }
        (Presence::Optional, Type::Nullable(_)) => format!("Union[{ty}, _r.Unset] = _r.UNSET"),
        (Presence::Optional, _) => format!("Optional[{ty}] = None"),
        (Presence::Defaulted, resolved) => match resolved {
            Type::Bool => format!("{ty} = False"),
            Type::Int { .. } | Type::IntText { .. } => format!("{ty} = 0"),
            Type::Float => format!("{ty} = 0.0"),
            Type::List(_) => format!("{ty} = field(default_factory=list)"),
            Type::Map(_) => format!("{ty} = field(default_factory=dict)"),
            Type::Named(_) => format!("{ty} = {}", first_value(api, resolved)),
            _ => format!("{ty} = \"\""),
        },
    }
}

/// The value of an enum that stands for nothing.
fn first_value(api: &Api, ty: &Type) -> String {
    let Type::Named(id) = ty else { return "\"\"".to_owned() };
    match api.named(*id).map(|one| &one.shape) {
        Some(Shape::Enum(values)) => values.first().map_or("\"\"".to_owned(), |value| string(value)),
        _ => "\"\"".to_owned(),
    }
}

fn events(out: &mut String, api: &Api) {
    out.push_str("\n\n@dataclass\nclass EventActor:\n    \"\"\"Who caused an event.\"\"\"\n\n    type: str\n    id: str\n");
    out.push_str("\n\n@dataclass\nclass EventBase:\n    \"\"\"What every event tells.\"\"\"\n\n");
    out.push_str(
        "    #: Tells a repeated delivery from a new event.\n    event_id: str\n    #: When, RFC 3339.\n",
    );
    out.push_str(
        "    occurred_at: str\n    #: The correlation id of what caused it.\n    correlation_id: str\n",
    );
    out.push_str("    actor: EventActor\n    #: Where to go on after this one.\n    cursor: str\n");
    let mut names = Names::of_types();
    api.types.iter().for_each(|one| {
        names.give(&one.name, "_");
    });
    let mut classes = Vec::new();
    for event in &api.events {
        let class = names.give(&format!("{}Event", pascal(&words(&event.name))), "_");
        let _ = write!(out, "\n\n@dataclass\nclass {class}(EventBase):\n");
        let doc = if event.doc.is_empty() { event.name.as_str() } else { event.doc.as_str() };
        docstring(out, "    ", doc);
        let payload = typed(api, &event.payload, "");
        let _ = write!(out, "\n    type: Literal[{}]\n    payload: {payload}\n", string(&event.name));
        classes.push(class);
    }
    let _ = write!(out, "\n\n#: An event, with what it carries.\nEvent = Union[{}]\n", classes.join(", "));
    out.push_str("\n\ndef decode_event(cursor: str, value: Any) -> Optional[Event]:\n");
    out.push_str("    \"\"\"Reads an event; `None` where the contract did not know its type yet.\"\"\"\n");
    out.push_str("    data = _r.as_object(value, \"event\")\n    who = _r.as_object(data.get(\"actor\"), \"event.actor\")\n");
    out.push_str(
        "    actor = EventActor(str(who.get(\"type\", \"\")), str(who.get(\"id\", \"\")))\n    head = (\n",
    );
    out.push_str("        _r.as_text(data.get(\"event_id\"), \"event.event_id\"),\n");
    out.push_str("        _r.as_text(data.get(\"occurred_at\"), \"event.occurred_at\"),\n");
    out.push_str(
        "        str(data.get(\"correlation_id\", \"\")),\n        actor,\n        cursor,\n    )\n",
    );
    out.push_str("    kind = data.get(\"type\")\n    payload = data.get(\"payload\")\n");
    for (event, class) in api.events.iter().zip(&classes) {
        let name = string(&event.name);
        let read =
            codec::decode(api, &event.payload, "payload", &string(&format!("{}.payload", event.name)), "");
        let _ = write!(
            out,
            "    if kind == {name}:\n        return {class}(*head, type={name}, payload={read})\n"
        );
    }
    out.push_str("    return None\n");
}
