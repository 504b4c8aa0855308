//! OA007 `undeclared-operation-tag`.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{Name, Operation};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{count, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA007",
        name: "undeclared-operation-tag",
        summary: "An operation has a tag that the document does not declare",
        level: Level::Warning,
        aliases: &["spectral:operation-tag-defined", "redocly:operation-tag-defined"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("undeclared_operation_tag.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let declared: FxHashSet<&str> = api.tags.iter().map(|tag| tag.name.as_str()).collect();
        // The first use of each undeclared tag, in document order, and how many more there are.
        let mut undeclared: Vec<(&Name, &Operation, usize)> = Vec::new();
        let mut index: FxHashMap<&str, usize> = FxHashMap::default();
        for operation in operations(ctx, api) {
            for tag in operation.detail.tags.iter().filter(|tag| !declared.contains(tag.as_str())) {
                let place = *index.entry(tag.as_str()).or_insert(undeclared.len());
                match undeclared.get_mut(place) {
                    Some((_, _, more)) => *more += 1,
                    None => undeclared.push((tag, operation, 0)),
                }
            }
        }
        for (tag, operation, more) in undeclared {
            let others = if more == 0 {
                String::new()
            } else {
                format!("; so have {}", count(more, "more operation"))
            };
            let message = format!("the tag `{}` is not declared in the document's `tags`{others}", tag.text);
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, tag.at, message);
            let twin = api.tags.iter().find(|declared| declared.name.text.eq_ignore_ascii_case(&tag.text));
            let help = match twin {
                Some(twin) => format!("write `{}`, which is declared", twin.name.text),
                None => "declare it with a description, or use a tag that is declared".to_owned(),
            };
            out.push(finding.with_operation(operation.label()).with_help(help));
        }
    }
}
