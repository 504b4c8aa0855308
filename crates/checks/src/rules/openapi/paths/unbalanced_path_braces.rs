//! OA033 `unbalanced-path-braces`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA033",
        name: "unbalanced-path-braces",
        summary: "A path has a brace without its partner",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unbalanced_path_braces.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        if let Some(brace) = lonely_brace(&item.name.text) {
            let message = format!("the path has a `{brace}` without its partner");
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, item.name.at, message)
                    .with_help("write both braces around the parameter's name"),
            );
        }
    }
}

fn lonely_brace(path: &str) -> Option<char> {
    let mut open = false;
    for letter in path.chars() {
        match letter {
            '{' if open => return Some('{'),
            '{' => open = true,
            '}' if !open => return Some('}'),
            '}' => open = false,
            '/' if open => return Some('{'),
            _ => {}
        }
    }
    open.then_some('{')
}
