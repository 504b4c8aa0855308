//! OA175 `unsafe-markdown`.

use memchr::memmem;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::texts;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA175",
        name: "unsafe-markdown",
        summary: "A text has markup that runs code",
        level: Level::Warning,
        aliases: &["spectral:no-script-tags-in-markdown", "redocly:no-unsafe-markdown"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unsafe_markdown.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (place, text) in texts(ctx, may_run_code) {
        let marked = text.contains('<');
        let problem = if marked && contains_tag(text, "script") {
            "a `<script>` tag"
        } else if marked && tags(text).any(has_event_handler) {
            "an HTML event handler"
        } else if has_script_link(text) {
            "a `javascript:` link"
        } else {
            continue;
        };
        let message = format!("the text has {problem}, which runs in the reader's browser");
        let finding = ctx.graph.sources.finding(&RULE.code, place, message);
        out.push(finding.with_help("remove it, or write `<` as `&lt;`"));
    }
}

/// Whether a file has what is looked for anywhere; an escaped `<` counts as anything.
fn may_run_code(text: &str) -> bool {
    contains_tag(text, "script")
        || tags(text).any(has_event_handler)
        || memmem::find(text.as_bytes(), b"\\u003").is_some()
        || [b"javascript:", b"JAVASCRIPT:", b"Javascript:", b"JavaScript:"]
            .iter()
            .any(|link| memmem::find(text.as_bytes(), *link).is_some())
}

/// What follows each `<` that opens a tag, up to its end.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<')
        .skip(1)
        .filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphabetic()))
        .map(|rest| rest.split('>').next().unwrap_or(rest))
}

fn contains_tag(text: &str, name: &str) -> bool {
    tags(text).any(|tag| {
        let (head, rest) = tag.split_at_checked(name.len()).unwrap_or(("", tag));
        head.eq_ignore_ascii_case(name)
            && !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
    })
}

/// Whether a tag has an attribute `on…=`.
fn has_event_handler(tag: &str) -> bool {
    tag.split('=').rev().skip(1).any(|before| {
        let name =
            before.trim_end().rsplit(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or("");
        name.len() > 2 && name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"))
    })
}

/// Whether a Markdown link or an HTML attribute leads to `javascript:`.
fn has_script_link(text: &str) -> bool {
    if !text.contains("cript:") && !text.contains("CRIPT:") {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    lower.match_indices("javascript:").any(|(index, _)| {
        let before = lower.get(..index).unwrap_or("").trim_end_matches(['"', '\'', ' ']);
        before.ends_with("](") || before.ends_with("href=") || before.ends_with("src=")
    })
}
