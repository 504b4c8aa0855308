//! What the rules of this area share: walks that visit each thing once, and small questions.

use rustc_hash::FxHashSet;
use tenon_graph::{
    Dialect, DocumentKind, HttpApi, Keywords, OpenApiVersion, Operation, OperationKind, Parameter, Schema,
    SecurityRequirement, Server,
};
use tenon_source::{At, Code, FileId, Finding, Kind, Node};

use crate::Context;

/// The place of a value in the same file as another place.
pub fn at(near: At, node: Node<'_>) -> At {
    At { file: near.file, node: node.id() }
}

/// The place of a member of the object at a place.
pub fn member(ctx: &Context<'_>, of: At, key: &str) -> Option<At> {
    Some(at(of, ctx.graph.node(of).get(key)?))
}

/// Whether a value is missing, `null`, or a string of blanks.
pub fn is_blank(value: Option<Node<'_>>) -> bool {
    value.is_none_or(|value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()))
}

/// Whether the object at a place has the member, and it is not blank.
pub fn says(ctx: &Context<'_>, of: At, key: &str) -> bool {
    !is_blank(ctx.graph.node(of).get(key))
}

/// A finding about a whole document: at the member that names its version, for the root itself
/// has no name to point at.
pub fn document_finding(ctx: &Context<'_>, api: &HttpApi, code: &'static Code, message: String) -> Finding {
    let place = member(ctx, api.root, "openapi").or_else(|| member(ctx, api.root, "swagger"));
    let mut finding = ctx.graph.sources.finding(code, place.unwrap_or(api.root), message);
    finding.pointer = Some(String::new());
    finding
}

/// The operations of a document, those that are reached in several ways once.
pub fn operations<'g>(ctx: &Context<'g>, api: &HttpApi) -> impl Iterator<Item = &'g Operation> + use<'g> {
    let mut seen = FxHashSet::default();
    ctx.graph.operations_of(api.file).iter().filter(move |operation| seen.insert(operation.at))
}

/// The operations under `paths`, without webhooks and callbacks.
pub fn offered<'g>(ctx: &Context<'g>, api: &HttpApi) -> impl Iterator<Item = &'g Operation> + use<'g> {
    operations(ctx, api).filter(|operation| operation.kind == OperationKind::Offered)
}

/// A parameter, and the operation if it is written there and nowhere else.
pub type Used<'g> = (&'g Parameter, Option<&'g Operation>);

/// Every parameter that is used, once where it is defined.
pub fn parameters<'g>(ctx: &Context<'g>, api: &'g HttpApi) -> Vec<Used<'g>> {
    let items = api.paths.iter().chain(&api.webhooks);
    let mut all: Vec<Used<'g>> =
        items.flat_map(|item| item.parameters.iter().map(|parameter| (parameter, None))).collect();
    for operation in ctx.graph.operations_of(api.file) {
        let own = operation.detail.parameters.iter().filter(|parameter| !parameter.inherited);
        all.extend(own.map(|parameter| (parameter, (parameter.at == parameter.def).then_some(operation))));
    }
    all.sort_by_key(|(parameter, _)| parameter.def);
    all.dedup_by_key(|(parameter, _)| parameter.def);
    all
}

/// Names an operation in a finding, where there is one.
pub fn with_operation(finding: Finding, operation: Option<&Operation>) -> Finding {
    match operation {
        Some(operation) => finding.with_operation(operation.label()),
        None => finding,
    }
}

/// The schemas of OpenAPI documents that have one of some keywords or more.
pub fn schemas<'g>(
    ctx: &Context<'g>,
    any: Keywords,
) -> impl Iterator<Item = (&'g Schema, Keywords)> + use<'g> {
    let graph = ctx.graph;
    let mut ours = vec![false; graph.sources.len()];
    let has_api = !graph.apis.is_empty();
    for document in &graph.documents {
        let is_ours = match document.kind {
            DocumentKind::OpenApi(_) => true,
            DocumentKind::Fragment => has_api,
            _ => false,
        };
        if let Some(slot) = ours.get_mut(document.file.0 as usize) {
            *slot = is_ours;
        }
    }
    graph.schemas_with_any(any).filter(move |(schema, _)| {
        matches!(schema.dialect, Dialect::Swagger2 | Dialect::OpenApi30)
            || ours.get(schema.at.file.0 as usize) == Some(&true)
    })
}

/// The type names of a schema: of a string one, of a list all that are strings.
pub fn types<'t>(schema: Node<'t>) -> impl Iterator<Item = &'t str> {
    let value = schema.get("type");
    let listed = value.into_iter().flat_map(Node::items).filter_map(Node::as_str);
    value.and_then(Node::as_str).into_iter().chain(listed)
}

/// Whether two values are equal as JSON: members in any order, numbers by value.
///
/// Recursion ends at the depth limit of the parsers.
pub fn same(a: Node<'_>, b: Node<'_>) -> bool {
    if a.kind() != b.kind() || a.len() != b.len() {
        return false;
    }
    match a.kind() {
        Kind::Null => true,
        Kind::Bool => a.as_bool() == b.as_bool(),
        Kind::String => a.as_str() == b.as_str(),
        Kind::Number => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            _ => a.number_text() == b.number_text() || a.as_f64() == b.as_f64(),
        },
        Kind::Array => a.items().zip(b.items()).all(|(a, b)| same(a, b)),
        Kind::Object => a.members().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other))),
    }
}

/// The variables of a path template with the braces' content as written, in order.
pub fn path_variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| {
        // RFC 6570 operators and modifiers, which some tools write.
        name.trim_start_matches(['+', '#', '/', ';', '?', '&']).trim_end_matches('*')
    })
}

/// What stands between the parameters of a path; one part more than there are parameters.
pub fn fixed_parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').enumerate().map(|(index, part)| match part.split_once('}') {
        Some((_, rest)) if index > 0 => rest,
        _ => part,
    })
}

/// A text with `s` if the number is not one: `1 operation`, `2 operations`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The servers of a document, its paths and its operations, each once.
pub fn all_servers<'g>(ctx: &Context<'g>, api: &'g HttpApi) -> Vec<&'g Server> {
    let items = api.paths.iter().chain(&api.webhooks).flat_map(|item| &item.servers);
    let operations = operations(ctx, api).flat_map(|operation| &operation.detail.servers);
    let mut all: Vec<&Server> = api.servers.iter().chain(items).chain(operations).collect();
    all.sort_by_key(|server| server.at);
    all.dedup_by_key(|server| server.at);
    all
}

/// The security requirements of a document and its operations, with the operation if it is one's
/// own.
pub fn requirements<'g>(
    ctx: &Context<'g>,
    api: &'g HttpApi,
) -> impl Iterator<Item = (&'g SecurityRequirement, Option<&'g Operation>)> + use<'g> {
    let shared = api.security.iter().flatten().map(|requirement| (requirement, None));
    let own = operations(ctx, api).flat_map(|operation| {
        operation.detail.security.iter().flatten().map(move |requirement| (requirement, Some(operation)))
    });
    shared.chain(own)
}

/// The titles, summaries and descriptions in files of OpenAPI whose text as a whole may have what
/// is looked for.
pub fn texts<'g>(
    ctx: &Context<'g>,
    file_may: fn(&str) -> bool,
) -> impl Iterator<Item = (At, &'g str)> + use<'g> {
    let graph = ctx.graph;
    let is_ours = |kind: DocumentKind| matches!(kind, DocumentKind::OpenApi(_) | DocumentKind::Fragment);
    let has_api = !graph.apis.is_empty();
    let files = graph.documents.iter().filter(move |document| has_api && is_ours(document.kind));
    files.flat_map(move |document| {
        let tree = graph.sources.get(document.file).map(|source| &source.tree);
        let tree = tree.filter(|tree| file_may(tree.text()));
        let members =
            tree.into_iter().flat_map(|tree| tree.members_named(&["description", "summary", "title"]));
        members.filter_map(|node| Some((At { file: document.file, node: node.id() }, node.as_str()?)))
    })
}

/// The versions of the files of OpenAPI.
pub struct Versions {
    by_file: Vec<Option<OpenApiVersion>>,
}

impl Versions {
    /// Each document's own; of files that are referred to, that of the first document.
    pub fn of(ctx: &Context<'_>) -> Self {
        let first = ctx.graph.apis.first().map(|api| api.version);
        let mut by_file = vec![None; ctx.graph.sources.len()];
        for document in &ctx.graph.documents {
            let version = match document.kind {
                DocumentKind::OpenApi(version) => Some(version),
                DocumentKind::Fragment => first,
                _ => None,
            };
            if let Some(slot) = by_file.get_mut(document.file.0 as usize) {
                *slot = version;
            }
        }
        Self { by_file }
    }

    /// The version of a file; `None` for what is no OpenAPI.
    pub fn of_file(&self, file: FileId) -> Option<OpenApiVersion> {
        self.by_file.get(file.0 as usize).copied().flatten()
    }
}

/// Whether a schema stands at a place.
pub fn is_schema(ctx: &Context<'_>, at: At) -> bool {
    ctx.graph.schemas.binary_search_by_key(&at, |schema| schema.at).is_ok()
}

/// Operations of one document from which on a lack that all of them share is reported once, a
/// count: it is a habit of the document then, and a list of every operation hides the rest.
const SHARED_LACK_MIN: usize = 20;

/// What operations may lack, for [`report_lacks`].
pub struct Lack {
    /// The rule's code.
    pub code: &'static Code,
    /// What is missing, with its article, such as "a tag".
    pub what: &'static str,
    /// What is said of one operation.
    pub message: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// Reports the operations that lack something at the places given; once for the document if all
/// of many do.
pub fn report_lacks<'g>(
    ctx: &Context<'g>,
    api: &HttpApi,
    lack: &Lack,
    operations: impl Iterator<Item = (&'g Operation, Option<At>)>,
    out: &mut Vec<Finding>,
) {
    let all: Vec<(&Operation, Option<At>)> = operations.collect();
    if all.len() >= SHARED_LACK_MIN && all.iter().all(|(_, place)| place.is_some()) {
        let message = format!("none of the {} has {}", count(all.len(), "operation"), lack.what);
        out.push(document_finding(ctx, api, lack.code, message).with_help(lack.help));
        return;
    }
    for (operation, place) in all {
        let Some(place) = place else { continue };
        let finding = ctx.graph.sources.finding(lack.code, place, lack.message);
        out.push(finding.with_operation(operation.label()).with_help(lack.help));
    }
}
