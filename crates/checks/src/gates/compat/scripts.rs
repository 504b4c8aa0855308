//! The four scripts, check for check.

use std::collections::BTreeSet;

use serde_json::Value;

use super::grep::{comma_count, has_req_any_body, mentions_method, validates_tenant};
use super::jq::{self, Documents, index, interpolated, is_truthy, iterate, raw, raw_or_empty, substituted};
use super::{Exit, Script};
use crate::gates::RepositoryFiles;

/// `jq -c '.endpoints[]'` inside `< <(…)`: what it prints counts, its failure does not.
fn endpoints(documents: &Documents) -> Vec<&Value> {
    selected(documents, |_| Ok(true))
}

fn selected(documents: &Documents, keep: impl Fn(&Value) -> Result<bool, jq::Refused>) -> Vec<&Value> {
    let run = documents.run(|value, printed| {
        for endpoint in iterate(index(value, "endpoints")?)? {
            if keep(endpoint)? {
                printed.push(endpoint);
            }
        }
        Ok(())
    });
    run.printed
}

/// `METHOD PATH`, as every message begins.
fn label(endpoint: &Value) -> Result<String, Exit> {
    let path = raw(index(endpoint, "path")?);
    let method = raw(index(endpoint, "method")?);
    Ok(format!("{method} {path}"))
}

fn contract_member<'v>(endpoint: &'v Value, name: &str) -> Result<&'v Value, jq::Refused> {
    index(index(endpoint, "serviceContract")?, name)
}

/// `jq -r '….[]'` into a variable.
fn lines(value: &Value) -> Result<String, Exit> {
    let lines: Vec<String> = iterate(value)?.into_iter().map(raw_line).collect();
    Ok(substituted(&lines.concat()))
}

/// One value as `jq -r` prints it, with its newline.
fn raw_line(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        other => format!("{}\n", raw(other)),
    }
}

pub(super) fn endpoint_status(script: &mut Script, documents: Option<&Documents>) -> Result<(), Exit> {
    const FIELDS: [&str; 8] = [
        "serviceFile",
        "methodName",
        "signature",
        "routeArgs",
        "purpose",
        "authRequired",
        "rbac",
        "fileUpload",
    ];
    script.print("=== Verifying Endpoint Status Fields ===");
    for endpoint in endpoints(script.need(documents)?) {
        let label = label(endpoint)?;
        let status = raw(index(endpoint, "status")?);
        if !matches!(status.as_str(), "required" | "deferred") {
            script.fail(&format!("{label} has invalid status: {status}"));
        }
        if raw_or_empty(index(endpoint, "routeFile")?).is_empty() {
            script.fail(&format!("{label} missing routeFile"));
        }
        for field in FIELDS {
            // `jq -e` fails for false and null as it does for what is not there.
            if !contract_member(endpoint, field).is_ok_and(is_truthy) {
                script.fail(&format!("{label} missing serviceContract.{field}"));
            }
        }
    }
    script.finish(
        "ENDPOINT STATUS VALIDATION",
        "All endpoints have valid status and complete service contracts",
    )
}

pub(super) fn route_service_alignment(
    script: &mut Script,
    documents: Option<&Documents>,
    files: &RepositoryFiles,
) -> Result<(), Exit> {
    script.print("=== Verifying Route-Service Alignment ===");
    for endpoint in endpoints(script.need(documents)?) {
        let label = label(endpoint)?;
        let status = raw(index(endpoint, "status")?);
        let route_file = raw(index(endpoint, "routeFile")?);
        let service_file = raw(contract_member(endpoint, "serviceFile")?);
        let method_name = raw(contract_member(endpoint, "methodName")?);
        let signature = raw(contract_member(endpoint, "signature")?);
        let arguments = jq::length(contract_member(endpoint, "routeArgs")?)?;
        let parameters = comma_count(&signature).to_string();
        if arguments != parameters {
            script
                .fail(&format!("{label} - routeArgs count ({arguments}) != signature params ({parameters})"));
        }
        if status != "required" {
            continue;
        }
        if !files.is_file(&route_file) {
            script.fail(&format!("{label} - routeFile missing: {route_file}"));
        }
        if !files.is_file(&service_file) {
            script.fail(&format!("{label} - serviceFile missing: {service_file}"));
        } else if !files.text(&service_file).is_some_and(|text| mentions_method(text, &method_name)) {
            script.fail(&format!("Method {method_name} missing from {service_file}"));
        }
    }
    script.finish("ROUTE-SERVICE ALIGNMENT", "All route-service contracts aligned")
}

pub(super) fn alignment_files(documents: &Documents) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for endpoint in endpoints(documents) {
        let route = index(endpoint, "routeFile").map(raw);
        let service = contract_member(endpoint, "serviceFile").map(raw);
        wanted.extend(route.into_iter().chain(service));
    }
    wanted
}

pub(super) fn upload_e2e(script: &mut Script, documents: Option<&Documents>) -> Result<(), Exit> {
    script.print("=== Verifying Upload Endpoint Completeness ===");
    // This script alone does not ask whether the file is there.
    let uploads = documents.map(|documents| {
        selected(documents, |endpoint| Ok(contract_member(endpoint, "fileUpload")? == &Value::Bool(true)))
    });
    for endpoint in uploads.into_iter().flatten() {
        let label = label(endpoint)?;
        for field in ["allowedMimeTypes", "maxSizeMb"] {
            if matches!(raw_or_empty(index(endpoint, field)?).as_str(), "" | "null") {
                script.fail(&format!("{label} (fileUpload=true) missing {field}"));
            }
        }
    }
    script.finish("UPLOAD COMPLETENESS", "All upload endpoints fully specified")
}

pub(super) fn contract_discipline(script: &mut Script, documents: Option<&Documents>) -> Result<(), Exit> {
    script.print("=== Verifying Contract Discipline Rules ===");
    let documents = script.need(documents)?;
    rule_1(script, documents)?;
    rule_4(script, documents)?;
    rule_5(script, documents)?;
    rule_8(script, documents)?;
    rule_9(script, documents)?;
    rule_12(script, documents)?;
    rule_13(script, documents)?;
    script.finish("CONTRACT DISCIPLINE", "All contract discipline rules pass")
}

fn rule_1(script: &mut Script, documents: &Documents) -> Result<(), Exit> {
    for endpoint in endpoints(documents) {
        let label = label(endpoint)?;
        let middleware = lines(index(endpoint, "middleware")?)?;
        let arguments = lines(contract_member(endpoint, "routeArgs")?)?;
        if has_req_any_body(&arguments) && !middleware.to_lowercase().contains("validate") {
            script.fail(&format!("{label} reads req.body but has no body validation middleware"));
        }
    }
    Ok(())
}

fn rule_4(script: &mut Script, documents: &Documents) -> Result<(), Exit> {
    const FRAGMENTS: [&str; 4] = ["projects/:", "field-mappings", "processing-jobs", "datasets"];
    let required = Value::String("required".to_owned());
    for endpoint in selected(documents, |endpoint| Ok(index(endpoint, "status")? == &required)) {
        let path = raw(index(endpoint, "path")?);
        let middleware = lines(index(endpoint, "middleware")?)?;
        if FRAGMENTS.iter().any(|part| path.contains(part)) && !middleware.contains("validateProjectAccess") {
            let label = label(endpoint)?;
            script.fail(&format!("{label} is project-scoped but missing validateProjectAccess"));
        }
    }
    Ok(())
}

/// `VARIABLE=$(jq …)`: jq's failure ends the script.
fn assigned<T>(run: jq::Run<T>) -> Result<Vec<T>, Exit> {
    if run.exit == 0 { Ok(run.printed) } else { Err(Exit(run.exit)) }
}

/// `VARIABLE=$(jq '[…] | length' …)`, then `[ "$VARIABLE" -gt 0 ]`, which several lines or none fail.
fn counted(
    documents: &Documents,
    counts: impl Fn(&Value) -> Result<bool, jq::Refused>,
) -> Result<usize, Exit> {
    let counts = assigned(documents.run(|value, printed| {
        let mut count = 0;
        for endpoint in iterate(index(value, "endpoints")?)? {
            count += usize::from(counts(endpoint)?);
        }
        printed.push(count);
        Ok(())
    }))?;
    Ok(match counts.as_slice() {
        [count] => *count,
        _ => 0,
    })
}

fn rule_5(script: &mut Script, documents: &Documents) -> Result<(), Exit> {
    let handler = assigned(documents.run(|value, printed| {
        let handler = index(value, "deferredRouteHandling")?;
        if is_truthy(handler) {
            printed.push(raw_line(handler));
        }
        Ok(())
    }))?;
    let deferred = Value::String("deferred".to_owned());
    let count = counted(documents, |endpoint| Ok(index(endpoint, "status")? == &deferred))?;
    if count > 0 && substituted(&handler.concat()).is_empty() {
        script.fail(&format!("{count} deferred endpoints exist but deferredRouteHandling not declared"));
    }
    Ok(())
}

fn rule_8(script: &mut Script, documents: &Documents) -> Result<(), Exit> {
    for endpoint in endpoints(documents) {
        let label = label(endpoint)?;
        let rbac = raw_or_empty(contract_member(endpoint, "rbac")?);
        // `… || true` hides a middleware that cannot be iterated, but rule 1 ended on it already.
        let requires_role = lines(index(endpoint, "middleware")?)?.contains("requireRole");
        let has_role = !matches!(rbac.as_str(), "" | "null");
        if has_role && !requires_role {
            script.fail(&format!("{label} has rbac={rbac} but no requireRole middleware"));
        }
        if requires_role && !has_role {
            script.fail(&format!("{label} has requireRole middleware but rbac is null/missing"));
        }
    }
    Ok(())
}

fn rule_9(script: &mut Script, documents: &Documents) -> Result<(), Exit> {
    let any = counted(documents, |endpoint| Ok(!contract_member(endpoint, "mustUseAuth")?.is_null()))?;
    if any == 0 {
        return Ok(());
    }
    let missing = counted(documents, |endpoint| {
        let required = contract_member(endpoint, "authRequired")? == &Value::Bool(true);
        Ok(required && contract_member(endpoint, "mustUseAuth")?.is_null())
    })?;
    if missing > 0 {
        script.fail(&format!(
            "mustUseAuth used on some endpoints but {missing} authenticated endpoints lack it"
        ));
    }
    Ok(())
}

fn rule_12(script: &mut Script, documents: &Documents) -> Result<(), Exit> {
    let groups = assigned(documents.run(|value, printed| {
        let mut keys = Vec::new();
        for endpoint in iterate(index(value, "endpoints")?)? {
            let method = interpolated(index(endpoint, "method")?);
            keys.push(format!("{method} {}", interpolated(index(endpoint, "path")?)));
        }
        keys.sort_unstable();
        let groups = keys.chunk_by(|one, other| one == other).filter(|group| group.len() > 1);
        printed.push(groups.filter_map(|group| group.first().cloned()).collect::<Vec<String>>());
        Ok(())
    }))?;
    let [groups] = groups.as_slice() else { return Ok(()) };
    if groups.is_empty() {
        return Ok(());
    }
    script.fail(&format!("{} duplicate path+method combinations found:", groups.len()));
    for line in groups.iter().flat_map(|key| key.split('\n')) {
        let line = line.trim_matches([' ', '\t']).replace('\0', "");
        script.print(&format!(" {line}"));
    }
    Ok(())
}

fn rule_13(script: &mut Script, documents: &Documents) -> Result<(), Exit> {
    let missing = assigned(documents.run(|value, printed| {
        let mut labels = Vec::new();
        for endpoint in iterate(index(value, "endpoints")?)? {
            let path = index(endpoint, "path")?;
            let parameters = [":organisationId", ":tenantId", ":companyId"];
            let Value::String(text) = path else { return Err(jq::Refused) };
            if !parameters.iter().any(|parameter| text.contains(parameter)) {
                continue;
            }
            let mut validated = false;
            for entry in iterate(index(endpoint, "middleware")?)? {
                let Value::String(name) = entry else { return Err(jq::Refused) };
                validated |= validates_tenant(name);
            }
            if !validated {
                labels.push(format!(" {} {text}", interpolated(index(endpoint, "method")?)));
            }
        }
        printed.push(labels);
        Ok(())
    }))?;
    let [missing] = missing.as_slice() else { return Ok(()) };
    if !missing.is_empty() {
        script.fail(&format!(
            "{} tenant-parameterised routes lack tenant-validation middleware:",
            missing.len()
        ));
        for label in missing {
            script.print(label);
        }
    }
    Ok(())
}
