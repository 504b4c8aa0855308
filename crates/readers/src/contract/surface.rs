//! `surface` of the native contract: what it may hold.

use tenon_graph::{
    Category, Exclusion, Forbids, Name, Prerequisite, RequiredHeader, ScopeFamily, Surface, VersionPolicy,
};

use crate::value::Value;

/// What a contract says of its own limits.
pub(crate) fn read(surface: Value<'_>) -> Surface {
    Surface {
        at: surface.at(),
        id: surface.get("id").and_then(Value::scalar),
        title: surface.name("title"),
        stage: surface.name("stage"),
        operations: surface.get("operations").and_then(Value::names),
        events: surface.get("events").and_then(Value::names),
        categories: surface.map("categories").map(category).collect(),
        scope_families: surface
            .object("scope_families")
            .map(|families| families.members().map(family).collect()),
        excluded: surface.map("excluded").map(exclusion).collect(),
        headers: surface.map("headers").map(header).collect(),
        required: surface.get("required").and_then(Value::names).unwrap_or_default(),
        maps_fields: surface.name("fields").is_some_and(|what| what.text == "entities"),
        versions: surface.object("versions").map(versions),
        waivers_need_adr: surface.name("waivers").is_some_and(|what| what.text == "adr"),
        prerequisites: surface.map("prerequisites").map(prerequisite).collect(),
        criteria: surface
            .object("criteria")
            .map(|criteria| criteria.members().map(|(name, value)| Name::new(name, value.at())).collect()),
    }
}

/// Words that are forbidden everywhere, or an object of where.
pub(crate) fn forbids(value: Value<'_>) -> Forbids {
    let words = |key| value.get(key).and_then(Value::names).unwrap_or_default();
    if value.node.is_object() {
        return Forbids { all: words("all"), request: words("request"), response: words("response") };
    }
    Forbids { all: value.names().unwrap_or_default(), ..Forbids::default() }
}

fn category((name, value): (&str, Value<'_>)) -> Category {
    let part =
        |(name, value): (&str, Value<'_>)| (Name::new(name, value.at()), value.names().unwrap_or_default());
    Category {
        name: Name::new(name, value.at()),
        title: value.name("title"),
        operations: value.get("operations").and_then(Value::names).unwrap_or_default(),
        covers: value.map("covers").map(part).collect(),
        read_only: value.flag("read_only"),
        forbids: value.get("forbids").map(forbids).unwrap_or_default(),
    }
}

fn family((name, value): (&str, Value<'_>)) -> ScopeFamily {
    ScopeFamily {
        name: Name::new(name, value.at()),
        reads: value.name("reads"),
        changes: value.name("changes"),
    }
}

fn exclusion((name, value): (&str, Value<'_>)) -> Exclusion {
    Exclusion {
        name: Name::new(name, value.at()),
        title: value.name("title"),
        words: value.get("words").and_then(Value::names).unwrap_or_default(),
        reason: value.name("reason"),
    }
}

fn header((name, value): (&str, Value<'_>)) -> RequiredHeader {
    RequiredHeader { name: Name::new(name, value.at()), mutations_only: value.as_str() == Some("mutations") }
}

fn versions(value: Value<'_>) -> VersionPolicy {
    let days = |key| value.node.get(key)?.as_i64();
    VersionPolicy {
        at: value.at(),
        prefix: value.name("prefix"),
        notice_days: days("notice_days"),
        sunset_days: days("sunset_days"),
        changelog: value.name("changelog"),
    }
}

fn prerequisite((name, value): (&str, Value<'_>)) -> Prerequisite {
    Prerequisite {
        name: Name::new(name, value.at()),
        title: value.name("title"),
        source: value.name("source"),
    }
}
