//! Small values that fit a schema, as JSON.

use serde_json::Value as Json;
use tenon_source::Node;

use super::flatten::view;
use super::found::Want;
use super::kinds::{Kinds, Num, value_key};
use super::members::{Patterns, UNDECLARED};
use super::view::{Conj, Count, Entry, Side, View, conj};
use super::{items, members};

/// Levels of objects and arrays that are made, a count: deeper ones are left empty.
const LEVELS_MAX: usize = 6;

/// Largest string, array or object that is made, a count.
const SIZE_MAX: u64 = 4096;

/// Values that are tried where nothing better is known.
const POOL: [&str; 26] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "2",
    "0.5",
    "100",
    "\"\"",
    "\"a\"",
    "\"A\"",
    "\"0\"",
    "\"x\"",
    "\"a0\"",
    "\"ab\"",
    "\"abc\"",
    "\"a b\"",
    "\"a-b\"",
    "\"123\"",
    "\"2020-01-01\"",
    "[]",
    "[0]",
    "[0,0]",
    "{}",
    "{\"x\":0}",
];

/// Values that are said to be right: those that are listed, defaults and examples.
pub(super) fn said(side: Side<'_>, entries: &Conj) -> Vec<String> {
    /// Values that are taken from each schema, a count.
    const VALUES_MAX: usize = 16;
    let view = view(side, entries);
    let mut values = Vec::new();
    for entry in &view.nodes {
        let node = side.node(entry.at);
        let one = ["default", "example", "const"].into_iter().filter_map(|name| node.get(name));
        let many = ["examples", "enum"].into_iter().filter_map(|name| node.get(name)).flat_map(Node::items);
        values.extend(one.chain(many).take(VALUES_MAX).map(value_key));
    }
    values
}

/// Makes values for one version.
pub(super) struct Maker<'g, 'p> {
    side: Side<'g>,
    patterns: &'p mut Patterns,
}

impl<'g, 'p> Maker<'g, 'p> {
    pub(super) fn new(side: Side<'g>, patterns: &'p mut Patterns) -> Self {
        Self { side, patterns }
    }

    /// Values that may show a change, the likeliest first.
    pub(super) fn wanted(&mut self, entries: &Conj, want: &Want) -> Vec<String> {
        let view = view(self.side, entries);
        let mut values: Vec<Json> = Vec::new();
        match want {
            Want::Any => {}
            Want::Value(value) => values.extend(serde_json::from_str::<Json>(value)),
            Want::Number(limit) => values.extend(near(*limit)),
            Want::Length(length) => values.extend(texts(*length)),
            Want::Items(count) => values.extend(self.array(&view, *count, 0)),
            Want::Members(count) => values.extend(self.object(&view, entries, Some(*count), None, 0)),
            Want::Without(name) => {
                if let Some(Json::Object(mut object)) = self.object(&view, entries, None, None, 0) {
                    object.shift_remove(name);
                    values.push(Json::Object(object));
                }
            }
            Want::With(name) => values.extend(self.object(&view, entries, None, Some(name), 0)),
        }
        values.extend(self.of_each_kind(&view, entries));
        let pool = POOL.iter().map(|text| (*text).to_owned());
        values.iter().map(Json::to_string).chain(pool).collect()
    }

    /// The smallest value of each kind that is taken.
    fn of_each_kind(&mut self, view: &View<'g>, entries: &Conj) -> Vec<Json> {
        let each =
            [Kinds::BOOLEAN, Kinds::INTEGER, Kinds::FRACTION, Kinds::STRING, Kinds::ARRAY, Kinds::OBJECT];
        let mut values = Vec::new();
        for kind in each.into_iter().filter(|kind| view.kinds.has(*kind)) {
            values.extend(self.of_kind(view, entries, kind, 0));
        }
        for branch in view.unions.iter().flat_map(|union| union.branches.clone()) {
            values.extend(self.smallest(with_branch(entries, view, branch), 1));
        }
        values
    }

    /// A small value that fits schemas, if one is found.
    fn smallest(&mut self, entries: Conj, level: usize) -> Option<Json> {
        let view = view(self.side, &entries);
        if let Some(values) = &view.values {
            let first = values.list.iter().min_by_key(|value| value.key.len());
            return first.and_then(|value| serde_json::from_str(&value.key).ok());
        }
        if level < LEVELS_MAX
            && let Some(branch) = view.unions.first().and_then(|union| union.branches.first())
        {
            return self.smallest(with_branch(&entries, &view, *branch), level + 1);
        }
        let order =
            [Kinds::INTEGER, Kinds::STRING, Kinds::BOOLEAN, Kinds::ARRAY, Kinds::OBJECT, Kinds::FRACTION];
        let kind = order.into_iter().find(|kind| view.kinds.has(*kind));
        match kind {
            Some(kind) => self.of_kind(&view, &entries, kind, level),
            None if view.null => Some(Json::Null),
            None => None,
        }
    }

    fn of_kind(&mut self, view: &View<'g>, entries: &Conj, kind: Kinds, level: usize) -> Option<Json> {
        match kind {
            Kinds::BOOLEAN => Some(Json::Bool(false)),
            Kinds::INTEGER => number(view),
            Kinds::FRACTION => serde_json::Number::from_f64(0.5).map(Json::Number),
            Kinds::STRING => Some(self.text(view)),
            Kinds::ARRAY => self.array(view, 0, level),
            _ => self.object(view, entries, None, None, level),
        }
    }

    fn text(&mut self, view: &View<'g>) -> Json {
        let least = view.count(Count::MinLength).map_or(0, |(count, _)| count);
        if let Some((format, _)) = view.formats.first()
            && let Some(text) = of_format(format)
        {
            return Json::from(text);
        }
        let fits = |text: &String, patterns: &mut Patterns| {
            view.patterns.iter().all(|(pattern, _)| patterns.matches(pattern, text))
        };
        let found = texts(least).into_iter().filter_map(|text| text.as_str().map(str::to_owned));
        let pool = POOL.iter().filter_map(|text| serde_json::from_str::<String>(text).ok());
        let mut found = found.chain(pool).filter(|text| text.chars().count() as u64 >= least);
        Json::from(found.find(|text| fits(text, self.patterns)).unwrap_or_default())
    }

    /// An array of at least so many items.
    fn array(&mut self, view: &View<'g>, count: u64, level: usize) -> Option<Json> {
        let least = view.count(Count::MinItems).map_or(0, |(count, _)| count);
        let contained = if view.contains.is_empty() { 0 } else { 1 };
        let count = count.max(least).max(contained).min(SIZE_MAX);
        if level >= LEVELS_MAX {
            return Some(Json::Array(Vec::new()));
        }
        let mut list = Vec::new();
        for position in 0..count {
            let position = usize::try_from(position).unwrap_or_default();
            let mut entries = items::at(view, Some(position));
            if position == 0 {
                entries.extend(view.contains.iter().map(|contains| contains.entry));
            }
            let item = self.smallest(conj(entries), level + 1)?;
            list.push(match (view.unique, item) {
                // Items that must differ, as far as numbers and strings go.
                (Some(_), Json::Number(first)) => Json::from(
                    first.as_i64().unwrap_or_default() + i64::try_from(position).unwrap_or_default(),
                ),
                (Some(_), Json::String(text)) if position > 0 => Json::from(format!("{text}{position}")),
                (_, item) => item,
            });
        }
        Some(Json::Array(list))
    }

    /// An object with what must be there, a member more, or at least so many.
    fn object(
        &mut self,
        view: &View<'g>,
        entries: &Conj,
        count: Option<u64>,
        with: Option<&str>,
        level: usize,
    ) -> Option<Json> {
        if level >= LEVELS_MAX {
            return Some(Json::Object(serde_json::Map::new()));
        }
        let mut object = serde_json::Map::new();
        let names: Vec<String> = view.required.keys().map(|name| (*name).to_owned()).collect();
        for name in names.iter().map(String::as_str).chain(with) {
            let value = self.member(view, name, level)?;
            object.insert(name.to_owned(), value);
            for (trigger, dependent) in view.dependent_names.keys() {
                if *trigger == name && !object.contains_key(*dependent) {
                    let value = self.member(view, dependent, level)?;
                    object.insert((*dependent).to_owned(), value);
                }
            }
        }
        let least = view.count(Count::MinProperties).map_or(0, |(count, _)| count);
        let wanted = count.unwrap_or_default().max(least).min(SIZE_MAX);
        let declared =
            view.members.iter().flat_map(|part| &part.declared).map(|(name, ..)| (*name).to_owned());
        let more = (0..wanted).map(|index| format!("{UNDECLARED}{index}"));
        for name in declared.chain(more) {
            if object.len() as u64 >= wanted {
                break;
            }
            if let Some(value) = self.member(view, &name, level).filter(|_| !object.contains_key(&name)) {
                object.insert(name, value);
            }
        }
        // Alternatives may ask for members of their own.
        if let (0, Some(branch)) = (level, view.unions.first().and_then(|union| union.branches.first()))
            && let Some(Json::Object(more)) = self.smallest(with_branch(entries, view, *branch), level + 1)
        {
            object.extend(more);
        }
        Some(Json::Object(object))
    }

    fn member(&mut self, view: &View<'g>, name: &str, level: usize) -> Option<Json> {
        let entries = members::schemas(self.patterns, self.side, view, name);
        if entries.is_empty() { Some(Json::from(0)) } else { self.smallest(conj(entries), level + 1) }
    }
}

/// Schemas with one of their alternatives.
fn with_branch(entries: &Conj, view: &View<'_>, branch: Entry) -> Conj {
    let mut all: Vec<Entry> = match view.is_only_union() {
        true => Vec::new(),
        false => entries.iter().map(|entry| Entry { bare: true, ..*entry }).collect(),
    };
    all.push(branch);
    conj(all)
}

/// Numbers around a limit, the nearest first.
fn near(limit: Num) -> Vec<Json> {
    let mut values = Vec::new();
    if let Some(whole) = limit.as_whole().and_then(|whole| i64::try_from(whole).ok()) {
        for step in [0, 1, -1, 2, -2] {
            values.extend(whole.checked_add(step).map(Json::from));
        }
    }
    let float = limit.as_f64();
    for step in [0.0, 0.5, -0.5, 1.0, -1.0] {
        values.extend(serde_json::Number::from_f64(float + step).map(Json::Number));
    }
    values
}

/// Strings of a length.
fn texts(length: u64) -> Vec<Json> {
    let length = usize::try_from(length.min(SIZE_MAX)).unwrap_or_default();
    ["a", "A", "0", "-", " "].iter().map(|character| Json::from(character.repeat(length))).collect()
}

/// The whole number in a range that is nearest to zero.
fn number(view: &View<'_>) -> Option<Json> {
    let (low, high) = view.range();
    let factor = view.multiples.first().and_then(|(factor, _)| factor.as_whole()).unwrap_or(1).max(1);
    let least = low.map(|bound| {
        let whole = bound.value.as_whole().unwrap_or(bound.value.as_f64().ceil() as i128);
        if bound.open { whole.saturating_add(1) } else { whole }
    });
    let most = high.map(|bound| {
        let whole = bound.value.as_whole().unwrap_or(bound.value.as_f64().floor() as i128);
        if bound.open { whole.saturating_sub(1) } else { whole }
    });
    let start = 0i128.max(least.unwrap_or(i128::MIN)).min(most.unwrap_or(i128::MAX));
    let rest = start.rem_euclid(factor);
    let start = match rest {
        0 => start,
        _ if start > 0 => start.saturating_add(factor - rest),
        _ => start.saturating_sub(rest),
    };
    i64::try_from(start).ok().map(Json::from)
}

/// A value of a format that is checked.
fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2020-01-01",
        "date-time" => "2020-01-01T00:00:00Z",
        "time" => "00:00:00Z",
        "duration" => "PT0S",
        "email" => "a@example.com",
        "hostname" => "a",
        "ipv4" => "0.0.0.0",
        "ipv6" => "::",
        "uri" | "uri-reference" | "iri" | "iri-reference" | "uri-template" => "a:b",
        "uuid" => "00000000-0000-0000-0000-000000000000",
        "byte" => "",
        _ => return None,
    })
}
