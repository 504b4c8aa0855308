//! PB067 `unknown-buf-rule`.

use tenon_graph::DocumentKind;
use tenon_graph::protobuf::{BufVersion, buf_breaking};
use tenon_source::{At, Code, Finding, Level, Node, NodeId};

use super::chosen;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB067",
        name: "unknown-buf-rule",
        summary: "A `buf.yaml` names a rule or category that there is not",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unknown_buf_rule.md"),
    check,
};

/// Rules that `buf` still takes and that do nothing.
const WITHOUT_EFFECT: [&str; 3] =
    ["IMPORT_NO_WEAK", "FILE_SAME_PHP_GENERIC_SERVICES", "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT"];

const VERSIONS: [BufVersion; 3] = [BufVersion::V1Beta1, BufVersion::V1, BufVersion::V2];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let files = ctx.graph.documents.iter().filter(|file| file.kind == DocumentKind::BufConfiguration);
    let mut words = None;
    for document in files {
        let root = ctx.graph.node(At { file: document.file, node: NodeId::ROOT });
        // Plugins bring rules of their own.
        if root.get("plugins").is_some() {
            continue;
        }
        let modules = root.get("modules").into_iter().flat_map(Node::items);
        for owner in modules.chain([root]) {
            for section in ["lint", "breaking"] {
                let Some(value) = owner.get(section) else { continue };
                let (lint, breaking) = words.get_or_insert_with(|| (lint_words(), breaking_words()));
                let (own, other) =
                    if section == "lint" { (&*lint, &*breaking) } else { (&*breaking, &*lint) };
                for (node, word) in named(value) {
                    if own.contains(&word) || WITHOUT_EFFECT.contains(&word) {
                        continue;
                    }
                    let message = format!(
                        "`{word}` is no rule or category of `buf {section}`: nothing is chosen or left out by it"
                    );
                    let at = At { file: document.file, node: node.id() };
                    let finding = ctx.graph.sources.finding(&RULE.code, at, message);
                    out.push(finding.with_help(help(section, word, own, other)));
                }
            }
        }
    }
}

fn help(section: &str, word: &str, own: &[&'static str], other: &[&'static str]) -> String {
    if other.contains(&word) {
        let there = if section == "lint" { "breaking" } else { "lint" };
        return format!("it is one of `buf {there}`: move it to the section `{there}`");
    }
    match tenon_source::nearest(word, own.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`buf config ls-{section}-rules` lists the rules there are"),
    }
}

/// The names in the lists of a section.
fn named(section: Node<'_>) -> Vec<(Node<'_>, &str)> {
    let lists = ["use", "except"].into_iter().filter_map(|list| section.get(list)).flat_map(Node::items);
    let mut out: Vec<(Node<'_>, &str)> = lists.filter_map(|node| Some((node, node.as_str()?))).collect();
    out.extend(
        section.get("ignore_only").into_iter().flat_map(Node::members).map(|(name, paths)| (paths, name)),
    );
    out
}

/// What chooses rules of `buf lint`, in any version of the file.
fn lint_words() -> Vec<&'static str> {
    let words = chosen::RULES.iter().flat_map(|rule| VERSIONS.map(|version| rule.words(version)));
    sorted(words.flatten())
}

fn breaking_words() -> Vec<&'static str> {
    let words = buf_breaking::RULES.iter().flat_map(|rule| VERSIONS.map(|version| rule.words(version)));
    sorted(words.flatten())
}

fn sorted(words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    words.dedup();
    words
}
