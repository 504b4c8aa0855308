//! The bytes of the wire: every message with all its fields, both ways, against bytes that were not
//! made from the contract.

use serde_json::Value;
use tenon_emitters::descriptors;
use tenon_gateway::grpc::Messages;
use tenon_testkit::{MemoryFiles, graph_of};

use crate::support::pack;

/// S1-16…S1-22: each message of each method, to the byte.
#[test]
fn messages_have_the_bytes_of_the_wire() {
    let mut files = MemoryFiles::default();
    let proto = std::fs::read(pack("dome").join("proto/domed/v1/domed.proto")).expect("the contract");
    files.0.insert("domed/v1/domed.proto".to_owned(), proto);
    let (graph, _) = graph_of(&files);
    let pb = &graph.protobuf;
    let all: Vec<_> = pb.target_files().map(|(id, _)| id).collect();
    let set = descriptors::descriptor_set(pb, &descriptors::with_imports(pb, &all));
    let messages = Messages::new(&set).expect("the contract links");
    let mut seen = 0;
    for line in include_str!("golden.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.splitn(3, ' ');
        let (name, second, third) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        if name == "enum" {
            let found = pb.find_enum(&format!("domed.v1.{second}")).expect("the enum is there");
            let values = pb.values_of(pb.enumeration(found).values);
            let values: Vec<String> =
                values.iter().map(|value| format!("{}={}", value.name, value.number)).collect();
            assert_eq!(values.join(","), third, "{second}");
            continue;
        }
        let full = format!("domed.v1.{name}");
        let bytes = messages.to_wire(&full, third).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, second.trim_matches('-'), "{name}");
        let wanted: Value = serde_json::from_str(third).expect("JSON");
        assert_eq!(messages.of_wire(&full, &bytes).expect("it is read back"), wanted, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 26, "every message of the wire");
}
