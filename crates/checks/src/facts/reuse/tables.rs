//! Structures of the tables of a data model.

use tenon_graph::Graph;
use tenon_graph::service::Column;

use super::mixer::name_hash;
use super::shape::{Edge, Link, Need, Shape, ShapeId, Shapes, Types, value_hashes};

/// Adds every table.
pub(super) fn add(graph: &Graph, shapes: &mut Shapes) {
    for table in graph.data_models.iter().flat_map(|model| &model.tables) {
        let mut edges: Vec<Edge> = table
            .columns
            .iter()
            .map(|column| Edge {
                link: Link::Member,
                name: name_hash(&column.name.text),
                need: if column.nullable { Need::Optional } else { Need::Required },
                to: column_shape(column, shapes),
                at: column.at,
            })
            .collect();
        edges.sort_by_key(|edge| (edge.link, edge.name));
        edges.dedup_by_key(|edge| edge.name);
        shapes.put(table.at, Shape { types: Types::OBJECT, values: Vec::new(), edges });
    }
}

fn column_shape(column: &Column, shapes: &mut Shapes) -> ShapeId {
    if let Some(values) = &column.enum_values {
        let values = value_hashes(values.iter().map(|value| value.as_str()));
        return shapes.push(Shape { values, ..Shape::of(Types::STRING) });
    }
    let written = column.kind.as_ref().map_or("", |kind| kind.as_str()).to_ascii_lowercase();
    let written = written.trim_end_matches('?');
    let (one, is_list) = written.strip_suffix("[]").map_or((written, false), |one| (one, true));
    let id = shapes.push(Shape::of(types(one)));
    if is_list { shapes.list_of(id, column.at) } else { id }
}

/// What the type of a column is in JSON, by its first word: `varchar(80)` is a string.
fn types(written: &str) -> Types {
    let word: &str = written.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    match word {
        "bool" | "boolean" => Types::BOOLEAN,
        "int" | "integer" | "int2" | "int4" | "int8" | "smallint" | "bigint" | "serial" | "bigserial" => {
            Types::INTEGER
        }
        "number" | "numeric" | "decimal" | "float" | "double" | "real" | "money" => Types::NUMBER,
        "json" | "jsonb" | "object" | "" => Types::default(),
        "array" => Types::ARRAY,
        // Texts, dates, ids and whatever else a database has are texts in JSON.
        _ => Types::STRING,
    }
}
