//! Any bytes as JSON: no panic, a sound tree.
#![no_main]

#[expect(dead_code, reason = "shared with the property tests")]
#[path = "../../crates/source/tests/trees/common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (file, findings) = common::read("a.json", bytes);
    common::assert_sound(&file, &findings);
});
