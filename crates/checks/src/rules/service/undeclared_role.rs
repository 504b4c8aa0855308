//! SC38 `undeclared-role`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::words::did_you_mean;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC38",
        name: "undeclared-role",
        summary: "`rbac` names a role that the scope manifest does not declare",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undeclared_role.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(scope) = facts.scope.filter(|scope| !scope.roles.is_empty()) else { continue };
        for endpoint in &facts.endpoints {
            let Some(role) = &endpoint.service.rbac else { continue };
            if scope.roles.iter().any(|known| known.text == role.text) {
                continue;
            }
            let roles: Vec<&str> = scope.roles.iter().map(|known| known.text.as_str()).collect();
            let near = did_you_mean(&role.text, roles.iter().copied());
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("`userRoles` declares {}", roles.join(", ")),
            };
            let message = format!("the role `{}` is not among `userRoles`", role.text);
            let finding = facts.finding_in(&RULE.code, endpoint, Some(role.at), message);
            let place = scope.roles.first().map(|first| facts.graph.sources.place(first.at));
            out.push(match place {
                Some(place) => finding.with_related(place, "the roles are declared here").with_help(help),
                None => finding.with_help(help),
            });
        }
    }
}
