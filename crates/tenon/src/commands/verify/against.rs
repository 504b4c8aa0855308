//! What is asked over HTTP, and who asks: the URL, tokens that were given, a key to make others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tenon_gateway::authenticate::{DevelopmentKey, SigningKey, development};
use tenon_gateway::{SystemEntropy, World};
use tenon_verify::world::{Clock, Tokens};

use crate::commands::token::STORE_DEFAULT;
use crate::disk;
use crate::failure::Failure;

/// What to ask over HTTP, as typed.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// Where the implementation is: `http://127.0.0.1:8080`. Without it, a gateway runs for this
    /// check alone, with a store in memory and a clock that goes when it is told to;
    /// `own` says so where a contract is held to it.
    #[arg(long, value_name = "URL")]
    pub against: Option<String>,
    /// A token of an actor; may be given again for others.
    #[arg(long = "token", value_name = "ACTOR=TOKEN", value_parser = token, requires = "against")]
    pub tokens: Vec<(String, String)>,
    /// A key that tokens are made with: a private key as PEM, a secret, or a development key
    /// [default: the development key of the store, where there is one].
    #[arg(long, value_name = "FILE", requires = "against")]
    pub token_key: Option<PathBuf>,
    /// The store whose development key is taken.
    #[arg(long, value_name = "STORE", default_value = STORE_DEFAULT)]
    pub store: String,
    /// Issuer of the tokens that are made.
    #[arg(long, value_name = "ISSUER", default_value = development::ISSUER)]
    pub issuer: String,
    /// Audience of the tokens that are made.
    #[arg(long, value_name = "AUDIENCE", default_value = development::AUDIENCE)]
    pub audience: String,
}

impl Arguments {
    /// As if nothing was typed: a gateway of its own.
    pub fn own() -> Self {
        Self {
            against: None,
            tokens: Vec::new(),
            token_key: None,
            store: STORE_DEFAULT.to_owned(),
            issuer: development::ISSUER.to_owned(),
            audience: development::AUDIENCE.to_owned(),
        }
    }
}

fn token(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((actor, token)) if !actor.is_empty() && !token.is_empty() => {
            Ok((actor.to_owned(), token.to_owned()))
        }
        _ => Err("write it as ACTOR=TOKEN".to_owned()),
    }
}

/// Tokens that were given, and those that are made with a key.
pub struct Keyring {
    given: BTreeMap<String, String>,
    key: Option<SigningKey>,
    issuer: String,
    audience: String,
}

impl Keyring {
    /// What was typed.
    ///
    /// # Errors
    /// Where the key that was named is none.
    pub fn typed(arguments: &Arguments) -> Result<Self, Failure> {
        let problem = |path: &Path, message: &str, help: &str| {
            Failure::usage(format!("{}: {message}", disk::shown(path)), help)
        };
        let key = match &arguments.token_key {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| Failure::file(&disk::shown(path), "read", &error))?;
                Some(SigningKey::parse(&text).map_err(|found| problem(path, &found.message, &found.help))?)
            }
            None => {
                let store = arguments.store.strip_prefix("sqlite:").unwrap_or(&arguments.store);
                let path = DevelopmentKey::path(Path::new(store));
                match path.exists() {
                    true => {
                        let key = DevelopmentKey::open(&path, &SystemEntropy);
                        let key = key.map_err(|found| problem(&path, &found.message, &found.help))?;
                        Some(SigningKey::development(&key))
                    }
                    false => None,
                }
            }
        };
        Ok(Self {
            given: arguments.tokens.iter().cloned().collect(),
            key,
            issuer: arguments.issuer.clone(),
            audience: arguments.audience.clone(),
        })
    }

    /// The tokens of a gateway that runs for one check.
    pub fn own(key: &DevelopmentKey) -> Self {
        Self {
            given: BTreeMap::new(),
            key: Some(SigningKey::development(key)),
            issuer: development::ISSUER.to_owned(),
            audience: development::AUDIENCE.to_owned(),
        }
    }
}

impl Tokens for Keyring {
    fn given(&self, actor: &str) -> Option<String> {
        self.given.get(actor).cloned()
    }

    fn mint(&self, claims: &Map<String, Value>) -> Result<String, String> {
        let Some(key) = &self.key else {
            return Err(
                "give one with `--token ACTOR=TOKEN`, or a key to make it with `--token-key FILE`".to_owned()
            );
        };
        let mut claims = claims.clone();
        claims.entry("iss").or_insert_with(|| self.issuer.clone().into());
        claims.entry("aud").or_insert_with(|| self.audience.clone().into());
        key.sign(&claims, None).map_err(|problem| problem.to_string())
    }
}

/// The machine's clock: nobody's to set.
pub struct MachineClock(World);

impl MachineClock {
    /// The clock.
    pub fn new() -> Self {
        Self(World::system())
    }
}

impl Clock for MachineClock {
    fn now_ms(&self) -> i64 {
        self.0.now_ms()
    }

    fn advance(&self, _: u64) -> bool {
        false
    }
}

/// What tells one run from others against the same store.
pub fn run_id(clock: &dyn Clock) -> String {
    format!("{:x}-{:x}", clock.now_ms(), std::process::id())
}
