//! What was found between two schemas, before it is known whom it reaches.

use tenon_source::At;

use super::kinds::Num;
use super::reach::Mask;
use crate::{ChangeRule, Effect};

/// What a change does to the set of right values, as far as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn(u8);

impl Turn {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NARROWS: Self = Self(1);
    pub(super) const WIDENS: Self = Self(2);
    pub(super) const BOTH: Self = Self(3);

    pub(super) fn of(effect: Effect) -> Self {
        match effect {
            Effect::Narrows => Self::NARROWS,
            Effect::Widens => Self::WIDENS,
            Effect::Breaks => Self::BOTH,
            Effect::Behaves | Effect::Adds | Effect::Documents => Self::NONE,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// On what a finding depends that is only known once all pairs are compared.
#[derive(Debug, Clone)]
pub(super) enum When {
    /// On nothing.
    Always,
    /// There only if a pair of schemas turned.
    If(u32, Turn),
    /// There only if one of some pairs of schemas turned.
    IfAny(Vec<u32>, Turn),
    /// There unless one of the pairs did not turn: what is gone is held by another then.
    Unless(Vec<u32>, Turn),
}

/// What a value must be like to show a change.
#[derive(Debug, Clone)]
pub(super) enum Want {
    /// Nothing helps to find one.
    Any,
    /// This very value, as JSON.
    Value(String),
    /// A number around a limit.
    Number(Num),
    /// A string of so many characters.
    Length(u64),
    /// An array of so many items.
    Items(u64),
    /// An object of so many members.
    Members(u64),
    /// An object without a member.
    Without(String),
    /// An object with a member.
    With(String),
}

/// One difference between the schemas of a pair.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) pair: u32,
    pub(super) rule: &'static ChangeRule,
    pub(super) old: Option<At>,
    pub(super) new: Option<At>,
    /// What it is about, such as `Pet.name`.
    pub(super) subject: String,
    /// What was and what is, as the rest of a sentence about the subject.
    pub(super) fact: String,
    /// The values that are right in only one version, as in `requests with …`.
    pub(super) values: String,
    /// The messages it is true of.
    pub(super) mask: Mask,
    pub(super) undecided: Option<String>,
    pub(super) when: When,
    /// The end of the names other tools have for it.
    pub(super) kind: &'static str,
    pub(super) want: Want,
    pub(super) help: Option<String>,
}

impl Found {
    pub(super) fn new(
        rule: &'static ChangeRule,
        subject: impl Into<String>,
        fact: impl Into<String>,
    ) -> Self {
        Self {
            pair: 0,
            rule,
            old: None,
            new: None,
            subject: subject.into(),
            fact: fact.into(),
            values: String::new(),
            mask: Mask::ALL,
            undecided: None,
            when: When::Always,
            kind: "",
            want: Want::Any,
            help: None,
        }
    }

    /// Sets where it was and where it is, as far as there is such a place.
    pub(super) fn at(mut self, old: Option<At>, new: Option<At>) -> Self {
        self.old = old;
        self.new = new;
        self
    }

    /// Says which values are right in one version only.
    pub(super) fn values(mut self, values: impl Into<String>) -> Self {
        self.values = values.into();
        self
    }

    pub(super) fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    pub(super) fn want(mut self, want: Want) -> Self {
        self.want = want;
        self
    }

    pub(super) fn mask(mut self, mask: Mask) -> Self {
        self.mask = mask;
        self
    }

    pub(super) fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    pub(super) fn undecided(mut self, why: impl Into<String>) -> Self {
        self.undecided = Some(why.into());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What it does to the set of right values.
    pub(super) fn turn(&self) -> Turn {
        if self.undecided.is_some() { Turn::BOTH } else { Turn::of(self.rule.effect) }
    }
}
