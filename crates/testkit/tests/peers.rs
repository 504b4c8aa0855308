//! The table of other tools' rules and the aliases of ours say the same.

use std::collections::{BTreeMap, BTreeSet};

use tenon_checks::rule_sets::peers::{PEERS, peers_table};
use tenon_checks::rules;
use tenon_source::Code;

/// The codes of rules and readers with an alias in Spectral, Redocly or `buf lint`, by alias.
fn by_alias() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let rules = rules::all().map(|rule| &rule.code);
    let readers = tenon_readers::codes::ALL.iter().copied();
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for code in rules.chain(readers) {
        let code: &'static Code = code;
        for alias in code
            .aliases
            .iter()
            .filter(|alias| ["spectral:", "redocly:", "buf:"].iter().any(|tool| alias.starts_with(tool)))
        {
            found.entry(alias).or_default().insert(code.id);
        }
    }
    found
}

#[test]
fn every_alias_stands_in_the_table_and_every_row_is_an_alias() {
    let aliases = by_alias();
    let table: BTreeMap<&str, BTreeSet<&str>> = PEERS
        .iter()
        .filter(|peer| !peer.here.is_empty())
        .map(|peer| (peer.id, peer.here.iter().copied().collect()))
        .collect();
    let mut problems = Vec::new();
    for id in aliases.keys().chain(table.keys()).collect::<BTreeSet<_>>() {
        if aliases.get(id) != table.get(id) {
            problems.push(format!(
                "{id}: aliases say {:?}, peers.rs says {:?}",
                aliases.get(id),
                table.get(id)
            ));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn what_we_leave_out_has_a_reason() {
    for peer in PEERS.iter().filter(|peer| peer.here.is_empty()) {
        assert!(!peer.note.is_empty(), "{} is left out without a reason", peer.id);
    }
}

#[test]
fn every_rule_of_the_peers_stands_in_the_printed_table() {
    let table = peers_table();
    for peer in PEERS {
        let name = peer.id.split_once(':').expect("a tool in front").1;
        assert!(table.contains(&format!("| `{name}` |")), "{} is not printed", peer.id);
    }
}
