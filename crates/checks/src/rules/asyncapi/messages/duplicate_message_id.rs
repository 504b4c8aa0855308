//! AS022 `duplicate-message-id`.

use rustc_hash::FxHashMap;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::of_version_2;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS022",
        name: "duplicate-message-id",
        summary: "Two messages have the same `messageId`",
        level: Level::Error,
        aliases: &["spectral:asyncapi-message-messageId-uniqueness"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("duplicate_message_id.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in of_version_2(ctx) {
        let mut first = FxHashMap::default();
        for id in api.messages.iter().filter_map(|message| message.id.as_ref()) {
            let earlier = *first.entry(id.as_str()).or_insert(id.at);
            // Messages that have it from one trait share its place.
            let message = format!("the message id `{}` is taken", id.text);
            let finding = sources.finding_at_value(&RULE.code, id.at, message);
            if earlier != id.at {
                out.push(
                    finding
                        .with_related(sources.place(earlier), "first used here")
                        .with_help("give one of the two another id"),
                );
            }
        }
    }
}
