//! OP047 `status-of-no-error-code`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP047",
        name: "status-of-no-error-code",
        summary: "A row of the error mapping is of no code of the service",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("status_of_no_error_code.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx.graph) {
        let Some(codes) = error_enum(ctx.graph, surface) else { continue };
        let known: BTreeSet<&str> = error_codes(ctx.graph, codes).map(|(code, _)| code).collect();
        for row in error_rows(ctx.graph, contract).filter(|row| !known.contains(row.code.as_str())) {
            let message = format!("`{}` has no value `{}`", codes.full_name, row.code.text);
            let finding = ctx.graph.sources.finding(&RULE.code, row.at, message);
            let near = did_you_mean(row.code.as_str(), known.iter().copied());
            out.push(finding.with_help(
                near.unwrap_or_else(|| "add the value to the enum, or remove the row".to_owned()),
            ));
        }
    }
}
