//! OP057 `stage-beyond-boundary`.

use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::governed;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP057",
        name: "stage-beyond-boundary",
        summary: "An operation has no place on the way the boundary names, or stands beyond its end",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("stage_beyond_boundary.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for contract in &ctx.graph.contracts {
        let Some(boundary) = contract.boundary.as_ref().filter(|boundary| !boundary.stages.is_empty()) else {
            continue;
        };
        let rank = |name: &str| boundary.stages.iter().position(|stage| stage.text == name);
        let names: Vec<&str> = boundary.stages.iter().map(|stage| stage.text.as_str()).collect();
        let end = boundary.end.as_ref().and_then(|end| rank(&end.text));
        for operation in governed(ctx, contract) {
            let (message, help) = match &operation.governance.stage {
                None => (
                    format!("{} does not say at which stage it stands", operation.label()),
                    format!("write `stage:` with one of {}", names.join(", ")),
                ),
                Some(stage) => match (rank(&stage.text), end) {
                    (None, _) => (
                        format!("{} stands at `{}`, which is no stage", operation.label(), stage.text),
                        format!("the stages are {}", names.join(", ")),
                    ),
                    (Some(at), Some(end)) if at > end => (
                        format!("{} stands at `{}`, beyond the boundary", operation.label(), stage.text),
                        "leave it to the system beyond the boundary".to_owned(),
                    ),
                    _ => continue,
                },
            };
            out.push(report(ctx, &RULE.code, operation, message).with_help(help));
        }
    }
}
