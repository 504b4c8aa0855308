//! `# tenon:ignore RULE[,RULE…] reason` in YAML comments, `// tenon:ignore …` in Protobuf ones.

use tenon_source::{FileId, Finding, Place, SourceFile, Sources, Span};

use super::codes;
use super::suppress::{Scope, Suppression};

/// What a comment starts with to be a suppression.
const MARK: &str = "tenon:ignore";

/// What was found in comments.
#[derive(Debug, Default)]
pub struct InlineSuppression {
    /// The suppressions.
    pub suppressions: Vec<Suppression>,
    /// What is wrong with some.
    pub findings: Vec<Finding>,
}

/// The suppressions in the comments of every file. `known` gives the id of a rule by its id or
/// name, `similar` names that are nearly like another.
#[must_use]
pub fn inline_suppressions(
    sources: &Sources,
    known: &dyn Fn(&str) -> Option<&'static str>,
    similar: &dyn Fn(&str) -> Option<String>,
) -> InlineSuppression {
    let mut out = InlineSuppression::default();
    let finder = memchr::memmem::Finder::new(MARK);
    for (id, file) in sources.iter() {
        if finder.find(file.text().as_bytes()).is_none() {
            continue;
        }
        for &span in file.tree.comments() {
            read_comment(id, file, span, &mut out, known, similar);
        }
    }
    out
}

fn read_comment(
    id: FileId,
    file: &SourceFile,
    span: Span,
    out: &mut InlineSuppression,
    known: &dyn Fn(&str) -> Option<&'static str>,
    similar: &dyn Fn(&str) -> Option<String>,
) {
    let text = file.text().get(span.range()).unwrap_or_default();
    let bare = text.trim_start_matches(['#', '/', '*']).trim_end_matches("*/").trim_start();
    let Some(rest) = bare.strip_prefix(MARK) else { return };
    let place = Place { file: id, span };
    let (rules, reason) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let reason = reason.trim_start_matches([':', '-', '–', '—']).trim();
    let sample = "write `# tenon:ignore OA001 why it may stay`";
    if !rest.starts_with(char::is_whitespace) || rules.is_empty() {
        let message = "this suppression names no rule";
        out.findings.push(Finding::new(&codes::UNKNOWN_RULE, place, message).with_help(sample));
        return;
    }
    let line = covered_line(file, span);
    for name in rules.split(',').filter(|name| !name.is_empty()) {
        let Some(rule) = known(name) else {
            let help = similar(name).map_or_else(
                || "`tenon explain --list` lists them".to_owned(),
                |near| format!("did you mean {near}?"),
            );
            let message = format!("there is no rule {name}");
            out.findings.push(Finding::new(&codes::UNKNOWN_RULE, place, message).with_help(help));
            continue;
        };
        if reason.is_empty() {
            let message = format!("this suppression of {rule} gives no reason, so it is not applied");
            out.findings.push(Finding::new(&codes::NO_REASON, place, message).with_help(sample));
            continue;
        }
        let scope = Scope::Line { file: id, line };
        out.suppressions.push(Suppression { rule, scope, reason: reason.to_owned(), place, inline: true });
    }
}

/// The line a comment speaks of: its own, or, if nothing else stands in it, the next one that is
/// neither blank nor a comment.
fn covered_line(file: &SourceFile, comment: Span) -> u32 {
    let text = file.text();
    let lines = file.lines();
    let own = file.locate(comment.start).line;
    let start = lines.line_span(text, own).start;
    let before = text.get(start as usize..comment.start as usize).unwrap_or_default();
    if !before.trim().is_empty() {
        return own;
    }
    let is_content = |line: &u32| {
        let content = text.get(lines.line_span(text, *line).range()).unwrap_or_default().trim_start();
        !content.is_empty() && !content.starts_with(['#', '/', '*'])
    };
    (own + 1..=lines.count()).find(is_content).unwrap_or(own)
}
