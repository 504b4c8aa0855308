//! OA017 `methods-out-of-order`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::at;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA017",
        name: "methods-out-of-order",
        summary: "The methods of a path stand in an unusual order",
        level: Level::Off,
        aliases: &["redocly:path-http-verbs-order"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("methods_out_of_order.md"),
    check,
};

const ORDER: &[&str] = &["get", "head", "post", "put", "patch", "delete", "options", "query", "trace"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        let mut before: Option<(usize, &str)> = None;
        for (key, value) in ctx.graph.node(item.def).members() {
            let Some(rank) = ORDER.iter().position(|method| *method == key) else { continue };
            if let Some((last, name)) = before
                && rank < last
            {
                let message = format!("`{key}` stands after `{name}`, unlike the usual order");
                out.push(ctx.graph.sources.finding(&RULE.code, at(item.def, value), message).with_help(
                    "keep one order in all paths: get, head, post, put, patch, delete, options, trace",
                ));
            }
            before = Some((rank, key));
        }
    }
}
