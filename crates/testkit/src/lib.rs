//! Development only: Markdown cases, and the whole way from text to findings in memory.
//!
//! A case is a heading with fenced code blocks below it. Each block is a file; the fence names it
//! (```` ```yaml file=api/openapi.yaml ````), else it is `openapi.yaml`, `contract.json` and so on
//! by its language. A line that ends in a mark, `# error: OA001 some words`, expects a finding of
//! that rule at that line whose message has those words; `warning:` and `info:` expect that level.
//! In JSON the mark is `// error: …` and is taken out before the file is read. Every finding must
//! be expected and every expectation found.
//!
//! A fence with `previous` holds a file before a change. `# breaking: DS001 some words` (or
//! `behaviour:`, `additive:`, `docs:`) expects a change of that rule and class, marked where it was
//! (in a `previous` block) or where it is now; every change must be marked once.
//! `today=2026-11-21` on a fence is the day the versions are compared for. Proto files take
//! their marks after `//`.
#![forbid(unsafe_code)]

mod case;
mod changes;
mod pipeline;

pub use case::{Case, Expected, ExpectedChange, parse_cases};
pub use changes::{changes_of, changes_with, run_change_case};
pub use pipeline::{MemoryFiles, Outcome, graph_of, run_case, run_files};
