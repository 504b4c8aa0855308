//! Options: whether two values mean the same, wherever they are written.

use tenon_graph::protobuf::{MessageEntry, OptionValue, Options, ProtoOption};

/// Options that have rules of their own.
const KNOWN: &[&str] = &[
    "allow_alias",
    "cc_enable_arenas",
    "cc_generic_services",
    "csharp_namespace",
    "ctype",
    "default",
    "deprecated",
    "go_package",
    "idempotency_level",
    "java_generic_services",
    "java_multiple_files",
    "java_outer_classname",
    "java_package",
    "java_string_check_utf8",
    "json_name",
    "jstype",
    "no_standard_descriptor_accessor",
    "objc_class_prefix",
    "optimize_for",
    "php_class_prefix",
    "php_metadata_namespace",
    "php_namespace",
    "py_generic_services",
    "ruby_package",
    "swift_prefix",
];

/// Names of options that changed, and that no other rule looks at, sorted.
pub(super) fn changed(old: &Options, new: &Options) -> Vec<String> {
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    let mut names: Vec<String> =
        old.iter().chain(new.iter()).filter(|option| counts(option)).map(ProtoOption::name).collect();
    names.sort();
    names.dedup();
    names.retain(|name| {
        let values = |options: &Options| {
            options
                .iter()
                .filter(|option| option.is(name))
                .map(|option| option.value.clone())
                .collect::<Vec<_>>()
        };
        let (before, now) = (values(old), values(new));
        before.len() != now.len() || !before.iter().zip(&now).all(|(before, now)| is_same(before, now))
    });
    names
}

fn counts(option: &ProtoOption) -> bool {
    let Some(first) = option.parts.first() else { return false };
    first.is_extension || (!KNOWN.contains(&&*first.text) && &*first.text != "features")
}

/// Whether two values are the same but for where they are written.
fn is_same(old: &OptionValue, new: &OptionValue) -> bool {
    match (old, new) {
        (OptionValue::Message(old), OptionValue::Message(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same_entry(old, new))
        }
        (OptionValue::List(old), OptionValue::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|((_, old), (_, new))| is_same(old, new))
        }
        _ => old == new,
    }
}

fn is_same_entry(old: &MessageEntry, new: &MessageEntry) -> bool {
    old.name == new.name && old.is_bracketed == new.is_bracketed && is_same(&old.value, &new.value)
}
