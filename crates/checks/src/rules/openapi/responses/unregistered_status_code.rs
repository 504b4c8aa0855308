//! OA015 `unregistered-status-code`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA015",
        name: "unregistered-status-code",
        summary: "A response has a status code that HTTP does not know",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unregistered_status_code.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    for operation in ctx.graph.apis.iter().flat_map(|api| operations(ctx, api)) {
        for response in &operation.detail.responses {
            let Ok(code) = response.status.parse::<u16>() else { continue };
            if is_registered(code) || !seen.insert(response.at) {
                continue;
            }
            let message = format!("`{}` is no registered status code", response.status);
            let finding = ctx.graph.sources.finding(&RULE.code, response.at, message);
            out.push(
                finding
                    .with_operation(operation.label())
                    .with_help("use the registered code that comes nearest"),
            );
        }
    }
}

/// Whether the registry of HTTP status codes at IANA has it.
fn is_registered(code: u16) -> bool {
    matches!(
        code,
        100..=104 | 200..=208 | 226 | 300..=305 | 307 | 308 | 400..=417 | 421..=426 | 428 | 429 | 431 | 451
            | 500..=508 | 510 | 511
    )
}
