//! What other tools check, and what finds the same here.

pub mod buf;
pub mod oasdiff_http;
pub mod oasdiff_schema;

use oasdiff_schema::Peer;

/// The checks of one tool that are about one kind of contract.
#[derive(Debug)]
pub struct Table {
    /// The tool, as in aliases.
    pub tool: &'static str,
    /// What the table is called for people.
    pub title: &'static str,
    /// The checks, by name.
    pub peers: &'static [Peer],
}

/// Every table.
pub static TABLES: &[Table] = &[
    Table { tool: "oasdiff", title: "oasdiff: operations, documents, lifecycle", peers: oasdiff_http::PEERS },
    Table { tool: "oasdiff", title: "oasdiff: schemas", peers: oasdiff_schema::PEERS },
    Table { tool: "buf", title: "buf breaking 1.75", peers: buf::PEERS },
];

/// The rules that do what a check of another tool does, by its alias such as
/// `oasdiff:response-property-removed`; none where there is no such check or no such rule.
#[must_use]
pub fn counterparts(alias: &str) -> &'static [&'static str] {
    let Some((tool, id)) = alias.split_once(':') else { return &[] };
    let tables = TABLES.iter().filter(|table| table.tool == tool);
    tables.flat_map(|table| table.peers).find(|peer| peer.id == id).map_or(&[], |peer| peer.here)
}
