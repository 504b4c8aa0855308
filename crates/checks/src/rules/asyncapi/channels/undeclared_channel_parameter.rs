//! AS013 `undeclared-channel-parameter`.

use std::collections::BTreeSet;

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{address_finding, addresses, variables};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS013",
        name: "undeclared-channel-parameter",
        summary: "A parameter of a channel's address is not described",
        level: Level::Error,
        aliases: &["spectral:asyncapi-channel-parameters"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undeclared_channel_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (channel, address) in addresses(ctx) {
        let mut known: BTreeSet<&str> =
            channel.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        for name in variables(&address.text).filter(|name| !name.is_empty()) {
            // Once for each name.
            if !known.insert(name) {
                continue;
            }
            let message = format!("the parameter `{name}` of `{}` is not described", address.text);
            let help = format!("add `{name}` to the channel's `parameters`");
            out.push(address_finding(ctx, &RULE.code, address, message).with_help(help));
        }
    }
}
