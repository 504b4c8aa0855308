//! One change: what, where, for whom, how grave.

use std::cmp::Ordering;

use tenon_graph::{Graph, Tier};
use tenon_source::{At, Place};

use crate::rule::ChangeRule;

/// Operations that a change names one by one, a count: the rest is counted.
pub(crate) const OPERATIONS_NAMED_MAX: usize = 5;

/// How grave a change is for those who rely on the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// What was right before may fail now.
    Breaking,
    /// The same messages are right, and mean or do something else.
    Behaviour,
    /// More is right than before; nothing that was right fails.
    Additive,
    /// Only people read what changed.
    Docs,
}

impl Class {
    /// Every class, the gravest first.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Behaviour, Self::Additive, Self::Docs];

    /// Its name in output and configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Behaviour => "behaviour",
            Self::Additive => "additive",
            Self::Docs => "docs",
        }
    }

    /// The class with that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }
}

/// Who sends the message that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The consumer sends it: what narrows it breaks.
    Request,
    /// The provider sends it: what widens it breaks.
    Response,
    /// Both do.
    Both,
}

impl Direction {
    /// Its name in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Both => "both",
        }
    }

    /// The direction that covers both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Both }
    }
}

/// A place in one of the two versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The bytes.
    pub place: Place,
    /// JSON pointer of the value in its file.
    pub pointer: String,
}

impl Spot {
    /// The head of a value: its name where it has one.
    #[must_use]
    pub fn of(graph: &Graph, at: At) -> Self {
        Self { place: graph.sources.place(at), pointer: graph.node(at).pointer() }
    }
}

/// The operations that a change reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// How many there are, a count.
    pub count: usize,
    /// The first of them by name.
    pub names: Vec<String>,
}

impl Reach {
    /// The reach of a change over operations, each named once, in any order.
    #[must_use]
    pub fn of(mut names: Vec<String>) -> Self {
        names.sort();
        names.dedup();
        let count = names.len();
        names.truncate(OPERATIONS_NAMED_MAX);
        Self { count, names }
    }
}

/// One change, said once however many operations it reaches.
#[derive(Debug, Clone)]
pub struct Change {
    /// What kind of change.
    pub rule: &'static ChangeRule,
    /// How grave it is here.
    pub class: Class,
    /// Who sends the message that changed; `None` where it is about no message.
    pub direction: Option<Direction>,
    /// What changed and what that means for whom, one sentence without a full stop.
    pub message: String,
    /// Where it was before; `None` for what is new.
    pub old: Option<Spot>,
    /// Where it is now; of what was removed, the nearest thing around it that is still there.
    /// `None` where nothing around it is left.
    pub new: Option<Spot>,
    /// The operation, where it is about one.
    pub operation: Option<String>,
    /// The operations it reaches.
    pub reach: Reach,
    /// The tier of what changed, where it says another than its contract.
    pub tier: Option<Tier>,
    /// Why it cannot be told whether it breaks, where it cannot; the class is the graver one then.
    pub undecided: Option<String>,
    /// A value that was right before and is not now, or the reverse, as JSON; checked against both
    /// schemas.
    pub counter_example: Option<String>,
    /// What to do instead.
    pub help: Option<String>,
    /// Names of the same check in other tools that fit this very change, such as
    /// `oasdiff:request-property-removed`.
    pub aliases: Vec<&'static str>,
    /// What changed, in words that do not depend on the layout of files, such as
    /// `Pet.properties.name` or `GET /pets query limit`. With the rule it identifies the change.
    pub subject: String,
    /// What the change is recognised by when it is approved; set by [`crate::compare`].
    pub fingerprint: String,
}

impl Change {
    /// A change of a message or of nothing in particular, with the class its rule gives.
    #[must_use]
    pub fn new(
        rule: &'static ChangeRule,
        direction: Option<Direction>,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            class: rule.effect.class(direction),
            direction,
            message: message.into(),
            old: None,
            new: None,
            operation: None,
            reach: Reach::default(),
            tier: None,
            undecided: None,
            counter_example: None,
            help: None,
            aliases: Vec::new(),
            subject: subject.into(),
            fingerprint: String::new(),
        }
    }

    /// Sets where it was before.
    #[must_use]
    pub fn from_old(mut self, old: Spot) -> Self {
        self.old = Some(old);
        self
    }

    /// Sets where it is now, or what is left around it.
    #[must_use]
    pub fn at_new(mut self, new: Spot) -> Self {
        self.new = Some(new);
        self
    }

    /// Sets the one operation it is about.
    #[must_use]
    pub fn in_operation(mut self, label: impl Into<String>) -> Self {
        let label = label.into();
        self.reach = Reach::of(vec![label.clone()]);
        self.operation = Some(label);
        self
    }

    /// Sets the operations it reaches.
    #[must_use]
    pub fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Sets the tier of what changed, where it says one of its own.
    #[must_use]
    pub fn in_tier(mut self, tier: Option<Tier>) -> Self {
        self.tier = tier;
        self
    }

    /// Sets another class than its rule gives.
    #[must_use]
    pub fn classed(mut self, class: Class) -> Self {
        self.class = class;
        self
    }

    /// Says that it cannot be told whether it breaks, and why.
    #[must_use]
    pub fn undecided(mut self, why: impl Into<String>) -> Self {
        self.undecided = Some(why.into());
        self
    }

    /// Adds what to do instead.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the names it has in other tools.
    #[must_use]
    pub fn with_aliases(mut self, aliases: &[&'static str]) -> Self {
        self.aliases.extend_from_slice(aliases);
        self
    }

    /// The order of changes in output: by place in the new version, then in the old, then by rule.
    pub(crate) fn in_order(&self, other: &Self) -> Ordering {
        let key = |change: &Self| (change.new.is_none(), change.rule.code.id);
        let place = |spot: &Option<Spot>| spot.as_ref().map(|spot| spot.place);
        (key(self).0, place(&self.new), place(&self.old), key(self).1, &self.subject, &self.message).cmp(&(
            key(other).0,
            place(&other.new),
            place(&other.old),
            key(other).1,
            &other.subject,
            &other.message,
        ))
    }

    /// Takes in a change that says the same of the same subject; false if it says another thing.
    pub(crate) fn absorb(&mut self, other: &Self) -> bool {
        let is_same = self.rule.code.id == other.rule.code.id
            && self.subject == other.subject
            && self.message == other.message
            && self.old == other.old
            && self.new == other.new;
        if is_same {
            self.class = self.class.min(other.class);
        }
        is_same
    }
}
