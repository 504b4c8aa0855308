//! SC33 `unknown-contract-field`.

use tenon_source::{At, Code, Finding, Level, Node};

use super::fields;
use crate::facts::service::services;
use crate::facts::words::did_you_mean;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC33",
        name: "unknown-contract-field",
        summary: "A field is none of the format, often a slip of the pen",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unknown_contract_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx).iter().filter(|facts| facts.is_v2()) {
        for (name, value, near) in unknown(facts.root(), fields::Level::Root) {
            let at = At { file: facts.contract.file, node: value.id() };
            let finding = facts.finding(&RULE.code, at, message(name, fields::Level::Root));
            out.push(with_hint(finding, near));
        }
        for endpoint in &facts.endpoints {
            let outer = endpoint.node(facts.graph);
            let inner = endpoint.service.contract.map(|at| facts.graph.node(at));
            let levels = [(Some(outer), fields::Level::Endpoint), (inner, fields::Level::Contract)];
            for (owner, level) in levels {
                for (name, value, near) in owner.into_iter().flat_map(|owner| unknown(owner, level)) {
                    let at = At { file: facts.contract.file, node: value.id() };
                    let finding = facts.finding_in(&RULE.code, endpoint, Some(at), message(name, level));
                    out.push(with_hint(finding, near));
                }
            }
        }
    }
}

/// The members that the format has at no level, with the field each was meant to be.
fn unknown(
    owner: Node<'_>,
    level: fields::Level,
) -> impl Iterator<Item = (&str, Node<'_>, Option<&'static str>)> {
    owner.members().filter_map(move |(name, value)| {
        let is_known = fields::FIELDS.iter().any(|field| field.name == name);
        let is_guidance = fields::GUIDANCE.iter().any(|(guidance, _)| *guidance == name);
        if is_known || is_guidance || name.starts_with("x-") || name.starts_with("$") {
            return None;
        }
        let missing = |field: &&fields::Field| owner.get(field.name).is_none();
        let names = fields::of(level).filter(missing).map(|field| field.name);
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, field)| *field);
        Some((name, value, alias.or(did_you_mean(name, names))))
    })
}

/// Names that are far from the field in letters and mean it.
const ALIASES: &[(&str, &str)] = &[
    ("mimeTypes", "allowedMimeTypes"),
    ("maxFileSizeMb", "maxSizeMb"),
    ("maxSize", "maxSizeMb"),
    ("args", "routeArgs"),
    ("auth", "authentication"),
    ("tokenPath", "responseTokenPath"),
];

fn message(name: &str, level: fields::Level) -> String {
    format!("{} has no field `{name}`", level.as_str())
}

fn with_hint(finding: Finding, near: Option<&str>) -> Finding {
    match near {
        // A slip of the pen loses what was meant; an addition does not.
        Some(near) => finding.at_level(Level::Error).with_help(format!("did you mean `{near}`?")),
        None => finding.with_help("remove it, or name it `x-…` if it is an addition of your own"),
    }
}
