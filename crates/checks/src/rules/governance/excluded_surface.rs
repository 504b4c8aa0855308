//! OP055 `excluded-surface`.

use tenon_graph::{Exclusion, Name, Operation};
use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, id_of, says, surfaces, words};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP055",
        name: "excluded-surface",
        summary: "An operation belongs to what the contract leaves to others",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("excluded_surface.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        for operation in governed(ctx, contract) {
            for exclusion in &surface.excluded {
                let Some(name) = told(operation, exclusion) else { continue };
                let title = exclusion.title.as_ref().unwrap_or(&exclusion.name);
                let message = format!(
                    "{}: `{name}` belongs to {}, which is out of scope",
                    operation.label(),
                    title.text
                );
                let why = exclusion.reason.as_ref().map_or("left out here", |reason| reason.text.as_str());
                let finding = report(ctx, &RULE.code, operation, message);
                let place = ctx.graph.sources.place(exclusion.name.at);
                out.push(
                    finding.with_related(place, why).with_help("leave it to the contract it belongs to"),
                );
            }
        }
    }
}

/// The first name of an operation that has a word of an exclusion: its id, a part of its path, or
/// something it causes.
fn told<'g>(operation: &'g Operation, exclusion: &Exclusion) -> Option<&'g str> {
    let path = operation.http.as_ref().map_or("", |http| http.path.text.as_str());
    let facts = &operation.governance;
    let effects = facts.emits.iter().chain(&facts.side_effects).flatten().map(Name::as_str);
    let mut names = std::iter::once(id_of(operation)).chain(path.split('/')).chain(effects);
    names.find(|name| {
        let said = words(name);
        exclusion.words.iter().any(|word| says(&said, &word.text))
    })
}
