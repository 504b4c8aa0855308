//! SC02 `limit-without-config-source`.

use tenon_graph::service::EnvVariable;
use tenon_source::{At, Code, Finding, Level, Node};

use crate::facts::service::services;
use crate::facts::service::{Domain, Limit, ServiceFacts, domain_of_variable, in_base_unit};
use crate::facts::words::words;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC02",
        name: "limit-without-config-source",
        summary: "A configurable limit does not name the environment variable that sets it, or names a wrong one",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("limit_without_config_source.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let limits = facts.limits(endpoint);
            for limit in &limits {
                let said = match limit.source {
                    None => unattributed(&facts, limit),
                    Some(source) => problem(&facts, limit, &limits, source),
                };
                let Some((message, help)) = said else { continue };
                let at = limit.source.map(|node| At { file: facts.contract.file, node: node.id() });
                let at = at.unwrap_or(limit.at);
                out.push(facts.finding_in(&RULE.code, endpoint, Some(at), message).with_help(help));
            }
        }
    }
}

/// A limit that the environment manifest has too.
fn unattributed(facts: &ServiceFacts<'_>, limit: &Limit<'_>) -> Option<(String, String)> {
    let variable = facts.variable_for(limit)?;
    let default = variable.default.as_ref().map_or("", |default| default.text.as_str());
    let name = &variable.name.text;
    let message = format!(
        "`{}` is also set by the environment variable {name}, and no `configSource` says so",
        limit.field
    );
    Some((
        message,
        format!("add `\"configSource\": \"{name} default {default}\"` beside it, or drop the variable"),
    ))
}

/// What is wrong with a `configSource`.
fn problem(
    facts: &ServiceFacts<'_>,
    limit: &Limit<'_>,
    limits: &[Limit<'_>],
    source: Node<'_>,
) -> Option<(String, String)> {
    let form = "write it as `\"<VARIABLE> default <value>\"`".to_owned();
    let Some(text) = source.as_str() else {
        return Some((format!("the `configSource` of `{}` is no text", limit.field), form));
    };
    let Some((name, default)) = text.split_once(" default ").map(|(name, value)| (name.trim(), value.trim()))
    else {
        return Some((format!("the `configSource` `{text}` does not name a variable and its default"), form));
    };
    let Some(domain) = domain_of_variable(name) else {
        return Some((
            format!("the name of {name} does not say that it sets {} `{}`", an(limit.domain), limit.field),
            "name a variable of the same domain: uploads by UPLOAD or FILE, pages by PAGE, rates by RATE or WINDOW"
                .to_owned(),
        ));
    };
    if domain != limit.domain {
        // One text may stand for one of several limits at its level.
        if limits.iter().any(|other| other.domain == domain && other.source == limit.source) {
            return None;
        }
        return Some((
            format!("{name} is {} variable, and `{}` is {} limit", an(domain), limit.field, an(limit.domain)),
            "a link to another domain is worse than none: name the variable that sets this limit".to_owned(),
        ));
    }
    let variable = facts.env.and_then(|env| env.variables.iter().find(|one| one.name.text == name));
    if facts.env.is_some() && variable.is_none() {
        return Some((
            format!("the environment manifest has no variable {name}"),
            "declare the variable, or name the one that is declared".to_owned(),
        ));
    }
    value_problem(limit, name, default, variable)
}

/// Whether contract, `configSource` and environment manifest say the same number.
fn value_problem(
    limit: &Limit<'_>,
    name: &str,
    default: &str,
    variable: Option<&EnvVariable>,
) -> Option<(String, String)> {
    let read = |text: &str| text.parse().ok().map(|number| in_base_unit(name, limit.domain, number));
    let differs = |value: Option<f64>| value.is_none_or(|value: f64| (value - limit.value).abs() > 0.5);
    // Page sizes of one block have one source, which can only be right for one of them.
    let is_other_page_size = limit.field == "defaultPageSize" && words(name).iter().any(|word| word == "max")
        || limit.field == "maxPageSize" && words(name).iter().any(|word| word == "default");
    if is_other_page_size {
        return None;
    }
    let help = "make the three agree: the limit, its `configSource` and the environment manifest".to_owned();
    if differs(read(default)) {
        return Some((format!("`{}` is not what `{name} default {default}` says", limit.field), help));
    }
    let declared = variable.and_then(|variable| variable.default.as_ref())?;
    if differs(read(&declared.text)) {
        let message = format!(
            "`configSource` says {name} is {default} by default, the environment manifest says {}",
            declared.text
        );
        return Some((message, help));
    }
    None
}

fn an(domain: Domain) -> String {
    let article = if domain == Domain::Upload { "an" } else { "a" };
    format!("{article} {}", domain.as_str())
}
