//! Files and packages: what others import them by, and how code is made of them.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use tenon_graph::protobuf::{OptionValue, Options, ProtoFileId};
use tenon_source::At;

use super::report::{Found, Here, Report};
use super::rules;
use super::select::selects;
use super::sides::Sides;
use crate::ChangeRule;

/// Looks at files and packages.
pub(super) fn compare<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    packages(sides, report);
    options(sides, report);
    if layout_counts(sides) {
        files(sides, report);
        moves(sides, report);
    }
}

/// Whether anybody chose to be told where elements stand.
fn layout_counts(sides: &Sides<'_>) -> bool {
    let modules = &sides.new_graph.buf_modules;
    let ids =
        ["FILE_NO_DELETE", "MESSAGE_NO_DELETE", "ENUM_NO_DELETE", "SERVICE_NO_DELETE", "EXTENSION_NO_DELETE"];
    modules.iter().any(|module| ids.iter().any(|id| selects(modules, id, &module.root)))
}

fn packages<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    let mut renamed: FxHashSet<&str> = FxHashSet::default();
    let mut by_names: BTreeMap<(&str, &str), Vec<ProtoFileId>> = BTreeMap::new();
    for (id, old, new) in sides.old_files().filter(|(id, _, _)| sides.has_moved(*id)) {
        if let Some(new) = new {
            by_names.entry((old.package_name(), new.package_name())).or_default().push(id);
        }
    }
    for ((before, now), files) in by_names {
        renamed.insert(before);
        let Some(&first) = files.first() else { continue };
        let mut aliases = vec!["buf:FILE_SAME_PACKAGE"];
        if !sides.new_packages.contains(before) {
            aliases.push("buf:PACKAGE_NO_DELETE");
        }
        let more = more(files.len());
        let message = format!(
            "`{}`{more} is in package `{now}`, and was in `{before}`: every name in it is another one, in code and in RPCs",
            sides.old.file(first).name
        );
        let found = Found::new(&rules::PACKAGE_RENAMED, format!("{before} {now}"), message)
            .aliases(aliases)
            .old(package_head(sides, first))
            .new_at(sides.file_head(first))
            .help("keep the package; put the new one beside it, as the next version");
        report.push(found);
    }
    let mut gone: BTreeMap<&str, ProtoFileId> = BTreeMap::new();
    for (id, old, _) in sides.old_files() {
        let package = old.package_name();
        if !sides.new_packages.contains(package) && !renamed.contains(package) {
            gone.entry(package).or_insert(id);
        }
    }
    for (package, first) in gone {
        let message = format!("package `{package}` is gone, with all that was in it");
        let found = Found::new(&rules::PACKAGE_REMOVED, package, message)
            .old(package_head(sides, first))
            .new_at(sides.file_head(first))
            .help("keep it while anybody uses it");
        report.push(found);
    }
}

fn package_head<'g>(sides: &Sides<'g>, id: ProtoFileId) -> Here<'g> {
    let file = sides.old.file(id);
    let span = file.package_span.or(file.syntax_span).unwrap_or_default();
    Here::bytes(sides.old_graph, sides.old, id, span)
}

fn more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => " (and another file)".to_owned(),
        count => format!(" (and {} other files)", count - 1),
    }
}

/// An option of files that generated code follows.
struct FileOption {
    name: &'static str,
    rule: &'static ChangeRule,
    default: &'static str,
}

const fn option(name: &'static str, rule: &'static ChangeRule, default: &'static str) -> FileOption {
    FileOption { name, rule, default }
}

static OPTIONS: &[FileOption] = &[
    option("cc_enable_arenas", &rules::CC_ENABLE_ARENAS_CHANGED, "true"),
    option("cc_generic_services", &rules::CC_GENERIC_SERVICES_CHANGED, "false"),
    option("csharp_namespace", &rules::CSHARP_NAMESPACE_CHANGED, ""),
    option("go_package", &rules::GO_PACKAGE_CHANGED, ""),
    option("java_generic_services", &rules::JAVA_GENERIC_SERVICES_CHANGED, "false"),
    option("java_multiple_files", &rules::JAVA_MULTIPLE_FILES_CHANGED, "false"),
    option("java_outer_classname", &rules::JAVA_OUTER_CLASSNAME_CHANGED, ""),
    option("java_package", &rules::JAVA_PACKAGE_CHANGED, ""),
    option("objc_class_prefix", &rules::OBJC_CLASS_PREFIX_CHANGED, ""),
    option("optimize_for", &rules::OPTIMIZE_FOR_CHANGED, "SPEED"),
    option("php_class_prefix", &rules::PHP_CLASS_PREFIX_CHANGED, ""),
    option("php_metadata_namespace", &rules::PHP_METADATA_NAMESPACE_CHANGED, ""),
    option("php_namespace", &rules::PHP_NAMESPACE_CHANGED, ""),
    option("py_generic_services", &rules::PY_GENERIC_SERVICES_CHANGED, "false"),
    option("ruby_package", &rules::RUBY_PACKAGE_CHANGED, ""),
    option("swift_prefix", &rules::SWIFT_PREFIX_CHANGED, ""),
];

/// One change of an option for all files of a package in which it is the same.
fn options<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    for option in OPTIONS {
        let mut found: BTreeMap<(&str, &str, &str), Vec<ProtoFileId>> = BTreeMap::new();
        for (id, old, new) in sides.old_files() {
            let Some(new) = new else { continue };
            let before = value(&old.options, option);
            let now = value(&new.options, option);
            if before != now {
                found.entry((new.package_name(), before, now)).or_default().push(id);
            }
        }
        for ((package, before, now), files) in found {
            let Some(&first) = files.first() else { continue };
            let name = &sides.old.file(first).name;
            let message = format!(
                "`{}` of `{name}`{} is {}, and was {}: {}",
                option.name,
                more(files.len()),
                quoted(now),
                quoted(before),
                "code made from it must be used otherwise"
            );
            let Some(new_id) = sides.new_file(first) else { continue };
            let span = |options: &Options| options.get(option.name).map(|option| option.span);
            let new_span = span(&sides.new.file(new_id).options);
            let subject = format!("{} {package} {now}", option.name);
            let change = Found::new(option.rule, subject, message)
                .old(package_head(sides, first).within(span(&sides.old.file(first).options)))
                .new_at(sides.file_head(first).map(|here| here.within(new_span)));
            report.push(change);
        }
    }
}

/// The value of an option as a text, its default where it is not written.
fn value<'g>(options: &'g Options, option: &FileOption) -> &'g str {
    match options.get(option.name).map(|found| &found.value) {
        Some(OptionValue::Text(bytes)) => std::str::from_utf8(bytes).unwrap_or_default(),
        Some(OptionValue::Word(word)) => word,
        _ => option.default,
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "not set".to_owned() } else { format!("`{text}`") }
}

fn files<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    for (id, old, new) in sides.old_files() {
        if new.is_none() {
            let message = format!("file `{}` is gone: files that import it do not compile", old.name);
            let found = Found::new(&rules::FILE_REMOVED, &*old.name, message)
                .old(Here::bytes(sides.old_graph, sides.old, id, old.package_span.unwrap_or_default()))
                .help("leave a file with the path that imports the others publicly");
            report.push(found);
        }
    }
}

/// Elements that stand in another file than before, while the file is still there.
fn moves<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    let mut tell = |what: &str, alias, name: &str, old: (ProtoFileId, At), new: (ProtoFileId, At)| {
        let is_moved = sides.new_file(old.0).is_some_and(|file| file != new.0);
        if !is_moved {
            return;
        }
        let message = format!(
            "{what} `{name}` is in `{}`, and was in `{}`: files that import that do not find it",
            sides.new.file(new.0).name,
            sides.old.file(old.0).name
        );
        let found = Found::new(&rules::ELEMENT_MOVED, name, message)
            .aliases(vec![alias])
            .old(Here::element(sides.old_graph, sides.old, old.0, old.1))
            .new_at(Some(Here::element(sides.new_graph, sides.new, new.0, new.1)))
            .help("import the new file publicly from the old one, or move it back");
        report.push(found);
    };
    for (id, old) in sides.old_messages().filter(|(_, message)| message.parent.is_none()) {
        if let Some(new) = sides.new_message(id).map(|id| sides.new.message(id)) {
            tell("message", "buf:MESSAGE_NO_DELETE", &old.full_name, (old.file, old.at), (new.file, new.at));
        }
    }
    for (id, old) in sides.old_enums().filter(|(_, one)| one.parent.is_none()) {
        if let Some(new) = sides.new_enum(id).map(|id| sides.new.enumeration(id)) {
            tell("enum", "buf:ENUM_NO_DELETE", &old.full_name, (old.file, old.at), (new.file, new.at));
        }
    }
    for (id, old) in sides.old_services() {
        if let Some(new) = sides.new_service(id).map(|id| sides.new.service(id)) {
            tell("service", "buf:SERVICE_NO_DELETE", &old.full_name, (old.file, old.at), (new.file, new.at));
        }
    }
    for old in sides.old_extensions().filter(|field| field.scope.is_none()) {
        let name = sides.old.field_full_name(old);
        if let Some(tenon_graph::protobuf::Symbol::Extension(id)) = sides.new.find(&name) {
            let new = sides.new.field(id);
            tell("extension", "buf:EXTENSION_NO_DELETE", &name, (old.file, old.at), (new.file, new.at));
        }
    }
}
