//! Any bytes as YAML: no panic, a sound tree, and the quick reader agrees with the scanner.
#![no_main]

#[expect(dead_code, reason = "shared with the property tests")]
#[path = "../../crates/source/tests/trees/common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (file, findings) = common::read("a.yaml", bytes);
    common::assert_sound(&file, &findings);
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        common::assert_readers_agree(text);
    }
});
