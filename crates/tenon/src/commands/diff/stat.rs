//! `--stat`: how many changes of each kind there are, on one screen.

use std::collections::BTreeMap;
use std::io::{self, Write};

use tenon_compare::Class;

use super::Format;
use super::json::Summary;
use super::judge::Judged;
use super::report::step;
use crate::render::counted;

/// Lines of the list of rules: with the counts, what fits on a screen of 24 lines.
const RULES_SHOWN_MAX: usize = 12;

/// Lines of the list of changes that reach most.
const REACH_SHOWN_MAX: usize = 3;

/// Writes the summary.
pub fn write(judged: &Judged, format: Format, out: &mut dyn Write) -> io::Result<()> {
    if format == Format::Json {
        let value = serde_json::json!({ "version": 1, "summary": Summary::of(judged) });
        serde_json::to_writer_pretty(&mut *out, &value)?;
        return writeln!(out);
    }
    let [old, new] = &judged.names;
    writeln!(out, "{old} -> {new}: {}", step(judged))?;
    for class in Class::ALL {
        let open =
            judged.changes.iter().filter(|change| change.change.class == class && change.accepted.is_none());
        let accepted = judged.count(class) - open.count();
        let accepted = if accepted > 0 { format!(" ({accepted} accepted)") } else { String::new() };
        writeln!(out, "{:>8}  {}{accepted}", judged.count(class), class.as_str())?;
    }
    write_rules(judged, out)?;
    write_reach(judged, out)
}

fn write_rules(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(Class, &str), (usize, &str)> = BTreeMap::new();
    for change in &judged.changes {
        let code = &change.change.rule.code;
        counts.entry((change.change.class, code.id)).or_insert((0, code.name)).0 += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|((class, id), (count, _))| (*class, std::cmp::Reverse(*count), *id));
    if !rows.is_empty() {
        writeln!(out)?;
    }
    for ((class, id), (count, name)) in rows.iter().take(RULES_SHOWN_MAX) {
        writeln!(out, "{count:>8}  {:<9}  {id} {name}", class.as_str())?;
    }
    let rest = rows.len().saturating_sub(RULES_SHOWN_MAX);
    if rest > 0 {
        writeln!(out, "          and {}", counted(rest, "more kind"))?;
    }
    Ok(())
}

fn write_reach(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let grave = judged.changes.iter().filter(|change| change.change.class <= Class::Behaviour);
    let mut far: Vec<_> = grave.filter(|change| change.change.reach.count > 1).collect();
    far.sort_by_key(|change| std::cmp::Reverse(change.change.reach.count));
    if !far.is_empty() {
        writeln!(out, "\nreaching most:")?;
    }
    for judged in far.iter().take(REACH_SHOWN_MAX) {
        let change = &judged.change;
        let reach = counted(change.reach.count, "operation");
        writeln!(out, "{reach:>16}  {} {}", change.rule.code.id, change.subject)?;
    }
    Ok(())
}
