//! Clients in TypeScript: types without run time, calls as data, one file that sends.

use std::fmt::Write as _;

use super::HEADER;
use super::model::{
    Api, Call, Cursor, Encoding, Field, KeyPlace, Paging, Place, Presence, Shape, Style, Type, TypeDef,
};
use super::names::{Names, camel, pascal, words};
use super::text::{Quoting, lines, quoted};
use crate::target::GeneratedFile;

const RUNTIME: &str = include_str!("runtime.ts");

/// Methods every class has, and those of the client itself.
const TAKEN_METHODS: &[&str] = &[
    "constructor",
    "events",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
    "then",
    "prototype",
    "name",
    "length",
    "arguments",
    "caller",
];

/// Every file of the client.
#[must_use]
pub fn write(api: &Api) -> Vec<GeneratedFile> {
    let names = call_names(api);
    vec![
        GeneratedFile::new("package.json", package(api)),
        GeneratedFile::new("tsconfig.json", TSCONFIG),
        GeneratedFile::new("src/index.ts", index(api)),
        GeneratedFile::new("src/types.ts", types(api)),
        GeneratedFile::new("src/errors.ts", errors(api)),
        GeneratedFile::new("src/client.ts", client(api, &names)),
        GeneratedFile::new("src/runtime.ts", format!("// {HEADER}\n\n{RUNTIME}")),
    ]
}

const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "lib": ["ES2022", "DOM", "DOM.Iterable"],
    "types": [],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": false,
    "noImplicitOverride": true,
    "noFallthroughCasesInSwitch": true,
    "declaration": true,
    "rootDir": "src",
    "outDir": "dist"
  },
  "include": ["src"]
}
"#;

fn package(api: &Api) -> String {
    let name = words(&api.name).join("-");
    let name = if name.is_empty() { "api".to_owned() } else { name };
    let value = serde_json::json!({
        "name": format!("{name}-client"),
        "version": version(&api.version),
        "description": lines(&api.description).first().cloned().unwrap_or_default(),
        "private": true,
        "type": "module",
        "main": "./dist/index.js",
        "types": "./dist/index.d.ts",
        "exports": { ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" } },
        "files": ["dist"],
        "engines": { "node": ">=20" },
        "scripts": { "build": "tsc -p ." },
        "devDependencies": { "typescript": "^5.6.0" },
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// The version where it is one of packages, else none.
fn version(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    let is_version = parts.len() == 3
        && parts.iter().all(|part| {
            !part.is_empty() && part.len() < 10 && part.bytes().all(|byte| byte.is_ascii_digit())
        });
    if is_version { text.to_owned() } else { "0.0.0".to_owned() }
}

fn index(_api: &Api) -> String {
    format!(
        "// {HEADER}\n\nexport {{ Client }} from \"./client.js\";\nexport type * from \"./client.js\";\n\
         export type * from \"./types.js\";\nexport {{ ERRORS, isRefusal }} from \"./errors.js\";\n\
         export type {{ ErrorCode }} from \"./errors.js\";\n\
         export {{ ApiError, DecodeError, TransportError }} from \"./runtime.js\";\n\
         export type {{ CallOptions, ClientOptions, Reply }} from \"./runtime.js\";\n"
    )
}

fn string(text: &str) -> String {
    quoted(text, Quoting::Braces)
}

/// A documentation comment; nothing in it ends it.
fn comment(out: &mut String, indent: &str, text: &str) {
    let all = lines(&text.replace("*/", "*\u{2060}/"));
    // A comment that would end is opened up instead: the joiner above was taken out again.
    let all: Vec<String> = all.into_iter().map(|line| line.replace("*/", "* /")).collect();
    match all.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(out, "{indent}/** {one} */");
        }
        several => {
            let _ = writeln!(out, "{indent}/**");
            for line in several {
                let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
            }
            let _ = writeln!(out, "{indent} */");
        }
    }
}

fn types(api: &Api) -> String {
    let mut out = format!("// {HEADER}\n");
    for one in &api.types {
        out.push('\n');
        definition(&mut out, api, one);
    }
    if !api.events.is_empty() {
        events(&mut out, api);
    }
    out.push_str("\nexport {};\n");
    out
}

fn definition(out: &mut String, api: &Api, one: &TypeDef) {
    comment(out, "", &one.doc);
    match &one.shape {
        Shape::Object { fields, additional } => {
            let _ = writeln!(out, "export interface {} {{", one.name);
            for field in fields {
                member(out, api, field);
            }
            if additional.is_some() {
                out.push_str("  [name: string]: unknown;\n");
            }
            out.push_str("}\n");
        }
        Shape::Enum(values) => {
            let all: Vec<String> = values.iter().map(|value| string(value)).collect();
            let _ = writeln!(out, "export type {} = {};", one.name, all.join(" | "));
        }
        Shape::Union { variants, .. } => {
            let all: Vec<String> = variants.iter().map(|ty| typed(api, ty, "")).collect();
            let _ = writeln!(out, "export type {} = {};", one.name, all.join(" | "));
        }
        Shape::Alias(ty) => {
            let _ = writeln!(out, "export type {} = {};", one.name, typed(api, ty, ""));
        }
    }
}

fn member(out: &mut String, api: &Api, field: &Field) {
    comment(out, "  ", &field.doc);
    let mark = if field.presence == Presence::Required { "" } else { "?" };
    let _ = writeln!(out, "  {}{mark}: {};", string(&field.wire), typed(api, &field.ty, ""));
}

/// A type where it is used; `space` stands before names.
fn typed(api: &Api, ty: &Type, space: &str) -> String {
    match ty {
        Type::Any => "unknown".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Int { .. } | Type::Float => "number".to_owned(),
        // ProtoJSON writes 64 bits as texts: a number here could not hold them.
        Type::IntText { .. } | Type::Text => "string".to_owned(),
        Type::Literal(text) => string(text),
        Type::List(inner) => match inner.as_ref() {
            Type::Nullable(_) | Type::Literal(_) => format!("({})[]", typed(api, inner, space)),
            _ => format!("{}[]", typed(api, inner, space)),
        },
        Type::Map(inner) => format!("{{ [name: string]: {} }}", typed(api, inner, space)),
        Type::Named(id) => format!("{space}{}", api.type_name(*id)),
        Type::Nullable(inner) => format!("{} | null", typed(api, inner, space)),
        Type::Raw => "Uint8Array".to_owned(),
        Type::Void => "void".to_owned(),
    }
}

fn events(out: &mut String, api: &Api) {
    out.push_str(
        "\n/** Who caused an event. */\nexport interface EventActor {\n  type: string;\n  id: string;\n}\n",
    );
    out.push_str("\n/** An event, with what it carries. */\nexport type Event =\n");
    for event in &api.events {
        let _ = writeln!(out, "  | EventOf<{}, {}>", string(&event.name), typed(api, &event.payload, ""));
    }
    out.pop();
    out.push_str(";\n\n/** What every event tells. */\nexport interface EventOf<T extends string, P> {\n");
    out.push_str(
        "  /** What happened. */\n  type: T;\n  /** Tells a repeated delivery from a new event. */\n",
    );
    out.push_str("  event_id: string;\n  /** When, RFC 3339. */\n  occurred_at: string;\n");
    out.push_str("  /** The correlation id of what caused it. */\n  correlation_id: string;\n");
    out.push_str(
        "  /** Who caused it. */\n  actor: EventActor;\n  /** What it carries. */\n  payload: P;\n}\n",
    );
}

fn errors(api: &Api) -> String {
    let mut out = format!("// {HEADER}\n\nimport {{ ApiError }} from \"./runtime.js\";\n\n");
    out.push_str("/** The error catalogue of the contract. */\nexport const ERRORS = {\n");
    for one in &api.errors {
        comment(&mut out, "  ", &one.doc);
        let _ = writeln!(
            out,
            "  {}: {{ status: {}, retryable: {} }},",
            string(&one.code),
            one.status,
            one.retryable
        );
    }
    out.push_str(
        "} as const;\n\n/** The codes of the catalogue. */\nexport type ErrorCode = keyof typeof ERRORS;\n\n",
    );
    out.push_str(
        "/** Whether the service refused, and, where a code is given, with that one. */\n\
         export function isRefusal<C extends ErrorCode>(error: unknown, code?: C): error is ApiError<C> {\n  \
         return error instanceof ApiError && (code === undefined || error.code === code);\n}\n",
    );
    out
}

/// The names of the calls, in their order.
fn call_names(api: &Api) -> Vec<String> {
    let mut names = Names::without(TAKEN_METHODS);
    let pages = |call: &Call| if call.paging.is_some() { &["Pages", "Items"][..] } else { &[] };
    api.calls.iter().map(|call| names.give_all(&camel(&call.words), "_", pages(call))).collect()
}

fn client(api: &Api, names: &[String]) -> String {
    let mut out = format!("// {HEADER}\n\n");
    out.push_str("import { ERRORS } from \"./errors.js\";\n");
    out.push_str(
        "import { type CallOptions, type Catalogue, type ClientOptions, type Plan, type Reply, Transport",
    );
    if api.calls.iter().any(|call| call.paging.is_some()) {
        out.push_str(", items, pages");
    }
    out.push_str(" } from \"./runtime.js\";\nimport type * as t from \"./types.js\";\n");
    let mut params = Names::without(&[]);
    api.types.iter().for_each(|one| {
        params.give(&one.name, "Model");
    });
    let mut params_of: Vec<Option<(String, Vec<String>)>> = Vec::new();
    for (call, name) in api.calls.iter().zip(names) {
        if call.parameters.is_empty() {
            params_of.push(None);
            continue;
        }
        let interface = params.give(&pascal(&words(&format!("{name}-params"))), "_");
        let properties = parameters(&mut out, api, call, &interface);
        params_of.push(Some((interface, properties)));
    }
    plans(&mut out, api, names, &params_of);
    catalogue(&mut out, api);
    out.push('\n');
    comment(&mut out, "", &format!("{}\n\n{}", api.name, api.description));
    out.push_str("export class Client {\n  readonly #transport: Transport;\n\n");
    out.push_str("  constructor(options: ClientOptions) {\n    this.#transport = new Transport(options, CATALOGUE);\n  }\n");
    for ((call, name), params) in api.calls.iter().zip(names).zip(&params_of) {
        out.push('\n');
        method(&mut out, api, call, name, params.as_ref().map(|(name, _)| name.as_str()));
    }
    if !api.events.is_empty() {
        out.push_str(
            "\n  /** Events as they happen, or from after a cursor on. Goes on by itself where the stream was cut: without a gap. */\n  \
             events(types?: readonly t.Event[\"type\"][], after?: string, options: CallOptions = {}): AsyncGenerator<t.Event & { cursor: string }, void, undefined> {\n    \
             return this.#transport.events<t.Event>(types, after, options);\n  }\n",
        );
    }
    out.push_str("}\n");
    out
}

/// The interface of the parameters; gives their names in it.
fn parameters(out: &mut String, api: &Api, call: &Call, interface: &str) -> Vec<String> {
    let mut names = Names::without(&[]);
    let mut properties = Vec::new();
    let _ = write!(out, "\n/** Parameters of {}. */\nexport interface {interface} {{\n", safe(&call.id));
    for one in &call.parameters {
        let place = match one.place {
            Place::Path => "_path",
            Place::Query => "_query",
            Place::Header => "_header",
            Place::Cookie => "_cookie",
        };
        let property = names.give(&one.wire, place);
        comment(out, "  ", &one.doc);
        let mark = if one.required { "" } else { "?" };
        let _ = writeln!(out, "  {}{mark}: {};", string(&property), typed(api, &one.ty, "t."));
        properties.push(property);
    }
    out.push_str("}\n");
    properties
}

/// A text inside a comment of one line.
fn safe(text: &str) -> String {
    lines(text).join(" ").replace("*/", "* /")
}

fn plans(out: &mut String, api: &Api, names: &[String], params: &[Option<(String, Vec<String>)>]) {
    out.push_str("\nconst PLANS = {\n");
    for ((call, name), params) in api.calls.iter().zip(names).zip(params) {
        let _ = write!(out, "  {name}: {{ id: {}, method: {}, ", string(&call.id), string(&call.method));
        let _ = write!(out, "path: {}, ", string(&call.path));
        if let Some((_, properties)) = params {
            let all = call.parameters.iter().zip(properties).map(|(one, property)| {
                let (place, style) = (place(one.place), style(one.style));
                format!("[{}, {}, \"{place}\", \"{style}\"]", string(property), string(&one.wire))
            });
            let _ = write!(out, "parameters: [{}], ", all.collect::<Vec<_>>().join(", "));
        }
        if let Some(body) = &call.body {
            let _ = write!(out, "body: \"{}\", media: {}, ", encoding(body.encoding), string(&body.media));
        }
        let answer = if call.answer.ty == Type::Void { "void" } else { encoding(call.answer.encoding) };
        let _ = write!(out, "answer: \"{answer}\", accept: {}", string(&call.answer.accept));
        match &call.key {
            Some(KeyPlace::Header(name)) => {
                let _ = write!(out, ", keyHeader: {}", string(name));
            }
            Some(KeyPlace::Field(name)) => {
                let _ = write!(out, ", keyField: {}", string(name));
            }
            None => {}
        }
        if call.repeatable {
            out.push_str(", repeatable: true");
        }
        if call.tenant {
            out.push_str(", tenant: true");
        }
        out.push_str(" },\n");
    }
    out.push_str("} as const satisfies Record<string, Plan>;\n");
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Repeated => "repeated",
        Style::Comma => "comma",
        Style::Deep => "deep",
        Style::Json => "json",
    }
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

fn catalogue(out: &mut String, api: &Api) {
    let ways = |ways: &[Vec<String>]| {
        let all = ways.iter().map(|way| list(way)).collect::<Vec<_>>();
        format!("[{}]", all.join(", "))
    };
    let shape = &api.error_shape;
    let tenant = api.tenant_header.as_ref().map_or("undefined".to_owned(), |name| string(name));
    out.push_str("\nconst CATALOGUE: Catalogue = {\n  errors: ERRORS,\n");
    let _ = writeln!(out, "  code: {},", ways(&shape.code));
    let _ = writeln!(out, "  message: {},", ways(&shape.message));
    let _ = writeln!(out, "  retryable: {},", ways(&shape.retryable));
    let _ = writeln!(out, "  details: {},", ways(&shape.details));
    let _ = writeln!(out, "  tenantHeader: {tenant},");
    let _ = writeln!(out, "  correlationHeader: {},", string(&api.correlation_header));
    let _ = writeln!(out, "  client: {},", string(&super::client_id(api, "typescript")));
    let _ = writeln!(out, "  contract: {},\n}};", string(&format!("sha256:{}", api.fingerprint)));
}

fn list(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|text| string(text)).collect();
    format!("[{}]", all.join(", "))
}

fn method(out: &mut String, api: &Api, call: &Call, name: &str, params: Option<&str>) {
    let arguments = arguments(api, call, params);
    let given = if params.is_some() { "params" } else { "undefined" };
    let sent = if call.body.is_some() { "body" } else { "undefined" };
    comment(out, "  ", &said(call));
    let ty = typed(api, &call.answer.ty, "t.");
    if let Some(streaming) = &call.streaming {
        let resume = streaming.resume.as_ref();
        let resume = resume
            .map_or("undefined".to_owned(), |(one, other)| format!("[{}, {}]", string(one), string(other)));
        let _ = write!(
            out,
            "  {name}({arguments}): AsyncGenerator<{ty}, void, undefined> {{\n    \
             return this.#transport.stream<{ty}>(PLANS.{name}, {sent}, {resume}, options);\n  }}\n",
        );
        return;
    }
    let called = format!("this.#transport.call<{ty}>(PLANS.{name}, {given}, {sent}, options)");
    let _ = match &call.token {
        None => write!(out, "  {name}({arguments}): Promise<Reply<{ty}>> {{\n    return {called};\n  }}\n"),
        Some(way) => write!(
            out,
            "  async {name}({arguments}): Promise<Reply<{ty}>> {{\n    const reply = await {called};\n    \
             this.#transport.adopt(PLANS.{name}, reply.data, {});\n    return reply;\n  }}\n",
            list(way)
        ),
    };
    if let Some(paging) = &call.paging {
        paged(out, api, call, paging, (name, &arguments, &ty));
    }
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
        out.push_str("\n\n@deprecated by the contract.");
    }
    out
}

fn arguments(api: &Api, call: &Call, params: Option<&str>) -> String {
    let mut out: Vec<String> = Vec::new();
    if let Some(params) = params {
        // What stands before something that must be given must be given too.
        let is_needed = call.parameters.iter().any(|one| one.required)
            || call.body.as_ref().is_some_and(|body| body.required);
        out.push(if is_needed { format!("params: {params}") } else { format!("params: {params} = {{}}") });
    }
    if let Some(body) = &call.body {
        let ty = match body.encoding {
            Encoding::Raw => "BodyInit".to_owned(),
            Encoding::Multipart => "Record<string, unknown>".to_owned(),
            _ => typed(api, &body.ty, "t."),
        };
        // A key that goes into the body is made where the body has none.
        let ty = match &call.key {
            Some(KeyPlace::Field(field)) if body.encoding == Encoding::Json => {
                format!("Omit<{ty}, {key}> & {{ {key}?: string }}", key = string(field))
            }
            _ => ty,
        };
        out.push(if body.required { format!("body: {ty}") } else { format!("body?: {ty}") });
    }
    out.push("options: CallOptions = {}".to_owned());
    out.join(", ")
}

fn paged(
    out: &mut String,
    api: &Api,
    call: &Call,
    paging: &Paging,
    (name, arguments, ty): (&str, &str, &str),
) {
    let passed = |params: &str, body: &str| {
        let mut all: Vec<&str> = Vec::new();
        if !call.parameters.is_empty() {
            all.push(params);
        }
        if call.body.is_some() {
            all.push(body);
        }
        all.push("options");
        all.join(", ")
    };
    let following = match &paging.cursor {
        Cursor::Query(wire) => passed(&format!("{{ ...params, {}: cursor }}", string(wire)), "body"),
        Cursor::Field(wire) => passed("params", &format!("{{ ...body, {}: cursor }}", string(wire))),
    };
    let item = typed(api, &paging.item, "t.");
    let _ = write!(
        out,
        "\n  /** The pages of {name}, one after the other. */\n  \
         {name}Pages({arguments}): AsyncGenerator<Reply<{ty}>, void, undefined> {{\n    \
         return pages((cursor) => (cursor === undefined ? this.{name}({first}) : this.{name}({following})), {next});\n  }}\n\
         \n  /** The items of all pages of {name}. */\n  \
         async *{name}Items({arguments}): AsyncGenerator<{item}, void, undefined> {{\n    \
         for await (const page of this.{name}Pages({first})) yield* items<{item}>(page.data, {way});\n  }}\n",
        first = passed("params", "body"),
        next = list(&paging.next),
        way = list(&paging.items),
    );
}
