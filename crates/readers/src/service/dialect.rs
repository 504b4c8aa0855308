//! Which of the public shapes a document has: they all bear the same `$schema`.

use tenon_graph::service::ServiceDialect;
use tenon_source::{At, FileId, Finding, Node, NodeId, Sources};

use crate::codes;

/// The shape most endpoints have.
pub(super) fn of(root: Node<'_>) -> ServiceDialect {
    let mut counts = [0_usize; 3];
    let endpoints = root.get("endpoints").into_iter().flat_map(|list| list.items());
    for contract in endpoints.filter_map(|endpoint| endpoint.get("serviceContract")) {
        let has = |key| contract.get(key).is_some();
        let own = has("routeArgs") || has("signature");
        let [v2, service_name, parameters] = &mut counts;
        if own {
            *v2 += 1;
        } else if has("args") || has("serviceName") {
            *service_name += 1;
        } else if has("parameters") || has("throws") {
            *parameters += 1;
        } else {
            *v2 += 1;
        }
    }
    let [v2, service_name, parameters] = counts;
    if service_name > v2 && service_name >= parameters {
        ServiceDialect::ServiceNameArgs
    } else if parameters > v2 {
        ServiceDialect::ParametersThrows
    } else {
        ServiceDialect::V2
    }
}

/// One finding that says what the document is and how it is read.
pub(super) fn finding(
    file: FileId,
    root: Node<'_>,
    dialect: ServiceDialect,
    sources: &Sources,
) -> Option<Finding> {
    let (what, mapping) = match dialect {
        ServiceDialect::V2 => return None,
        ServiceDialect::ServiceNameArgs => (
            "`serviceContract` has `serviceName`, `method` and `args` where version 2 has `serviceFile`, \
             `methodName` and `routeArgs`",
            "it is read as if `method` were `methodName` and `purpose`, `args` were `routeArgs`, and `returns` \
             told lists; there is nothing to read `signature`, `serviceFile` and `crudOperation` from, so \
             what depends on them is not checked",
        ),
        ServiceDialect::ParametersThrows => (
            "`serviceContract` has `parameters` and `throws` where version 2 has `signature` and `routeArgs`",
            "it is read as if the names in `parameters` were the signature and their `source`s were \
             `routeArgs`; the status `implemented` is read as `required`",
        ),
    };
    let at = At { file, node: root.get("$schema").map_or(NodeId::ROOT, |value| value.id()) };
    let message = format!("this bears the name of service-contracts-v2 but is another shape: {what}");
    let finding = sources.finding_at_value(&codes::DIALECT, at, message);
    Some(finding.with_help(format!("{mapping}; rename the fields to have all of it checked")))
}
