//! PR010 `unpinned-tool`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PR010",
        name: "unpinned-tool",
        summary: "A code generator is not pinned to one version, or not said how it is called",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unpinned_tool.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for tool in ctx.graph.codegen_manifests.iter().flat_map(|manifest| &manifest.tools) {
        let name = &tool.name.text;
        let message = match &tool.version {
            None => format!("`{name}` has no version: another machine may run another one"),
            Some(version) if !is_exact(&version.text) => {
                format!("`{}` stands for more than one version of `{name}`", version.text)
            }
            Some(_) if tool.command.is_empty() => format!("how `{name}` is called is not said"),
            Some(_) => continue,
        };
        let finding = ctx.graph.sources.finding(&RULE.code, tool.at, message);
        let help = format!("write `{name}: {{version: 1.2.3, command: [{name}, …]}}`");
        out.push(finding.with_help(help));
    }
}

/// Whether a text is one version: numbers with dots between, and what may follow them in Semantic
/// Versioning; a `v` may stand in front. One number alone is a family of versions.
fn is_exact(version: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    let end = version.find(['-', '+']).unwrap_or(version.len());
    let (numbers, rest) = version.split_at(end);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_rest = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    numbers.contains('.') && numbers.split('.').all(is_number) && rest.bytes().all(is_rest)
}
