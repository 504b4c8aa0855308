//! SC13 `unvalidated-tenant-parameter`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC13",
        name: "unvalidated-tenant-parameter",
        summary: "A path names the tenant, and nothing compares it with the caller's",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unvalidated_tenant_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let Some(parameter) = facts.tenant_in_path(endpoint) else { continue };
            let is_public =
                endpoint.service.authentication.as_ref().is_some_and(|name| name.text == "public");
            if endpoint.service.middleware.is_none() || is_public {
                continue;
            }
            let message = match (endpoint.authenticates(), facts.validates_tenant(endpoint)) {
                (true, true) => continue,
                (true, false) => format!(
                    "`:{parameter}` is not compared with the caller's tenant: any caller reaches any tenant's records"
                ),
                (false, true) => {
                    format!(
                        "`:{parameter}` is compared with the caller's tenant, but no `authenticate` tells the caller"
                    )
                }
                (false, false) => {
                    format!(
                        "`:{parameter}` is not compared with the caller's tenant, and no `authenticate` tells the caller"
                    )
                }
            };
            let convention = facts.contract.route_convention.as_ref();
            let against = convention.filter(|name| name.text == "tokenScoped");
            let also =
                against.map_or("", |_| "; under `tokenScoped` the tenant does not belong in the path (SC11)");
            let at = endpoint.outer_at(facts.graph, "middleware");
            out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(format!(
                "add `authenticate` and `validateOrganisationAccess` (or `validateTenantAccess`), which asserts \
                 `req.params.{parameter} === req.user.{parameter}`{also}"
            )));
        }
    }
}
