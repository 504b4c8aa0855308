//! A pair of operations while it is compared, and the words for what is found in it.

use tenon_graph::{Graph, Tier};
use tenon_source::{At, Node};

use super::lifecycle::tier_of;
use super::pair::Pair;
use crate::ledger::Ledger;
use crate::rule::ChangeRule;
use crate::{Change, Direction, Spot, Versions};

/// A pair of operations with what is known around it.
pub(crate) struct Scope<'c, 'g> {
    pub(crate) versions: &'c Versions<'g>,
    pub(crate) pair: &'c Pair<'g>,
    /// What people call the operation now.
    pub(crate) label: &'c str,
    pub(crate) ledger: &'c mut Ledger,
    /// The tier the operation said it had: what was promised counts.
    pub(crate) tier: Option<Tier>,
}

/// An element of an operation, where it may be shared with others by a reference.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// What identifies it, such as `GET /pets query limit` or `parameters Limit`.
    pub(crate) subject: String,
    /// Where it is defined before.
    pub(crate) old: At,
    /// Where it is defined now.
    pub(crate) new: At,
}

impl Element {
    /// A part of the element that has a place of its own in both versions.
    pub(crate) fn part(&self, words: &str, old: At, new: At) -> Self {
        Self { subject: format!("{} {words}", self.subject), old, new }
    }
}

impl<'c, 'g> Scope<'c, 'g> {
    pub(crate) fn new(
        versions: &'c Versions<'g>,
        pair: &'c Pair<'g>,
        label: &'c str,
        ledger: &'c mut Ledger,
    ) -> Self {
        Self { versions, pair, label, ledger, tier: tier_of(versions.old, pair.old) }
    }

    /// The operation itself.
    pub(crate) fn operation(&self) -> Element {
        Element { subject: self.label.to_owned(), old: self.pair.old.at, new: self.pair.new.at }
    }

    /// An element by where it is written and where it is defined.
    pub(crate) fn element(&self, words: &str, old: (At, At), new: (At, At), inherited: bool) -> Element {
        Element { subject: self.subject(words, new, inherited, false), old: old.1, new: new.1 }
    }

    /// What identifies an element: the component it is kept as, or the operation or path it is in.
    pub(crate) fn subject(&self, words: &str, (at, def): (At, At), inherited: bool, is_old: bool) -> String {
        let graph = if is_old { self.versions.old } else { self.versions.new };
        if at != def {
            return component_name(graph, def).unwrap_or_else(|| words.to_owned());
        }
        let operation = if is_old { self.pair.old } else { self.pair.new };
        match (&operation.http, inherited) {
            (Some(http), true) => format!("{} {words}", http.path.text),
            _ => format!("{} {words}", self.label),
        }
    }

    /// A change of an element of both versions.
    pub(crate) fn changed(
        &self,
        rule: &'static ChangeRule,
        direction: Option<Direction>,
        element: &Element,
        message: impl Into<String>,
    ) -> Change {
        Change::new(rule, direction, element.subject.clone(), message)
            .from_old(Spot::of(self.versions.old, element.old))
            .at_new(Spot::of(self.versions.new, element.new))
            .in_tier(self.tier)
    }

    /// A change of something that is new.
    pub(crate) fn added(
        &self,
        rule: &'static ChangeRule,
        direction: Option<Direction>,
        subject: impl Into<String>,
        at: At,
        message: impl Into<String>,
    ) -> Change {
        Change::new(rule, direction, subject, message)
            .at_new(Spot::of(self.versions.new, at))
            .in_tier(self.tier)
    }

    /// A change of something that is gone; `around` is what is left around it.
    pub(crate) fn removed(
        &self,
        rule: &'static ChangeRule,
        direction: Option<Direction>,
        subject: impl Into<String>,
        at: At,
        around: At,
        message: impl Into<String>,
    ) -> Change {
        Change::new(rule, direction, subject, message)
            .from_old(Spot::of(self.versions.old, at))
            .at_new(Spot::of(self.versions.new, around))
            .in_tier(self.tier)
    }

    /// Keeps a change of something both versions have or the new one has.
    pub(crate) fn add(&mut self, change: Change) {
        self.ledger.add(change, self.pair.label);
    }

    /// Keeps a change of something that is gone.
    pub(crate) fn add_removed(&mut self, change: Change) {
        self.ledger.add_removed(change, self.pair.label);
    }

    pub(crate) fn old_node(&self, at: At) -> Node<'g> {
        self.versions.old.node(at)
    }

    pub(crate) fn new_node(&self, at: At) -> Node<'g> {
        self.versions.new.node(at)
    }
}

/// Section and name of a component, such as `parameters Limit`.
pub(crate) fn component_name(graph: &Graph, def: At) -> Option<String> {
    let node = graph.node(def);
    let name = node.key()?;
    match node.parent().and_then(|section| section.key()) {
        Some(section) => Some(format!("{section} {name}")),
        None => Some(name.to_owned()),
    }
}

/// A number of things in words, `1 operation` or `3 operations`.
pub(crate) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// Names in backticks, as a list.
pub(crate) fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
