//! `tenon explain`: a code's page, or the list of all codes.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;
use tenon_checks::Profile;
use tenon_gateway::Condition;

use crate::Exit;
use crate::catalogue::{self, ALL, Entry};
use crate::failure::{Failure, Outcome};
use crate::terminal::{Terminal, paint};

/// `tenon explain`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Id, name or alias, such as `OA001`, `duplicate-operation-id` or
    /// `spectral:operation-operationId-unique`; or a condition of the gateway, such as `consent_denied`.
    #[arg(value_name = "CODE", required_unless_present = "list")]
    pub codes: Vec<String>,
    /// List every code with its name.
    #[arg(long, conflicts_with = "codes")]
    pub list: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable JSON.
    Json,
    /// The page as it was written.
    Markdown,
}

#[derive(Serialize)]
struct Item<'c> {
    rule: &'c str,
    name: &'c str,
    summary: &'c str,
    minimal: &'static str,
    recommended: &'static str,
    strict: &'static str,
    aliases: &'c [&'c str],
    page: &'c str,
}

/// Explains.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let entries: Vec<&Entry> = if arguments.list {
        ALL.values().collect()
    } else {
        let rules = arguments.codes.iter().filter(|word| Condition::from_name(word).is_none());
        let found = |word: &String| {
            catalogue::find(word).ok_or_else(|| Failure::unknown_rule(word, catalogue::similar(word)))
        };
        rules.map(found).collect::<Result<_, _>>()?
    };
    let conditions: Vec<Condition> =
        arguments.codes.iter().filter_map(|word| Condition::from_name(word)).collect();
    terminal.print(|out| match arguments.format {
        Format::Json => write_json(&entries, &conditions, out),
        _ if arguments.list => write_list(&entries, out),
        _ if entries.is_empty() => conditions.iter().try_for_each(|one| write_condition(*one, out)),
        Format::Markdown => entries.iter().try_for_each(|entry| out.write_all(entry.page().as_bytes())),
        Format::Pretty => {
            entries.iter().try_for_each(|entry| write_page(entry, terminal.color, out))?;
            conditions.iter().try_for_each(|one| write_condition(*one, out))
        }
    })?;
    Ok(Exit::Clean)
}

/// A condition of the gateway: what it tells, and how a contract gives it a code of its own.
fn write_condition(condition: Condition, out: &mut dyn Write) -> io::Result<()> {
    let facts = condition.facts();
    let again = if facts.retryable { "may succeed later" } else { "will not succeed as it is" };
    writeln!(out, "{}: {}", facts.name, facts.title)?;
    writeln!(out)?;
    writeln!(out, "A condition of the gateway, found at the step `{}`.", facts.stage.as_str())?;
    writeln!(out, "HTTP {}, gRPC {}; the same call {again}.", facts.http_status, facts.grpc_status)?;
    writeln!(
        out,
        "A contract gives it a code of its own: `errors: {{MY_CODE: {{for: [{}]}}}}`.",
        facts.name
    )?;
    writeln!(out, "docs/policies.md says when it is told.")
}

fn write_json(entries: &[&Entry], conditions: &[Condition], out: &mut dyn Write) -> io::Result<()> {
    let items: Vec<Item<'_>> = entries
        .iter()
        .map(|entry| Item {
            rule: entry.code.id,
            name: entry.code.name,
            summary: entry.code.summary,
            minimal: entry.level(Profile::Minimal).as_str(),
            recommended: entry.level(Profile::Recommended).as_str(),
            strict: entry.level(Profile::Strict).as_str(),
            aliases: entry.code.aliases,
            page: entry.page(),
        })
        .collect();
    let mut document = serde_json::json!({ "version": 1, "rules": items });
    if let Some(members) = document.as_object_mut().filter(|_| !conditions.is_empty()) {
        members.insert("conditions".to_owned(), conditions.iter().map(|one| condition(*one)).collect());
    }
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn condition(condition: Condition) -> serde_json::Value {
    let facts = condition.facts();
    serde_json::json!({
        "condition": facts.name, "title": facts.title, "stage": facts.stage.as_str(),
        "http": facts.http_status, "grpc": facts.grpc_status, "retryable": facts.retryable,
    })
}

fn write_list(entries: &[&Entry], out: &mut dyn Write) -> io::Result<()> {
    for entry in entries {
        writeln!(out, "{:<6} {:<44} {}", entry.code.id, entry.code.name, entry.code.summary)?;
    }
    Ok(())
}

/// A page with its headings and code set apart, and what its metadata says below its title.
fn write_page(entry: &Entry, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut in_code = false;
    for (number, line) in entry.page().lines().enumerate() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            writeln!(out, "    {line}")?;
        } else if let Some(title) = line.strip_prefix("# ") {
            writeln!(out, "{}", paint(color, "1", title))?;
        } else if let Some(heading) = line.strip_prefix("## ") {
            writeln!(out, "{}", paint(color, "1;4", heading))?;
        } else {
            writeln!(out, "{line}")?;
        }
        if number == 0 {
            write_levels(entry, out)?;
        }
    }
    writeln!(out)
}

fn write_levels(entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
    let level = |profile| entry.level(profile).as_str();
    if let Some(effect) = entry.effect {
        writeln!(out, "a kind of change, found by `tenon diff`: {}", super::reference::effect(effect))?;
        if !entry.code.aliases.is_empty() {
            writeln!(out, "also known as {}", entry.code.aliases.join(", "))?;
        }
        return Ok(());
    }
    writeln!(
        out,
        "minimal: {}, recommended: {}, strict: {}",
        level(Profile::Minimal),
        level(Profile::Recommended),
        level(Profile::Strict)
    )?;
    if !entry.code.aliases.is_empty() {
        writeln!(out, "also known as {}", entry.code.aliases.join(", "))?;
    }
    Ok(())
}
