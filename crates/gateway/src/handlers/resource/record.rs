//! Records as values: how they are read, shown, named and written.

use serde_json::{Map, Value};
use tenon_policies::Scope;
use tenon_storage::{Read, Record, RecordWrite};

use crate::plan::entity::EntityPlan;
use crate::plan::resource::By;
use tenon_policies::{ExpressionFailure, Refusal};

use super::failed;

/// A record and its version.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) version: u64,
    pub(crate) value: Value,
}

impl Held {
    pub(crate) fn of(record: &Record) -> Self {
        let value = serde_json::from_slice(&record.body).unwrap_or(Value::Null);
        Self { id: record.id.clone(), version: record.version, value }
    }
}

/// The record with what is worked out on every read.
pub(crate) fn with_computed(
    entity: &EntityPlan,
    value: Value,
    scope: &Scope<'_>,
) -> Result<Value, ExpressionFailure> {
    if entity.computed.is_empty() || !value.is_object() {
        return Ok(value);
    }
    let mut made = Vec::with_capacity(entity.computed.len());
    for (name, template) in &entity.computed {
        made.push((name, template.render(&scope.clone().with("record", &value))?));
    }
    let mut value = value;
    if let Value::Object(members) = &mut value {
        members.extend(made.into_iter().map(|(name, made)| (name.clone(), made)));
    }
    Ok(value)
}

/// The record without what never leaves.
pub(crate) fn shown(entity: &EntityPlan, mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|name, _| !entity.private.contains(name));
    }
    value
}

/// Whose records: the tenant's, or everyone's.
pub(crate) fn tenant_of<'t>(entity: &EntityPlan, tenant: &'t str) -> &'t str {
    if entity.tenant_scoped { tenant } else { "" }
}

/// A value as the index and keys hold it: texts as they are, numbers so that they sort.
pub(crate) fn key_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            // The bits of a double sort as the number does, once the sign is turned round.
            Some(double) => {
                let bits = double.to_bits();
                let sorted = if double.is_sign_negative() { !bits } else { bits | (1 << 63) };
                format!("{sorted:016x}")
            }
            None => number.to_string(),
        },
        Value::Null => String::new(),
        other => tenon_graph::canonical_json(other).iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The natural key of a record; `None` where the entity has none or a field of it is missing.
pub(crate) fn natural_key(entity: &EntityPlan, value: &Value) -> Option<String> {
    if entity.key.is_empty() {
        return None;
    }
    let mut parts = Vec::with_capacity(entity.key.len());
    for field in &entity.key {
        let part = at_path(value, field).filter(|part| !part.is_null())?;
        parts.push(tenon_graph::canonical_json(part));
    }
    // Canonical JSON holds no newline outside of strings, where it is escaped.
    Some(parts.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join("\n"))
}

/// A member, or a member of a member: `actor.id`.
pub(crate) fn at_path<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, step| value.get(step))
}

/// What is written: the new body of a record, with its keys.
pub(crate) fn write(entity: &EntityPlan, tenant: &str, id: &str, version: u64, value: &Value) -> RecordWrite {
    let index = entity.index.iter().filter_map(|field| {
        let found = at_path(value, field).filter(|found| !found.is_null())?;
        Some((field.clone(), key_text(found)))
    });
    let number = id.strip_prefix(entity.id_prefix.as_str()).and_then(|rest| rest.parse().ok());
    let counted = entity.id_form == crate::plan::entity::IdForm::Sequence;
    RecordWrite {
        tenant: tenant_of(entity, tenant).to_owned(),
        collection: entity.collection.clone(),
        id: id.to_owned(),
        expected_version: version,
        body: Some(serde_json::to_vec(value).unwrap_or_default()),
        natural_key: natural_key(entity, value),
        index: index.collect(),
        sequence: number.filter(|_| counted),
    }
}

/// What is written where a record is removed.
pub(crate) fn removal(entity: &EntityPlan, tenant: &str, held: &Held) -> RecordWrite {
    RecordWrite {
        tenant: tenant_of(entity, tenant).to_owned(),
        collection: entity.collection.clone(),
        id: held.id.clone(),
        expected_version: held.version,
        body: None,
        natural_key: None,
        index: Vec::new(),
        sequence: None,
    }
}

/// Members laid over a record: what is not named stays.
pub(crate) fn merged(record: Value, members: Value) -> Value {
    match (record, members) {
        (Value::Object(mut record), Value::Object(members)) => {
            record.extend(members);
            Value::Object(record)
        }
        (record, Value::Null) => record,
        (_, members) => members,
    }
}

/// An object, whatever was rendered.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// How a record is looked for: by its id, or by indexed fields.
pub(crate) enum Wanted {
    /// By id.
    Id(String),
    /// By fields.
    Fields(Vec<(String, String)>),
    /// Not at all: a value it is looked for by is missing.
    Nothing,
}

/// What `where` says, or the path parameter named like the id.
pub(crate) fn wanted(entity: &EntityPlan, by: &By, scope: &Scope<'_>) -> Result<Wanted, Refusal> {
    if by.is_empty() {
        let id = scope.get("params").and_then(|params| params.get(&entity.id_field));
        return Ok(id.and_then(Value::as_str).map_or(Wanted::Nothing, |id| Wanted::Id(id.to_owned())));
    }
    let mut fields = Vec::with_capacity(by.len());
    for (field, template) in by {
        let value = template.render(scope).map_err(|failure| failed("where", &failure))?;
        if value.is_null() {
            return Ok(Wanted::Nothing);
        }
        if field == &entity.id_field && by.len() == 1 {
            return Ok(value.as_str().map_or(Wanted::Nothing, |id| Wanted::Id(id.to_owned())));
        }
        fields.push((field.clone(), key_text(&value)));
    }
    Ok(Wanted::Fields(fields))
}

impl Wanted {
    /// The read that finds at most `limit` records.
    pub(crate) fn read(&self, entity: &EntityPlan, tenant: &str, limit: u32) -> Option<Read> {
        let tenant = tenant_of(entity, tenant).to_owned();
        let collection = entity.collection.clone();
        match self {
            Self::Nothing => None,
            Self::Id(id) => Some(Read::Record { tenant, collection, id: id.clone() }),
            Self::Fields(fields) => Some(Read::List(tenon_storage::ListQuery {
                tenant,
                collection,
                equal: fields.clone(),
                order: Vec::new(),
                after: None,
                limit,
            })),
        }
    }
}
