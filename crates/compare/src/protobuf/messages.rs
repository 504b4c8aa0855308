//! Messages: whether they are still there, what they set aside, which fields they have.

use rustc_hash::FxHashMap;
use tenon_graph::protobuf::{Field, JsonFormat, Message, MessageId, MessageKind};

use super::features::says_features;
use super::fields;
use super::ranges::{self, Range};
use super::renames;
use super::report::{Found, Here, Report};
use super::rules;
use super::sides::Sides;

/// Looks at every message.
pub(super) fn compare<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    let renames = renames::messages(sides);
    for (id, old) in sides.old_messages() {
        match sides.new_message(id) {
            Some(new_id) => pair(sides, (id, old), (new_id, sides.new.message(new_id)), report),
            None => removed(sides, id, old, renames.get(&id).copied(), report),
        }
    }
    for (id, new) in sides.new_messages() {
        let parent_is_new = new.parent.is_some_and(|parent| sides.old_message(parent).is_none());
        if sides.old_message(id).is_none() && !parent_is_new {
            let message = format!("message `{}` is new", new.full_name);
            let here = Here::element(sides.new_graph, sides.new, new.file, new.at);
            let found = Found::new(&rules::MESSAGE_ADDED, &*new.full_name, message);
            report.push(found.new_at(Some(here)).reach(sides.new_reaches.of_message(id)));
        }
    }
}

fn removed<'g>(
    sides: &Sides<'g>,
    id: MessageId,
    old: &Message,
    renamed: Option<&str>,
    report: &mut Report<'_, 'g>,
) {
    // What stood in a message that is gone went with it.
    let parent_is_gone = old.parent.is_some_and(|parent| sides.new_message(parent).is_none());
    // The message that a group stands for goes with its field.
    if parent_is_gone || sides.is_gone_with(old.file) || old.kind == MessageKind::Group {
        return;
    }
    let around = old.parent.and_then(|parent| sides.new_message(parent)).map(|parent| {
        let parent = sides.new.message(parent);
        Here::element(sides.new_graph, sides.new, parent.file, parent.at)
    });
    let name = &old.full_name;
    let message = match renamed {
        Some(other) => format!(
            "message `{name}` is gone, and looks renamed to `{other}`: code and RPCs that use the old name fail"
        ),
        None => format!("message `{name}` is gone: code and RPCs that use it have nothing in its place"),
    };
    let found = Found::new(&rules::MESSAGE_REMOVED, &*old.full_name, message)
        .old(Here::element(sides.old_graph, sides.old, old.file, old.at))
        .new_at(around.or_else(|| sides.file_head(old.file)))
        .reach(sides.old_reaches.of_message(id))
        .help("mark it `deprecated` and keep it while anybody uses it");
    report.push(found);
}

type Side<'g> = (MessageId, &'g Message);

fn pair<'g>(sides: &Sides<'g>, old: Side<'g>, new: Side<'g>, report: &mut Report<'_, 'g>) {
    set_aside(sides, old, new, report);
    oneofs(sides, old, new, report);
    accessor(sides, old, new, report);
    // One that is open in both versions and says nothing of its own is judged with its file.
    let formats = (old.1.features.json_format, new.1.features.json_format);
    let says = says_features(&old.1.options) || says_features(&new.1.options);
    if says && formats.0 == JsonFormat::Allow && formats.1 != JsonFormat::Allow {
        let message = format!("the JSON form of message `{}` is no longer promised", new.1.full_name);
        push(
            sides,
            Found::new(&rules::MESSAGE_JSON_FORMAT_CHANGED, &*new.1.full_name, message),
            old,
            new,
            report,
        );
    }
    field_lists(sides, old, new, report);
}

fn push<'g>(sides: &Sides<'g>, found: Found<'g>, old: Side<'g>, new: Side<'g>, report: &mut Report<'_, 'g>) {
    let found = found
        .old(Here::element(sides.old_graph, sides.old, old.1.file, old.1.at))
        .new_at(Some(Here::element(sides.new_graph, sides.new, new.1.file, new.1.at)))
        .reach(sides.new_reaches.of_message(new.0));
    report.push(found);
}

fn set_aside<'g>(sides: &Sides<'g>, old: Side<'g>, new: Side<'g>, report: &mut Report<'_, 'g>) {
    let name = &new.1.full_name;
    let reserved: Vec<Range> = new.1.reserved.iter().map(|range| (range.start, range.end)).collect();
    for range in &old.1.reserved {
        let missing = ranges::missing((range.start, range.end), &reserved);
        if !missing.is_empty() {
            let numbers = ranges::text(&missing);
            let message = format!(
                "`{name}` no longer reserves {numbers}: a new field may read what was written for an old one"
            );
            let found =
                Found::new(&rules::MESSAGE_RESERVED_REMOVED, format!("{name} reserved {numbers}"), message);
            push(sides, found, old, new, report);
        }
    }
    for kept in &old.1.reserved_names {
        if !new.1.reserved_names.iter().any(|other| other.text == kept.text) {
            let message = format!("`{name}` no longer reserves the name `{}`", kept.text);
            let subject = format!("{name} reserved {}", kept.text);
            push(sides, Found::new(&rules::MESSAGE_RESERVED_REMOVED, subject, message), old, new, report);
        }
    }
    let left: Vec<Range> = new.1.extension_ranges.iter().map(|range| (range.start, range.end)).collect();
    for range in &old.1.extension_ranges {
        let missing = ranges::missing((range.start, range.end), &left);
        if !missing.is_empty() {
            let numbers = ranges::text(&missing);
            let message = format!(
                "`{name}` leaves {numbers} to extensions no more: extensions with them do not compile"
            );
            let found =
                Found::new(&rules::EXTENSION_RANGE_REMOVED, format!("{name} extensions {numbers}"), message);
            push(sides, found, old, new, report);
        }
    }
}

fn oneofs<'g>(sides: &Sides<'g>, old: Side<'g>, new: Side<'g>, report: &mut Report<'_, 'g>) {
    let now = sides.new.oneofs_of(new.1.oneofs);
    for before in sides.old.oneofs_of(old.1.oneofs) {
        if now.iter().any(|oneof| oneof.name == before.name) {
            continue;
        }
        let message = format!(
            "oneof `{}` of `{}` is gone: code that asks which one is set fails",
            before.name, new.1.full_name
        );
        let found =
            Found::new(&rules::ONEOF_REMOVED, format!("{}.{}", new.1.full_name, before.name), message)
                .old(Here::element(sides.old_graph, sides.old, before.file, before.at))
                .new_at(Some(Here::element(sides.new_graph, sides.new, new.1.file, new.1.at)))
                .reach(sides.new_reaches.of_message(new.0));
        report.push(found);
    }
}

fn accessor<'g>(sides: &Sides<'g>, old: Side<'g>, new: Side<'g>, report: &mut Report<'_, 'g>) {
    const OPTION: &str = "no_standard_descriptor_accessor";
    if !old.1.options.flag(OPTION) && new.1.options.flag(OPTION) {
        let message = format!("code made for `{}` has no `descriptor()` any more", new.1.full_name);
        let found = Found::new(&rules::DESCRIPTOR_ACCESSOR_REMOVED, &*new.1.full_name, message);
        push(sides, found, old, new, report);
    }
}

fn field_lists<'g>(sides: &Sides<'g>, old: Side<'g>, new: Side<'g>, report: &mut Report<'_, 'g>) {
    let before = sides.old.fields_of(old.1.fields);
    let now = sides.new.fields_of(new.1.fields);
    let by_number: FxHashMap<i32, &Field> = now.iter().map(|field| (field.number, field)).collect();
    let old_numbers: FxHashMap<i32, &Field> = before.iter().map(|field| (field.number, field)).collect();
    let mut renumbered: Vec<&str> = Vec::new();
    for field in before {
        match by_number.get(&field.number) {
            Some(other) => fields::pair(sides, field, other, Some(new.0), report),
            None => {
                // A field with the name under a number that is new has moved there.
                let moved = now
                    .iter()
                    .find(|other| other.name == field.name && !old_numbers.contains_key(&other.number));
                if let Some(moved) = moved {
                    renumbered.push(&moved.name);
                }
                fields::removed(sides, field, moved, new, report);
            }
        }
    }
    for field in now.iter().filter(|field| !old_numbers.contains_key(&field.number)) {
        if !renumbered.contains(&&*field.name) {
            fields::added(sides, field, (old.1, new.0), report);
        }
    }
}
