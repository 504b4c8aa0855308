//! AS014 `unused-channel-parameter`.

use std::collections::BTreeSet;

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{addresses, variables};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS014",
        name: "unused-channel-parameter",
        summary: "A channel describes a parameter that its address does not have",
        level: Level::Error,
        aliases: &["spectral:asyncapi-channel-parameters"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unused_channel_parameter.md"),
    check,
};

/// Parameters of an address that are compared with one that it lacks, a count.
const TWINS_MAX: usize = 100;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (channel, address) in addresses(ctx) {
        let used: BTreeSet<&str> = variables(&address.text).collect();
        for parameter in &channel.parameters {
            let name = parameter.name.text.as_str();
            if used.contains(name) {
                continue;
            }
            let message = format!("`{}` has no parameter `{name}`", address.text);
            let mut twins = used.iter().take(TWINS_MAX);
            let twin = twins.find(|variable| variable.eq_ignore_ascii_case(name));
            let help = match twin {
                Some(twin) => format!("write `{twin}`, as in the address"),
                None => format!("put `{{{name}}}` into the address, or remove the parameter"),
            };
            out.push(ctx.graph.sources.finding(&RULE.code, parameter.at, message).with_help(help));
        }
    }
}
