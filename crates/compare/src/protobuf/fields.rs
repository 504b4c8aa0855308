//! Fields and extensions, paired by number.

use rustc_hash::FxHashMap;
use tenon_graph::protobuf::{
    Field, FieldType, Message, MessageId, Protobuf, Scalar, Symbol, Syntax, Utf8Validation,
};

use super::defaults::Default;
use super::features::says_features;
use super::ranges::{self, Range};
use super::report::{Found, Here, Report};
use super::rules;
use super::sides::Sides;
use super::types::{self, Count, is_required};
use crate::ChangeRule;

/// Looks at two fields with the same number; `message` is the new one they stand in.
pub(super) fn pair<'g>(
    sides: &Sides<'g>,
    old: &'g Field,
    new: &'g Field,
    message: Option<MessageId>,
    report: &mut Report<'_, 'g>,
) {
    let pair = Pair { sides, old, new, message };
    pair.names(report);
    pair.types(report);
    pair.oneofs(report);
    pair.defaults(report);
    pair.generated(report);
}

struct Pair<'s, 'g> {
    sides: &'s Sides<'g>,
    old: &'g Field,
    new: &'g Field,
    message: Option<MessageId>,
}

impl<'g> Pair<'_, 'g> {
    fn name(&self) -> String {
        self.sides.new.field_full_name(self.new)
    }

    fn found(&self, rule: &'static ChangeRule, message: String) -> Found<'g> {
        Found::new(rule, self.name(), message)
            .old(Here::element(self.sides.old_graph, self.sides.old, self.old.file, self.old.at))
            .new_at(Some(Here::element(self.sides.new_graph, self.sides.new, self.new.file, self.new.at)))
            .reach(self.message.and_then(|id| self.sides.new_reaches.of_message(id)))
    }

    fn names(&self, report: &mut Report<'_, 'g>) {
        let (old, new) = (self.old, self.new);
        let json_is_other = !old.is_extension && old.json_name() != new.json_name();
        let is_renamed = if old.is_extension {
            let before = self.sides.old.field_full_name(old);
            before != self.name() && self.sides.new_name(&before, old.file).as_ref() != Some(&self.name())
        } else {
            old.name != new.name
        };
        if is_renamed {
            let mut aliases = vec!["buf:FIELD_SAME_NAME"];
            let mut message =
                format!("field {} `{}` is now called `{}`: code must follow", new.number, old.name, new.name);
            if json_is_other {
                aliases.push("buf:FIELD_SAME_JSON_NAME");
                message.push_str(&format!(", and JSON with `{}` is not understood", old.json_name()));
            }
            let found = self.found(&rules::FIELD_RENAMED, message).aliases(aliases);
            report.push(
                found.help(
                    "keep the name; or add a field with the new name and number, and deprecate this one",
                ),
            );
        } else if json_is_other {
            let message = format!(
                "`{}` is called `{}` in JSON, and was `{}`: JSON of the one side is not understood by the other",
                self.name(),
                new.json_name(),
                old.json_name()
            );
            report.push(self.found(&rules::JSON_NAME_CHANGED, message));
        }
    }

    fn types(&self, report: &mut Report<'_, 'g>) {
        let (old, new) = (self.old, self.new);
        let counts = (Count::of(self.sides.old, old), Count::of(self.sides.new, new));
        let mut of_type = types::aliases(self.sides, old, new);
        let mut of_count = counts.0.aliases(counts.1);
        if is_required(old) != is_required(new) && !old.is_extension {
            of_count.push("buf:MESSAGE_SAME_REQUIRED_FIELDS");
        }
        // A map is another type and another count at once.
        let is_map = counts.0 == Count::Map || counts.1 == Count::Map;
        if is_map && !of_type.is_empty() {
            of_type.append(&mut of_count);
        }
        if !of_type.is_empty() {
            let before = types::text(self.sides.old, old);
            let now = types::text(self.sides.new, new);
            let (before, now) =
                if before == now { (format!("{before}, read otherwise"), now) } else { (before, now) };
            let effect = if of_type.contains(&"buf:FIELD_WIRE_COMPATIBLE_TYPE") {
                "bytes of the one are garbage to the other"
            } else if of_type.contains(&"buf:FIELD_WIRE_JSON_COMPATIBLE_TYPE") {
                "the bytes can still be read, JSON and code cannot"
            } else {
                "bytes can still be read, but code must follow"
            };
            let message = format!("`{}` is of type {now}, and was of {before}: {effect}", self.name());
            let found = self.found(&rules::FIELD_TYPE_CHANGED, message).aliases(of_type);
            report.push(found.help("add a field with a new number for the new type, and deprecate this one"));
        }
        if !of_count.is_empty() && !self.is_of_file(counts) {
            let message =
                format!("`{}` holds {}, and held {}", self.name(), counts.1.text(), counts.0.text());
            report.push(self.found(&rules::FIELD_CARDINALITY_CHANGED, message).aliases(of_count));
        }
    }

    /// Whether only what holds for the whole file makes the field tell, or not, if it was set.
    fn is_of_file(&self, counts: (Count, Count)) -> bool {
        let is_presence = |count| matches!(count, Count::Explicit | Count::Implicit);
        is_presence(counts.0)
            && is_presence(counts.1)
            && self.old.is_optional_written == self.new.is_optional_written
            && self.old.oneof.is_some() == self.new.oneof.is_some()
            && same_kind(self.old.ty, self.new.ty)
            && !says_features(&self.old.options)
            && !says_features(&self.new.options)
    }

    fn oneofs(&self, report: &mut Report<'_, 'g>) {
        let before = self.old.oneof.map(|id| &self.sides.old.oneof(id).name);
        let now = self.new.oneof.map(|id| &self.sides.new.oneof(id).name);
        if before == now || self.old.is_extension {
            return;
        }
        let what = match (before, now) {
            (Some(before), Some(now)) => format!("in oneof `{now}`, and was in `{before}`"),
            (None, Some(now)) => format!("in oneof `{now}`, and was in none"),
            (Some(before), None) => format!("in no oneof, and was in `{before}`"),
            (None, None) => return,
        };
        let message = format!(
            "`{}` is {what}: setting one field clears others that it did not clear before",
            self.name()
        );
        report.push(self.found(&rules::FIELD_ONEOF_CHANGED, message));
    }

    fn defaults(&self, report: &mut Report<'_, 'g>) {
        let before = Default::of(self.sides.old, self.old);
        let now = Default::of(self.sides.new, self.new);
        let (Some(before), Some(now)) = (before, now) else { return };
        if !before.means(&now) {
            let message = format!(
                "`{}` means {} when it is not sent, and meant {}",
                self.name(),
                now.text(),
                before.text()
            );
            report.push(self.found(&rules::FIELD_DEFAULT_CHANGED, message));
        }
    }

    /// What only generated code of some languages sees.
    fn generated(&self, report: &mut Report<'_, 'g>) {
        let (old, new) = (self.old, self.new);
        let jstype = |field: &Field| field.options.word("jstype").unwrap_or("JS_NORMAL").to_owned();
        if is_wide(old.ty) && is_wide(new.ty) && jstype(old) != jstype(new) {
            let message =
                format!("`{}` is `{}` in JavaScript, and was `{}`", self.name(), jstype(new), jstype(old));
            report.push(self.found(&rules::JSTYPE_CHANGED, message));
        }
        let is_text = |ty| matches!(ty, FieldType::Scalar(Scalar::String | Scalar::Bytes));
        if is_text(old.ty) && is_text(new.ty) {
            let before = cpp_string(self.sides.old, old);
            let now = cpp_string(self.sides.new, new);
            if before != now
                && !(before == "STRING_PIECE" && now == "STRING")
                && !self.is_by_file(&before, &now)
            {
                let message = format!("`{}` is `{now}` in C++, and was `{before}`", self.name());
                report.push(self.found(&rules::CPP_STRING_TYPE_CHANGED, message));
            }
        }
        let is_string = |ty| ty == FieldType::Scalar(Scalar::String);
        let says = says_features(&old.options) || says_features(&new.options);
        if is_string(old.ty) && is_string(new.ty) && says {
            if old.features.utf8_validation != new.features.utf8_validation {
                let message = format!(
                    "whether `{}` is UTF-8 is `{}`, and was `{}`",
                    self.name(),
                    new.features.utf8_validation.as_str(),
                    old.features.utf8_validation.as_str()
                );
                report.push(self.found(&rules::UTF8_VALIDATION_CHANGED, message));
            }
            let before = java_utf8(self.sides.old, old);
            let now = java_utf8(self.sides.new, new);
            if before != now {
                let message = format!(
                    "whether `{}` is UTF-8 is `{}` in Java, and was `{}`",
                    self.name(),
                    now.as_str(),
                    before.as_str()
                );
                report.push(self.found(&rules::JAVA_UTF8_VALIDATION_CHANGED, message));
            }
        }
    }

    /// Whether the C++ type follows from what holds for the whole file.
    fn is_by_file(&self, before: &str, now: &str) -> bool {
        let says = |field: &Field| field.options.get("ctype").is_some() || says_features(&field.options);
        before != now && !says(self.old) && !says(self.new)
    }
}

fn same_kind(old: FieldType, new: FieldType) -> bool {
    matches!(
        (old, new),
        (FieldType::Message(_), FieldType::Message(_))
            | (FieldType::Scalar(_) | FieldType::Enum(_), FieldType::Scalar(_) | FieldType::Enum(_))
    )
}

fn is_wide(ty: FieldType) -> bool {
    matches!(
        ty,
        FieldType::Scalar(
            Scalar::Int64 | Scalar::Sint64 | Scalar::Uint64 | Scalar::Fixed64 | Scalar::Sfixed64
        )
    )
}

/// What a string or bytes field is in C++.
pub(super) fn cpp_string(protobuf: &Protobuf, field: &Field) -> String {
    let file = protobuf.file(field.file);
    if file.syntax != Syntax::Edition2024
        && let Some(word) = field.options.word("ctype")
    {
        return word.to_owned();
    }
    let feature = inherited(protobuf, field, "features.(pb.cpp).string_type");
    let by_edition = if file.syntax == Syntax::Edition2024 { "VIEW" } else { "STRING" };
    feature.unwrap_or(by_edition).to_owned()
}

/// Whether Java checks that a string field is UTF-8.
pub(super) fn java_utf8(protobuf: &Protobuf, field: &Field) -> Utf8Validation {
    let file = protobuf.file(field.file);
    let option = file.options.get("java_string_check_utf8").and_then(|option| option.value.as_bool());
    let verifies = if !file.syntax.is_edition() || option.is_some() {
        option == Some(true)
    } else {
        inherited(protobuf, field, "features.(pb.java).utf8_validation") == Some("VERIFY")
    };
    if verifies { Utf8Validation::Verify } else { field.features.utf8_validation }
}

/// A feature that only some generator knows: the field's own, or that of what is around it.
fn inherited<'g>(protobuf: &'g Protobuf, field: &'g Field, name: &str) -> Option<&'g str> {
    let mut found = field.options.get(name);
    let mut scope = field.scope;
    while let (None, Some(id)) = (found, scope) {
        let message = protobuf.message(id);
        found = message.options.get(name);
        scope = message.parent;
    }
    found.or_else(|| protobuf.file(field.file).options.get(name)).and_then(|option| option.value.as_word())
}

/// A field whose number is used no more; `moved` has its name and a new number.
pub(super) fn removed<'g>(
    sides: &Sides<'g>,
    field: &'g Field,
    moved: Option<&'g Field>,
    (new_id, message): (MessageId, &'g Message),
    report: &mut Report<'_, 'g>,
) {
    let reserved: Vec<Range> = message.reserved.iter().map(|range| (range.start, range.end)).collect();
    let number_is_kept = ranges::has(&reserved, field.number);
    let name_is_kept = message.reserved_names.iter().any(|name| name.text == field.name);
    let mut aliases = vec!["buf:FIELD_NO_DELETE"];
    if !number_is_kept {
        aliases.push("buf:FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED");
    }
    if !name_is_kept {
        aliases.push("buf:FIELD_NO_DELETE_UNLESS_NAME_RESERVED");
    }
    if is_required(field) {
        aliases.push("buf:MESSAGE_SAME_REQUIRED_FIELDS");
    }
    let full_name = format!("{}.{}", message.full_name, field.name);
    let around = moved.map_or_else(
        || Here::element(sides.new_graph, sides.new, message.file, message.at),
        |moved| Here::element(sides.new_graph, sides.new, moved.file, moved.at),
    );
    let (rule, text, help) = if let Some(moved) = moved {
        let text = format!(
            "`{full_name}` has number {}, and had {}: what the one side writes, the other does not find",
            moved.number, field.number
        );
        (&rules::FIELD_NUMBER_CHANGED, text, "keep the number; a field is known by it".to_owned())
    } else if number_is_kept && name_is_kept {
        let text = format!("`{full_name}` (number {}) is gone: what is sent in it is lost", field.number);
        (&rules::FIELD_REMOVED, text, "mark it `deprecated` and keep it while anybody uses it".to_owned())
    } else {
        let text = format!(
            "`{full_name}` is gone, and {} may be used again: a later field may read what was written for it",
            match (number_is_kept, name_is_kept) {
                (false, false) => format!("its number {} and its name", field.number),
                (false, true) => format!("its number {}", field.number),
                _ => "its name".to_owned(),
            }
        );
        let help =
            format!("write `reserved {};` and `reserved \"{}\";` in the message", field.number, field.name);
        (&rules::FIELD_REMOVED_UNRESERVED, text, help)
    };
    let mut found = Found::new(rule, full_name, text)
        .aliases(aliases)
        .old(Here::element(sides.old_graph, sides.old, field.file, field.at))
        .new_at(Some(around))
        .reach(sides.new_reaches.of_message(new_id))
        .help(help);
    // S1-69: a number that may be used again is wrong in any version and tier.
    found.always = !(number_is_kept && name_is_kept);
    report.push(found);
}

/// A field whose number was not in use.
pub(super) fn added<'g>(
    sides: &Sides<'g>,
    field: &'g Field,
    (old, id): (&'g Message, MessageId),
    report: &mut Report<'_, 'g>,
) {
    let name = sides.new.field_full_name(field);
    let (rule, message) = if is_required(field) {
        let message =
            format!("`{name}` is new and required: messages of those who do not know it are refused");
        (&rules::REQUIRED_FIELD_ADDED, message)
    } else {
        (&rules::FIELD_ADDED, format!("`{name}` (number {}) is new", field.number))
    };
    let found = Found::new(rule, name, message)
        .old(Here::element(sides.old_graph, sides.old, old.file, old.at))
        .new_at(Some(Here::element(sides.new_graph, sides.new, field.file, field.at)))
        .reach(sides.new_reaches.of_message(id));
    report.push(found);
}

/// Looks at every extension: by message and number, and whether it is still there by name.
pub(super) fn compare_extensions<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    let key = |field: &Field| Some((field.extendee?, field.number));
    let now: FxHashMap<(MessageId, i32), &Field> =
        sides.new_extensions().filter_map(|field| Some((key(field)?, field))).collect();
    let mut paired: Vec<(MessageId, i32)> = Vec::new();
    for field in sides.old_extensions() {
        let extendee = field.extendee.and_then(|id| extended(sides, id));
        let other = extendee.and_then(|id| Some((id, *now.get(&(id, field.number))?)));
        if let Some((id, other)) = other {
            paired.push((id, field.number));
            pair(sides, field, other, Some(id), report);
            continue;
        }
        let name = sides.old.field_full_name(field);
        let is_there = |name: &str| matches!(sides.new.find(name), Some(Symbol::Extension(_)));
        let moved = sides.new_name(&name, field.file);
        let package = sides.old.file(field.file).package_name();
        if is_there(&name)
            || moved.is_some_and(|name| is_there(&name))
            || !sides.new_packages.contains(package)
        {
            continue;
        }
        let message = format!("extension `{name}` is gone: what is sent in it is lost");
        let found = Found::new(&rules::EXTENSION_REMOVED, name, message)
            .old(Here::element(sides.old_graph, sides.old, field.file, field.at))
            .new_at(sides.file_head(field.file));
        report.push(found);
    }
    paired.sort_unstable();
    for field in sides.new_extensions() {
        if key(field).is_some_and(|key| paired.binary_search(&key).is_err()) {
            let name = sides.new.field_full_name(field);
            let message = format!("extension `{name}` (number {}) is new", field.number);
            let here = Here::element(sides.new_graph, sides.new, field.file, field.at);
            report.push(Found::new(&rules::EXTENSION_ADDED, name, message).new_at(Some(here)));
        }
    }
}

/// The new message in place of one that is extended; of well-known ones too.
fn extended(sides: &Sides<'_>, old: MessageId) -> Option<MessageId> {
    sides.new_message(old)
}
