//! The root of a service-contracts document.

use tenon_graph::service::{EndpointExclusion, ServiceContracts, StatusEnum, StatusTransition};
use tenon_graph::{Name, Part};
use tenon_source::{FileId, Kind, Node, NodeId, Sources};

use super::names::{at, text, texts};
use super::{dialect, endpoint};
use crate::codes;

/// Reads a document into a part: the root, and one operation for each endpoint.
pub(super) fn read(file: FileId, sources: &Sources, part: &mut Part) {
    let Some(source) = sources.get(file) else { return };
    let root = source.tree.root();
    if !root.is_object() {
        let message = format!("service contracts are an object, and this is {}", article(root.kind()));
        let place = tenon_source::At { file, node: NodeId::ROOT };
        part.findings.push(sources.finding(&codes::WRONG_TYPE, place, message).with_help(
            "write the contract as `{\"$schema\": \"service-contracts-v2\", \"endpoints\": […]}`",
        ));
        return;
    }
    let shape = dialect::of(root);
    part.findings.extend(dialect::finding(file, root, shape, sources));
    let endpoints = root.get("endpoints").filter(|list| list.is_array());
    for item in endpoints.iter().flat_map(|list| list.items()).filter(|item| item.is_object()) {
        part.operations.push(endpoint::read(file, item, shape));
    }
    let status_enums = root.get("statusEnums");
    part.services.push(ServiceContracts {
        file,
        root: at(file, root),
        dialect: shape,
        endpoints: endpoints.map(|list| at(file, list)),
        route_convention: text(file, root, "routeConvention"),
        pagination_strategy: text(file, root, "paginationStrategy"),
        pagination: root.get("pagination").map(|value| at(file, value)),
        deferred_route_handling: text(file, root, "deferredRouteHandling"),
        status_enums_at: status_enums.map(|value| at(file, value)),
        status_enums: status_enums.map(|list| read_status_enums(file, list)).unwrap_or_default(),
        exclusions: root
            .get("endpointExclusions")
            .map(|list| read_exclusions(file, list))
            .unwrap_or_default(),
    });
}

/// What a value is, with its article.
fn article(kind: Kind) -> String {
    match kind {
        Kind::Null => "null".to_owned(),
        Kind::Array | Kind::Object => format!("an {}", kind.as_str()),
        Kind::Bool | Kind::Number | Kind::String => format!("a {}", kind.as_str()),
    }
}

fn read_status_enums(file: FileId, list: Node<'_>) -> Vec<StatusEnum> {
    // A stand-alone file has the same entries below `entities`.
    let list = list.get("entities").unwrap_or(list);
    let entries = list.items().filter(|entry| entry.is_object());
    entries
        .map(|entry| StatusEnum {
            at: at(file, entry),
            name: text(file, entry, "name"),
            status_field: text(file, entry, "statusField"),
            allowed_values: texts(file, entry, "allowedValues").unwrap_or_default(),
            transitions: entry
                .get("transitions")
                .map(|list| read_transitions(file, list))
                .unwrap_or_default(),
            semantics: entry
                .get("semantics")
                .into_iter()
                .flat_map(|meanings| meanings.members())
                .map(|(value, meaning)| Name::new(value, at(file, meaning)))
                .collect(),
        })
        .collect()
}

fn read_transitions(file: FileId, list: Node<'_>) -> Vec<StatusTransition> {
    list.items()
        .map(|entry| StatusTransition {
            at: at(file, entry),
            from: text(file, entry, "from"),
            to: texts(file, entry, "to").unwrap_or_default(),
        })
        .collect()
}

fn read_exclusions(file: FileId, list: Node<'_>) -> Vec<EndpointExclusion> {
    list.items()
        .map(|entry| EndpointExclusion {
            at: at(file, entry),
            entity: text(file, entry, "entity"),
            reason: text(file, entry, "reason"),
        })
        .collect()
}
