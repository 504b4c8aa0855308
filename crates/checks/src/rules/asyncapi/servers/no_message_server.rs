//! AS050 `no-message-server`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{document_finding, documents};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS050",
        name: "no-message-server",
        summary: "A document with channels has no servers",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-servers"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("no_message_server.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in documents(ctx) {
        let has_channels = api.channels.iter().any(|channel| !channel.is_component);
        if has_channels && api.servers.iter().all(|server| server.is_component) {
            let message = "the document has channels but no server".to_owned();
            let finding = document_finding(ctx, api, &RULE.code, message);
            out.push(finding.with_help("add `servers` with `host` (version 2: `url`) and `protocol`"));
        }
    }
}
