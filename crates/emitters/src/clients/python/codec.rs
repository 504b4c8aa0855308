//! How values become JSON in Python, and JSON values.

use std::fmt::Write as _;

use super::string;
use super::typed;
use crate::clients::model::{Api, Field, Presence, Shape, Type, TypeDef};

/// Whether a value is its own JSON.
fn is_plain(api: &Api, ty: &Type) -> bool {
    match ty {
        Type::Any
        | Type::Bool
        | Type::Int { .. }
        | Type::Float
        | Type::Text
        | Type::Literal(_)
        | Type::Raw => true,
        Type::Void => true,
        Type::IntText { .. } => false,
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => is_plain(api, inner),
        Type::Named(id) => match api.named(*id).map(|one| &one.shape) {
            Some(Shape::Enum(_)) => true,
            Some(Shape::Alias(inner)) => !matches!(inner, Type::Named(_)) && is_leaf(inner),
            _ => false,
        },
    }
}

fn is_leaf(ty: &Type) -> bool {
    matches!(ty, Type::Any | Type::Bool | Type::Int { .. } | Type::Float | Type::Text | Type::Literal(_))
}

/// What makes JSON of a value.
pub(super) fn encode(api: &Api, ty: &Type, value: &str, space: &str) -> String {
    match ty {
        ty if is_plain(api, ty) => value.to_owned(),
        Type::IntText { .. } => format!("str({value})"),
        Type::List(inner) => format!("[{} for item in {value}]", encode(api, inner, "item", space)),
        Type::Map(inner) => {
            format!("{{key: {} for key, item in {value}.items()}}", encode(api, inner, "item", space))
        }
        Type::Nullable(inner) => format!("None if {value} is None else {}", encode(api, inner, value, space)),
        Type::Named(id) => match api.named(*id).map(|one| &one.shape) {
            Some(Shape::Object { .. }) => format!("{value}.to_json()"),
            _ => format!("{space}encode_{}({value})", api.type_name(*id)),
        },
        _ => value.to_owned(),
    }
}

/// What makes a value of JSON. `place` is a literal that names it in messages.
pub(super) fn decode(api: &Api, ty: &Type, value: &str, place: &str, space: &str) -> String {
    match ty {
        Type::Any | Type::Raw => value.to_owned(),
        Type::Void => "None".to_owned(),
        Type::Bool => format!("_r.as_flag({value}, {place})"),
        Type::Int { .. } => format!("_r.as_whole({value}, {place})"),
        Type::IntText { .. } => format!("_r.as_whole_text({value}, {place})"),
        Type::Float => format!("_r.as_number({value}, {place})"),
        Type::Text => format!("_r.as_text({value}, {place})"),
        Type::Literal(text) => {
            format!("cast(Literal[{text}], _r.as_literal({value}, {text}, {place}))", text = string(text))
        }
        Type::List(inner) => {
            format!("[{} for item in _r.as_list({value}, {place})]", decode(api, inner, "item", place, space))
        }
        Type::Map(inner) => format!(
            "{{key: {} for key, item in _r.as_object({value}, {place}).items()}}",
            decode(api, inner, "item", place, space)
        ),
        Type::Nullable(inner) => {
            format!("None if {value} is None else {}", decode(api, inner, value, place, space))
        }
        Type::Named(id) => {
            let name = api.type_name(*id);
            match api.named(*id).map(|one| &one.shape) {
                Some(Shape::Object { .. }) => format!("{space}{name}.from_json({value})"),
                // Values that a later version adds pass.
                Some(Shape::Enum(_)) => format!("cast({space}{name}, _r.as_text({value}, {place}))"),
                _ => format!("{space}decode_{name}({value})"),
            }
        }
    }
}

/// The functions of a union, or of a name that stands for another type.
pub(super) fn functions(out: &mut String, api: &Api, one: &TypeDef) {
    let name = &one.name;
    let place = string(name);
    let _ = write!(out, "\n\ndef encode_{name}(value: {name}) -> Any:\n    \"\"\"Makes JSON of it.\"\"\"\n");
    match &one.shape {
        Shape::Union { variants, .. } => {
            encode_union(out, api, variants);
            let _ = write!(out, "\n\ndef decode_{name}(value: Any) -> {name}:\n    \"\"\"Reads it.\"\"\"\n");
            decode_union(out, api, one);
        }
        Shape::Alias(ty) => {
            let _ = writeln!(out, "    return {}", encode(api, ty, "value", ""));
            let _ = write!(out, "\n\ndef decode_{name}(value: Any) -> {name}:\n    \"\"\"Reads it.\"\"\"\n");
            let read = decode(api, ty, "value", &place, "");
            let _ = match ty {
                Type::Any => writeln!(out, "    return value"),
                _ => writeln!(out, "    return {read}"),
            };
        }
        _ => {}
    }
}

fn encode_union(out: &mut String, api: &Api, variants: &[Type]) {
    let is_object = |ty: &Type| api.fields(ty).is_some();
    if variants.iter().any(is_object) {
        out.push_str("    if hasattr(value, \"to_json\"):\n        return value.to_json()\n");
    }
    for ty in variants.iter().filter(|ty| !is_plain(api, ty) && !is_object(ty)) {
        // Lists and maps of what has a form of its own.
        let test = match api.resolve(ty) {
            Type::List(_) => "isinstance(value, list)",
            Type::Map(_) => "isinstance(value, dict)",
            Type::IntText { .. } => "isinstance(value, int)",
            _ => continue,
        };
        let _ = write!(out, "    if {test}:\n        return {}\n", encode(api, ty, "cast(Any, value)", ""));
    }
    out.push_str("    return value\n");
}

fn decode_union(out: &mut String, api: &Api, one: &TypeDef) {
    let Shape::Union { variants, discriminator } = &one.shape else { return };
    let place = string(&one.name);
    if let Some(discriminator) = discriminator {
        let _ = writeln!(
            out,
            "    kind = value.get({}) if isinstance(value, dict) else None",
            string(&discriminator.field)
        );
        for (said, variant) in &discriminator.mapping {
            let Some(ty) = variants.get(*variant) else { continue };
            let read = decode(api, ty, "value", &place, "");
            let _ = write!(out, "    if kind == {}:\n        return {read}\n", string(said));
        }
    }
    out.push_str("    readers = (\n");
    for ty in variants {
        let _ = writeln!(out, "        lambda value: {},", decode(api, ty, "value", &place, ""));
    }
    let _ =
        writeln!(out, "    )\n    return cast({name}, _r.first(value, readers, {place}))", name = one.name);
}

/// The two functions of an object.
pub(super) fn object(
    out: &mut String,
    api: &Api,
    one: &TypeDef,
    fields: &[Field],
    names: &[String],
    additional: Option<&Type>,
) {
    out.push_str("\n    def to_json(self) -> Dict[str, Any]:\n        \"\"\"Makes JSON of it.\"\"\"\n");
    out.push_str("        out: Dict[str, Any] = {}\n");
    if let Some(ty) = additional {
        let _ = writeln!(
            out,
            "        for key, item in self.additional.items():\n            out[key] = {}",
            encode(api, ty, "item", "")
        );
    }
    for (field, name) in fields.iter().zip(names) {
        write_member(out, api, field, name);
    }
    out.push_str("        return out\n");
    let _ = write!(
        out,
        "\n    @classmethod\n    def from_json(cls, value: Any) -> {name}:\n        \"\"\"Reads it.\"\"\"\n        \
         data = _r.as_object(value, {place})\n",
        name = one.name,
        place = string(&one.name)
    );
    if fields.is_empty() && additional.is_none() {
        out.push_str("        del data\n");
    }
    out.push_str("        return cls(\n");
    for (field, name) in fields.iter().zip(names) {
        let _ = writeln!(out, "            {name}={},", read_member(api, one, field));
    }
    if let Some(ty) = additional {
        let known: Vec<String> = fields.iter().map(|field| string(&field.wire)).collect();
        let read = decode(api, ty, "item", &string(&format!("{}.*", one.name)), "");
        let _ = writeln!(
            out,
            "            additional={{key: {read} for key, item in data.items() if key not in {{{}}}}},",
            known.join(", ")
        );
    }
    out.push_str("        )\n");
}

fn write_member(out: &mut String, api: &Api, field: &Field, name: &str) {
    let wire = string(&field.wire);
    let is_nullable = matches!(api.resolve(&field.ty), Type::Nullable(_));
    let value = format!("self.{name}");
    match field.presence {
        Presence::Required | Presence::Defaulted => {
            let _ = writeln!(out, "        out[{wire}] = {}", encode(api, &field.ty, &value, ""));
        }
        Presence::Optional if is_nullable => {
            let _ = write!(
                out,
                "        if not isinstance({value}, _r.Unset):\n            out[{wire}] = {}\n",
                encode(api, &field.ty, &value, "")
            );
        }
        Presence::Optional => {
            let _ = write!(
                out,
                "        if {value} is not None:\n            out[{wire}] = {}\n",
                encode(api, &field.ty, &value, "")
            );
        }
    }
}

fn read_member(api: &Api, one: &TypeDef, field: &Field) -> String {
    let wire = string(&field.wire);
    let place = string(&format!("{}.{}", one.name, field.wire));
    let is_nullable = matches!(api.resolve(&field.ty), Type::Nullable(_));
    let there = format!("data[{wire}]");
    match field.presence {
        Presence::Required if is_nullable || field.ty == Type::Any => {
            decode(api, &field.ty, &format!("data.get({wire})"), &place, "")
        }
        Presence::Required => decode(api, &field.ty, &format!("data.get({wire})"), &place, ""),
        Presence::Optional if is_nullable => {
            format!("{} if {wire} in data else _r.UNSET", wrapped(decode(api, &field.ty, &there, &place, "")))
        }
        Presence::Optional => {
            format!(
                "{} if data.get({wire}) is not None else None",
                wrapped(decode(api, &field.ty, &there, &place, ""))
            )
        }
        Presence::Defaulted => {
            let default = match api.resolve(&field.ty) {
                Type::Bool => "False".to_owned(),
                Type::Int { .. } | Type::IntText { .. } => "0".to_owned(),
                Type::Float => "0.0".to_owned(),
                Type::List(_) => "[]".to_owned(),
                Type::Map(_) => "{}".to_owned(),
                resolved => super::first_value(api, resolved),
            };
            let read = wrapped(decode(api, &field.ty, &there, &place, ""));
            format!("{read} if data.get({wire}) is not None else {default}")
        }
    }
}

/// A condition inside another one needs brackets.
fn wrapped(expression: String) -> String {
    if expression.contains(" if ") { format!("({expression})") } else { expression }
}

/// The type of a value that a function is given.
pub(super) fn given(api: &Api, ty: &Type) -> String {
    typed(api, ty, "m.")
}
