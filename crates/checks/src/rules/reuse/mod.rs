//! Reuse and provenance: what a reuse register says is held to the contracts, and to itself.
//!
//! All but one rule look only where there is a register or a pin manifest: a project without them
//! is not blamed for lacking them.

mod blank_matrix_column;
mod broken_work_package_graph;
mod duplicate_family;
mod enables_not_inverse;
mod identifier_mapping_incomplete;
mod incomplete_delta;
mod invalid_reuse_register;
mod new_without_rationale;
mod pinned_file_changed;
mod provenance;
mod provenance_diverges;
mod provenance_field_missing;
mod reason_code_as_error;
mod register_place_not_found;
mod repeated_schema;
mod run_record_without_provenance;
mod schema_in_two_families;
mod tool_without_capability;
mod unclassified_schema;
mod unknown_matrix_value;

use std::collections::BTreeSet;

use tenon_graph::{DocumentKind, FamilyRow, Graph, ReuseRegister, join_path};
use tenon_source::{At, FileId, NodeId};

use crate::{Context, Rule};

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[
    &invalid_reuse_register::RULE,
    &duplicate_family::RULE,
    &unclassified_schema::RULE,
    &schema_in_two_families::RULE,
    &blank_matrix_column::RULE,
    &unknown_matrix_value::RULE,
    &new_without_rationale::RULE,
    &incomplete_delta::RULE,
    &broken_work_package_graph::RULE,
    &enables_not_inverse::RULE,
    &register_place_not_found::RULE,
    &identifier_mapping_incomplete::RULE,
    &reason_code_as_error::RULE,
    &tool_without_capability::RULE,
    &pinned_file_changed::RULE,
    &repeated_schema::RULE,
    &provenance_field_missing::RULE,
    &provenance_diverges::RULE,
    &run_record_without_provenance::RULE,
];

/// Words that stand where something should be said.
const NOTHING: &[&str] = &["", "-", "–", "n/a", "na", "none", "tbd", "todo", "?", "..."];

/// Fewest words of a rationale, a count: fewer name a thing and give no reason.
const RATIONALE_WORDS_MIN: usize = 3;

/// Whether a cell is filled.
fn is_said(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Whether a text is a reason and no mere filler.
fn explains(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    !NOTHING.contains(&text.as_str()) && text.split_whitespace().count() >= RATIONALE_WORDS_MIN
}

fn decision_is(row: &FamilyRow, decision: &str) -> bool {
    row.decision.as_ref().is_some_and(|name| name.text.trim() == decision)
}

/// Whether a row is `new` and says why: the one thing that lets a duplicate stand.
fn new_with_rationale(row: &FamilyRow) -> bool {
    decision_is(row, "new") && row.rationale.as_ref().is_some_and(|name| explains(&name.text))
}

/// Whether a row names a family it was compared with.
fn names_candidates(register: &ReuseRegister, row: &FamilyRow) -> bool {
    let rationale = row.rationale.as_ref().map_or(String::new(), |name| name.text.to_lowercase());
    let others = register.families.iter().filter(|other| other.at != row.at);
    !row.considered.is_empty()
        || others.into_iter().any(|other| {
            let name = other.family.text.trim().to_lowercase();
            !name.is_empty() && rationale.contains(&name)
        })
}

/// The files that the rows list, whole or in part.
fn row_of_files(register: &ReuseRegister) -> BTreeSet<FileId> {
    let places = register.families.iter().flat_map(|row| &row.schemas);
    places.filter_map(|place| place.target).map(|at| at.file).collect()
}

/// The JSON Schema files of the inventory that no row lists.
fn unclassified(ctx: &Context<'_>, register: &ReuseRegister, listed: &BTreeSet<FileId>) -> Vec<At> {
    let graph = ctx.graph;
    let schemas = graph.documents.iter().filter(|document| document.kind == DocumentKind::JsonSchema);
    let schemas: Vec<FileId> = schemas.map(|document| document.file).collect();
    let own = path(graph, register.file);
    let inventory = register
        .inventory
        .as_ref()
        .map(|folders| folders.iter().map(|folder| join_path(own, &folder.text)).collect::<Vec<_>>());
    let beside: BTreeSet<&str> =
        schemas.iter().filter(|file| listed.contains(file)).map(|file| folder(path(graph, *file))).collect();
    let is_wanted = |file: &FileId| {
        let path = path(graph, *file);
        match &inventory {
            Some(folders) => folders.iter().any(|folder| {
                folder.is_empty()
                    || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
            }),
            None => beside.contains(folder(path)),
        }
    };
    let missing = schemas.iter().filter(|file| !listed.contains(file) && is_wanted(file));
    missing.map(|file| At { file: *file, node: NodeId::ROOT }).collect()
}

fn path(graph: &Graph, file: FileId) -> &str {
    graph.sources.get(file).map_or("", |source| source.path.as_str())
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn file_name(graph: &Graph, file: FileId) -> &str {
    let path = path(graph, file);
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether a file stands in the folder of another one or below.
fn is_below(graph: &Graph, file: FileId, other: FileId) -> bool {
    let folder = folder(path(graph, other));
    folder.is_empty() || path(graph, file).strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The codes of a catalogue: under `codes`, `errors` or `reasons`, or the value itself; an entry is
/// the code, or has it as its `code`.
fn codes_of(graph: &Graph, at: At) -> Vec<(String, At)> {
    let root = graph.node(at);
    let list = ["codes", "errors", "reasons"].iter().find_map(|key| root.get(key)).unwrap_or(root);
    let place = |node: tenon_source::Node<'_>| At { file: at.file, node: node.id() };
    let listed = list.items().filter_map(|item| {
        let code = item.as_str().or_else(|| item.get_str("code"))?;
        Some((code.to_owned(), place(item)))
    });
    let keyed = list.members().map(|(code, entry)| (code.to_owned(), place(entry)));
    listed.chain(keyed).collect()
}
