//! What stops the start: contracts that cannot be served as they are written.

use super::sees::Sees;
use tenon_graph::Graph;
use tenon_source::{At, Code, Finding, Level};

/// An expression that does not compile.
pub static EXPRESSION_INVALID: Code = Code {
    id: "SV001",
    name: "expression-invalid",
    summary: "An expression of a handler does not compile",
    level: Level::Error,
    aliases: &[],
};

/// A name that leads nowhere.
pub static NAME_UNKNOWN: Code = Code {
    id: "SV002",
    name: "serving-name-unknown",
    summary: "A handler names an entity, event, code or rate class that the contract does not declare",
    level: Level::Error,
    aliases: &[],
};

/// Two operations with one route, or a path no router takes.
pub static ROUTE_INVALID: Code = Code {
    id: "SV003",
    name: "route-invalid",
    summary: "An operation's path cannot be served beside the others",
    level: Level::Error,
    aliases: &[],
};

/// Something a handler needs is not said, or not usable.
pub static HANDLER_INVALID: Code = Code {
    id: "SV004",
    name: "handler-invalid",
    summary: "A handler lacks something, or something it says cannot be used",
    level: Level::Error,
    aliases: &[],
};

/// What every expression of a request sees.
const OF_REQUESTS: [&str; 11] = [
    "request",
    "params",
    "query",
    "headers",
    "actor",
    "principal",
    "tenant",
    "now",
    "id",
    "correlation_id",
    "request_id",
];

/// Every code of this kind.
pub static ALL: &[&Code] = &[&EXPRESSION_INVALID, &NAME_UNKNOWN, &ROUTE_INVALID, &HANDLER_INVALID];

/// The problems of one plan.
#[derive(Debug)]
pub struct Problems<'g> {
    graph: &'g Graph,
    found: Vec<Finding>,
    /// Names the expressions compiled now can see.
    known: Vec<String>,
    /// What expressions see that were compiled.
    pub(super) sees: Sees,
}

impl<'g> Problems<'g> {
    /// None yet.
    #[must_use]
    pub fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            found: Vec::new(),
            sees: Sees::default(),
            known: OF_REQUESTS.map(str::to_owned).to_vec(),
        }
    }

    /// From here on expressions see a request, and these names.
    pub fn see(&mut self, names: &[&str]) {
        self.see_only(&OF_REQUESTS);
        self.see_too(names);
    }

    /// From here on expressions see these names, and nothing of a request.
    pub fn see_only(&mut self, names: &[&str]) {
        self.known.clear();
        self.see_too(names);
    }

    /// From here on expressions see these names too.
    pub fn see_too(&mut self, names: &[&str]) {
        self.known.extend(names.iter().map(|name| (*name).to_owned()));
    }

    /// A name in an expression must lead somewhere: a typing mistake would fail with the first request.
    pub fn look_up(&mut self, name: &str, at: At) {
        if self.known.iter().any(|known| known == name) {
            return;
        }
        let near = tenon_source::nearest(name, self.known.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here are {}", self.known.join(", ")),
        };
        self.add(&EXPRESSION_INVALID, at, format!("the expression knows nothing named `{name}`"), &help);
    }

    /// Adds one.
    pub fn add(&mut self, code: &'static Code, at: At, message: impl Into<String>, help: &str) {
        let finding = self.graph.sources.finding_at_value(code, at, message);
        self.found.push(if help.is_empty() { finding } else { finding.with_help(help) });
    }

    /// A duration, as in `30s`; a problem where it is none.
    pub fn duration_ms(&mut self, text: Option<&tenon_graph::Name>, default: u64) -> u64 {
        let Some(text) = text else { return default };
        match tenon_policies::duration::duration_ms(&text.text) {
            Some(duration) if duration > 0 => duration,
            _ => {
                let message = format!("`{}` is no length of time", text.text);
                self.add(&HANDLER_INVALID, text.at, message, "write a number and `ms`, `s`, `m`, `h` or `d`");
                default
            }
        }
    }

    /// All of them, in the order of the files.
    #[must_use]
    pub fn finish(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|finding| finding.place);
        self.found
    }
}
