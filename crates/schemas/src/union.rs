//! `oneOf` and `anyOf`: a value that fits no branch is told what it lacks for the branch it comes
//! nearest to, or what all branches want of it if they want the same kind of thing.

use tenon_source::{At, Node};

use crate::failure::{Failure, FailureKind};
use crate::wording::{any_of, describe};

/// The failures worth telling, given those of each branch; `None` where no branch told any.
pub(crate) fn choose<'v>(
    mut branches: Vec<Vec<Failure<'v>>>,
    node: Node<'v>,
    keyword: Option<At>,
) -> Option<Vec<Failure<'v>>> {
    branches.retain(|failures| !failures.is_empty());
    if node.is_object() && node.get("$ref").is_none() {
        // Where a reference may stand, one that is not there was not meant.
        let meant =
            |failures: &Vec<Failure<'_>>| !failures.iter().any(|failure| lacks_reference(failure, node));
        if branches.iter().any(meant) {
            branches.retain(meant);
        }
    }
    if let Some(merged) = merge(&branches, node, keyword) {
        return Some(vec![merged]);
    }
    branches.into_iter().min_by_key(|failures| cost(failures, node))
}

fn lacks_reference(failure: &Failure<'_>, node: Node<'_>) -> bool {
    let lacks = failure.kind == FailureKind::Missing && failure.node == node;
    lacks && failure.expected.iter().any(|name| name == "`$ref`")
}

/// Several branches that want the same thing of one value in different ways, as one failure: one
/// of some types, one of some members, one of some choices.
fn merge<'v>(branches: &[Vec<Failure<'v>>], node: Node<'v>, keyword: Option<At>) -> Option<Failure<'v>> {
    if branches.len() < 2 {
        return None;
    }
    let types = in_each(branches, |failures| failures.iter().find(|failure| is_type_of(failure, node)));
    if let Some(found) = types {
        let names = all_expected(&found);
        let problem = format!("should be {}, not {}", any_of(&names), describe(node));
        return Some(Failure::new(node, FailureKind::Type, problem, keyword).expecting(names));
    }
    let members = in_each(branches, |failures| match failures {
        [only] if only.kind == FailureKind::Missing && only.node == node => Some(only),
        _ => None,
    });
    if let Some(found) = members {
        let names = all_expected(&found);
        let problem = format!("has no {}, and needs one", any_of(&names));
        return Some(Failure::new(node, FailureKind::Missing, problem, keyword).expecting(names));
    }
    let found = in_each(branches, |failures| {
        failures.iter().find(|failure| failure.kind == FailureKind::Choice && is_near(failure, node))
    })?;
    let tag = found.first()?.node;
    if found.iter().any(|failure| failure.node != tag) {
        return None;
    }
    let names = all_expected(&found);
    let problem = format!("should be {}, not {}", any_of(&names), describe(tag));
    Some(Failure::new(tag, FailureKind::Choice, problem, keyword).expecting(names))
}

fn in_each<'f, 'v>(
    branches: &'f [Vec<Failure<'v>>],
    find: impl Fn(&'f [Failure<'v>]) -> Option<&'f Failure<'v>>,
) -> Option<Vec<&'f Failure<'v>>> {
    branches.iter().map(|failures| find(failures)).collect()
}

fn all_expected(failures: &[&Failure<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in failures.iter().flat_map(|failure| &failure.expected) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// How far a value is from a branch: another type, then another tag (`type: cat` where the branch
/// wants `dog`), then members that are missing or too many; what is wrong deeper inside shows
/// that the branch was meant.
fn cost(failures: &[Failure<'_>], node: Node<'_>) -> (usize, usize, usize) {
    let near =
        |kind| failures.iter().filter(|failure| failure.kind == kind && is_near(failure, node)).count();
    let types = failures.iter().filter(|failure| is_type_of(failure, node)).count();
    let shape = near(FailureKind::Missing) + near(FailureKind::Unexpected);
    (types, near(FailureKind::Choice), shape * 4 + failures.len())
}

fn is_type_of(failure: &Failure<'_>, node: Node<'_>) -> bool {
    failure.kind == FailureKind::Type && failure.node == node
}

/// Whether a failure is about a value or one of its members.
fn is_near(failure: &Failure<'_>, node: Node<'_>) -> bool {
    failure.node == node || failure.node.parent().is_some_and(|parent| parent == node)
}
