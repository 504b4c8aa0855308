//! Variance and inclusion: for random pairs of schemas and random values, a value that one version
//! takes and the other refuses is always said, in its direction, and shown values are what they
//! are said to be. Rewriting a schema is no change.
//!
//! `TENON_PAIRS=100000 cargo test -p tenon-compare --test schema_inclusion` tries more pairs.

mod random;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use random::{Random, mutate, rewrite, schema, value};
use serde_json::{Value, json};
use tenon_compare::{Change, Effect, Spot};
use tenon_graph::{Dialect, Graph};
use tenon_schemas::{Direction, Key, Validators};
use tenon_source::{At, FileId, NodeId, SourceFile};
use tenon_testkit::{MemoryFiles, changes_of};

/// Pairs tried where nothing else is asked for, a count.
const PAIRS: u32 = 400;

/// Values tried for each pair, a count.
const VALUES: usize = 40;

fn pairs() -> u32 {
    std::env::var("TENON_PAIRS").ok().and_then(|count| count.parse().ok()).unwrap_or(PAIRS)
}

/// The same pairs in every run, so that a failure stays; others where more are asked for.
fn config() -> ProptestConfig {
    let rng_seed = if pairs() == PAIRS { RngSeed::Fixed(3) } else { RngSeed::Random };
    ProptestConfig {
        cases: pairs(),
        rng_seed,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn files(schema: &Value) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    files.0.insert("x.schema.json".to_owned(), schema.to_string().into_bytes());
    files
}

struct Compared {
    old: Graph,
    new: Graph,
    changes: Vec<Change>,
}

fn compared(before: &Value, after: &Value) -> Compared {
    let (old, new, changes) = changes_of(&files(before), &files(after));
    Compared { old, new, changes }
}

/// The validators of both versions.
struct Judges<'c>(Validators<'c>, Validators<'c>);

impl Judges<'_> {
    /// Whether each version takes a value.
    fn take(&self, text: &str) -> (bool, bool) {
        let (file, _) = SourceFile::parse(FileId(0), "value.json", text.as_bytes().to_vec());
        let at = At { file: FileId(0), node: NodeId::ROOT };
        let key = Key { at, dialect: Dialect::Draft202012, direction: Direction::Whole };
        let takes = |validators: &Validators<'_>| validators.accepts(key, file.tree.root());
        (takes(&self.0), takes(&self.1))
    }
}

impl Compared {
    fn says(&self, effect: Effect) -> bool {
        let is = |change: &Change| change.rule.effect == effect || change.rule.effect == Effect::Breaks;
        self.changes.iter().any(|change| is(change) || change.undecided.is_some())
    }

    /// What is wrong with the comparison, as far as some values tell.
    fn fault(&self, values: &[String]) -> Option<String> {
        let judges = Judges(Validators::new(&self.old), Validators::new(&self.new));
        let (narrows, widens) = (self.says(Effect::Narrows), self.says(Effect::Widens));
        for text in values {
            match judges.take(text) {
                (true, false) if !narrows => {
                    return Some(format!("{text} is refused now, and nothing says so"));
                }
                (false, true) if !widens => return Some(format!("{text} is taken now, and nothing says so")),
                _ => {}
            }
        }
        for change in &self.changes {
            if let Some(text) = &change.counter_example {
                let (old, new) = judges.take(text);
                // A value of a schema below shows nothing at the top.
                let is_top = |spot: &Option<Spot>| {
                    spot.as_ref().is_none_or(|spot| {
                        let mut steps = spot.pointer.split('/').skip(1);
                        steps.next().is_none_or(|name| !random::is_parent(name)) && steps.next().is_none()
                    })
                };
                let top = is_top(&change.old) && is_top(&change.new);
                if top && old == new {
                    return Some(format!("{text} does not show: {}", change.message));
                }
            }
        }
        None
    }
}

/// Takes members and items out of two schemas as long as the fault stays.
fn shrunk(before: Value, after: Value, is_faulty: &dyn Fn(&Value, &Value) -> bool) -> (Value, Value) {
    let (mut before, mut after) = (before, after);
    loop {
        let smaller = random::smaller(&before).into_iter().find(|one| is_faulty(one, &after));
        if let Some(one) = smaller {
            before = one;
            continue;
        }
        let smaller = random::smaller(&after).into_iter().find(|two| is_faulty(&before, two));
        match smaller {
            Some(two) => after = two,
            None => return (before, after),
        }
    }
}

fn check_pair(seed: u64) {
    let mut random = Random::new(seed);
    let before = schema(&mut random);
    let after = if random.below(4) == 0 { schema(&mut random) } else { mutate(&mut random, &before) };
    let values: Vec<String> = (0..VALUES).map(|_| value(&mut random, 3).to_string()).collect();
    if compared(&before, &after).fault(&values).is_none() {
        return;
    }
    let (before, after) = shrunk(before, after, &|one, two| compared(one, two).fault(&values).is_some());
    let found = compared(&before, &after);
    let messages: Vec<&str> = found.changes.iter().map(|change| change.message.as_str()).collect();
    panic!(
        "{}\n  old: {before}\n  new: {after}\n  said: {messages:#?}",
        found.fault(&values).unwrap_or_default()
    );
}

fn check_rewritten(seed: u64) {
    let mut random = Random::new(seed);
    let before = schema(&mut random);
    // What it sees of a schema that is written another way is not decided.
    if before.to_string().contains("unevaluated") {
        return;
    }
    let after = rewrite(&mut random, &before);
    let messages = |one: &Value, two: &Value| -> Vec<String> {
        compared(one, two).changes.iter().map(|change| change.message.clone()).collect()
    };
    let found = messages(&before, &after);
    assert!(found.is_empty(), "rewriting is no change\n  old: {before}\n  new: {after}\n  said: {found:#?}");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_one_version_refuses_is_said(seed in any::<u64>()) {
        check_pair(seed);
    }

    #[test]
    fn a_schema_is_no_change_of_itself(seed in any::<u64>()) {
        let schema = schema(&mut Random::new(seed));
        let found = compared(&schema, &schema).changes;
        prop_assert!(found.is_empty(), "{schema}: {found:?}");
    }

    #[test]
    fn a_rewritten_schema_is_no_change(seed in any::<u64>()) {
        check_rewritten(seed);
    }
}

#[test]
fn an_alternative_within_one_is_compared_with_what_stands_beside_it() {
    let before = json!({"oneOf": [{"oneOf": [{"additionalProperties": false, "anyOf": [{}, {}]}]}]});
    let after = json!({"dependentSchemas": {"c": {}}});
    assert_eq!(compared(&before, &after).fault(&["{\"c\":{},\"ax\":0}".to_owned()]), None);
}

#[test]
fn the_oracle_finds_what_is_left_out() {
    // The test itself is tested: without its changes, a comparison is found out.
    let mut found = compared(&json!({"type": "string"}), &json!({"type": "string", "maxLength": 1}));
    assert!(found.fault(&["\"abc\"".to_owned()]).is_none());
    found.changes.clear();
    assert!(found.fault(&["\"abc\"".to_owned()]).is_some());
}

#[test]
fn what_oasdiff_checks_is_named_by_the_rules_that_find_it() {
    let peers = tenon_compare::peers::oasdiff_schema::PEERS;
    assert!(peers.is_sorted_by_key(|peer| peer.id));
    for peer in peers {
        assert!(!peer.here.is_empty() || !peer.note.is_empty(), "{}: a rule or a reason", peer.id);
        for id in peer.here {
            assert!(tenon_compare::find_rule(id).is_some(), "{}: no rule {id}", peer.id);
        }
    }
}
