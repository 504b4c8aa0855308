//! One endpoint as far as it is written: nothing in it is taken from the contract unread.

use tenon_graph::service::{ServiceEndpoint, parse_signature};
use tenon_graph::{Graph, Name, Operation, Status};

use super::guards::{Guard, Guards};
use super::words::{express_path, is_expression, is_identifier, is_source_file};

/// An endpoint that a route is written for.
pub(super) struct Endpoint<'g> {
    /// The method in lower case.
    pub(super) method: String,
    /// The path as Express has it.
    pub(super) path: String,
    pub(super) route_file: &'g str,
    pub(super) service_file: &'g str,
    /// `methodName`.
    pub(super) function: &'g str,
    /// `signature`, as it is written.
    pub(super) signature: &'g str,
    pub(super) parameters: Vec<Parameter>,
    /// `routeArgs`.
    pub(super) arguments: Vec<&'g str>,
    /// Middleware in the order of the contract.
    pub(super) middleware: Vec<Guard>,
}

/// A parameter of a service's function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    /// Its name; empty for one that has no usable name of its own.
    pub(super) name: String,
    pub(super) optional: bool,
    /// Whether it takes any number of arguments.
    pub(super) rest: bool,
}

/// Reads an endpoint. `Ok(None)` is one that has no code: it is deferred, or no endpoint of service
/// contracts.
///
/// # Errors
/// Why it cannot be written, as a clause.
pub(super) fn read<'g>(
    graph: &'g Graph,
    operation: &'g Operation,
    guards: &mut Guards,
) -> Result<Option<Endpoint<'g>>, String> {
    let (Some(service), Some(http)) = (&operation.service, &operation.http) else { return Ok(None) };
    if operation.status != Some(Status::Required) {
        return Ok(None);
    }
    let path = express_path(&http.path.text).ok_or("its path is none that Express could serve")?;
    let route_file = file(service.route_file.as_ref(), "routeFile")?;
    let service_file = file(service.service_file.as_ref(), "serviceFile")?;
    if route_file == service_file {
        return Err("`routeFile` and `serviceFile` are one file".to_owned());
    }
    let function = text(service.method_name.as_ref(), "methodName")?;
    if !is_identifier(function) {
        return Err("`methodName` is no name that a module can export".to_owned());
    }
    let signature = text(service.signature.as_ref(), "signature")?;
    let parameters = parameters(signature)?;
    let arguments = arguments(service)?;
    // The guards are asked last: they keep what they are asked for.
    let middleware =
        guards.of(graph, operation, service, &path, &required_fields(&parameters, &arguments))?;
    let method = http.method.as_str().to_ascii_lowercase();
    Ok(Some(Endpoint {
        method,
        path,
        route_file,
        service_file,
        function,
        signature,
        parameters,
        arguments,
        middleware,
    }))
}

fn text<'g>(name: Option<&'g Name>, key: &str) -> Result<&'g str, String> {
    name.map(Name::as_str).ok_or_else(|| format!("it has no `{key}`"))
}

fn file<'g>(name: Option<&'g Name>, key: &str) -> Result<&'g str, String> {
    let path = text(name, key)?;
    match is_source_file(path) {
        true => Ok(path),
        false => Err(format!("`{key}` is no TypeScript file below the output")),
    }
}

fn parameters(signature: &str) -> Result<Vec<Parameter>, String> {
    let parsed =
        parse_signature(signature).map_err(|problem| format!("its signature {}", problem.as_clause()))?;
    let parameter = |parameter: tenon_graph::service::SignatureParameter| Parameter {
        name: Some(parameter.name).filter(|name| is_identifier(name)).unwrap_or_default(),
        optional: parameter.optional,
        rest: parameter.rest,
    };
    Ok(parsed.parameters.into_iter().map(parameter).collect())
}

fn arguments(service: &ServiceEndpoint) -> Result<Vec<&str>, String> {
    let all = service.route_args.as_ref().ok_or("it has no `routeArgs`")?;
    match all.iter().find(|argument| !is_expression(&argument.text)) {
        Some(odd) => Err(format!("`{}` in `routeArgs` is not one expression", odd.text.escape_debug())),
        None => Ok(all.iter().map(|argument| argument.text.trim()).collect()),
    }
}

/// Fields of the body that the service's function cannot do without.
fn required_fields<'g>(parameters: &[Parameter], arguments: &[&'g str]) -> Vec<&'g str> {
    let field = |(parameter, argument): (&Parameter, &&'g str)| {
        let name = argument.strip_prefix("req.body.")?;
        (!parameter.optional && is_identifier(name)).then_some(name)
    };
    parameters.iter().zip(arguments).filter_map(field).collect()
}
