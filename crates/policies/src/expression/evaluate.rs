//! Walking an expression.

use serde_json::Value;

use super::node::Node;
use super::{ExpressionFailure, Scope};

pub(super) fn run(_: &Node, _: &Scope<'_>) -> Result<Option<Value>, ExpressionFailure> {
    Err(ExpressionFailure::new("expressions that are no path are not evaluated yet"))
}
