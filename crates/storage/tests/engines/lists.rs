//! Lists: filters, order, cursors.

use tenon_storage::ListQuery;

use crate::fixture::{Fixture, indexed, lead, records, removal};

fn query(order: &[&str], equal: &[(&str, &str)]) -> ListQuery {
    ListQuery {
        tenant: "t1".into(),
        collection: "leads".into(),
        equal: equal.iter().map(|(f, v)| ((*f).into(), (*v).into())).collect(),
        order: order.iter().map(|field| (*field).into()).collect(),
        after: None,
        limit: 100,
    }
}

/// Six records: colour and size, ids in neither order.
fn fill(fixture: &Fixture) {
    let rows = [
        ("d", "red", "1"),
        ("b", "blue", "2"),
        ("f", "red", "2"),
        ("a", "green", "1"),
        ("c", "red", "3"),
        ("e", "blue", "1"),
    ];
    let write = |(id, colour, size): (&str, &str, &str)| {
        indexed(&[("colour", colour), ("size", size)], lead("t1", id, 0, id))
    };
    fixture.done(records(rows.map(write).to_vec()));
    fixture.done(records(vec![indexed(&[("colour", "red"), ("size", "1")], lead("t2", "z", 0, "z"))]));
}

pub fn in_order_of_ids(fixture: &mut Fixture) {
    assert!(fixture.ids(query(&[], &[])).is_empty());
    fill(fixture);
    fixture.reopen();
    assert_eq!(fixture.ids(query(&[], &[])), ["a", "b", "c", "d", "e", "f"]);
    assert_eq!(fixture.ids(ListQuery { limit: 2, ..query(&[], &[]) }), ["a", "b"]);
    assert!(fixture.ids(ListQuery { limit: 0, ..query(&[], &[]) }).is_empty());
    assert!(fixture.ids(ListQuery { tenant: "t3".into(), ..query(&[], &[]) }).is_empty());
    assert!(fixture.ids(ListQuery { collection: "cases".into(), ..query(&[], &[]) }).is_empty());
}

pub fn filter_and_order(fixture: &mut Fixture) {
    fill(fixture);
    assert_eq!(fixture.ids(query(&[], &[("colour", "red")])), ["c", "d", "f"]);
    assert_eq!(fixture.ids(query(&["size"], &[("colour", "red")])), ["d", "f", "c"]);
    assert_eq!(fixture.ids(query(&[], &[("colour", "red"), ("size", "2")])), ["f"]);
    assert!(fixture.ids(query(&[], &[("colour", "re")])).is_empty());
    assert!(fixture.ids(query(&[], &[("shade", "red")])).is_empty());
    assert_eq!(fixture.ids(query(&["colour"], &[])), ["b", "e", "a", "c", "d", "f"]);
    assert_eq!(fixture.ids(query(&["colour", "size"], &[])), ["e", "b", "a", "d", "f", "c"]);
    assert_eq!(fixture.ids(query(&["size", "colour"], &[])), ["e", "a", "d", "b", "f", "c"]);
}

pub fn go_on_after_a_cursor(fixture: &mut Fixture) {
    fill(fixture);
    let after = |order: &[&str], equal: &[(&str, &str)], after: &[&str]| {
        let after = after.iter().map(|value| (*value).to_owned()).collect();
        fixture.ids(ListQuery { after: Some(after), limit: 2, ..query(order, equal) })
    };
    assert_eq!(after(&[], &[], &["b"]), ["c", "d"]);
    assert_eq!(after(&["colour"], &[], &["blue", "e"]), ["a", "c"]);
    // The record of the cursor may be gone by now.
    assert_eq!(after(&["colour"], &[], &["blue", "d"]), ["e", "a"]);
    assert_eq!(after(&["size"], &[("colour", "red")], &["1", "d"]), ["f", "c"]);
    assert_eq!(after(&["colour", "size"], &[], &["blue", "2", "b"]), ["a", "d"]);
    assert_eq!(after(&["colour", "size"], &[], &["green", "0", ""]), ["a", "d"]);
    assert!(after(&["colour", "size"], &[], &["red", "3", "c"]).is_empty());
    assert_eq!(after(&[], &[("colour", "blue")], &["b"]), ["e"]);
}

pub fn take_a_missing_value_for_empty(fixture: &mut Fixture) {
    fill(fixture);
    fixture.done(records(vec![lead("t1", "0", 0, ""), indexed(&[("size", "9")], lead("t1", "g", 0, ""))]));
    assert_eq!(fixture.ids(query(&["colour"], &[])), ["0", "g", "b", "e", "a", "c", "d", "f"]);
    assert_eq!(fixture.ids(query(&["colour", "size"], &[]))[..3], ["0", "g", "e"]);
    let on = ListQuery { after: Some(vec![String::new(), "0".into()]), limit: 2, ..query(&["colour"], &[]) };
    assert_eq!(fixture.ids(on), ["g", "b"]);
    // But nothing is equal to what is not there.
    assert!(fixture.ids(query(&[], &[("colour", "")])).is_empty());
}

pub fn follow_changes(fixture: &mut Fixture) {
    fill(fixture);
    fixture
        .done(records(vec![indexed(&[("colour", "amber")], lead("t1", "c", 1, "")), removal("t1", "d", 1)]));
    fixture.reopen();
    assert_eq!(fixture.ids(query(&[], &[("colour", "red")])), ["f"]);
    assert_eq!(fixture.ids(query(&["colour"], &[])), ["c", "b", "e", "a", "f"]);
    assert_eq!(fixture.ids(query(&["size"], &[])), ["c", "a", "e", "b", "f"]);
    // A field named twice counts once, with its first value.
    let twice = indexed(&[("colour", "pink"), ("colour", "plum")], lead("t1", "c", 2, ""));
    fixture.done(records(vec![twice]));
    assert_eq!(fixture.ids(query(&[], &[("colour", "pink")])), ["c"]);
    assert!(fixture.ids(query(&[], &[("colour", "plum")])).is_empty());
}

/// Many records, where an engine follows one index or another: the list is the same.
pub fn are_the_same_in_great_number(fixture: &mut Fixture) {
    let row = |n: u32| {
        // One colour is nearly everything, one is rare; sizes are spread.
        let colour = if n.is_multiple_of(97) { "rare" } else { "common" };
        (format!("{:05}", n * 7_919 % 10_007), colour, format!("{:03}", n * 31 % 211))
    };
    let mut rows: Vec<_> = (0..1_600).map(row).collect();
    let write = |(id, colour, size): &(String, &str, String)| {
        indexed(&[("colour", colour), ("size", size)], lead("t1", id, 0, ""))
    };
    fixture.done(records(rows.iter().map(write).collect()));
    for colour in ["common", "rare"] {
        for order in [&[][..], &["size"], &["colour", "size"], &["size", "colour"]] {
            rows.sort_by_key(|(id, colour, size)| {
                let value = |field: &&str| if *field == "size" { size.clone() } else { (*colour).to_owned() };
                order.iter().map(value).chain([id.clone()]).collect::<Vec<_>>()
            });
            let expected: Vec<&str> =
                rows.iter().filter(|row| row.1 == colour).map(|row| row.0.as_str()).take(120).collect();
            let mut found: Vec<String> = Vec::new();
            let mut after = None;
            // In pages, each from the end of the one before.
            while found.len() < expected.len() {
                let page = ListQuery { after: after.take(), limit: 7, ..query(order, &[("colour", colour)]) };
                let ids = fixture.ids(page);
                let Some(last) = ids.last() else { break };
                let (_, colour, size) = rows.iter().find(|row| row.0 == *last).expect("it was made");
                let value = |field: &&str| if *field == "size" { size.clone() } else { (*colour).to_owned() };
                after = Some(order.iter().map(value).chain([last.clone()]).collect());
                found.extend(ids);
            }
            found.truncate(expected.len());
            assert_eq!(found, expected, "{colour} by {order:?}");
        }
    }
}
