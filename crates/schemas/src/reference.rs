//! Lazy references: a schema is compiled alone, and a `$ref` in it is a keyword that asks for its
//! target when a value gets there. Each schema is compiled once in a run, by whichever thread
//! needs it first, and a schema no value reaches is never compiled.

use std::sync::{Arc, OnceLock};

use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};
use tenon_graph::Dialect;
use tenon_source::{At, FileId};

use crate::instance::{Instance, SpanJson};
use crate::subject::Subject;
use crate::validators::{Compiled, Direction, Key};

/// The keyword that stands for `$ref` in lowered schemas.
pub(crate) const KEYWORD: &str = "x-tenon-ref";

/// Most lazy references followed within each other, a count. One level of a value takes one or
/// two, and files nest at most 255 levels deep; what needs more is a cycle of schemas in disguise,
/// and the stack must not bear it.
pub(crate) const NESTED_MAX: u32 = 400;

/// What references lead to.
pub(crate) trait References: Sync {
    /// The compiled target of a reference.
    fn target(&self, key: Key) -> Arc<Compiled>;
}

/// A reference that is being followed for a value.
pub(crate) struct Frame<'a> {
    key: Key,
    subject: Subject<'a>,
    depth: u32,
    outer: Option<&'a Frame<'a>>,
}

/// How following a reference went.
pub(crate) enum Step {
    /// The value fits the target.
    Fits,
    /// The value does not fit the target.
    Fails,
    /// Too many references within each other.
    TooDeep,
}

/// The keyword.
struct Reference {
    key: Key,
    target: OnceLock<Arc<Compiled>>,
}

impl Reference {
    fn step(&self, instance: Instance<'_>) -> Step {
        let Instance::Value { subject, references: Some(references), frames } = instance else {
            return Step::Fits;
        };
        let mut frame = frames;
        while let Some(outer) = frame.filter(|outer| outer.subject == subject) {
            if outer.key == self.key {
                // The same schema for the same value: it adds nothing to what is checked already.
                return Step::Fits;
            }
            frame = outer.outer;
        }
        let depth = frames.map_or(0, |outer| outer.depth + 1);
        if depth > NESTED_MAX {
            return Step::TooDeep;
        }
        let target = self.target.get_or_init(|| references.target(self.key));
        let frame = Frame { key: self.key, subject, depth, outer: frames };
        let inner = Instance::Value { subject, references: Some(references), frames: Some(&frame) };
        if target.is_valid(inner) { Step::Fits } else { Step::Fails }
    }
}

impl<'i> Keyword<'i, SpanJson> for Reference {
    fn validate(&self, instance: Instance<'i>) -> Result<(), ValidationError<'i>> {
        match self.step(instance) {
            Step::Fits => Ok(()),
            // The failure is found again inside the target, where it can be told in full.
            Step::Fails => Err(ValidationError::custom(encode(self.key))),
            Step::TooDeep => Err(ValidationError::custom("")),
        }
    }

    fn is_valid(&self, instance: Instance<'i>) -> bool {
        matches!(self.step(instance), Step::Fits)
    }
}

/// Makes the keyword; the value is what [`lowered`] wrote.
pub(crate) fn keyword<'a>(
    _parent: &'a Map<String, Value>,
    value: &'a Value,
    _location: jsonschema::paths::Location,
) -> Result<Box<dyn for<'i> Keyword<'i, SpanJson>>, ValidationError<'a>> {
    let key = value.as_str().and_then(decode);
    let key = key.ok_or_else(|| ValidationError::schema("a reference that was not lowered"))?;
    Ok(Box::new(Reference { key, target: OnceLock::new() }))
}

/// The keyword's value for a target.
pub(crate) fn lowered(key: Key) -> Value {
    Value::String(encode(key))
}

/// Keys travel through the validator as text, in the keyword and in its failures.
fn encode(key: Key) -> String {
    let direction = match key.direction {
        Direction::Request => 'q',
        Direction::Response => 's',
        Direction::Either => 'e',
        Direction::Whole => 'w',
    };
    format!("{} {} {} {direction}", key.at.file.0, key.at.node.index(), key.dialect as u8)
}

/// The key in a text.
pub(crate) fn decode(text: &str) -> Option<Key> {
    let mut words = text.split(' ');
    let file = FileId(words.next()?.parse().ok()?);
    let node = tenon_source::NodeId::from_index(words.next()?.parse().ok()?);
    let dialect = dialect(words.next()?.parse().ok()?)?;
    let direction = match words.next()? {
        "q" => Direction::Request,
        "s" => Direction::Response,
        "e" => Direction::Either,
        _ => Direction::Whole,
    };
    Some(Key { at: At { file, node }, dialect, direction })
}

fn dialect(number: u8) -> Option<Dialect> {
    const ALL: [Dialect; 7] = [
        Dialect::Swagger2,
        Dialect::OpenApi30,
        Dialect::Draft4,
        Dialect::Draft6,
        Dialect::Draft7,
        Dialect::Draft201909,
        Dialect::Draft202012,
    ];
    ALL.into_iter().find(|dialect| *dialect as u8 == number)
}
