//! `tenon usage`: what was metered, summed by tenant, dimension and window.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::{Value, json};
use tenon_gateway::World;
use tenon_gateway::surface::usage::{EVENTS_MAX, event_json, total_json};
use tenon_storage::engines::Sqlite;
use tenon_storage::{Found, Read, UsageQuery};

use super::kept::{Where, read};
use super::webhooks::table;
use crate::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Usage is observed and gates nothing: a replayed request is not counted, nor a refused one.

Examples:
  tenon usage
      everything in the store `tenon.db`
  tenon usage --tenant t-1 --from 2026-01-01 --until 2026-02-01
      one tenant's January; the end does not belong to the window
  tenon usage --store sqlite:sales.db --format csv > usage.csv
  tenon usage --url https://api.example.com --format cloudevents
      asked of a gateway that runs, with the token in TENON_TOKEN; it needs the scope
      `tenon:usage`, or `tenon:operator` for every tenant's";

/// `tenon usage`, as typed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Where to look.
    #[command(flatten)]
    pub place: Where,
    /// Only this tenant's.
    #[arg(long, value_name = "TENANT")]
    pub tenant: Option<String>,
    /// Only this dimension.
    #[arg(long, value_name = "NAME")]
    pub dimension: Option<String>,
    /// From this day or moment on, UTC: `2026-01-31` or `2026-01-31T08:00:00Z`.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    pub from: Option<i64>,
    /// Before this day or moment [default: now].
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    pub until: Option<i64>,
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
    /// Comma-separated values (RFC 4180).
    Csv,
    /// CloudEvents 1.0, a JSON batch: one event a use, with an id that stays the same.
    Cloudevents,
}

/// A day, or a moment, in milliseconds since 1970.
fn moment(text: &str) -> Result<i64, String> {
    let whole = if text.len() == "2026-01-31".len() { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let parsed = whole.parse::<jiff::Timestamp>().map(|moment| moment.as_millisecond());
    parsed.map_err(|_| "write a day or a moment: `2026-01-31`, `2026-01-31T08:00:00Z`".to_owned())
}

fn rfc3339(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map(|moment| moment.to_string()).unwrap_or_default()
}

/// Sums and prints.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let until_ms = arguments.until.unwrap_or_else(|| World::system().now_ms());
    if arguments.format == Format::Cloudevents {
        return events(arguments, until_ms, terminal);
    }
    let items = match &arguments.place.url {
        Some(url) => asked(arguments, url, until_ms)?,
        None => summed(arguments, until_ms)?,
    };
    let window = Window { from: arguments.from.map(rfc3339), until: rfc3339(until_ms) };
    let text = match arguments.format {
        Format::Pretty => {
            table(&json!({ "items": items }), &["dimension", "tenant", "quantity", "events", "billable"])
        }
        Format::Json => {
            let value = json!({ "version": 1, "from": window.from, "until": window.until, "items": items });
            format!("{value:#}\n")
        }
        Format::Csv | Format::Cloudevents => csv(&items, &window),
    };
    terminal.print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The window that was asked for.
struct Window {
    from: Option<String>,
    until: String,
}

/// Every use, page after page: a list of any length is never held whole.
fn events(arguments: &Arguments, until_ms: i64, terminal: &Terminal) -> Outcome {
    let mut pages = Pages::new(arguments, until_ms)?;
    let mut first = true;
    while let Some(page) = pages.next()? {
        let mut text = String::new();
        for event in &page {
            let _ = write!(text, "{}\n  {event}", if first { "[" } else { "," });
            first = false;
        }
        terminal.print(|out| out.write_all(text.as_bytes()))?;
    }
    terminal.print(|out| out.write_all(if first { b"[]\n" } else { b"\n]\n" }))?;
    Ok(Exit::Clean)
}

/// Where uses come from.
enum Pages<'a> {
    /// A store, behind a use.
    Kept(Box<Sqlite>, UsageQuery, Option<(String, String, i64, String)>),
    /// A gateway, with the path of the next page.
    Asked(&'a Arguments, &'a str, String, String),
    /// There are no more.
    Over,
}

impl<'a> Pages<'a> {
    fn new(arguments: &'a Arguments, until_ms: i64) -> Result<Self, Failure> {
        Ok(match &arguments.place.url {
            Some(url) => {
                let path = asking(arguments, "usage/events", until_ms);
                Self::Asked(arguments, url, path.clone(), path)
            }
            None => Self::Kept(Box::new(arguments.place.open()?), query(arguments, until_ms), None),
        })
    }

    fn next(&mut self) -> Result<Option<Vec<Value>>, Failure> {
        match self {
            Self::Over => Ok(None),
            Self::Kept(store, query, after) => {
                let asked =
                    Read::UsageEvents { query: query.clone(), after: after.take(), limit: EVENTS_MAX };
                let Some(Found::UsageEvents(found)) = read(store, asked)? else { return Ok(None) };
                let items = found.iter().map(event_json).collect();
                match found.into_iter().next_back() {
                    Some(last) => *after = Some((last.tenant, last.dimension, last.at_ms, last.id)),
                    None => *self = Self::Over,
                }
                Ok(Some(items))
            }
            Self::Asked(arguments, url, base, path) => {
                let answer = arguments.place.ask(url, path)?;
                let items = answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
                match answer.get("next").and_then(Value::as_str) {
                    Some(next) => *path = format!("{base}&after={}", encoded(next)),
                    None => *self = Self::Over,
                }
                Ok(Some(items))
            }
        }
    }
}

fn query(arguments: &Arguments, until_ms: i64) -> UsageQuery {
    UsageQuery {
        tenant: arguments.tenant.clone(),
        dimension: arguments.dimension.clone(),
        from_ms: arguments.from.unwrap_or_default(),
        until_ms,
    }
}

fn summed(arguments: &Arguments, until_ms: i64) -> Result<Vec<Value>, Failure> {
    let query = query(arguments, until_ms);
    Ok(match read(&arguments.place.open()?, Read::Usage(query))? {
        Some(Found::Usage(totals)) => totals.iter().map(total_json).collect(),
        _ => Vec::new(),
    })
}

fn asked(arguments: &Arguments, url: &str, until_ms: i64) -> Result<Vec<Value>, Failure> {
    let answer = arguments.place.ask(url, &asking(arguments, "usage", until_ms))?;
    Ok(answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default())
}

/// What a gateway is asked for.
fn asking(arguments: &Arguments, what: &str, until_ms: i64) -> String {
    let mut path = format!("{what}?until={}", encoded(&rfc3339(until_ms)));
    let from = arguments.from.map(rfc3339);
    let filters = [("from", &from), ("tenant", &arguments.tenant), ("dimension", &arguments.dimension)];
    for (name, value) in filters {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", encoded(value)));
        }
    }
    path
}

/// A text as a value of a query.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            // Writing to a text cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

fn csv(items: &[Value], window: &Window) -> String {
    let mut out = String::from("tenant,dimension,billable,quantity,events,from,until\r\n");
    for item in items {
        let of = |name: &str| item.get(name).map(plain).unwrap_or_default();
        let from = window.from.clone().unwrap_or_default();
        let cells = ["tenant", "dimension", "billable", "quantity", "events"].map(of);
        let cells: Vec<String> = cells.iter().chain([&from, &window.until]).map(|cell| field(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A field, in quotes where RFC 4180 wants them.
fn field(text: &str) -> String {
    match text.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_their_formats_want_them() {
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"a\""), "\"say \"\"a\"\"\"");
        assert_eq!(encoded("2026-01-31T08:00:00Z&é"), "2026-01-31T08%3A00%3A00Z%26%C3%A9");
        assert_eq!(moment("2026-01-31"), moment("2026-01-31T00:00:00Z"));
        assert!(moment("tomorrow").is_err());
    }
}
