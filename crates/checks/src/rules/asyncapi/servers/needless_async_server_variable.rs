//! AS052 `needless-async-server-variable`.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{documents, variables};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS052",
        name: "needless-async-server-variable",
        summary: "A server describes a variable that its address does not have",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-server-variables"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("needless_async_server_variable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    for server in documents(ctx).flat_map(|api| &api.servers).filter(|server| seen.insert(server.def)) {
        let templates = server.host.iter().chain(&server.pathname);
        let used: BTreeSet<&str> = templates.flat_map(|template| variables(&template.text)).collect();
        for name in &server.variables {
            if used.contains(name.as_str()) {
                continue;
            }
            let message = format!("the address of the server has no variable `{}`", name.text);
            let finding = ctx.graph.sources.finding(&RULE.code, name.at, message);
            out.push(finding.with_help("remove it, or put it into the address"));
        }
    }
}
