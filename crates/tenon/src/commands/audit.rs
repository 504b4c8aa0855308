//! `tenon audit`: who did what, and whether the chain that says so holds.

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use tenon_gateway::surface::audit::{LINKS_MAX, link_json, report_json};
use tenon_storage::{Engine as _, Found, Read, verify_audit};

use super::kept::{Where, read, unreadable};
use super::webhooks::table;
use crate::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Every link holds the hash of the one before: SHA-256 of that hash and the entry as canonical
JSON (RFC 8785). An entry that was changed, taken out or put in breaks the chain there; links
cut off at the end are missed too.

Examples:
  tenon audit verify
      follows the whole chain of the store `tenon.db`, while a gateway runs or not;
      exit status 1 when it is broken, with the link at which it is
  tenon audit list --limit 20
      the last 20 entries
  tenon audit list --from 1 --limit 1000 --format json
      the first thousand, with their hashes, to follow elsewhere
  tenon audit verify --url https://api.example.com
      the gateway follows its own chain; the token in TENON_TOKEN needs the scope
      `tenon:audit` or `tenon:operator`";

/// `tenon audit`, as typed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Follow the chain from its first link; exit status 1 when it is broken.
    Verify(Verify),
    /// List entries.
    List(List),
}

/// `tenon audit verify`, as typed.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Where to look.
    #[command(flatten)]
    pub place: Where,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Pretty, value_name = "FORMAT")]
    pub format: Format,
}

/// `tenon audit list`, as typed.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Where to look.
    #[command(flatten)]
    pub place: Where,
    /// From this number on; the first entry has number 1 [default: the last entries].
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub from: Option<u64>,
    /// How many at most.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(LINKS_MAX)))]
    pub limit: u32,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Pretty, value_name = "FORMAT")]
    pub format: Format,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable JSON.
    Json,
}

/// Follows the chain, or lists it.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    match &arguments.what {
        What::Verify(arguments) => verify(arguments, terminal),
        What::List(arguments) => list(arguments, terminal),
    }
}

fn verify(arguments: &Verify, terminal: &Terminal) -> Outcome {
    let report = match &arguments.place.url {
        Some(url) => arguments.place.ask(url, "audit/verify")?,
        None => {
            let report = verify_audit(&arguments.place.open()?).map_err(|error| unreadable(&error))?;
            report_json(&report)
        }
    };
    let text = match arguments.format {
        Format::Json => format!("{report:#}\n"),
        Format::Pretty => verdict(&report),
    };
    terminal.print(|out| out.write_all(text.as_bytes()))?;
    let holds = report.get("holds").and_then(Value::as_bool) == Some(true);
    Ok(if holds { Exit::Clean } else { Exit::Findings })
}

fn verdict(report: &Value) -> String {
    let links = crate::render::counted(number(report, "/links"), "link");
    match report.pointer("/broken/problem").and_then(Value::as_str) {
        None => format!("the chain holds: {links}\n"),
        Some(problem) => {
            let at = number(report, "/broken/number");
            format!("the chain is broken at link {at}: {problem}\n{links} before it hold\n")
        }
    }
}

fn number(value: &Value, pointer: &str) -> usize {
    value
        .pointer(pointer)
        .and_then(Value::as_u64)
        .and_then(|number| usize::try_from(number).ok())
        .unwrap_or_default()
}

fn list(arguments: &List, terminal: &Terminal) -> Outcome {
    let items = match &arguments.place.url {
        Some(url) => {
            let first = match arguments.from {
                Some(first) => first,
                None => {
                    let head = arguments.place.ask(url, "audit?limit=1")?;
                    last_ones(head.pointer("/head/number").and_then(Value::as_u64), arguments.limit)
                }
            };
            let path = format!("audit?from={first}&limit={}", arguments.limit);
            let answer = arguments.place.ask(url, &path)?;
            answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default()
        }
        None => kept(arguments)?,
    };
    let text = match arguments.format {
        Format::Json => format!("{:#}\n", json!({ "version": 1, "items": items })),
        Format::Pretty => table(
            &json!({ "items": items }),
            &["number", "at", "tenant", "actor", "operation", "outcome", "code", "correlation_id"],
        ),
    };
    terminal.print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn kept(arguments: &List) -> Result<Vec<Value>, Failure> {
    let store = arguments.place.open()?;
    let from = match arguments.from {
        Some(from) => from,
        None => {
            let heads = store.heads().map_err(|error| unreadable(&error))?;
            last_ones(Some(heads.audit_seq), arguments.limit)
        }
    };
    Ok(match read(&store, Read::Audit { from, limit: arguments.limit })? {
        Some(Found::Audit(links)) => links.iter().map(link_json).collect(),
        _ => Vec::new(),
    })
}

/// The number the last entries begin with.
fn last_ones(last: Option<u64>, count: u32) -> u64 {
    last.unwrap_or_default().saturating_sub(u64::from(count)).saturating_add(1)
}
