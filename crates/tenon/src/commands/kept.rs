//! Where commands look that show what a gateway keeps: its store, or the gateway itself.

use std::path::PathBuf;

use serde_json::Value;
use tenon_gateway::ask::{Method, Question, ask};
use tenon_storage::engines::Sqlite;
use tenon_storage::{Engine as _, Found, Read, StoreError};

use super::token::STORE_DEFAULT;
use super::webhooks::{TOKEN_VARIABLE, refusal};
use crate::failure::Failure;

/// Where to look, as typed.
#[derive(Debug, clap::Args)]
pub struct Where {
    /// The store, as `sqlite:FILE`; a gateway may be writing to it [default: `sqlite:tenon.db`].
    #[arg(long, value_name = "STORE", value_parser = file, conflicts_with = "url")]
    pub store: Option<PathBuf>,
    /// Ask a gateway that runs instead.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// What shows the gateway who asks [default: the variable `TENON_TOKEN`].
    #[arg(long, value_name = "TOKEN", requires = "url")]
    pub token: Option<String>,
}

fn file(text: &str) -> Result<PathBuf, String> {
    match text.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(PathBuf::from(path)),
        None if text == "memory" => {
            Err("what is kept in memory is in no file: ask the gateway with `--url`".to_owned())
        }
        _ => Err("write `sqlite:FILE`".to_owned()),
    }
}

impl Where {
    /// The store, opened to read.
    pub fn open(&self) -> Result<Sqlite, Failure> {
        let usual = PathBuf::from(STORE_DEFAULT);
        let path = self.store.as_ref().unwrap_or(&usual);
        Sqlite::open_to_read(path).map_err(|error| unreadable(&error))
    }

    /// What the gateway answers to a path below `/_tenon/`.
    pub fn ask(&self, url: &str, path: &str) -> Result<Value, Failure> {
        let token = self.token.clone().or_else(|| std::env::var(TOKEN_VARIABLE).ok());
        let path = format!("/_tenon/{path}");
        let question = Question { url, token: token.as_deref(), method: Method::GET, path: &path };
        let said = ask(&question).map_err(|error| Failure::gateway_silent(url, &error))?;
        let value: Value = serde_json::from_slice(&said.body).unwrap_or_default();
        match said.status {
            200..300 => Ok(value),
            status => Err(Failure::gateway_refused(status, &refusal(&value), token.is_some())),
        }
    }
}

/// Reads one thing of a store.
pub fn read(store: &Sqlite, read: Read) -> Result<Option<Found>, Failure> {
    Ok(store.read(&[read]).map_err(|error| unreadable(&error))?.into_iter().next())
}

/// A store that cannot be read.
pub fn unreadable(error: &StoreError) -> Failure {
    let said = match error {
        // What failed is said well enough by what it says.
        StoreError::Engine(what) => what.clone(),
        other => other.to_string(),
    };
    Failure::usage(said, "name another with `--store sqlite:FILE`, or ask a gateway with `--url`")
}
