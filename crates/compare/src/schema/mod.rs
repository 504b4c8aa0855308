//! Changes of schemas: two schemas that take each other's place, keyword by keyword, in the
//! direction their messages go.

mod alternatives;
mod branches;
mod combined;
mod engine;
mod files;
mod flatten;
mod found;
mod items;
mod kinds;
mod make;
mod members;
mod names;
mod notes;
mod nulls;
mod print;
mod ranges;
mod reach;
mod report;
mod rules;
mod values;
mod view;
mod witness;

use tenon_graph::Dialect;
use tenon_source::At;

use engine::Engine;

use crate::{Area, Change, Direction, Versions};

/// The kinds of changes found here.
pub static AREA: Area = Area { name: "schemas", rules: rules::RULES, pages: include_str!("rules.md") };

/// A schema with the dialect it is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaAt {
    /// The schema.
    pub at: At,
    /// Its dialect.
    pub dialect: Dialect,
}

/// What kind of message part a schema describes, which other tools name their checks by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A parameter of a request.
    Parameter,
    /// A header of a response.
    Header,
    /// A body.
    Body,
    /// The payload of an event or message.
    Payload,
    /// A schema file, for whoever uses it.
    File,
}

/// Two schemas that take each other's place in one message.
#[derive(Debug, Clone)]
pub struct Use {
    /// The schema before.
    pub old: SchemaAt,
    /// The schema now.
    pub new: SchemaAt,
    /// Who sends the message.
    pub direction: Direction,
    /// What it describes.
    pub part: Part,
    /// The operation or event, as people call it; index into a list the caller keeps.
    pub operation: u32,
    /// How messages call the value at the top, such as `the request body`.
    pub what: String,
}

/// Reports what changed between the schemas of each use, each root cause once, with the operations
/// it reaches. `operations` names the operations that uses refer to.
pub fn compare_uses(versions: &Versions<'_>, operations: &[String], uses: &[Use], out: &mut Vec<Change>) {
    let mut engine = Engine::new(versions);
    for usage in uses.iter().filter(|usage| !usage.what.is_empty()) {
        let what = usage.what.strip_prefix("the ").unwrap_or(&usage.what);
        let operation = operations.get(usage.operation as usize);
        let name = operation.map_or_else(|| what.to_owned(), |operation| format!("{operation} {what}"));
        engine.old_names.top(usage.old.at, &name);
        engine.new_names.top(usage.new.at, &name);
    }
    let tops: Vec<(u32, &Use)> = uses.iter().map(|usage| (engine.top(usage.old, usage.new), usage)).collect();
    engine.run();
    report::report(&mut engine, &tops, operations, out);
}

/// Schema files that no operation or event reaches, by their `$id`, or else their path.
pub fn compare_files(versions: &Versions<'_>, out: &mut Vec<Change>) {
    files::compare(versions, out);
}
