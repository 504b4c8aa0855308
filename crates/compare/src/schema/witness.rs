//! Counter-examples: small values that one version takes and the other refuses, checked with the
//! validators of both before they are shown.

use tenon_schemas::{Direction as Travel, Key, Validators};
use tenon_source::{FileId, SourceFile};

use super::engine::{Engine, Pair};
use super::found::{Found, Want};
use super::make::{self, Maker};
use super::reach::Mask;
use super::view::{Conj, Entry, Side};
use crate::Effect;

/// Changes a counter-example is looked for, a count: each compiles the schemas of both versions,
/// and nobody reads thousands of them.
const EXAMPLES_MAX: usize = 200;

/// Values that are tried for one change, a count.
const TRIALS_MAX: usize = 96;

/// Longest value that is shown, in bytes: an array of a thousand items tells nobody more.
const EXAMPLE_BYTES_MAX: usize = 400;

/// Finds values that one version takes and the other refuses.
pub(super) struct Judge<'g> {
    old: Validators<'g>,
    new: Validators<'g>,
    left: usize,
}

/// Which version must take the value, and how it travels.
#[derive(Clone, Copy)]
struct Way {
    is_old: bool,
    travel: Travel,
}

impl<'g> Judge<'g> {
    pub(super) fn new(engine: &Engine<'g>) -> Self {
        let validators = |side: Side<'g>| Validators::new(side.graph);
        Self { old: validators(engine.old), new: validators(engine.new), left: EXAMPLES_MAX }
    }

    /// A value that shows the change, as JSON, for the messages that have it.
    pub(super) fn counter_example(
        &mut self,
        engine: &mut Engine<'g>,
        found: &Found,
        messages: Mask,
    ) -> Option<String> {
        if self.left == 0 {
            return None;
        }
        let pair = engine.pairs.get(found.pair as usize)?.clone();
        let is_bare = |conj: &Conj| conj.iter().any(|entry| entry.bare);
        if is_bare(&pair.old) || is_bare(&pair.new) {
            return None;
        }
        self.left -= 1;
        let ways = ways(found, messages);
        ways.into_iter().find_map(|way| self.shown(engine, found, &pair, way))
    }

    fn shown(&self, engine: &mut Engine<'g>, found: &Found, pair: &Pair, way: Way) -> Option<String> {
        let (side, conj) = if way.is_old { (engine.old, &pair.old) } else { (engine.new, &pair.new) };
        let (other, other_conj) = if way.is_old { (engine.new, &pair.new) } else { (engine.old, &pair.old) };
        let mut maker = Maker::new(side, &mut engine.patterns);
        let mut values = maker.wanted(conj, &found.want);
        // What the other version lists or shows is right there, and may not be here.
        values.extend(make::said(side, conj));
        values.extend(make::said(other, other_conj));
        if matches!(found.want, Want::Any) {
            values.sort_by_key(String::len);
        }
        values.retain(|value| value.len() <= EXAMPLE_BYTES_MAX);
        values.dedup();
        let (takes, refuses) = if way.is_old { (&self.old, &self.new) } else { (&self.new, &self.old) };
        values.truncate(TRIALS_MAX);
        values.into_iter().find(|value| {
            let (file, findings) = SourceFile::parse(FileId(0), "value.json", value.clone().into_bytes());
            findings.is_empty()
                && is_right(takes, conj, &file, way.travel)
                && !is_right(refuses, other_conj, &file, way.travel)
        })
    }
}

fn is_right(validators: &Validators<'_>, conj: &Conj, file: &SourceFile, travel: Travel) -> bool {
    let value = file.tree.root();
    conj.iter().all(|entry: &Entry| {
        let key = Key { at: entry.at, dialect: entry.dialect, direction: travel };
        (entry.or_null && value.is_null()) || validators.accepts(key, value)
    })
}

/// The ways in which a change can break, for the messages that have it.
fn ways(found: &Found, messages: Mask) -> Vec<Way> {
    let narrows = found.rule.effect != Effect::Widens;
    let widens = found.rule.effect != Effect::Narrows;
    let way = |is_old, travel| Way { is_old, travel };
    let mut ways = Vec::new();
    if messages.has(Mask::WHOLE) {
        if narrows {
            ways.push(way(true, Travel::Whole));
        }
        if widens {
            ways.push(way(false, Travel::Whole));
        }
    }
    if narrows && messages.has(Mask::REQUEST) {
        ways.push(way(true, Travel::Request));
    }
    if widens && messages.has(Mask::RESPONSE) {
        ways.push(way(false, Travel::Response));
    }
    ways
}
