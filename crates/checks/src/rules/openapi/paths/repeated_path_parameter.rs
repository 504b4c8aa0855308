//! OA025 `repeated-path-parameter`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::path_variables;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA025",
        name: "repeated-path-parameter",
        summary: "A path has the same parameter twice",
        level: Level::Error,
        aliases: &["spectral:path-params"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("repeated_path_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        let path = &item.name.text;
        let repeated = path_variables(path).enumerate().find(|&(index, name)| {
            !name.is_empty() && path_variables(path).take(index).any(|before| before == name)
        });
        if let Some((_, name)) = repeated {
            let message = format!("the path has the parameter `{name}` twice");
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, item.name.at, message)
                    .with_help("give each parameter of the path a name of its own"),
            );
        }
    }
}
