//! OP028 `facade-with-own-store`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP028",
        name: "facade-with-own-store",
        summary: "A facade has an entity of its own",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("facade_with_own_store.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx) {
        let (Some(facade), Some(name)) = (&operation.governance.facade_of, &operation.governance.entity)
        else {
            continue;
        };
        let Some(entity) = ctx.graph.entities.iter().find(|entity| entity.name.text == name.text) else {
            continue;
        };
        if entity.facade_of.is_none() {
            let message = format!(
                "duplicate persistence model: {} is a facade of `{}`, yet `{}` is kept here",
                operation.label(),
                facade.text,
                name.text,
            );
            let finding = report(ctx, &RULE.code, operation, message);
            let help = format!("give the entity `facade_of: {}`, so that there is one store", facade.text);
            out.push(finding.with_related(ctx.graph.sources.place(entity.at), "kept here").with_help(help));
        }
    }
}
