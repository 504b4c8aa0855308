//! The expressions of contracts: CEL, compiled once, bounded in everything.
//!
//! The grammar is that of the crate `cel`; what it parsed is lowered to a small tree of our own
//! and walked here, because an expression must end, must not grow, must not panic and must give
//! the same bytes every time, whatever a contract or a request holds.

mod evaluate;
mod functions;
pub mod limits;
mod lower;
mod node;
mod preflight;
mod template;
mod value;

use serde_json::Value;

use node::Node;
pub use template::{CompiledTemplate, TemplateProblem};

/// Why a text is no expression that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionProblem {
    /// What is wrong, and what to do.
    pub message: String,
    /// Where, in bytes from the start of the text.
    pub offset: usize,
}

impl std::fmt::Display for ExpressionProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExpressionProblem {}

/// Why an expression gave nothing. It is the contract's fault, or of a request beyond all limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionFailure {
    /// What happened; holds names and types, never values.
    pub message: String,
    /// Whether a limit was reached.
    pub limit: bool,
}

impl ExpressionFailure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), limit: false }
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self { message: message.into(), limit: true }
    }
}

impl std::fmt::Display for ExpressionFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExpressionFailure {}

/// Names a scope usually comes to have, a count: room for them is made at once.
const NAMES_USUAL: usize = 16;

/// What the names of expressions stand for. Cheap: it borrows everything.
#[derive(Debug, Clone, Default)]
pub struct Scope<'a> {
    names: Vec<(&'a str, &'a Value)>,
}

impl<'a> Scope<'a> {
    /// A scope without names.
    #[must_use]
    pub fn new() -> Self {
        Self { names: Vec::with_capacity(NAMES_USUAL) }
    }

    /// Adds a name; of equal names the last counts.
    pub fn bind(&mut self, name: &'a str, value: &'a Value) {
        self.names.push((name, value));
    }

    /// The same with one more name.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: &'a Value) -> Self {
        self.bind(name, value);
        self
    }

    /// What a name stands for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.names.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Expression {
    text: String,
    node: Node,
    names: Vec<(String, usize)>,
}

impl Expression {
    /// Compiles a text.
    ///
    /// # Errors
    /// When it is no expression, calls what is not known, or is beyond a limit of [`limits`].
    pub fn compile(text: &str) -> Result<Self, ExpressionProblem> {
        let (node, names) = lower::compile(text)?;
        Ok(Self { text: text.to_owned(), node, names })
    }

    /// The text it was compiled from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names it needs in its scope, each once, with the byte where it first stands. Compare
    /// them with what will be there: a name that is missing fails only when it is met.
    pub fn names(&self) -> impl Iterator<Item = (&str, usize)> {
        self.names.iter().map(|(name, offset)| (name.as_str(), *offset))
    }

    /// Whether it is nothing but a path such as `request.lead.email`.
    #[must_use]
    pub fn is_path(&self) -> bool {
        matches!(self.node, Node::Path { .. })
    }

    /// The value; `null` for `absent` and for a path that leads nowhere.
    ///
    /// # Errors
    /// When it cannot be worked out, or reaches a limit.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, ExpressionFailure> {
        Ok(self.evaluate_or_absent(scope)?.unwrap_or(Value::Null))
    }

    /// The value; `None` for `absent`, and where the expression is nothing but a path that leads
    /// nowhere.
    ///
    /// # Errors
    /// When it cannot be worked out, or reaches a limit.
    pub fn evaluate_or_absent(&self, scope: &Scope<'_>) -> Result<Option<Value>, ExpressionFailure> {
        if let Node::Path { root, steps } = &self.node {
            return Ok(walk(scope, root, steps)?.cloned());
        }
        evaluate::run(&self.node, scope)
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// When it gives anything but `true` or `false`, cannot be worked out, or reaches a limit.
    pub fn holds(&self, scope: &Scope<'_>) -> Result<bool, ExpressionFailure> {
        let value = match &self.node {
            Node::Path { root, steps } => walk(scope, root, steps)?.and_then(Value::as_bool),
            node => evaluate::run(node, scope)?.and_then(|value| value.as_bool()),
        };
        value.ok_or_else(|| {
            ExpressionFailure::new(format!(
                "`{}` should give true or false, and gives something else",
                self.text
            ))
        })
    }
}

/// The value a path leads to.
fn walk<'a>(scope: &Scope<'a>, root: &str, steps: &[String]) -> Result<Option<&'a Value>, ExpressionFailure> {
    let mut value = scope.get(root).ok_or_else(|| unknown(root))?;
    for step in steps {
        match value.get(step.as_str()) {
            Some(next) => value = next,
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

fn unknown(name: &str) -> ExpressionFailure {
    ExpressionFailure::new(format!("`{name}` is not known here"))
}
