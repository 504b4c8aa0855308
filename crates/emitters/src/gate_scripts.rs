//! The gates as shell scripts, for builds that call `scripts/verify-*.sh`.
//!
//! A script only calls `tenon gate`; it judges nothing itself.

/// The gates of seed 004, in its order.
pub const GATES: [&str; 6] = [
    "endpoint-status",
    "route-service-alignment",
    "upload-e2e",
    "pagination-max",
    "status-enums",
    "contract-discipline",
];

/// A script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateScript {
    /// File name, such as `verify-endpoint-status.sh`.
    pub name: String,
    /// Content.
    pub text: String,
}

/// The script of a gate.
///
/// It runs from any working directory, takes the contract as an optional argument, and ends as the
/// gate ends: a process substitution alone would lose that status.
#[must_use]
pub fn gate_script(gate: &str) -> GateScript {
    let text = format!(
        r#"#!/usr/bin/env bash
# Gate {gate}: exit status 0 passed, 1 failed, 2 no verdict. Written by `tenon`.
# Usage: verify-{gate}.sh [CONTRACT]
set -euo pipefail

root="$(cd "$(dirname "${{BASH_SOURCE[0]}}")/.." && pwd)"
contract="${{1:-$root/docs/service-contracts.json}}"

while IFS= read -r line; do
  printf '%s\n' "$line"
done < <(exec tenon gate {gate} --contract "$contract")
# The loop ends well however the gate ended, so the gate itself is asked.
wait "$!"
"#
    );
    GateScript { name: format!("verify-{gate}.sh"), text }
}
