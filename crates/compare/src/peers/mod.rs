//! What other tools check, and what finds the same here.

pub mod buf;
pub mod oasdiff_http;
pub mod oasdiff_schema;

/// A check of another tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its name there.
    pub id: &'static str,
    /// The rules that find the same here; none where there is no such rule.
    pub here: &'static [&'static str],
    /// How ours differ; where there are none, why.
    pub note: &'static str,
}

const fn peer(id: &'static str, here: &'static [&'static str], note: &'static str) -> Peer {
    Peer { id, here, note }
}

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
