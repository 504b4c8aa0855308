//! Media types: which is the same as which, and which takes in which.

use std::collections::BTreeSet;

use tenon_graph::{Graph, MediaType, OpenApiVersion};
use tenon_source::{At, Node};

use super::documents::compare_texts;
use super::rules::{
    ENCODING_CHANGED, MEDIA_SCHEMA_ADDED, MEDIA_SCHEMA_REMOVED, MEDIA_TYPE_ADDED, MEDIA_TYPE_NARROWED,
    MEDIA_TYPE_PARAMETERS_CHANGED, MEDIA_TYPE_REMOVED, MEDIA_TYPE_WIDENED,
};
use super::scope::{Element, Scope};
use super::style::may_be_several;
use crate::Direction;

/// Two media types of which the new one takes the place of the old one.
#[derive(Debug, Clone, Copy)]
pub(super) struct MediaPair<'m> {
    /// Before.
    pub(super) old: &'m MediaType,
    /// After.
    pub(super) new: &'m MediaType,
}

/// A media type taken apart, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MediaName {
    /// Such as `application`.
    pub(super) top: String,
    /// Such as `vnd.pets+json`.
    pub(super) sub: String,
    /// Parameters by name, such as `charset=utf-8`.
    pub(super) parameters: Vec<(String, String)>,
}

impl MediaName {
    /// Takes a name apart. What is no media type is all `top`.
    pub(super) fn parse(name: &str) -> Self {
        let mut parts = name.split(';');
        let bare = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let (top, sub) = bare.split_once('/').map_or((bare.as_str(), ""), |(top, sub)| (top, sub));
        let mut parameters: Vec<(String, String)> = parts
            .filter_map(|part| {
                let (key, value) = part.split_once('=')?;
                let value = value.trim().trim_matches('"');
                Some((key.trim().to_ascii_lowercase(), value.to_ascii_lowercase()))
            })
            .collect();
        parameters.sort();
        Self { top: top.to_owned(), sub: sub.to_owned(), parameters }
    }

    /// Whether every body of the other type is one of this type.
    pub(super) fn takes_in(&self, other: &Self) -> bool {
        let top = self.top == "*" || self.top == other.top;
        let sub = self.sub == "*" || self.sub == other.sub || {
            // `application/json` reads what has the suffix `+json` (RFC 6839).
            other.sub.rsplit_once('+').is_some_and(|(_, suffix)| suffix == self.sub)
        };
        top && sub && self.parameters.iter().all(|parameter| other.parameters.contains(parameter))
    }
}

/// Media types that take each other's place, and those that only one version has.
#[derive(Debug, Default)]
pub(super) struct MediaPairs<'m> {
    /// Of both versions.
    pub(super) pairs: Vec<MediaPair<'m>>,
    /// Gone.
    pub(super) removed: Vec<&'m MediaType>,
    /// New.
    pub(super) added: Vec<&'m MediaType>,
}

/// Pairs media types: those of the same name first, then those of which one takes in the other,
/// then those that differ in their parameters only.
pub(super) fn pair_media<'m>(old: &'m [MediaType], new: &'m [MediaType]) -> MediaPairs<'m> {
    let parse = |media: &'m MediaType| (MediaName::parse(&media.name), media);
    let mut left: Vec<(MediaName, &MediaType)> = old.iter().map(parse).collect();
    let mut waiting: Vec<(usize, (MediaName, &MediaType))> = new.iter().map(parse).enumerate().collect();
    let mut found: Vec<(usize, MediaPair<'m>)> = Vec::new();
    let fits: [fn(&MediaName, &MediaName) -> bool; 3] = [
        |old, new| old == new,
        |old, new| old.takes_in(new) || new.takes_in(old),
        |old, new| old.top == new.top && old.sub == new.sub,
    ];
    for fits in fits {
        waiting.retain(|(index, (name, media))| {
            let Some(position) = left.iter().position(|(other, _)| fits(other, name)) else { return true };
            found.push((*index, MediaPair { old: left.remove(position).1, new: media }));
            false
        });
    }
    found.sort_by_key(|(index, _)| *index);
    MediaPairs {
        pairs: found.into_iter().map(|(_, pair)| pair).collect(),
        removed: left.into_iter().map(|(_, media)| media).collect(),
        added: waiting.into_iter().map(|(_, (_, media))| media).collect(),
    }
}

/// Names of the checks in other tools, for one kind of body.
#[derive(Debug)]
pub(super) struct MediaAliases {
    pub(super) added: &'static [&'static str],
    pub(super) removed: &'static [&'static str],
    pub(super) widened: &'static [&'static str],
    pub(super) narrowed: &'static [&'static str],
    pub(super) parameters: &'static [&'static str],
    pub(super) schema_added: &'static [&'static str],
    pub(super) schema_removed: &'static [&'static str],
}

/// Compares the media types of a body. `what` is what messages call it.
pub(super) fn compare(
    scope: &mut Scope<'_, '_>,
    element: &Element,
    what: &str,
    direction: Direction,
    (old, new): (&[MediaType], &[MediaType]),
    aliases: &MediaAliases,
) {
    let found = pair_media(old, new);
    let subject = |media: &MediaType| format!("{} {}", element.subject, media.name);
    for pair in &found.pairs {
        compare_pair(scope, element, what, direction, *pair, aliases);
    }
    // What Swagger 2 leaves open (`*/*`) is written out elsewhere: that takes nothing away.
    let is_any = |media: &&MediaType| media.name == "*/*";
    let covered = |media: &MediaType, list: &[MediaType]| {
        let name = MediaName::parse(&media.name);
        list.iter().any(|other| MediaName::parse(&other.name).takes_in(&name))
    };
    for media in found.removed {
        if covered(media, new) || (is_any(&media) && is_v2(scope)) {
            continue;
        }
        let message = format!("{what} can no longer be `{}`", media.name);
        let change = scope
            .removed(&MEDIA_TYPE_REMOVED, Some(direction), subject(media), media.at, element.new, message)
            .with_aliases(aliases.removed);
        scope.add_removed(change);
    }
    for media in found.added {
        if old.iter().any(|media| is_any(&media)) && is_v2(scope) {
            continue;
        }
        let message = format!("{what} may be `{}` too", media.name);
        let change = scope
            .added(&MEDIA_TYPE_ADDED, Some(direction), subject(media), media.at, message)
            .with_aliases(aliases.added);
        scope.add(change);
    }
}

/// Whether one of the two documents is Swagger 2, which need not name media types.
fn is_v2(scope: &Scope<'_, '_>) -> bool {
    scope
        .pair
        .apis()
        .is_some_and(|(old, new)| old.version == OpenApiVersion::V2 || new.version == OpenApiVersion::V2)
}

fn compare_pair(
    scope: &mut Scope<'_, '_>,
    element: &Element,
    what: &str,
    direction: Direction,
    pair: MediaPair<'_>,
    aliases: &MediaAliases,
) {
    let (old, new) = (MediaName::parse(&pair.old.name), MediaName::parse(&pair.new.name));
    let element = element.part(&pair.new.name, pair.old.at, pair.new.at);
    let (was, is) = (&pair.old.name, &pair.new.name);
    let is_left_open = is_v2(scope) && (was == "*/*" || is == "*/*");
    if old != new && !is_left_open {
        let change = if new.takes_in(&old) {
            let message = format!("{what} may be any `{is}` now, it was `{was}`");
            scope
                .changed(&MEDIA_TYPE_WIDENED, Some(direction), &element, message)
                .with_aliases(aliases.widened)
        } else if old.takes_in(&new) {
            let message = format!("{what} must be `{is}` now, it could be any `{was}`");
            scope
                .changed(&MEDIA_TYPE_NARROWED, Some(direction), &element, message)
                .with_aliases(aliases.narrowed)
        } else {
            let message = format!("{what} is `{is}` now, it was `{was}`");
            scope
                .changed(&MEDIA_TYPE_PARAMETERS_CHANGED, Some(direction), &element, message)
                .with_aliases(aliases.parameters)
        };
        scope.add(change);
    }
    let item = |node: Node<'_>| node.get("itemSchema").is_some();
    let has = |media: &MediaType, node: Node<'_>| media.schema.is_some() || item(node);
    let before = has(pair.old, scope.old_node(pair.old.at));
    let after = has(pair.new, scope.new_node(pair.new.at));
    if before && !after {
        let message = format!("{what} has no schema any more: it may be anything");
        let change = scope
            .changed(&MEDIA_SCHEMA_REMOVED, Some(direction), &element, message)
            .with_aliases(aliases.schema_removed);
        scope.add(change);
    } else if after && !before {
        let message = format!("{what} must follow a schema now, it could be anything");
        let change = scope
            .changed(&MEDIA_SCHEMA_ADDED, Some(direction), &element, message)
            .with_aliases(aliases.schema_added);
        scope.add(change);
    }
    encodings(scope, &element, what, direction, pair);
    // Swagger 2 keeps examples elsewhere.
    if !is_v2(scope) {
        compare_texts(scope, &element, what, &[]);
    }
}

/// How the parts of a form that both versions have are encoded.
fn encodings(
    scope: &mut Scope<'_, '_>,
    element: &Element,
    what: &str,
    direction: Direction,
    pair: MediaPair<'_>,
) {
    let names = pair.old.encodings.iter().chain(&pair.new.encodings);
    let names: BTreeSet<&str> = names.map(|encoding| encoding.property.as_str()).collect();
    for name in names {
        let before = Encoded::of(scope.versions.old, pair.old, name);
        let after = Encoded::of(scope.versions.new, pair.new, name);
        let (Some(before), Some(after)) = (before, after) else { continue };
        if before.differs(&after) {
            let message = format!("the part `{name}` of {what} is encoded in another way");
            let mut part = element.clone();
            part.subject = format!("{} encoding {name}", element.subject);
            let change = scope.changed(&ENCODING_CHANGED, Some(direction), &part, message);
            scope.add(change);
        }
    }
}

/// How one part is encoded.
#[derive(Debug, PartialEq, Eq)]
struct Encoded {
    content: Option<String>,
    /// How lists and objects are written; it makes no difference for a single value.
    style: (String, bool),
    reserved: bool,
    several: bool,
}

impl Encoded {
    /// `None` where the body has no such part.
    fn of(graph: &Graph, media: &MediaType, name: &str) -> Option<Self> {
        let def = graph.follow(media.schema?);
        let part = graph.node(def).get("properties")?.get(name)?;
        let encoding = media.encodings.iter().find(|encoding| encoding.property == name);
        let node = encoding.map(|encoding| graph.node(encoding.at));
        let text = |key: &str| node?.get_str(key).map(str::to_owned);
        let flag = |key: &str| node?.get(key).and_then(Node::as_bool);
        let style = text("style").unwrap_or_else(|| "form".to_owned());
        let explode = flag("explode").unwrap_or(style == "form");
        Some(Self {
            content: text("contentType"),
            style: (style, explode),
            reserved: flag("allowReserved").unwrap_or(false),
            several: may_be_several(graph, At { file: def.file, node: part.id() }),
        })
    }

    fn differs(&self, new: &Self) -> bool {
        let style = (self.several && new.several) && self.style != new.style;
        style || self.content != new.content || self.reserved != new.reserved
    }
}
