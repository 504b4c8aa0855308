//! The heads of contracts: who answers for them, how firmly, the words they declare, the boundary.

use tenon_graph::{Contract, Graph, Name, Tier};
use tenon_source::{At, Node};

use super::rules::{
    BOUNDARY_NARROWED, BOUNDARY_WIDENED, OWNER_CHANGED, RATE_LOWERED, RATE_RAISED, TENANT_KEY_CHANGED,
    TIER_LOWERED, TIER_RAISED, WORD_ADDED, WORD_REMOVED,
};
use super::words::{missing, unit_seconds};
use crate::{Change, ChangeRule, Reach, Spot, Versions};

/// Contracts of both versions: those of the same file, the same name, or the only ones.
pub(super) fn pairs<'g>(versions: &Versions<'g>) -> Vec<(&'g Contract, &'g Contract)> {
    let (old, new) = (&versions.old.contracts, &versions.new.contracts);
    let path = |graph: &Graph, at: At| graph.sources.get(at.file).map(|file| file.path.clone());
    let name = |contract: &Contract| contract.name.as_ref().map(|name| name.text.clone());
    let mut out = Vec::new();
    for after in new {
        let same_path = |before: &&Contract| path(versions.old, before.at) == path(versions.new, after.at);
        let same_name = |before: &&Contract| name(before).is_some() && name(before) == name(after);
        let only = || old.first().filter(|_| old.len() == 1 && new.len() == 1);
        let before = old.iter().find(same_path).or_else(|| old.iter().find(same_name)).or_else(only);
        out.extend(before.map(|before| (before, after)));
    }
    out
}

/// Compares the contracts of two versions.
pub(super) fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    for (old, new) in pairs(versions) {
        Head { versions, old, new, out }.compare();
        super::rpc::compare(versions, old, new, out);
    }
}

struct Head<'h, 'g> {
    versions: &'h Versions<'g>,
    old: &'g Contract,
    new: &'g Contract,
    out: &'h mut Vec<Change>,
}

/// What changes call a contract.
pub(super) fn called(contract: &Contract) -> &str {
    text(&contract.name).unwrap_or("contract")
}

fn text(name: &Option<Name>) -> Option<&str> {
    name.as_ref().map(Name::as_str)
}

impl Head<'_, '_> {
    fn say(
        &mut self,
        rule: &'static ChangeRule,
        part: &str,
        old: Option<At>,
        new: Option<At>,
        message: String,
    ) {
        let change = Change::new(rule, None, format!("{} {part}", called(self.new)), message)
            .from_old(Spot::of(self.versions.old, old.unwrap_or(self.old.at)))
            .at_new(Spot::of(self.versions.new, new.unwrap_or(self.new.at)));
        self.out.push(change);
    }

    fn compare(&mut self) {
        let (old, new) = (self.old, self.new);
        let at = |name: &Option<Name>| name.as_ref().map(|name| name.at);
        let word = |name: &Option<Name>| text(name).map_or("none".to_owned(), |name| format!("`{name}`"));
        if text(&old.owner) != text(&new.owner) {
            let message =
                format!("{} answers for the contract, it was {}", word(&new.owner), word(&old.owner));
            self.say(&OWNER_CHANGED, "owner", at(&old.owner), at(&new.owner), message);
        }
        // A contract that names no tier is stable.
        let tier = |name: &Option<Name>| match text(name) {
            Some(text) => Tier::parse(text),
            None => Some(Tier::Stable),
        };
        if let (Some(before), Some(after)) = (tier(&old.tier), tier(&new.tier))
            && before != after
        {
            let rule = if after > before { &TIER_LOWERED } else { &TIER_RAISED };
            let message =
                format!("the tier of the contract is {}, it was {}", word(&new.tier), word(&old.tier));
            self.say(rule, "tier", at(&old.tier), at(&new.tier), message);
        }
        if let (Some(before), Some(after)) = (text(&old.tenant_key), text(&new.tenant_key))
            && before != after
        {
            let message = format!("the tenant is kept in the field `{after}`, it was kept in `{before}`");
            self.say(&TENANT_KEY_CHANGED, "tenant key", at(&old.tenant_key), at(&new.tenant_key), message);
        }
        self.words("actor", &old.actors, &new.actors);
        self.words("scope", &old.scopes, &new.scopes);
        self.words("rate class", &old.rate_classes, &new.rate_classes);
        self.words("consent", &old.consent_scopes, &new.consent_scopes);
        self.words("usage dimension", &old.usage_dimensions, &new.usage_dimensions);
        self.rates();
        self.boundary();
    }

    fn words(&mut self, kind: &str, old: &Option<Vec<Name>>, new: &Option<Vec<Name>>) {
        let (Some(old), Some(new)) = (old, new) else { return };
        for name in missing(old, new) {
            let message = format!("the contract no longer declares the {kind} `{}`", name.text);
            self.say(&WORD_REMOVED, &format!("{kind} {}", name.text), Some(name.at), None, message);
        }
        for name in missing(new, old) {
            let message = format!("the contract declares the {kind} `{}`", name.text);
            self.say(&WORD_ADDED, &format!("{kind} {}", name.text), None, Some(name.at), message);
        }
    }

    /// The numbers of rate classes that both versions declare.
    fn rates(&mut self) {
        let (old, new) = (self.old.rate_classes.iter().flatten(), &self.new.rate_classes);
        for before in old {
            let Some(after) = new.iter().flatten().find(|other| other.text == before.text) else { continue };
            let was = Rate::of(self.versions.old.node(before.at));
            let is = Rate::of(self.versions.new.node(after.at));
            let (Some(was), Some(is)) = (was, is) else { continue };
            let (fast, slow) = (is.requests * was.seconds, was.requests * is.seconds);
            if fast == slow {
                continue;
            }
            let (rule, more) = if fast < slow { (&RATE_LOWERED, "fewer") } else { (&RATE_RAISED, "more") };
            let message = format!(
                "calls of the rate class `{}` may come {more} at a time: {} in {} s, it was {} in {} s",
                before.text, is.requests, is.seconds, was.requests, was.seconds
            );
            let found = self.out.len();
            self.say(rule, &format!("rate class {}", before.text), Some(before.at), Some(after.at), message);
            let named = |operation: &&tenon_graph::Operation| {
                text(&operation.governance.rate_class) == Some(before.text.as_str())
            };
            let operations = self.versions.new.operations.iter().filter(named);
            let reach = Reach::of(operations.map(tenon_graph::Operation::label).collect());
            for change in self.out.iter_mut().skip(found) {
                change.reach = reach.clone();
            }
        }
    }

    fn boundary(&mut self) {
        let names = |contract: &Contract, forbidden: bool| {
            let boundary = contract.boundary.as_ref();
            let list =
                boundary.map(|boundary| if forbidden { &boundary.forbidden } else { &boundary.notify_only });
            list.cloned().unwrap_or_default()
        };
        for (forbidden, words) in [(true, "be caused"), (false, "be more than announced")] {
            let (old, new) = (names(self.old, forbidden), names(self.new, forbidden));
            for name in missing(&old, &new) {
                let message = format!("`{}` may {words} by operations of the contract now", name.text);
                self.say(&BOUNDARY_WIDENED, &format!("boundary {}", name.text), Some(name.at), None, message);
            }
            for name in missing(&new, &old) {
                let message = format!("`{}` may no longer {words} by operations of the contract", name.text);
                self.say(
                    &BOUNDARY_NARROWED,
                    &format!("boundary {}", name.text),
                    None,
                    Some(name.at),
                    message,
                );
            }
        }
    }
}

/// Calls in a time.
struct Rate {
    requests: u128,
    seconds: u128,
}

impl Rate {
    /// `{requests: 100, per: minute}`.
    fn of(node: Node<'_>) -> Option<Self> {
        let requests = node.get("requests")?.as_i64()?;
        let per = node.get("per")?;
        let seconds = match per.as_str() {
            Some(text) => unit_seconds(text).or_else(|| super::words::seconds(text))?,
            None => u64::try_from(per.as_i64()?).ok()?,
        };
        Some(Self { requests: u128::try_from(requests).ok()?, seconds: u128::from(seconds) })
    }
}
