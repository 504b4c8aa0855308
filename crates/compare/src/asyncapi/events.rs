//! Events, whichever format says them: which there are, what their payloads have at least, how
//! they are delivered.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Event, EventManifest, Graph, Name};
use tenon_source::{At, FileId};

use super::rules::{
    DEDUPLICATION_CHANGED, DELIVERY_CHANGED, DELIVERY_WEAKENED, EVENT_ADDED, EVENT_HIDDEN, EVENT_PUBLISHED,
    EVENT_REMOVED, MINIMUM_FIELD_ADDED, MINIMUM_FIELD_REMOVED, ORDERING_CHANGED, ORDERING_WEAKENED,
};
use crate::http::uses::dialect_of;
use crate::schema::{Part, SchemaAt, Use};
use crate::{Change, ChangeRule, Direction, Spot, Versions};

/// Compares the events of two versions by their names.
pub(super) fn compare(
    versions: &Versions<'_>,
    labels: &mut Vec<String>,
    uses: &mut Vec<Use>,
    out: &mut Vec<Change>,
) {
    let (old, new) = (by_name(versions.old), by_name(versions.new));
    let (old_async, new_async) = (async_files(versions.old), async_files(versions.new));
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    for name in names {
        match (old.get(name), new.get(name)) {
            // Messages of AsyncAPI are said with their channels.
            (Some(before), None) if !old_async.contains(&before.file) => {
                let message = format!("the event `{name}` is gone: who waits for it waits in vain");
                let mut change =
                    Change::new(&EVENT_REMOVED, Some(Direction::Response), format!("events {name}"), message)
                        .from_old(Spot::of(versions.old, before.at));
                change.new = around(versions.new);
                out.push(change);
            }
            (None, Some(after)) if !new_async.contains(&after.file) => {
                let message = format!("the event `{name}` is new");
                let change =
                    Change::new(&EVENT_ADDED, Some(Direction::Response), format!("events {name}"), message);
                out.push(change.at_new(Spot::of(versions.new, after.at)));
            }
            (Some(before), Some(after)) => {
                Both { versions, name, before, after, out }.compare();
                let both_async = old_async.contains(&before.file) && new_async.contains(&after.file);
                if !both_async {
                    let schemas = (payload(before), payload(after));
                    push(
                        versions,
                        labels,
                        uses,
                        &format!("event {name}"),
                        format!("the payload of `{name}`"),
                        schemas,
                    );
                }
            }
            _ => {}
        }
    }
    envelopes(versions, labels, uses);
}

fn by_name(graph: &Graph) -> BTreeMap<&str, &Event> {
    let mut out = BTreeMap::new();
    for event in &graph.events {
        out.entry(event.name.as_str()).or_insert(event);
    }
    out
}

fn async_files(graph: &Graph) -> BTreeSet<FileId> {
    graph.async_apis.iter().map(|api| api.file).collect()
}

/// What is left around an event that is gone.
fn around(graph: &Graph) -> Option<Spot> {
    let event = graph.events.first()?;
    let list = graph.node(event.at).parent()?;
    Some(Spot::of(graph, At { file: event.at.file, node: list.id() }))
}

fn payload(event: &Event) -> Option<At> {
    event.payload_schema.as_ref()?.as_ref().ok().copied()
}

fn push(
    versions: &Versions<'_>,
    labels: &mut Vec<String>,
    uses: &mut Vec<Use>,
    label: &str,
    what: String,
    (old, new): (Option<At>, Option<At>),
) {
    let (Some(old), Some(new)) = (old, new) else { return };
    labels.push(label.to_owned());
    uses.push(Use {
        old: SchemaAt { at: old, dialect: dialect_of(versions.old, None, old) },
        new: SchemaAt { at: new, dialect: dialect_of(versions.new, None, new) },
        direction: Direction::Response,
        part: Part::Payload,
        operation: u32::try_from(labels.len() - 1).unwrap_or(u32::MAX),
        what,
    });
}

/// The envelopes of manifests.
fn envelopes(versions: &Versions<'_>, labels: &mut Vec<String>, uses: &mut Vec<Use>) {
    let (old, new) = (&versions.old.event_manifests, &versions.new.event_manifests);
    let path = |graph: &Graph, manifest: &EventManifest| {
        graph.sources.get(manifest.file).map(|file| file.path.clone())
    };
    let schema = |manifest: &EventManifest| manifest.envelope_schema.as_ref()?.as_ref().ok().copied();
    for after in new {
        let same = |before: &&EventManifest| path(versions.old, before) == path(versions.new, after);
        let only = || old.first().filter(|_| old.len() == 1 && new.len() == 1);
        let Some(before) = old.iter().find(same).or_else(only) else { continue };
        push(
            versions,
            labels,
            uses,
            "every event",
            "the envelope".to_owned(),
            (schema(before), schema(after)),
        );
    }
}

struct Both<'b> {
    versions: &'b Versions<'b>,
    name: &'b str,
    before: &'b Event,
    after: &'b Event,
    out: &'b mut Vec<Change>,
}

impl Both<'_> {
    fn say(
        &mut self,
        rule: &'static ChangeRule,
        part: &str,
        old: Option<At>,
        new: Option<At>,
        message: String,
    ) {
        let change =
            Change::new(rule, Some(Direction::Response), format!("events {} {part}", self.name), message)
                .from_old(Spot::of(self.versions.old, old.unwrap_or(self.before.at)))
                .at_new(Spot::of(self.versions.new, new.unwrap_or(self.after.at)));
        self.out.push(change);
    }

    fn compare(&mut self) {
        let (name, before, after) = (self.name, self.before, self.after);
        let missing = |list: &[Name], other: &[Name]| -> Vec<Name> {
            list.iter().filter(|field| other.iter().all(|other| other.text != field.text)).cloned().collect()
        };
        for field in missing(&before.minimum_fields, &after.minimum_fields) {
            let message =
                format!("payloads of `{name}` may come without `{}`, which they always had", field.text);
            self.say(&MINIMUM_FIELD_REMOVED, &field.text, Some(field.at), None, message);
        }
        for field in missing(&after.minimum_fields, &before.minimum_fields) {
            let message = format!("payloads of `{name}` always have `{}`", field.text);
            self.say(&MINIMUM_FIELD_ADDED, &field.text, None, Some(field.at), message);
        }
        self.promises();
        let is_public = |event: &Event| event.public.unwrap_or(true);
        match (is_public(before), is_public(after)) {
            (true, false) => {
                let message = format!("others may no longer subscribe to `{name}`");
                self.say(&EVENT_HIDDEN, "public", None, None, message);
            }
            (false, true) => {
                self.say(&EVENT_PUBLISHED, "public", None, None, format!("others may subscribe to `{name}`"));
            }
            _ => {}
        }
    }

    fn promises(&mut self) {
        let (name, before, after) = (self.name, self.before, self.after);
        let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone());
        let at = |name: &Option<Name>| name.as_ref().map(|name| name.at);
        let word = |name: Option<String>| name.map_or("not said".to_owned(), |name| format!("`{name}`"));
        let (was, is) = (text(&before.delivery), text(&after.delivery));
        if was != is {
            let ranks = (was.as_deref().map_or(Some(0), delivery), is.as_deref().map_or(Some(0), delivery));
            let rule = match ranks {
                (Some(was), Some(is)) if is < was => &DELIVERY_WEAKENED,
                _ => &DELIVERY_CHANGED,
            };
            let message = format!("the delivery of `{name}` is {}, it was {}", word(is), word(was));
            self.say(rule, "delivery", at(&before.delivery), at(&after.delivery), message);
        }
        let (was, is) = (text(&before.deduplication_key), text(&after.deduplication_key));
        if was != is && was.is_some() {
            let message = format!(
                "repeated deliveries of `{name}` are told by {}, they were told by {}: who looks at the old field takes them for new",
                word(is),
                word(was)
            );
            let spots = (at(&before.deduplication_key), at(&after.deduplication_key));
            self.say(&DEDUPLICATION_CHANGED, "deduplication", spots.0, spots.1, message);
        }
        let (was, is) = (text(&before.ordering), text(&after.ordering));
        if was != is {
            let ranks = (was.as_deref().map_or(Some(0), ordering), is.as_deref().map_or(Some(0), ordering));
            let rule = match ranks {
                (Some(was), Some(is)) if is < was => &ORDERING_WEAKENED,
                _ => &ORDERING_CHANGED,
            };
            let message = format!("the order of `{name}` is {}, it was {}", word(is), word(was));
            self.say(rule, "ordering", at(&before.ordering), at(&after.ordering), message);
        }
    }
}

/// How surely events come, the surest last; `None` for words that are not known.
fn delivery(word: &str) -> Option<u8> {
    Some(match word.to_ascii_lowercase().replace(['_', ' '], "-").as_str() {
        "none" | "best-effort" | "at-most-once" => 0,
        "at-least-once" => 1,
        "exactly-once" | "effectively-once" => 2,
        _ => return None,
    })
}

/// How much of an order is promised, the most last.
fn ordering(word: &str) -> Option<u8> {
    let word = word.to_ascii_lowercase().replace(['_', ' '], "-");
    Some(match word.as_str() {
        "none" | "no" | "unordered" => 0,
        "global" | "total" | "strict" => 2,
        _ if word.starts_with("per-") || word.starts_with("by-") => 1,
        _ => return None,
    })
}
