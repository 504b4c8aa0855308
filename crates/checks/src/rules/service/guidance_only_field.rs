//! SC34 `guidance-only-field`.

use tenon_source::{At, Code, Finding, Level};

use super::fields::GUIDANCE;
use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC34",
        name: "guidance-only-field",
        summary: "A field explains an endpoint but is no part of the format",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("guidance_only_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx).iter().filter(|facts| facts.is_v2()) {
        for endpoint in &facts.endpoints {
            let inner = endpoint.service.contract.map(|at| facts.graph.node(at));
            for owner in [Some(endpoint.node(facts.graph)), inner].into_iter().flatten() {
                for (name, instead) in GUIDANCE {
                    let Some(value) = owner.get(name) else { continue };
                    let at = At { file: facts.contract.file, node: value.id() };
                    let message =
                        format!("`{name}` is no part of service-contracts-v2, so that consumers may drop it");
                    let finding = facts.finding_in(&RULE.code, endpoint, Some(at), message);
                    out.push(
                        finding.with_help(format!("{instead}; what stands here is read as far as it goes")),
                    );
                }
            }
        }
    }
}
