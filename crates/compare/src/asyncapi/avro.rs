//! Apache Avro payloads: whether who reads with the schema it knows reads what is written with the
//! other (Avro 1.12, schema resolution).
//!
//! What the application sends is written with the new schema and read with the old one; what it
//! receives is written with the old one and read with the new.

use std::collections::BTreeMap;

use tenon_graph::{AvroField, AvroKind, AvroType, Name};
use tenon_source::At;

use super::rules::{
    AVRO_FIELD_ADDED, AVRO_FIELD_MISSING, AVRO_FIELD_REMOVED, AVRO_SYMBOL_UNKNOWN, AVRO_TYPE_CHANGED,
    AVRO_WIDENED,
};
use crate::{Change, ChangeRule, Direction, Spot, Versions};

/// Types looked into below each other, a count: named types may refer to themselves.
const DEPTH_MAX: usize = 64;

/// Compares the types of two payloads.
pub(super) fn compare(
    versions: &Versions<'_>,
    message: &str,
    direction: Direction,
    old: &AvroType,
    new: &AvroType,
) -> Vec<Change> {
    let mut out = Vec::new();
    let directions: &[Direction] = match direction {
        Direction::Both => &[Direction::Request, Direction::Response],
        Direction::Request => &[Direction::Request],
        Direction::Response => &[Direction::Response],
    };
    for direction in directions {
        let mut pair = Pair {
            versions,
            message,
            direction: *direction,
            old_names: names(old),
            new_names: names(new),
            seen: Vec::new(),
            out: &mut out,
        };
        pair.types(old, new, "", DEPTH_MAX);
    }
    out
}

/// The named types of a schema by their full names.
fn names(root: &AvroType) -> BTreeMap<&str, &AvroType> {
    let mut out = BTreeMap::new();
    let mut queue = vec![root];
    while let Some(one) = queue.pop() {
        match &one.kind {
            AvroKind::Record { name, fields } => {
                out.extend(name.as_ref().map(|name| (name.as_str(), one)));
                queue.extend(fields.iter().map(|field| &field.kind));
            }
            AvroKind::Enum { name, .. } | AvroKind::Fixed { name, .. } => {
                out.extend(name.as_ref().map(|name| (name.as_str(), one)));
            }
            AvroKind::Array(item) | AvroKind::Map(item) => queue.push(item),
            AvroKind::Union(types) => queue.extend(types),
            AvroKind::Primitive(_) | AvroKind::Named(_) | AvroKind::Unknown => {}
        }
    }
    out
}

struct Pair<'p, 'a> {
    versions: &'p Versions<'p>,
    message: &'p str,
    direction: Direction,
    old_names: BTreeMap<&'a str, &'a AvroType>,
    new_names: BTreeMap<&'a str, &'a AvroType>,
    /// Pairs of types that were looked into.
    seen: Vec<(At, At)>,
    out: &'p mut Vec<Change>,
}

impl<'a> Pair<'_, 'a> {
    fn say(&mut self, rule: &'static ChangeRule, path: &str, old: Option<At>, new: Option<At>, text: String) {
        let subject = format!("messages {} avro{path}", self.message);
        let mut change = Change::new(rule, Some(self.direction), subject, text);
        change.old = old.map(|at| Spot::of(self.versions.old, at));
        change.new = new.map(|at| Spot::of(self.versions.new, at));
        self.out.push(change);
    }

    /// What writer and reader are of an old and a new thing.
    fn roles<T>(&self, old: T, new: T) -> (T, T) {
        if self.direction == Direction::Response { (new, old) } else { (old, new) }
    }

    fn resolve(names: &BTreeMap<&'a str, &'a AvroType>, one: &'a AvroType) -> &'a AvroType {
        match &one.kind {
            AvroKind::Named(name) => names.get(name.as_str()).copied().unwrap_or(one),
            _ => one,
        }
    }

    fn types(&mut self, old: &'a AvroType, new: &'a AvroType, path: &str, depth: usize) {
        let (old, new) = (Self::resolve(&self.old_names, old), Self::resolve(&self.new_names, new));
        let Some(depth) = depth.checked_sub(1).filter(|_| !self.seen.contains(&(old.at, new.at))) else {
            return;
        };
        self.seen.push((old.at, new.at));
        match (&old.kind, &new.kind) {
            (AvroKind::Record { fields: before, .. }, AvroKind::Record { fields: after, .. }) => {
                self.records((old, before), (new, after), path, depth);
            }
            (
                AvroKind::Enum { symbols: before, default: one, .. },
                AvroKind::Enum { symbols: after, default: two, .. },
            ) => {
                let (writer, reader) = self.roles(before, after);
                let (_, default) = self.roles(one, two);
                self.symbols(writer, reader, default.is_some(), path, (old.at, new.at));
            }
            (AvroKind::Array(before), AvroKind::Array(after)) => {
                self.types(before, after, &format!("{path}[]"), depth)
            }
            (AvroKind::Map(before), AvroKind::Map(after)) => {
                self.types(before, after, &format!("{path}{{}}"), depth)
            }
            _ => self.others(old, new, path, depth),
        }
    }

    /// Types of which one is no record, or both are unions or plain.
    fn others(&mut self, old: &'a AvroType, new: &'a AvroType, path: &str, depth: usize) {
        let (writer, reader) = self.roles(old, new);
        let (writer_names, reader_names) = self.roles(self.old_names.clone(), self.new_names.clone());
        let branches = |one: &'a AvroType| match &one.kind {
            AvroKind::Union(types) => types.iter().collect::<Vec<_>>(),
            _ => vec![one],
        };
        let is_union = matches!(old.kind, AvroKind::Union(_)) || matches!(new.kind, AvroKind::Union(_));
        for written in branches(writer) {
            let one = Self::resolve(&writer_names, written);
            let mut read = branches(reader).into_iter().map(|read| Self::resolve(&reader_names, read));
            match read.find(|other| fits(one, other)) {
                Some(other) if is_union => {
                    let (before, after) =
                        if self.direction == Direction::Response { (other, one) } else { (one, other) };
                    self.types(before, after, path, depth);
                }
                Some(_) => {}
                None => {
                    let at = if path.is_empty() {
                        " of the payload".to_owned()
                    } else {
                        format!(" of `{}`", path.trim_start_matches('.'))
                    };
                    let message = format!(
                        "the Avro type{at} is `{}`, it was `{}`: `{}` cannot be read any more",
                        word(new),
                        word(old),
                        word(one)
                    );
                    return self.say(&AVRO_TYPE_CHANGED, path, Some(old.at), Some(new.at), message);
                }
            }
        }
        if word(old) != word(new) && !is_union {
            let message = format!(
                "an Avro type is `{}`, it was `{}`: what is written is still read",
                word(new),
                word(old)
            );
            self.say(&AVRO_WIDENED, path, Some(old.at), Some(new.at), message);
        } else if branches(old).len() != branches(new).len() {
            let message = "an Avro union has other branches: what is written is still read".to_owned();
            self.say(&AVRO_WIDENED, path, Some(old.at), Some(new.at), message);
        }
    }

    fn records(
        &mut self,
        (old, before): (&'a AvroType, &'a [AvroField]),
        (new, after): (&'a AvroType, &'a [AvroField]),
        path: &str,
        depth: usize,
    ) {
        let is = |field: &AvroField, name: &str| {
            field.name.text == name || field.aliases.iter().any(|alias| alias.text == name)
        };
        let matches =
            |one: &AvroField, other: &AvroField| is(one, &other.name.text) || is(other, &one.name.text);
        // A field the writer leaves out must have a default with the reader.
        let reader_is_old = self.direction == Direction::Response;
        for field in before {
            let name = &field.name.text;
            let path = format!("{path}.{name}");
            match after.iter().find(|other| matches(field, other)) {
                Some(other) => self.types(&field.kind, &other.kind, &path, depth),
                None if reader_is_old && field.default.is_none() => {
                    let message = format!(
                        "the field `{name}` is not written any more, and who reads it has no value to take instead"
                    );
                    self.say(&AVRO_FIELD_MISSING, &path, Some(field.at), Some(new.at), message);
                }
                None => {
                    let message = format!("the field `{name}` is gone: who reads does without");
                    self.say(&AVRO_FIELD_REMOVED, &path, Some(field.at), Some(new.at), message);
                }
            }
        }
        for field in after.iter().filter(|field| before.iter().all(|other| !matches(field, other))) {
            let name = &field.name.text;
            let path = format!("{path}.{name}");
            if !reader_is_old && field.default.is_none() {
                let message = format!(
                    "the field `{name}` is new and has no default: messages written as before cannot be read"
                );
                self.say(&AVRO_FIELD_MISSING, &path, Some(old.at), Some(field.at), message);
            } else {
                let message = format!("the field `{name}` is new: who reads does without");
                self.say(&AVRO_FIELD_ADDED, &path, None, Some(field.at), message);
            }
        }
    }

    fn symbols(
        &mut self,
        writer: &[Name],
        reader: &[Name],
        has_default: bool,
        path: &str,
        (old, new): (At, At),
    ) {
        let unknown: Vec<&Name> =
            writer.iter().filter(|name| reader.iter().all(|other| other.text != name.text)).collect();
        for name in unknown {
            let words = &name.text;
            if has_default {
                let message = format!("the symbol `{words}` is read as the default of its enum");
                self.say(&AVRO_WIDENED, path, Some(old), Some(new), message);
            } else {
                let message = format!("the symbol `{words}` may be written, and who reads does not know it");
                self.say(&AVRO_SYMBOL_UNKNOWN, &format!("{path} {words}"), Some(old), Some(new), message);
            }
        }
        for name in reader.iter().filter(|name| writer.iter().all(|other| other.text != name.text)) {
            let message = format!("the symbol `{}` is read, and not written", name.text);
            self.say(&AVRO_WIDENED, &format!("{path} {}", name.text), Some(old), Some(new), message);
        }
    }
}

/// Whether values of the written type are read as the other one, as far as the types alone tell.
fn fits(writer: &AvroType, reader: &AvroType) -> bool {
    match (&writer.kind, &reader.kind) {
        (AvroKind::Primitive(one), AvroKind::Primitive(other)) => promotes(one, other),
        (AvroKind::Record { name: one, .. }, AvroKind::Record { name: other, .. })
        | (AvroKind::Enum { name: one, .. }, AvroKind::Enum { name: other, .. }) => same_name(one, other),
        (AvroKind::Fixed { name: one, size: was }, AvroKind::Fixed { name: other, size: is }) => {
            was == is && same_name(one, other)
        }
        (AvroKind::Array(_), AvroKind::Array(_)) | (AvroKind::Map(_), AvroKind::Map(_)) => true,
        (AvroKind::Named(one), AvroKind::Named(other)) => one.text == other.text,
        _ => false,
    }
}

/// Namespaces may move: the last part of the name counts.
fn same_name(one: &Option<Name>, other: &Option<Name>) -> bool {
    let last =
        |name: &Option<Name>| name.as_ref().map(|name| name.text.rsplit('.').next().unwrap_or("").to_owned());
    last(one) == last(other)
}

/// The promotions of schema resolution.
fn promotes(writer: &str, reader: &str) -> bool {
    writer == reader
        || matches!(
            (writer, reader),
            ("int", "long" | "float" | "double")
                | ("long", "float" | "double")
                | ("float", "double")
                | ("string", "bytes")
                | ("bytes", "string")
        )
}

/// What people call a type.
fn word(one: &AvroType) -> String {
    let base = match &one.kind {
        AvroKind::Primitive(name) => (*name).to_owned(),
        AvroKind::Record { name, .. } => format!("record {}", name.as_ref().map_or("", Name::as_str)),
        AvroKind::Enum { name, .. } => format!("enum {}", name.as_ref().map_or("", Name::as_str)),
        AvroKind::Fixed { name, size } => {
            format!("fixed {} of {}", name.as_ref().map_or("", Name::as_str), size.unwrap_or_default())
        }
        AvroKind::Array(_) => "array".to_owned(),
        AvroKind::Map(_) => "map".to_owned(),
        AvroKind::Union(types) => types.iter().map(word).collect::<Vec<_>>().join(" or "),
        AvroKind::Named(name) => name.text.clone(),
        AvroKind::Unknown => "unknown".to_owned(),
    };
    match &one.logical {
        Some(logical) => format!("{base} as {}", logical.text),
        None => base,
    }
}
