//! Types in Rust.

use std::fmt::Write as _;

use super::{Package, doc, members, string};
use crate::clients::model::{Discriminator, Field, Presence, Shape, Type, TypeDef, TypeId};
use crate::clients::names::{Names, pascal, words};

pub(super) fn models(package: &Package<'_>) -> String {
    let mut out = String::from("//! What is sent and comes back.\n\nuse serde::{Deserialize, Serialize};\n");
    for (number, one) in package.api.types.iter().enumerate() {
        out.push('\n');
        definition(&mut out, package, TypeId(number), one);
    }
    if !package.api.events.is_empty() {
        events(&mut out, package);
    }
    out
}

fn definition(out: &mut String, package: &Package<'_>, id: TypeId, one: &TypeDef) {
    doc(out, "", if one.doc.trim().is_empty() { &one.name } else { &one.doc });
    match &one.shape {
        Shape::Object { fields, additional } => object(out, package, (id, one), fields, additional.as_ref()),
        Shape::Enum(values) => enumeration(out, package, (id, one), values),
        Shape::Union { variants, discriminator } => {
            union(out, package, (id, one), variants, discriminator.as_ref());
        }
        Shape::Alias(ty) => {
            let _ = writeln!(out, "pub type {} = {};", one.name, package.typed(ty, "", Some(id)));
        }
    }
}

fn enumeration(out: &mut String, package: &Package<'_>, (id, one): (TypeId, &TypeDef), values: &[String]) {
    let mut names = Names::without(&["Other", "Self"]);
    let derived = if package.defaulted.contains(&id) { ", Default" } else { "" };
    let _ = write!(
        out,
        "#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize{derived})]\npub enum {} {{\n",
        one.name
    );
    for (number, value) in values.iter().enumerate() {
        if number == 0 && !derived.is_empty() {
            out.push_str("    #[default]\n");
        }
        doc(out, "    ", &format!("`{value}`"));
        let name = names.give(&pascal(&words(value)), "_");
        let _ = write!(out, "    #[serde(rename = {})]\n    {name},\n", string(value));
    }
    out.push_str("    /// A value that the contract did not know yet.\n    #[serde(untagged)]\n    Other(String),\n}\n");
}

fn object(
    out: &mut String,
    package: &Package<'_>,
    (id, one): (TypeId, &TypeDef),
    fields: &[Field],
    additional: Option<&Type>,
) {
    let names = members(fields);
    let is_free = fields.iter().all(|field| field.presence != Presence::Required);
    let derived = if is_free { ", Default" } else { "" };
    let _ = write!(
        out,
        "#[derive(Debug, Clone, PartialEq, Serialize, Deserialize{derived})]\npub struct {} {{\n",
        one.name
    );
    let mut needed = Vec::new();
    for (field, name) in fields.iter().zip(&names) {
        let ty = package.typed(&field.ty, "", Some(id));
        let is_nullable = matches!(package.api.resolve(&field.ty), Type::Nullable(_));
        doc(out, "    ", &field.doc);
        let mut options = format!("rename = {}", string(&field.wire));
        let ty = match field.presence {
            Presence::Required => {
                needed.push((name.clone(), ty.clone()));
                ty
            }
            Presence::Optional if is_nullable => {
                options.push_str(
                    ", default, deserialize_with = \"crate::runtime::present\", skip_serializing_if = \"Option::is_none\"",
                );
                format!("Option<{ty}>")
            }
            Presence::Optional => {
                options.push_str(", default, skip_serializing_if = \"Option::is_none\"");
                format!("Option<{ty}>")
            }
            Presence::Defaulted => {
                options.push_str(", default, skip_serializing_if = \"crate::runtime::is_default\"");
                ty
            }
        };
        let _ = write!(out, "    #[serde({options})]\n    pub {name}: {ty},\n");
    }
    if let Some(ty) = additional {
        let ty = package.typed(ty, "", None);
        let _ = write!(
            out,
            "    /// Further members.\n    #[serde(flatten)]\n    pub additional: std::collections::BTreeMap<String, {ty}>,\n"
        );
    }
    out.push_str("}\n");
    if !is_free {
        maker(out, one, fields, &names, (&needed, additional.is_some()));
    }
}

/// A function that takes what must be there.
fn maker(
    out: &mut String,
    one: &TypeDef,
    fields: &[Field],
    names: &[String],
    (needed, is_open): (&[(String, String)], bool),
) {
    let arguments: Vec<String> = needed.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    let _ = write!(
        out,
        "\nimpl {} {{\n    /// One with what it must have, and nothing else.\n    #[must_use]\n    pub fn new({}) -> Self {{\n        Self {{\n",
        one.name,
        arguments.join(", ")
    );
    for (field, name) in fields.iter().zip(names) {
        let _ = match field.presence {
            Presence::Required => writeln!(out, "            {name},"),
            _ => writeln!(out, "            {name}: Default::default(),"),
        };
    }
    if is_open {
        out.push_str("            additional: Default::default(),\n");
    }
    out.push_str("        }\n    }\n}\n");
}

fn union(
    out: &mut String,
    package: &Package<'_>,
    (id, one): (TypeId, &TypeDef),
    variants: &[Type],
    discriminator: Option<&Discriminator>,
) {
    let mut names = Names::without(&["Other", "Self"]);
    let labels: Vec<String> = variants
        .iter()
        .map(|ty| {
            let label = label(package, ty);
            let short =
                label.strip_prefix(one.name.as_str()).filter(|rest| !rest.is_empty()).unwrap_or(&label);
            names.give(&pascal(&[short.to_owned()]), "_")
        })
        .collect();
    let _ = write!(
        out,
        "#[derive(Debug, Clone, PartialEq, Serialize)]\n#[serde(untagged)]\npub enum {} {{\n",
        one.name
    );
    for (ty, label) in variants.iter().zip(&labels) {
        let _ = write!(out, "    /// One of its types.\n    {label}({}),\n", package.typed(ty, "", Some(id)));
    }
    out.push_str("    /// What the contract did not know yet.\n    Other(serde_json::Value),\n}\n");
    let _ = write!(
        out,
        "\nimpl<'de> Deserialize<'de> for {} {{\n    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{\n        \
         let value = serde_json::Value::deserialize(deserializer)?;\n",
        one.name
    );
    if let Some(discriminator) = discriminator {
        let _ = writeln!(
            out,
            "        match value.get({}).and_then(serde_json::Value::as_str) {{",
            string(&discriminator.field)
        );
        for (said, variant) in &discriminator.mapping {
            let Some(label) = labels.get(*variant) else { continue };
            let _ = writeln!(
                out,
                "            Some({}) => return serde_json::from_value(value).map(Self::{label}).map_err(serde::de::Error::custom),",
                string(said)
            );
        }
        out.push_str("            _ => {}\n        }\n");
    }
    for (ty, label) in variants.iter().zip(&labels) {
        let _ = write!(
            out,
            "        if let Ok(held) = <{}>::deserialize(&value) {{\n            return Ok(Self::{label}(held));\n        }}\n",
            package.typed(ty, "", Some(id))
        );
    }
    out.push_str("        Ok(Self::Other(value))\n    }\n}\n");
}

/// What a variant is called.
fn label(package: &Package<'_>, ty: &Type) -> String {
    match ty {
        Type::Any => "Any".to_owned(),
        Type::Bool => "Bool".to_owned(),
        Type::Int { .. } | Type::IntText { .. } => "Int".to_owned(),
        Type::Float => "Float".to_owned(),
        Type::Text | Type::Literal(_) => "Text".to_owned(),
        Type::List(inner) => format!("{}List", label(package, inner)),
        Type::Map(inner) => format!("{}Map", label(package, inner)),
        Type::Named(id) => package.api.type_name(*id).to_owned(),
        Type::Nullable(inner) => label(package, inner),
        Type::Raw => "Bytes".to_owned(),
        Type::Void => "Nothing".to_owned(),
    }
}

fn events(out: &mut String, package: &Package<'_>) {
    let api = package.api;
    out.push_str("\n/// Who caused an event.\n#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]\npub struct EventActor {\n");
    out.push_str("    /// What it is.\n    #[serde(rename = \"type\")]\n    pub kind: String,\n    /// Which one.\n    pub id: String,\n}\n");
    out.push_str(
        "\n/// An event.\n#[derive(Debug, Clone, PartialEq)]\npub struct Event {\n    /// Its type, such as",
    );
    let _ = writeln!(
        out,
        " `{}`.",
        api.events.first().map_or("", |event| event.name.as_str()).replace(['\n', '\r'], " ")
    );
    out.push_str("    pub kind: String,\n    /// Tells a repeated delivery from a new event.\n    pub event_id: String,\n    /// When, RFC 3339.\n    pub occurred_at: String,\n");
    out.push_str("    /// The correlation id of what caused it.\n    pub correlation_id: String,\n    /// Who caused it.\n    pub actor: EventActor,\n");
    out.push_str("    /// What it carries.\n    pub payload: EventPayload,\n    /// Where to go on after this one.\n    pub cursor: String,\n}\n");
    let mut names = Names::without(&["Other", "Self"]);
    let given: Vec<String> =
        api.events.iter().map(|event| names.give(&pascal(&words(&event.name)), "_")).collect();
    out.push_str("\n/// What events carry.\n#[derive(Debug, Clone, PartialEq)]\npub enum EventPayload {\n");
    for (event, name) in api.events.iter().zip(&given) {
        doc(out, "    ", if event.doc.is_empty() { &event.name } else { &event.doc });
        let _ = writeln!(out, "    {name}({}),", package.typed(&event.payload, "", None));
    }
    out.push_str("    /// Of a type that the contract did not know yet.\n    Other(serde_json::Value),\n}\n");
    out.push_str("\npub(crate) fn event(cursor: String, value: serde_json::Value) -> Result<Event, serde_json::Error> {\n");
    out.push_str("    let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();\n");
    out.push_str("    let payload = value.get(\"payload\").cloned().unwrap_or_default();\n    let kind = text(\"type\");\n    let payload = match kind.as_str() {\n");
    for (event, name) in api.events.iter().zip(&given) {
        let _ = writeln!(
            out,
            "        {} => EventPayload::{name}(serde_json::from_value(payload)?),",
            string(&event.name)
        );
    }
    out.push_str("        _ => EventPayload::Other(payload),\n    };\n");
    out.push_str("    let actor = serde_json::from_value(value.get(\"actor\").cloned().unwrap_or_default()).unwrap_or_default();\n");
    out.push_str("    Ok(Event { kind, event_id: text(\"event_id\"), occurred_at: text(\"occurred_at\"), correlation_id: text(\"correlation_id\"), actor, payload, cursor })\n}\n");
}
