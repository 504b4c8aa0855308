//! Any bytes as Protobuf: no panic, a sound tree, and every place of the graph within the text.
#![no_main]

#[path = "../../crates/readers/tests/protobuf/sound.rs"]
mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| sound::assert_sound(bytes));
