//! AS011 `channel-with-query`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{address_finding, addresses};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS011",
        name: "channel-with-query",
        summary: "A channel's address has a query or a fragment",
        level: Level::Warning,
        aliases: &[
            "spectral:asyncapi-channel-no-query-nor-fragment",
            "spectral:asyncapi-3-channel-no-query-nor-fragment",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("channel_with_query.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, address) in addresses(ctx).filter(|(_, address)| address.text.contains(['?', '#'])) {
        let message = format!("`{}` has a `?` or `#`: an address has no query and no fragment", address.text);
        out.push(
            address_finding(ctx, &RULE.code, address, message)
                .with_help("take it out; what varies is a parameter, or part of the protocol's binding"),
        );
    }
}
