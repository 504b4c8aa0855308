//! RE005 `blank-matrix-column`.

use tenon_graph::{FamilyRow, Name};
use tenon_source::{Code, Finding, Level};

use super::is_said;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE005",
        name: "blank-matrix-column",
        summary: "A row of the reuse matrix leaves a column blank",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("blank_matrix_column.md"),
    check,
};

/// The column that a row leaves blank, with what stands there.
fn columns(row: &FamilyRow) -> [(&'static str, Option<&Name>); 7] {
    [
        ("intent_class", row.intent_class.as_ref()),
        ("owner", row.owner.as_ref()),
        ("stability_tier", row.stability_tier.as_ref()),
        ("current_usage", row.current_usage.as_ref()),
        ("candidate_gateway_usage", row.candidate_usage.as_ref()),
        ("decision", row.decision.as_ref()),
        ("rationale", row.rationale.as_ref()),
    ]
}

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let rows = ctx.graph.reuse_registers.iter().flat_map(|register| &register.families);
    for row in rows {
        let sources = &ctx.graph.sources;
        if !is_said(&row.family.text) {
            let finding =
                sources.finding(&RULE.code, row.at, "a family has no name: `contract_family` is blank");
            out.push(finding.with_help("name the family; the key of the row is its name"));
        }
        for (column, name) in columns(row) {
            if name.is_some_and(|name| is_said(&name.text)) {
                continue;
            }
            let message = format!("the family `{}` says no `{column}`", row.family.text);
            let help = match column {
                "decision" => "write `reuse`, `extend` or `new`; `tenon reuse --table matrix` prints what the structure suggests".to_owned(),
                _ => format!("write `{column}` in its row"),
            };
            out.push(sources.finding(&RULE.code, row.at, message).with_help(help));
        }
    }
}
