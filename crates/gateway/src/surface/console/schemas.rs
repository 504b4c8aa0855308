//! Schemas: those that have a name, and one of them.

use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_schemas::{Direction, Key};

use super::{Asked, shown};
use crate::handlers::mock;
use crate::reply::Reply;

pub(super) fn list(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let graph = &asked.plan.graph;
    let row = |(name, at): (String, tenon_source::At)| {
        let node = graph.node(at);
        json!({
            "name": name,
            "link": shown::segment(&name),
            "title": node.get_str("title").or_else(|| node.get_str("description")).unwrap_or_default(),
            "file": graph.sources.get(at.file).map(|file| file.path.as_str()).unwrap_or_default(),
        })
    };
    let rows: Vec<Value> = shown::named_schemas(graph).into_iter().map(row).collect();
    asked.page("schemas.html", "Schemas", json!({ "schemas": rows }))
}

pub(super) fn page(asked: &Asked<'_>, name: &str) -> Result<Reply, Refusal> {
    let plan = asked.plan;
    let unknown =
        || Refusal::new(Condition::RecordNotFound).with_message(format!("There is no schema {name}."));
    let found = shown::named_schemas(&plan.graph).into_iter().find(|(known, _)| known == name);
    let (_, at) = found.ok_or_else(unknown)?;
    let schema = plan.graph.schema(at).ok_or_else(unknown)?;
    let key = Key { at: schema.at, dialect: schema.dialect, direction: Direction::Whole };
    let node = plan.graph.node(at);
    let values = json!({
        "name": name,
        "file": plan.graph.sources.get(at.file).map(|file| file.path.as_str()).unwrap_or_default(),
        "description": node.get_str("description").unwrap_or_default(),
        "schema": shown::schema(plan, at),
        "example": shown::pretty(&mock::example(plan, key, false)),
    });
    asked.page("schema.html", name, values)
}
