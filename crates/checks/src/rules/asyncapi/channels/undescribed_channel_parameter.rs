//! AS071 `undescribed-channel-parameter`.

use rustc_hash::FxHashSet;
use tenon_graph::AsyncComponentKind;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS071",
        name: "undescribed-channel-parameter",
        summary: "A parameter of a channel has no description",
        level: Level::Off,
        aliases: &["spectral:asyncapi-parameter-description"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("undescribed_channel_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    for api in documents(ctx) {
        let used = api.channels.iter().flat_map(|channel| &channel.parameters).map(|parameter| parameter.def);
        let kept = api.components.iter().filter(|component| component.kind == AsyncComponentKind::Parameter);
        for def in used.chain(kept.map(|component| ctx.graph.follow(component.at))) {
            if seen.insert(def) && !says(ctx, def, "description") {
                let name = ctx.graph.node(def).key().unwrap_or_default();
                let message = format!("the parameter `{name}` has no description");
                let finding = ctx.graph.sources.finding(&RULE.code, def, message);
                out.push(finding.with_help("say what its values are"));
            }
        }
    }
}
