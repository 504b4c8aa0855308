//! What a version of the contracts is, in hashes: the content of `tenon.lock`, and what drifted
//! from it.
//!
//! A hash is that of the meaning: the SHA-256 of the canonical form (RFC 8785) of a value in which
//! what only people read (descriptions, summaries, comments, examples) is left out and each
//! reference stands as the hash of what it refers to. Which file something stands in, the order of
//! members, the format and the comments do not count.

mod elements;
mod generated;
mod protobuf;
mod unit;
mod value;

use std::collections::BTreeMap;

use serde_json::json;
use tenon_source::At;

use crate::{Graph, Tier, canonical_hash};

pub use generated::{Numbers, Output};

/// The form of the lock that is written.
pub const LOCK_VERSION: i64 = 1;

/// Characters of the hash of an element: half of a SHA-256, which no accident meets.
const ELEMENT_HASH_CHARACTERS: usize = 32;

/// Characters of the hash of an element without what it refers to: it only tells which of the
/// elements that drifted are the cause.
const OWN_HASH_CHARACTERS: usize = 8;

/// How a file is called in the lock, by its path.
pub type Named<'n> = &'n dyn Fn(&str) -> String;

/// What a lock says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// The version of the program that wrote it.
    pub tool: String,
    /// Contracts and schema families, by kind and path.
    pub blocks: Vec<Block>,
    /// Pinned tools, by manifest and name.
    pub pins: Vec<Pin>,
    /// Files that were generated, by target and path.
    pub outputs: Vec<Output>,
    /// Numbers that were given to fields and enum values for good.
    pub numbers: Numbers,
}

impl Lock {
    /// Whether no contract is frozen: such a lock only pins what was generated.
    #[must_use]
    pub fn is_vacant(&self) -> bool {
        self.blocks.is_empty() && self.pins.is_empty()
    }
}

/// What a block is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// A contract.
    Contract,
    /// A schema that stands in a file of its own.
    Family,
}

impl BlockKind {
    /// Its name in the lock.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Family => "family",
        }
    }
}

/// One contract or family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is about.
    pub kind: BlockKind,
    /// Its file, from the folder of the lock; of Protobuf, its package.
    pub path: String,
    /// Its format.
    pub format: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// Its tier, where it or the contract that governs it says one.
    pub tier: Option<Tier>,
    /// How many operations it has.
    pub operations: usize,
    /// Its hash: of all the elements, and of what is said above.
    pub hash: String,
    /// The RPCs it must have, where it has any, with what accounts for changes of the list.
    pub rpcs: Option<Rpcs>,
    /// The hash of each element by its name.
    pub elements: BTreeMap<String, String>,
}

/// The list of RPCs of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rpcs {
    /// Their names, sorted.
    pub names: Vec<String>,
    /// Names beyond the list that a row of the contract gives a reason for; not in the lock.
    pub explained: Vec<String>,
}

impl Rpcs {
    /// The hash of the list.
    #[must_use]
    pub fn hash(&self) -> String {
        canonical_hash(&json!(self.names))
    }
}

/// A tool whose version is pinned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// The manifest, from the folder of the lock.
    pub manifest: String,
    /// The tool.
    pub tool: String,
    /// Its version; empty where none is pinned.
    pub version: String,
}

impl Block {
    /// The hash the block must have: what somebody changed by hand does not fit it.
    #[must_use]
    pub fn sum(&self) -> String {
        canonical_hash(&json!({
            "elements": self.elements,
            "format": self.format,
            "name": self.name,
            "operations": self.operations,
            "rpcs": self.rpcs.as_ref().map(Rpcs::hash),
            "tier": self.tier.map(Tier::as_str),
            "version": self.version,
        }))
    }
}

/// The lock of a graph, with the place of each element. `tool` is the version of the program,
/// `named` gives the path of a file from the folder of the lock.
#[must_use]
pub fn freeze(graph: &Graph, tool: &str, named: Named<'_>) -> (Lock, Places) {
    let mut places = Places::default();
    let mut blocks = elements::blocks(graph, named, &mut places);
    blocks.extend(protobuf::blocks(graph, &mut places));
    for block in &mut blocks {
        block.hash = block.sum();
    }
    blocks.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    let mut pins = elements::pins(graph, named);
    pins.sort();
    pins.dedup();
    (Lock { tool: tool.to_owned(), blocks, pins, ..Lock::default() }, places)
}

/// Where blocks and their elements stand.
#[derive(Debug, Default)]
pub struct Places {
    blocks: BTreeMap<(BlockKind, String), At>,
    elements: BTreeMap<(BlockKind, String, String), At>,
}

impl Places {
    /// Where an element stands, or else its block.
    #[must_use]
    pub fn of(&self, drift: &Drift) -> Option<At> {
        let key = |element: &String| (drift.kind, drift.path.clone(), element.clone());
        let element = drift.element.as_ref().and_then(|element| self.elements.get(&key(element)));
        element.or_else(|| self.blocks.get(&(drift.kind, drift.path.clone()))).copied()
    }
}

/// How something differs from the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// The lock does not have it.
    Added,
    /// It is another.
    Changed,
    /// Only the lock has it.
    Removed,
}

/// What drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// A whole contract or family.
    Block,
    /// One element of it.
    Element,
    /// Elements that are as they were but refer to what drifted.
    Reference,
    /// What stands at its head: name, version, tier.
    Head,
    /// The list of RPCs, without a row that gives a reason.
    Rpcs,
    /// A pinned tool.
    Pin,
}

/// One difference from the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// What kind of block.
    pub kind: BlockKind,
    /// Its path; of a pin, the manifest.
    pub path: String,
    /// The element, such as `operation GET /pets`.
    pub element: Option<String>,
    /// What drifted.
    pub aspect: Aspect,
    /// How.
    pub how: Move,
    /// What the lock has and what is there now, where that is short.
    pub values: Option<(String, String)>,
    /// The elements that refer to what drifted.
    pub names: Vec<String>,
}

/// What differs between a lock and what is there now, in order of blocks. A block that moved to
/// another file is the same block.
#[must_use]
pub fn drift(locked: &Lock, now: &Lock) -> Vec<Drift> {
    let mut out = Vec::new();
    let find = |lock: &'_ Lock, block: &Block| {
        let same_path = |other: &&Block| other.kind == block.kind && other.path == block.path;
        let same = |other: &&Block| {
            other.kind == block.kind
                && (other.hash == block.hash || (block.name.is_some() && other.name == block.name))
        };
        let by_path = lock.blocks.iter().position(|other| same_path(&other));
        by_path.or_else(|| lock.blocks.iter().position(|other| same(&other)))
    };
    let mut met = vec![false; locked.blocks.len()];
    for block in &now.blocks {
        match find(locked, block).filter(|&index| met.get(index) == Some(&false)) {
            Some(index) => {
                if let (Some(met), Some(before)) = (met.get_mut(index), locked.blocks.get(index)) {
                    *met = true;
                    drift_of_block(before, block, &mut out);
                }
            }
            None => out.push(whole(block, Move::Added)),
        }
    }
    let gone = locked.blocks.iter().zip(&met).filter(|(_, met)| !**met);
    out.extend(gone.map(|(block, _)| whole(block, Move::Removed)));
    drift_of_pins(locked, now, &mut out);
    out
}

fn whole(block: &Block, how: Move) -> Drift {
    let path = block.path.clone();
    Drift {
        kind: block.kind,
        path,
        element: None,
        aspect: Aspect::Block,
        how,
        values: None,
        names: Vec::new(),
    }
}

fn drift_of_block(before: &Block, block: &Block, out: &mut Vec<Drift>) {
    let drift = |element: Option<&str>, aspect, how, values| Drift {
        kind: block.kind,
        path: block.path.clone(),
        element: element.map(str::to_owned),
        aspect,
        how,
        values,
        names: Vec::new(),
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let tier = |block: &Block| Some(block.tier.map_or("none", Tier::as_str).to_owned());
    let heads = [
        ("name", before.name.clone(), block.name.clone()),
        ("version", before.version.clone(), block.version.clone()),
        ("tier", tier(before), tier(block)),
        ("format", Some(before.format.clone()), Some(block.format.clone())),
    ];
    for (name, old, new) in heads {
        if old != new {
            out.push(drift(Some(name), Aspect::Head, Move::Changed, Some((text(&old), text(&new)))));
        }
    }
    let (old, new) = (before.rpcs.clone().unwrap_or_default(), block.rpcs.clone().unwrap_or_default());
    let is_explained = |name: &&String| new.explained.contains(name);
    for name in new.names.iter().filter(|name| !old.names.contains(name) && !is_explained(name)) {
        out.push(drift(Some(name), Aspect::Rpcs, Move::Added, None));
    }
    for name in old.names.iter().filter(|name| !new.names.contains(name) && !is_explained(name)) {
        out.push(drift(Some(name), Aspect::Rpcs, Move::Removed, None));
    }
    let mut referring = Vec::new();
    for (name, hash) in &block.elements {
        match before.elements.get(name) {
            None => out.push(drift(Some(name), Aspect::Element, Move::Added, None)),
            Some(before) if deep(before) != deep(hash) => {
                if own(before).is_some() && own(before) == own(hash) {
                    referring.push(name.clone());
                } else {
                    out.push(drift(Some(name), Aspect::Element, Move::Changed, None));
                }
            }
            Some(_) => {}
        }
    }
    if !referring.is_empty() {
        let names = referring;
        out.push(Drift { names, ..drift(None, Aspect::Reference, Move::Changed, None) });
    }
    for name in before.elements.keys().filter(|name| !block.elements.contains_key(*name)) {
        out.push(drift(Some(name), Aspect::Element, Move::Removed, None));
    }
}

/// The hash of an element with what it refers to.
fn deep(hash: &str) -> &str {
    hash.split(' ').next().unwrap_or(hash)
}

/// The hash of an element alone.
fn own(hash: &str) -> Option<&str> {
    Some(hash.split_once(' ')?.1)
}

fn drift_of_pins(locked: &Lock, now: &Lock, out: &mut Vec<Drift>) {
    let drift = |pin: &Pin, how, values| Drift {
        kind: BlockKind::Contract,
        path: pin.manifest.clone(),
        element: Some(pin.tool.clone()),
        aspect: Aspect::Pin,
        how,
        values,
        names: Vec::new(),
    };
    let same = |a: &Pin, b: &Pin| a.manifest == b.manifest && a.tool == b.tool;
    for pin in &now.pins {
        match locked.pins.iter().find(|other| same(other, pin)) {
            None => out.push(drift(pin, Move::Added, None)),
            Some(before) if before.version != pin.version => {
                let values = Some((before.version.clone(), pin.version.clone()));
                out.push(drift(pin, Move::Changed, values));
            }
            Some(_) => {}
        }
    }
    let gone = locked.pins.iter().filter(|pin| !now.pins.iter().any(|other| same(other, pin)));
    out.extend(gone.map(|pin| drift(pin, Move::Removed, None)));
}
