//! OP011 `route-taken`.

use tenon_graph::OperationKind;
use tenon_source::{Code, Finding, Level};

use super::{declared, first_of_each};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP011",
        name: "route-taken",
        summary: "Two operations of one run have the same method and path",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("route_taken.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let routes =
        declared(ctx).filter(|operation| operation.kind == OperationKind::Offered).filter_map(|operation| {
            let http = operation.http.as_ref()?;
            // Service contracts have a rule of their own for this (SC12).
            let route = format!("{} {}", http.method.as_str(), http.normal_path());
            operation.service.is_none().then(|| (route, operation.at, Some(operation.label())))
        });
    first_of_each(ctx, &RULE.code, routes, "method and path", out);
}
