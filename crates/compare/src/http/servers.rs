//! Where the API is offered.

use tenon_graph::{Graph, HttpApi, OpenApiVersion, Server};
use tenon_source::{At, Node};

use super::pair::{Pair, Pairs, base_path, plain_path};
use super::rules::{
    SERVER_ADDED, SERVER_DEFAULT_CHANGED, SERVER_REMOVED, SERVER_VALUE_ADDED, SERVER_VALUE_REMOVED,
};
use super::scope::{Scope, quoted};
use crate::{Change, ChangeRule, Spot, Versions};

/// A server's URL, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// `https`; empty where it is not said.
    scheme: String,
    /// Host and port; empty where the URL is relative.
    host: String,
    /// Path without a slash at its end.
    path: String,
}

impl Place {
    fn of(server: &Server) -> Self {
        let url = server.url.as_ref().map_or("/", |url| url.as_str());
        let (scheme, rest) = url.split_once("//").map_or(("", None), |(scheme, rest)| (scheme, Some(rest)));
        let (host, path) = match rest {
            Some(rest) => rest.find('/').map_or((rest, ""), |at| rest.split_at(at)),
            None => ("", url),
        };
        Self {
            scheme: scheme.trim_end_matches(':').to_ascii_lowercase(),
            host: plain_path(&host.to_ascii_lowercase()),
            path: plain_path(path.trim_end_matches('/')),
        }
    }

    /// Whether calls to the one reach the other.
    fn is_same(&self, other: &Self) -> bool {
        // Swagger 2 need not say a scheme.
        let scheme = self.scheme == other.scheme || self.scheme.is_empty() || other.scheme.is_empty();
        scheme && self.host == other.host && self.path == other.path
    }
}

/// Compares the servers of two documents.
pub(super) fn compare(
    versions: &Versions<'_>,
    pairs: &Pairs<'_>,
    old: &HttpApi,
    new: &HttpApi,
    out: &mut Vec<Change>,
) {
    // Where paths took in what servers lost, or gave it to them, nobody calls anywhere else.
    let shifted =
        base_path(old) != base_path(new) && pairs.operations.iter().any(|pair| is_shifted(pair, old, new));
    let change = |rule: &'static ChangeRule, subject: String, message: String| {
        Change::new(rule, None, subject, message)
    };
    let mut lists = Lists { versions, old_api: old, new_api: new, shifted, make: &change, found: Vec::new() };
    lists.compare(&old.servers, &new.servers, old.root, new.root);
    out.append(&mut lists.found);
}

/// Whether the same call is written with another share of it in the path.
fn is_shifted(pair: &Pair<'_>, old: &HttpApi, new: &HttpApi) -> bool {
    let path = |pair: Option<&tenon_graph::HttpBinding>| pair.map(|http| plain_path(&http.path.text));
    let (before, after) = (path(pair.old.http.as_ref()), path(pair.new.http.as_ref()));
    pair.old.file == old.file
        && pair.new.file == new.file
        && before != after
        && before.map(|path| base_path(old) + &path) == after.map(|path| base_path(new) + &path)
}

/// Compares the servers that an operation or its path has of its own.
pub(super) fn compare_own(scope: &mut Scope<'_, '_>) {
    let Some((old_api, new_api)) = scope.pair.apis() else { return };
    let own = |graph: &Graph, api: &HttpApi, operation: &tenon_graph::Operation| -> Vec<Server> {
        if !operation.detail.servers.is_empty() {
            return operation.detail.servers.clone();
        }
        let Some(item) = operation.detail.path_item.filter(|at| graph.node(*at).get("servers").is_some())
        else {
            return Vec::new();
        };
        let all = api.paths.iter().chain(&api.webhooks);
        all.filter(|path| path.def == item).flat_map(|path| path.servers.clone()).take(OWN_MAX).collect()
    };
    let old = own(scope.versions.old, old_api, scope.pair.old);
    let new = own(scope.versions.new, new_api, scope.pair.new);
    if old.is_empty() && new.is_empty() {
        return;
    }
    let (tier, label) = (scope.tier, scope.label.to_owned());
    let change = |rule: &'static ChangeRule, subject: String, message: String| {
        Change::new(rule, None, format!("{label} {subject}"), message).in_tier(tier)
    };
    let versions = scope.versions;
    let mut lists = Lists { versions, old_api, new_api, shifted: false, make: &change, found: Vec::new() };
    let (old_list, new_list) = (
        if old.is_empty() { old_api.servers.as_slice() } else { &old },
        if new.is_empty() { new_api.servers.as_slice() } else { &new },
    );
    lists.compare(old_list, new_list, scope.pair.old.at, scope.pair.new.at);
    let found = std::mem::take(&mut lists.found);
    for change in found {
        scope.add(change);
    }
}

/// Servers of one path that are looked at, a count: the same item may stand in many paths.
const OWN_MAX: usize = 1000;

/// How a change of servers is made.
type Make<'m> = &'m dyn Fn(&'static ChangeRule, String, String) -> Change;

struct Lists<'l> {
    versions: &'l Versions<'l>,
    old_api: &'l HttpApi,
    new_api: &'l HttpApi,
    shifted: bool,
    make: Make<'l>,
    found: Vec<Change>,
}

impl Lists<'_> {
    fn compare(&mut self, old: &[Server], new: &[Server], old_owner: At, new_owner: At) {
        let root = |owner: At| Server { at: owner, url: None, variables: Vec::new() };
        // No servers at all means one: the place the document itself comes from.
        let (old_root, new_root) = ([root(old_owner)], [root(new_owner)]);
        let old = if old.is_empty() { &old_root } else { old };
        let new = if new.is_empty() { &new_root } else { new };
        if self.is_left_to_host(old) || self.is_left_to_host(new) {
            return;
        }
        let places = |list: &[Server]| list.iter().map(Place::of).collect::<Vec<_>>();
        let (before, after) = (places(old), places(new));
        for (server, place) in old.iter().zip(&before) {
            match after.iter().position(|other| other.is_same(place)).and_then(|index| new.get(index)) {
                Some(other) => self.variables(server, other),
                None if self.shifted && after.iter().any(|other| other.host == place.host) => {}
                None => {
                    let url = url_of(server);
                    let message =
                        format!("the API is no longer offered at `{url}`: calls to it may not be answered");
                    let change = (self.make)(&SERVER_REMOVED, format!("servers {url}"), message)
                        .from_old(Spot::of(self.versions.old, server.at))
                        .at_new(Spot::of(self.versions.new, new_owner));
                    self.found.push(change);
                }
            }
        }
        for (server, place) in new.iter().zip(&after) {
            let known =
                before.iter().any(|other| other.is_same(place) || (self.shifted && other.host == place.host));
            if !known {
                let url = url_of(server);
                let message = format!("the API is offered at `{url}` too");
                let change = (self.make)(&SERVER_ADDED, format!("servers {url}"), message)
                    .at_new(Spot::of(self.versions.new, server.at));
                self.found.push(change);
            }
        }
    }

    /// Swagger 2 without a host says nothing of where the API is, beyond a base path.
    fn is_left_to_host(&self, list: &[Server]) -> bool {
        let one_is_v2 =
            self.old_api.version == OpenApiVersion::V2 || self.new_api.version == OpenApiVersion::V2;
        let both = self.old_api.version == self.new_api.version;
        one_is_v2 && !both && list.iter().all(|server| Place::of(server).host.is_empty())
    }

    fn variables(&mut self, old: &Server, new: &Server) {
        // Variables of equal URLs stand for each other in their order.
        for (before, after) in order(old).zip(order(new)) {
            let find = |server: &Server, name: &str| {
                server.variables.iter().find(|variable| variable.text == name).map(|variable| variable.at)
            };
            let (Some(old_at), Some(new_at)) = (find(old, &before), find(new, &after)) else { continue };
            let (old_node, new_node) = (self.versions.old.node(old_at), self.versions.new.node(new_at));
            self.values(&url_of(new), &after, (old_at, old_node), (new_at, new_node));
        }
    }

    fn values(
        &mut self,
        url: &str,
        name: &str,
        (old_at, old): (At, Node<'_>),
        (new_at, new): (At, Node<'_>),
    ) {
        let values = |node: Node<'_>| -> Option<Vec<String>> {
            let list = node.get("enum")?;
            Some(list.items().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        };
        let missing = |list: &[String], other: &[String]| -> Vec<String> {
            list.iter().filter(|value| !other.contains(value)).cloned().collect()
        };
        let (before, after) = (values(old), values(new));
        let (removed, added) = match (&before, &after) {
            (Some(before), Some(after)) => (missing(before, after), missing(after, before)),
            _ => (Vec::new(), Vec::new()),
        };
        let mut say = |rule, message| {
            let change = (self.make)(rule, format!("servers {url} {name}"), message)
                .from_old(Spot::of(self.versions.old, old_at))
                .at_new(Spot::of(self.versions.new, new_at));
            self.found.push(change);
        };
        if !removed.is_empty() {
            let values = quoted(removed.iter().map(String::as_str));
            say(&SERVER_VALUE_REMOVED, format!("`{name}` of the server `{url}` can no longer be {values}"));
        }
        if before.is_none() && after.is_some() {
            let message = format!("`{name}` of the server `{url}` can only have values of a list now");
            say(&SERVER_VALUE_REMOVED, message);
        }
        if !added.is_empty() {
            let values = quoted(added.iter().map(String::as_str));
            say(&SERVER_VALUE_ADDED, format!("`{name}` of the server `{url}` may be {values} too"));
        }
        if before.is_some() && after.is_none() {
            say(&SERVER_VALUE_ADDED, format!("`{name}` of the server `{url}` may have any value"));
        }
        let (was, is) = (old.get_str("default"), new.get_str("default"));
        if was != is {
            let (was, is) = (was.unwrap_or("none"), is.unwrap_or("none"));
            let message = format!(
                "`{name}` of the server `{url}` is `{is}` unless callers say otherwise, it was `{was}`"
            );
            say(&SERVER_DEFAULT_CHANGED, message);
        }
    }
}

fn url_of(server: &Server) -> String {
    server.url.as_ref().map_or_else(|| "/".to_owned(), |url| url.text.clone())
}

/// The variables of a URL in their order.
fn order(server: &Server) -> impl Iterator<Item = String> {
    let url = url_of(server);
    let names: Vec<String> =
        url.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
    names.into_iter()
}
