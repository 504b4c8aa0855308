//! `tenon token`: development tokens and API keys, and what is in a token.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::{Map, Value, json};
use tenon_gateway::authenticate::{
    DevelopmentKey, Inspected, KeysProblem, NewApiKey, SigningKey, api_keys, development, inspect,
};
use tenon_gateway::{SystemEntropy, World};

use crate::Exit;
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

/// The store that commands mean where none is named.
pub const STORE_DEFAULT: &str = "tenon.db";

/// How long a token is good where nothing is said: long enough to try things out.
const EXPIRES_DEFAULT_MS: u64 = 3_600_000;

const EXAMPLES: &str = "\
Examples:
  tenon token --actor partner:acme --tenant t-1 --scope 'leads:write leads:read'
      a token for an hour, signed with the development key of the store `tenon.db`;
      `tenon serve --dev` with the same store takes it
  tenon token --actor agent:bot-7 --act-for partner:acme --tenant t-1 --expires 15m
      of an agent that acts for a partner
  curl -H \"Authorization: Bearer $(tenon token --actor user:u-1)\" http://127.0.0.1:8080/…
  tenon token --actor partner:acme --tenant t-1 --scope leads:write --api-key
      an API key, shown this once; its hash goes into `api-keys.json`, which `tenon.toml`
      names as `serve.api-keys`
  tenon token inspect eyJhbGciOi…
      what a token says and how long it is good";

/// `tenon token`, as typed.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub struct Arguments {
    /// What else to do.
    #[command(subcommand)]
    pub command: Option<Inner>,
    /// Who it is for, as `TYPE:ID`: `partner:acme`, `user:u-1`, `agent:bot-7`.
    #[arg(long, value_name = "TYPE:ID", value_parser = party)]
    pub actor: Option<Party>,
    /// The tenant.
    #[arg(long, value_name = "ID")]
    pub tenant: Option<String>,
    /// Scopes that are granted, with spaces between them; may be given several times.
    #[arg(long, value_name = "SCOPES")]
    pub scope: Vec<String>,
    /// A role that is held; may be given several times.
    #[arg(long, value_name = "ROLE")]
    pub role: Vec<String>,
    /// Whom the actor acts for, as `TYPE:ID`.
    #[arg(long, value_name = "TYPE:ID", value_parser = party)]
    pub act_for: Option<Party>,
    /// How long it is good: `15m`, `1h`, `30d` [default: `1h`; API keys do not end].
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub expires: Option<u64>,
    /// Further claims, as `NAME=VALUE`; the value is JSON, or else a text. May be given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = claim)]
    pub claim: Vec<(String, Value)>,
    /// Sign with this key: a private key as PEM (RSA, P-256, Ed25519), or a secret of 32 bytes or
    /// more [default: the development key of the store, made at first use].
    #[arg(long, value_name = "FILE", conflicts_with = "api_key")]
    pub key: Option<PathBuf>,
    /// Name the key (`kid`).
    #[arg(long, value_name = "NAME", requires = "key")]
    pub key_id: Option<String>,
    /// The claim `iss` [default: `tenon-dev`].
    #[arg(long, value_name = "NAME", requires = "key")]
    pub issuer: Option<String>,
    /// The claim `aud` [default: `tenon`].
    #[arg(long, value_name = "NAME", requires = "key")]
    pub audience: Option<String>,
    /// The store whose development key signs [default: `tenon.db`].
    #[arg(long, value_name = "STORE", conflicts_with_all = ["key", "api_key"])]
    pub store: Option<String>,
    /// Make an API key instead and add its hash to this file of keys [default: `api-keys.json`].
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "api-keys.json")]
    pub api_key: Option<PathBuf>,
}

/// What `tenon token` can do beside making one.
#[derive(Debug, clap::Subcommand)]
pub enum Inner {
    /// Show what a token says; nothing is verified.
    Inspect(Inspect),
}

/// `tenon token inspect`, as typed.
#[derive(Debug, clap::Args)]
pub struct Inspect {
    /// The token; `-` reads it from standard input.
    #[arg(value_name = "TOKEN")]
    pub token: String,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
}

/// Output formats of `tenon token inspect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable JSON.
    Json,
}

/// Somebody, by type and id.
#[derive(Debug, Clone)]
pub struct Party {
    kind: String,
    id: String,
}

fn party(text: &str) -> Result<Party, String> {
    match text.split_once(':') {
        Some((kind, id)) if !kind.is_empty() && !id.is_empty() => {
            Ok(Party { kind: kind.to_owned(), id: id.to_owned() })
        }
        _ => Err("write it as TYPE:ID, such as `partner:acme`".to_owned()),
    }
}

fn duration(text: &str) -> Result<u64, String> {
    tenon_gateway::duration_ms(text)
        .filter(|ms| *ms > 0)
        .ok_or_else(|| "write a number and `s`, `m`, `h` or `d`, such as `1h30m`".to_owned())
}

fn claim(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| "write it as NAME=VALUE".to_owned())?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}

/// Makes one, or shows one.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let world = World::system();
    let now_ms = world.now_ms();
    if let Some(Inner::Inspect(arguments)) = &arguments.command {
        return show(arguments, now_ms, terminal);
    }
    let actor = arguments.actor.as_ref().ok_or_else(|| {
        Failure::usage(
            "it is not said who the token is for",
            "add `--actor TYPE:ID`, such as `--actor partner:acme`",
        )
    })?;
    let mut claims = claims(arguments, actor);
    let text = match &arguments.api_key {
        Some(path) => {
            if let Some(ms) = arguments.expires {
                claims.insert("exp".to_owned(), Value::from(seconds_after(now_ms, ms)));
            }
            make_api_key(path, claims, now_ms, terminal)?
        }
        None => sign(arguments, claims, &world)?,
    };
    terminal.print(|out| writeln!(out, "{text}"))?;
    Ok(Exit::Clean)
}

/// What is said of the actor.
fn claims(arguments: &Arguments, actor: &Party) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), Value::from(actor.id.as_str()));
    claims.insert("actor_type".to_owned(), Value::from(actor.kind.as_str()));
    if let Some(tenant) = &arguments.tenant {
        claims.insert("tenant_id".to_owned(), Value::from(tenant.as_str()));
    }
    if !arguments.scope.is_empty() {
        claims.insert("scope".to_owned(), Value::from(arguments.scope.join(" ")));
    }
    if !arguments.role.is_empty() {
        claims.insert("roles".to_owned(), json!(arguments.role));
    }
    if let Some(party) = &arguments.act_for {
        claims.insert("act_for".to_owned(), json!({ "type": party.kind, "id": party.id }));
    }
    claims.extend(arguments.claim.iter().cloned());
    claims
}

fn sign(arguments: &Arguments, mut claims: Map<String, Value>, world: &World) -> Result<String, Failure> {
    let now_ms = world.now_ms();
    let expires_ms = arguments.expires.unwrap_or(EXPIRES_DEFAULT_MS);
    let named = |name: &Option<String>, default: &str| Value::from(name.as_deref().unwrap_or(default));
    for (name, value) in [
        ("iss", named(&arguments.issuer, development::ISSUER)),
        ("aud", named(&arguments.audience, development::AUDIENCE)),
        ("iat", Value::from(now_ms / 1000)),
        ("exp", Value::from(seconds_after(now_ms, expires_ms))),
        ("jti", Value::from(world.uuid())),
    ] {
        // A claim that was given by hand wins.
        claims.entry(name).or_insert(value);
    }
    let key = match &arguments.key {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::file(&disk::shown(path), "read", &error))?;
            SigningKey::parse(&text).map_err(|problem| {
                Failure::usage(format!("{}: {}", disk::shown(path), problem.message), problem.help)
            })?
        }
        None => {
            let store = arguments.store.as_deref().unwrap_or(STORE_DEFAULT);
            let path = DevelopmentKey::path(Path::new(store.strip_prefix("sqlite:").unwrap_or(store)));
            SigningKey::development(&DevelopmentKey::open(&path, &SystemEntropy).map_err(failure)?)
        }
    };
    key.sign(&claims, arguments.key_id.as_deref()).map_err(|problem| {
        Failure::usage(problem.to_string(), "give an RSA, P-256 or Ed25519 key, or a secret")
    })
}

fn make_api_key(
    path: &Path,
    claims: Map<String, Value>,
    now_ms: i64,
    terminal: &Terminal,
) -> Result<String, Failure> {
    let shown = disk::shown(path);
    let mut keys = match std::fs::read_to_string(path) {
        Ok(text) => api_keys::parse(&text)
            .map_err(|problem| Failure::usage(format!("{shown}: {}", problem.message), problem.help))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(Failure::file(&shown, "read", &error)),
    };
    let made = NewApiKey::make(claims, moment(now_ms), &SystemEntropy);
    let id = made.kept.id.clone();
    keys.push(made.kept);
    disk::write(path, api_keys::to_text(&keys).as_bytes())?;
    terminal.complain(&format!("the hash of key {id} is in {shown}; the key itself is shown this once:\n"));
    Ok(made.text)
}

fn failure(problem: KeysProblem) -> Failure {
    Failure::usage(problem.message, problem.help)
}

fn seconds_after(now_ms: i64, ms: u64) -> i64 {
    now_ms.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)) / 1000
}

/// A moment as RFC 3339, to the second.
fn moment(ms: i64) -> String {
    jiff::Timestamp::from_second(ms.div_euclid(1000)).map(|moment| moment.to_string()).unwrap_or_default()
}

fn show(arguments: &Inspect, now_ms: i64, terminal: &Terminal) -> Outcome {
    let text = match arguments.token.as_str() {
        "-" => std::io::read_to_string(std::io::stdin())
            .map_err(|error| Failure::file("standard input", "read", &error))?,
        token => token.to_owned(),
    };
    let text = text.trim();
    if text.starts_with(api_keys::PREFIX) {
        return Err(Failure::usage(
            "this is an API key: it says nothing by itself",
            "look its id, the part between the underscores, up in the file of keys",
        ));
    }
    let text = text.strip_prefix("Bearer ").unwrap_or(text);
    let found = inspect(text).map_err(|problem| {
        Failure::usage(problem.message(), "a token has three parts of base64url with dots between them")
    })?;
    terminal.print(|out| match arguments.format {
        Format::Json => {
            let value = json!({ "version": 1, "header": found.header, "claims": found.claims });
            writeln!(out, "{value:#}")
        }
        Format::Pretty => out.write_all(page(&found, now_ms).as_bytes()),
    })?;
    Ok(Exit::Clean)
}

/// Header and claims, with moments as people read them.
fn page(found: &Inspected, now_ms: i64) -> String {
    let mut out = String::new();
    for (title, members) in [("header", &found.header), ("claims", &found.claims)] {
        let _ = writeln!(out, "{title}");
        let width = members.keys().map(|name| name.chars().count()).max().unwrap_or_default();
        for (name, value) in members {
            let shown = value.as_str().map_or_else(|| value.to_string(), |text| format!("{text:?}"));
            let when = time_of(name, value, now_ms).map(|when| format!("  ({when})")).unwrap_or_default();
            let _ = writeln!(out, "  {name:width$}  {shown}{when}");
        }
    }
    out.push_str("nothing was verified: this is what the token says of itself\n");
    out
}

fn time_of(name: &str, value: &Value, now_ms: i64) -> Option<String> {
    let ms =
        matches!(name, "exp" | "nbf" | "iat" | "auth_time").then(|| value.as_i64())??.checked_mul(1000)?;
    let distance = |ms: i64| {
        let seconds = ms / 1000;
        match seconds {
            0..120 => format!("{seconds} s"),
            120..7_200 => format!("{} min", seconds / 60),
            7_200..172_800 => format!("{} h", seconds / 3600),
            _ => format!("{} days", seconds / 86_400),
        }
    };
    let when = moment(ms);
    let word = if name == "exp" { "expired " } else { "" };
    Some(match now_ms - ms {
        past @ 0.. => format!("{when}, {word}{} ago", distance(past)),
        future => format!("{when}, in {}", distance(-future)),
    })
}
