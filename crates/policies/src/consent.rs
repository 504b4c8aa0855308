//! Whether the person concerned agreed. See `consent.md`.

use serde_json::Value;
use tenon_graph::serving::{OperationServing, Template};
use tenon_storage::ConsentState;

use crate::{CompiledTemplate, Condition, ExpressionFailure, Refusal, Scope, Waiver};

/// What an operation asks for.
#[derive(Debug, Clone, Default)]
pub struct ConsentRule {
    /// Whose consent; a text, once it is worked out.
    pub subject: Option<CompiledTemplate>,
    /// Consent scopes, each with when it is needed; always where it does not say.
    pub scopes: Vec<(String, Option<CompiledTemplate>)>,
    /// The scopes the request itself grants; a text or a list of texts, once it is worked out.
    pub given: Option<CompiledTemplate>,
}

/// What one request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsentQuestion {
    /// Whose consent; nobody's where it cannot be told, and then nothing is granted.
    pub subject: Option<String>,
    /// Consent scopes that are all needed.
    pub needed: Vec<String>,
    /// Consent scopes the request itself grants.
    pub given: Vec<String>,
}

impl ConsentRule {
    /// What the contract says of an operation. Scopes that only have a condition come after those of
    /// the list. `compile` compiles expressions, and keeps what is wrong with one that gives nothing:
    /// a condition that gives nothing counts as always met.
    pub fn of(
        consent: Option<&tenon_graph::Consent>,
        serving: &OperationServing,
        mut compile: impl FnMut(&Template) -> Option<CompiledTemplate>,
    ) -> Self {
        let listed = consent.map(|consent| consent.scopes.as_slice()).unwrap_or_default();
        let mut scopes: Vec<(String, Option<CompiledTemplate>)> =
            listed.iter().map(|scope| (scope.text.clone(), None)).collect();
        for (scope, when) in &serving.consent_needs {
            let when = compile(when);
            match scopes.iter_mut().find(|(known, _)| *known == scope.text) {
                Some((_, slot)) => *slot = when,
                None => scopes.push((scope.text.clone(), when)),
            }
        }
        Self {
            subject: serving.consent_subject.as_ref().and_then(&mut compile),
            scopes,
            given: serving.consent_given.as_ref().and_then(&mut compile),
        }
    }

    /// What a request asks for.
    ///
    /// # Errors
    /// When an expression fails. The request must not go on then: whether consent is needed is
    /// not known.
    pub fn ask(&self, scope: &Scope<'_>) -> Result<ConsentQuestion, ExpressionFailure> {
        let mut question = ConsentQuestion::default();
        for (name, when) in &self.scopes {
            let needed = match when {
                Some(when) => when.holds(scope)?,
                None => true,
            };
            if needed {
                question.needed.push(name.clone());
            }
        }
        if let Some(subject) = &self.subject {
            question.subject = match subject.render(scope)? {
                Value::String(text) if !text.is_empty() => Some(text),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
        }
        if let Some(given) = &self.given {
            question.given = match given.render(scope)? {
                Value::String(one) => vec![one],
                Value::Array(many) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                _ => Vec::new(),
            };
        }
        Ok(question)
    }
}

/// Why a scope counts as agreed to, or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentBasis {
    /// The registry says so, by the change with this id.
    Registry {
        /// Id of the change.
        change: String,
        /// Reference to the evidence.
        evidence: Option<String>,
    },
    /// The request itself brings the grant.
    Request,
    /// Nothing says so.
    Missing,
    /// It was withdrawn, by the change with this id.
    Withdrawn {
        /// Id of the change.
        change: String,
    },
}

/// One scope that was looked at; the audit has one entry for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentCheck {
    /// The consent scope.
    pub scope: String,
    /// What was found.
    pub basis: ConsentBasis,
}

impl ConsentCheck {
    /// Whether the scope is agreed to.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        matches!(self.basis, ConsentBasis::Registry { .. } | ConsentBasis::Request)
    }

    /// The outcome, as the audit has it.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        match self.basis {
            ConsentBasis::Registry { .. } => "granted",
            ConsentBasis::Request => "given",
            ConsentBasis::Missing => "missing",
            ConsentBasis::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// That consent is there, or not needed. Only [`decide`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consented {
    checks: Vec<ConsentCheck>,
}

impl Consented {
    /// The checks, in the order of the needed scopes.
    #[must_use]
    pub fn checks(&self) -> &[ConsentCheck] {
        &self.checks
    }

    /// For a refusal that was let through.
    #[must_use]
    pub fn waived(checks: Vec<ConsentCheck>, _: &Waiver) -> Self {
        Self { checks }
    }
}

/// A decision, with what it looked at: every check is audited, whatever comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentDecision {
    /// The checks, in the order of the needed scopes.
    pub checks: Vec<ConsentCheck>,
    /// The decision; the refusal is `consent_denied`, with a detail a scope that is missing.
    pub decision: Result<Consented, Refusal>,
}

/// Looks at every needed scope. `given` are scopes the request itself grants: they count where the
/// registry says nothing, but also over a withdrawal, since they are the later word.
#[must_use]
pub fn decide(needed: &[String], given: &[String], registry: &[ConsentState]) -> ConsentDecision {
    let mut checks: Vec<ConsentCheck> = Vec::with_capacity(needed.len());
    for scope in needed {
        if checks.iter().all(|check| check.scope != *scope) {
            checks.push(ConsentCheck { scope: scope.clone(), basis: basis(scope, given, registry) });
        }
    }
    let mut refusal = Refusal::new(Condition::ConsentDenied);
    for check in checks.iter().filter(|check| !check.is_granted()) {
        let reason = match check.basis {
            ConsentBasis::Withdrawn { .. } => "consent was withdrawn",
            _ => "consent was not given",
        };
        refusal = refusal.with_detail(check.scope.as_str(), reason);
    }
    let decision = match refusal.details.is_empty() {
        true => Ok(Consented { checks: checks.clone() }),
        false => {
            let missing: Vec<&str> = refusal.details.iter().map(|detail| detail.field.as_str()).collect();
            let message = format!("Consent is missing for: {}.", missing.join(", "));
            Err(refusal.with_message(message))
        }
    };
    ConsentDecision { checks, decision }
}

fn basis(scope: &str, given: &[String], registry: &[ConsentState]) -> ConsentBasis {
    // The registry hands out the latest word a scope; of several, the later counts.
    let word = registry.iter().filter(|state| state.scope == scope).max_by_key(|state| state.at_ms);
    match word {
        Some(state) if state.granted => {
            ConsentBasis::Registry { change: state.id.clone(), evidence: state.evidence.clone() }
        }
        _ if given.iter().any(|one| one == scope) => ConsentBasis::Request,
        Some(state) => ConsentBasis::Withdrawn { change: state.id.clone() },
        None => ConsentBasis::Missing,
    }
}
