//! What holds for whole files: a dialect or feature that changed there is said once, and not at
//! each element it changes.

use std::collections::BTreeMap;

use tenon_graph::protobuf::{FieldType, JsonFormat, OptionValue, Options, ProtoFileId, Scalar};

use super::fields::{cpp_string, java_utf8};
use super::report::{Found, Here, Report};
use super::rules;
use super::sides::Sides;
use super::types::Count;

/// Whether anything is said about features.
pub(super) fn says_features(options: &Options) -> bool {
    options.iter().any(|option| {
        let is_features =
            |part: &tenon_graph::protobuf::OptionPart| !part.is_extension && &*part.text == "features";
        option.parts.first().is_some_and(is_features) && !matches!(option.value, OptionValue::List(_))
    })
}

/// What changed for the elements of one file, by the check of `buf` that finds it, with how many.
type Effects = BTreeMap<&'static str, usize>;

/// Looks at what elements that say nothing of their own get from their file.
pub(super) fn compare<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    let mut effects: BTreeMap<ProtoFileId, Effects> = BTreeMap::new();
    messages(sides, &mut effects);
    enums(sides, &mut effects);
    for (id, old, new) in sides.old_files() {
        let Some(new) = new else { continue };
        let found = effects.remove(&id).unwrap_or_default();
        let syntax_changed = old.syntax != new.syntax;
        if !syntax_changed && found.is_empty() {
            continue;
        }
        let mut aliases: Vec<&'static str> = found.keys().copied().collect();
        let count: usize = found.values().sum();
        let name = &new.name;
        let (rule, mut message, span) = if syntax_changed {
            aliases.insert(0, "buf:FILE_SAME_SYNTAX");
            let message =
                format!("`{name}` is written in {}, and was in {}", new.syntax.as_str(), old.syntax.as_str());
            (&rules::SYNTAX_CHANGED, message, (old.syntax_span, new.syntax_span))
        } else {
            let message = format!("features of the whole file `{name}` have changed");
            let span = |options: &Options| {
                options.iter().find(|option| option.name().starts_with("features")).map(|option| option.span)
            };
            (&rules::FILE_FEATURE_CHANGED, message, (span(&old.options), span(&new.options)))
        };
        if count > 0 {
            message.push_str(&format!(": that changes {count} of its elements ({})", words(&found)));
        }
        let Some(new_id) = sides.new_file(id) else { continue };
        let head = |span: Option<tenon_source::Span>| span.unwrap_or_default();
        let found = Found::new(rule, &**name, message)
            .aliases(aliases)
            .old(Here::bytes(sides.old_graph, sides.old, id, head(span.0)))
            .new_at(Some(Here::bytes(sides.new_graph, sides.new, new_id, head(span.1))));
        report.push(found);
    }
}

fn words(effects: &Effects) -> String {
    let word = |alias: &str| match alias {
        "buf:ENUM_SAME_TYPE" => "whether enums are open",
        "buf:ENUM_SAME_JSON_FORMAT" | "buf:MESSAGE_SAME_JSON_FORMAT" => "whether the JSON form is promised",
        "buf:FIELD_SAME_CARDINALITY" => "whether a field tells that it was set",
        "buf:FIELD_SAME_CPP_STRING_TYPE" => "strings in C++",
        "buf:FIELD_SAME_JAVA_UTF8_VALIDATION" | "buf:FIELD_SAME_UTF8_VALIDATION" => {
            "whether strings are UTF-8"
        }
        _ => "other features",
    };
    let mut words: Vec<&str> = effects.keys().map(|alias| word(alias)).collect();
    words.dedup();
    words.join(", ")
}

fn messages(sides: &Sides<'_>, effects: &mut BTreeMap<ProtoFileId, Effects>) {
    for (id, old) in sides.old_messages() {
        let Some(new) = sides.new_message(id).map(|id| sides.new.message(id)) else { continue };
        // Elements of a file that is unchanged in what it says have the features they had.
        let (before, now) = (sides.old.file(old.file), sides.new.file(new.file));
        if before.syntax == now.syntax && before.features == now.features && same_options(before, now) {
            continue;
        }
        let of_file = effects.entry(old.file).or_default();
        let mut count = |alias: &'static str| *of_file.entry(alias).or_default() += 1;
        if !says_features(&old.options)
            && !says_features(&new.options)
            && old.features.json_format == JsonFormat::Allow
            && new.features.json_format != JsonFormat::Allow
        {
            count("buf:MESSAGE_SAME_JSON_FORMAT");
        }
        let fields = sides.new.fields_of(new.fields);
        for field in sides.old.fields_of(old.fields) {
            let Some(other) = fields.iter().find(|other| other.number == field.number) else { continue };
            if says_features(&field.options) || says_features(&other.options) {
                continue;
            }
            let counts = (Count::of(sides.old, field), Count::of(sides.new, other));
            let is_presence = |count| matches!(count, Count::Explicit | Count::Implicit);
            if counts.0 != counts.1
                && is_presence(counts.0)
                && is_presence(counts.1)
                && field.is_optional_written == other.is_optional_written
                && field.oneof.is_some() == other.oneof.is_some()
            {
                count("buf:FIELD_SAME_CARDINALITY");
            }
            let string = FieldType::Scalar(Scalar::String);
            if field.ty == string && other.ty == string {
                if field.features.utf8_validation != other.features.utf8_validation {
                    count("buf:FIELD_SAME_UTF8_VALIDATION");
                }
                if java_utf8(sides.old, field) != java_utf8(sides.new, other) {
                    count("buf:FIELD_SAME_JAVA_UTF8_VALIDATION");
                }
            }
            let is_text = |ty| matches!(ty, FieldType::Scalar(Scalar::String | Scalar::Bytes));
            let has_ctype = field.options.get("ctype").is_some() || other.options.get("ctype").is_some();
            if is_text(field.ty)
                && is_text(other.ty)
                && !has_ctype
                && cpp_string(sides.old, field) != cpp_string(sides.new, other)
            {
                count("buf:FIELD_SAME_CPP_STRING_TYPE");
            }
        }
        effects.retain(|_, found| !found.is_empty());
    }
}

fn same_options(old: &tenon_graph::protobuf::ProtoFile, new: &tenon_graph::protobuf::ProtoFile) -> bool {
    let features = |options: &Options| {
        let of_features = options.iter().filter(|option| {
            let name = option.name();
            name.starts_with("features") || name == "java_string_check_utf8"
        });
        of_features.map(|option| (option.name(), option.value.clone())).collect::<Vec<_>>()
    };
    features(&old.options) == features(&new.options)
}

fn enums(sides: &Sides<'_>, effects: &mut BTreeMap<ProtoFileId, Effects>) {
    for (id, old) in sides.old_enums() {
        let Some(new) = sides.new_enum(id).map(|id| sides.new.enumeration(id)) else { continue };
        if says_features(&old.options) || says_features(&new.options) {
            continue;
        }
        let type_changed = old.features.enum_type != new.features.enum_type;
        let json_changed =
            old.features.json_format == JsonFormat::Allow && new.features.json_format != JsonFormat::Allow;
        if type_changed {
            *effects.entry(old.file).or_default().entry("buf:ENUM_SAME_TYPE").or_default() += 1;
        }
        if json_changed {
            *effects.entry(old.file).or_default().entry("buf:ENUM_SAME_JSON_FORMAT").or_default() += 1;
        }
    }
}
