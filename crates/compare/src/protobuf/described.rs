//! What is said about elements that are still there: comments, deprecation, other options.

use tenon_graph::protobuf::{Options, ProtoFileId, comments_of};
use tenon_source::At;

use super::options;
use super::report::{Found, Here, Report};
use super::rules;
use super::sides::Sides;

/// One element of a version.
#[derive(Clone, Copy)]
struct Element<'g> {
    file: ProtoFileId,
    at: At,
    options: &'g Options,
    /// Where its head ends; `None` where that is its end.
    head_end: Option<u32>,
}

/// Looks at every element of files that are not the same to the last byte.
pub(super) fn compare<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    let same: Vec<bool> =
        sides.old_files().fold(vec![false; sides.old.files.len()], |mut same, (id, file, now)| {
            let text = |graph: &tenon_graph::Graph, file: &tenon_graph::protobuf::ProtoFile| {
                graph.sources.get(file.source).map(|source| source.text().to_owned())
            };
            if let (Some(slot), Some(now)) = (same.get_mut(id.0 as usize), now) {
                *slot = text(sides.old_graph, file) == text(sides.new_graph, now);
            }
            same
        });
    let differs = |file: ProtoFileId| same.get(file.0 as usize) != Some(&true);
    messages(sides, &differs, report);
    enums(sides, &differs, report);
    services(sides, &differs, report);
}

fn messages<'g>(sides: &Sides<'g>, differs: &dyn Fn(ProtoFileId) -> bool, report: &mut Report<'_, 'g>) {
    for (id, old) in sides.old_messages().filter(|(_, message)| differs(message.file)) {
        let Some(new) = sides.new_message(id).map(|id| sides.new.message(id)) else { continue };
        let name = new.full_name.to_string();
        let before =
            Element { file: old.file, at: old.at, options: &old.options, head_end: Some(old.head_end) };
        let now = Element { file: new.file, at: new.at, options: &new.options, head_end: Some(new.head_end) };
        pair(sides, &format!("message `{name}`"), &name, before, now, report);
        let fields = sides.new.fields_of(new.fields);
        for field in sides.old.fields_of(old.fields) {
            let Some(other) = fields.iter().find(|other| other.number == field.number) else { continue };
            let name = format!("{name}.{}", other.name);
            let before = Element { file: field.file, at: field.at, options: &field.options, head_end: None };
            let now = Element { file: other.file, at: other.at, options: &other.options, head_end: None };
            pair(sides, &format!("field `{name}`"), &name, before, now, report);
        }
    }
}

fn enums<'g>(sides: &Sides<'g>, differs: &dyn Fn(ProtoFileId) -> bool, report: &mut Report<'_, 'g>) {
    for (id, old) in sides.old_enums().filter(|(_, one)| differs(one.file)) {
        let Some(new) = sides.new_enum(id).map(|id| sides.new.enumeration(id)) else { continue };
        let name = new.full_name.to_string();
        let before =
            Element { file: old.file, at: old.at, options: &old.options, head_end: Some(old.head_end) };
        let now = Element { file: new.file, at: new.at, options: &new.options, head_end: Some(new.head_end) };
        pair(sides, &format!("enum `{name}`"), &name, before, now, report);
        let values = sides.new.values_of(new.values);
        for value in sides.old.values_of(old.values) {
            let same = |other: &&tenon_graph::protobuf::EnumValue| {
                other.number == value.number && other.name == value.name
            };
            let Some(other) = values.iter().find(same) else { continue };
            let name = format!("{name}.{}", other.name);
            let before = Element { file: old.file, at: value.at, options: &value.options, head_end: None };
            let now = Element { file: new.file, at: other.at, options: &other.options, head_end: None };
            pair(sides, &format!("value `{name}`"), &name, before, now, report);
        }
    }
}

fn services<'g>(sides: &Sides<'g>, differs: &dyn Fn(ProtoFileId) -> bool, report: &mut Report<'_, 'g>) {
    for (id, old) in sides.old_services().filter(|(_, service)| differs(service.file)) {
        let Some(new) = sides.new_service(id).map(|id| sides.new.service(id)) else { continue };
        let name = new.full_name.to_string();
        let before =
            Element { file: old.file, at: old.at, options: &old.options, head_end: Some(old.head_end) };
        let now = Element { file: new.file, at: new.at, options: &new.options, head_end: Some(new.head_end) };
        pair(sides, &format!("service `{name}`"), &name, before, now, report);
        let rpcs = sides.new.rpcs_of(new.rpcs);
        for rpc in sides.old.rpcs_of(old.rpcs) {
            let Some(other) = rpcs.iter().find(|other| other.name == rpc.name) else { continue };
            let name = format!("{name}/{}", other.name);
            let before =
                Element { file: rpc.file, at: rpc.at, options: &rpc.options, head_end: Some(rpc.head_end) };
            let now = Element {
                file: other.file,
                at: other.at,
                options: &other.options,
                head_end: Some(other.head_end),
            };
            pair(sides, &format!("RPC `{name}`"), &name, before, now, report);
        }
    }
}

fn pair<'g>(
    sides: &Sides<'g>,
    what: &str,
    name: &str,
    old: Element<'_>,
    new: Element<'_>,
    report: &mut Report<'_, 'g>,
) {
    let places =
        |found: Found<'g>| {
            found
                .old(Here::element(sides.old_graph, sides.old, old.file, old.at))
                .new_at(Some(Here::element(sides.new_graph, sides.new, new.file, new.at)))
        };
    match (old.options.flag("deprecated"), new.options.flag("deprecated")) {
        (false, true) => {
            let message = format!("{what} is deprecated: who uses it should stop");
            report.push(places(Found::new(&rules::DEPRECATION_CHANGED, name, message)));
        }
        (true, false) => {
            let message = format!("{what} is no longer deprecated");
            report.push(places(Found::new(&rules::DEPRECATION_CHANGED, name, message)));
        }
        _ => {}
    }
    for option in options::changed(old.options, new.options) {
        let message = format!("option `{option}` of {what} has changed");
        report.push(places(Found::new(&rules::OPTION_CHANGED, format!("{name} {option}"), message)));
    }
    if text(sides.old_graph, old) != text(sides.new_graph, new) {
        let message = format!("the comment on {what} has changed");
        report.push(places(Found::new(&rules::COMMENT_CHANGED, name, message)));
    }
}

/// What comments say of an element, words only: blanks and line breaks do not count.
fn text(graph: &tenon_graph::Graph, element: Element<'_>) -> String {
    let Some(file) = graph.sources.get(element.at.file) else { return String::new() };
    let span = graph.node(element.at).span();
    let comments = comments_of(file, span.start, element.head_end.unwrap_or(span.end));
    let text = format!("{} {}", comments.leading_text(file), comments.trailing_text(file));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
