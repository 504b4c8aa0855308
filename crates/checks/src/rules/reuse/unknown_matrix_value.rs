//! RE006 `unknown-matrix-value`.

use tenon_graph::Name;
use tenon_source::{Code, Finding, Level, nearest};

use super::is_said;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE006",
        name: "unknown-matrix-value",
        summary: "A column of the reuse matrix has a value it cannot have",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_matrix_value.md"),
    check,
};

const INTENTS: &[&str] = &["resource_spec", "status", "job_invocation", "event_log", "error"];
const TIERS: &[&str] = &["stable/v1", "experimental", "internal"];
const DECISIONS: &[&str] = &["reuse", "extend", "new"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    let mut hold = |column: &str, name: Option<&Name>, known: &[&str]| {
        let Some(name) = name.filter(|name| is_said(&name.text)) else { return };
        let text = name.text.trim();
        if known.contains(&text) || (column == "stability_tier" && is_stable(text)) {
            return;
        }
        let message = format!("`{column}` cannot be `{text}`; it is one of {}", known.join(", "));
        let near = nearest(text, known.iter().copied());
        let help = near.map_or_else(
            || "the team's own words have a place in `intent_note` and `rationale`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        out.push(sources.finding_at_value(&RULE.code, name.at, message).with_help(help));
    };
    for register in &ctx.graph.reuse_registers {
        for row in &register.families {
            hold("intent_class", row.intent_class.as_ref(), INTENTS);
            hold("stability_tier", row.stability_tier.as_ref(), TIERS);
            hold("decision", row.decision.as_ref(), DECISIONS);
        }
        for row in &register.deltas {
            hold("decision", row.decision.as_ref(), DECISIONS);
        }
    }
}

/// `stable/v2` and whatever follows it.
fn is_stable(text: &str) -> bool {
    text.strip_prefix("stable/v")
        .is_some_and(|version| version.parse::<u32>().is_ok_and(|version| version > 0))
}
