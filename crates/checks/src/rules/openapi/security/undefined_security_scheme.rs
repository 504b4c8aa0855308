//! OA140 `undefined-security-scheme`.

use rustc_hash::FxHashMap;
use tenon_graph::{Name, OpenApiVersion};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{count, requirements};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA140",
        name: "undefined-security-scheme",
        summary: "A security requirement names a scheme that is not defined",
        level: Level::Error,
        aliases: &[
            "spectral:oas2-operation-security-defined",
            "spectral:oas3-operation-security-defined",
            "redocly:security-defined",
        ],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("undefined_security_scheme.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let mut missing: Vec<(&Name, usize)> = Vec::new();
        let mut index: FxHashMap<&str, usize> = FxHashMap::default();
        let schemes = requirements(ctx, api).flat_map(|(requirement, _)| &requirement.schemes);
        for (name, _) in schemes {
            let defined = api.security_schemes.iter().any(|scheme| scheme.name == name.text);
            // From 3.2 on a scheme may be named by a reference.
            let is_reference = api.version >= OpenApiVersion::V3_2 && name.text.contains(['/', '#']);
            if defined || is_reference {
                continue;
            }
            let place = *index.entry(name.as_str()).or_insert(missing.len());
            match missing.get_mut(place) {
                Some((_, more)) => *more += 1,
                None => missing.push((name, 0)),
            }
        }
        let section = if api.version == OpenApiVersion::V2 {
            "securityDefinitions"
        } else {
            "components.securitySchemes"
        };
        for (name, more) in missing {
            let others = if more == 0 {
                String::new()
            } else {
                format!("; so do {}", count(more, "more requirement"))
            };
            let message = format!("the security scheme `{}` is not defined{others}", name.text);
            let finding = ctx.graph.sources.finding(&RULE.code, name.at, message);
            out.push(
                finding.with_help(format!("define it in `{section}`, or name a scheme that is defined")),
            );
        }
    }
}
