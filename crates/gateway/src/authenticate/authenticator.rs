//! The door's keeper: headers of a request to claims that are verified.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use http::HeaderMap;
use serde_json::{Map, Value};
use tenon_policies::Refusal;
use tenon_policies::identity::{self, Credentials, Identity, IdentityRule};

use super::api_keys::{self, ApiKey, KeyRing};
use super::cache::{Cache, Cached};
use super::header::{Presented, presented};
use super::keys::{KeySet, Signature};
use super::revocation::Revocations;
use super::source::{self, Source, Stamp};
use super::token::Token;
use super::{
    Algorithm, AuthenticationSettings, FILES_POLL_MS, IssuerSettings, JWKS_REFRESH_MS, KeySource,
    KeysProblem, Problem, Revocation, SettingsProblem, TOKEN_BYTES_MAX, TooManyRevocations,
    UNKNOWN_KEY_REFRESH_MS, development,
};
use crate::World;

/// How a caller proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By a token.
    Token,
    /// By an API key.
    ApiKey,
}

/// Claims that are verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// Who says so.
    pub issuer: String,
    /// How it was proved.
    pub method: Method,
    /// The claims themselves.
    pub members: Map<String, Value>,
    /// `exp`, in milliseconds since 1970.
    pub expires_ms: Option<i64>,
    /// `nbf`, in milliseconds since 1970.
    pub starts_ms: Option<i64>,
    /// `iat`, in milliseconds since 1970.
    pub issued_ms: Option<i64>,
    pub(super) identity: IdentityOnce,
}

/// Whom claims are of, worked out at their first request: they stay the same for as long as they are
/// remembered, and so does, nearly always, the rule.
#[derive(Debug, Clone, Default)]
pub(super) struct IdentityOnce(OnceLock<(IdentityRule, Identity)>);

/// It follows from the claims: those who have equal claims are equal.
impl PartialEq for IdentityOnce {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Claims {
    fn identity(&self, rule: &IdentityRule) -> Result<Identity, Refusal> {
        if let Some((known, identity)) = self.identity.0.get()
            && known == rule
        {
            return Ok(identity.clone());
        }
        let identity = identity::decide(rule, Credentials::Verified(&self.members), false)?;
        // Of two contracts with rules of their own the first one's is remembered.
        let _ = self.identity.0.set((rule.clone(), identity.clone()));
        Ok(identity)
    }
}

/// What came of looking at the credentials of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Verified {
    /// There are none.
    Anonymous,
    /// They are good.
    Claims(Arc<Claims>),
    /// They are not.
    Refused(Problem),
}

impl Verified {
    /// What the policy of identity is told.
    #[must_use]
    pub fn credentials(&self) -> Credentials<'_> {
        match self {
            Self::Anonymous => Credentials::None,
            Self::Claims(claims) => Credentials::Verified(&claims.members),
            Self::Refused(problem) if problem.is_expired() => Credentials::Expired,
            Self::Refused(_) => Credentials::Invalid,
        }
    }

    /// Who calls, as a contract reads its tokens.
    ///
    /// # Errors
    /// Those of [`identity::decide`], with what is wrong with the credentials.
    pub fn identity(&self, rule: &IdentityRule, public: bool) -> Result<Identity, Refusal> {
        match self {
            Self::Anonymous => identity::decide(rule, Credentials::None, public),
            Self::Claims(claims) => claims.identity(rule),
            Self::Refused(problem) => Err(problem.refusal()),
        }
    }

    /// The refusal, with what is wrong, where the credentials are not good.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(problem) => Some(problem.refusal()),
            Self::Anonymous | Self::Claims(_) => None,
        }
    }
}

/// Why a token is not taken, and whether newer keys could change that.
struct Miss {
    problem: Problem,
    /// The issuer whose keys may be old.
    stale: Option<usize>,
}

impl From<Problem> for Miss {
    fn from(problem: Problem) -> Self {
        Self { problem, stale: None }
    }
}

#[derive(Debug)]
struct Issuer {
    name: String,
    audiences: Vec<String>,
    algorithms: Vec<Algorithm>,
    keys: ArcSwap<KeySet>,
    remote: Option<Remote>,
}

/// Keys that live elsewhere.
#[derive(Debug)]
struct Remote {
    source: Source,
    /// Held while they are fetched: callers who need them wait for the one fetch.
    fetching: tokio::sync::Mutex<()>,
    /// When they were last asked for, well or not.
    asked_ms: AtomicI64,
}

/// Verifies tokens and API keys.
#[derive(Debug)]
pub struct Authenticator {
    issuers: Vec<Issuer>,
    cache: Cache,
    revocations: Revocations,
    api_keys_file: Option<PathBuf>,
    api_keys: ArcSwap<KeyRing>,
}

impl Authenticator {
    /// An authenticator of settings. Files are read now; addresses by [`Authenticator::load`].
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(settings: AuthenticationSettings) -> Result<Self, SettingsProblem> {
        let mut list = settings.issuers;
        if let Some(key) = &settings.development {
            list.push(IssuerSettings {
                issuer: development::ISSUER.to_owned(),
                audiences: vec![development::AUDIENCE.to_owned()],
                algorithms: vec![Algorithm::Hs256],
                keys: KeySource::Secret(key.secret().to_vec()),
            });
        }
        let mut issuers: Vec<Issuer> = Vec::new();
        for settings in list {
            if issuers.iter().any(|issuer| issuer.name == settings.issuer) {
                return Err(SettingsProblem::new(&settings.issuer, "it is set twice", "set it once"));
            }
            issuers.push(Issuer::new(settings)?);
        }
        let ring = match &settings.api_keys {
            Some(path) => read_api_keys(path).map_err(|problem| settings_problem("", problem))?,
            None => KeyRing::default(),
        };
        Ok(Self {
            issuers,
            cache: Cache::new(),
            revocations: Revocations::default(),
            api_keys_file: settings.api_keys,
            api_keys: ArcSwap::from_pointee(ring),
        })
    }

    /// Whether any credentials could be good.
    #[must_use]
    pub fn accepts_any(&self) -> bool {
        !self.issuers.is_empty() || self.accepts_api_keys()
    }

    /// Whether API keys are accepted, so that challenges say so.
    #[must_use]
    pub fn accepts_api_keys(&self) -> bool {
        self.api_keys_file.is_some()
    }

    /// Looks at the credentials of a request. Waits only where a token names a key that is not
    /// known, for its issuer's keys to be fetched, and that seldom.
    pub async fn verify(&self, headers: &HeaderMap, now_ms: i64) -> Verified {
        match self.look(headers, now_ms) {
            Err(Miss { stale: Some(at), .. }) => {
                if let Some(issuer) = self.issuers.get(at) {
                    issuer.refresh(now_ms, UNKNOWN_KEY_REFRESH_MS).await;
                }
                settle(self.look(headers, now_ms))
            }
            done => settle(done),
        }
    }

    /// The same, with the keys that are here: nothing is fetched.
    #[must_use]
    pub fn verify_now(&self, headers: &HeaderMap, now_ms: i64) -> Verified {
        settle(self.look(headers, now_ms))
    }

    /// Takes tokens or keys back, from the next call on. The caller keeps it, and says it again
    /// at the next start.
    ///
    /// # Errors
    /// When more is revoked than can be held: then it is not.
    pub fn revoke(&self, revocation: Revocation, now_ms: i64) -> Result<(), TooManyRevocations> {
        self.revocations.add(revocation, now_ms)
    }

    /// Verified tokens that are remembered now, for metrics.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.cache.len()
    }

    /// Takes other API keys than before, such as those of a file that changed.
    pub fn set_api_keys(&self, keys: &[ApiKey]) {
        self.api_keys.store(Arc::new(KeyRing::new(keys)));
    }

    /// Fetches the keys that live at an address; says which could not be. Their issuers' tokens
    /// are refused until they can.
    pub async fn load(&self, now_ms: i64) -> Vec<SettingsProblem> {
        let mut out = Vec::new();
        for issuer in self.issuers.iter().filter(|issuer| issuer.is_fetched()) {
            if let Some(problem) = issuer.refresh(now_ms, 0).await {
                out.push(settings_problem(&issuer.name, problem));
            }
        }
        out
    }

    /// Keeps keys of files and addresses fresh, for ever; to be spawned, and dropped at the end.
    pub async fn keep_fresh(&self, world: &World) {
        let mut stamps: Vec<Stamp> = Vec::new();
        for path in self.files() {
            stamps.push(source::stamp(&path).await);
        }
        loop {
            tokio::time::sleep(Duration::from_millis(FILES_POLL_MS)).await;
            let now_ms = world.now_ms();
            for issuer in self.issuers.iter().filter(|issuer| issuer.is_fetched()) {
                issuer.refresh(now_ms, JWKS_REFRESH_MS).await;
            }
            for (path, stamp) in self.files().into_iter().zip(&mut stamps) {
                let found = source::stamp(&path).await;
                if found != *stamp {
                    *stamp = found;
                    self.file_changed(&path, now_ms).await;
                }
            }
        }
    }

    /// Every file that is watched.
    fn files(&self) -> Vec<PathBuf> {
        let of_issuers = self.issuers.iter().filter_map(Issuer::file);
        of_issuers.chain(self.api_keys_file.clone()).collect()
    }

    async fn file_changed(&self, path: &PathBuf, now_ms: i64) {
        for issuer in self.issuers.iter().filter(|issuer| issuer.file().as_ref() == Some(path)) {
            issuer.refresh(now_ms, 0).await;
        }
        if self.api_keys_file.as_ref() == Some(path) {
            match read_api_keys(path) {
                Ok(ring) => {
                    self.api_keys.store(Arc::new(ring));
                    tracing::info!(file = %path.display(), "the API keys have changed");
                }
                Err(problem) => {
                    tracing::warn!(%problem, "the API keys have not changed: those before still count");
                }
            }
        }
    }

    fn look(&self, headers: &HeaderMap, now_ms: i64) -> Result<Option<Arc<Claims>>, Miss> {
        let claims = match presented(headers)? {
            Presented::Nothing => return Ok(None),
            Presented::Token(text) => self.token(text, now_ms)?,
            Presented::ApiKey(text) => self.api_keys.load().verify(text, now_ms)?,
        };
        if self.revocations.covers(&claims) {
            return Err(Problem::Revoked.into());
        }
        Ok(Some(claims))
    }

    fn token(&self, text: &str, now_ms: i64) -> Result<Arc<Claims>, Miss> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(Problem::TooLong.into());
        }
        if let Some(found) = self.cached(text, now_ms)? {
            return Ok(found);
        }
        let token = Token::read(text)?;
        let (algorithm, key_id) = token.head()?;
        let name = token.claims.get("iss").and_then(Value::as_str).ok_or(Problem::ClaimUnusable("iss"))?;
        let at = self.issuers.iter().position(|issuer| issuer.name == name);
        let at = at.ok_or(Problem::IssuerUnknown)?;
        let issuer = self.issuers.get(at).ok_or(Problem::IssuerUnknown)?;
        if !issuer.algorithms.contains(&algorithm) {
            return Err(Problem::AlgorithmNotAllowed.into());
        }
        let keys = issuer.keys.load();
        match keys.verify(algorithm, key_id, token.signed, token.signature) {
            Signature::Good => {}
            // A token that names no key may be of a new one, too.
            Signature::Wrong if key_id.is_some() => return Err(Problem::SignatureWrong.into()),
            Signature::Wrong => return Err(Miss { problem: Problem::SignatureWrong, stale: Some(at) }),
            Signature::KeyUnknown => return Err(Miss { problem: Problem::KeyUnknown, stale: Some(at) }),
        }
        let claims = Arc::new(token.into_claims(&issuer.audiences, now_ms)?);
        let (text, keys_version) = (Arc::from(text), keys.version);
        self.cache.insert(Cached { text, claims: Arc::clone(&claims), issuer: at, keys_version });
        Ok(claims)
    }

    /// A token that was verified before, if its issuer still has the same keys.
    fn cached(&self, text: &str, now_ms: i64) -> Result<Option<Arc<Claims>>, Problem> {
        let Some(found) = self.cache.get(text) else { return Ok(None) };
        let version = self.issuers.get(found.issuer).map(|issuer| issuer.keys.load().version);
        if version != Some(found.keys_version) || found.is_expired(now_ms) {
            self.cache.remove(text);
            return Ok(None);
        }
        found.claims.check_time(now_ms)?;
        Ok(Some(found.claims))
    }
}

impl Issuer {
    fn new(settings: IssuerSettings) -> Result<Self, SettingsProblem> {
        settings.check()?;
        let algorithms = &settings.algorithms;
        let (keys, source) = match &settings.keys {
            KeySource::Secret(secret) => (KeySet::of_secret(secret), None),
            KeySource::Pem(text) => (KeySet::of_pem(text), None),
            KeySource::Jwks(text) => (KeySet::of_jwks(text, algorithms, false), None),
            KeySource::JwksFile(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| source::unreadable(path, &error));
                let keys = text.and_then(|text| KeySet::of_jwks(&text, algorithms, false));
                (keys, Some(Ok(Source::File(path.clone()))))
            }
            KeySource::JwksUrl(url) => (Ok(KeySet::default()), Some(Source::url(url))),
        };
        let wrong = |problem| settings_problem(&settings.issuer, problem);
        let keys = keys.map_err(wrong)?;
        let is_here = source.is_none();
        if let Some(without) = algorithms.iter().find(|algorithm| is_here && !keys.serves(**algorithm)) {
            let message = format!("there is no key for {}", without.as_str());
            let help = "give one, or take the algorithm away";
            return Err(SettingsProblem::new(&settings.issuer, message, help));
        }
        let source = source.transpose().map_err(wrong)?;
        Ok(Self {
            keys: ArcSwap::from_pointee(keys),
            remote: source.map(|source| Remote {
                source,
                fetching: tokio::sync::Mutex::new(()),
                asked_ms: AtomicI64::new(i64::MIN),
            }),
            name: settings.issuer,
            audiences: settings.audiences,
            algorithms: settings.algorithms,
        })
    }

    fn is_fetched(&self) -> bool {
        self.remote.as_ref().is_some_and(|remote| remote.source.file().is_none())
    }

    fn file(&self) -> Option<PathBuf> {
        self.remote.as_ref()?.source.file().map(std::path::Path::to_path_buf)
    }

    /// Reads the keys again unless they were asked for within `after_ms`. Those before are kept
    /// where that fails.
    async fn refresh(&self, now_ms: i64, after_ms: i64) -> Option<KeysProblem> {
        let remote = self.remote.as_ref()?;
        let _one = remote.fetching.lock().await;
        if now_ms.saturating_sub(remote.asked_ms.load(Ordering::Acquire)) < after_ms {
            return None;
        }
        remote.asked_ms.store(now_ms, Ordering::Release);
        let is_public = remote.source.file().is_none();
        let text = remote.source.read().await;
        let keys = text.and_then(|text| KeySet::of_jwks(&text, &self.algorithms, is_public));
        match keys {
            Ok(keys) => {
                if let Some(keys) = keys.after(&self.keys.load()) {
                    self.keys.store(Arc::new(keys));
                }
                None
            }
            Err(problem) => {
                tracing::warn!(issuer = %self.name, %problem, "keys before still count");
                Some(problem)
            }
        }
    }
}

fn settle(looked: Result<Option<Arc<Claims>>, Miss>) -> Verified {
    match looked {
        Ok(None) => Verified::Anonymous,
        Ok(Some(claims)) => Verified::Claims(claims),
        Err(miss) => Verified::Refused(miss.problem),
    }
}

fn settings_problem(issuer: &str, problem: KeysProblem) -> SettingsProblem {
    SettingsProblem::new(issuer, problem.message, problem.help)
}

fn read_api_keys(path: &std::path::Path) -> Result<KeyRing, KeysProblem> {
    let text = std::fs::read_to_string(path).map_err(|error| source::unreadable(path, &error))?;
    Ok(KeyRing::new(&api_keys::parse(&text)?))
}
