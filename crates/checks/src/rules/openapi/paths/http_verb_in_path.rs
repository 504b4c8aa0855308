//! OA030 `http-verb-in-path`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA030",
        name: "http-verb-in-path",
        summary: "A path has the name of an HTTP method in it",
        level: Level::Off,
        aliases: &["redocly:no-http-verbs-in-paths"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("http_verb_in_path.md"),
    check,
};

const VERBS: &[&str] = &["get", "head", "post", "put", "patch", "delete", "options", "trace"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        let segments = item.name.text.split('/').filter(|segment| !segment.starts_with('{'));
        let Some(verb) = segments.flat_map(words).find_map(verb) else { continue };
        let message = format!("the path has the method `{verb}` in it");
        out.push(
            ctx.graph
                .sources
                .finding(&RULE.code, item.name.at, message)
                .with_help("name the thing in the path and let the method say what is done to it"),
        );
    }
}

fn verb(word: &str) -> Option<&'static str> {
    VERBS.iter().copied().find(|verb| verb.eq_ignore_ascii_case(word))
}

/// The words of a segment: parted by anything that is no letter, and before capitals that follow
/// a small letter.
fn words(segment: &str) -> impl Iterator<Item = &str> {
    let mut rest = segment;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| !letter.is_alphabetic());
        let mut small = false;
        let end = rest.find(|letter: char| {
            let ends = !letter.is_alphabetic() || (small && letter.is_uppercase());
            small = letter.is_lowercase();
            ends
        });
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}
