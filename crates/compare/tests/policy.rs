//! What a tier makes of a change, and how additive a family stays.

use tenon_compare::{Change, Class, FailOn, Tiers, all_rules, judge, step, tier_of};
use tenon_source::Level;
use tenon_testkit::{MemoryFiles, changes_of};

fn files(text: &str) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    files.0.insert("openapi.yaml".to_owned(), text.as_bytes().to_vec());
    files
}

/// An operation that answers with a schema and takes one, in a contract of a tier.
fn contract(tier: &str, schema: &str) -> MemoryFiles {
    files(&format!(
        "openapi: 3.1.0
x-tenon: {{tier: {tier}}}
components:
  schemas:
    Pet: {schema}
paths:
  /pets:
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
      responses:
        '200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
"
    ))
}

/// The changes, each with the level it has under the tier of its contract.
fn levels(old: &MemoryFiles, new: &MemoryFiles, fail_on: FailOn) -> Vec<(Change, Level)> {
    let (old, new, changes) = changes_of(old, new);
    let (before, after) = (Tiers::of(&old), Tiers::of(&new));
    let level = |change: &Change| judge(change.class, tier_of(change, &before, &after), fail_on).level;
    changes.into_iter().map(|change| (change.clone(), level(&change))).collect()
}

const PET: &str = "{type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}";

/// S3-82: additive only when stable, with notice when experimental, free when internal.
#[test]
fn a_tier_decides_what_a_break_is() {
    let without = "{type: object, properties: {name: {type: string}}}";
    for (tier, expected) in [
        ("stable", Level::Error),
        ("stable/v1", Level::Error),
        ("experimental", Level::Warning),
        ("internal", Level::Info),
    ] {
        let found = levels(&contract(tier, PET), &contract(tier, without), FailOn::Breaking);
        let worst = found.iter().map(|(_, level)| *level).max_by_key(|level| match level {
            Level::Error => 3,
            Level::Warning => 2,
            Level::Info => 1,
            Level::Off => 0,
        });
        assert!(found.iter().any(|(change, _)| change.class == Class::Breaking), "{tier}");
        assert_eq!(worst, Some(expected), "{tier}");
    }
}

/// S3-115: additive optional fields are accepted; removals, changes of type and new required
/// fields are rejected. A family takes no change of behaviour either.
#[test]
fn a_family_may_only_be_extended() {
    let extended = PET.replace("name: {type: string}", "name: {type: string}, tag: {type: string}");
    let found = levels(&contract("stable", PET), &contract("stable", &extended), FailOn::Behaviour);
    assert!(!found.is_empty(), "the new field is a change");
    assert!(found.iter().all(|(_, level)| *level == Level::Info), "an optional field is accepted");
    let changes: Vec<Change> = found.into_iter().map(|(change, _)| change).collect();
    assert_eq!(step(&changes), "minor");
    for (what, schema) in [
        ("a removal", PET.replace(", name: {type: string}", "")),
        ("a removal of what is required", "{type: object, properties: {name: {type: string}}}".to_owned()),
        ("another type", PET.replace("id: {type: string}", "id: {type: integer}")),
        ("a new required field", PET.replace("[id]", "[id, name]")),
    ] {
        let found = levels(&contract("stable", PET), &contract("stable", &schema), FailOn::Behaviour);
        assert!(found.iter().any(|(_, level)| *level == Level::Error), "{what} is rejected");
    }
}

/// S1-68: there are four classes, and every kind of change has one of them.
#[test]
fn every_kind_of_change_has_a_class() {
    assert_eq!(Class::ALL.map(Class::as_str), ["breaking", "behaviour", "additive", "docs"]);
    for rule in all_rules() {
        for direction in
            [None, Some(tenon_compare::Direction::Request), Some(tenon_compare::Direction::Response)]
        {
            assert!(Class::ALL.contains(&rule.effect.class(direction)), "{}", rule.code.id);
        }
    }
}

/// An operation that says it is experimental is judged so, whatever its contract says.
#[test]
fn an_operation_may_be_promised_less_firmly() {
    let with = |operations: &str| {
        files(&format!("openapi: 3.1.0\nx-tenon: {{tier: stable}}\npaths:\n  /pets:\n{operations}"))
    };
    let get = "    get: {responses: {}}\n";
    let post = "    post: {x-stability-level: alpha, responses: {}}\n";
    let found = levels(&with(&format!("{get}{post}")), &with(get), FailOn::Breaking);
    assert_eq!(found.iter().map(|(_, level)| *level).collect::<Vec<_>>(), [Level::Warning]);
}

/// Two operations that lose the same shared parameter at different times are two changes: an
/// approval of one is none of the other.
#[test]
fn what_a_reference_adds_or_takes_is_told_apart_by_operation() {
    let api = |pets: &str, owners: &str| {
        files(&format!(
            "openapi: 3.1.0
components: {{parameters: {{Limit: {{name: limit, in: query, schema: {{type: integer}}}}}}}}
paths:
  /pets: {{get: {{parameters: [{pets}], responses: {{}}}}}}
  /owners: {{get: {{parameters: [{owners}], responses: {{}}}}}}
"
        ))
    };
    let limit = "{$ref: '#/components/parameters/Limit'}";
    let (_, _, one) = changes_of(&api(limit, limit), &api("", limit));
    let (_, _, other) = changes_of(&api(limit, limit), &api(limit, ""));
    let (_, _, both) = changes_of(&api(limit, limit), &api("", ""));
    let print = |changes: &[Change]| {
        assert_eq!(changes.len(), 1, "{changes:?}");
        changes.first().map(|change| (change.fingerprint.clone(), change.reach.count))
    };
    let (one, other, both) = (print(&one), print(&other), print(&both));
    assert_eq!((one.as_ref().map(|one| one.1), both.as_ref().map(|both| both.1)), (Some(1), Some(2)));
    assert!(one != other && one != both && other != both);
}
