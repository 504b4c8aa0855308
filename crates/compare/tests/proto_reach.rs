//! How far changes of Protobuf elements reach, over many steps.

use std::fmt::Write as _;

use tenon_compare::Direction;
use tenon_testkit::{MemoryFiles, changes_of};

/// Long enough that work which grows with the square of it shows.
const LONG: usize = 20_000;

fn file(text: String) -> MemoryFiles {
    MemoryFiles([("acme/v1/chain.proto".to_owned(), text.into_bytes())].into())
}

/// A service whose RPC takes the first of a row of messages, each with a field of the next; the
/// messages have another name each in every version.
fn chain(version: &str, count: usize) -> MemoryFiles {
    let mut text = String::from("syntax = \"proto3\";\npackage acme.v1;\n");
    let _ = writeln!(text, "message Top {{ {version}0 next = 1; }}\nmessage Answer {{}}");
    text.push_str("service Chain { rpc Put(Top) returns (Answer); }\n");
    for index in 0..count {
        let _ = match index + 1 {
            next if next < count => {
                writeln!(text, "message {version}{index} {{ {version}{next} next = 1; }}")
            }
            _ => writeln!(text, "message {version}{index} {{ Kind kind = 1; }}"),
        };
    }
    text.push_str("enum Kind { KIND_UNSPECIFIED = 0; }\n");
    file(text)
}

#[test]
fn every_message_of_a_long_chain_reaches_the_rpc_at_its_end() {
    let (_, _, changes) = changes_of(&chain("Old", LONG), &chain("New", LONG));
    let removed: Vec<_> = changes.iter().filter(|change| change.rule.code.id == "DP040").collect();
    assert_eq!(removed.len(), LONG);
    for change in removed {
        assert_eq!(change.reach.names, ["acme.v1.Chain/Put"], "{}", change.message);
        assert_eq!((change.reach.count, change.direction), (1, Some(Direction::Request)));
    }
}

#[test]
fn messages_of_a_circle_reach_the_same_and_enums_what_their_users_do() {
    let text = |values: &str| {
        format!(
            "syntax = \"proto3\";\npackage acme.v1;\n\
             message A {{ B b = 1; }}\nmessage B {{ A a = 1; Kind kind = 2; }}\nmessage C {{ B b = 1; }}\n\
             enum Kind {{ KIND_UNSPECIFIED = 0;{values} }}\n\
             service S {{ rpc Get(A) returns (C); rpc Put(C) returns (A); rpc Other(D) returns (D); }}\n\
             message D {{}}\n"
        )
    };
    let (_, _, changes) = changes_of(&file(text(" KIND_CAT = 1;")), &file(text("")));
    let [change] = changes.as_slice() else { panic!("{changes:#?}") };
    assert_eq!(change.reach.names, ["acme.v1.S/Get", "acme.v1.S/Put"]);
    assert_eq!((change.reach.count, change.direction), (2, Some(Direction::Both)));
}
