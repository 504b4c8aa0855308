//! What can be wrong with credentials, and what the caller is told of it.

use std::fmt::Write as _;

use tenon_policies::{Condition, Refusal};

/// What is wrong with credentials. None of them says anything that the caller did not send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Several credentials, or several headers of one.
    Ambiguous,
    /// A scheme other than those accepted.
    SchemeUnknown,
    /// Longer than any token.
    TooLong,
    /// Not three parts of base64url, or no JSON in them, or a member twice.
    Malformed,
    /// The header demands an extension (`crit`).
    ExtensionDemanded,
    /// The header says that it is no access token.
    TypeUnknown,
    /// No issuer of that name is trusted.
    IssuerUnknown,
    /// The issuer does not sign that way; `none` is among these.
    AlgorithmNotAllowed,
    /// The issuer has no such key.
    KeyUnknown,
    /// The signature is not the key's.
    SignatureWrong,
    /// A claim that must be there is missing or has the wrong type.
    ClaimUnusable(&'static str),
    /// Meant for others.
    AudienceWrong,
    /// Not valid yet.
    TooEarly,
    /// Valid once.
    Expired,
    /// Taken back.
    Revoked,
    /// No such API key, or not its secret.
    ApiKeyUnknown,
}

impl Problem {
    /// Whether the credentials were good once.
    #[must_use]
    pub fn is_expired(self) -> bool {
        self == Self::Expired
    }

    /// The refusal that the caller gets.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        let condition = if self.is_expired() { Condition::TokenExpired } else { Condition::TokenInvalid };
        Refusal::new(condition).with_message(self.message())
    }

    /// What is wrong, and what to do where there is something to do.
    #[must_use]
    pub fn message(self) -> String {
        match self {
            Self::Ambiguous => "There are several credentials; send one.".to_owned(),
            Self::SchemeUnknown => {
                "The scheme of `Authorization` is not accepted; send `Bearer` with a token or `ApiKey` with a key."
                    .to_owned()
            }
            Self::TooLong => {
                format!("The token is longer than {} bytes.", super::TOKEN_BYTES_MAX)
            }
            Self::Malformed => "The token is not a signed JSON Web Token.".to_owned(),
            Self::ExtensionDemanded => "The token demands an extension (`crit`) that is not known.".to_owned(),
            Self::TypeUnknown => "The token is of a type (`typ`) that gives no access.".to_owned(),
            Self::IssuerUnknown => "The issuer (`iss`) of the token is not trusted.".to_owned(),
            Self::AlgorithmNotAllowed => {
                "The token is signed in a way (`alg`) that its issuer does not sign in.".to_owned()
            }
            Self::KeyUnknown => "The key (`kid`) that signed the token is not known.".to_owned(),
            Self::SignatureWrong => "The signature of the token is not valid.".to_owned(),
            Self::ClaimUnusable(name) => {
                format!("The claim `{name}` of the token is missing or not usable.")
            }
            Self::AudienceWrong => "The token is meant for another audience (`aud`).".to_owned(),
            Self::TooEarly => "The token is not valid yet; is the clock right?".to_owned(),
            Self::Expired => "The token has expired; get a new one.".to_owned(),
            Self::Revoked => "The token or key has been revoked.".to_owned(),
            Self::ApiKeyUnknown => "The API key is not known.".to_owned(),
        }
    }
}

/// What `WWW-Authenticate` says of a refusal (RFC 6750).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge<'a> {
    /// There were no credentials.
    Missing,
    /// There were, with something wrong: the message.
    Invalid(&'a str),
    /// They are good and do not suffice: the scopes that would.
    InsufficientScope(&'a [String]),
}

impl<'a> Challenge<'a> {
    /// The challenge that goes with a refusal of status 401 or 403; none with others. `scopes` are
    /// those the operation needs.
    #[must_use]
    pub fn of(refusal: &'a Refusal, scopes: &'a [String]) -> Option<Self> {
        match refusal.condition {
            Condition::Unauthenticated => Some(Self::Missing),
            Condition::TokenInvalid | Condition::TokenExpired => Some(Self::Invalid(refusal.message())),
            Condition::ScopeMissing => Some(Self::InsufficientScope(scopes)),
            _ => None,
        }
    }

    /// The value of the header.
    #[must_use]
    pub fn value(&self, realm: &str, with_api_keys: bool) -> String {
        let realm = quoted(realm);
        let mut out = format!("Bearer realm={realm}");
        match self {
            Self::Missing => {}
            Self::Invalid(message) => {
                let _ = write!(out, ", error=\"invalid_token\", error_description={}", quoted(message));
            }
            Self::InsufficientScope(scopes) => {
                let _ = write!(out, ", error=\"insufficient_scope\", scope={}", quoted(&scopes.join(" ")));
            }
        }
        if with_api_keys {
            let _ = write!(out, ", ApiKey realm={realm}");
        }
        out
    }
}

/// A quoted string, of the characters that RFC 6750 allows in it: neither quotes nor backslashes,
/// nor anything that would end the header.
fn quoted(text: &str) -> String {
    let good = |character: char| matches!(character, ' '..='~') && !matches!(character, '"' | '\\');
    let kept: String = text
        .chars()
        .map(|character| if character == '`' { '\'' } else { character })
        .filter(|&character| good(character))
        .collect();
    format!("\"{kept}\"")
}
