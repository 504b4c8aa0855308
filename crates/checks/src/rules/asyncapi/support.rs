//! What the rules of this area share: walks that visit each thing once, and small questions.

use rustc_hash::FxHashSet;
use tenon_graph::{AsyncApi, AsyncApiVersion, AsyncOperation, Channel, Name, SecurityUse};
use tenon_source::{At, Code, Finding};

use crate::Context;
use crate::rules::openapi::support::{count, member};

/// Operations of one document from which on a lack that all of them share is reported once, a
/// count: it is a habit of the document then, and a list of every operation hides the rest.
const SHARED_LACK_MIN: usize = 20;

/// Findings of one rule from which on similar names are no longer searched, a count: each search
/// looks at every name there is, and past this the mistake is no typing mistake.
pub const SUGGESTIONS_MAX: usize = 200;

/// The documents.
pub fn documents<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g AsyncApi> + use<'g> {
    ctx.graph.async_apis.iter()
}

/// The documents of version 2.
pub fn of_version_2<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g AsyncApi> + use<'g> {
    documents(ctx).filter(|api| api.version == AsyncApiVersion::V2)
}

/// The documents of version 3.
pub fn of_version_3<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g AsyncApi> + use<'g> {
    documents(ctx).filter(|api| api.version > AsyncApiVersion::V2)
}

/// A finding about a whole document: at the member that names its version, for the root itself
/// has no name to point at.
pub fn document_finding(ctx: &Context<'_>, api: &AsyncApi, code: &'static Code, message: String) -> Finding {
    let place = member(ctx, api.root, "asyncapi").unwrap_or(api.root);
    let mut finding = ctx.graph.sources.finding(code, place, message);
    finding.pointer = Some(String::new());
    finding
}

/// The operations of a document, each once however many channels share it.
pub fn operations(api: &AsyncApi) -> impl Iterator<Item = &AsyncOperation> {
    let mut seen = FxHashSet::default();
    api.operations.iter().filter(move |operation| seen.insert(operation.def))
}

/// What findings call an operation.
pub fn label(api: &AsyncApi, operation: &AsyncOperation) -> String {
    let word = match (operation.action, api.version) {
        (Some(tenon_graph::Action::Send), AsyncApiVersion::V2) => "subscribe",
        (Some(tenon_graph::Action::Receive), AsyncApiVersion::V2) => "publish",
        (Some(action), _) => action.as_str(),
        (None, _) => "use",
    };
    match api.channel_of(operation) {
        Some(channel) => format!("{word} {}", channel.address.as_ref().unwrap_or(&channel.key).text),
        None => operation.id.as_ref().map_or_else(|| word.to_owned(), |id| id.text.clone()),
    }
}

/// The addresses of all channels, with their channels, each channel once.
pub fn addresses<'g>(ctx: &Context<'g>) -> impl Iterator<Item = (&'g Channel, &'g Name)> + use<'g> {
    let mut seen = FxHashSet::default();
    let channels = documents(ctx).flat_map(|api| &api.channels);
    let addressed = channels.filter_map(|channel| Some((channel, channel.address.as_ref()?)));
    addressed.filter(move |(_, address)| seen.insert(address.at))
}

/// A finding about an address. In version 2 it is the channel's name and has no value of its own.
pub fn address_finding(ctx: &Context<'_>, code: &'static Code, address: &Name, message: String) -> Finding {
    ctx.graph.sources.finding_at_value(code, address.at, message)
}

/// The names between the braces of an address or URL, in order.
pub fn variables(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Needs for security of servers and operations, with the operation's label.
pub fn security<'g>(api: &'g AsyncApi) -> impl Iterator<Item = (&'g SecurityUse, Option<String>)> + 'g {
    let servers = api.servers.iter().flat_map(|server| server.security.iter().flatten());
    let own = operations(api).flat_map(move |operation| {
        let uses = operation.security.iter().flatten();
        uses.map(move |one| (one, Some(label(api, operation))))
    });
    servers.map(|one| (one, None)).chain(own)
}

/// Adds the operation's label, if there is one.
pub fn with_label(finding: Finding, label: Option<String>) -> Finding {
    match label {
        Some(label) => finding.with_operation(label),
        None => finding,
    }
}

/// What operations may lack, for [`report_lacks`].
pub struct Lack {
    /// The rule's code.
    pub code: &'static Code,
    /// What is missing, with its article, such as "a description".
    pub what: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// Reports the operations for which `lacks` holds; once for the document if all of many do.
pub fn report_lacks(
    ctx: &Context<'_>,
    api: &AsyncApi,
    lack: &Lack,
    lacks: impl Fn(&AsyncOperation) -> bool,
    out: &mut Vec<Finding>,
) {
    let all: Vec<&AsyncOperation> = operations(api).collect();
    if all.len() >= SHARED_LACK_MIN && all.iter().all(|operation| lacks(operation)) {
        let message = format!("none of the {} has {}", count(all.len(), "operation"), lack.what);
        out.push(document_finding(ctx, api, lack.code, message).with_help(lack.help));
        return;
    }
    for operation in all.into_iter().filter(|operation| lacks(operation)) {
        let message =
            format!("the operation has no {}", lack.what.trim_start_matches("an ").trim_start_matches("a "));
        let finding = ctx.graph.sources.finding(lack.code, operation.def, message);
        out.push(finding.with_operation(label(api, operation)).with_help(lack.help));
    }
}

/// Whether a place is directly under a member of the root of its file, such as `servers`.
pub fn is_under_root(ctx: &Context<'_>, at: At, section: &str) -> bool {
    let home = ctx.graph.node(at).parent();
    home.is_some_and(|home| {
        home.key() == Some(section) && home.parent().is_some_and(|root| root.parent().is_none())
    })
}
