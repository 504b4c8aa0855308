//! SC52 `upload-before-guard`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC52",
        name: "upload-before-guard",
        summary: "A file is taken before it is known whether the caller may send it",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("upload_before_guard.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let names: Vec<&str> = endpoint.middleware().collect();
            let Some(upload) = names.iter().position(|name| name.to_lowercase().contains("multer")) else {
                continue;
            };
            let is_guard = |name: &str| {
                name.ends_with("Access") || name == "requireRole" || name.starts_with("authenticate")
            };
            let late = names.iter().skip(upload + 1).find(|name| is_guard(name));
            let (Some(late), Some(parser)) = (late, names.get(upload)) else { continue };
            let message = format!("`{parser}` takes the file before `{late}` refuses the caller");
            let at = endpoint.outer_at(facts.graph, "middleware");
            out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(format!(
                "put `{late}` in front of `{parser}`; a gateway that runs guards first does so whatever the order"
            )));
        }
    }
}
