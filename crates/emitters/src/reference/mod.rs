//! The reference for people: one Markdown page, or a folder of HTML pages that need no network.

mod facts;
mod model;
mod operation;
mod pages;
mod schema;
mod template;

use tenon_graph::{Graph, OperationKind};

use crate::{Emission, GeneratedFile, Input, Refusal};

/// The Markdown page as a target.
pub(crate) fn markdown(input: &Input<'_>) -> Result<Emission, Refusal> {
    if is_empty(input.graph) {
        return Err(NOTHING);
    }
    let model = model::of(input.graph);
    let values = minijinja::context! { site => template::values(&model) };
    let text = template::render("reference.md", values)?;
    Ok(Emission::file("reference.md", template::tidy(&text)))
}

/// The HTML pages as a target.
pub(crate) fn html(input: &Input<'_>) -> Result<Emission, Refusal> {
    if is_empty(input.graph) {
        return Err(NOTHING);
    }
    let mut files: Vec<GeneratedFile> = pages::write(&model::of(input.graph))?;
    files.sort();
    Ok(Emission::of(files))
}

const NOTHING: Refusal = Refusal::Nothing { lacks: "operation, no event and no schema" };

fn is_empty(graph: &Graph) -> bool {
    let has_operation = graph.operations.iter().any(|operation| operation.kind != OperationKind::Message);
    !has_operation && graph.events.is_empty() && graph.schemas.is_empty() && graph.protobuf.files.is_empty()
}
