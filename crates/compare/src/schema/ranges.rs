//! Limits of numbers, lengths and counts, patterns and formats.

use super::engine::Ctx;
use super::found::{Found, Want};
use super::kinds::{Kinds, Num};
use super::rules;
use super::view::{Bound, Count, View};
use crate::ChangeRule;

/// Compares everything that limits a value of one kind.
pub(super) fn compare(ctx: &mut Ctx<'_, '_>) {
    let shared = ctx.old.effective_kinds().and(ctx.new.effective_kinds());
    if shared.has(Kinds::NUMBER) {
        lows(ctx);
        highs(ctx);
        multiples(ctx);
    }
    for count in Count::ALL {
        if shared.has(count.kind()) {
            counts(ctx, count);
        }
    }
    if shared.has(Kinds::STRING) {
        patterns(ctx);
    }
    formats(ctx, shared);
    if shared.has(Kinds::ARRAY) {
        unique(ctx);
    }
}

/// Whether all numbers that a version lists keep a limit.
fn all_numbers(view: &View<'_>, keeps: impl Fn(Num) -> bool) -> bool {
    let Some(values) = &view.values else { return false };
    let mut numbers = values.list.iter().filter(|value| Kinds::NUMBER.has(value.kind));
    numbers.all(|value| Num::parse(&value.key).is_some_and(&keeps))
}

fn is_above(limit: Bound, number: Num) -> bool {
    number > limit.value || (number == limit.value && !limit.open)
}

fn is_below(limit: Bound, number: Num) -> bool {
    number < limit.value || (number == limit.value && !limit.open)
}

/// A limit in words: `at least 5`, `more than 5`.
fn low_words(limit: Option<Bound>) -> String {
    match limit {
        Some(Bound { value, open: true, .. }) => format!("more than {value}"),
        Some(Bound { value, .. }) => format!("at least {value}"),
        None => "without a least value".to_owned(),
    }
}

fn high_words(limit: Option<Bound>) -> String {
    match limit {
        Some(Bound { value, open: true, .. }) => format!("less than {value}"),
        Some(Bound { value, .. }) => format!("at most {value}"),
        None => "without a greatest value".to_owned(),
    }
}

/// Whether a whole-number view makes two limits equal, such as `> 4` and `>= 5`.
fn is_whole(view: &View<'_>) -> bool {
    !view.effective_kinds().has(Kinds::FRACTION)
}

fn rounded(limit: Option<Bound>, whole: bool, step: i128) -> Option<Bound> {
    let limit = limit?;
    match limit.value.as_whole() {
        Some(value) if whole && limit.open => {
            Some(Bound { value: Num::whole(value + step), open: false, at: limit.at })
        }
        _ => Some(limit),
    }
}

fn lows(ctx: &mut Ctx<'_, '_>) {
    let whole = is_whole(ctx.old) && is_whole(ctx.new);
    let (before, after) = (rounded(ctx.old.range().0, whole, 1), rounded(ctx.new.range().0, whole, 1));
    let (said_before, said_after) = (rounded(ctx.old.low, whole, 1), rounded(ctx.new.low, whole, 1));
    let is_tighter = |one: Option<Bound>, two: Option<Bound>| match (one, two) {
        (Some(one), Some(two)) => one.value > two.value || (one.value == two.value && one.open && !two.open),
        (one, two) => one.is_some() && two.is_none(),
    };
    let exclusive = |limit: Option<Bound>| limit.is_some_and(|limit| limit.open);
    let place = (ctx.old.low.map(|limit| limit.at), ctx.new.low.map(|limit| limit.at));
    if is_tighter(said_after, before) {
        if said_after.is_some_and(|limit| all_numbers(ctx.old, |number| is_above(limit, number))) {
            return;
        }
        let kind = match (ctx.old.low.is_some(), exclusive(ctx.new.low)) {
            (false, false) => "min-set",
            (false, true) => "exclusive-min-set",
            (true, false) => "min-increased",
            (true, true) => "exclusive-min-increased",
        };
        let fact = format!("is {}, was {}", low_words(ctx.new.low), low_words(ctx.old.low));
        let want = ctx.new.low.map_or(Want::Any, |limit| Want::Number(limit.value));
        limit(ctx, &rules::MINIMUM_NARROWED, place, fact, "a smaller number there", kind, want);
    } else if is_tighter(said_before, after) {
        if said_before.is_some_and(|limit| all_numbers(ctx.new, |number| is_above(limit, number))) {
            return;
        }
        let kind = match (ctx.new.low.is_some(), exclusive(ctx.new.low)) {
            (false, _) => "min-unset",
            (true, false) => "min-decreased",
            (true, true) => "exclusive-min-decreased",
        };
        let fact = format!("is {}, was {}", low_words(ctx.new.low), low_words(ctx.old.low));
        let want = ctx.old.low.map_or(Want::Any, |limit| Want::Number(limit.value));
        limit(ctx, &rules::MINIMUM_WIDENED, place, fact, "a smaller number there", kind, want);
    }
}

fn highs(ctx: &mut Ctx<'_, '_>) {
    let whole = is_whole(ctx.old) && is_whole(ctx.new);
    let (before, after) = (rounded(ctx.old.range().1, whole, -1), rounded(ctx.new.range().1, whole, -1));
    let (said_before, said_after) = (rounded(ctx.old.high, whole, -1), rounded(ctx.new.high, whole, -1));
    let is_tighter = |one: Option<Bound>, two: Option<Bound>| match (one, two) {
        (Some(one), Some(two)) => one.value < two.value || (one.value == two.value && one.open && !two.open),
        (one, two) => one.is_some() && two.is_none(),
    };
    let exclusive = |limit: Option<Bound>| limit.is_some_and(|limit| limit.open);
    let place = (ctx.old.high.map(|limit| limit.at), ctx.new.high.map(|limit| limit.at));
    if is_tighter(said_after, before) {
        if said_after.is_some_and(|limit| all_numbers(ctx.old, |number| is_below(limit, number))) {
            return;
        }
        let kind = match (ctx.old.high.is_some(), exclusive(ctx.new.high)) {
            (false, false) => "max-set",
            (false, true) => "exclusive-max-set",
            (true, false) => "max-decreased",
            (true, true) => "exclusive-max-decreased",
        };
        let fact = format!("is {}, was {}", high_words(ctx.new.high), high_words(ctx.old.high));
        let want = ctx.new.high.map_or(Want::Any, |limit| Want::Number(limit.value));
        limit(ctx, &rules::MAXIMUM_NARROWED, place, fact, "a greater number there", kind, want);
    } else if is_tighter(said_before, after) {
        if said_before.is_some_and(|limit| all_numbers(ctx.new, |number| is_below(limit, number))) {
            return;
        }
        let kind = match (ctx.new.high.is_some(), exclusive(ctx.new.high)) {
            (false, _) => "max-unset",
            (true, false) => "max-increased",
            (true, true) => "exclusive-max-increased",
        };
        let fact = format!("is {}, was {}", high_words(ctx.new.high), high_words(ctx.old.high));
        let want = ctx.old.high.map_or(Want::Any, |limit| Want::Number(limit.value));
        limit(ctx, &rules::MAXIMUM_WIDENED, place, fact, "a greater number there", kind, want);
    }
}

type Places = (Option<tenon_source::At>, Option<tenon_source::At>);

fn limit(
    ctx: &mut Ctx<'_, '_>,
    rule: &'static ChangeRule,
    place: Places,
    fact: String,
    values: &str,
    kind: &'static str,
    want: Want,
) {
    let subject = ctx.subject(place.0, place.1);
    ctx.report(Found::new(rule, subject, fact).at(place.0, place.1).values(values).kind(kind).want(want));
}

fn multiples(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    // A factor holds if some factor of the other version, or all its values, are multiples of it.
    let holds = |view: &View<'_>, factor: Num| {
        let whole = factor == Num::ONE && is_whole(view);
        whole
            || view.multiples.iter().any(|(known, _)| known.is_multiple_of(factor))
            || all_numbers(view, |number| number.is_multiple_of(factor))
    };
    let narrows = new.multiples.iter().find(|(factor, _)| !holds(old, *factor)).copied();
    let widens = old.multiples.iter().find(|(factor, _)| !holds(new, *factor)).copied();
    let words = |view: &View<'_>| match view.multiples.first() {
        Some((factor, _)) => format!("a multiple of {factor}"),
        None => "any number".to_owned(),
    };
    let fact = format!("is {}, was {}", words(new), words(old));
    let first = |view: &View<'_>| view.multiples.first().map(|(_, at)| *at);
    let place = (first(old), first(new));
    let values = "another number there";
    match (narrows, widens) {
        (Some(_), Some(_)) => {
            limit(ctx, &rules::MULTIPLE_CHANGED, place, fact, values, "multiple-of-changed", Want::Any);
        }
        (Some((factor, _)), None) => {
            let want = Want::Number(factor);
            limit(ctx, &rules::MULTIPLE_NARROWED, place, fact, values, "multiple-of-set", want);
        }
        (None, Some((factor, _))) => {
            let want = Want::Number(factor);
            limit(ctx, &rules::MULTIPLE_WIDENED, place, fact, values, "multiple-of-unset", want);
        }
        (None, None) => {}
    }
}

/// What is counted, with the rules for each side of it.
fn counted(count: Count) -> (&'static str, &'static ChangeRule, &'static ChangeRule) {
    match count {
        Count::MinLength => ("character", &rules::MIN_LENGTH_NARROWED, &rules::MIN_LENGTH_WIDENED),
        Count::MaxLength => ("character", &rules::MAX_LENGTH_NARROWED, &rules::MAX_LENGTH_WIDENED),
        Count::MinItems => ("item", &rules::MIN_ITEMS_NARROWED, &rules::MIN_ITEMS_WIDENED),
        Count::MaxItems => ("item", &rules::MAX_ITEMS_NARROWED, &rules::MAX_ITEMS_WIDENED),
        Count::MinProperties => ("member", &rules::MIN_PROPERTIES_NARROWED, &rules::MIN_PROPERTIES_WIDENED),
        Count::MaxProperties => ("member", &rules::MAX_PROPERTIES_NARROWED, &rules::MAX_PROPERTIES_WIDENED),
    }
}

/// The ends of the names other tools have: set, unset, increased, decreased.
fn count_kinds(count: Count) -> [&'static str; 4] {
    match count {
        Count::MinLength => {
            ["min-length-set", "min-length-unset", "min-length-increased", "min-length-decreased"]
        }
        Count::MaxLength => {
            ["max-length-set", "max-length-unset", "max-length-increased", "max-length-decreased"]
        }
        Count::MinItems => ["min-items-set", "min-items-unset", "min-items-increased", "min-items-decreased"],
        Count::MaxItems => ["max-items-set", "max-items-unset", "max-items-increased", "max-items-decreased"],
        Count::MinProperties | Count::MaxProperties => ["", "", "", ""],
    }
}

fn counts(ctx: &mut Ctx<'_, '_>, count: Count) {
    let (before, after) = (ctx.old.count(count), ctx.new.count(count));
    let (was, is) = (before.map(|(value, _)| value), after.map(|(value, _)| value));
    if was == is {
        return;
    }
    let is_tighter = |one: Option<u64>, two: Option<u64>| match (one, two) {
        (Some(one), Some(two)) => {
            if count.is_least() {
                one > two
            } else {
                one < two
            }
        }
        (one, two) => one.is_some() && two.is_none(),
    };
    let (noun, narrowed, widened) = counted(count);
    let [set, unset, increased, decreased] = count_kinds(count);
    let narrows = is_tighter(is, was);
    // Strings that are listed have the lengths they have.
    let keeps = |view: &View<'_>, limit: Option<u64>| {
        let (Some(values), Some(limit), "character") = (&view.values, limit, noun) else { return false };
        values.list.iter().filter(|value| value.kind == Kinds::STRING).all(|value| {
            let text: String = serde_json::from_str(&value.key).unwrap_or_default();
            let length = text.chars().count() as u64;
            if count.is_least() { length >= limit } else { length <= limit }
        })
    };
    if (narrows && keeps(ctx.old, is)) || (!narrows && keeps(ctx.new, was)) {
        return;
    }
    let kind = match (was, is) {
        (None, _) => set,
        (_, None) => unset,
        (Some(was), Some(is)) if is > was => increased,
        _ => decreased,
    };
    let words = |limit: Option<u64>| match limit {
        Some(limit) if count.is_least() => format!("at least {limit}"),
        Some(limit) => format!("at most {limit}"),
        None => "any number of".to_owned(),
    };
    let plural = if is == Some(1) { "" } else { "s" };
    let fact = format!("has {} {noun}{plural}, had {}", words(is), words(was).trim_end_matches(" of"));
    let values =
        if count.is_least() { format!("fewer {noun}s there") } else { format!("more {noun}s there") };
    let limit_value = if narrows { is } else { was }.unwrap_or_default();
    let size = if count.is_least() { limit_value.saturating_sub(1) } else { limit_value.saturating_add(1) };
    let want = match noun {
        "character" => Want::Length(size),
        "item" => Want::Items(size),
        _ => Want::Members(size),
    };
    let rule = if narrows { narrowed } else { widened };
    limit(ctx, rule, (before.map(|(_, at)| at), after.map(|(_, at)| at)), fact, &values, kind, want);
}

/// Patterns that every string matches.
fn is_anything(pattern: &str) -> bool {
    matches!(pattern, "" | "^" | "$" | ".*" | "^.*" | ".*$" | "^.*$")
}

fn patterns(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    // `.` leaves out line breaks, so that `^.*$` is nearly anything; people mean anything.
    let says = |view: &View<'_>, pattern: &str| {
        matches!(pattern, "" | "^" | "$" | ".*" | "^.*" | ".*$")
            || view.patterns.iter().any(|(known, _)| *known == pattern)
    };
    let narrows = new.patterns.iter().find(|(pattern, _)| !says(old, pattern)).copied();
    let widens = old.patterns.iter().find(|(pattern, _)| !says(new, pattern)).copied();
    let (was, is) = (widens.or(old.patterns.first().copied()), narrows.or(new.patterns.first().copied()));
    let place = (was.map(|(_, at)| at), is.map(|(_, at)| at));
    match (narrows, widens) {
        (None, None) => {}
        (Some((pattern, _)), None) => {
            let fact = format!("must match `{pattern}` now");
            let values = "other text there";
            limit(ctx, &rules::PATTERN_ADDED, (None, place.1), fact, values, "pattern-added", Want::Any);
        }
        (None, Some((pattern, _))) => {
            let fact = format!("need not match `{pattern}` any more");
            let values = "other text there";
            limit(ctx, &rules::PATTERN_REMOVED, (place.0, None), fact, values, "pattern-removed", Want::Any);
        }
        (Some((after, _)), Some((before, _))) => {
            let subject = ctx.subject(place.0, place.1);
            let fact = format!("must match `{after}`, had to match `{before}`");
            let found = Found::new(&rules::PATTERN_CHANGED, subject, fact).at(place.0, place.1);
            let kind = if is_anything(after) { "pattern-generalized" } else { "pattern-changed" };
            let found = found.values("other text there").kind(kind);
            ctx.report(found.undecided("whether one pattern holds the other is not decided"));
        }
    }
}

/// Families of formats, from the narrowest to the widest.
const FORMAT_ORDERS: [&[&str]; 8] = [
    &["int8", "int16", "int32", "int64"],
    &["uint8", "uint16", "uint32", "uint64"],
    &["float", "double"],
    &["int32", "double"],
    &["uri", "uri-reference", "iri-reference"],
    &["uri", "iri", "iri-reference"],
    &["email", "idn-email"],
    &["hostname", "idn-hostname"],
];

/// Whether each value of one format is one of the other.
fn is_within(one: &str, two: &str) -> bool {
    let place = |order: &[&str], name: &str| order.iter().position(|format| *format == name);
    one == two
        || FORMAT_ORDERS.iter().any(|order| match (place(order, one), place(order, two)) {
            (Some(one), Some(two)) => one < two,
            _ => false,
        })
}

/// The kind of value a format is about.
fn format_kind(format: &str) -> Kinds {
    match format {
        "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" | "float"
        | "double" | "unixtime" | "double-int" => Kinds::NUMBER,
        // Anything may be meant by a name of one's own.
        _ if tenon_schemas::formats::CHECKED.contains(&format) => Kinds::STRING,
        _ => Kinds::ALL,
    }
}

fn formats(ctx: &mut Ctx<'_, '_>, shared: Kinds) {
    let (old, new) = (ctx.old, ctx.new);
    let counts = |format: &str| shared.has(format_kind(format));
    let holds = |view: &View<'_>, format: &str| {
        view.encodings.contains(&format) || view.formats.iter().any(|(known, _)| is_within(known, format))
    };
    let mut narrowing = new.formats.iter().filter(|(format, _)| counts(format) && !holds(old, format));
    let mut widening = old.formats.iter().filter(|(format, _)| counts(format) && !holds(new, format));
    let (narrows, widens) = (narrowing.next().copied(), widening.next().copied());
    let was = widens.or(old.formats.first().copied());
    let is = narrows.or(new.formats.first().copied());
    let words = |format: Option<(&str, tenon_source::At)>| match format {
        Some((format, _)) => format!("`{format}`"),
        None => "any".to_owned(),
    };
    let fact = format!("has the format {}, had {}", words(is), words(was));
    let place = (was.map(|(_, at)| at), is.map(|(_, at)| at));
    let rule = match (narrows, widens) {
        (None, None) => return,
        (Some(_), None) => &rules::FORMAT_NARROWED,
        (None, Some(_)) => &rules::FORMAT_WIDENED,
        (Some(_), Some(_)) => &rules::FORMAT_CHANGED,
    };
    let kind = match (narrows, widens) {
        (Some(_), Some(_)) => "type-changed",
        (None, _) => "type-generalized",
        _ => "type-specialized",
    };
    limit(ctx, rule, place, fact, "values of another format there", kind, Want::Any);
}

fn unique(ctx: &mut Ctx<'_, '_>) {
    let place = (ctx.old.unique, ctx.new.unique);
    match place {
        (None, Some(_)) => {
            let fact = "must not have equal items now".to_owned();
            limit(ctx, &rules::UNIQUE_ADDED, place, fact, "equal items there", "", Want::Items(2));
        }
        (Some(_), None) => {
            let fact = "may have equal items now".to_owned();
            limit(ctx, &rules::UNIQUE_REMOVED, place, fact, "equal items there", "", Want::Items(2));
        }
        _ => {}
    }
}
