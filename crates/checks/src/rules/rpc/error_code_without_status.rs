//! OP046 `error-code-without-status`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP046",
        name: "error-code-without-status",
        summary: "An RPC error code lacks its gRPC status, its HTTP status or whether it can be retried",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("error_code_without_status.md"),
    check,
};

/// The status codes of gRPC that say that something failed (`google.rpc.Code`).
const GRPC_STATUSES: [&str; 16] = [
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for (contract, surface) in surfaces(ctx.graph) {
        let Some(codes) = error_enum(ctx.graph, surface) else { continue };
        for (code, at) in error_codes(ctx.graph, codes) {
            let help =
                format!("write `{code}: {{http: …, grpc: …, retryable: …}}` under `errors` of the contract");
            let mut rows = error_rows(ctx.graph, contract).filter(|row| row.code.as_str() == code);
            let Some(row) = rows.next() else {
                let message = format!("the error code `{code}` has no row in the contract's `errors`");
                out.push(sources.finding(&RULE.code, at, message).with_help(help));
                continue;
            };
            let lack = match (&row.grpc_status, row.http_status, row.retryable) {
                (None, _, _) => "has no gRPC status".to_owned(),
                (Some(status), _, _) if !GRPC_STATUSES.contains(&status.as_str()) => {
                    format!("cannot be sent: `{}` is no gRPC status of an error", status.text)
                }
                (_, None, _) => "has no HTTP status".to_owned(),
                (_, _, None) => "does not say whether the same call may succeed later".to_owned(),
                _ => continue,
            };
            let message = format!("the error code `{code}` {lack}");
            let finding = sources.finding(&RULE.code, row.at, message);
            out.push(finding.with_related(sources.place(at), "the error code").with_help(help));
        }
    }
}
