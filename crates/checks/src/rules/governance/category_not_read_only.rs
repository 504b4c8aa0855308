//! OP054 `category-not-read-only`.

use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, id_of, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP054",
        name: "category-not-read-only",
        summary: "An operation of a read-only category can change something",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("category_not_read_only.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        for category in surface.categories.iter().filter(|category| category.read_only) {
            let inside = |id: &str| category.operations.iter().any(|name| name.text == id);
            for operation in governed(ctx, contract).filter(|operation| inside(id_of(operation))) {
                let facts = &operation.governance;
                let method = operation.http.as_ref().map(|http| http.method.as_str());
                let does = if method.is_some_and(|method| method != "GET") {
                    "is no GET"
                } else if operation.request_schema.is_some() {
                    "takes a body"
                } else if facts.emits.iter().chain(&facts.side_effects).flatten().next().is_some() {
                    "has side effects"
                } else {
                    continue;
                };
                let message =
                    format!("{} {does}, yet `{}` only reads", operation.label(), category.name.text);
                let help = "make it a GET without body and effects, or move it to another category";
                out.push(report(ctx, &RULE.code, operation, message).with_help(help));
            }
        }
    }
}
