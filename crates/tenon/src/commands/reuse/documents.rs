//! The documents of a register: the tables as files.

use std::path::Path;

use super::formats::markdown;
use super::tables::{Found, TableName};
use crate::disk::{self, shown};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Where the documents of seed 003 stand below the output root.
const FOLDER: &str = "doc/m0-runtime-contract-freeze";

/// One document: its name, its title, its tables.
type Document = (&'static str, &'static str, &'static [TableName]);

const MATRIX: Document =
    ("m1_contract_reuse_matrix.md", "M1 contract reuse matrix", &[TableName::Matrix, TableName::Identifiers]);
const DELTAS: Document =
    ("m1_contract_delta_register.md", "M1 contract delta register", &[TableName::Deltas]);
const DEPENDENCIES: Document =
    ("m1_dependency_matrix.md", "M1 dependency matrix", &[TableName::Dependencies, TableName::Handoffs]);
const FOLDED: Document = (
    "m1_contract_delta_register.md",
    "M1 contract delta register",
    &[TableName::Deltas, TableName::Dependencies, TableName::Handoffs],
);

/// Writes the documents, each whole or not at all.
///
/// # Errors
/// When there is no register, or a file cannot be written.
pub fn write(found: &Found<'_>, root: &Path, fold: bool, terminal: &Terminal) -> Result<(), Failure> {
    if found.graph.reuse_registers.is_empty() {
        return Err(Failure::usage(
            "there is no reuse register to write documents of",
            "write one (`tenon: reuse/v1`, see docs/reuse.md) and name it or its folder",
        ));
    }
    let documents: &[Document] = if fold { &[MATRIX, FOLDED] } else { &[MATRIX, DELTAS, DEPENDENCIES] };
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::file(&shown(&folder), "create", &error))?;
    for (name, title, tables) in documents {
        let path = folder.join(name);
        disk::write(&path, text(found, title, tables)?.as_bytes())?;
        terminal.print(|out| writeln!(out, "wrote {}", shown(&path)))?;
    }
    Ok(())
}

fn text(found: &Found<'_>, title: &str, tables: &[TableName]) -> Result<String, Failure> {
    let mut out = Vec::new();
    let mut heads = Vec::new();
    for register in &found.graph.reuse_registers {
        let said = [("Issue", &register.issue), ("Date", &register.date)];
        let said = said.iter().filter_map(|(what, name)| Some(format!("{what}: {}", name.as_ref()?.text)));
        heads.extend(said);
        heads.extend(register.depends_on.iter().map(|upstream| {
            let part = |name: &Option<tenon_graph::Name>| name.as_ref().map(|name| name.text.clone());
            let rest: Vec<String> =
                [part(&upstream.title), part(&upstream.kind)].into_iter().flatten().collect();
            let issue = part(&upstream.issue).unwrap_or_default();
            if rest.is_empty() {
                format!("Depends on: {issue}")
            } else {
                format!("Depends on: {issue} ({})", rest.join(", "))
            }
        }));
    }
    let mut write = || -> std::io::Result<()> {
        use std::io::Write;
        writeln!(out, "# {title}\n\nWritten by `tenon reuse --write` from the reuse register; change that.")?;
        if !heads.is_empty() {
            writeln!(out)?;
            heads.iter().try_for_each(|head| writeln!(out, "- {head}"))?;
        }
        for name in tables {
            let table = found.tables(*name);
            writeln!(out, "\n## {}\n", table.title)?;
            markdown(&table, &mut out)?;
        }
        Ok(())
    };
    write().map_err(|error| Failure::output(&error))?;
    String::from_utf8(out).map_err(Failure::bug)
}
