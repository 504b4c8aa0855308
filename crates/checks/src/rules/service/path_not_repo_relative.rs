//! SC36 `path-not-repo-relative`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC36",
        name: "path-not-repo-relative",
        summary: "The path of a source file is not relative to the repository",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("path_not_repo_relative.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let files = [
                ("routeFile", &endpoint.service.route_file),
                ("serviceFile", &endpoint.service.service_file),
            ];
            for (field, name) in files {
                let Some(name) = name else { continue };
                let Some(what) = problem(&name.text) else { continue };
                let message = format!("`{field}` is `{}`, which {what}", name.text);
                let finding = facts.finding_in(&RULE.code, endpoint, Some(name.at), message);
                out.push(finding.with_help(
                    "write the whole path from the repository's root, such as `server/routes/auth.routes.ts`",
                ));
            }
        }
    }
}

fn problem(path: &str) -> Option<&'static str> {
    let drive = path.get(1..3).is_some_and(|colon| colon == ":\\" || colon == ":/");
    if path.trim().is_empty() {
        Some("is empty")
    } else if path.starts_with('/') || drive {
        Some("is absolute")
    } else if path.contains('\\') {
        Some("has backslashes")
    } else if path.split('/').any(|part| part == "..") {
        Some("climbs out with `..`")
    } else if !path.contains('/') || path.starts_with("./") && path.matches('/').count() == 1 {
        Some("is a file name without its folder")
    } else if path.ends_with('/') {
        Some("is a folder")
    } else {
        None
    }
}
