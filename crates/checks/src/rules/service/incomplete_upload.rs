//! SC41 `incomplete-upload`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC41",
        name: "incomplete-upload",
        summary: "An upload endpoint does not say what it takes and how much",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("incomplete_upload.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            match endpoint.service.file_upload {
                Some(true) => {
                    mime_types(&facts, endpoint, out);
                    size(&facts, endpoint, out);
                }
                said => hidden(&facts, endpoint, said, out),
            }
        }
    }
}

fn mime_types(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let value = endpoint.outer(facts.graph, "allowedMimeTypes");
    let message = match value {
        None if at_root(facts, "allowedMimeTypes") => {
            "`allowedMimeTypes` stands in the root's `fileUploadConfig`, where upload middleware does not look"
        }
        None => "the upload has no `allowedMimeTypes`, so that it takes any file",
        Some(list) if list.is_array() && list.is_empty() => {
            "`allowedMimeTypes` is empty, so that no file can be uploaded"
        }
        // Another type is reported as such.
        Some(_) => return,
    };
    let at = endpoint.outer_at(facts.graph, "allowedMimeTypes");
    let help = "list the types at the endpoint, such as `\"allowedMimeTypes\": [\"text/csv\"]`";
    out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(help));
}

fn size(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let value = endpoint.outer(facts.graph, "maxSizeMb");
    let message = match (value, endpoint.service.max_size_mb) {
        (None, _) if at_root(facts, "maxSizeMb") => {
            "`maxSizeMb` stands in the root's `fileUploadConfig`, where upload middleware does not look"
                .to_owned()
        }
        (None, _) => "the upload has no `maxSizeMb`, so that it takes files of any size".to_owned(),
        (Some(_), Some(size)) if size <= 0.0 => format!("`maxSizeMb` is {size}, and a limit is more than 0"),
        (Some(_), _) => return,
    };
    let at = endpoint.outer_at(facts.graph, "maxSizeMb");
    let help = "set the size in megabytes at the endpoint: 5 for icons, 10 for documents, 50 for reports, 100 for data";
    out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(help));
}

/// Whether a limit stands at the root, where another dialect has it.
fn at_root(facts: &ServiceFacts<'_>, field: &str) -> bool {
    facts.root().get("fileUploadConfig").is_some_and(|config| config.get(field).is_some())
}

/// An endpoint that takes a file and does not say so.
fn hidden(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, said: Option<bool>, out: &mut Vec<Finding>) {
    let by_middleware = endpoint.middleware().find(|name| name.to_lowercase().contains("multer"));
    let by_argument = endpoint.takes_file();
    let sign = match (by_middleware, by_argument) {
        (Some(name), _) => format!("`{name}` stands in the middleware"),
        (None, true) => "`routeArgs` reads `req.file`".to_owned(),
        (None, false) => return,
    };
    // Where the field is missing or no boolean, that is the finding.
    if said.is_none() {
        return;
    }
    let at = endpoint.inner_at(facts.graph, "fileUpload");
    let message = format!("{sign}, and `fileUpload` is false");
    let help = "set `fileUpload` to true, with `allowedMimeTypes` and `maxSizeMb`";
    out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(help));
}
