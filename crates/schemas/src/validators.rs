//! The schemas of one graph, each compiled at most once, when a value first needs it.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jsonschema::{Draft, PatternOptions, Retrieve, ValidationOptions, Validator};
use rustc_hash::FxHashMap;
use serde_json::Value;
use tenon_graph::{Dialect, Graph};
use tenon_source::{At, FileId, Node};

use crate::failure::Failure;
use crate::instance::{Instance, SpanJson};
use crate::reference::{self, References};
use crate::report::Report;
use crate::subject::Subject;
use crate::{formats, lower, native};

/// Steps a pattern that needs backtracking may take for one value, a count. Patterns with
/// look-around have no linear form; past this a value counts as matching.
const BACKTRACK_STEPS_MAX: usize = 100_000;

/// Largest compiled form of a pattern, in bytes: keeps `(a{1000}){1000}` from taking the memory.
const PATTERN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Which way a value travels; decides whether `readOnly` or `writeOnly` members are demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// To the API: `readOnly` members need not be there.
    Request,
    /// From the API: `writeOnly` members need not be there.
    Response,
    /// Not said: neither need be there.
    Either,
    /// Neither: all members are demanded that the schema names. What JSON Schema itself says.
    Whole,
}

impl Direction {
    /// The direction of an example; see [`tenon_graph::Example::request`].
    #[must_use]
    pub fn of(request: Option<bool>) -> Self {
        match request {
            Some(true) => Self::Request,
            Some(false) => Self::Response,
            None => Self::Either,
        }
    }
}

/// A schema, read as a dialect, for values that travel in a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The schema.
    pub at: At,
    /// Its dialect.
    pub dialect: Dialect,
    /// The direction of the values.
    pub direction: Direction,
}

/// Why a schema, or a part of it, checks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A pattern that is no regular expression; the rest of the schema counts.
    Pattern(String),
    /// The validator refuses the schema; what it said.
    Schema(String),
}

/// A schema as a validator.
pub(crate) struct Compiled {
    pub(crate) key: Key,
    /// `None` where the schema accepts everything or cannot be compiled.
    pub(crate) validator: Option<Validator<SpanJson>>,
    pub(crate) problems: Vec<Problem>,
}

impl Compiled {
    pub(crate) fn is_valid(&self, instance: Instance<'_>) -> bool {
        self.validator.as_ref().is_none_or(|validator| validator.is_valid(instance))
    }
}

type Options = ValidationOptions<'static, Arc<dyn Retrieve>, SpanJson>;
type Slot = Arc<OnceLock<Arc<Compiled>>>;

/// A graph that is someone else's, or shared: a gateway keeps its validators for as long as it runs.
enum Held<'g> {
    Borrowed(&'g Graph),
    Shared(Arc<Graph>),
}

impl std::ops::Deref for Held<'_> {
    type Target = Graph;

    fn deref(&self) -> &Graph {
        match self {
            Self::Borrowed(graph) => graph,
            Self::Shared(graph) => graph,
        }
    }
}

/// The schemas of one graph as validators. Cheap to make; shared between threads.
pub struct Validators<'g> {
    graph: Held<'g>,
    table: RwLock<FxHashMap<Key, Slot>>,
    /// Whether a file needs the whole of JSON Schema's referencing; see [`native`].
    native_files: RwLock<FxHashMap<FileId, bool>>,
    registries: native::Registries,
}

impl std::fmt::Debug for Validators<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Validators").finish_non_exhaustive()
    }
}

impl<'g> Validators<'g> {
    /// Validators for the schemas of a graph, none compiled yet.
    #[must_use]
    pub fn new(graph: &'g Graph) -> Self {
        Self::held(Held::Borrowed(graph))
    }

    /// Validators that keep the graph alive themselves.
    #[must_use]
    pub fn shared(graph: Arc<Graph>) -> Validators<'static> {
        Validators::held(Held::Shared(graph))
    }

    fn held(graph: Held<'g>) -> Self {
        Self {
            graph,
            table: RwLock::default(),
            native_files: RwLock::default(),
            registries: native::Registries::default(),
        }
    }

    /// The graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Whether a value fits a schema.
    #[must_use]
    pub fn is_valid(&self, key: Key, value: At) -> bool {
        self.for_schema(key).is_valid(self.instance(value))
    }

    /// Whether a value that stands in no file of the graph fits a schema.
    #[must_use]
    pub fn accepts(&self, key: Key, value: Node<'_>) -> bool {
        self.for_schema(key).is_valid(self.subject(Subject::Node(value)))
    }

    /// Whether a value of a program fits a schema. Why not tells [`Validators::failures_of`] of the
    /// same value as a document.
    #[must_use]
    pub fn accepts_value(&self, key: Key, value: &Value) -> bool {
        self.for_schema(key).is_valid(self.subject(Subject::Value(value)))
    }

    /// Where and why a value does not fit a schema, the gravest first; empty where it fits.
    #[must_use]
    pub fn failures(&self, key: Key, value: At) -> Vec<Failure<'_>> {
        let compiled = self.for_schema(key);
        if compiled.is_valid(self.instance(value)) {
            return Vec::new();
        }
        Report::new(self).failures(&compiled, self.graph.node(value))
    }

    /// Where and why a value that stands in no file of the graph does not fit a schema, the gravest
    /// first; empty where it fits.
    #[must_use]
    pub fn failures_of<'t>(&'t self, key: Key, value: Node<'t>) -> Vec<Failure<'t>> {
        let compiled = self.for_schema(key);
        if self.accepts(key, value) {
            return Vec::new();
        }
        Report::new(self).failures(&compiled, value)
    }

    /// Why a schema, or a part of it, checks nothing; compiles it.
    #[must_use]
    pub fn problems(&self, key: Key) -> Vec<Problem> {
        self.for_schema(key).problems.clone()
    }

    fn instance(&self, value: At) -> Instance<'_> {
        self.subject(Subject::Node(self.graph.node(value)))
    }

    fn subject<'a>(&'a self, subject: Subject<'a>) -> Instance<'a> {
        Instance::Value { subject, references: Some(self), frames: None }
    }

    /// The validator of a schema, compiled at the first call. A schema that is nothing but a
    /// reference is its target.
    pub(crate) fn for_schema(&self, key: Key) -> Arc<Compiled> {
        let key = self.without_references(key);
        let known = self.table.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let slot = known.unwrap_or_else(|| {
            let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(table.entry(key).or_default())
        });
        Arc::clone(slot.get_or_init(|| Arc::new(self.compile(key))))
    }

    fn without_references(&self, key: Key) -> Key {
        let alone = !matches!(key.dialect, Dialect::Draft201909 | Dialect::Draft202012);
        let mut key = key;
        for _ in 0..tenon_graph::CHAIN_MAX {
            let Some(target) = self.graph.target(key.at) else { break };
            if !alone && self.graph.node(key.at).len() != 1 {
                break;
            }
            key.at = target;
        }
        key
    }

    fn compile(&self, key: Key) -> Compiled {
        if self.is_native(key) {
            return native::compile(&self.graph, &self.registries, key);
        }
        let mut schema = lower::lower(&self.graph, key);
        let mut problems = Vec::new();
        let validator = build(&mut schema, draft(key.dialect), &mut problems, |options, schema| {
            options.build(schema).map_err(|error| error.to_string())
        });
        Compiled { key, validator, problems }
    }

    /// Whether a schema is compiled within its whole file.
    pub(crate) fn is_whole(&self, key: Key) -> bool {
        self.is_native(key)
    }

    fn is_native(&self, key: Key) -> bool {
        let known = self.native_files.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(native) = known.get(&key.at.file) {
            return *native;
        }
        drop(known);
        let native = native::is_needed(&self.graph, key);
        let mut known = self.native_files.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key.at.file, native);
        native
    }
}

impl References for Validators<'_> {
    fn target(&self, key: Key) -> Arc<Compiled> {
        self.for_schema(key)
    }
}

/// The draft the lowered form of a dialect is compiled as.
pub(crate) fn draft(dialect: Dialect) -> Draft {
    match dialect {
        Dialect::Draft4 => Draft::Draft4,
        Dialect::Draft6 => Draft::Draft6,
        Dialect::Draft7 => Draft::Draft7,
        Dialect::Draft201909 => Draft::Draft201909,
        Dialect::Swagger2 | Dialect::OpenApi30 | Dialect::Draft202012 => Draft::Draft202012,
    }
}

/// Compiles a schema; patterns that are no regular expressions are taken out and told.
pub(crate) fn build(
    schema: &mut Value,
    draft: Draft,
    problems: &mut Vec<Problem>,
    compile: impl Fn(&Options, &Value) -> Result<Validator<SpanJson>, String>,
) -> Option<Validator<SpanJson>> {
    if *schema == Value::Bool(true) || schema.as_object().is_some_and(serde_json::Map::is_empty) {
        return None;
    }
    let linear = options(draft).with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES_MAX));
    if let Ok(validator) = compile(&linear, schema) {
        return Some(validator);
    }
    // Look-around and back-references are regular expressions too, only not linear ones.
    let bounded =
        PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_STEPS_MAX).size_limit(PATTERN_BYTES_MAX);
    let backtracking = options(draft).with_pattern_options(bounded);
    if let Ok(validator) = compile(&backtracking, schema) {
        return Some(validator);
    }
    remove_bad_patterns(schema, problems);
    match compile(&backtracking, schema) {
        Ok(validator) => Some(validator),
        Err(message) => {
            problems.push(Problem::Schema(message));
            None
        }
    }
}

fn options(draft: Draft) -> Options {
    let options = jsonschema::options_for::<SpanJson>().with_draft(draft).should_validate_formats(true);
    formats::register(options).with_keyword(reference::KEYWORD, reference::keyword)
}

/// Whether a text is a regular expression as JSON Schema means them, ECMA-262.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    let schema = serde_json::json!({ "pattern": text });
    let bounded = PatternOptions::fancy_regex().size_limit(PATTERN_BYTES_MAX);
    options(Draft::Draft202012).with_pattern_options(bounded).build(&schema).is_ok()
}

fn remove_bad_patterns(schema: &mut Value, problems: &mut Vec<Problem>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::String(pattern)) = object.get("pattern")
                && !is_pattern(pattern)
            {
                problems.push(Problem::Pattern(pattern.clone()));
                object.shift_remove("pattern");
            }
            if let Some(Value::Object(patterns)) = object.get_mut("patternProperties") {
                patterns.retain(|pattern, _| {
                    let good = is_pattern(pattern);
                    if !good {
                        problems.push(Problem::Pattern(pattern.clone()));
                    }
                    good
                });
            }
            object.values_mut().for_each(|value| remove_bad_patterns(value, problems));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove_bad_patterns(item, problems)),
        _ => {}
    }
}
