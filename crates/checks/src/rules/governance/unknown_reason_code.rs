//! OP015 `unknown-reason-code`.

use std::collections::BTreeSet;

use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP015",
        name: "unknown-reason-code",
        summary: "An operation answers with a reason code that is not in the catalogue",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_reason_code.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let known: BTreeSet<&str> = ctx.graph.errors.iter().map(|error| error.code.as_str()).collect();
    for operation in declared(ctx) {
        for code in operation.governance.reason_codes.iter().flatten() {
            if !known.contains(code.as_str()) {
                let message = format!("the reason code `{}` is not in the catalogue", code.text);
                let finding = ctx.graph.sources.finding_at_value(&RULE.code, code.at, message);
                let near = tenon_source::nearest(&code.text, known.iter().copied());
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add `{}` to `errors` with its status", code.text),
                };
                out.push(finding.with_operation(operation.label()).with_help(help));
            }
        }
    }
}
