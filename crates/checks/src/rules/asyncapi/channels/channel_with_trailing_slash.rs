//! AS012 `channel-with-trailing-slash`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{address_finding, addresses};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS012",
        name: "channel-with-trailing-slash",
        summary: "A channel's address ends with a slash",
        level: Level::Warning,
        aliases: &[
            "spectral:asyncapi-channel-no-trailing-slash",
            "spectral:asyncapi-3-channel-no-trailing-slash",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("channel_with_trailing_slash.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, address) in
        addresses(ctx).filter(|(_, address)| address.text.len() > 1 && address.text.ends_with('/'))
    {
        let message = format!("`{}` ends with a slash", address.text);
        out.push(
            address_finding(ctx, &RULE.code, address, message)
                .with_help("remove the slash, if the broker means the same without it"),
        );
    }
}
