//! An expression as it is walked.

use std::sync::Arc;

use regex::Regex;

use super::functions::Function;

/// One node.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Null,
    Absent,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Arc<str>),
    /// A path from a name of the scope.
    Path {
        root: String,
        steps: Vec<String>,
    },
    /// The variable of a comprehension, counted from the outermost.
    Local(usize),
    Select(Box<Node>, String),
    /// Whether a member is there.
    Has(Box<Node>, String),
    Index(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<(Node, Node, Node)>),
    Equal(Box<Node>, Box<Node>),
    Unequal(Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Arithmetic(Operator, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Call(Function, Vec<Node>),
    /// `text.matches('…')`; the pattern is compiled with the expression.
    Matches(Box<Node>, Regex),
    Walk(Box<Walk>),
}

/// A comprehension.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) kind: WalkKind,
    pub(super) range: Node,
    /// What must hold of an item, of every kind but `map` with two arguments.
    pub(super) condition: Option<Node>,
    /// What an item becomes, of `map`.
    pub(super) item: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WalkKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
