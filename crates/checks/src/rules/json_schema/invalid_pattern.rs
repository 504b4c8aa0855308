//! JS010 `invalid-pattern`.

use rayon::prelude::*;
use tenon_schemas::is_pattern;
use tenon_source::{At, Code, Finding, Level, Node};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS010",
        name: "invalid-pattern",
        summary: "A `pattern` is no regular expression",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("invalid_pattern.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    let mut written: Vec<(&str, At)> = Vec::new();
    for schema in &ctx.graph.schemas {
        let node = ctx.graph.node(schema.at);
        let at = |value: Node<'_>| At { file: schema.at.file, node: value.id() };
        if let Some(pattern) = node.get("pattern")
            && let Some(text) = pattern.as_str()
        {
            written.push((text, at(pattern)));
        }
        let names = node.get("patternProperties").into_iter().flat_map(Node::members);
        written.extend(names.map(|(text, value)| (text, at(value))));
    }
    let mut texts: Vec<&str> = written.iter().map(|(text, _)| *text).collect();
    texts.sort_unstable();
    texts.dedup();
    let bad: Vec<&str> = texts.into_par_iter().filter(|text| !is_pattern(text)).collect();
    for (text, at) in written.iter().filter(|(text, _)| bad.binary_search(text).is_ok()) {
        let message = format!("`{text}` is no regular expression, so nothing is checked by it");
        let finding = match ctx.graph.node(*at).key() {
            Some("pattern") => sources.finding_at_value(&RULE.code, *at, message),
            _ => sources.finding(&RULE.code, *at, message),
        };
        out.push(finding.with_help("write it as ECMA-262 does; brackets and groups must be closed"));
    }
}
