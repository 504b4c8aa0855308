//! Many records, in pages.

use serde_json::{Value, json};
use tenon_policies::{CompiledTemplate, Refusal, Scope, page};
use tenon_storage::{Found, ListQuery, Read, Transaction};

use super::record::{Held, at_path, key_text, shown, tenant_of, with_computed};
use super::{Acting, guard, store_failed};
use crate::handlers::{Work, failed};

/// Shows records. Where `visible` is said, pages may hold fewer than were asked for.
pub(super) fn list(acting: &Acting<'_>, scope: &Scope<'_>) -> Result<Work, Refusal> {
    let resource = acting.resource;
    let entity = &resource.entity;
    guard(&resource.guards, scope)?;
    let render = |template: &Option<CompiledTemplate>| match template {
        Some(template) => template.render(scope).map(Some).map_err(|failure| failed("page", &failure)),
        None => Ok(None),
    };
    let size = page::size(&resource.page, "limit", render(&resource.page_limit)?.as_ref())?;
    let equal = filters(acting, scope)?;
    let filters = json!({ "equal": equal, "order": resource.order });
    let tenant = acting.permit.tenant().id();
    let cursor_scope = page::CursorScope {
        secret: acting.cursor_secret,
        tenant,
        operation: &acting.operation.id,
        filters: &filters,
    };
    let after = match render(&resource.page_cursor)? {
        Some(Value::String(cursor)) if !cursor.is_empty() => {
            let values = page::decode_cursor(&cursor_scope, "cursor", &cursor)?;
            Some(values.iter().map(|value| value.as_str().unwrap_or_default().to_owned()).collect())
        }
        _ => None,
    };
    let query = ListQuery {
        tenant: tenant_of(entity, tenant).to_owned(),
        collection: entity.collection.clone(),
        equal,
        order: resource.order.clone(),
        after,
        // One more tells whether there is another page.
        limit: size.records().saturating_add(1),
    };
    let found = acting.store.read(&[Read::List(query)]).map_err(|error| store_failed(&error))?;
    let Some(Found::Records(records)) = found.into_iter().next() else {
        return Err(store_failed(&tenon_storage::StoreError::Closed));
    };
    let size = usize::try_from(size.records()).unwrap_or(usize::MAX);
    let more = records.len() > size;
    let held: Vec<Held> = records.iter().take(size).map(Held::of).collect();
    let next = held.last().filter(|_| more).map(|last| {
        let ordered = resource
            .order
            .iter()
            .map(|field| Value::String(at_path(&last.value, field).map(key_text).unwrap_or_default()));
        let values: Vec<Value> = ordered.chain([Value::String(last.id.clone())]).collect();
        page::encode_cursor(&cursor_scope, &values)
    });
    let mut items = Vec::with_capacity(held.len());
    for one in held {
        items.extend(item(acting, scope, one.value)?);
    }
    let (records, next) = (Value::Array(items), next.map_or(Value::Null, Value::String));
    let body = match &resource.respond {
        Some(respond) => {
            let scope = scope.clone().with("records", &records).with("next_cursor", &next);
            respond.render(&scope).map_err(|failure| failed("respond", &failure))?
        }
        None => json!({ "items": records, "next_cursor": next }),
    };
    let mut work = Work::new(resource.status, Some(body));
    work.transaction = Transaction::default();
    Ok(work)
}

/// What records must be equal in. A filter whose value is missing, such as an optional query
/// parameter, is no filter.
fn filters(acting: &Acting<'_>, scope: &Scope<'_>) -> Result<Vec<(String, String)>, Refusal> {
    let resource = acting.resource;
    let mut equal = Vec::with_capacity(resource.by.len());
    for (field, template) in &resource.by {
        let value = template.render(scope).map_err(|failure| failed("where", &failure))?;
        if !value.is_null() {
            equal.push((field.clone(), key_text(&value)));
        }
    }
    Ok(equal)
}

fn item(acting: &Acting<'_>, scope: &Scope<'_>, value: Value) -> Result<Option<Value>, Refusal> {
    let entity = &acting.resource.entity;
    let value = with_computed(entity, value, scope).map_err(|failure| failed("computed", &failure))?;
    if let Some(visible) = &acting.resource.visible {
        let scope = scope.clone().with("record", &value);
        let seen = visible.render(&scope).map_err(|failure| failed("visible", &failure))?;
        if seen != Value::Bool(true) {
            return Ok(None);
        }
    }
    Ok(Some(shown(entity, value)))
}
