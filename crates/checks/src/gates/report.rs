//! What a gate found, and how it is printed.

use tenon_source::{At, Code, Finding, Node};

use super::{Gate, GateInput, lines};

/// What a gate found.
#[derive(Debug, Clone)]
pub struct GateReport {
    /// The gate.
    pub gate: Gate,
    /// What is wrong, in the order of the contract.
    pub issues: Vec<Issue>,
    /// Checks that could not run, each with what they need.
    pub not_run: Vec<String>,
}

/// One failure.
#[derive(Debug, Clone)]
pub struct Issue {
    /// The failure in the seed's words: `METHOD PATH what is wrong`.
    pub line: String,
    /// The same with its place in the contract.
    pub finding: Finding,
}

impl GateReport {
    /// A report without an issue.
    #[must_use]
    pub fn new(gate: Gate) -> Self {
        Self { gate, issues: Vec::new(), not_run: Vec::new() }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.issues.is_empty()
    }

    /// Header, failures, result: the lines of seed 004.
    #[must_use]
    pub fn output(&self) -> String {
        let mut out = format!("=== {} ===\n", self.gate.header());
        for issue in &self.issues {
            out.push_str(&format!("[X] FAIL: {}\n", issue.line));
        }
        for what in &self.not_run {
            out.push_str(&format!("[-] N/A: {what}\n"));
        }
        if self.passed() {
            out.push_str(&format!("[OK] {}\n", self.gate.passed_line()));
        } else {
            out.push_str(&format!("[X] {} FAILED: {} issues\n", self.gate.title(), self.issues.len()));
        }
        out
    }

    /// The order of the contract: what is about all of it, then endpoint by endpoint, status first.
    pub(super) fn sort(&mut self) {
        self.issues.sort_by_key(|issue| {
            let pointer = issue.finding.pointer.as_deref().unwrap_or_default();
            let index = pointer.strip_prefix("/endpoints/").and_then(|rest| rest.split('/').next());
            let index = index.and_then(|index| index.parse::<usize>().ok());
            (index, lines::field_of(&issue.finding) != "status")
        });
    }

    /// Adds a failure of an endpoint: its line is the label and the message.
    pub(super) fn fail(
        &mut self,
        input: &GateInput<'_>,
        code: &'static Code,
        endpoint: &Endpoint<'_>,
        at: At,
        message: &str,
    ) {
        let separator = if message.starts_with(' ') { "" } else { " " };
        let line = format!("{}{separator}{message}", endpoint.label);
        let text = message.trim_start_matches([' ', '-']);
        let finding = input.ctx.graph.sources.finding(code, at, text).with_operation(&*endpoint.label);
        self.issues.push(Issue { line, finding });
    }

    /// Adds a failure whose line names no endpoint first.
    pub(super) fn fail_plainly(
        &mut self,
        input: &GateInput<'_>,
        code: &'static Code,
        at: At,
        message: &str,
        operation: Option<&str>,
    ) {
        let mut finding = input.ctx.graph.sources.finding(code, at, message);
        if let Some(operation) = operation {
            finding = finding.with_operation(operation);
        }
        self.issues.push(Issue { line: message.to_owned(), finding });
    }

    /// Adds what a rule found.
    pub(super) fn adopt(&mut self, input: &GateInput<'_>, finding: &Finding) {
        self.issues.push(Issue { line: lines::line(input, finding), finding: finding.clone() });
    }
}

/// One entry of `endpoints`.
pub(super) struct Endpoint<'g> {
    /// The entry.
    pub(super) node: Node<'g>,
    /// The entry's place.
    pub(super) at: At,
    /// How lines name it: method and path.
    pub(super) label: String,
}

impl<'g> Endpoint<'g> {
    /// The entry at an index of `endpoints`; what it lacks of its name is its index.
    pub(super) fn new(input: &GateInput<'g>, index: usize, node: Node<'g>) -> Self {
        let path = node.get_str("path").map_or_else(|| format!("endpoints[{index}]"), str::to_owned);
        let label = match node.get_str("method") {
            Some(method) => format!("{method} {path}"),
            None => path,
        };
        Self { node, at: At { file: input.contract, node: node.id() }, label }
    }

    /// A member of `serviceContract`.
    pub(super) fn contract(&self, name: &str) -> Option<Node<'g>> {
        self.node.get("serviceContract")?.get(name)
    }

    /// A text in `serviceContract`.
    pub(super) fn contract_str(&self, name: &str) -> Option<&'g str> {
        self.contract(name)?.as_str()
    }

    /// The place of a value of the same file.
    pub(super) fn place(&self, node: Node<'_>) -> At {
        At { file: self.at.file, node: node.id() }
    }

    /// Whether the endpoint may have code: everything but what is deferred.
    pub(super) fn is_built(&self) -> bool {
        self.node.get_str("status") != Some("deferred")
    }
}

/// A value's type with its article.
pub(super) fn kind_of(node: Node<'_>) -> &'static str {
    use tenon_source::Kind;
    match node.kind() {
        Kind::Null => "null",
        Kind::Bool => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}
