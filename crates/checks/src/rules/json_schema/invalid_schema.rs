//! JS001 `invalid-schema`.

use rustc_hash::FxHashMap;
use tenon_graph::Dialect;
use tenon_schemas::Official;
use tenon_source::{Code, Finding, Level, Place};

use super::files;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS001",
        name: "invalid-schema",
        summary: "A JSON Schema breaks the meta-schema of its draft",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("invalid_schema.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let roots: FxHashMap<_, _> = ctx.graph.schemas.iter().map(|schema| (schema.at, schema.dialect)).collect();
    let mut meta: FxHashMap<Dialect, Official> = FxHashMap::default();
    for root in files(ctx) {
        let dialect = roots.get(&root).copied().unwrap_or(Dialect::Draft202012);
        let official = meta.entry(dialect).or_insert_with(|| Official::meta_schema(dialect));
        let failures = match official.failures(ctx.graph.node(root)) {
            Ok(failures) => failures,
            Err(problem) => {
                // A mistake of the program: it must be seen, not taken for a good schema.
                let message = format!("the schema was not checked, its meta-schema is broken: {problem}");
                out.push(ctx.graph.sources.finding(&RULE.code, root, message));
                continue;
            }
        };
        for failure in failures {
            let place = Place { file: root.file, span: failure.span() };
            out.push(Finding::new(&RULE.code, place, failure.message()).with_pointer(failure.node.pointer()));
        }
    }
}
