//! From text to the tree that is walked.

use super::ExpressionProblem;
use super::node::Node;

pub(super) fn compile(text: &str) -> Result<(Node, Vec<(String, usize)>), ExpressionProblem> {
    let mut steps = text.split('.').map(|step| step.trim().to_owned());
    let root = steps.next().unwrap_or_default();
    let names = vec![(root.clone(), 0)];
    Ok((Node::Path { root, steps: steps.collect() }, names))
}
