//! What is gone and what is new with the same shape, in one file: likely one thing under another
//! name. It breaks all the same, but whoever reads of it looks for the other name.

use rustc_hash::FxHashMap;
use tenon_graph::protobuf::{Enum, EnumId, Field, FieldType, Message, MessageId, MessageKind, ProtoFileId};

use super::sides::Sides;
use super::types;

/// Where an element stands in the new version, and its numbers with their names.
#[derive(PartialEq, Eq, Hash)]
struct Shape<'g> {
    file: ProtoFileId,
    parent: Option<MessageId>,
    numbers: Vec<(i32, &'g str)>,
}

/// What is gone and what is new, of one shape.
struct Alike<I> {
    gone: Vec<I>,
    come: Vec<I>,
}

impl<I> Default for Alike<I> {
    fn default() -> Self {
        Self { gone: Vec::new(), come: Vec::new() }
    }
}

/// The new messages that messages which are gone look like. Where several do, none is told.
pub(super) fn messages<'g>(sides: &Sides<'g>) -> FxHashMap<MessageId, &'g str> {
    let mut alike: FxHashMap<Shape<'g>, Alike<MessageId>> = FxHashMap::default();
    for (id, old) in sides.old_messages().filter(|(id, _)| sides.new_message(*id).is_none()) {
        let Some((file, parent)) = place(sides, old.file, old.parent) else { continue };
        if let Some(numbers) = fields(sides.old.fields_of(old.fields), old) {
            alike.entry(Shape { file, parent, numbers }).or_default().gone.push(id);
        }
    }
    if alike.is_empty() {
        return FxHashMap::default();
    }
    for (id, new) in sides.new_messages().filter(|(id, _)| sides.old_message(*id).is_none()) {
        if let Some(numbers) = fields(sides.new.fields_of(new.fields), new) {
            let shape = Shape { file: new.file, parent: new.parent, numbers };
            if let Some(alike) = alike.get_mut(&shape) {
                alike.come.push(id);
            }
        }
    }
    only_pairs(alike)
        .filter(|&(gone, come)| same_types(sides, sides.old.message(gone), sides.new.message(come)))
        .map(|(gone, come)| (gone, &*sides.new.message(come).full_name))
        .collect()
}

/// The new enums that enums which are gone look like. Values are compared without the name of their
/// enum in front.
pub(super) fn enums<'g>(sides: &Sides<'g>) -> FxHashMap<EnumId, &'g str> {
    let mut alike: FxHashMap<Shape<'g>, Alike<EnumId>> = FxHashMap::default();
    for (id, old) in sides.old_enums().filter(|(id, _)| sides.new_enum(*id).is_none()) {
        let Some((file, parent)) = place(sides, old.file, old.parent) else { continue };
        let values = sides.old.values_of(old.values).iter().map(|value| (value.number, &*value.name));
        if let Some(numbers) = value_names(old, values) {
            alike.entry(Shape { file, parent, numbers }).or_default().gone.push(id);
        }
    }
    if alike.is_empty() {
        return FxHashMap::default();
    }
    for (id, new) in sides.new_enums().filter(|(id, _)| sides.old_enum(*id).is_none()) {
        let values = sides.new.values_of(new.values).iter().map(|value| (value.number, &*value.name));
        if let Some(numbers) = value_names(new, values) {
            let shape = Shape { file: new.file, parent: new.parent, numbers };
            if let Some(alike) = alike.get_mut(&shape) {
                alike.come.push(id);
            }
        }
    }
    only_pairs(alike).map(|(gone, come)| (gone, &*sides.new.enumeration(come).full_name)).collect()
}

/// Where an old element would stand now; `None` if what was around it is gone.
fn place(
    sides: &Sides<'_>,
    file: ProtoFileId,
    parent: Option<MessageId>,
) -> Option<(ProtoFileId, Option<MessageId>)> {
    let parent = match parent {
        Some(parent) => Some(sides.new_message(parent)?),
        None => None,
    };
    Some((sides.new_file(file)?, parent))
}

fn only_pairs<'g, I: Copy>(alike: FxHashMap<Shape<'g>, Alike<I>>) -> impl Iterator<Item = (I, I)> {
    alike.into_values().filter_map(|alike| match (alike.gone.as_slice(), alike.come.as_slice()) {
        ([gone], [come]) => Some((*gone, *come)),
        _ => None,
    })
}

/// The fields by number; `None` where there are none that could be recognised.
fn fields<'g>(fields: &'g [Field], message: &Message) -> Option<Vec<(i32, &'g str)>> {
    if message.kind == MessageKind::Group || fields.is_empty() {
        return None;
    }
    let mut numbers: Vec<(i32, &str)> = fields.iter().map(|field| (field.number, &*field.name)).collect();
    numbers.sort_unstable();
    Some(numbers)
}

/// The values by number, without the enum's name in front; `None` where one alone would be compared,
/// which in most enums stands for "not said".
fn value_names<'g>(one: &Enum, values: impl Iterator<Item = (i32, &'g str)>) -> Option<Vec<(i32, &'g str)>> {
    let name = one.full_name.rsplit('.').next().unwrap_or_default();
    let mut prefix = String::new();
    let mut lower = false;
    for letter in name.chars() {
        if lower && letter.is_ascii_uppercase() {
            prefix.push('_');
        }
        lower = !letter.is_ascii_uppercase();
        prefix.push(letter.to_ascii_uppercase());
    }
    prefix.push('_');
    let mut numbers: Vec<(i32, &str)> =
        values.map(|(number, name)| (number, name.strip_prefix(prefix.as_str()).unwrap_or(name))).collect();
    numbers.sort_unstable();
    (numbers.len() > 1).then_some(numbers)
}

fn same_types(sides: &Sides<'_>, old: &Message, new: &Message) -> bool {
    let now: FxHashMap<i32, &Field> =
        sides.new.fields_of(new.fields).iter().map(|field| (field.number, field)).collect();
    let same = |field: &Field| {
        now.get(&field.number).is_some_and(|other| same_type(sides, (field, old), (other, new)))
    };
    sides.old.fields_of(old.fields).iter().all(same)
}

/// A field with the message it is of.
type Of<'f> = (&'f Field, &'f Message);

fn same_type(sides: &Sides<'_>, (field, old): Of<'_>, (other, new): Of<'_>) -> bool {
    if field.cardinality != other.cardinality {
        return false;
    }
    match (sides.old.map_entry(field), sides.new.map_entry(other)) {
        (Some(was), Some(is)) => {
            same_type(sides, (was.0, old), (is.0, new)) && same_type(sides, (was.1, old), (is.1, new))
        }
        (None, None) => {
            sides.is_same_type(field.ty, other.ty) && field.ty != FieldType::Unknown || {
                // The message itself, or what is nested in it.
                let (was, is) = (types::text(sides.old, field), types::text(sides.new, other));
                let within = was.strip_prefix(&*old.full_name).zip(is.strip_prefix(&*new.full_name));
                within.is_some_and(|(was, is)| was == is && (was.is_empty() || was.starts_with('.')))
            }
        }
        _ => false,
    }
}
