//! From the validator's errors to [`Failure`]s: references are followed to the errors behind
//! them, and of several schemas that a value may fit, the one it comes nearest to is told.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as K;
use tenon_graph::Graph;
use tenon_source::{At, Node, nearest};

use crate::failure::{Failure, FailureKind, keyword_place, plain};
use crate::instance::Instance;
use crate::reference::{self, NESTED_MAX};
use crate::validators::{Compiled, Key, Validators};
use crate::wording::{a_type, any_of, describe};

/// Most errors looked at for one value, a count: past this a value is of another kind altogether,
/// and nested `oneOf`s could keep the search busy for ever.
const ERRORS_MAX: usize = 2_000;

/// Failures of one value.
pub(crate) struct Report<'v> {
    validators: Option<&'v Validators<'v>>,
    /// References followed now, outermost first.
    open: Vec<(Key, Node<'v>)>,
    errors: usize,
}

/// Where the schema paths of errors count from.
#[derive(Clone, Copy)]
enum Origin {
    /// A schema of the graph, compiled alone.
    Lowered(At),
    /// A schema of the graph, compiled in its file.
    Native,
    /// A schema that is not in the graph.
    Elsewhere,
}

impl<'v> Report<'v> {
    pub(crate) fn new(validators: &'v Validators<'v>) -> Self {
        Self { validators: Some(validators), open: Vec::new(), errors: 0 }
    }

    /// For schemas that are not in any graph, such as the official ones.
    pub(crate) fn detached() -> Self {
        Self { validators: None, open: Vec::new(), errors: 0 }
    }

    pub(crate) fn failures(mut self, compiled: &Compiled, node: Node<'v>) -> Vec<Failure<'v>> {
        let mut out = self.behind(compiled, node);
        sort(&mut out);
        out
    }

    /// Failures of errors that a validator without references gave for `root`.
    pub(crate) fn of_errors<'e>(
        mut self,
        errors: impl Iterator<Item = ValidationError<'e>>,
        root: Node<'v>,
    ) -> Vec<Failure<'v>> {
        let mut out = Vec::new();
        for error in errors.take(ERRORS_MAX) {
            self.convert(Origin::Elsewhere, root, &error, &mut out);
        }
        sort(&mut out);
        out
    }

    fn behind(&mut self, compiled: &Compiled, node: Node<'v>) -> Vec<Failure<'v>> {
        let mut out = Vec::new();
        let (Some(validators), Some(validator)) = (self.validators, compiled.validator.as_ref()) else {
            return out;
        };
        let step = (compiled.key, node);
        if self.open.contains(&step) {
            return out;
        }
        if self.open.len() > NESTED_MAX as usize {
            return vec![Failure::new(node, FailureKind::Other, too_deep(), Some(compiled.key.at))];
        }
        self.open.push(step);
        let origin = match validators.is_whole(compiled.key) {
            true => Origin::Native,
            false => Origin::Lowered(compiled.key.at),
        };
        let instance = Instance::Value { node, references: Some(validators), frames: None };
        for error in validator.iter_errors(instance) {
            self.convert(origin, node, &error, &mut out);
        }
        self.open.pop();
        out
    }

    fn convert(
        &mut self,
        origin: Origin,
        root: Node<'v>,
        error: &ValidationError<'_>,
        out: &mut Vec<Failure<'v>>,
    ) {
        self.errors += 1;
        if self.errors > ERRORS_MAX {
            return;
        }
        let node = root.at(error.instance_path().as_str()).unwrap_or(root);
        let keyword = self.keyword(origin, error);
        match error.kind() {
            K::Custom { message, .. } => match (reference::decode(message), self.validators) {
                (Some(key), Some(validators)) => {
                    let target = validators.for_schema(key);
                    out.extend(self.behind(&target, node));
                }
                _ => out.push(Failure::new(node, FailureKind::Other, too_deep(), keyword)),
            },
            K::OneOfNotValid { context } | K::AnyOf { context } => {
                out.extend(self.union(origin, root, node, context, (keyword, error)));
            }
            K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => {
                for name in unexpected {
                    out.push(self.unexpected(node, name, keyword));
                }
            }
            K::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let mut failure = Failure::new(
                    node,
                    FailureKind::Missing,
                    format!("has no `{name}`, which it needs"),
                    keyword,
                );
                if node.parent().is_none() {
                    failure.subject = "the document".to_owned();
                }
                out.push(failure);
            }
            K::PropertyNames { error } => {
                let (_, problem) = plain(error.kind(), node);
                let problem = format!("has a member whose name is not allowed: it {problem}");
                out.push(Failure::new(node, FailureKind::Unexpected, problem, keyword));
            }
            // A limit of the engine says nothing about the value.
            K::BacktrackLimitExceeded { .. } | K::RegexEngineFailure { .. } => {}
            kind => {
                let (kind, problem) = plain(kind, node);
                out.push(Failure::new(node, kind, problem, keyword));
            }
        }
    }

    fn keyword(&self, origin: Origin, error: &ValidationError<'_>) -> Option<At> {
        let graph = self.validators?.graph();
        match origin {
            Origin::Lowered(schema) => keyword_place(graph, schema, error.schema_path().as_str()),
            Origin::Native => {
                let location = error.absolute_keyword_location()?;
                let files = graph.sources.iter().map(|(file, _)| file);
                crate::native::place_of(graph, files, location.as_str())
            }
            Origin::Elsewhere => None,
        }
    }

    fn unexpected(&self, node: Node<'v>, name: &str, keyword: Option<At>) -> Failure<'v> {
        let value = node.get(name).unwrap_or(node);
        let graph = self.validators.map(Validators::graph);
        let known =
            graph.zip(keyword).map(|(graph, keyword)| known_names(graph, keyword)).unwrap_or_default();
        let free = known.iter().copied().filter(|known| node.get(known).is_none());
        let problem = match nearest(name, free) {
            Some(near) => format!("is not allowed here; did you mean `{near}`?"),
            None => "is not allowed here".to_owned(),
        };
        Failure::new(value, FailureKind::Unexpected, problem, keyword)
    }

    /// The failures of the branch the value comes nearest to.
    fn union(
        &mut self,
        origin: Origin,
        root: Node<'v>,
        node: Node<'v>,
        branches: &[Vec<ValidationError<'static>>],
        (keyword, error): (Option<At>, &ValidationError<'_>),
    ) -> Vec<Failure<'v>> {
        let mut told: Vec<Vec<Failure<'v>>> = Vec::new();
        for branch in branches {
            let mut failures = Vec::new();
            for error in branch {
                self.convert(origin, root, error, &mut failures);
            }
            told.push(failures);
        }
        let wrong_type = |failures: &Vec<Failure<'_>>| {
            failures.iter().any(|failure| failure.kind == FailureKind::Type && failure.node == node)
        };
        if !told.is_empty() && told.iter().all(wrong_type) {
            return vec![Failure::new(node, FailureKind::Type, no_type_fits(branches, &told, node), keyword)];
        }
        let best = told
            .into_iter()
            .filter(|failures| !failures.is_empty())
            .min_by_key(|failures| cost(failures, node));
        best.unwrap_or_else(|| {
            let (kind, problem) = plain(error.kind(), node);
            vec![Failure::new(node, kind, problem, keyword)]
        })
    }
}

/// How far a value is from a branch: another type, then another tag (`type: cat` where the branch
/// wants `dog`), then members that are missing or too many; what is wrong deeper inside shows
/// that the branch was meant.
fn cost(failures: &[Failure<'_>], node: Node<'_>) -> (usize, usize, usize) {
    let here =
        |kind| failures.iter().filter(|failure| failure.kind == kind && is_member(failure, node)).count();
    let at_root =
        failures.iter().filter(|failure| failure.node == node && failure.kind == FailureKind::Type).count();
    let shape = here(FailureKind::Missing) + here(FailureKind::Unexpected);
    (at_root, here(FailureKind::Choice), shape * 4 + failures.len())
}

fn is_member(failure: &Failure<'_>, node: Node<'_>) -> bool {
    failure.node == node || failure.node.parent().is_some_and(|parent| parent == node)
}

fn no_type_fits(
    branches: &[Vec<ValidationError<'static>>],
    told: &[Vec<Failure<'_>>],
    node: Node<'_>,
) -> String {
    let mut names: Vec<String> = Vec::new();
    let errors = branches.iter().flatten().filter_map(|error| match error.kind() {
        K::Type { kind: jsonschema::error::TypeKind::Single(one) } => Some(a_type(one.as_str()).to_owned()),
        _ => None,
    });
    // What stands behind a reference is told already, in words.
    let behind = told.iter().flatten().filter_map(|failure| {
        let rest = failure.problem.strip_prefix("should be ")?;
        Some(rest.split(", not ").next()?.to_owned())
    });
    for name in errors.chain(behind) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    format!("should be {}, not {}", any_of(&names), describe(node))
}

/// The member names the schema that holds a keyword knows.
fn known_names(graph: &Graph, keyword: At) -> Vec<&str> {
    let Some(schema) = graph.node(keyword).parent() else { return Vec::new() };
    let Some(properties) = schema.get("properties") else { return Vec::new() };
    properties.members().map(|(name, _)| name).collect()
}

fn too_deep() -> String {
    format!("was not checked further: references of its schema lead more than {NESTED_MAX} levels deep")
}

/// Document order, and each failure once: `allOf` says some things twice.
fn sort(failures: &mut Vec<Failure<'_>>) {
    failures.sort_by_key(|failure| failure.node.id());
    let mut seen: Vec<(tenon_source::NodeId, String)> = Vec::new();
    failures.retain(|failure| {
        let same = (failure.node.id(), failure.problem.clone());
        let new = !seen.contains(&same);
        if new {
            seen.push(same);
        }
        new
    });
}
