//! Examples against their schemas: what every rule about examples shares.

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use tenon_graph::{DocumentKind, Example};
use tenon_schemas::{Direction, Key, Validators};
use tenon_source::{At, Code, FileId, Finding, Place};

use crate::Context;

/// Most causes a message lists, a count: the first ones are what one mends.
const CAUSES_MAX: usize = 3;

/// Examples a thread takes at once, a count: small enough that both cores stay busy, large enough
/// that taking them costs nothing.
const EXAMPLES_AT_ONCE: usize = 16;

/// One finding for each wanted example that does not fit its schema, at the value that does not.
/// `what` is how messages call the example.
pub(crate) fn check(
    ctx: &Context<'_>,
    code: &'static Code,
    what: &str,
    wanted: impl Fn(&Example) -> bool,
    out: &mut Vec<Finding>,
) {
    let Some(validators) = ctx.validators else { return };
    let apis: FxHashSet<FileId> = ctx.graph.apis.iter().map(|api| api.file).collect();
    let fragments = ctx.graph.documents.iter().filter(|document| document.kind == DocumentKind::Fragment);
    let fragments: FxHashSet<FileId> = fragments.map(|document| document.file).collect();
    let in_api = |at: At| apis.contains(&at.file) || (!apis.is_empty() && fragments.contains(&at.file));
    let mut examples: Vec<(Key, At)> = ctx
        .graph
        .examples
        .iter()
        .filter(|example| wanted(example))
        .map(|example| {
            // `readOnly` and `writeOnly` take nothing away outside of API documents.
            let direction =
                if in_api(example.schema) { Direction::of(example.request) } else { Direction::Whole };
            let key = Key { at: example.schema, dialect: example.dialect, direction };
            (key, example.value)
        })
        .collect();
    examples.sort_unstable_by_key(|(key, value)| (*value, *key));
    examples.dedup();
    let found: Vec<Option<Finding>> = examples
        .par_iter()
        .with_min_len(EXAMPLES_AT_ONCE)
        .map(|(key, value)| one(validators, code, what, *key, *value))
        .collect();
    // An example that several operations share is wrong once, however many schemas say so.
    let mut told: FxHashSet<(Place, String)> = FxHashSet::default();
    out.extend(
        found.into_iter().flatten().filter(|finding| told.insert((finding.place, finding.message.clone()))),
    );
}

fn one(validators: &Validators<'_>, code: &'static Code, what: &str, key: Key, value: At) -> Option<Finding> {
    let failures = validators.failures(key, value);
    let first = failures.first()?;
    let root = validators.graph().node(value);
    let causes: Vec<String> =
        failures.iter().take(CAUSES_MAX).map(|failure| failure.message_below(root)).collect();
    let more = match failures.len().saturating_sub(CAUSES_MAX) {
        0 => String::new(),
        count => format!("; {count} more"),
    };
    let message = format!("{what} does not fit its schema: {}{more}", causes.join("; "));
    let place = Place { file: value.file, span: first.span() };
    let mut finding = Finding::new(code, place, message)
        .with_pointer(first.node.pointer())
        .with_help(format!("change {what}, or the schema if {what} is right"));
    let sources = &validators.graph().sources;
    let mut told: Vec<At> = Vec::new();
    for failure in failures.iter().take(CAUSES_MAX) {
        if let Some(keyword) = failure.keyword.filter(|keyword| !told.contains(keyword)) {
            told.push(keyword);
            finding = finding.with_related(sources.place(keyword), "the schema says so here");
        }
    }
    Some(finding)
}
