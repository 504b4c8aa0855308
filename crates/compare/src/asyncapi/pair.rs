//! Which AsyncAPI document takes the place of which.

use tenon_graph::{AsyncApi, Graph};
use tenon_source::{At, NodeId};

use super::rules::{DOCUMENT_ADDED, DOCUMENT_REMOVED};
use crate::http::scope::counted;
use crate::{Change, Spot, Versions};

/// Documents of both versions.
#[derive(Debug, Default)]
pub(super) struct Documents<'g> {
    /// Those that take each other's place.
    pub(super) pairs: Vec<(&'g AsyncApi, &'g AsyncApi)>,
    removed: Vec<&'g AsyncApi>,
    added: Vec<&'g AsyncApi>,
}

impl<'g> Documents<'g> {
    /// The only ones; those of the same path; of the same title.
    pub(super) fn of(versions: &Versions<'g>) -> Self {
        let mut out = Self::default();
        let mut old: Vec<&AsyncApi> = versions.old.async_apis.iter().collect();
        let mut new: Vec<&AsyncApi> = versions.new.async_apis.iter().collect();
        let path = |graph: &Graph, api: &AsyncApi| graph.sources.get(api.file).map(|file| file.path.clone());
        let title = |graph: &Graph, api: &AsyncApi| graph.node(api.info?).get_str("title").map(str::to_owned);
        if old.len() != 1 || new.len() != 1 {
            let keys: [Key<'_>; 2] = [&path, &title];
            for key in keys {
                new.retain(|api| {
                    let name = key(versions.new, api);
                    let same = |other: &&AsyncApi| name.is_some() && key(versions.old, other) == name;
                    let Some(index) = old.iter().position(same) else { return true };
                    out.pairs.push((old.remove(index), api));
                    false
                });
            }
        }
        if let ([before], [after]) = (old.as_slice(), new.as_slice()) {
            out.pairs.push((before, after));
            (old, new) = (Vec::new(), Vec::new());
        }
        (out.removed, out.added) = (old, new);
        out
    }

    /// Reports the documents that only one version has.
    pub(super) fn compare_lone(&self, versions: &Versions<'_>, out: &mut Vec<Change>) {
        let root = |api: &AsyncApi| At { file: api.file, node: NodeId::ROOT };
        let path = |graph: &Graph, api: &AsyncApi| {
            graph.sources.get(api.file).map(|file| file.path.clone()).unwrap_or_default()
        };
        for api in &self.removed {
            let path = path(versions.old, api);
            let count = counted(api.channels.len(), "channel");
            let message =
                format!("`{path}` is gone with its {count}: who sends to them or listens there is alone");
            let change = Change::new(&DOCUMENT_REMOVED, None, path, message);
            out.push(change.from_old(Spot::of(versions.old, root(api))));
        }
        for api in &self.added {
            let path = path(versions.new, api);
            let message = format!("`{path}` is new, with {}", counted(api.channels.len(), "channel"));
            let change = Change::new(&DOCUMENT_ADDED, None, path, message);
            out.push(change.at_new(Spot::of(versions.new, root(api))));
        }
    }
}

/// A way to recognise a document.
type Key<'k> = &'k dyn Fn(&Graph, &AsyncApi) -> Option<String>;
