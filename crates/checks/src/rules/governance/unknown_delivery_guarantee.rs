//! EV009 `unknown-delivery-guarantee`.

use std::collections::BTreeSet;

use tenon_graph::DocumentKind;
use tenon_source::{Code, Finding, Level, nearest};

use super::declared_events;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV009",
        name: "unknown-delivery-guarantee",
        summary: "A delivery guarantee is none of the three there are",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_delivery_guarantee.md"),
    check,
};

const GUARANTEES: [&str; 3] = ["at-least-once", "at-most-once", "exactly-once"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for event in declared_events(ctx) {
        // The schemas of the contract and of `x-tenon` say it there.
        let kind = ctx.graph.document(event.file).map(|document| document.kind);
        let Some(guarantee) = event.delivery.as_ref().filter(|_| kind == Some(DocumentKind::EventManifest))
        else {
            continue;
        };
        let plain = guarantee.text.to_ascii_lowercase().replace(['_', ' '], "-");
        if GUARANTEES.contains(&plain.as_str()) || !seen.insert(guarantee.at) {
            continue;
        }
        let message = format!("`{}` is no delivery guarantee that is known", guarantee.text);
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, guarantee.at, message);
        out.push(finding.with_help(match nearest(&plain, GUARANTEES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "say `at-least-once`, `at-most-once` or `exactly-once`".to_owned(),
        }));
    }
}
