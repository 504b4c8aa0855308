//! OA135 `malformed-media-type`.

use tenon_graph::{HttpApi, OpenApiVersion};
use tenon_source::{At, Code, Finding, Level, Node};

use crate::rules::openapi::bodies::media_types;
use crate::rules::openapi::support::{at, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA135",
        name: "malformed-media-type",
        summary: "The name of a media type is none",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("malformed_media_type.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        if api.version == OpenApiVersion::V2 {
            check_v2(ctx, api, out);
            continue;
        }
        for media in media_types(ctx, api).iter().filter(|media| !is_media_type(&media.name)) {
            report(ctx, &media.name, media.at, out);
        }
    }
}

fn check_v2(ctx: &Context<'_>, api: &HttpApi, out: &mut Vec<Finding>) {
    let owners = std::iter::once(api.root).chain(operations(ctx, api).map(|operation| operation.at));
    for owner in owners {
        let lists = ["consumes", "produces"].into_iter().filter_map(|key| ctx.graph.node(owner).get(key));
        for item in lists.flat_map(Node::items) {
            if let Some(name) = item.as_str().filter(|name| !is_media_type(name)) {
                report(ctx, name, at(owner, item), out);
            }
        }
    }
}

fn report(ctx: &Context<'_>, name: &str, place: At, out: &mut Vec<Finding>) {
    let message = format!("`{name}` is no media type: it must be written as `type/subtype`");
    let finding = ctx.graph.sources.finding_at_value(&RULE.code, place, message);
    out.push(finding.with_help("write the registered name, such as `application/json`"));
}

/// Whether a name is a media type or a range of them, as RFC 9110 writes them.
fn is_media_type(name: &str) -> bool {
    let bare = name.split_once(';').map_or(name, |(bare, _)| bare).trim();
    let is_token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    bare.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}
