//! A verdict, or one table of it, for people and for programs.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};
use tenon_verify::milestone::documents::markdown;
use tenon_verify::milestone::{self, Block, Judged, Milestone, Repository, report};

use super::Format;
use crate::Exit;
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::terminal::{Terminal, paint};

/// Prints the verdict.
///
/// # Errors
/// When the output cannot be written.
pub fn verdict(
    milestone: &Milestone,
    judged: &Judged,
    folder: Option<&Path>,
    format: Format,
    terminal: &Terminal,
) -> Result<(), Failure> {
    if format == Format::Json {
        let mut value = report::to_json(milestone, &judged.verdict);
        if let (Some(map), Some(folder)) = (value.as_object_mut(), folder) {
            map.insert("evidence".to_owned(), json!(disk::shown(folder)));
        }
        return terminal.print(|out| writeln!(out, "{value:#}"));
    }
    terminal.print(|out| pretty(milestone, judged, folder, terminal.color, out))
}

fn pretty(
    milestone: &Milestone,
    judged: &Judged,
    folder: Option<&Path>,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let verdict = &judged.verdict;
    writeln!(out, "{} {}", milestone.id, milestone.title)?;
    let mut section = Section { color, out };
    section.rows(
        "decisions",
        verdict.decisions.iter().zip(&milestone.decisions).map(|((_, status), decision)| {
            let by = match decision.approver.is_empty() {
                true => String::new(),
                false => format!(" by {}, {}", decision.approver, decision.date),
            };
            let holds = *status == milestone::model::Status::Approved;
            (holds, decision.title.clone(), vec![format!("{}{by}", status.words())])
        }),
    )?;
    let there = |(path, yes): &(String, bool)| {
        (*yes, path.clone(), if *yes { Vec::new() } else { vec!["it is not there".to_owned()] })
    };
    section.rows("inputs", verdict.inputs.iter().map(there))?;
    let part = |part: &milestone::verdict::Part| (part.holds, part.id.clone(), part.why.clone());
    section.rows("depends on", verdict.dependencies.iter().map(part))?;
    section.rows(
        "checks",
        verdict.checks.iter().map(|check| {
            let said = if check.passed { vec![check.what.clone()] } else { check.said.clone() };
            (check.passed, check.id.clone(), said)
        }),
    )?;
    section.rows("artifacts", verdict.artifacts.iter().map(part))?;
    section.rows("work packages", verdict.packages.iter().map(part))?;
    section.rows("handoffs", verdict.handoffs.iter().map(part))?;
    for ((list, items), (_, parts)) in milestone.lists.iter().zip(&verdict.lists) {
        let rows = items.iter().zip(parts).map(|(item, part)| {
            let what = [&item.title, &item.text].into_iter().find(|text| !text.is_empty());
            let name = what.map_or_else(|| part.id.clone(), |what| format!("{} {what}", part.id));
            (part.holds, name, part.why.clone())
        });
        section.rows(&list.replace('_', " "), rows)?;
    }
    section.rows(
        "metrics",
        verdict.metrics.iter().map(|count| {
            let said = format!("{} of {}, {} %", count.numerator, count.denominator, count.percent);
            let missing = if count.met { Vec::new() } else { count.missing.clone() };
            (count.met, count.title.clone(), std::iter::once(said).chain(missing).collect())
        }),
    )?;
    section.rows("deliverables", verdict.deliverables.iter().map(there))?;
    section.rows(
        "documents",
        verdict
            .documents
            .iter()
            .map(|(path, wrong)| (wrong.is_none(), path.clone(), wrong.clone().into_iter().collect())),
    )?;
    if let Some(folder) = folder {
        writeln!(out, "\nevidence in {}", disk::shown(folder))?;
    }
    let style = if verdict.overall { "1;32" } else { "1;31" };
    writeln!(out, "{}", paint(color, style, &format!("overall={}", verdict.overall)))
}

struct Section<'o> {
    color: bool,
    out: &'o mut dyn Write,
}

impl Section<'_> {
    fn rows(
        &mut self,
        title: &str,
        rows: impl Iterator<Item = (bool, String, Vec<String>)>,
    ) -> io::Result<()> {
        for (index, (holds, name, said)) in rows.enumerate() {
            if index == 0 {
                writeln!(self.out, "\n{}", paint(self.color, "1", title))?;
            }
            let mark = if holds { paint(self.color, "32", "ok  ") } else { paint(self.color, "31", "FAIL") };
            let mut lines = said.iter();
            let first = lines.next().map(|line| format!("  {line}")).unwrap_or_default();
            writeln!(self.out, "  {mark} {name}{first}")?;
            for line in lines.filter(|_| !holds) {
                writeln!(self.out, "         {line}")?;
            }
        }
        Ok(())
    }
}

/// Prints one table.
pub fn table(
    milestone: &Milestone,
    repository: &dyn Repository,
    judged: &Judged,
    name: &str,
    format: Format,
    terminal: &Terminal,
) -> Outcome {
    let base = name.split_once(':').map_or(name, |(base, _)| base);
    let own = milestone.tables.iter().map(|(own, _)| own.text.as_str());
    let known: Vec<&str> = own
        .chain(milestone::tables::NAMES.iter().copied())
        .chain(milestone::tables::GRAPH_NAMES.iter().copied())
        .collect();
    if !known.contains(&base) {
        let help = match crate::catalogue::nearest(base, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        return Err(Failure::usage(format!("there is no table `{base}`"), help));
    }
    let block = milestone::show(milestone, repository, judged, name).map_err(|said| {
        Failure::usage(format!("the table `{name}` cannot be made: {said}"), "see docs/milestones.md")
    })?;
    terminal.print(|out| match (block, format) {
        (Block::Text(text), Format::Pretty | Format::Junit) => write!(out, "{text}"),
        (Block::Text(text), Format::Json) => {
            writeln!(out, "{:#}", json!({ "version": 1, "name": name, "text": text }))
        }
        (Block::Table(table), Format::Pretty | Format::Junit) => {
            let mut text = String::new();
            markdown(&table, &mut text);
            write!(out, "{text}")
        }
        (Block::Table(table), Format::Json) => {
            let rows: Vec<Value> = table
                .rows
                .iter()
                .map(|row| {
                    let cells = table.columns.iter().cloned().zip(row.iter().map(|cell| json!(cell)));
                    Value::Object(cells.collect::<Map<String, Value>>())
                })
                .collect();
            writeln!(
                out,
                "{:#}",
                json!({ "version": 1, "name": name, "columns": table.columns, "rows": rows })
            )
        }
    })?;
    Ok(Exit::Clean)
}
