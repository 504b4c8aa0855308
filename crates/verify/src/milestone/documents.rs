//! The documents of a milestone: Markdown that is made of it, and of nothing that is typed twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::found::{Finder, Seen};
use super::model::{Document, Milestone, Table};
use super::repository::{Block, Repository};
use super::tables::Source;
use super::verdict::Verdict;
use crate::evidence::manifest::sha256;

/// The line that says whose hand a document is from.
const MADE: &str = "Written by `tenon verify --write-documents` from";

/// The documents by path, and for those that cannot be written why.
#[must_use]
pub fn render(
    milestone: &Milestone,
    verdict: &Verdict,
    finder: &Finder<'_>,
) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let written: BTreeSet<String> =
        milestone.documents.iter().map(|document| document.path.text.clone()).collect();
    let seen = Seen { written: &written, drifted: None };
    let mut rendered: BTreeMap<String, String> = BTreeMap::new();
    let mut problems = BTreeMap::new();
    let mut outputs = Vec::new();
    for document in &milestone.documents {
        let source = Source { milestone, verdict, finder, seen, outputs: outputs.clone() };
        let path = document.path.text.clone();
        match text(document, &source) {
            Ok(text) => {
                outputs.push((path.clone(), sha256(text.as_bytes())));
                rendered.insert(path, text);
            }
            Err(said) => {
                problems.insert(path, said);
            }
        }
    }
    (rendered, problems)
}

/// What is wrong with each document as it is.
#[must_use]
pub fn drift(
    milestone: &Milestone,
    repository: &dyn Repository,
    rendered: &BTreeMap<String, String>,
    problems: &BTreeMap<String, String>,
) -> Vec<(String, Option<String>)> {
    let one = |document: &Document| {
        let path = document.path.text.clone();
        let said = match (problems.get(&path), rendered.get(&path)) {
            (Some(said), _) => Some(format!("cannot be written: {said}")),
            (None, None) => Some("cannot be written".to_owned()),
            (None, Some(text)) => match repository.read(&path) {
                Err(_) => Some("is not there".to_owned()),
                Ok(found) if found == text.as_bytes() => None,
                Ok(found) => Some(format!("is not what would be written{}", first_difference(&found, text))),
            },
        };
        (path, said)
    };
    milestone.documents.iter().map(one).collect()
}

fn first_difference(found: &[u8], wanted: &str) -> String {
    let found = String::from_utf8_lossy(found);
    let mut lines = found.lines().zip(wanted.lines()).enumerate();
    let line = lines
        .find(|(_, (a, b))| a != b)
        .map_or_else(|| found.lines().count().min(wanted.lines().count()), |(line, _)| line);
    format!(", from line {} on", line + 1)
}

fn text(document: &Document, source: &Source<'_>) -> Result<String, String> {
    if let Some((name, heading)) = &document.rows {
        let Block::Table(table) = source.block(&name.text)? else {
            return Err(format!("`{}` is no table", name.text));
        };
        let found = source.finder.repository.read(&document.path.text).unwrap_or_default();
        let found = String::from_utf8(found).map_err(|_| "it is no text".to_owned())?;
        return Ok(with_rows(&found, &table, heading, &source.milestone.id));
    }
    let milestone = source.milestone;
    let mut out = String::new();
    let title = if document.title.is_empty() { &milestone.title } else { &document.title };
    let _ = writeln!(out, "# {title}\n");
    let _ = writeln!(out, "{MADE} the milestone `{}` and its contracts; change those.", milestone.id);
    if !document.about.is_empty() {
        let _ = writeln!(out, "\n{}", document.about);
    }
    for section in &document.sections {
        let _ = writeln!(out, "\n## {}", section.title);
        if !section.text.is_empty() {
            let _ = writeln!(out, "\n{}", section.text);
        }
        if let Some(name) = &section.table {
            match source.block(&name.text)? {
                Block::Table(table) if table.rows.is_empty() => {
                    let _ = writeln!(out, "\nNone.");
                }
                Block::Table(table) => {
                    out.push('\n');
                    markdown(&table, &mut out);
                }
                Block::Text(text) => {
                    let _ = writeln!(out, "\n{}", text.trim_end());
                }
            }
        }
    }
    Ok(out)
}

/// A table of GitHub's Markdown.
pub fn markdown(table: &Table, out: &mut String) {
    let _ = writeln!(out, "{}", line(&table.columns));
    let _ = writeln!(out, "|{}", " --- |".repeat(table.columns.len()));
    for row in &table.rows {
        let _ = writeln!(out, "{}", line(row));
    }
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
    format!("| {} |", cells.join(" | "))
}

/// What would end the cell or the row is escaped.
fn escaped(cell: &str) -> String {
    cell.replace('\\', "\\\\").replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text in which the rows of a milestone, and nothing else, are as a table has them. The table is
/// the one with the same columns; where there is none it is added.
#[must_use]
pub fn with_rows(text: &str, table: &Table, heading: &str, id: &str) -> String {
    let header = line(&table.columns);
    let ours: Vec<String> = table.rows.iter().map(|row| line(row)).collect();
    let lines: Vec<&str> = text.lines().collect();
    let Some(start) = lines.iter().position(|found| same(found, &header)) else {
        let mut out = text.trim_end().to_owned();
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        if !heading.is_empty() {
            let _ = writeln!(out, "{} {heading}\n", if out.is_empty() { "#" } else { "##" });
        }
        markdown(table, &mut out);
        return out;
    };
    let first = start + 2;
    let end = (first..lines.len())
        .find(|at| lines.get(*at).is_none_or(|found| !found.trim_start().starts_with('|')))
        .unwrap_or(lines.len());
    let rows: Vec<&str> = lines.get(first..end).unwrap_or_default().to_vec();
    let is_ours =
        |row: &&str| row.trim().trim_matches('|').split('|').next().is_some_and(|cell| cell.trim() == id);
    let at = rows.iter().position(is_ours_ref(&is_ours)).unwrap_or(rows.len());
    let foreign = |part: &[&str]| -> Vec<String> {
        part.iter().filter(|row| !is_ours(row)).map(|row| (*row).to_owned()).collect()
    };
    let (before, after) = rows.split_at(at);
    let mut out: Vec<String> =
        lines.get(..first).unwrap_or_default().iter().map(|found| (*found).to_owned()).collect();
    out.extend(foreign(before));
    out.extend(ours);
    out.extend(foreign(after));
    out.extend(lines.get(end..).unwrap_or_default().iter().map(|found| (*found).to_owned()));
    out.join("\n") + "\n"
}

fn is_ours_ref<'r>(is_ours: &'r dyn Fn(&&str) -> bool) -> impl Fn(&&str) -> bool + 'r {
    move |row| is_ours(row)
}

/// Whether two rows have the same cells.
fn same(found: &str, header: &str) -> bool {
    let cells = |row: &str| -> Vec<String> {
        row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    found.trim_start().starts_with('|') && cells(found) == cells(header)
}

#[cfg(test)]
mod tests {
    use super::{Table, with_rows};

    fn table(rows: &[[&str; 2]]) -> Table {
        let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        Table { title: String::new(), columns: vec!["Id".to_owned(), "What".to_owned()], rows }
    }

    /// S2-90: only our rows change, twice is once, what others wrote stays byte for byte.
    #[test]
    fn rows_of_others_stay() {
        let text = "# Index\n\nA word.\n\n| Id | What |\n|----|------|\n| A | first  |\n| W | old |\n| W | older |\n| Z | last |\n\nAfter.\n";
        let ours = table(&[["W", "new"]]);
        let once = with_rows(text, &ours, "Index", "W");
        assert_eq!(
            once,
            "# Index\n\nA word.\n\n| Id | What |\n|----|------|\n| A | first  |\n| W | new |\n| Z | last |\n\nAfter.\n"
        );
        assert_eq!(with_rows(&once, &ours, "Index", "W"), once);
        let fresh = with_rows("", &ours, "Index", "W");
        assert_eq!(fresh, "# Index\n\n| Id | What |\n| --- | --- |\n| W | new |\n");
        assert_eq!(with_rows(&fresh, &ours, "Index", "W"), fresh);
        let added = with_rows("# Other\n", &ours, "Index", "W");
        assert_eq!(added, "# Other\n\n## Index\n\n| Id | What |\n| --- | --- |\n| W | new |\n");
    }
}
