//! Which components something outside of the components leads to.

use rustc_hash::FxHashMap;
use tenon_graph::{AsyncApi, AsyncComponent, SecurityUse};
use tenon_source::At;

use crate::Context;
use crate::facts::reached::Reached;
use crate::rules::asyncapi::support::documents;

/// The components of all documents that have channels or operations and that nothing leads to.
pub fn unreached<'g>(ctx: &Context<'g>) -> Vec<&'g AsyncComponent> {
    let is_used = |api: &&AsyncApi| {
        !api.operations.is_empty() || api.channels.iter().any(|channel| !channel.is_component)
    };
    let apis: Vec<&AsyncApi> = documents(ctx).filter(is_used).collect();
    let mut components: Vec<&AsyncComponent> = apis.iter().flat_map(|api| &api.components).collect();
    if components.is_empty() {
        return Vec::new();
    }
    components.sort_by_key(|component| component.at);
    components.dedup_by_key(|component| component.at);
    let mut walk = Reached::new(ctx.graph, components.iter().map(|component| component.at).collect());
    walk.note_references();
    walk.note_unread_references();
    note_names(&apis, &mut walk);
    let all = components.into_iter().zip(walk.run());
    all.filter(|(_, reached)| !**reached).map(|(component, _)| component).collect()
}

/// Version 2 names security schemes.
fn note_names(apis: &[&AsyncApi], walk: &mut Reached<'_>) {
    for api in apis {
        let schemes = api.security_schemes.iter();
        let schemes: FxHashMap<&str, At> = schemes.map(|scheme| (scheme.name.as_str(), scheme.at)).collect();
        let servers = api.servers.iter().flat_map(|server| server.security.iter().flatten());
        let own = api.operations.iter().flat_map(|operation| operation.security.iter().flatten());
        for one in servers.chain(own) {
            let SecurityUse::Named(requirement) = one else { continue };
            for (name, _) in &requirement.schemes {
                if let Some(&scheme) = schemes.get(name.as_str()) {
                    walk.add(requirement.at, scheme);
                }
            }
        }
    }
}
