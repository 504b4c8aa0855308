//! Protobuf: the files of a graph that has some, else messages and services derived from its operations
//! and schemas.
//!
//! What the contracts number keeps its numbers. What they do not number gets numbers that the lock
//! keeps, so that no field ever moves; those of fields that are gone stay reserved.

mod comments;
mod derived;
mod names;
mod native;
mod numbers;
mod options;
mod schemas;
mod service;
mod writer;

use tenon_graph::OperationKind;

use crate::{Emission, GeneratedFile, Input, Refusal};

/// The files as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    let pb = &input.graph.protobuf;
    if pb.target_files().next().is_some() {
        let files = pb
            .target_files()
            .map(|(_, file)| GeneratedFile::new(file.name.as_ref(), native::write(input.graph, file)));
        return Ok(Emission::of(files.collect()));
    }
    let has_operations =
        input.graph.operations.iter().any(|operation| operation.kind == OperationKind::Offered);
    if !has_operations && input.graph.schemas.is_empty() && input.graph.events.is_empty() {
        return Err(Refusal::Nothing { lacks: "Protobuf file, no operation and no schema" });
    }
    derived::write(input)
}
