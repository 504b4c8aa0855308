//! TypeScript and JavaScript source -> the names it exports.
//!
//! The alignment gate asks whether a service file exports the method that the contract names.
//! A text search answers yes to a comment, a longer name and a private helper; this reader parses.
//! It holds no rule and reads no file: text in, [`ScriptFacts`] out.
//! Start at [`read_script`]; `exports` walks the statements, `routes` looks for what routers are told, `shapes` tells what a name stands for.

mod depth;
mod exports;
mod routes;
mod shapes;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

use tenon_graph::service::{ScriptFacts, ScriptProblem};

/// Most bytes of one script: generated bundles are larger, service files are not.
const SCRIPT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Stack of the parsing thread in bytes; the parser recurses, [`depth::NESTING_MAX`] bounds it.
const PARSE_STACK_BYTES: usize = 256 * 1024 * 1024;

/// Whether a path ends as a script this reader knows.
#[must_use]
pub fn is_script(path: &str) -> bool {
    extension(path).is_some_and(|extension| SourceType::from_extension(extension).is_ok())
}

/// Reads the exported names out of a script.
///
/// The path only tells the language (`.ts`, `.tsx`, `.mts`, `.cts`, `.js`, `.jsx`, `.mjs`, `.cjs`).
#[must_use]
pub fn read_script(path: &str, text: &str) -> ScriptFacts {
    let source_type = extension(path).and_then(|e| SourceType::from_extension(e).ok());
    let Some(source_type) = source_type else {
        return problem("the file is neither TypeScript nor JavaScript by its name", 0);
    };
    if text.len() > SCRIPT_BYTES_MAX {
        return problem(
            &format!("the file has {} bytes, more than the {SCRIPT_BYTES_MAX} that are read", text.len()),
            0,
        );
    }
    let depth = depth::measure(text);
    if let Some(start) = depth.beyond_max_at {
        return problem(&format!("the code is nested deeper than {} levels", depth::NESTING_MAX), start);
    }
    if depth.deepest <= depth::NESTING_WITHOUT_THREAD {
        return parse(source_type, text);
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(PARSE_STACK_BYTES)
            .spawn_scoped(scope, || parse(source_type, text))
            .ok()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_else(|| problem("there is no memory to parse code nested this deep", 0))
    })
}

fn parse(source_type: SourceType, text: &str) -> ScriptFacts {
    let allocator = Allocator::default();
    let options = ParseOptions { allow_return_outside_function: true, ..ParseOptions::default() };
    let parsed = Parser::new(&allocator, text, source_type).with_options(options).parse();
    let mut facts = exports::collect(&parsed.program);
    facts.routes = routes::collect(&parsed.program);
    facts.problem = parsed.diagnostics.iter().next().map(|diagnostic| ScriptProblem {
        message: diagnostic.message.to_string(),
        start: diagnostic.labels.first().map_or(0, |label| label.offset() as usize),
    });
    facts
}

fn problem(message: &str, start: usize) -> ScriptFacts {
    ScriptFacts {
        problem: Some(ScriptProblem { message: message.to_owned(), start }),
        ..ScriptFacts::default()
    }
}

fn extension(path: &str) -> Option<&str> {
    let name = path.rsplit(['/', '\\']).next()?;
    name.rsplit_once('.').map(|(_, extension)| extension)
}
