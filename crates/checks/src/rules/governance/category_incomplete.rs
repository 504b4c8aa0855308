//! OP053 `category-incomplete`.

use tenon_graph::{Category, Contract, Surface};
use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, id_of, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP053",
        name: "category-incomplete",
        summary: "A category of the contract lacks an operation, or an operation its category",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("category_incomplete.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx).filter(|(_, surface)| !surface.categories.is_empty()) {
        let has = |id: &str| governed(ctx, contract).any(|operation| id_of(operation) == id);
        let whole = surface.categories.iter().filter(|category| gap(category, &has).is_none()).count();
        for category in &surface.categories {
            let Some(lack) = gap(category, &has) else { continue };
            let title = category.title.as_ref().unwrap_or(&category.name);
            let all = surface.categories.len();
            let message = format!("{lack} in the category `{}`: {whole}/{all} are whole", title.text);
            let finding = ctx.graph.sources.finding(&RULE.code, category.name.at, message);
            out.push(finding.with_help("declare the operation that is missing"));
        }
        report_strays(ctx, contract, surface, out);
    }
}

/// What a category lacks.
fn gap(category: &Category, has: &dyn Fn(&str) -> bool) -> Option<String> {
    let missing = category.operations.iter().find(|name| !has(&name.text));
    if let Some(name) = missing {
        return Some(format!("`{}` is missing", name.text));
    }
    if category.operations.is_empty() {
        return Some("there is no operation".to_owned());
    }
    let part = category.covers.iter().find(|(_, names)| !names.iter().any(|name| has(&name.text)));
    part.map(|(part, _)| format!("{} missing", part.text))
}

/// Operations that no category lists.
fn report_strays(ctx: &Context<'_>, contract: &Contract, surface: &Surface, out: &mut Vec<Finding>) {
    let lists = || surface.categories.iter().flat_map(|category| &category.operations);
    for operation in governed(ctx, contract) {
        if !lists().any(|name| name.text == id_of(operation)) {
            let message = format!("{} is in no category", operation.label());
            let help = "add it to the operations of a category";
            out.push(report(ctx, &RULE.code, operation, message).with_help(help));
        }
    }
}
