//! The table `serve` of `tenon.toml`. What it names (files, variables) is only read by
//! [`ServeConfig::authentication`] and [`ServeConfig::tls`]: `tenon check` needs none of it.

use std::path::PathBuf;

use tenon_gateway::authenticate::{
    Algorithm, AuthenticationSettings, IssuerSettings, KeySource, SettingsProblem,
};
use tenon_gateway::http::cors::Cors;
use tenon_gateway::http::tls::TlsSettings;
use tenon_source::Span;
use toml::de::DeTable;

use super::Config;
use super::read::{span_of, table, text, texts};
use crate::disk;
use crate::failure::Failure;

/// The keys that say where an issuer's keys are.
const KEY_PLACES: &[&str] = &["jwks-url", "jwks-file", "pem-file", "secret-file", "secret-env"];

/// An issuer as configured.
#[derive(Debug, Clone)]
struct Issuer {
    name: String,
    audiences: Vec<String>,
    algorithms: Vec<Algorithm>,
    /// Which of [`KEY_PLACES`], and what it says.
    keys: (&'static str, String),
    span: Span,
}

/// What a configuration says of serving.
#[derive(Debug, Default)]
pub struct ServeConfig {
    /// Whether development tokens are accepted without `--dev`.
    pub development_tokens: bool,
    api_keys: Option<String>,
    /// Pages that may call.
    pub cors: Cors,
    /// Milestones whose decisions must be approved first.
    pub milestones: Vec<String>,
    issuers: Vec<Issuer>,
    tls: Option<(String, String, Option<String>)>,
    /// Where the table of TLS stands.
    tls_span: Span,
}

/// What is wrong at a place, and what to do.
type Wrong = (Span, String, String);

/// What the table says, and what is wrong with it beyond names and types of keys, which were said
/// before.
pub(super) fn read(root: &DeTable<'_>) -> (ServeConfig, Vec<Wrong>) {
    let mut wrong = Vec::new();
    let owned = |table: &DeTable<'_>, name: &str| text(table, name).map(|(text, _)| text.to_owned());
    let mut config = ServeConfig {
        development_tokens: root.get("development-tokens").and_then(|value| value.get_ref().as_bool())
            == Some(true),
        api_keys: owned(root, "api-keys"),
        milestones: texts(root, "milestones").into_iter().map(|(text, _)| text.to_owned()).collect(),
        ..ServeConfig::default()
    };
    for (origin, span) in texts(root, "cors-origins") {
        if Cors::new(&[origin.to_owned()]).is_err() {
            let help = "write it as browsers send it, such as `https://app.example.com`: scheme and host in \
                        lower case, a port where it is not the usual one, no path";
            wrong.push((span, format!("`{origin}` is no origin"), help.to_owned()));
        }
    }
    let origins: Vec<String> =
        texts(root, "cors-origins").into_iter().map(|(text, _)| text.to_owned()).collect();
    config.cors = Cors::new(&origins).unwrap_or_default();
    if let Some(tls) = table(root, "tls") {
        config.tls_span = root.get("tls").map(|value| span_of(value.span())).unwrap_or_default();
        if let (Some(certificate), Some(key)) = (owned(tls, "certificate"), owned(tls, "key")) {
            config.tls = Some((certificate, key, owned(tls, "client-ca")));
        }
    }
    let list = root.get("issuers").and_then(|value| value.get_ref().as_array());
    for item in list.into_iter().flat_map(|list| list.iter()) {
        let Some(table) = item.get_ref().as_table() else { continue };
        let span = span_of(item.span());
        let named: Vec<&'static str> =
            KEY_PLACES.iter().copied().filter(|name| table.contains_key(*name)).collect();
        let [place] = named.as_slice() else {
            let message = match named.as_slice() {
                [] => "the issuer does not say where its keys are".to_owned(),
                [first, second, ..] => format!("the issuer has both `{first}` and `{second}`"),
                [_] => continue,
            };
            let known = KEY_PLACES.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            wrong.push((span, message, format!("give one of {known}")));
            continue;
        };
        let (Some(name), Some(keys)) = (owned(table, "issuer"), owned(table, place)) else { continue };
        let list = |name| texts(table, name).into_iter().map(|(text, _)| text);
        config.issuers.push(Issuer {
            name,
            audiences: list("audiences").map(str::to_owned).collect(),
            algorithms: list("algorithms").filter_map(Algorithm::parse).collect(),
            keys: (*place, keys),
            span,
        });
    }
    (config, wrong)
}

impl ServeConfig {
    /// What is accepted, with secrets and keys read from where they are. The development key is
    /// for the caller to add.
    ///
    /// # Errors
    /// When a file or variable cannot be read, with the place that names it.
    pub fn authentication(&self, config: &Config) -> Result<AuthenticationSettings, Failure> {
        let mut issuers = Vec::with_capacity(self.issuers.len());
        for issuer in &self.issuers {
            let (place, said) = (issuer.keys.0, issuer.keys.1.as_str());
            let read = || {
                let path = config.path(said);
                std::fs::read_to_string(&path)
                    .map_err(|error| at(config, issuer.span, &unreadable(&path, &error)))
            };
            let keys = match place {
                "jwks-url" => KeySource::JwksUrl(said.to_owned()),
                "jwks-file" => KeySource::JwksFile(config.path(said)),
                "pem-file" => KeySource::Pem(read()?),
                "secret-file" => {
                    KeySource::Secret(read()?.trim_end_matches(['\r', '\n']).as_bytes().to_vec())
                }
                _ => KeySource::Secret(
                    std::env::var(said)
                        .map_err(|_| {
                            let message = format!("the environment variable `{said}` is not set");
                            at(config, issuer.span, &message).with_help("set it to the secret of the issuer")
                        })?
                        .into_bytes(),
                ),
            };
            issuers.push(IssuerSettings {
                issuer: issuer.name.clone(),
                audiences: issuer.audiences.clone(),
                algorithms: issuer.algorithms.clone(),
                keys,
            });
        }
        let api_keys = self.api_keys.as_deref().map(|path| config.path(path));
        Ok(AuthenticationSettings { issuers, api_keys, development: None })
    }

    /// Certificate and key of the door.
    #[must_use]
    pub fn tls(&self, config: &Config) -> Option<TlsSettings> {
        let (certificate, key, client_ca) = self.tls.as_ref()?;
        Some(TlsSettings {
            certificate: config.path(certificate),
            key: config.path(key),
            client_ca: client_ca.as_deref().map(|path| config.path(path)),
        })
    }

    /// A problem of the settings, at the place of the issuer that has it.
    #[must_use]
    pub fn failure(&self, config: &Config, problem: &SettingsProblem) -> Failure {
        let found = self.issuers.iter().rfind(|issuer| issuer.name == problem.issuer);
        let message = match problem.issuer.as_str() {
            "" => problem.message.clone(),
            issuer => format!("issuer `{issuer}`: {}", problem.message),
        };
        let failure = match found {
            Some(issuer) => at(config, issuer.span, &message),
            None => Failure::usage(message, ""),
        };
        failure.with_help(problem.help.clone())
    }

    /// A problem of the certificate, at the place that names it.
    #[must_use]
    pub fn tls_failure(&self, config: &Config, message: &str, help: &str) -> Failure {
        at(config, self.tls_span, message).with_help(help)
    }
}

impl Config {
    /// A path of the configuration, which is relative to its folder.
    pub fn path(&self, said: &str) -> PathBuf {
        let path = self.folder.as_ref().map_or_else(|| PathBuf::from(said), |folder| folder.join(said));
        PathBuf::from(disk::relative_to_current(&path))
    }
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> String {
    format!("cannot read {}: {}", disk::shown(path), Failure::reason(error))
}

fn at(config: &Config, span: Span, message: &str) -> Failure {
    match &config.source {
        Some(file) => Failure::at(&file.path, file.locate(span.start), message),
        None => Failure::usage(message, ""),
    }
}
