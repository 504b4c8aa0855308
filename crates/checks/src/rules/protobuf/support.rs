//! What the rules share: walking over the files they judge, places, the settings of a file.

use std::collections::BTreeMap;

use tenon_graph::protobuf::{
    BufLint, Enum, EnumValue, Field, FieldType, Message, MessageKind, Oneof, Options, ProtoFile, Rpc,
    Service, comments_of, module_of,
};
use tenon_source::{At, Code, Finding, Place, Span};

use crate::Context;

/// The files that are judged.
pub(super) fn files<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g ProtoFile> + use<'g> {
    ctx.graph.protobuf.target_files().map(|(_, file)| file)
}

/// Messages that are written, with their file.
pub(super) fn messages<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g Message> + use<'g> {
    let protobuf = &ctx.graph.protobuf;
    files(ctx)
        .flat_map(|file| protobuf.messages_of(file.all_messages))
        .filter(|message| !message.is_map_entry())
}

/// Fields that are written, and extensions.
pub(super) fn fields<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g Field> + use<'g> {
    let protobuf = &ctx.graph.protobuf;
    files(ctx)
        .flat_map(|file| protobuf.fields_of(file.all_fields))
        .filter(|field| !field.scope.is_some_and(|scope| protobuf.message(scope).is_map_entry()))
}

/// Oneofs that are written.
pub(super) fn oneofs<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g Oneof> + use<'g> {
    let protobuf = &ctx.graph.protobuf;
    messages(ctx).flat_map(|message| protobuf.oneofs_of(message.oneofs))
}

/// Enums.
pub(super) fn enums<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g Enum> + use<'g> {
    let protobuf = &ctx.graph.protobuf;
    files(ctx).flat_map(|file| protobuf.enums_of(file.all_enums))
}

/// Values of enums, with their enum.
pub(super) fn values<'g>(ctx: &Context<'g>) -> impl Iterator<Item = (&'g Enum, &'g EnumValue)> + use<'g> {
    let protobuf = &ctx.graph.protobuf;
    enums(ctx).flat_map(|one| protobuf.values_of(one.values).iter().map(move |value| (one, value)))
}

/// Services.
pub(super) fn services<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g Service> + use<'g> {
    let protobuf = &ctx.graph.protobuf;
    files(ctx).flat_map(|file| protobuf.services_of(file.services))
}

/// RPCs, with their service.
pub(super) fn rpcs<'g>(ctx: &Context<'g>) -> impl Iterator<Item = (&'g Service, &'g Rpc)> + use<'g> {
    let protobuf = &ctx.graph.protobuf;
    services(ctx).flat_map(|service| protobuf.rpcs_of(service.rpcs).iter().map(move |rpc| (service, rpc)))
}

/// Whether a field is a group: what is written is its message.
pub(super) fn is_group(ctx: &Context<'_>, field: &Field) -> bool {
    match field.ty {
        FieldType::Message(id) => ctx.graph.protobuf.message(id).kind == MessageKind::Group,
        _ => false,
    }
}

/// What the `buf.yaml` of a file says, or its defaults.
pub(super) fn lint<'g>(ctx: &Context<'g>, file: &ProtoFile) -> std::borrow::Cow<'g, BufLint> {
    let source = ctx.graph.sources.get(file.source);
    let module = source.and_then(|source| module_of(&ctx.graph.buf_modules, &source.path));
    module.map_or_else(
        || std::borrow::Cow::Owned(BufLint::default()),
        |module| std::borrow::Cow::Borrowed(&module.lint),
    )
}

/// Reports an element at its name.
pub(super) fn at_name(ctx: &Context<'_>, code: &'static Code, at: At, message: String) -> Finding {
    ctx.graph.sources.finding(code, at, message)
}

/// Reports an element from the start of its declaration to the end of its name.
pub(super) fn at_head(ctx: &Context<'_>, code: &'static Code, at: At, message: String) -> Finding {
    let mut finding = ctx.graph.sources.finding(code, at, message);
    let start = ctx.graph.node(at).span().start;
    finding.place.span.start = start.min(finding.place.span.start);
    finding
}

/// Reports some bytes of a file.
pub(super) fn at_span(code: &'static Code, file: &ProtoFile, span: Option<Span>, message: String) -> Finding {
    Finding::new(code, Place { file: file.source, span: span.unwrap_or_default() }, message)
}

/// Where the statement of an option starts: at the word `option`, which the option's span leaves out.
pub(super) fn statement_start(text: &str, span: Span) -> u32 {
    const WORD: &str = "option";
    let before = text.get(..span.start as usize).unwrap_or_default().trim_end();
    if before.ends_with(WORD) {
        u32::try_from(before.len() - WORD.len()).unwrap_or(span.start)
    } else {
        span.start
    }
}

/// The statement of an option, if it is written.
pub(super) fn option_span(
    ctx: &Context<'_>,
    file: &ProtoFile,
    options: &Options,
    name: &str,
) -> Option<Span> {
    let span = options.get(name)?.span;
    let source = ctx.graph.sources.get(file.source)?;
    Some(Span { start: statement_start(source.text(), span), end: span.end })
}

/// The folder a file is imported from.
pub(super) fn folder(file: &ProtoFile) -> &str {
    file.name.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// The files of each module by something they share.
pub(super) fn grouped<'g>(
    ctx: &Context<'g>,
    key: impl Fn(&'g ProtoFile) -> &'g str,
) -> BTreeMap<(&'g str, &'g str), Vec<&'g ProtoFile>> {
    let mut groups: BTreeMap<(&str, &str), Vec<&ProtoFile>> = BTreeMap::new();
    for file in files(ctx) {
        groups.entry((&file.root, key(file))).or_default().push(file);
    }
    groups
}

/// Names that a message lists, a count: it stands at every file they are of.
const NAMES_LISTED_MAX: usize = 8;

/// Names one after the other; of many the first, and how many more there are.
pub(super) fn listed(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    let more = names.len().saturating_sub(NAMES_LISTED_MAX);
    if more > 0 {
        names.truncate(NAMES_LISTED_MAX);
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

/// Reports an element that has no comment above it.
pub(super) fn comment_missing(
    ctx: &Context<'_>,
    code: &'static Code,
    (what, name): (&str, &str),
    at: At,
    out: &mut Vec<Finding>,
) {
    if !has_comment(ctx, at) {
        let message = format!("{what} `{name}` has no comment: nobody is told what it is for");
        out.push(at_head(ctx, code, at, message).with_help("say what it is for in a `//` comment above it"));
    }
}

/// Whether words stand above an element, beside those that set a rule aside.
fn has_comment(ctx: &Context<'_>, at: At) -> bool {
    let Some(file) = ctx.graph.sources.get(at.file) else { return true };
    let span = ctx.graph.node(at).span();
    let comments = comments_of(file, span.start, span.end);
    let text = comments.leading_text(file);
    text.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with(super::chosen::COMMENT))
}

/// Reports files of one package that set an option to different values.
pub(super) fn same_option(ctx: &Context<'_>, code: &'static Code, option: &str, out: &mut Vec<Finding>) {
    for ((_, package), files) in grouped(ctx, |file| file.package_name()) {
        let mut values: Vec<String> = files.iter().map(|file| value(&file.options, option)).collect();
        values.sort();
        values.dedup();
        if values.len() < 2 {
            continue;
        }
        let has_none = values.first().is_some_and(String::is_empty);
        let list = values.iter().filter(|value| !value.is_empty()).map(|value| format!("`{value}`"));
        let list = listed(list);
        let rest = if has_none { " and in some files nothing" } else { "" };
        for file in files {
            let message = format!(
                "`{option}` is {list}{rest} in package `{package}`: code of one package lands in several places"
            );
            let span = option_span(ctx, file, &file.options, option);
            out.push(
                at_span(code, file, span, message)
                    .with_help("set it to the same value in every file of the package"),
            );
        }
    }
}

/// The value of an option as a text; empty where it is not written.
fn value(options: &Options, name: &str) -> String {
    let Some(option) = options.get(name) else { return String::new() };
    option.value.as_str().or_else(|| option.value.as_word()).unwrap_or_default().to_owned()
}
