//! Gate `route-service-alignment`: what the contract says of the code, and the code, are one.

use tenon_graph::service::{Signature, parse_signature};
use tenon_source::At;

use super::report::{Endpoint, GateReport, kind_of};
use super::{Gate, GateInput, codes};

/// What stands for a path that the contract does not give.
const NONE_NAMED: &str = "(none named)";

/// S4-190, S4-191, S4-291 to S4-297.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::RouteServiceAlignment);
    let endpoints = input.endpoints();
    let mut unnamed = 0_usize;
    for endpoint in endpoints.iter().filter(|endpoint| endpoint.node.is_object()) {
        // A contract of another shape names neither signatures nor service files.
        if input.other_shape().is_none() {
            arguments(input, endpoint, &mut report);
        }
        if endpoint.is_built() {
            unnamed += usize::from(built_code(input, endpoint, &mut report));
        } else {
            deferred_code(input, &endpoints, endpoint, &mut report);
        }
    }
    if let Some(shape) = input.other_shape() {
        report.not_run.push(format!(
            "signatures and service files of {unnamed} endpoints: the contract has the shape with {shape}"
        ));
    }
    report
}

/// Signature against `routeArgs` and `methodName`.
fn arguments(input: &GateInput<'_>, endpoint: &Endpoint<'_>, report: &mut GateReport) {
    let signature = endpoint.contract("signature");
    let route_args = endpoint.contract("routeArgs");
    let contract_at = endpoint.node.get("serviceContract").map_or(endpoint.at, |node| endpoint.place(node));
    let (Some(signature), Some(route_args)) = (signature, route_args) else {
        // Both missing is no agreement (S4-293).
        let what = match (signature.is_some(), route_args.is_some()) {
            (false, false) => "signature and routeArgs missing",
            (false, true) => "signature missing",
            _ => "routeArgs missing",
        };
        report.fail(input, &codes::SIGNATURE_ARGUMENTS, endpoint, contract_at, &format!(" - {what}"));
        return;
    };
    if !route_args.is_array() {
        let message = format!(" - routeArgs is {}, not an array", kind_of(route_args));
        report.fail(input, &codes::SIGNATURE_ARGUMENTS, endpoint, endpoint.place(route_args), &message);
        return;
    }
    let Some(text) = signature.as_str() else { return };
    let at = endpoint.place(signature);
    let parsed = match parse_signature(text) {
        Ok(parsed) => parsed,
        // Rule 14 says what keeps it from being a signature.
        Err(_) => return of_signature(input, endpoint, at, report),
    };
    let (passed, taken) = (route_args.len(), parsed.parameters.len());
    if passed != taken {
        let message = format!(" - routeArgs count ({passed}) != signature params ({taken})");
        report.fail(input, &codes::SIGNATURE_ARGUMENTS, endpoint, endpoint.place(route_args), &message);
    } else {
        of_signature(input, endpoint, at, report);
    }
    let method = endpoint.contract_str("methodName").unwrap_or_default();
    if !parsed.name.is_empty() && !method.is_empty() && !same_name(&parsed, method) {
        let message = format!(" - signature names {}, methodName is {method}", parsed.name);
        report.fail(input, &codes::SIGNATURE_ARGUMENTS, endpoint, at, &message);
    }
}

/// `service.method` and `method` name the same function.
fn same_name(signature: &Signature, method: &str) -> bool {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let both_owned = signature.name.contains('.') && method.contains('.');
    if both_owned { signature.name == method } else { last(&signature.name) == last(method) }
}

/// What rule 14 finds in a signature: parameters without a source (S4-112, S4-291).
fn of_signature(input: &GateInput<'_>, endpoint: &Endpoint<'_>, signature: At, report: &mut GateReport) {
    let node = input.ctx.graph.node(signature);
    let pointer = node.pointer();
    for finding in input.findings_of(&["SC14"]) {
        if finding.place.file == signature.file && finding.pointer.as_deref() == Some(&*pointer) {
            let line = format!("{} - {} (SC14)", endpoint.label, finding.message);
            report.issues.push(super::Issue { line, finding: finding.clone() });
        }
    }
}

/// The files of an endpoint that is built. Returns whether the contract names no service file
/// because it has another shape.
fn built_code(input: &GateInput<'_>, endpoint: &Endpoint<'_>, report: &mut GateReport) -> bool {
    let route = endpoint.node.get("routeFile");
    let route_path = route.and_then(|file| file.as_str()).unwrap_or(NONE_NAMED);
    if !input.files.is_file(route_path) {
        let at = route.map_or(endpoint.at, |file| endpoint.place(file));
        let message = format!(" - routeFile missing: {route_path}");
        report.fail(input, &codes::SOURCE_FILE_MISSING, endpoint, at, &message);
    }
    let service = endpoint.contract("serviceFile");
    if service.is_none() && input.other_shape().is_some() {
        return true;
    }
    let service_path = service.and_then(|file| file.as_str()).unwrap_or(NONE_NAMED);
    let at = service.map_or(endpoint.at, |file| endpoint.place(file));
    if !input.files.is_file(service_path) {
        let message = format!(" - serviceFile missing: {service_path}");
        report.fail(input, &codes::SOURCE_FILE_MISSING, endpoint, at, &message);
    } else {
        exported_method(input, endpoint, service_path, report);
    }
    false
}

/// The method among the exports of its file, and whether it takes what it is given.
fn exported_method(input: &GateInput<'_>, endpoint: &Endpoint<'_>, path: &str, report: &mut GateReport) {
    let method_node = endpoint.contract("methodName");
    let Some(method) = method_node.and_then(|method| method.as_str()) else {
        report.fail(input, &codes::METHOD_NOT_EXPORTED, endpoint, endpoint.at, " - methodName missing");
        return;
    };
    let at = method_node.map_or(endpoint.at, |method| endpoint.place(method));
    let label = Some(&*endpoint.label);
    let script = input.files.get(path).and_then(|file| file.script.as_ref());
    let Some(script) = script else {
        let message =
            format!("Method {method} not looked for in {path}: it is no TypeScript or JavaScript file");
        report.fail_plainly(input, &codes::METHOD_NOT_EXPORTED, at, &message, label);
        return;
    };
    let Some(export) = script.find(method) else {
        let why = match (&script.problem, script.star_sources.first()) {
            (Some(problem), _) => format!(": the file does not parse, {}", problem.message),
            (None, Some(source)) => format!(": not among its own exports, and {source} was not found"),
            (None, None) => String::new(),
        };
        let message = format!("Method {method} missing from {path}{why}");
        report.fail_plainly(input, &codes::METHOD_NOT_EXPORTED, at, &message, label);
        return;
    };
    let passed =
        endpoint.contract("routeArgs").filter(|arguments| arguments.is_array()).map(|list| list.len());
    if let (Some(arity), Some(passed)) = (export.arity, passed)
        && !arity.accepts(passed)
    {
        let takes = match (arity.required, arity.all, arity.rest) {
            (required, _, true) => format!("at least {required}"),
            (required, all, false) if required == all => all.to_string(),
            (required, all, false) => format!("{required} to {all}"),
        };
        let message =
            format!("Method {method} in {path} takes {takes} arguments, the contract passes {passed}");
        report.fail_plainly(input, &codes::METHOD_ARGUMENTS, at, &message, label);
    }
}

/// A deferred endpoint has no code yet (rule 5, A004-10): not a file of its own, and not its
/// method in a file that others share.
fn deferred_code(
    input: &GateInput<'_>,
    endpoints: &[Endpoint<'_>],
    endpoint: &Endpoint<'_>,
    report: &mut GateReport,
) {
    let built = || endpoints.iter().filter(|other| other.node.is_object() && other.is_built());
    if let Some(route) = endpoint.node.get("routeFile")
        && let Some(path) = route.as_str()
        && input.files.is_file(path)
        && !built().any(|other| other.node.get_str("routeFile") == Some(path))
    {
        let message = format!(" - deferred, but its routeFile exists: {path}");
        report.fail(input, &codes::DEFERRED_CODE_EXISTS, endpoint, endpoint.place(route), &message);
    }
    registered_route(input, endpoints, endpoint, report);
    let Some(service) = endpoint.contract("serviceFile") else { return };
    let Some(path) = service.as_str().filter(|path| input.files.is_file(path)) else { return };
    let method = endpoint.contract_str("methodName").unwrap_or_default();
    let shared = built().filter(|other| other.contract_str("serviceFile") == Some(path));
    let mut methods = shared.filter_map(|other| other.contract_str("methodName")).peekable();
    let message = if methods.peek().is_none() {
        format!(" - deferred, but its serviceFile exists: {path}")
    } else {
        // A method that a required endpoint uses as well has to be there.
        let exported = input.files.get(path).and_then(|file| file.script.as_ref()?.find(method)).is_some();
        if !exported || methods.any(|other| other == method) {
            return;
        }
        format!(" - deferred, but {path} exports {method}")
    };
    report.fail(input, &codes::DEFERRED_CODE_EXISTS, endpoint, endpoint.place(service), &message);
}

/// A deferred endpoint's route is not registered in a route file that others share (S4-93, A004-10).
fn registered_route(
    input: &GateInput<'_>,
    endpoints: &[Endpoint<'_>],
    endpoint: &Endpoint<'_>,
    report: &mut GateReport,
) {
    let Some(file) = endpoint.node.get("routeFile") else { return };
    let Some(path) = file.as_str() else { return };
    let Some(script) = input.files.get(path).and_then(|file| file.script.as_ref()) else { return };
    let built: Vec<&Endpoint<'_>> = endpoints
        .iter()
        .filter(|other| {
            other.node.is_object() && other.is_built() && other.node.get_str("routeFile") == Some(path)
        })
        .collect();
    // The router may be told the end of the path only, so a route that a built endpoint can be the
    // reason for says nothing.
    let route = script.routes.iter().find(|route| {
        answers(endpoint, &route.method, &route.path)
            && !built.iter().any(|other| answers(other, &route.method, &route.path))
    });
    if let (Some(route), false) = (route, built.is_empty()) {
        let message = format!(" - deferred, but {path} registers {} {}", route.method, route.path);
        report.fail(input, &codes::DEFERRED_CODE_EXISTS, endpoint, endpoint.place(file), &message);
    }
}

/// Whether a route can be an endpoint's: its method, and the end of its path.
fn answers(endpoint: &Endpoint<'_>, method: &str, path: &str) -> bool {
    let segments = |path: &str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts
            .map(|part| if part.starts_with([':', '{']) { ":".to_owned() } else { part.to_owned() })
            .collect()
    };
    let same_method = endpoint
        .node
        .get_str("method")
        .is_some_and(|own| method == "ALL" || own.eq_ignore_ascii_case(method));
    same_method
        && endpoint.node.get_str("path").is_some_and(|whole| segments(whole).ends_with(&segments(path)))
}
