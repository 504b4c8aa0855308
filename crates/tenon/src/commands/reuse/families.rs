//! What is written twice, for people.

use std::io::{self, Write};

use tenon_checks::facts::reuse::{Family, Unit};
use tenon_graph::Graph;

use super::tables::Found;

/// Most families that are shown to people unless told otherwise, a count: more than one mends in a
/// week.
pub const FAMILIES_SHOWN_MAX: usize = 30;

/// Most members of one family that are shown to people, a count.
const MEMBERS_SHOWN_MAX: usize = 12;

/// Path, line and column of a unit.
pub fn place(graph: &Graph, unit: &Unit) -> String {
    let Some(file) = graph.sources.get(unit.at.file) else { return String::new() };
    let at = file.locate(graph.sources.place(unit.at).span.start);
    format!("{}:{}:{}", file.path, at.line, at.column)
}

/// The families, those of equal structure first.
pub fn pretty(found: &Found<'_>, shown_max: usize, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let list = &found.families.list;
    let units = found.families.looked_at();
    let looked_at = format!("{} looked at in {}", counted(units, "schema"), counted(found.files, "file"));
    if list.is_empty() {
        return writeln!(out, "no schema is written twice ({looked_at})");
    }
    let same = list.iter().filter(|family| family.equal > 1).count();
    let near = list.len() - same;
    let says = match (same, near) {
        (_, 0) => format!("{} written more than once", counted_are(same)),
        (0, _) => format!("{} written more than once in nearly the same way", counted_are(near)),
        _ => format!("{} written more than once, and {near} more in nearly the same way", counted_are(same)),
    };
    writeln!(out, "{says} ({looked_at})")?;
    for family in list.iter().take(shown_max) {
        writeln!(out)?;
        one(found, family, color, out)?;
    }
    if list.len() > shown_max {
        writeln!(out, "\nand {} more; `--max-families 0` shows all", list.len() - shown_max)?;
    }
    if found.families.common > 0 {
        let what = counted(found.families.common, "feature");
        writeln!(
            out,
            "\n{what} stand in so many schemas that no near-duplicates were looked for by them alone"
        )?;
    }
    Ok(())
}

fn one(found: &Found<'_>, family: &Family, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = family.members.first().and_then(|member| found.unit(member)) else { return Ok(()) };
    let others = family.members.len().saturating_sub(family.equal);
    let how = match (family.equal, others) {
        (equal, 0) => format!("the same structure {}", times(equal)),
        (0 | 1, others) => format!("nearly the same structure {}", times(others + 1)),
        (equal, others) => {
            format!("the same structure {}, nearly the same {} more", times(equal), times(others))
        }
    };
    let bold = |text: &str| if color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    writeln!(
        out,
        "{}: {}, {how}",
        bold(&family.name),
        counted(first.size, if first.is_enum { "value" } else { "member" })
    )?;
    let shown: Vec<(&Unit, f64)> = family
        .members
        .iter()
        .take(MEMBERS_SHOWN_MAX)
        .filter_map(|member| Some((found.unit(member)?, member.similarity)))
        .collect();
    let width = shown.iter().map(|(unit, _)| place(found.graph, unit).len()).max().unwrap_or_default();
    for (unit, similarity) in shown {
        let difference = found.families.difference(found.graph, first, unit);
        let what = describe(found.graph, unit);
        write!(out, "  {:<width$}  {what}", place(found.graph, unit))?;
        if difference.is_empty() {
            writeln!(out)?;
        } else {
            // Rounded down: only what is equal is alike to 100 %.
            let percent = (similarity * 100.0).floor();
            writeln!(out, "\n  {:<width$}    {percent}% alike: {}", "", difference.words())?;
        }
    }
    match family.members.len().saturating_sub(MEMBERS_SHOWN_MAX) {
        0 => Ok(()),
        more => writeln!(out, "  and {} more", counted(more, "place")),
    }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn describe(graph: &Graph, unit: &Unit) -> String {
    use tenon_checks::facts::reuse::Form;
    let form = unit.form.as_str();
    match unit.form {
        Form::File => form.to_owned(),
        Form::Message | Form::Enum | Form::Table => format!("{form} {}", unit.name),
        Form::Component | Form::Definition | Form::Inline => {
            format!("{form} {}", graph.node(unit.at).pointer())
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn counted_are(count: usize) -> String {
    if count == 1 { "1 schema is".to_owned() } else { format!("{count} schemas are") }
}
