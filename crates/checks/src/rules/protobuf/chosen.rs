//! What a `buf.yaml` and comments make of findings: which rules apply to which files.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tenon_graph::Graph;
use tenon_graph::protobuf::{BufModule, BufVersion, ProtoFile, comments_of, module_of};
use tenon_source::{At, FileId, Finding, Level, SourceFile, Span};

use super::support::statement_start;
use crate::{Context, Rule};

/// What a comment starts with that sets findings of one rule aside.
pub const COMMENT: &str = "buf:lint:ignore";

/// The category that applies where a `buf.yaml` names none.
const CATEGORY: &str = "STANDARD";

/// A rule of `buf lint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BufRule {
    /// Its name.
    pub id: &'static str,
    /// Its categories in version 2, 1 and 1 beta 1; none where the version does not know it.
    pub categories: [&'static [&'static str]; 3],
}

const fn rule(
    id: &'static str,
    v2: &'static [&'static str],
    v1: &'static [&'static str],
    v1beta1: &'static [&'static str],
) -> BufRule {
    BufRule { id, categories: [v2, v1, v1beta1] }
}

impl BufRule {
    /// The words that select the rule: its name and its categories. `DEFAULT` and `STYLE_DEFAULT`
    /// are what `STANDARD` and `STYLE_STANDARD` were called.
    #[must_use]
    pub fn words(&self, version: BufVersion) -> Vec<&'static str> {
        let [v2, v1, v1beta1] = self.categories;
        let categories = match version {
            BufVersion::V2 => v2,
            BufVersion::V1 => v1,
            BufVersion::V1Beta1 => v1beta1,
        };
        let older = categories.contains(&CATEGORY).then_some("DEFAULT");
        let style = categories.contains(&"STYLE_STANDARD").then_some("STYLE_DEFAULT");
        categories.iter().copied().chain([self.id]).chain(older).chain(style).collect()
    }
}

/// Every rule of `buf lint` 1.75, by name.
#[rustfmt::skip]
pub static RULES: &[BufRule] = &[
    rule("COMMENT_ENUM", &["COMMENTS"], &["COMMENTS"], &["COMMENTS"]),
    rule("COMMENT_ENUM_VALUE", &["COMMENTS"], &["COMMENTS"], &["COMMENTS"]),
    rule("COMMENT_FIELD", &["COMMENTS"], &["COMMENTS"], &["COMMENTS"]),
    rule("COMMENT_MESSAGE", &["COMMENTS"], &["COMMENTS"], &["COMMENTS"]),
    rule("COMMENT_ONEOF", &["COMMENTS"], &["COMMENTS"], &["COMMENTS"]),
    rule("COMMENT_RPC", &["COMMENTS"], &["COMMENTS"], &["COMMENTS"]),
    rule("COMMENT_SERVICE", &["COMMENTS"], &["COMMENTS"], &["COMMENTS"]),
    rule("DIRECTORY_SAME_PACKAGE", &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "FILE_LAYOUT"]),
    rule("ENUM_FIRST_VALUE_ZERO", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["OTHER"]),
    rule("ENUM_NO_ALLOW_ALIAS", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "SENSIBLE"]),
    rule("ENUM_PASCAL_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("ENUM_VALUE_PREFIX", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("ENUM_VALUE_UPPER_SNAKE_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("ENUM_ZERO_VALUE_SUFFIX", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("FIELD_LOWER_SNAKE_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("FIELD_NOT_REQUIRED", &["BASIC", "STANDARD"], &[], &[]),
    rule("FIELD_NO_DESCRIPTOR", &[], &[], &["MINIMAL", "BASIC", "STANDARD", "SENSIBLE"]),
    rule("FILE_LOWER_SNAKE_CASE", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("IMPORT_NO_PUBLIC", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "SENSIBLE"]),
    rule("IMPORT_USED", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &[]),
    rule("MESSAGE_PASCAL_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("ONEOF_LOWER_SNAKE_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("PACKAGE_DEFINED", &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "SENSIBLE"]),
    rule("PACKAGE_DIRECTORY_MATCH", &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "FILE_LAYOUT"]),
    rule("PACKAGE_LOWER_SNAKE_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("PACKAGE_NO_IMPORT_CYCLE", &["MINIMAL", "BASIC", "STANDARD"], &[], &[]),
    rule("PACKAGE_SAME_CSHARP_NAMESPACE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "PACKAGE_AFFINITY"]),
    rule("PACKAGE_SAME_DIRECTORY", &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "FILE_LAYOUT"]),
    rule("PACKAGE_SAME_GO_PACKAGE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "PACKAGE_AFFINITY"]),
    rule("PACKAGE_SAME_JAVA_MULTIPLE_FILES", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "PACKAGE_AFFINITY"]),
    rule("PACKAGE_SAME_JAVA_PACKAGE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "PACKAGE_AFFINITY"]),
    rule("PACKAGE_SAME_PHP_NAMESPACE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "PACKAGE_AFFINITY"]),
    rule("PACKAGE_SAME_RUBY_PACKAGE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "PACKAGE_AFFINITY"]),
    rule("PACKAGE_SAME_SWIFT_PREFIX", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["MINIMAL", "BASIC", "STANDARD", "PACKAGE_AFFINITY"]),
    rule("PACKAGE_VERSION_SUFFIX", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("PROTOVALIDATE", &["STANDARD"], &["STANDARD"], &[]),
    rule("RPC_NO_CLIENT_STREAMING", &["UNARY_RPC"], &["UNARY_RPC"], &["UNARY_RPC"]),
    rule("RPC_NO_SERVER_STREAMING", &["UNARY_RPC"], &["UNARY_RPC"], &["UNARY_RPC"]),
    rule("RPC_PASCAL_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("RPC_REQUEST_RESPONSE_UNIQUE", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("RPC_REQUEST_STANDARD_NAME", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("RPC_RESPONSE_STANDARD_NAME", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("SERVICE_PASCAL_CASE", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &["BASIC", "STANDARD", "STYLE_BASIC", "STYLE_STANDARD"]),
    rule("SERVICE_SUFFIX", &["STANDARD"], &["STANDARD"], &["STANDARD", "STYLE_STANDARD"]),
    rule("STABLE_PACKAGE_NO_IMPORT_UNSTABLE", &[], &[], &[]),
    rule("SYNTAX_SPECIFIED", &["BASIC", "STANDARD"], &["BASIC", "STANDARD"], &[]),
];

/// What a rule is called in `buf`.
fn buf_rule(rule: &Rule) -> Option<&'static BufRule> {
    let id = rule.code.aliases.iter().find_map(|alias| alias.strip_prefix("buf:"))?;
    RULES.iter().find(|one| one.id == id)
}

fn is_chosen_by(module: &BufModule, rule: &BufRule) -> bool {
    let words = rule.words(module.version);
    module.lint.selection.selects(&words, words.contains(&CATEGORY))
}

/// Whether a `buf.yaml` asks for a rule that is off otherwise. What the user said of it wins.
pub(crate) fn is_asked_for(ctx: &Context<'_>, rule: &Rule) -> bool {
    let Some(one) = buf_rule(rule) else { return false };
    !ctx.settings.levels_set.contains(rule.code.id)
        && ctx.graph.buf_modules.iter().any(|module| is_chosen_by(module, one))
}

/// Leaves the findings of a rule that apply, at their levels. In a module with a `buf.yaml` it
/// decides which rules apply, and each is an error, as in `buf`, unless the user set its level.
/// False if the rule is none of `buf`'s: its findings are left as they are.
pub(crate) fn settle(
    ctx: &Context<'_>,
    rule: &Rule,
    level: Level,
    ignored: &Ignored,
    out: &mut Vec<Finding>,
) -> bool {
    let Some(one) = buf_rule(rule) else { return false };
    let is_set = ctx.settings.levels_set.contains(rule.code.id);
    out.retain_mut(|finding| {
        let Some(file) = ctx.graph.sources.get(finding.place.file) else { return true };
        let module = module_of(&ctx.graph.buf_modules, &file.path);
        finding.level = match module {
            Some(module) => {
                let words = one.words(module.version);
                let applies = is_chosen_by(module, one) && !module.lint.selection.ignores(&words, &file.path);
                match (applies, is_set) {
                    (false, false) => return false,
                    (false, true) | (true, true) => level,
                    (true, false) => Level::Error,
                }
            }
            None => level,
        };
        let takes_comments = module.is_none_or(|module| module.lint.allows_comment_ignores);
        finding.level != Level::Off && !(takes_comments && ignored.covers(finding, one.id))
    });
    true
}

/// A declaration, and what stands behind the mark in each comment above it.
type SetAside = (Span, Vec<String>);

/// Declarations below a comment that sets rules aside.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    by_file: FxHashMap<FileId, Vec<SetAside>>,
}

impl Ignored {
    /// Those of all files that are judged.
    pub(crate) fn of(graph: &Graph) -> Self {
        let files: Vec<&ProtoFile> = graph.protobuf.target_files().map(|(_, file)| file).collect();
        let found: Vec<(FileId, Vec<SetAside>)> = files
            .par_iter()
            .filter_map(|file| {
                let source = graph.sources.get(file.source)?;
                let found = source.text().contains(COMMENT).then(|| in_file(graph, file, source))?;
                (!found.is_empty()).then_some((file.source, found))
            })
            .collect();
        Self { by_file: found.into_iter().collect() }
    }

    fn covers(&self, finding: &Finding, rule: &str) -> bool {
        let start = finding.place.span.start;
        self.by_file.get(&finding.place.file).into_iter().flatten().any(|(span, rules)| {
            // What follows the name is a remark; `buf` takes the name as the start of any word.
            (span.start..=span.end).contains(&start) && rules.iter().any(|named| named.starts_with(rule))
        })
    }
}

fn in_file(graph: &Graph, file: &ProtoFile, source: &SourceFile) -> Vec<SetAside> {
    let mut out = Vec::new();
    for span in declarations(graph, file, source) {
        let text = comments_of(source, span.start, span.end).leading_text(source);
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix(COMMENT)?.strip_prefix(' '));
        let rules: Vec<String> = lines.map(str::to_owned).collect();
        if !rules.is_empty() {
            out.push((span, rules));
        }
    }
    out
}

/// The bytes of everything in a file that a comment can stand above.
fn declarations(graph: &Graph, file: &ProtoFile, source: &SourceFile) -> Vec<Span> {
    let protobuf = &graph.protobuf;
    let span = |at: At| graph.node(at).span();
    let mut out: Vec<Span> = file.package_span.into_iter().chain(file.syntax_span).collect();
    out.extend(file.imports.iter().map(|import| import.span));
    let statement = |found: Span| Span { start: statement_start(source.text(), found), end: found.end };
    out.extend(file.options.iter().map(|option| statement(option.span)));
    for message in protobuf.messages_of(file.all_messages).iter().filter(|message| !message.is_map_entry()) {
        out.push(span(message.at));
        out.extend(protobuf.oneofs_of(message.oneofs).iter().map(|oneof| span(oneof.at)));
    }
    out.extend(protobuf.fields_of(file.all_fields).iter().map(|field| span(field.at)));
    for one in protobuf.enums_of(file.all_enums) {
        out.push(span(one.at));
        out.extend(one.options.iter().map(|option| statement(option.span)));
        out.extend(protobuf.values_of(one.values).iter().map(|value| span(value.at)));
    }
    for service in protobuf.services_of(file.services) {
        out.push(span(service.at));
        out.extend(protobuf.rpcs_of(service.rpcs).iter().map(|rpc| span(rpc.at)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_buf_is_one_of_ours_or_left_out_for_a_reason() {
        let ours: Vec<&str> =
            super::super::RULES.iter().filter_map(|rule| buf_rule(rule)).map(|one| one.id).collect();
        let missing: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| !ours.contains(id)).collect();
        assert_eq!(missing, ["PROTOVALIDATE"], "its reason stands in rule_sets/peers.rs");
        let own = super::super::RULES.iter().filter(|rule| buf_rule(rule).is_none());
        let own: Vec<&str> = own.map(|rule| rule.code.id).collect();
        assert_eq!(own, ["PB067"], "each other is a rule of buf");
    }
}
