//! AS014 `unused-channel-parameter`.

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

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (channel, address) in addresses(ctx) {
        for parameter in &channel.parameters {
            let name = parameter.name.text.as_str();
            if variables(&address.text).any(|variable| variable == name) {
                continue;
            }
            let message = format!("`{}` has no parameter `{name}`", address.text);
            let twin = variables(&address.text).find(|variable| variable.eq_ignore_ascii_case(name));
            let help = match twin {
                Some(twin) => format!("write `{twin}`, as in the address"),
                None => format!("put `{{{name}}}` into the address, or remove the parameter"),
            };
            out.push(ctx.graph.sources.finding(&RULE.code, parameter.at, message).with_help(help));
        }
    }
}
