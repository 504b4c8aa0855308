//! `tenon.lock`: what is frozen, as text that people review and version control merges: one block a
//! contract, one line an element, all of it sorted.

use std::fmt::Write as _;

use tenon_graph::freeze::{Block, BlockKind, LOCK_VERSION, Lock};

/// What stands at the top.
const HEAD: &str = "\
# Written by `tenon freeze`; do not edit. `tenon freeze --check` tells what differs from it.
# After a merge conflict: take either side, then run `tenon freeze`.
";

/// The text of a lock.
#[must_use]
pub fn write(lock: &Lock) -> String {
    let mut out = String::from(HEAD);
    // Writing to a string does not fail.
    let _ = writeln!(out, "version = {LOCK_VERSION}\ntenon = {}", quoted(&lock.tool));
    for pin in &lock.pins {
        let _ = write!(
            out,
            "\n[[pin]]\nmanifest = {}\ntool = {}\nversion = {}\n",
            quoted(&pin.manifest),
            quoted(&pin.tool),
            quoted(&pin.version)
        );
    }
    for kind in [BlockKind::Contract, BlockKind::Family] {
        for block in lock.blocks.iter().filter(|block| block.kind == kind) {
            write_block(block, &mut out);
        }
    }
    for output in &lock.outputs {
        let _ = writeln!(
            out,
            "\n[[output]]\ntarget = {}\npath = {}\n\n[output.files]",
            quoted(&output.target),
            quoted(&output.path)
        );
        for (path, hash) in &output.files {
            let _ = writeln!(out, "{} = {}", quoted(path), quoted(hash));
        }
    }
    if !lock.numbers.is_empty() {
        let _ = writeln!(out, "\n[numbers]\nsha256 = {}", quoted(&lock.numbers.hash()));
        for (owner, numbers) in &lock.numbers.of {
            let _ = writeln!(out, "\n[numbers.of.{}]", quoted(owner));
            for (name, number) in numbers {
                let _ = writeln!(out, "{} = {number}", quoted(name));
            }
        }
    }
    out
}

fn write_block(block: &Block, out: &mut String) {
    let kind = block.kind.as_str();
    let _ = writeln!(out, "\n[[{kind}]]\npath = {}", quoted(&block.path));
    let _ = writeln!(out, "format = {}", quoted(&block.format));
    if let Some(name) = &block.name {
        let _ = writeln!(out, "name = {}", quoted(name));
    }
    if let Some(version) = &block.version {
        let _ = writeln!(out, "version = {}", quoted(version));
    }
    if let Some(tier) = block.tier {
        let _ = writeln!(out, "tier = {}", quoted(tier.as_str()));
    }
    let _ = writeln!(out, "operations = {}\nsha256 = {}", block.operations, quoted(&block.hash));
    if let Some(rpcs) = &block.rpcs {
        let _ = writeln!(out, "rpcs-sha256 = {}\nrpcs = [", quoted(&rpcs.hash()));
        for name in &rpcs.names {
            let _ = writeln!(out, "  {},", quoted(name));
        }
        out.push_str("]\n");
    }
    let _ = writeln!(out, "\n[{kind}.elements]");
    for (name, hash) in &block.elements {
        let _ = writeln!(out, "{} = {}", quoted(name), quoted(hash));
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\u{0}'..='\u{1F}' | '\u{7F}' => {
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
