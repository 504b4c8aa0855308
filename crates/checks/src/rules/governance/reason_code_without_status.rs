//! OP018 `reason-code-without-status`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP018",
        name: "reason-code-without-status",
        summary: "A reason code has no HTTP status, or one that is no error",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("reason_code_without_status.md"),
    check,
};

/// The statuses of errors (RFC 9110 section 15.5 and 15.6).
const ERROR_STATUSES: std::ops::Range<i64> = 400..600;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for error in &ctx.graph.errors {
        let code = &error.code.text;
        let message = match error.http_status {
            None if error.grpc_status.is_some() => continue,
            None => format!("the reason code `{code}` has no HTTP status"),
            Some(status) if ERROR_STATUSES.contains(&status) => continue,
            Some(status) => {
                format!("the reason code `{code}` has the HTTP status {status}, which is no error")
            }
        };
        let finding = ctx.graph.sources.finding(&RULE.code, error.at, message);
        out.push(finding.with_help("give it a status from 400 to 599, as in `http: 404`"));
    }
}
