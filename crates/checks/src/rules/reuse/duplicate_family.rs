//! RE002 `duplicate-family`.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{FamilyRow, ReuseRegister};
use tenon_source::{At, Code, Finding, Level};

use super::{is_said, new_with_rationale, row_of_files, unclassified};
use crate::facts::reuse::{Families, MEMBERS_MIN, THRESHOLD, Unit, fold_case, matrix::row_units};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE002",
        name: "duplicate-family",
        summary: "A family duplicates another one, and no `new` row says why",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("duplicate_family.md"),
    check,
};

/// One schema, and the row it belongs to; `None` for a file that is in no family.
struct Entry<'f> {
    row: Option<usize>,
    index: usize,
    unit: &'f Unit,
}

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    if ctx.graph.reuse_registers.is_empty() {
        return;
    }
    let threshold = ctx.settings.similarity.unwrap_or(THRESHOLD);
    let families = Families::of(ctx.graph, threshold);
    for register in &ctx.graph.reuse_registers {
        guard(ctx, register, &families, threshold, out);
    }
}

fn guard(
    ctx: &Context<'_>,
    register: &ReuseRegister,
    families: &Families,
    threshold: f64,
    out: &mut Vec<Finding>,
) {
    let entries = entries(ctx, register, families);
    let mut told: BTreeSet<(Option<usize>, Option<usize>, usize)> = BTreeSet::new();
    for (first, second) in pairs(&entries, families, threshold) {
        let (Some(a), Some(b)) = (entries.get(first), entries.get(second)) else { continue };
        let Some(why) = why(families, a.unit, b.unit, threshold) else { continue };
        let row = |entry: &Entry<'_>| entry.row.and_then(|row| register.families.get(row));
        let waived = [row(a), row(b)].into_iter().flatten().any(new_with_rationale);
        // A file of no family is told once; two rows are told once.
        let key = (a.row, b.row, if b.row.is_none() { b.index } else { 0 });
        if a.row == b.row && a.row.is_some() || waived || !told.insert(key) {
            continue;
        }
        out.push(finding(ctx, a, b, row(a), row(b), &why));
    }
}

fn finding(
    ctx: &Context<'_>,
    a: &Entry<'_>,
    b: &Entry<'_>,
    row_a: Option<&FamilyRow>,
    row_b: Option<&FamilyRow>,
    why: &str,
) -> Finding {
    let sources = &ctx.graph.sources;
    let named = |row: Option<&FamilyRow>, unit: &Unit| {
        row.map_or_else(
            || format!("the schema `{}`", unit.name),
            |row| format!("the family `{}`", row.family.text),
        )
    };
    let (there, here) = (named(row_a, a.unit), named(row_b, b.unit));
    let message = format!("{here} duplicates {there}: `{}` {why} `{}`", b.unit.name, a.unit.name);
    let at: At = row_b.map_or(b.unit.at, |row| row.at);
    let finding = sources.finding(&RULE.code, at, message);
    finding
        .with_related(sources.place(a.unit.at), "this is already there")
        .with_help("use the schema that is there, or extend it; if neither will do, give it a row with `decision: new` that names what was considered and says why not")
}

/// The schemas of the rows, and those in the inventory that are in none.
fn entries<'f>(ctx: &Context<'_>, register: &ReuseRegister, families: &'f Families) -> Vec<Entry<'f>> {
    let mut out = Vec::new();
    for (row, family) in register.families.iter().enumerate() {
        let units = row_units(ctx.graph, families, family).into_iter();
        out.extend(units.map(|(index, unit)| Entry { row: Some(row), index, unit }));
    }
    let rows = row_of_files(register);
    for at in unclassified(ctx, register, &rows) {
        if let Some((index, unit)) = families.unit_at(at) {
            out.push(Entry { row: None, index, unit });
        }
    }
    out
}

/// Pairs of entries that may be duplicates: of one family, with one name, or with the same
/// required members. Each once, the earlier one first.
fn pairs(entries: &[Entry<'_>], families: &Families, threshold: f64) -> BTreeSet<(usize, usize)> {
    let mut buckets: BTreeMap<(u8, String), Vec<usize>> = BTreeMap::new();
    let mut family_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, family) in families.list.iter().enumerate() {
        family_of.extend(family.members.iter().map(|member| (member.unit, index)));
    }
    for (place, entry) in entries.iter().enumerate() {
        let mut put = |kind: u8, key: String| buckets.entry((kind, key)).or_default().push(place);
        if let Some(family) = family_of.get(&entry.index) {
            put(0, family.to_string());
        }
        put(1, entry.unit.folded_name());
        let required = families.required(entry.unit);
        if required.len() >= MEMBERS_MIN {
            put(2, format!("{required:?}"));
        }
    }
    let mut out = BTreeSet::new();
    for places in buckets.values() {
        for (index, first) in places.iter().enumerate() {
            for second in places.iter().skip(index + 1) {
                let pair = entries.get(*first).zip(entries.get(*second));
                if pair.is_some_and(|(a, b)| why(families, a.unit, b.unit, threshold).is_some()) {
                    out.insert((*first, *second));
                }
            }
        }
    }
    out
}

/// In what way the second is a duplicate of the first, as a verb.
fn why(families: &Families, a: &Unit, b: &Unit, threshold: f64) -> Option<String> {
    if a.at == b.at {
        return None;
    }
    let large = a.size >= MEMBERS_MIN && b.size >= MEMBERS_MIN;
    if large && families.is_same(a, b) {
        return Some("has the structure of".to_owned());
    }
    let similarity = families.similarity(a, b);
    if large && similarity >= threshold {
        let percent = (similarity * 100.0).floor();
        return Some(format!("is {percent}% like"));
    }
    if fold_case(&a.name) == fold_case(&b.name) && is_said(&a.name) {
        return Some("has the name of".to_owned());
    }
    let required = families.required(a);
    if required.len() >= MEMBERS_MIN && required == families.required(b) {
        return Some(format!("requires the {} members that are required of", required.len()));
    }
    None
}
