//! Every check of oasdiff is accounted for, and what is said to find it here is a rule.

use std::collections::BTreeSet;

use tenon_compare::{all_rules, find_rule, peers};

/// The checks that oasdiff had when the tables were written, a count.
const OASDIFF_CHECKS: usize = 509;

#[test]
fn every_oasdiff_check_stands_in_one_table() {
    let all = peers::oasdiff_http::PEERS.iter().chain(peers::oasdiff_schema::PEERS);
    let mut seen = BTreeSet::new();
    for peer in all {
        assert!(seen.insert(peer.id), "{} stands twice", peer.id);
        assert!(!peer.here.is_empty() || !peer.note.is_empty(), "{}: neither a rule nor a reason", peer.id);
        for id in peer.here {
            assert!(find_rule(id).is_some_and(|rule| rule.code.id == *id), "{}: {id} is no rule", peer.id);
        }
    }
    assert_eq!(seen.len(), OASDIFF_CHECKS);
}

#[test]
fn aliases_name_checks_that_there_are() {
    let all = peers::oasdiff_http::PEERS.iter().chain(peers::oasdiff_schema::PEERS);
    let known: BTreeSet<&str> = all.map(|peer| peer.id).collect();
    for rule in all_rules() {
        for id in rule.code.aliases.iter().filter_map(|alias| alias.strip_prefix("oasdiff:")) {
            assert!(known.contains(id), "{}: oasdiff has no check {id}", rule.code.id);
        }
    }
}
