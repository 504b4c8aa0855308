//! Every check of the tools people come from is in a table, as done or with the reason why not.

use std::collections::{BTreeMap, BTreeSet};

use tenon_compare::find_rule;
use tenon_compare::peers::{TABLES, Table};

/// Holds the tables of a tool to the frozen list of its checks.
fn hold(tool: &str, frozen: &str) {
    let frozen: BTreeSet<&str> =
        frozen.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let tables: Vec<&Table> = TABLES.iter().filter(|table| table.tool == tool).collect();
    let mut wrong = Vec::new();
    for peer in tables.iter().flat_map(|table| table.peers) {
        *found.entry(peer.id).or_default() += 1;
        for id in peer.here.iter().filter(|id| find_rule(id).is_none()) {
            wrong.push(format!("{}: there is no rule {id}", peer.id));
        }
        if peer.here.is_empty() && peer.note.is_empty() {
            wrong.push(format!("{}: neither done nor a reason why not", peer.id));
        }
    }
    wrong.extend(frozen.iter().filter(|id| !found.contains_key(*id)).map(|id| format!("{id}: in no table")));
    wrong.extend(
        found.iter().filter(|(_, count)| **count > 1).map(|(id, _)| format!("{id}: in the tables twice")),
    );
    wrong.extend(
        found.keys().filter(|id| !frozen.contains(*id)).map(|id| format!("{id}: {tool} has no such check")),
    );
    assert!(wrong.is_empty(), "{} of {tool}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_check_of_oasdiff_is_done_or_has_a_reason() {
    hold("oasdiff", include_str!("peers_oasdiff.txt"));
}

#[test]
fn every_breaking_rule_of_buf_is_done_or_has_a_reason() {
    hold("buf", include_str!("peers_buf.txt"));
}
