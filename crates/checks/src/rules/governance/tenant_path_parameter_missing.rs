//! OP021 `tenant-path-parameter-missing`.

use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP021",
        name: "tenant-path-parameter-missing",
        summary: "The tenant is said to come from a path parameter that the path does not have",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("tenant_path_parameter_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx) {
        let Some(source) = operation.governance.tenancy.as_ref().and_then(|tenancy| tenancy.source.as_ref())
        else {
            continue;
        };
        let (Some(name), Some(http)) = (source.text.strip_prefix("path:"), &operation.http) else { continue };
        if !http.path_parameters().any(|parameter| parameter == name) {
            let message = format!(
                "the tenant is to come from the path parameter `{name}`, which {} does not have",
                operation.label()
            );
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, source.at, message);
            out.push(
                finding
                    .with_operation(operation.label())
                    .with_help("name a parameter of the path, or a claim, as in `claim:tenant_id`"),
            );
        }
    }
}
