//! OA151 `server-with-trailing-slash`.

use tenon_graph::OpenApiVersion;
use tenon_source::{At, Code, Edit, Finding, Level, Span};

use crate::rules::openapi::support::{all_servers, member};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA151",
        name: "server-with-trailing-slash",
        summary: "The URL of a server ends in a slash",
        level: Level::Warning,
        aliases: &[
            "spectral:oas3-server-trailing-slash",
            "spectral:oas2-host-trailing-slash",
            "redocly:no-server-trailing-slash",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("server_with_trailing_slash.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        if api.version == OpenApiVersion::V2 {
            if let Some(host) = member(ctx, api.root, "host") {
                check_text(ctx, host, out);
            }
            continue;
        }
        for url in all_servers(ctx, api).into_iter().filter_map(|server| server.url.as_ref()) {
            check_text(ctx, url.at, out);
        }
    }
}

fn check_text(ctx: &Context<'_>, at: At, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    let node = sources.node(at);
    let Some(text) = node.as_str().filter(|text| text.len() > 1 && text.ends_with('/')) else { return };
    let message = format!("`{text}` ends in a slash, so requests have two slashes before their path");
    let finding = sources.finding_at_value(&RULE.code, at, message).with_help("remove the slash");
    // The slash stands last, or before a closing quote, unless it is written in a special way.
    let span = node.span();
    let written = sources.slice(at.file, span);
    let slash = written.trim_end_matches(['"', '\'']).len().checked_sub(1);
    let slash = slash
        .filter(|&index| written.as_bytes().get(index) == Some(&b'/'))
        .and_then(|index| u32::try_from(index).ok());
    out.push(match slash {
        Some(index) => {
            let start = span.start + index;
            finding.with_fix("Remove the slash", vec![Edit::replace(Span::new(start, start + 1), "")])
        }
        None => finding,
    });
}
