//! SC42 `upload-beyond-platform`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC42",
        name: "upload-beyond-platform",
        summary: "An upload takes more than the platform's constraints allow",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("upload_beyond_platform.md"),
    check,
};

/// Bytes in a megabyte.
const MEGABYTE: f64 = 1024.0 * 1024.0;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(scope) = facts.scope else { continue };
        for endpoint in &facts.endpoints {
            let sources = &facts.graph.sources;
            if let Some(supported) = &scope.mime_types {
                for mime in endpoint.service.allowed_mime_types.iter().flatten() {
                    if supported.iter().any(|one| one.text.eq_ignore_ascii_case(&mime.text)) {
                        continue;
                    }
                    let message = format!("`{}` is not among the platform's input formats", mime.text);
                    let finding = facts.finding_in(&RULE.code, endpoint, Some(mime.at), message);
                    let place = supported.first().map_or(scope.root, |first| first.at);
                    let finding = finding.with_related(sources.place(place), "the formats are declared here");
                    out.push(finding.with_help("remove the type, or add it to `platformConstraints`"));
                }
            }
            let (Some((bytes, at)), Some(size)) = (scope.upload_bytes_max, endpoint.service.max_size_mb)
            else {
                continue;
            };
            #[expect(clippy::cast_precision_loss, reason = "limits are far below 2^53 bytes")]
            let most = bytes as f64 / MEGABYTE;
            if size > most {
                let message = format!(
                    "`maxSizeMb` is {size}, and the platform's limit is {bytes} bytes, which is {most} MB"
                );
                let place = endpoint.outer_at(facts.graph, "maxSizeMb");
                let finding = facts.finding_in(&RULE.code, endpoint, place, message);
                let finding = finding.with_related(sources.place(at), "the limit is declared here");
                out.push(finding.with_help("lower the size, or raise the limit of the platform"));
            }
        }
    }
}
