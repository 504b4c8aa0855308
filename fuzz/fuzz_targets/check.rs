//! Any bytes as the files of a contract, through every reader, the link and all rules: no panic,
//! and every finding lies in a file. A byte that no UTF-8 text has divides the files.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tenon_testkit::{MemoryFiles, run_files};

const NAMES: [&str; 4] = ["openapi.yaml", "other.json", "third.yaml", "contract.yaml"];

fuzz_target!(|bytes: &[u8]| {
    let parts = bytes.split(|&byte| byte == 0xFF);
    let files = NAMES.iter().zip(parts).map(|(name, part)| ((*name).to_owned(), part.to_vec()));
    let files = MemoryFiles(files.collect());
    let outcome = run_files(&files, None, &|_| true);
    let sources = &outcome.graph.sources;
    for finding in &outcome.findings {
        let text = sources.get(finding.place.file).map_or("", |file| file.text());
        assert!(text.get(finding.place.span.range()).is_some(), "{finding:?}");
        assert!(!finding.message.is_empty());
    }
});
