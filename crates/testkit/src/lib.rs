//! Development only: Markdown cases, and the whole way from text to findings in memory.
//!
//! A case is a heading with fenced code blocks below it. Each block is a file; the fence names it
//! (```` ```yaml file=api/openapi.yaml ````), else it is `openapi.yaml`, `contract.json` and so on
//! by its language. A line that ends in a mark, `# error: OA001 some words`, expects a finding of
//! that rule at that line whose message has those words; `warning:` and `info:` expect that level.
//! In JSON the mark is `// error: …` and is taken out before the file is read. Every finding must
//! be expected and every expectation found.
#![forbid(unsafe_code)]

mod case;
mod pipeline;

pub use case::{Case, Expected, parse_cases};
pub use pipeline::{MemoryFiles, Outcome, run_case, run_files};
