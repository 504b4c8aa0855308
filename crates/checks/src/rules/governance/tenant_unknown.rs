//! OP020 `tenant-unknown`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP020",
        name: "tenant-unknown",
        summary: "An operation does not say which tenant it works for",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("tenant_unknown.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    if !ctx.graph.contracts.iter().any(|contract| contract.tenant_key.is_some()) {
        return;
    }
    for operation in declared(ctx).filter(|operation| operation.governance.auth_required != Some(false)) {
        let governance = &operation.governance;
        let message = match &governance.tenancy {
            None => format!("{} does not say which tenant it works for", operation.label()),
            Some(tenancy) if tenancy.scoped && tenancy.source.is_none() => {
                format!("{} belongs to a tenant but does not say where its id comes from", operation.label())
            }
            Some(_) => continue,
        };
        let help =
            "say where the tenant's id comes from, as in `tenancy: claim:tenant_id`, or `tenancy: none`";
        out.push(report(ctx, &RULE.code, operation, message).with_help(help));
    }
}
