//! AS051 `undeclared-async-server-variable`.

use std::collections::BTreeSet;

use tenon_graph::Name;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{documents, variables};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS051",
        name: "undeclared-async-server-variable",
        summary: "A variable of a server's address is not described",
        level: Level::Error,
        aliases: &["spectral:asyncapi-server-variables"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undeclared_async_server_variable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for server in documents(ctx).flat_map(|api| &api.servers) {
        for template in server.host.iter().chain(&server.pathname).filter(|template| seen.insert(template.at))
        {
            let mut known: BTreeSet<&str> = server.variables.iter().map(Name::as_str).collect();
            for name in variables(&template.text).filter(|name| !name.is_empty()) {
                // Once for each name.
                if !known.insert(name) {
                    continue;
                }
                let message = format!("the variable `{name}` of the server is not described");
                let finding = ctx.graph.sources.finding_at_value(&RULE.code, template.at, message);
                out.push(finding.with_help(format!("add `{name}` to the server's `variables`")));
            }
        }
    }
}
