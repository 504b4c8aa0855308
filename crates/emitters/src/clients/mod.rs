//! Thin clients: one model of what a contract offers, one printer a language.
//!
//! `model` is what a client is made of, in no language; `schemas`, `messages`, `operations` and
//! `paging` make it of the graph. A printer writes types and calls, and brings a run time of its
//! language that sends, retries, resumes and reads refusals; those are the files beside it.

mod build;
mod cycles;
mod go;
mod messages;
pub mod model;
mod names;
mod operations;
mod paging;
mod python;
mod rust;
mod schemas;
mod service;
mod text;
mod typescript;

pub use build::api;

use crate::target::{Emission, Input, Refusal};

/// What there is nothing to make a client of without.
const LACKS: &str = "operation with an HTTP or RPC binding";

/// What stands at the top of every file.
const HEADER: &str = "Written by `tenon gen`; do not edit.";

/// A client in TypeScript.
///
/// # Errors
/// When the contracts offer nothing that could be called.
pub fn typescript(input: &Input<'_>) -> Result<Emission, Refusal> {
    let api = build::api(input.graph).ok_or(Refusal::Nothing { lacks: LACKS })?;
    Ok(Emission::of(typescript::write(&api)))
}

/// How a client tells a service what it is, in `X-Tenon-Client`: its name, its version, the language.
fn client_id(api: &model::Api, language: &str) -> String {
    let name = names::words(&api.name).join("-");
    let version: String = api
        .version
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || ".-+".contains(*letter))
        .collect();
    format!("{}-client/{version} ({language})", if name.is_empty() { "api" } else { &name })
}

/// A client in Python.
///
/// # Errors
/// When the contracts offer nothing that could be called.
pub fn python(input: &Input<'_>) -> Result<Emission, Refusal> {
    let api = build::api(input.graph).ok_or(Refusal::Nothing { lacks: LACKS })?;
    Ok(Emission::of(python::write(&api)))
}

/// A client in Go.
///
/// # Errors
/// When the contracts offer nothing that could be called.
pub fn go(input: &Input<'_>) -> Result<Emission, Refusal> {
    let api = build::api(input.graph).ok_or(Refusal::Nothing { lacks: LACKS })?;
    Ok(Emission::of(go::write(&api)))
}

/// A client in Rust.
///
/// # Errors
/// When the contracts offer nothing that could be called.
pub fn rust(input: &Input<'_>) -> Result<Emission, Refusal> {
    let api = build::api(input.graph).ok_or(Refusal::Nothing { lacks: LACKS })?;
    Ok(Emission::of(rust::write(&api)))
}
