//! Small words that every target needs.

use std::fmt::Write as _;

use serde_json::Value;
use tenon_graph::Name;

/// JSON as files have it: indented, with a line break at its end.
pub(crate) fn json(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The texts of a list of names.
pub(crate) fn texts(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

/// A text as the cell of a Markdown table has it: on one line, and nothing in it ends the cell.
pub(crate) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split_whitespace().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&line.replace('\\', "\\\\").replace('|', "\\|").replace('<', "\\<"));
    }
    out
}

/// A table of Markdown.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", head.join(" | "));
    let _ = writeln!(out, "|{}", "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

/// A word of code in Markdown; nothing where there is nothing to say.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", cell(text).replace('`', "'")) }
}
