//! Enums and their values.

use tenon_graph::protobuf::{Enum, EnumId, EnumType, EnumValue, JsonFormat};

use super::features::says_features;
use super::ranges::{self, Range};
use super::report::{Found, Here, Report};
use super::sides::Sides;
use super::{renames, rules, types};
use crate::ChangeRule;

/// Looks at every enum.
pub(super) fn compare<'g>(sides: &Sides<'g>, report: &mut Report<'_, 'g>) {
    let renames = renames::enums(sides);
    for (id, old) in sides.old_enums() {
        match sides.new_enum(id) {
            Some(new) => Pair { sides, old, new: sides.new.enumeration(new), id: new }.compare(report),
            None => removed(sides, id, old, renames.get(&id).copied(), report),
        }
    }
    for (id, new) in sides.new_enums() {
        let parent_is_new = new.parent.is_some_and(|parent| sides.old_message(parent).is_none());
        if sides.old_enum(id).is_none() && !parent_is_new {
            let message = format!("enum `{}` is new", new.full_name);
            let here = Here::element(sides.new_graph, sides.new, new.file, new.at);
            let found = Found::new(&rules::ENUM_ADDED, &*new.full_name, message);
            report.push(found.new_at(Some(here)).reach(sides.new_reaches.of_enum(id)));
        }
    }
}

fn removed<'g>(
    sides: &Sides<'g>,
    id: EnumId,
    old: &Enum,
    renamed: Option<&str>,
    report: &mut Report<'_, 'g>,
) {
    let parent_is_gone = old.parent.is_some_and(|parent| sides.new_message(parent).is_none());
    if parent_is_gone || sides.is_gone_with(old.file) {
        return;
    }
    let around = old.parent.and_then(|parent| sides.new_message(parent)).map(|parent| {
        let parent = sides.new.message(parent);
        Here::element(sides.new_graph, sides.new, parent.file, parent.at)
    });
    let name = &old.full_name;
    let message = match renamed {
        Some(other) => {
            format!(
                "enum `{name}` is gone, and looks renamed to `{other}`: code that uses the old name fails"
            )
        }
        None => format!("enum `{name}` is gone: code that uses it has nothing in its place"),
    };
    let found = Found::new(&rules::ENUM_REMOVED, &*old.full_name, message)
        .old(Here::element(sides.old_graph, sides.old, old.file, old.at))
        .new_at(around.or_else(|| sides.file_head(old.file)))
        .reach(sides.old_reaches.of_enum(id))
        .help("mark it `deprecated` and keep it while anybody uses it");
    report.push(found);
}

struct Pair<'s, 'g> {
    sides: &'s Sides<'g>,
    old: &'g Enum,
    new: &'g Enum,
    id: EnumId,
}

impl<'g> Pair<'_, 'g> {
    fn compare(&self, report: &mut Report<'_, 'g>) {
        self.features(report);
        self.set_aside(report);
        self.values(report);
    }

    fn found(&self, rule: &'static ChangeRule, subject: String, message: String) -> Found<'g> {
        Found::new(rule, subject, message)
            .old(Here::element(self.sides.old_graph, self.sides.old, self.old.file, self.old.at))
            .new_at(Some(Here::element(self.sides.new_graph, self.sides.new, self.new.file, self.new.at)))
            .reach(self.sides.new_reaches.of_enum(self.id))
    }

    fn value_of_old(&self, found: Found<'g>, value: &EnumValue) -> Found<'g> {
        found.old(Here::element(self.sides.old_graph, self.sides.old, self.old.file, value.at))
    }

    fn value_of_new(&self, found: Found<'g>, value: &EnumValue) -> Found<'g> {
        found.new_at(Some(Here::element(self.sides.new_graph, self.sides.new, self.new.file, value.at)))
    }

    fn features(&self, report: &mut Report<'_, 'g>) {
        // What holds for a whole file is said once, at the file.
        if !says_features(&self.old.options) && !says_features(&self.new.options) {
            return;
        }
        let name = &self.new.full_name;
        let (old, new) = (&self.old.features, &self.new.features);
        if old.enum_type != new.enum_type {
            let now = if new.enum_type == EnumType::Open {
                "takes numbers it does not name"
            } else {
                "refuses numbers it does not name"
            };
            let message = format!("enum `{name}` {now}, and did not before");
            report.push(self.found(&rules::ENUM_TYPE_CHANGED, name.to_string(), message));
        }
        if old.json_format == JsonFormat::Allow && new.json_format != JsonFormat::Allow {
            let message = format!("the JSON form of enum `{name}` is no longer promised");
            report.push(self.found(&rules::ENUM_JSON_FORMAT_CHANGED, name.to_string(), message));
        }
    }

    fn set_aside(&self, report: &mut Report<'_, 'g>) {
        let name = &self.new.full_name;
        let reserved: Vec<Range> = self.new.reserved.iter().map(|range| (range.start, range.end)).collect();
        for range in &self.old.reserved {
            let missing = ranges::missing((range.start, range.end), &reserved);
            if !missing.is_empty() {
                let numbers = ranges::text(&missing);
                let message =
                    format!("`{name}` no longer reserves {numbers}: a new value may be read as an old one");
                report.push(self.found(
                    &rules::ENUM_RESERVED_REMOVED,
                    format!("{name} reserved {numbers}"),
                    message,
                ));
            }
        }
        for kept in &self.old.reserved_names {
            if !self.new.reserved_names.iter().any(|other| other.text == kept.text) {
                let message = format!("`{name}` no longer reserves the name `{}`", kept.text);
                let subject = format!("{name} reserved {}", kept.text);
                report.push(self.found(&rules::ENUM_RESERVED_REMOVED, subject, message));
            }
        }
    }

    fn values(&self, report: &mut Report<'_, 'g>) {
        let before = types::values(self.sides.old, self.old);
        let now = types::values(self.sides.new, self.new);
        let old_values = self.sides.old.values_of(self.old.values);
        let new_values = self.sides.new.values_of(self.new.values);
        let mut renumbered: Vec<&str> = Vec::new();
        let mut told: Vec<i32> = Vec::new();
        for value in old_values {
            if told.contains(&value.number) {
                continue;
            }
            let names = before.get(&value.number).map(Vec::as_slice).unwrap_or_default();
            match now.get(&value.number) {
                // Names that the number has now must be among those it had.
                Some(others) if others.iter().all(|name| names.contains(name)) => {}
                Some(others) => {
                    told.push(value.number);
                    self.renamed(value, names, others, report);
                }
                None => {
                    told.push(value.number);
                    let moved = new_values
                        .iter()
                        .find(|other| names.contains(&&*other.name) && !before.contains_key(&other.number));
                    if let Some(moved) = moved {
                        renumbered.push(&moved.name);
                    }
                    self.removed(value, names, moved, report);
                }
            }
        }
        for value in new_values {
            if !before.contains_key(&value.number) && !renumbered.contains(&&*value.name) {
                let subject = format!("{}.{}", self.new.full_name, value.name);
                let message = format!(
                    "value `{}` (number {}) of `{}` is new",
                    value.name, value.number, self.new.full_name
                );
                let found = self.found(&rules::ENUM_VALUE_ADDED, subject, message);
                report.push(self.value_of_new(found, value));
            }
        }
    }

    fn renamed(&self, value: &EnumValue, names: &[&str], others: &[&str], report: &mut Report<'_, 'g>) {
        let name = &self.new.full_name;
        let new_values = self.sides.new.values_of(self.new.values);
        let other = new_values
            .iter()
            .find(|other| other.number == value.number && !names.contains(&&*other.name))
            .or_else(|| new_values.iter().find(|other| other.number == value.number));
        let message = format!(
            "{} of `{name}` is called {}, and was {}: code must follow, and JSON with the old name is not understood",
            value.number,
            quoted(others),
            quoted(names)
        );
        let found = self.found(&rules::ENUM_VALUE_RENAMED, format!("{name} {}", value.number), message);
        let found = self.value_of_old(found, value);
        let found = match other {
            Some(other) => self.value_of_new(found, other),
            None => found,
        };
        report.push(found.help("keep the name; with `allow_alias`, a number may have several"));
    }

    fn removed(
        &self,
        value: &EnumValue,
        names: &[&str],
        moved: Option<&EnumValue>,
        report: &mut Report<'_, 'g>,
    ) {
        let reserved: Vec<Range> = self.new.reserved.iter().map(|range| (range.start, range.end)).collect();
        let number_is_kept = ranges::has(&reserved, value.number);
        let is_kept = |name: &&str| self.new.reserved_names.iter().any(|other| &*other.text == *name);
        let name_is_kept = names.iter().all(is_kept);
        let mut aliases = vec!["buf:ENUM_VALUE_NO_DELETE"];
        if !number_is_kept {
            aliases.push("buf:ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED");
        }
        if !name_is_kept {
            aliases.push("buf:ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED");
        }
        let of = format!("{} of `{}`", quoted(names), self.new.full_name);
        let (rule, message, help) = if let Some(moved) = moved {
            let message = format!(
                "{of} has number {}, and had {}: what the one side writes, the other reads as something else",
                moved.number, value.number
            );
            (&rules::ENUM_VALUE_NUMBER_CHANGED, message, "keep the number; a value is known by it".to_owned())
        } else if number_is_kept && name_is_kept {
            let message = format!("{of} (number {}) is gone: who is sent it does not know it", value.number);
            (&rules::ENUM_VALUE_REMOVED, message, "mark it `deprecated` and keep it".to_owned())
        } else {
            let what = match (number_is_kept, name_is_kept) {
                (false, false) => format!("its number {} and its name", value.number),
                (false, true) => format!("its number {}", value.number),
                _ => "its name".to_owned(),
            };
            let message = format!("{of} is gone, and {what} may be used again for something else");
            let list = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
            let help = format!("write `reserved {};` and `reserved {list};` in the enum", value.number);
            (&rules::ENUM_VALUE_REMOVED_UNRESERVED, message, help)
        };
        let subject = format!("{}.{}", self.new.full_name, value.name);
        let found = self.value_of_old(self.found(rule, subject, message), value).aliases(aliases).help(help);
        let mut found = match moved {
            Some(moved) => self.value_of_new(found, moved),
            None => found,
        };
        // S1-69: as with fields.
        found.always = !(number_is_kept && name_is_kept);
        report.push(found);
    }
}

fn quoted(names: &[&str]) -> String {
    let mut names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.sort();
    names.join(", ")
}
