//! AS010 `nameless-channel-parameter`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{address_finding, addresses};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS010",
        name: "nameless-channel-parameter",
        summary: "A channel has a parameter without a name",
        level: Level::Error,
        aliases: &[
            "spectral:asyncapi-channel-no-empty-parameter",
            "spectral:asyncapi-3-channel-no-empty-parameter",
        ],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("nameless_channel_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, address) in addresses(ctx).filter(|(_, address)| address.text.contains("{}")) {
        let message = format!("`{}` has a parameter without a name", address.text);
        out.push(
            address_finding(ctx, &RULE.code, address, message).with_help("name the parameter, as in `{id}`"),
        );
    }
}
