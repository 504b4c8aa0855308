//! Which table of the data model an endpoint works on.

use tenon_graph::service::Table;

use super::{Endpoint, ServiceFacts};
use crate::facts::words::fold;

/// Segments that stand for the caller's own record.
const OWN: &[&str] = &["me", "current", "self", "own", "mine"];

/// The table an endpoint's path names.
#[derive(Debug, Clone, Copy)]
pub struct Target<'g> {
    /// The table.
    pub table: &'g Table,
    /// Whether one record of it is meant.
    pub is_item: bool,
    /// The segment after it, such as `upload` or `start`.
    pub action: Option<&'g str>,
}

/// Whether a segment is a parameter.
pub(super) fn is_parameter(segment: &str) -> bool {
    segment.starts_with(':') || segment.starts_with('{')
}

impl<'g> ServiceFacts<'g> {
    /// The table an endpoint works on: the last one its path names. `/projects/:id/sources` names
    /// `projectSources` where there is such a table.
    #[must_use]
    pub fn target(&self, endpoint: &Endpoint<'g>) -> Option<Target<'g>> {
        let segments = endpoint.segments();
        for (index, segment) in segments.iter().enumerate().rev() {
            if is_parameter(segment) {
                continue;
            }
            let before = segments.get(..index).unwrap_or_default();
            let parent = before.iter().rev().find(|segment| !is_parameter(segment));
            let joined = parent.and_then(|parent| self.tables.get(&(fold(parent) + &fold(segment))).copied());
            let Some(table) = joined.or_else(|| self.table(segment)) else { continue };
            let after = segments.get(index + 1..).unwrap_or_default();
            let own = |segment: &&str| OWN.contains(segment);
            let is_item = after.first().is_some_and(|next| is_parameter(next) || own(next));
            let action = after.iter().find(|segment| !is_parameter(segment) && !own(segment)).copied();
            return Some(Target { table, is_item, action });
        }
        None
    }

    /// Whether an entity's name stands in an endpoint's path, whole, in any of its variants.
    #[must_use]
    pub fn names_entity(&self, endpoint: &Endpoint<'g>, entity: &str) -> bool {
        let wanted = fold(entity);
        let segments = endpoint.segments();
        let names: Vec<String> =
            segments.iter().filter(|segment| !is_parameter(segment)).map(|segment| fold(segment)).collect();
        let pairs = names.windows(2).any(|pair| pair.concat() == wanted);
        pairs || names.contains(&wanted)
    }

    /// The entity an endpoint works on, of some: the one that its path names last.
    #[must_use]
    pub fn last_entity<'n>(
        &self,
        endpoint: &Endpoint<'g>,
        entities: impl Iterator<Item = &'n str>,
    ) -> Option<&'n str> {
        let segments = endpoint.segments();
        let names: Vec<String> =
            segments.iter().filter(|segment| !is_parameter(segment)).map(|segment| fold(segment)).collect();
        let place = |entity: &str| {
            let wanted = fold(entity);
            let single = names.iter().rposition(|name| *name == wanted).map(|index| (index, 0));
            let pair = names.windows(2).rposition(|pair| pair.concat() == wanted).map(|index| (index + 1, 1));
            single.max(pair)
        };
        entities
            .filter_map(|entity| Some((place(entity)?, entity)))
            .max_by_key(|(place, _)| *place)
            .map(|(_, entity)| entity)
    }

    /// Whether it makes a record: said by `crudOperation`, else told by method and path.
    #[must_use]
    pub fn is_create(&self, endpoint: &Endpoint<'g>) -> bool {
        match &endpoint.service.crud_operation {
            Some(operation) => operation.text == "create",
            None if endpoint.inner(self.graph, "crudOperation").is_some() => false,
            None => {
                let collection = |target: Target<'_>| !target.is_item && target.action.is_none();
                endpoint.method() == "POST" && self.target(endpoint).is_some_and(collection)
            }
        }
    }

    /// Whether it changes a record: said by `crudOperation`, else told by the method.
    #[must_use]
    pub fn is_update(&self, endpoint: &Endpoint<'g>) -> bool {
        match &endpoint.service.crud_operation {
            Some(operation) => operation.text == "update",
            None if endpoint.inner(self.graph, "crudOperation").is_some() => false,
            None => matches!(endpoint.method(), "PATCH" | "PUT"),
        }
    }
}
