//! Pairs of schemas that take each other's place, each compared once, and the ways between them.

use rustc_hash::FxHashMap;
use tenon_source::{At, Node};

use super::SchemaAt;
use super::flatten::view;
use super::found::{Found, Turn, When};
use super::names::Names;
use super::print::Prints;
use super::reach::{Edge, Mask};
use super::view::{Conj, Entry, Side, View, conj};
use super::{combined, items, members, notes, ranges, values};
use crate::{ContentModel, Versions};

/// Two conjunctions of schemas that take each other's place.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) old: Conj,
    pub(super) new: Conj,
    /// Where the pair stands, for what has no place of its own.
    pub(super) site: (At, At),
}

/// The comparison of all schemas of two versions.
pub(super) struct Engine<'g> {
    pub(super) old: Side<'g>,
    pub(super) new: Side<'g>,
    pub(super) old_names: Names<'g>,
    pub(super) new_names: Names<'g>,
    /// Whether receivers refuse members that no one declared.
    pub(super) is_closed: bool,
    pub(super) pairs: Vec<Pair>,
    pub(super) edges: Vec<Edge>,
    pub(super) found: Vec<Found>,
    pub(super) old_prints: Prints,
    pub(super) new_prints: Prints,
    pub(super) patterns: members::Patterns,
    /// Pairs that were made only to decide whether one schema holds another, a count.
    pub(super) probes: usize,
    known: FxHashMap<(Conj, Conj), u32>,
}

impl<'g> Engine<'g> {
    pub(super) fn new(versions: &Versions<'g>) -> Self {
        Self {
            old: Side { graph: versions.old },
            new: Side { graph: versions.new },
            old_names: Names::new(versions.old),
            new_names: Names::new(versions.new),
            is_closed: versions.settings.content_model == ContentModel::Closed,
            pairs: Vec::new(),
            edges: Vec::new(),
            found: Vec::new(),
            old_prints: Prints::default(),
            new_prints: Prints::default(),
            patterns: members::Patterns::default(),
            probes: 0,
            known: FxHashMap::default(),
        }
    }

    /// The pair of two schemas at the top of a message.
    pub(super) fn top(&mut self, old: SchemaAt, new: SchemaAt) -> u32 {
        let before = self.old.entry(old.at, old.dialect);
        let after = self.new.entry(new.at, new.dialect);
        self.pair(conj(vec![before]), conj(vec![after]), (old.at, new.at))
    }

    pub(super) fn pair(&mut self, old: Conj, new: Conj, site: (At, At)) -> u32 {
        let count = u32::try_from(self.pairs.len()).unwrap_or(u32::MAX);
        let pairs = &mut self.pairs;
        *self.known.entry((old, new)).or_insert_with_key(|(old, new)| {
            pairs.push(Pair { old: old.clone(), new: new.clone(), site });
            count
        })
    }

    /// Compares every pair, and those that come up on the way.
    pub(super) fn run(&mut self) {
        let mut next = 0;
        while let Some(pair) = self.pairs.get(next).cloned() {
            let index = u32::try_from(next).unwrap_or(u32::MAX);
            self.compare(index, &pair);
            next += 1;
        }
    }

    fn compare(&mut self, index: u32, pair: &Pair) {
        if self.is_alike(index, pair) {
            return;
        }
        let old = view(self.old, &pair.old);
        let new = view(self.new, &pair.new);
        let mut ctx = Ctx { engine: self, index, pair, old: &old, new: &new };
        if combined::gave_up(&mut ctx) || combined::one_sided(&mut ctx) {
            return;
        }
        notes::compare(&mut ctx);
        if values::compare(&mut ctx) {
            ranges::compare(&mut ctx);
            members::compare(&mut ctx);
            items::compare(&mut ctx);
        }
        combined::compare(&mut ctx);
    }

    /// Whether the schemas are written alike; then only what they refer to is compared.
    fn is_alike(&mut self, index: u32, pair: &Pair) -> bool {
        let (&[old], &[new]) = (&*pair.old, &*pair.new) else { return false };
        if old.dialect != new.dialect || old.bare || new.bare {
            return false;
        }
        let before = self.old_prints.of(self.old, old);
        let after = self.new_prints.of(self.new, new);
        if !before.is_alike(&after) {
            return false;
        }
        for (from, to) in before.references.iter().zip(&after.references) {
            let one = self.old.entry(from.1, old.dialect);
            let two = self.new.entry(to.1, new.dialect);
            let below = self.pair(conj(vec![one]), conj(vec![two]), (from.1, to.1));
            self.edges.push(Edge { from: index, to: below, mask: from.2.and(to.2) });
        }
        true
    }
}

/// One pair while it is compared.
pub(super) struct Ctx<'e, 'g> {
    pub(super) engine: &'e mut Engine<'g>,
    index: u32,
    pub(super) pair: &'e Pair,
    pub(super) old: &'e View<'g>,
    pub(super) new: &'e View<'g>,
}

impl<'g> Ctx<'_, 'g> {
    /// Reports a difference; what has no place of its own stands where the pair does.
    pub(super) fn report(&mut self, found: Found) {
        let old = found.old.or(Some(self.site().0));
        let new = found.new.or(Some(self.site().1));
        self.engine.found.push(Found { pair: self.index, old, new, ..found });
    }

    /// Where the pair stands in both versions.
    pub(super) fn site(&self) -> (At, At) {
        let first = |conj: &Conj, site: At| match &**conj {
            [only] => only.at,
            _ => site,
        };
        (first(&self.pair.old, self.pair.site.0), first(&self.pair.new, self.pair.site.1))
    }

    /// Compares schemas below: what narrows them narrows these.
    pub(super) fn below(&mut self, old: Vec<Entry>, new: Vec<Entry>, mask: Mask) -> u32 {
        let to = self.apart(old, new);
        self.engine.edges.push(Edge { from: self.index, to, mask });
        to
    }

    /// Compares schemas to know how they relate; what differs is not reported from here.
    pub(super) fn apart(&mut self, old: Vec<Entry>, new: Vec<Entry>) -> u32 {
        let site = self.site();
        let place = |entries: &[Entry], site: At| entries.first().map_or(site, |entry| entry.at);
        let site = (place(&old, site.0), place(&new, site.1));
        self.engine.pair(conj(old), conj(new), site)
    }

    /// When something that sees the whole schema counts: where both are written alike, only if
    /// what they refer to turned.
    pub(super) fn unless_alike(&mut self) -> When {
        let (&[old], &[new]) = (&*self.pair.old, &*self.pair.new) else { return When::Always };
        let before = self.engine.old_prints.of(self.engine.old, old);
        let after = self.engine.new_prints.of(self.engine.new, new);
        if old.dialect != new.dialect || !before.is_equal(&after) {
            return When::Always;
        }
        let pairs = before.references.iter().zip(&after.references).map(|(from, to)| {
            let one = self.engine.old.entry(from.1, old.dialect);
            let two = self.engine.new.entry(to.1, new.dialect);
            self.apart(vec![one], vec![two])
        });
        When::IfAny(pairs.collect(), Turn::BOTH)
    }

    /// What the schema around a keyword is called, in the new version where it is there.
    pub(super) fn subject(&self, old: Option<At>, new: Option<At>) -> String {
        match (old, new) {
            (_, Some(at)) => self.engine.new_names.schema(owner(self.engine.new.node(at), at)),
            (Some(at), None) => self.engine.old_names.schema(owner(self.engine.old.node(at), at)),
            (None, None) => self.here(),
        }
    }

    /// What the pair itself is called.
    pub(super) fn here(&self) -> String {
        match (&*self.pair.new, &*self.pair.old) {
            ([], [old, ..]) => self.engine.old_names.schema(old.at),
            _ => self.engine.new_names.schema(self.site().1),
        }
    }
}

/// The schema that a keyword's value, or an item of it, stands in.
fn owner(node: Node<'_>, at: At) -> At {
    let mut node = node;
    // A value in a list has no name of its own.
    while node.key().is_none() {
        match node.parent() {
            Some(parent) => node = parent,
            None => return at,
        }
    }
    node.parent().map_or(at, |parent| At { file: at.file, node: parent.id() })
}
