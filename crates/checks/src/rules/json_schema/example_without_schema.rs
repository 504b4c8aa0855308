//! JS022 `example-without-schema`.

use rustc_hash::FxHashSet;
use tenon_graph::{DocumentKind, ExampleOf};
use tenon_source::{Code, FileId, Finding, Level, NodeId};

use super::{file_finding, file_name};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS022",
        name: "example-without-schema",
        summary: "An example file belongs to no schema",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("example_without_schema.md"),
    check,
};

/// Folders whose files are examples.
const FOLDERS: [&str; 3] = ["examples", "example", "samples"];

/// Words in the name of a counterexample, which follows no schema on purpose.
const COUNTER_WORDS: [&str; 3] = ["invalid", "bad", "fail"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let graph = ctx.graph;
    if !graph.documents.iter().any(|document| document.kind == DocumentKind::JsonSchema) {
        return;
    }
    let in_files = graph.examples.iter().filter(|example| example.of == ExampleOf::File);
    let paired: FxHashSet<FileId> = in_files.map(|example| example.value.file).collect();
    let referred = graph.references.iter().filter_map(|reference| reference.target.as_ref().ok());
    let referred: FxHashSet<FileId> = referred.map(|target| target.file).collect();
    for document in graph.documents.iter().filter(|document| document.kind == DocumentKind::Fragment) {
        let file = document.file;
        if paired.contains(&file) || referred.contains(&file) || !is_example(ctx, file) {
            continue;
        }
        let message =
            format!("`{}` stands among the examples but belongs to no schema", file_name(graph, file));
        let root = tenon_source::At { file, node: NodeId::ROOT };
        out.push(
            file_finding(graph, &RULE.code, root, message)
                .with_help("name it after its schema, or enter it with its schema in a list of examples"),
        );
    }
}

fn is_example(ctx: &Context<'_>, file: FileId) -> bool {
    let Some(source) = ctx.graph.sources.get(file) else { return false };
    let mut folders = source.path.rsplit('/').skip(1);
    let name = file_name(ctx.graph, file);
    let counter = name.split('.').any(|word| COUNTER_WORDS.contains(&word));
    folders.any(|folder| FOLDERS.contains(&folder)) && !counter && !source.tree.is_blank()
}
