//! SC46 `unknown-must-use-parameter`.

use tenon_graph::service::SignatureParameter;
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::words::did_you_mean;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC46",
        name: "unknown-must-use-parameter",
        summary: "`mustUseParams` names a parameter that the signature does not have",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_must_use_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let Some(Ok(signature)) = endpoint.signature() else { continue };
            let names: Vec<&str> = signature.parameters.iter().flat_map(SignatureParameter::names).collect();
            for parameter in &endpoint.service.must_use_params {
                if names.contains(&parameter.text.as_str()) {
                    continue;
                }
                let message =
                    format!("`{}` must be used, and the signature has no such parameter", parameter.text);
                let help = match did_you_mean(&parameter.text, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name parameters of the signature".to_owned(),
                };
                out.push(facts.finding_in(&RULE.code, endpoint, Some(parameter.at), message).with_help(help));
            }
        }
    }
}
