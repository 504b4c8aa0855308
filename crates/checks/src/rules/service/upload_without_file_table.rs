//! SC51 `upload-without-file-table`.

use tenon_graph::service::Table;
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC51",
        name: "upload-without-file-table",
        summary: "There are uploads, and the data model has no table that holds files",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("upload_without_file_table.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(model) = facts.model else { continue };
        if model.tables.iter().any(holds_files) {
            continue;
        }
        let uploads = facts.endpoints.iter().filter(|endpoint| endpoint.service.file_upload == Some(true));
        let Some(endpoint) = uploads.clone().next() else { continue };
        let more = uploads.count() - 1;
        let others = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let message =
            format!("files are uploaded here{others}, and no table of the data model has columns for them");
        let at = endpoint.inner_at(facts.graph, "fileUpload");
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, at, message)
                .with_related(facts.graph.sources.place(model.root), "the data model")
                .with_help(
                    "add a table with filename, originalFilename, mimeType, size, storageKey, uploadedBy and uploadedAt; \
                     owners refer to it by `attachmentIds`",
                ),
        );
    }
}

/// Whether a table has a column each for a file's name, type, size and place.
fn holds_files(table: &Table) -> bool {
    let has = |words: &[&str]| {
        table.columns.iter().any(|column| {
            let name = column.name.text.to_lowercase().replace('_', "");
            words.iter().any(|word| name.contains(word))
        })
    };
    has(&["filename"])
        && has(&["mimetype", "contenttype"])
        && has(&["size"])
        && has(&["storagekey", "filepath", "path", "url", "objectkey"])
}
