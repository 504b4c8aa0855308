//! The item about the gate scripts, in a folder or as blocks of the specification.

use super::{Inputs, ItemResult};
use crate::facts::service::ServiceFacts;

/// Every gate sets the strict mode and feeds its loops by process substitution.
pub(super) fn strict(inputs: &Inputs<'_>, _facts: &[ServiceFacts<'_>]) -> ItemResult {
    let mut gates: Vec<(String, String)> = Vec::new();
    let folder = inputs.scripts.into_iter().flatten();
    gates.extend(folder.filter(|(name, _)| name.starts_with("verify-") && name.ends_with(".sh")).cloned());
    gates.extend(inputs.spec.map(blocks).unwrap_or_default());
    if gates.is_empty() {
        return ItemResult::NotChecked(
            "no gate script was given (--scripts, or blocks of --spec)".to_owned(),
        );
    }
    for (name, text) in &gates {
        let lines = || text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        if !lines().any(|line| line == "set -euo pipefail") {
            return ItemResult::Failed(format!("`{name}` does not `set -euo pipefail`"));
        }
        // A loop behind a pipe runs in a subshell, where a count of failures is lost.
        let reads = lines().any(|line| line.contains("while ") && line.contains("read "));
        if reads && !lines().any(|line| line.contains("< <(")) {
            return ItemResult::Failed(format!("`{name}` reads in a loop without process substitution"));
        }
    }
    ItemResult::Ok
}

/// The blocks of the specification that are gate scripts, by the name in their comment.
fn blocks(spec: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for block in spec.split("```bash").skip(1) {
        let text = block.split("```").next().unwrap_or_default();
        let name = text.lines().find_map(|line| line.trim().strip_prefix("# scripts/"));
        if let Some(name) = name.filter(|name| name.starts_with("verify-")) {
            out.push((name.to_owned(), text.to_owned()));
        }
    }
    out
}
