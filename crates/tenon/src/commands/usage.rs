//! `tenon usage`: what was metered, summed by tenant, dimension and window.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::{Value, json};
use tenon_gateway::World;
use tenon_gateway::surface::usage::total_json;
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
    /// CloudEvents 1.0, a JSON batch: one event a sum, with the same id for the same window.
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
        Format::Csv => csv(&items, &window),
        Format::Cloudevents => {
            let events: Vec<Value> = items.iter().map(|item| event(item, &window)).collect();
            format!("{:#}\n", Value::Array(events))
        }
    };
    terminal.print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The window that was asked for.
struct Window {
    from: Option<String>,
    until: String,
}

fn summed(arguments: &Arguments, until_ms: i64) -> Result<Vec<Value>, Failure> {
    let query = UsageQuery {
        tenant: arguments.tenant.clone(),
        dimension: arguments.dimension.clone(),
        from_ms: arguments.from.unwrap_or_default(),
        until_ms,
    };
    Ok(match read(&arguments.place.open()?, Read::Usage(query))? {
        Some(Found::Usage(totals)) => totals.iter().map(total_json).collect(),
        _ => Vec::new(),
    })
}

fn asked(arguments: &Arguments, url: &str, until_ms: i64) -> Result<Vec<Value>, Failure> {
    let mut path = format!("usage?until={}", encoded(&rfc3339(until_ms)));
    let from = arguments.from.map(rfc3339);
    let filters = [("from", &from), ("tenant", &arguments.tenant), ("dimension", &arguments.dimension)];
    for (name, value) in filters {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", encoded(value)));
        }
    }
    let answer = arguments.place.ask(url, &path)?;
    Ok(answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default())
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

/// A sum as a CloudEvent: its id is what it is about, so that the same sum told twice counts once.
fn event(item: &Value, window: &Window) -> Value {
    let of = |name: &str| item.get(name).map(plain).unwrap_or_default();
    let billable = item.get("billable").and_then(Value::as_bool).unwrap_or_default();
    let from = window.from.as_deref().unwrap_or("begin");
    let kind = if billable { "billable" } else { "free" };
    let id = format!("{}/{}/{kind}/{from}/{}", of("tenant"), of("dimension"), window.until);
    let mut event = json!({
        "specversion": "1.0",
        "id": id,
        "source": "tenon",
        "type": "tenon.usage.total",
        "time": window.until,
        "datacontenttype": "application/json",
        "data": {
            "dimension": item.get("dimension"), "billable": billable, "quantity": item.get("quantity"),
            "events": item.get("events"), "from": window.from, "until": window.until,
        },
    });
    // CloudEvents allows no empty subject.
    let tenant = of("tenant");
    if let Some(members) = event.as_object_mut().filter(|_| !tenant.is_empty()) {
        members.insert("subject".to_owned(), tenant.into());
    }
    event
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
