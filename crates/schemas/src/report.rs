//! From the validator's errors to [`Failure`]s: references are followed to the errors behind
//! them, and of several schemas that a value may fit, the one it comes nearest to is told.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as K;
use serde_json::Value;
use tenon_source::{At, Node, nearest};

use crate::failure::{Failure, FailureKind, expected, keyword_place, plain};
use crate::instance::Instance;
use crate::reference::{self, NESTED_MAX};
use crate::subject::Subject;
use crate::union::choose;
use crate::validators::{Compiled, Key, Validators};

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
enum Origin<'v> {
    /// A schema of the graph, compiled alone.
    Lowered(At),
    /// A schema of the graph, compiled in its file.
    Native,
    /// A schema that is not in the graph.
    Official(&'v Value),
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

    /// Failures of errors that a schema outside the graph gave for `root`.
    pub(crate) fn of_errors<'e>(
        mut self,
        errors: impl Iterator<Item = ValidationError<'e>>,
        root: Node<'v>,
        schema: &'v Value,
    ) -> Vec<Failure<'v>> {
        let mut out = Vec::new();
        for error in errors.take(ERRORS_MAX) {
            self.convert(Origin::Official(schema), root, &error, &mut out);
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
        let instance =
            Instance::Value { subject: Subject::Node(node), references: Some(validators), frames: None };
        for error in validator.iter_errors(instance) {
            self.convert(origin, node, &error, &mut out);
        }
        self.open.pop();
        out
    }

    fn convert(
        &mut self,
        origin: Origin<'v>,
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
                let branches = context.iter().map(|branch| self.branch(origin, root, branch)).collect();
                out.extend(choose(branches, node, keyword).unwrap_or_else(|| {
                    let (kind, problem) = plain(error.kind(), node);
                    vec![Failure::new(node, kind, problem, keyword)]
                }));
            }
            K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => {
                let known = match origin {
                    Origin::Official(schema) => official_names(schema, error.schema_path().as_str()),
                    _ => keyword.map(|keyword| self.known_names(keyword)).unwrap_or_default(),
                };
                out.extend(unexpected.iter().map(|name| unexpected_member(node, name, &known, keyword)));
            }
            K::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let problem = format!("has no `{name}`, which it needs");
                let failure = Failure::new(node, FailureKind::Missing, problem, keyword);
                out.push(failure.expecting(vec![format!("`{name}`")]));
            }
            K::PropertyNames { error } => {
                let (_, problem) = plain(error.kind(), node);
                // What it is instead is the name itself.
                let problem = problem.split(", not ").next().unwrap_or(&problem);
                let member = error.instance().as_str().and_then(|name| node.get(name));
                out.push(match member {
                    Some(member) => {
                        let problem = format!("is no name that is allowed here: it {problem}");
                        Failure::new(member, FailureKind::Unexpected, problem, keyword)
                    }
                    None => {
                        let problem = format!("has a member whose name is not allowed: it {problem}");
                        Failure::new(node, FailureKind::Unexpected, problem, keyword)
                    }
                });
            }
            // A limit of the engine says nothing about the value.
            K::BacktrackLimitExceeded { .. } | K::RegexEngineFailure { .. } => {}
            told => {
                let (kind, problem) = plain(told, node);
                out.push(Failure::new(node, kind, problem, keyword).expecting(expected(told)));
            }
        }
    }

    fn branch(
        &mut self,
        origin: Origin<'v>,
        root: Node<'v>,
        errors: &[ValidationError<'static>],
    ) -> Vec<Failure<'v>> {
        let mut failures = Vec::new();
        for error in errors {
            self.convert(origin, root, error, &mut failures);
        }
        failures
    }

    fn keyword(&self, origin: Origin<'v>, error: &ValidationError<'_>) -> Option<At> {
        let graph = self.validators?.graph();
        match origin {
            Origin::Lowered(schema) => keyword_place(graph, schema, error.schema_path().as_str()),
            Origin::Native => {
                let location = error.absolute_keyword_location()?;
                let files = graph.sources.iter().map(|(file, _)| file);
                crate::native::place_of(graph, files, location.as_str())
            }
            Origin::Official(_) => None,
        }
    }

    /// The member names the schema that holds a keyword knows.
    fn known_names(&self, keyword: At) -> Vec<&'v str> {
        let schema = self.validators.and_then(|validators| validators.graph().node(keyword).parent());
        let properties = schema.and_then(|schema| schema.get("properties"));
        properties.into_iter().flat_map(Node::members).map(|(name, _)| name).collect()
    }
}

fn unexpected_member<'v>(node: Node<'v>, name: &str, known: &[&str], keyword: Option<At>) -> Failure<'v> {
    let value = node.get(name).unwrap_or(node);
    let free = known.iter().copied().filter(|known| node.get(known).is_none());
    let problem = match nearest(name, free) {
        Some(near) => format!("is not allowed here; did you mean `{near}`?"),
        None => "is not allowed here".to_owned(),
    };
    Failure::new(value, FailureKind::Unexpected, problem, keyword)
}

/// The member names that stand beside a keyword of a schema outside the graph: its `properties`,
/// and the names that its patterns spell out, such as `^(get|put)$`.
fn official_names<'v>(schema: &'v Value, keyword: &str) -> Vec<&'v str> {
    let owner = keyword.rsplit_once('/').and_then(|(owner, _)| schema.pointer(owner));
    let Some(owner) = owner else { return Vec::new() };
    let names_of =
        |member: &str| owner.get(member).and_then(Value::as_object).into_iter().flat_map(|map| map.keys());
    let spelled = names_of("patternProperties").flat_map(|pattern| {
        let list = pattern.trim_start_matches("^(").trim_end_matches(")$");
        list.split('|').filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    });
    names_of("properties").map(String::as_str).chain(spelled).collect()
}

fn too_deep() -> String {
    format!("was not checked further: references of its schema lead more than {NESTED_MAX} levels deep")
}

/// Document order, and each failure once: `allOf` says some things twice.
fn sort(failures: &mut Vec<Failure<'_>>) {
    failures.sort_by_key(|failure| failure.node.id());
    let mut seen: rustc_hash::FxHashSet<(tenon_source::NodeId, String)> = rustc_hash::FxHashSet::default();
    failures.retain(|failure| seen.insert((failure.node.id(), failure.problem.clone())));
}
