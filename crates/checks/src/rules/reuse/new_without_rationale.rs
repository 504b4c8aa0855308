//! RE007 `new-without-rationale`.

use tenon_source::{Code, Finding, Level};

use super::{decision_is, explains, names_candidates};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE007",
        name: "new-without-rationale",
        summary: "A `new` family does not say why no other one will do",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("new_without_rationale.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for register in &ctx.graph.reuse_registers {
        for row in register.families.iter().filter(|row| decision_is(row, "new")) {
            let family = &row.family.text;
            let (message, help) = if !row.rationale.as_ref().is_some_and(|name| explains(&name.text)) {
                (
                    format!("the new family `{family}` has no rationale"),
                    "say in a sentence why none of the families there are will do",
                )
            } else if !names_candidates(register, row) {
                (
                    format!("the rationale of the new family `{family}` names no family that was considered"),
                    "list the families that come nearest under `considered`",
                )
            } else {
                continue;
            };
            let at = row.rationale.as_ref().map_or(row.at, |name| name.at);
            out.push(ctx.graph.sources.finding(&RULE.code, at, message).with_help(help));
        }
        for row in register.families.iter().filter(|row| !row.considered.is_empty()) {
            for name in &row.considered {
                if !register.families.iter().any(|other| other.family.text == name.text && other.at != row.at)
                {
                    let message =
                        format!("`{}` was considered, and is no other family of the register", name.text);
                    let finding = ctx.graph.sources.finding_at_value(&RULE.code, name.at, message);
                    out.push(finding.with_help("write the name of its row"));
                }
            }
        }
    }
}
