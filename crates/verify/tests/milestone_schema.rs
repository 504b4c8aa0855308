//! The published schema of milestones and the reader know the same members.

use std::collections::BTreeSet;

use serde_json::Value;

const SCHEMA: &str = include_str!("../../../docs/schemas/milestone.v1.schema.json");
const READER: &str = include_str!("../src/milestone/read.rs");

/// Members that only editors and the mark of the format need.
const UNREAD: &[&str] = &["$schema", "tenon"];

fn members(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(properties) = map.get("properties").and_then(Value::as_object) {
                out.extend(properties.keys().cloned());
            }
            map.values().for_each(|value| members(value, out));
        }
        Value::Array(list) => list.iter().for_each(|value| members(value, out)),
        _ => {}
    }
}

#[test]
fn the_schema_and_the_reader_know_the_same_members() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let mut declared = BTreeSet::new();
    members(&schema, &mut declared);
    let call = regex::Regex::new(
        r#"(?:get|get_str|text|text_or|names|each|label|classes)\(\s*(?:[a-z_]+,\s*)?"([a-z_]+)""#,
    )
    .expect("a pattern");
    let mut read: BTreeSet<String> = call.captures_iter(READER).map(|found| found[1].to_owned()).collect();
    read.extend(tenon_verify::milestone::model::LISTS.iter().map(|list| (*list).to_owned()));
    for member in UNREAD {
        declared.remove(*member);
        read.remove(*member);
    }
    let unread: Vec<&String> = declared.difference(&read).collect();
    let undeclared: Vec<&String> = read.difference(&declared).collect();
    assert!(unread.is_empty(), "declared and never read: {unread:?}");
    assert!(undeclared.is_empty(), "read and never declared: {undeclared:?}");
}

#[test]
fn the_schema_is_one_and_takes_the_shipped_milestones() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    assert_eq!(schema["$id"], "urn:tenon:milestone:v1");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../milestones");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the milestones").flatten() {
        let bytes = std::fs::read(entry.path()).expect("a milestone");
        let reading = tenon_verify::milestone::read(&entry.path().display().to_string(), bytes);
        let errors: Vec<&str> = reading
            .findings
            .iter()
            .filter(|finding| finding.level == tenon_source::Level::Error)
            .map(|finding| finding.message.as_str())
            .collect();
        assert!(errors.is_empty() && reading.milestone.is_some(), "{:?}: {errors:?}", entry.path());
        count += 1;
    }
    assert_eq!(count, 4);
}
