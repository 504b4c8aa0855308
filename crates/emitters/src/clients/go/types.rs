//! Types in Go.

use std::fmt::Write as _;

use super::{Package, doc_comment, has_nil, members, string, typed};
use crate::clients::model::{Api, Discriminator, Field, Presence, Shape, Type, TypeDef, TypeId};
use crate::clients::names::{Names, pascal, words};

pub(super) fn models(package: &mut Package<'_>) -> String {
    let api = package.api;
    let mut out = String::new();
    if !api.events.is_empty() {
        out.push_str("import \"encoding/json\"\n\n");
    }
    for (number, one) in api.types.iter().enumerate() {
        definition(&mut out, package, TypeId(number), one);
        out.push('\n');
    }
    if !api.events.is_empty() {
        events(&mut out, package);
    }
    format!("{}\n", out.trim_end())
}

fn definition(out: &mut String, package: &mut Package<'_>, id: TypeId, one: &TypeDef) {
    let doc = if one.doc.trim().is_empty() { String::new() } else { format!(": {}", one.doc.trim()) };
    out.push_str(&doc_comment("", &format!("{}{doc}", one.name)));
    match &one.shape {
        Shape::Object { fields, additional } => object(out, package, (id, one), fields, additional.as_ref()),
        Shape::Enum(values) => {
            let _ = write!(out, "type {} string\n\n", one.name);
            let mut parts = Vec::new();
            for value in values {
                let name = package.names.give(&format!("{}{}", one.name, pascal(&words(value))), "_");
                parts.push(format!("\t{name} {} = {}\n", one.name, string(value)));
            }
            let _ = writeln!(out, "const (\n{})", parts.join("\n"));
        }
        Shape::Union { variants, discriminator } => {
            union(out, package, one, variants, discriminator.as_ref())
        }
        Shape::Alias(ty) => {
            let _ = writeln!(out, "type {} = {}", one.name, typed(package.api, ty));
        }
    }
}

/// Whether Go has a tag for a name; the others are read and written by hand.
fn has_tag(name: &str) -> bool {
    !name.is_empty()
        && name != "-"
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&()*+-./:;<=>?@[]^_{|}~ ".contains(letter))
}

/// The type of a member, and what its tag says beside its name.
fn member(package: &Package<'_>, holder: TypeId, field: &Field) -> (String, &'static str) {
    let api = package.api;
    let ty = typed(api, &field.ty);
    let is_nullable = matches!(api.resolve(&field.ty), Type::Nullable(_));
    let is_cyclic = match &field.ty {
        Type::Named(id) => package.direct.get(holder.0).is_some_and(|all| all.contains(id)),
        _ => false,
    };
    match field.presence {
        Presence::Required if is_cyclic => (format!("*{ty}"), ""),
        Presence::Required => (ty, ""),
        Presence::Optional if is_nullable => match api.resolve(&field.ty) {
            Type::Nullable(inner) => (format!("Nullable[{}]", typed(api, inner)), ",omitzero"),
            _ => (ty, ",omitzero"),
        },
        Presence::Optional if has_nil(api, &field.ty) => (ty, ",omitzero"),
        Presence::Optional => (format!("*{ty}"), ",omitzero"),
        Presence::Defaulted => (ty, ",omitzero"),
    }
}

fn object(
    out: &mut String,
    package: &Package<'_>,
    (id, one): (TypeId, &TypeDef),
    fields: &[Field],
    additional: Option<&Type>,
) {
    let names = members(fields);
    if fields.is_empty() && additional.is_none() {
        let _ = writeln!(out, "type {} struct{{}}", one.name);
        return;
    }
    let _ = writeln!(out, "type {} struct {{", one.name);
    let mut parts = Vec::new();
    for (field, name) in fields.iter().zip(&names) {
        let (ty, options) = member(package, id, field);
        let tag = if has_tag(&field.wire) { format!("{}{options}", field.wire) } else { "-".to_owned() };
        parts.push(format!("{}\t{name} {ty} `json:\"{tag}\"`\n", doc_comment("\t", &field.doc)));
    }
    if let Some(ty) = additional {
        let ty = typed(package.api, ty);
        parts.push(format!("\t// Further members.\n\tAdditional map[string]{ty} `json:\"-\"`\n"));
    }
    let _ = writeln!(out, "{}}}", parts.join("\n"));
    let odd: Vec<(&Field, &String)> =
        fields.iter().zip(&names).filter(|(field, _)| !has_tag(&field.wire)).collect();
    if !odd.is_empty() || additional.is_some() {
        by_hand(out, package.api, one, fields, &odd, additional);
    }
}

/// Reading and writing of what tags cannot say.
fn by_hand(
    out: &mut String,
    api: &Api,
    one: &TypeDef,
    fields: &[Field],
    odd: &[(&Field, &String)],
    additional: Option<&Type>,
) {
    let name = &one.name;
    let further = additional.map_or("any".to_owned(), |ty| typed(api, ty));
    let held =
        if additional.is_some() { "v.Additional".to_owned() } else { format!("map[string]{further}(nil)") };
    let _ = write!(
        out,
        "\n// MarshalJSON makes JSON of it.\nfunc (v {name}) MarshalJSON() ([]byte, error) {{\n\ttype plain {name}\n\tvar odd []member\n"
    );
    for (field, member) in odd {
        let needed = field.presence == Presence::Required;
        let _ = writeln!(out, "\todd = append(odd, member{{{}, v.{member}, {needed}}})", string(&field.wire));
    }
    let _ = write!(out, "\treturn gathered(plain(v), odd, {held})\n}}\n");
    let _ = write!(
        out,
        "\n// UnmarshalJSON reads it.\nfunc (v *{name}) UnmarshalJSON(data []byte) error {{\n\ttype plain {name}\n\t\
         if err := jsonInto(data, (*plain)(v)); err != nil {{\n\t\treturn err\n\t}}\n\todd := map[string]any{{}}\n"
    );
    for (field, member) in odd {
        let _ = writeln!(out, "\todd[{}] = &v.{member}", string(&field.wire));
    }
    let tagged: Vec<String> =
        fields.iter().filter(|field| has_tag(&field.wire)).map(|field| string(&field.wire)).collect();
    let tagged = format!("[]string{{{}}}", tagged.join(", "));
    if additional.is_some() {
        let _ = write!(
            out,
            "\tfurther, err := spread[{further}](data, odd, {tagged})\n\tv.Additional = further\n\treturn err\n}}\n"
        );
    } else {
        let _ = write!(out, "\t_, err := spread[{further}](data, odd, {tagged})\n\treturn err\n}}\n");
    }
}

fn union(
    out: &mut String,
    package: &mut Package<'_>,
    one: &TypeDef,
    variants: &[Type],
    discriminator: Option<&Discriminator>,
) {
    let name = &one.name;
    let _ = writeln!(out, "type {name} struct{{ choice }}");
    let mut methods = Names::without(&["MarshalJSON", "UnmarshalJSON", "Kind"]);
    for ty in variants {
        // What begins like the union itself need not say so again.
        let label = label(package.api, ty);
        let label = label.strip_prefix(name.as_str()).filter(|rest| !rest.is_empty()).unwrap_or(&label);
        let go = typed(package.api, ty);
        let method = methods.give(&format!("As{label}"), "_");
        let make = package.names.give(&format!("{name}Of{label}"), "_");
        let _ = write!(
            out,
            "\n// {make} makes a {name} of one of its types.\nfunc {make}(value {go}) {name} {{\n\treturn {name}{{choice{{value: value}}}}\n}}\n\
             \n// {method} reads it as one of its types.\nfunc (v {name}) {method}() ({go}, error) {{\n\treturn chosen[{go}](v.choice)\n}}\n"
        );
    }
    if let Some(discriminator) = discriminator {
        let _ = write!(
            out,
            "\n// Kind tells which of its types it is, by its member {field}.\nfunc (v {name}) Kind() string {{\n\t\
             held, _ := chosen[map[string]any](choice{{raw: v.bytes()}})\n\tkind, _ := held[{wire}].(string)\n\treturn kind\n}}\n",
            field = super::lines(&discriminator.field).join(" "),
            wire = string(&discriminator.field)
        );
    }
}

/// What a variant is called.
fn label(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Any => "Any".to_owned(),
        Type::Bool => "Bool".to_owned(),
        Type::Int { .. } | Type::IntText { .. } => "Int".to_owned(),
        Type::Float => "Float".to_owned(),
        Type::Text | Type::Literal(_) => "Text".to_owned(),
        Type::List(inner) => format!("{}List", label(api, inner)),
        Type::Map(inner) => format!("{}Map", label(api, inner)),
        Type::Named(id) => api.type_name(*id).to_owned(),
        Type::Nullable(inner) => label(api, inner),
        Type::Raw => "Bytes".to_owned(),
        Type::Void => "Nothing".to_owned(),
    }
}

fn events(out: &mut String, package: &mut Package<'_>) {
    let api = package.api;
    out.push_str("// EventActor is who caused an event.\ntype EventActor struct {\n\tType string `json:\"type\"`\n\n\tID string `json:\"id\"`\n}\n\n");
    out.push_str("// Event is something that happened. Its payload is of the type that goes with its Type.\ntype Event struct {\n");
    for (doc, field) in [
        ("What happened.", "Type EventKind `json:\"type\"`"),
        ("Tells a repeated delivery from a new event.", "EventID string `json:\"event_id\"`"),
        ("When, RFC 3339.", "OccurredAt string `json:\"occurred_at\"`"),
        ("The correlation id of what caused it.", "CorrelationID string `json:\"correlation_id\"`"),
        ("Who caused it.", "Actor EventActor `json:\"actor\"`"),
        (
            "What it carries; raw JSON where the contract did not know the type yet.",
            "Payload any `json:\"-\"`",
        ),
    ] {
        let _ = write!(out, "\t// {doc}\n\t{field}\n\n");
    }
    out.push_str("\t// Where to go on after this one.\n\tCursor string `json:\"-\"`\n}\n\n");
    out.push_str("// EventKind is a type of events.\ntype EventKind string\n\nconst (\n");
    let mut parts = Vec::new();
    let mut given = Vec::new();
    for event in &api.events {
        let name = package.names.give(&format!("Event{}", pascal(&words(&event.name))), "_");
        parts.push(format!(
            "{}\t{name} EventKind = {}\n",
            doc_comment("\t", &event.doc),
            string(&event.name)
        ));
        given.push(name);
    }
    let _ = write!(out, "{})\n\n", parts.join("\n"));
    out.push_str("func readEvent(raw rawEvent) (Event, error) {\n\tvar held struct {\n\t\tEvent\n\t\tPayload json.RawMessage `json:\"payload\"`\n\t}\n");
    out.push_str("\tif err := json.Unmarshal(raw.data, &held); err != nil {\n\t\treturn Event{}, &DecodeError{message: \"an event is not what the contract describes\", cause: err}\n\t}\n");
    out.push_str("\tout := held.Event\n\tout.Cursor = raw.cursor\n\tvar err error\n\tswitch out.Type {\n");
    for (event, name) in api.events.iter().zip(&given) {
        let ty = typed(api, &event.payload);
        let _ = write!(
            out,
            "\tcase {name}:\n\t\tvar payload {ty}\n\t\terr = json.Unmarshal(held.Payload, &payload)\n\t\tout.Payload = payload\n"
        );
    }
    out.push_str("\tdefault:\n\t\tout.Payload = held.Payload\n\t}\n\tif err != nil {\n\t\treturn Event{}, &DecodeError{message: \"an event is not what the contract describes\", cause: err}\n\t}\n\treturn out, nil\n}\n");
}
