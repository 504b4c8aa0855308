//! What contracts say of an RPC service: its frozen list of methods, its errors, its messages.

use std::collections::BTreeSet;

use tenon_graph::{Contract, MessageFacts, Name, RpcDelta, RpcSurface};
use tenon_source::At;

use super::contracts::called;
use super::rules::{
    OWNER_CHANGED, REASON_CODE_ADDED, REASON_CODE_REMOVED, RPC_CATALOGUE_ADDED, RPC_CATALOGUE_REMOVED,
    RPC_DECLARED, RPC_DELTA_ADDED, RPC_DELTA_EXPLAINED, RPC_DELTA_REMOVED, RPC_ERRORS_CHANGED,
    RPC_MESSAGE_FACTS_CHANGED, RPC_REFERENCE_CHANGED, RPC_REQUIREMENT_ADDED, RPC_REQUIREMENT_DROPPED,
    RPC_REQUIREMENT_WEAKENED, RPC_SERVICE_CHANGED, RPC_WITHDRAWN,
};
use super::words::missing;
use crate::{Change, ChangeRule, Direction, Spot, Versions};

/// Compares the sections `rpc` of two versions of a contract.
pub(super) fn compare(versions: &Versions<'_>, old: &Contract, new: &Contract, out: &mut Vec<Change>) {
    let name = called(new);
    match (&old.rpc, &new.rpc) {
        (None, None) => {}
        (None, Some(after)) => {
            let message = "the contract says for the first time which RPCs its service must have";
            let change = Change::new(&RPC_DECLARED, None, format!("{name} rpc"), message);
            out.push(change.at_new(Spot::of(versions.new, after.at)));
        }
        (Some(before), None) => {
            let message = "the contract no longer says which RPCs its service must have: none is promised";
            let change = Change::new(&RPC_WITHDRAWN, None, format!("{name} rpc"), message);
            let change = change.from_old(Spot::of(versions.old, before.at));
            out.push(change.at_new(Spot::of(versions.new, new.at)));
        }
        (Some(before), Some(after)) => {
            Surfaces { versions, name, old: before, new: after, out }.compare();
        }
    }
}

/// The sections of both versions, while they are compared.
struct Surfaces<'s> {
    versions: &'s Versions<'s>,
    name: &'s str,
    old: &'s RpcSurface,
    new: &'s RpcSurface,
    out: &'s mut Vec<Change>,
}

fn text(name: &Option<Name>) -> Option<&str> {
    name.as_ref().map(Name::as_str)
}

fn word(name: &Option<Name>) -> String {
    text(name).map_or("none".to_owned(), |name| format!("`{name}`"))
}

fn at(name: &Option<Name>) -> Option<At> {
    name.as_ref().map(|name| name.at)
}

fn has(list: &[Name], name: &str) -> bool {
    list.iter().any(|other| other.text == name)
}

impl Surfaces<'_> {
    fn say(
        &mut self,
        rule: &'static ChangeRule,
        part: &str,
        old: Option<At>,
        new: Option<At>,
        message: String,
    ) {
        let change = Change::new(rule, None, format!("{} rpc {part}", self.name), message)
            .from_old(Spot::of(self.versions.old, old.unwrap_or(self.old.at)))
            .at_new(Spot::of(self.versions.new, new.unwrap_or(self.new.at)));
        self.out.push(change);
    }

    fn compare(&mut self) {
        let (old, new) = (self.old, self.new);
        if text(&old.service) != text(&new.service) {
            let message = format!(
                "the contract is about the service {}, it was about {}: every call names the service",
                word(&new.service),
                word(&old.service)
            );
            self.say(&RPC_SERVICE_CHANGED, "service", at(&old.service), at(&new.service), message);
        }
        if text(&old.errors) != text(&new.errors) {
            let message = format!(
                "the error codes of the service are the values of {}, they were those of {}",
                word(&new.errors),
                word(&old.errors)
            );
            self.say(&RPC_ERRORS_CHANGED, "errors", at(&old.errors), at(&new.errors), message);
        }
        self.required();
        self.deltas();
        self.references();
        self.catalogues();
        self.messages();
    }

    fn required(&mut self) {
        let (old, new) = (self.old, self.new);
        let delta = |method: &str| new.deltas.iter().find(|delta| delta.method.text == method);
        for method in missing(&old.required, &new.required) {
            let name = &method.text;
            let part = format!("required {name}");
            match delta(name) {
                Some(row) => {
                    let message = format!(
                        "`{name}` was one of the methods the service must have, and is one it may have beyond them"
                    );
                    self.say(&RPC_REQUIREMENT_WEAKENED, &part, Some(method.at), Some(row.at), message);
                }
                None => {
                    let message = format!(
                        "the service need no longer have the method `{name}`: callers cannot rely on it"
                    );
                    self.say(&RPC_REQUIREMENT_DROPPED, &part, Some(method.at), None, message);
                }
            }
        }
        for method in missing(&new.required, &old.required) {
            let message = format!("the service must have the method `{}`", method.text);
            let part = format!("required {}", method.text);
            self.say(&RPC_REQUIREMENT_ADDED, &part, None, Some(method.at), message);
        }
    }

    /// Methods beyond the list; one that went to or came from the list is told there.
    fn deltas(&mut self) {
        let (old, new) = (self.old, self.new);
        let find = |list: &[RpcDelta], name: &str| list.iter().position(|delta| delta.method.text == name);
        for row in &old.deltas {
            let name = &row.method.text;
            let Some(after) = find(&new.deltas, name).and_then(|index| new.deltas.get(index)) else {
                if !has(&new.required, name) {
                    let message = format!(
                        "the service may no longer have the method `{name}` beyond the list: callers of it are refused"
                    );
                    self.say(&RPC_DELTA_REMOVED, &format!("delta {name}"), Some(row.at), None, message);
                }
                continue;
            };
            if text(&row.reason) != text(&after.reason) {
                let message = format!("another reason stands for the method `{name}` beyond the list");
                let part = format!("delta {name} reason");
                self.say(&RPC_DELTA_EXPLAINED, &part, Some(row.at), Some(after.at), message);
            }
            let what = format!("the method `{name}`");
            let part = format!("delta {name} owner");
            self.owner(&part, &what, (&row.owner, row.at), (&after.owner, after.at));
        }
        for row in &new.deltas {
            let name = &row.method.text;
            if find(&old.deltas, name).is_none() && !has(&old.required, name) {
                let message = format!("the service may have the method `{name}` beyond the list");
                self.say(&RPC_DELTA_ADDED, &format!("delta {name}"), None, Some(row.at), message);
            }
        }
    }

    fn owner(&mut self, part: &str, what: &str, old: (&Option<Name>, At), new: (&Option<Name>, At)) {
        if text(old.0) != text(new.0) {
            let message = format!("{} answers for {what}, it was {}", word(new.0), word(old.0));
            let spots = (at(old.0).unwrap_or(old.1), at(new.0).unwrap_or(new.1));
            self.say(&OWNER_CHANGED, part, Some(spots.0), Some(spots.1), message);
        }
    }

    fn references(&mut self) {
        let (old, new) = (self.old, self.new);
        for method in missing(&old.references, &new.references) {
            let message = format!(
                "`{}` may decide itself, where it answered with a reference to a decision only",
                method.text
            );
            let part = format!("reference {}", method.text);
            self.say(&RPC_REFERENCE_CHANGED, &part, Some(method.at), None, message);
        }
        for method in missing(&new.references, &old.references) {
            let message =
                format!("`{}` answers with a reference to a decision and never decides itself", method.text);
            let part = format!("reference {}", method.text);
            self.say(&RPC_REFERENCE_CHANGED, &part, None, Some(method.at), message);
        }
    }

    /// Files of reason codes, and the codes in them: a code that moved from one to another is there
    /// as before.
    fn catalogues(&mut self) {
        let (old, new) = (self.old, self.new);
        let paths = |surface: &RpcSurface| -> Vec<Name> {
            surface.reason_catalogues.iter().map(|catalogue| catalogue.path.clone()).collect()
        };
        let (old_paths, new_paths) = (paths(old), paths(new));
        for path in missing(&old_paths, &new_paths) {
            let message =
                format!("error codes are no longer kept apart from the reason codes of `{}`", path.text);
            let part = format!("catalogue {}", path.text);
            self.say(&RPC_CATALOGUE_REMOVED, &part, Some(path.at), None, message);
        }
        for path in missing(&new_paths, &old_paths) {
            let message = format!("error codes are kept apart from the reason codes of `{}`", path.text);
            let part = format!("catalogue {}", path.text);
            self.say(&RPC_CATALOGUE_ADDED, &part, None, Some(path.at), message);
        }
        let codes = |surface: &RpcSurface| -> Option<Vec<Name>> {
            let lists: Option<Vec<&Vec<Name>>> =
                surface.reason_catalogues.iter().map(|catalogue| catalogue.codes.as_ref()).collect();
            Some(lists?.into_iter().flatten().cloned().collect())
        };
        // A catalogue that cannot be read, or that is in one version only, says nothing of its codes.
        let same =
            old_paths.iter().all(|path| has(&new_paths, &path.text)) && old_paths.len() == new_paths.len();
        let (Some(before), Some(after)) = (codes(old), codes(new)) else { return };
        if !same {
            return;
        }
        let mut seen = BTreeSet::new();
        for (rule, list, is_old) in [
            (&REASON_CODE_REMOVED, missing(&before, &after), true),
            (&REASON_CODE_ADDED, missing(&after, &before), false),
        ] {
            for code in list.into_iter().filter(|code| seen.insert(code.text.clone())) {
                let message = if is_old {
                    format!("the reason code `{}` is gone: callers that look for it look in vain", code.text)
                } else {
                    format!("the reason code `{}` is new", code.text)
                };
                let subject = format!("{} rpc reason {}", self.name, code.text);
                let change = Change::new(rule, Some(Direction::Response), subject, message);
                self.out.push(if is_old {
                    change.from_old(Spot::of(self.versions.old, code.at))
                } else {
                    change.at_new(Spot::of(self.versions.new, code.at))
                });
            }
        }
    }

    /// What is said of messages; whether a message is there is a matter of its proto file.
    fn messages(&mut self) {
        let (old, new) = (self.old, self.new);
        let find =
            |list: &'_ [MessageFacts], name: &str| list.iter().position(|facts| facts.name.text == name);
        for facts in &old.messages {
            let name = &facts.name.text;
            let part = format!("message {name}");
            let Some(after) = find(&new.messages, name).and_then(|index| new.messages.get(index)) else {
                let message = format!("nothing is said any more of where the message `{name}` comes from");
                self.say(&RPC_MESSAGE_FACTS_CHANGED, &part, Some(facts.at), None, message);
                continue;
            };
            let what = format!("the message `{name}`");
            self.owner(&format!("{part} owner"), &what, (&facts.owner, facts.at), (&after.owner, after.at));
            let traces = |facts: &MessageFacts| -> BTreeSet<String> {
                facts.traces.iter().map(|trace| trace.text.clone()).collect()
            };
            let (was, is) = (traces(facts), traces(after));
            if was != is {
                let list = |traces: &BTreeSet<String>| {
                    let names: Vec<String> = traces.iter().map(|trace| format!("`{trace}`")).collect();
                    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
                };
                let message =
                    format!("the message `{name}` comes from {}, it came from {}", list(&is), list(&was));
                let part = format!("{part} traces");
                self.say(&RPC_MESSAGE_FACTS_CHANGED, &part, Some(facts.at), Some(after.at), message);
            }
        }
        for facts in &new.messages {
            let name = &facts.name.text;
            if find(&old.messages, name).is_none() {
                let message = format!("it is said where the message `{name}` comes from");
                let part = format!("message {name}");
                self.say(&RPC_MESSAGE_FACTS_CHANGED, &part, None, Some(facts.at), message);
            }
        }
    }
}
