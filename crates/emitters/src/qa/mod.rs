//! The scripts of seed 004: its gates, and what quality assurance runs against a server.
//!
//! Scripts of quality assurance read the contract when they run, so that they need not be written anew
//! with it, and choose endpoints by what the contract says of them.

use tenon_graph::Graph;

use crate::gate_scripts::{GATES, gate_script};
use crate::{Emission, GeneratedFile, Input, Refusal};

/// Scripts by name.
const SCRIPTS: [(&str, &str); 3] = [
    ("qa-acquire-tokens.sh", include_str!("acquire-tokens.sh")),
    ("qa-unauthenticated-access.sh", include_str!("unauthenticated-access.sh")),
    ("qa-crud-smoke.sh", include_str!("crud-smoke.sh")),
];

/// The gates as a target.
pub(crate) fn gates(input: &Input<'_>) -> Result<Emission, Refusal> {
    has_contract(input.graph)?;
    let script = |gate: &&str| {
        let script = gate_script(gate);
        GeneratedFile::program(script.name, script.text)
    };
    Ok(Emission::of(GATES.iter().map(script).collect()))
}

/// The scripts of quality assurance as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    has_contract(input.graph)?;
    let files = SCRIPTS.iter().map(|(name, text)| GeneratedFile::program(*name, *text));
    Ok(Emission::of(files.collect()))
}

/// The scripts read service contracts; without any they would judge nothing.
fn has_contract(graph: &Graph) -> Result<(), Refusal> {
    match graph.services.is_empty() {
        true => Err(Refusal::Nothing { lacks: "service contracts (`service-contracts-v2`)" }),
        false => Ok(()),
    }
}
