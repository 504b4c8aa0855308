//! Tables as text.

use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use super::tables::{ALL, Cell, Found, Table, TableName};

/// Output formats of `tenon reuse`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Tables for documents.
    Markdown,
    /// RFC 4180, for spreadsheets.
    Csv,
    /// Stable, versioned JSON.
    Json,
}

/// Widest cell that `pretty` shows before it wraps to what fits, in characters.
const CELL_WIDTH_MAX: usize = 48;

impl Cell {
    /// The texts of it in one, with something between them.
    pub fn joined(&self, between: &str) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(texts) => texts.join(between),
            Self::Part(number) => number.to_string(),
            Self::Count(number) => number.to_string(),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::List(texts) => Value::from(texts.as_slice()),
            Self::Part(number) => json!(number),
            Self::Count(number) => json!(number),
        }
    }
}

/// Records, one a row: a table with wide cells is read downwards on a terminal.
pub fn pretty(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {} rows", table.title, table.rows.len())?;
    let width = table.columns.iter().map(|column| column.len()).max().unwrap_or_default();
    for row in &table.rows {
        let mut cells = table.columns.iter().zip(row);
        if let Some((_, first)) = cells.next() {
            writeln!(out, "\n{}", first.joined(", "))?;
        }
        for (column, cell) in cells {
            let text = cell.joined(", ");
            if !text.is_empty() {
                let mut lines = wrapped(&text, CELL_WIDTH_MAX * 2).into_iter();
                writeln!(out, "  {column:<width$}  {}", lines.next().unwrap_or_default())?;
                lines.try_for_each(|line| writeln!(out, "  {:<width$}  {line}", ""))?;
            }
        }
    }
    Ok(())
}

/// The mapping, a schema after the other: member, type, field with its number and type.
pub fn pretty_mapping(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let cell = |row: &[Cell], name: &str| {
        let index = table.columns.iter().position(|column| *column == name);
        index.and_then(|index| row.get(index)).map(|cell| cell.joined(", ")).unwrap_or_default()
    };
    let mut schema = String::new();
    for row in &table.rows {
        let here = cell(row, "schema");
        if here != schema {
            let gap = if schema.is_empty() { "" } else { "\n" };
            writeln!(out, "{gap}{here} as {}", cell(row, "message"))?;
            schema = here;
        }
        let need = if cell(row, "required") == "yes" { "required" } else { "" };
        let null = if cell(row, "nullable") == "yes" { "or null" } else { "" };
        let json: Vec<String> = [cell(row, "json_type"), need.to_owned(), null.to_owned()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let pointer = cell(row, "json_pointer").replace("/properties/", "/");
        let field =
            format!("{} {} = {}", cell(row, "proto_type"), cell(row, "proto_field"), cell(row, "number"));
        let rest = ["oneof", "values", "annotations"].iter().filter_map(|name| {
            let text = cell(row, name);
            (!text.is_empty()).then(|| if *name == "oneof" { format!("oneof {text}") } else { text })
        });
        let rest: Vec<String> =
            rest.chain([cell(row, "state")].into_iter().filter(|state| state != "proposed")).collect();
        write!(out, "  {pointer:<32} {:<24} {field}", json.join(" "))?;
        writeln!(
            out,
            "{}",
            if rest.is_empty() { String::new() } else { format!("  [{}]", rest.join("; ")) }
        )?;
    }
    if table.rows.is_empty() {
        writeln!(out, "there is no schema with members to map")?;
    }
    Ok(())
}

/// A text in lines of at most so many characters, where its words allow.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A table of GitHub's Markdown.
pub fn markdown(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| {} |", table.columns.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(table.columns.len()))?;
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| markdown_cell(&cell.joined(", "))).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// What would end the cell or the row is escaped.
fn markdown_cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// RFC 4180: lines end in CRLF, cells with commas, quotes or line ends are quoted.
pub fn csv(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let header: Vec<String> = table.columns.iter().map(|column| csv_cell(column)).collect();
    write!(out, "{}\r\n", header.join(","))?;
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| csv_cell(&cell.joined("; "))).collect();
        write!(out, "{}\r\n", cells.join(","))?;
    }
    Ok(())
}

fn csv_cell(text: &str) -> String {
    // A spreadsheet takes a cell that starts like this for a formula.
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Version 1: a summary, and each table as a list of objects; only `one` of them if it is named.
pub fn json(found: &Found<'_>, one: Option<TableName>, out: &mut dyn Write) -> io::Result<()> {
    let same = found.families.list.iter().filter(|family| family.equal > 1).count();
    let members: usize = found.families.list.iter().map(|family| family.members.len()).sum();
    let mut root = Map::new();
    let names: Vec<TableName> = one.map_or_else(|| ALL.to_vec(), |one| vec![one]);
    root.insert("version".to_owned(), json!(1));
    let summary = json!({
        "files": found.files,
        "schemas": found.families.looked_at(),
        "families": found.families.list.len(),
        "same": same,
        "near": found.families.list.len() - same,
        "places": members,
        "common_features": found.families.common,
    });
    root.insert("summary".to_owned(), summary);
    for name in names {
        let table = found.tables(name);
        let rows = table.rows.iter().map(|row| {
            let cells = table.columns.iter().zip(row);
            cells.map(|(column, cell)| ((*column).to_owned(), cell.value())).collect::<Map<_, _>>()
        });
        root.insert(table.name.to_owned(), rows.map(Value::Object).collect());
    }
    serde_json::to_writer_pretty(&mut *out, &Value::Object(root)).map_err(io::Error::from)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cannot_break_their_table() {
        assert_eq!(markdown_cell("a|b\nc\\"), "a\\|b c\\\\");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_cell("=1+1"), "'=1+1");
    }
}
