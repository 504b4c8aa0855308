//! Limits in a contract, and the environment variables that configure them.

use tenon_graph::service::EnvVariable;
use tenon_source::{At, Node};

use super::{Endpoint, ServiceFacts};
use crate::facts::words::words;

/// What a limit or a variable is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    /// Sizes of uploads.
    Upload,
    /// Sizes of pages.
    Pagination,
    /// Calls in a window of time.
    Rate,
}

impl Domain {
    /// What messages call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Pagination => "pagination",
            Self::Rate => "rate",
        }
    }
}

/// A limit that a contract sets.
#[derive(Debug, Clone)]
pub struct Limit<'g> {
    /// The field, such as `maxSizeMb`.
    pub field: &'static str,
    /// Its place.
    pub at: At,
    /// What it is about.
    pub domain: Domain,
    /// Its value in the base unit of its domain: bytes, records, calls or seconds.
    pub value: f64,
    /// The `configSource` that stands at its level: a text, or the member of an object of texts.
    pub source: Option<Node<'g>>,
}

const MEGABYTE: f64 = 1024.0 * 1024.0;

/// The domain a variable's name speaks of.
#[must_use]
pub fn domain_of_variable(name: &str) -> Option<Domain> {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["rate", "ratelimit", "window", "throttle", "requests"]) {
        Some(Domain::Rate)
    } else if has(&["page", "pages", "pagination", "paging", "pagesize"]) {
        Some(Domain::Pagination)
    } else if has(&["upload", "uploads", "file", "files", "attachment", "mb", "bytes", "kb"]) {
        Some(Domain::Upload)
    } else if has(&["limit"]) && has(&["default", "max", "min"]) && !has(&["size"]) {
        Some(Domain::Pagination)
    } else {
        None
    }
}

/// A variable's number in the base unit of its domain, by the unit in its name.
#[must_use]
pub fn in_base_unit(name: &str, domain: Domain, number: f64) -> f64 {
    let words = words(name);
    let has = |unit: &str| words.iter().any(|word| word == unit);
    let factor = match domain {
        Domain::Pagination => 1.0,
        Domain::Upload if has("bytes") => 1.0,
        Domain::Upload if has("kb") => 1024.0,
        Domain::Upload if has("mb") => MEGABYTE,
        Domain::Upload if has("gb") => 1024.0 * MEGABYTE,
        // No unit: nobody limits uploads to a few hundred bytes, or allows a million megabytes.
        Domain::Upload if number < 100_000.0 => MEGABYTE,
        Domain::Upload => 1.0,
        Domain::Rate if has("ms") || has("millis") || has("milliseconds") => 0.001,
        Domain::Rate if has("minutes") || has("mins") || has("min") => 60.0,
        Domain::Rate if has("hours") => 3600.0,
        Domain::Rate => 1.0,
    };
    number * factor
}

impl<'g> ServiceFacts<'g> {
    /// The limits that an endpoint or its contract sets itself.
    #[must_use]
    pub fn limits(&self, endpoint: &Endpoint<'g>) -> Vec<Limit<'g>> {
        let outer = endpoint.node(self.graph);
        let inner = endpoint.service.contract.map(|at| self.graph.node(at));
        let mut out = Vec::new();
        let outer_source = outer.get("configSource");
        let inner_source = inner.and_then(|node| node.get("configSource"));
        self.push_limit(
            &mut out,
            outer,
            "maxSizeMb",
            Domain::Upload,
            MEGABYTE,
            outer_source.or(inner_source),
        );
        let rates = outer.get("rateLimits").or_else(|| inner.and_then(|node| node.get("rateLimits")));
        if let Some(rates) = rates {
            let source = rates.get("configSource").or(outer_source).or(inner_source);
            self.push_limit(&mut out, rates, "requests", Domain::Rate, 1.0, source);
            self.push_limit(&mut out, rates, "windowMinutes", Domain::Rate, 60.0, source);
        }
        if let Some(pagination) = endpoint.service.pagination.map(|at| self.graph.node(at)) {
            let source = pagination.get("configSource").or(inner_source).or(outer_source);
            self.push_limit(&mut out, pagination, "maxPageSize", Domain::Pagination, 1.0, source);
            self.push_limit(&mut out, pagination, "defaultPageSize", Domain::Pagination, 1.0, source);
        }
        out
    }

    fn push_limit(
        &self,
        out: &mut Vec<Limit<'g>>,
        owner: Node<'g>,
        field: &'static str,
        domain: Domain,
        factor: f64,
        source: Option<Node<'g>>,
    ) {
        let Some(node) = owner.get(field) else { return };
        let Some(value) = node.as_f64() else { return };
        let source =
            source.and_then(|source| if source.is_object() { source.get(field) } else { Some(source) });
        let at = At { file: self.contract.file, node: node.id() };
        out.push(Limit { field, at, domain, value: value * factor, source });
    }

    /// The variable that the environment manifest has for a limit: same domain, same kind of limit,
    /// a number as its default.
    #[must_use]
    pub fn variable_for(&self, limit: &Limit<'g>) -> Option<&'g EnvVariable> {
        self.env?.variables.iter().find(|variable| {
            let is_number = variable.default.as_ref().is_some_and(|text| text.text.parse::<f64>().is_ok());
            is_number
                && domain_of_variable(&variable.name.text) == Some(limit.domain)
                && same_kind(limit.field, &words(&variable.name.text))
        })
    }
}

/// Whether a variable's words speak of that very limit.
fn same_kind(field: &str, words: &[String]) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match field {
        "maxSizeMb" => {
            has(&["max", "maximum", "limit"]) && has(&["size", "mb", "bytes", "kb", "upload", "uploads"])
        }
        "maxPageSize" => has(&["max", "maximum"]),
        "defaultPageSize" => has(&["default"]),
        "windowMinutes" => has(&["window"]),
        "requests" => has(&["max", "limit", "requests"]) && !has(&["window"]),
        _ => false,
    }
}
