//! Any bytes as the files of a contract, through every reader, the link and all rules: no panic,
//! and every finding lies in a file. A byte that no UTF-8 text has divides the files.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tenon_testkit::{MemoryFiles, run_files};

const NAMES: [&str; 4] = ["openapi.yaml", "other.json", "third.yaml", "contract.yaml"];
const PROTO_NAMES: [&str; 4] = ["a.proto", "b.proto", "c.proto", "d.proto"];

fuzz_target!(|bytes: &[u8]| {
    let parts = bytes.split(|&byte| byte == 0xFF);
    let names = NAMES.iter().zip(PROTO_NAMES);
    let files = names.zip(parts).map(|((name, proto), part)| {
        let name = if is_protobuf(part) { proto } else { name };
        (name.to_owned(), part.to_vec())
    });
    let files = MemoryFiles(files.collect());
    let outcome = run_files(&files, None, &|_| true);
    let sources = &outcome.graph.sources;
    for finding in &outcome.findings {
        let text = sources.get(finding.place.file).map_or("", |file| file.text());
        assert!(text.get(finding.place.span.range()).is_some(), "{finding:?}");
        assert!(!finding.message.is_empty());
    }
});

/// Protobuf is known by the name of its file, so what begins like it gets such a name.
fn is_protobuf(part: &[u8]) -> bool {
    let start = part.trim_ascii_start();
    [b"syntax".as_slice(), b"edition", b"package", b"message", b"//"].iter().any(|word| start.starts_with(word))
}
