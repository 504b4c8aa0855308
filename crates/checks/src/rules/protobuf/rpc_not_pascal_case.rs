//! PB052 `rpc-not-pascal-case`.

use tenon_source::{Code, Finding, Level};

use super::case::pascal;
use super::support::{at_name, rpcs};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB052",
        name: "rpc-not-pascal-case",
        summary: "The name of an RPC is not PascalCase",
        level: Level::Warning,
        aliases: &["buf:RPC_PASCAL_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("rpc_not_pascal_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, rpc) in rpcs(ctx) {
        let wanted = pascal(&rpc.name);
        if *rpc.name != *wanted {
            let message = format!("RPC `{}` is not in PascalCase, such as `{wanted}`", rpc.name);
            out.push(at_name(ctx, &RULE.code, rpc.at, message));
        }
    }
}
