//! `tenon webhooks`: deliveries, dead letters, replay and secrets, asked of the gateway that runs.

use std::fmt::Write as _;

use clap::{Subcommand, ValueEnum};
use serde_json::Value;
use tenon_gateway::ask::{Method, Question, ask};

use crate::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

/// Where the token stands when it is not typed: what is typed can be seen by others on the machine.
pub(super) const TOKEN_VARIABLE: &str = "TENON_TOKEN";

/// `tenon webhooks`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
    /// The gateway that runs.
    #[arg(long, global = true, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: String,
    /// What shows who asks [default: the variable `TENON_TOKEN`].
    #[arg(long, global = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Only this tenant's.
    #[arg(long, global = true, value_name = "TENANT")]
    pub tenant: Option<String>,
    /// How to print.
    #[arg(long, global = true, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// As the gateway says it.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum What {
    /// List the subscriptions.
    List,
    /// List deliveries, newest first.
    Deliveries {
        /// How many at most.
        #[arg(long, default_value_t = 50, value_name = "COUNT")]
        limit: u32,
    },
    /// List deliveries that were given up.
    Dead {
        /// How many at most.
        #[arg(long, default_value_t = 50, value_name = "COUNT")]
        limit: u32,
    },
    /// Make a delivery again, with the same event id.
    Replay {
        /// Number of the delivery.
        id: u64,
    },
    /// Give a subscription a new secret; the older ones sign too until they are dropped.
    Rotate {
        /// Id of the subscription.
        subscription: String,
    },
    /// Drop all secrets of a subscription but the newest.
    DropOlder {
        /// Id of the subscription.
        subscription: String,
    },
    /// Switch a subscription on again, after its endpoint said it was gone.
    Enable {
        /// Id of the subscription.
        subscription: String,
    },
    /// Send a test event to a subscription now, and tell what it met.
    Test {
        /// Id of the subscription.
        subscription: String,
    },
}

/// Asks the gateway and prints what it says.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let (method, path) = call(&arguments.what, arguments.tenant.as_deref())?;
    let token = arguments.token.clone().or_else(|| std::env::var(TOKEN_VARIABLE).ok());
    let question = Question { url: &arguments.url, token: token.as_deref(), method, path: &path };
    let said = ask(&question).map_err(|error| Failure::gateway_silent(&arguments.url, &error))?;
    let body = String::from_utf8_lossy(&said.body).into_owned();
    let value: Value = serde_json::from_str(&body).unwrap_or_default();
    if !(200..300).contains(&said.status) {
        return Err(Failure::gateway_refused(said.status, &refusal(&value), token.is_some()));
    }
    let text = match arguments.format {
        Format::Json => format!("{body}\n"),
        Format::Pretty => pretty(&arguments.what, &value),
    };
    terminal.print(|out| out.write_all(text.as_bytes()))?;
    let is_refused = value.get("accepted").and_then(Value::as_bool) == Some(false);
    Ok(if is_refused { Exit::Findings } else { Exit::Clean })
}

/// The call that does it.
fn call(what: &What, tenant: Option<&str>) -> Result<(Method, String), Failure> {
    let of = |subscription: &str, step: &str| {
        let id = segment("SUBSCRIPTION", subscription)?;
        Ok((Method::POST, format!("/subscriptions/{id}/{step}"), None))
    };
    let (method, path, limit) = match what {
        What::List => (Method::GET, String::new(), None),
        What::Deliveries { limit } => (Method::GET, "/deliveries".to_owned(), Some(*limit)),
        What::Dead { limit } => (Method::GET, "/dead".to_owned(), Some(*limit)),
        What::Replay { id } => (Method::POST, format!("/deliveries/{id}/replay"), None),
        What::Rotate { subscription } => of(subscription, "rotate")?,
        What::DropOlder { subscription } => of(subscription, "drop-older")?,
        What::Enable { subscription } => of(subscription, "enable")?,
        What::Test { subscription } => of(subscription, "test")?,
    };
    let limit = limit.map(|limit| format!("limit={limit}"));
    let tenant = tenant.map(|tenant| segment("--tenant", tenant)).transpose()?;
    let query: Vec<String> =
        limit.into_iter().chain(tenant.map(|tenant| format!("tenant={tenant}"))).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    Ok((method, format!("/_tenon/webhooks{path}{query}")))
}

/// A text that stands in an address as it is.
fn segment<'t>(name: &str, text: &'t str) -> Result<&'t str, Failure> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte);
    if text.is_empty() || !text.bytes().all(is_plain) {
        let help = "ids have letters, digits and `-._~:@`; `tenon webhooks list` shows them";
        return Err(Failure::usage(format!("{name} cannot be `{text}`"), help));
    }
    Ok(text)
}

/// Why a gateway refused, from problem details or an envelope.
pub(super) fn refusal(value: &Value) -> String {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    let code = text("/code").or_else(|| text("/error/code"));
    let said = text("/detail").or_else(|| text("/error/message")).or_else(|| text("/title"));
    match (code, said) {
        (Some(code), Some(said)) => format!("{code}: {said}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "it does not say why".to_owned(),
    }
}

fn pretty(what: &What, value: &Value) -> String {
    match what {
        What::List => table(value, &["id", "tenant", "state", "secrets", "url", "events"]),
        What::Deliveries { .. } | What::Dead { .. } => table(
            value,
            &["id", "subscription", "event_id", "type", "state", "attempts", "next_attempt_at", "last"],
        ),
        What::Replay { .. } | What::DropOlder { .. } | What::Enable { .. } | What::Test { .. } => {
            members(value)
        }
        What::Rotate { subscription } => format!(
            "{}This secret is shown once. The older ones sign too until `tenon webhooks drop-older \
             {subscription}`.\n",
            members(value)
        ),
    }
}

/// One line an item, the columns aligned.
pub(super) fn table(value: &Value, columns: &[&str]) -> String {
    let items = value.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        return "none\n".to_owned();
    }
    let head = columns.iter().map(|column| (*column).to_owned()).collect();
    let row = |item: &Value| columns.iter().map(|column| cell(item.get(*column))).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(items.iter().map(row)).collect();
    let width =
        |index: usize| rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns.len()).map(|index| width(index).unwrap_or_default()).collect();
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            // Writing to a text cannot fail.
            let _ = write!(line, "{cell:<width$}  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// One line a member.
fn members(value: &Value) -> String {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| format!("{name}: {}\n", cell(Some(value)))).collect()
}

/// A value on one line. What others have written shows nothing but itself.
fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join(","),
        Some(other) => other.to_string(),
    };
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect()
}
