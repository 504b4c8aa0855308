//! Anchors, aliases and merge keys.

use super::events::{Expect, Loader, Position};
use crate::limits::DEPTH_MAX;
use crate::tree::{NodeId, Scalar};
use crate::{Span, codes};

/// What an anchor stands for.
#[derive(Clone)]
pub(super) enum Anchored {
    /// A value that is still open: an alias to it would contain itself.
    Unfinished,
    /// A value.
    Value(Target),
    /// The anchor is on a member name.
    Name(String),
}

/// A value that has an anchor, aliases in it followed.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) node: NodeId,
    /// Values it has, itself included.
    pub(super) values: u64,
    /// Levels it has: 0 for a scalar.
    pub(super) height: usize,
}

/// A map that `<<` merges.
pub(super) struct Merge {
    source: NodeId,
    /// The `<<`.
    key: Span,
    alias: Span,
}

impl Loader<'_> {
    /// An alias at any position.
    pub(super) fn alias(&mut self, id: usize, span: Span) {
        let name = self.text.get(span.range()).unwrap_or("").to_owned();
        self.end = self.end.max(span.end);
        let target = match self.anchors.get(id).cloned().flatten() {
            Some(Anchored::Value(target)) => target,
            Some(Anchored::Name(text)) => return self.leaf(Scalar::Text(text), span, 0),
            Some(Anchored::Unfinished) | None => {
                let message = format!("the alias `{name}` stands inside the value it names");
                let help = "a value cannot contain itself; write the inner value out";
                self.report_with_help(&codes::ALIAS_CYCLE, span, message, help);
                return self.leaf(Scalar::Null, span, 0);
            }
        };
        match self.position() {
            Position::Key => match self.builder.peek(target.node).as_str().map(str::to_owned) {
                Some(text) => self.key(Scalar::Text(text), span),
                None => {
                    self.report(&codes::SYNTAX, span, format!("the key `{name}` stands for no string"));
                    self.key(Scalar::Raw, span);
                }
            },
            Position::Merge(key) => {
                if self.fits(target, span, &name) {
                    self.merge_later(target.node, key, span);
                }
                self.expect(Expect::Key);
            }
            Position::Root | Position::Value | Position::Item => {
                if !self.fits(target, span, &name) {
                    return self.leaf(Scalar::Null, span, 0);
                }
                self.builder.alias(target.node, span);
                self.expect(Expect::Key);
            }
        }
    }

    /// Whether the value of an alias fits the limits here; says so if it does not.
    fn fits(&mut self, target: Target, span: Span, name: &str) -> bool {
        // A chain of aliases nests as deep as brackets do, for everyone who follows them.
        if self.frames.len() + target.height > DEPTH_MAX {
            self.too_deep(span);
            return false;
        }
        if !self.expansion.follow(target.values) {
            self.alias_growth(span, name);
            return false;
        }
        self.contains(target.height);
        true
    }

    /// Notes that the innermost open container has a value of so many levels.
    pub(super) fn contains(&mut self, height: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.inner_height = frame.inner_height.max(height);
        }
    }

    fn alias_growth(&mut self, span: Span, name: &str) {
        if self.expansion.first_refusal() {
            let message = format!(
                "the alias `{name}` makes the file stand for far more values than are written in it; \
                 it is read as null, and so is every alias that follows and does not fit"
            );
            self.report(&codes::ALIAS_GROWTH, span, message);
        }
    }

    fn merge_later(&mut self, source: NodeId, key: Span, alias: Span) {
        if self.builder.peek(source).is_object() {
            if let Some(frame) = self.frames.last_mut() {
                frame.merges.push(Merge { source, key, alias });
            }
        } else {
            self.report(&codes::SYNTAX, alias, "`<<` merges maps; this alias stands for another value");
        }
    }

    /// Adds the members of the merged maps that the object, which is still open, does not have.
    pub(super) fn merge(&mut self, merges: Vec<Merge>) {
        for Merge { source, key, alias } in merges {
            let members = self.builder.missing_members(source);
            if !self.expansion.merge(members.len() as u64) {
                let name = self.text.get(alias.range()).unwrap_or("").to_owned();
                self.alias_growth(alias, &name);
                return;
            }
            for (name, value) in members {
                self.builder.key(Scalar::Text(name), key);
                self.builder.alias(value, alias);
            }
        }
    }

    /// Gives an anchor its value.
    pub(super) fn bind(&mut self, anchor: usize, value: Anchored) {
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, None);
        }
        if let Some(slot) = self.anchors.get_mut(anchor) {
            *slot = Some(value);
        }
    }
}
