//! What schemas say beside what is right: defaults, discriminators, encodings, words for people.

use tenon_source::{At, Node};

use super::engine::Ctx;
use super::found::{Found, Turn, Want, When};
use super::kinds::{Kinds, value_key};
use super::rules;
use super::view::{Entry, View};
use crate::ChangeRule;

/// Compares what stands beside the assertions.
pub(super) fn compare(ctx: &mut Ctx<'_, '_>) {
    for (before, after) in matched(ctx) {
        let pair = Beside { before, after };
        default(ctx, pair);
        described(ctx, pair);
        examples(ctx, pair);
        lifecycle(ctx, pair);
        discriminator(ctx, pair);
        encoded(ctx, pair);
        extensible(ctx, pair);
    }
}

/// Two schema objects that stand for each other.
#[derive(Clone, Copy)]
struct Beside {
    before: Entry,
    after: Entry,
}

/// The schema objects of both versions that stand for each other: components by name, the others
/// in their order.
fn matched(ctx: &Ctx<'_, '_>) -> Vec<(Entry, Entry)> {
    let (old, new) = (ctx.old, ctx.new);
    let mut pairs = Vec::new();
    let named = |view: &View<'_>, is_new: bool| -> Vec<(Option<String>, Entry)> {
        let names = if is_new { &ctx.engine.new_names } else { &ctx.engine.old_names };
        view.nodes.iter().map(|entry| (names.component(entry.at).map(str::to_owned), *entry)).collect()
    };
    let (before, mut after) = (named(old, false), named(new, true));
    for (name, entry) in before {
        if let Some(index) = after.iter().position(|(other, _)| *other == name) {
            pairs.push((entry, after.remove(index).1));
        }
    }
    if let (true, Some(before), Some(after)) = (pairs.is_empty(), old.nodes.first(), new.nodes.first()) {
        pairs.push((*before, *after));
    }
    pairs
}

impl Beside {
    /// A keyword's values in both versions.
    fn get<'g>(self, ctx: &Ctx<'_, 'g>, name: &str) -> (Option<Node<'g>>, Option<Node<'g>>) {
        (ctx.engine.old.node(self.before.at).get(name), ctx.engine.new.node(self.after.at).get(name))
    }

    fn place(self, old: Option<Node<'_>>, new: Option<Node<'_>>) -> (Option<At>, Option<At>) {
        let at = |file, node: Option<Node<'_>>| node.map(|node| At { file, node: node.id() });
        (
            at(self.before.at.file, old).or(Some(self.before.at)),
            at(self.after.at.file, new).or(Some(self.after.at)),
        )
    }

    /// Reports a difference of a keyword.
    fn report(
        self,
        ctx: &mut Ctx<'_, '_>,
        rule: &'static ChangeRule,
        values: (Option<Node<'_>>, Option<Node<'_>>),
        fact: String,
        kind: &'static str,
    ) {
        let place = self.place(values.0, values.1);
        let subject = ctx.engine.new_names.schema(self.after.at);
        ctx.report(Found::new(rule, subject, fact).at(place.0, place.1).kind(kind));
    }
}

/// Longest value that a message shows, in characters.
const SHOWN_CHARS_MAX: usize = 60;

fn shown(node: Node<'_>) -> String {
    let text = node.as_str().map_or_else(|| value_key(node), str::to_owned);
    if text.chars().count() <= SHOWN_CHARS_MAX {
        return format!("`{text}`");
    }
    format!("`{}…`", text.chars().take(SHOWN_CHARS_MAX).collect::<String>())
}

fn default(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    let (was, is) = pair.get(ctx, "default");
    let (rule, fact, kind) = match (was, is) {
        (None, Some(is)) => (
            &rules::DEFAULT_ADDED,
            format!("stands for {} now where it is left out", shown(is)),
            "default-value-added",
        ),
        (Some(was), None) => (
            &rules::DEFAULT_REMOVED,
            format!("no longer stands for {} where it is left out", shown(was)),
            "default-value-removed",
        ),
        (Some(was), Some(is)) if value_key(was) != value_key(is) => (
            &rules::DEFAULT_CHANGED,
            format!("stands for {} where it is left out, was {}", shown(is), shown(was)),
            "default-value-changed",
        ),
        _ => return,
    };
    pair.report(ctx, rule, (was, is), fact, kind);
}

fn described(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    for name in ["title", "description"] {
        let (was, is) = pair.get(ctx, name);
        if was.and_then(Node::as_str) == is.and_then(Node::as_str) {
            continue;
        }
        let fact = match (was, is) {
            (None, _) => format!("has a {name} now"),
            (_, None) => format!("has no {name} any more"),
            _ => format!("has another {name}"),
        };
        pair.report(ctx, &rules::DESCRIBED, (was, is), fact, "");
    }
}

/// `example` and `examples` are two ways to say the same.
fn examples(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    let all = |one: Option<Node<'_>>, many: Option<Node<'_>>| -> Vec<String> {
        let many = many.filter(|many| many.is_array()).into_iter().flat_map(Node::items);
        one.into_iter().chain(many).map(value_key).collect()
    };
    let (one, many) = (pair.get(ctx, "example"), pair.get(ctx, "examples"));
    let (was, is) = (all(one.0, many.0), all(one.1, many.1));
    if was != is {
        let fact = match (was.is_empty(), is.is_empty()) {
            (true, _) => "has an example now",
            (_, true) => "has no example any more",
            _ => "has another example",
        };
        let values = (one.0.or(many.0), one.1.or(many.1));
        pair.report(ctx, &rules::EXAMPLE_CHANGED, values, fact.to_owned(), "");
    }
}

/// How stable a schema promises to be, from least to most.
const STABILITY: [&str; 4] = ["draft", "alpha", "beta", "stable"];

fn lifecycle(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    let (was, is) = pair.get(ctx, "deprecated");
    let flag = |node: Option<Node<'_>>| node.and_then(Node::as_bool) == Some(true);
    match (flag(was), flag(is)) {
        (false, true) => {
            let sunset = pair.get(ctx, "x-sunset").1;
            let (fact, kind) = match sunset {
                Some(date) => {
                    (format!("is deprecated, and goes on {}", shown(date)), "deprecated-with-sunset")
                }
                None => ("is deprecated".to_owned(), "deprecated"),
            };
            pair.report(ctx, &rules::DEPRECATED, (was, is), fact, kind);
        }
        (true, false) => {
            pair.report(
                ctx,
                &rules::REACTIVATED,
                (was, is),
                "is no longer deprecated".to_owned(),
                "reactivated",
            );
        }
        _ => {}
    }
    let (was, is) = pair.get(ctx, "x-stability-level");
    // What does not say is stable.
    let level = |node: Option<Node<'_>>| match node.and_then(Node::as_str) {
        Some(name) => STABILITY.iter().position(|known| *known == name),
        None => Some(STABILITY.len() - 1),
    };
    if let (Some(before), Some(after)) = (level(was), level(is))
        && before != after
    {
        let name = |level: usize| STABILITY.get(level).copied().unwrap_or_default();
        let fact = format!("is `{}`, was `{}`", name(after), name(before));
        let (rule, kind) = match after < before {
            true => (&rules::STABILITY_LOWERED, "stability-decreased"),
            false => (&rules::STABILITY_RAISED, "stability-increased"),
        };
        pair.report(ctx, rule, (was, is), fact, kind);
    }
}

fn discriminator(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    let (was, is) = pair.get(ctx, "discriminator");
    let name = |node: Node<'_>| {
        node.as_str().or_else(|| node.get_str("propertyName")).unwrap_or_default().to_owned()
    };
    let (before, after) = match (was, is) {
        (None, None) => return,
        (None, Some(after)) => {
            let fact = format!("is told apart by `{}` now", name(after));
            return pair.report(ctx, &rules::DISCRIMINATOR_ADDED, (was, is), fact, "discriminator-added");
        }
        (Some(before), None) => {
            let fact = format!("is no longer told apart by `{}`", name(before));
            return pair.report(ctx, &rules::DISCRIMINATOR_REMOVED, (was, is), fact, "discriminator-removed");
        }
        (Some(before), Some(after)) => (before, after),
    };
    if name(before) != name(after) {
        let fact = format!("is told apart by `{}`, was by `{}`", name(after), name(before));
        pair.report(
            ctx,
            &rules::DISCRIMINATOR_CHANGED,
            (was, is),
            fact,
            "discriminator-property-name-changed",
        );
    }
    mapping(ctx, pair, before, after);
}

/// Which schema each value of a discriminator stands for.
fn mapping(ctx: &mut Ctx<'_, '_>, pair: Beside, before: Node<'_>, after: Node<'_>) {
    let (was, is) = (Some(before), Some(after));
    let known_as = |node: Node<'_>, value: &str| {
        node.get("mapping").and_then(|map| map.get_str(value).map(str::to_owned))
    };
    // Which file a component stands in is no matter.
    let last = |reference: &str| reference.rsplit(['/', '#']).next().unwrap_or_default().to_owned();
    for (value, target) in after.get("mapping").into_iter().flat_map(Node::members) {
        match known_as(before, value) {
            None => {
                let fact = format!("knows the value `{value}` now");
                pair.report(
                    ctx,
                    &rules::MAPPING_ADDED,
                    (was, Some(target)),
                    fact,
                    "discriminator-mapping-added",
                );
            }
            Some(known) if last(&known) != last(target.as_str().unwrap_or_default()) => {
                let now = last(target.as_str().unwrap_or_default());
                let fact = format!("takes `{value}` for `{now}`, was `{}`", last(&known));
                pair.report(
                    ctx,
                    &rules::MAPPING_CHANGED,
                    (was, Some(target)),
                    fact,
                    "discriminator-mapping-changed",
                );
            }
            Some(_) => {}
        }
    }
    for (value, target) in before.get("mapping").into_iter().flat_map(Node::members) {
        if known_as(after, value).is_none() {
            let fact = format!("no longer knows the value `{value}`");
            pair.report(
                ctx,
                &rules::MAPPING_REMOVED,
                (Some(target), is),
                fact,
                "discriminator-mapping-deleted",
            );
        }
    }
}

fn encoded(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    let text = |node: Option<Node<'_>>| node.and_then(Node::as_str).map(str::to_owned);
    for (name, kind) in
        [("contentEncoding", "content-encoding-changed"), ("contentMediaType", "content-media-type-changed")]
    {
        let (was, is) = pair.get(ctx, name);
        // OpenAPI 3.0 says with a format what 3.1 says with these.
        let formats = pair.get(ctx, "format");
        let said = |value: Option<Node<'_>>, format: Option<Node<'_>>| {
            text(value).or_else(|| match (name, text(format).as_deref()) {
                ("contentEncoding", Some("byte")) => Some("base64".to_owned()),
                ("contentMediaType", Some("binary")) => Some("application/octet-stream".to_owned()),
                _ => None,
            })
        };
        let (before, after) = (said(was, formats.0), said(is, formats.1));
        if before == after || (was.is_none() && is.is_none()) {
            continue;
        }
        let shown = |value: Option<String>| value.map_or("none".to_owned(), |value| format!("`{value}`"));
        let fact = format!("has the {name} {}, had {}", shown(after), shown(before));
        pair.report(ctx, &rules::CONTENT_CHANGED, (was, is), fact, kind);
    }
    let (was, is) = pair.get(ctx, "xml");
    if was.map(value_key) != is.map(value_key) {
        pair.report(ctx, &rules::XML_CHANGED, (was, is), "is written another way in XML".to_owned(), "");
    }
    content_schema(ctx, pair);
}

fn content_schema(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    let (was, is) = pair.get(ctx, "contentSchema");
    if !ctx.old.kinds.and(ctx.new.kinds).has(Kinds::STRING) {
        return;
    }
    let values = (was, is);
    match values {
        (None, Some(_)) => {
            let fact = "says what it encodes".to_owned();
            pair.report(ctx, &rules::CONTENT_SCHEMA_ADDED, values, fact, "content-schema-added");
        }
        (Some(_), None) => {
            let fact = "no longer says what it encodes".to_owned();
            pair.report(ctx, &rules::CONTENT_SCHEMA_REMOVED, values, fact, "content-schema-removed");
        }
        (Some(was), Some(is)) => {
            let (one, two) = (ctx.engine.old.sub(pair.before, was), ctx.engine.new.sub(pair.after, is));
            let below = ctx.apart(vec![one], vec![two]);
            let place = pair.place(Some(was), Some(is));
            for (rule, turn, fact) in [
                (&rules::CONTENT_SCHEMA_ADDED, Turn::NARROWS, "encodes less than before"),
                (&rules::CONTENT_SCHEMA_REMOVED, Turn::WIDENS, "encodes more than before"),
            ] {
                let subject = ctx.engine.new_names.schema(pair.after.at);
                let found =
                    Found::new(rule, subject, fact).at(place.0, place.1).values("another content there");
                ctx.report(found.when(When::If(below, turn)));
            }
        }
        (None, None) => {}
    }
}

/// `x-extensible-enum`: values that are known, among others that may come.
fn extensible(ctx: &mut Ctx<'_, '_>, pair: Beside) {
    let (was, is) = pair.get(ctx, "x-extensible-enum");
    let (Some(before), Some(after)) = (was, is) else { return };
    let keys: Vec<String> = after.items().map(value_key).collect();
    for value in before.items().filter(|value| !keys.contains(&value_key(*value))) {
        let subject = ctx.engine.new_names.schema(pair.after.at);
        let fact = format!("no longer knows {}", shown(value));
        let place = pair.place(Some(value), is);
        let found = Found::new(&rules::EXTENSIBLE_VALUE_REMOVED, subject, fact).at(place.0, place.1);
        let found = found.values(format!("{} there", shown(value))).kind("x-extensible-enum-value-removed");
        ctx.report(found.want(Want::Any));
    }
}
