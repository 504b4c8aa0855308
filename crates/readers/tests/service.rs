//! Service contracts in their three shapes, and the manifests in their notations.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rustc_hash::FxHashMap;
use tenon_graph::service::{ServiceDialect, ServiceEndpoint, TenantKey, UiStrategy};
use tenon_graph::{Graph, Name, Operation, ReferenceProblem, Resolver, Status};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::Finding;

struct Memory(BTreeMap<&'static str, &'static str>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let text = self.0.get(path).ok_or_else(|| ReferenceProblem::MissingFile(path.to_owned()))?;
        Ok(text.as_bytes().to_vec())
    }
}

struct Disk(PathBuf);

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        std::fs::read(self.0.join(path)).map_err(|_| ReferenceProblem::MissingFile(path.to_owned()))
    }
}

fn read(root: &str, files: &dyn Files) -> (Graph, Vec<Finding>) {
    let roots = [Root { path: root.to_owned(), named: true }];
    let mut loaded = load(&roots, files);
    let missing: FxHashMap<_, _> = std::mem::take(&mut loaded.missing);
    let parts = {
        let resolver = Resolver::new(&loaded.sources, missing);
        read_all(&loaded, &resolver)
    };
    tenon_graph::link(loaded.sources, parts)
}

fn one(text: &'static str) -> (Graph, Vec<Finding>) {
    read("docs/file.json", &Memory(BTreeMap::from([("docs/file.json", text)])))
}

fn texts(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

fn service(operation: &Operation) -> &ServiceEndpoint {
    operation.service.as_deref().expect("service contracts were read")
}

/// S4-08: one endpoint has its path, method, status, route file, middleware and the whole contract.
/// What each of its fields must be is shown field by field in `checks/tests/service/mutants.md`.
#[test]
fn every_field_is_read_with_its_place() {
    let (graph, findings) = one(
        r#"{"$schema": "service-contracts-v2", "routeConvention": "tokenScoped", "paginationStrategy": "perEndpoint",
            "deferredRouteHandling": "excludeFromRegistration", "pagination": {"maxPageSize": 1},
            "endpointExclusions": [{"entity": "a", "reason": "b"}],
            "endpoints": [
              {"path": "/api/a/:id", "method": "post", "status": "deferred", "routeFile": "r/a.ts",
               "middleware": ["authenticate", "validateBody"], "authentication": "optional",
               "responseTokenPath": ".t", "allowedMimeTypes": ["text/csv"], "maxSizeMb": 2.5,
               "configSource": "A default 1",
               "serviceContract": {"serviceFile": "s/a.ts", "methodName": "makeA", "signature": "makeA(id)",
                 "routeArgs": ["req.params.id"], "purpose": "makeA", "authRequired": true, "rbac": "admin",
                 "fileUpload": true, "acceptsBody": false, "notes": "n", "mustUseParams": ["id"],
                 "mustUseAuth": true, "crudOperation": "create", "sideEffects": ["e"], "returnsList": true,
                 "pagination": {}, "bodySchema": {}, "validation": {}}}]}"#,
    );
    assert_eq!(findings, []);
    let root = &graph.services[0];
    assert_eq!(root.dialect, ServiceDialect::V2);
    assert_eq!(root.route_convention.as_ref().map(Name::as_str), Some("tokenScoped"));
    assert_eq!(root.pagination_strategy.as_ref().map(Name::as_str), Some("perEndpoint"));
    assert_eq!(root.deferred_route_handling.as_ref().map(Name::as_str), Some("excludeFromRegistration"));
    assert!(root.pagination.is_some() && root.endpoints.is_some());
    assert_eq!(root.exclusions[0].reason.as_ref().map(Name::as_str), Some("b"));
    let operation = &graph.operations[0];
    assert_eq!(operation.label(), "POST /api/a/:id");
    assert_eq!(operation.id.as_ref().map(Name::as_str), Some("makeA"));
    assert_eq!(operation.status, Some(Status::Deferred));
    assert_eq!(operation.governance.auth_required, Some(true));
    assert_eq!(operation.governance.role.as_ref().map(Name::as_str), Some("admin"));
    assert!(!operation.governance.declared, "rules on governance are silent about this format");
    let service = service(operation);
    assert_eq!(service.middleware.as_deref().map(texts), Some(vec!["authenticate", "validateBody"]));
    assert_eq!(service.route_args.as_deref().map(texts), Some(vec!["req.params.id"]));
    assert_eq!(service.max_size_mb, Some(2.5));
    assert_eq!(service.config_sources.len(), 1);
    assert_eq!((service.file_upload, service.accepts_body), (Some(true), Some(false)));
    assert_eq!((service.must_use_auth, service.returns_list), (Some(true), Some(true)));
    assert!(service.pagination.is_some() && service.body_schema.is_some() && service.validation.is_some());
    let notes = service.notes.as_ref().expect("notes");
    assert_eq!(graph.node(notes.at).pointer(), "/endpoints/0/serviceContract/notes");
}

/// S4-321: `serviceName`, `method`, `args` are one finding, and are read in place of the format's
/// fields.
#[test]
fn the_dialect_with_service_names_is_told_and_mapped() {
    let (graph, findings) = one(r#"{"$schema": "service-contracts-v2", "endpoints": [
              {"path": "/api/a", "method": "GET", "status": "required", "middleware": [],
               "serviceContract": {"serviceName": "as", "method": "listAs", "args": ["req.user.id"],
                 "returns": "A[]", "authRequired": true, "rbac": null, "fileUpload": false}}]}"#);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.id).collect();
    assert_eq!(codes, ["IN027"]);
    assert!(findings[0].message.contains("`serviceName`, `method` and `args`"), "{}", findings[0].message);
    assert_eq!(findings[0].pointer.as_deref(), Some("/$schema"));
    let service = service(&graph.operations[0]);
    assert_eq!(service.dialect, ServiceDialect::ServiceNameArgs);
    assert_eq!(service.method_name.as_ref().map(Name::as_str), Some("listAs"));
    assert_eq!(service.purpose.as_ref().map(Name::as_str), Some("listAs"));
    assert_eq!(service.route_args.as_deref().map(texts), Some(vec!["req.user.id"]));
    assert_eq!(service.returns_list, Some(true));
    assert_eq!(service.signature, None);
}

/// S4-321, S4-293, S4-295: `parameters` and `throws` likewise; `implemented` is required.
#[test]
fn the_dialect_with_parameters_is_told_and_mapped() {
    let (graph, findings) = one(r#"{"$schema": "service-contracts-v2", "endpoints": [
              {"path": "/api/a", "method": "POST", "status": "implemented", "middleware": [],
               "serviceContract": {"methodName": "makeA", "throws": ["NotFound"],
                 "parameters": [{"name": "orgId", "source": "req.user.orgId"},
                   {"name": "name", "source": "req.body.name", "optional": true}, "rest"]}}]}"#);
    assert_eq!(findings.iter().filter(|finding| finding.code.id == "IN027").count(), 1);
    let operation = &graph.operations[0];
    assert_eq!(operation.status, Some(Status::Required));
    let service = service(operation);
    assert_eq!(service.dialect, ServiceDialect::ParametersThrows);
    assert_eq!(service.signature.as_ref().map(Name::as_str), Some("makeA(orgId, name?, rest)"));
    assert_eq!(
        service.route_args.as_deref().map(texts),
        Some(vec!["req.user.orgId", "req.body.name", "rest"])
    );
}

/// The shape is told by most endpoints, and `parameters` beside `signature` are no other shape.
#[test]
fn parameters_beside_a_signature_are_no_dialect() {
    let (graph, findings) = one(r#"{"$schema": "service-contracts-v2", "endpoints": [
              {"serviceContract": {"signature": "a(b)", "routeArgs": ["req.params.b"], "parameters": []}}]}"#);
    assert_eq!(findings, []);
    assert_eq!(graph.services[0].dialect, ServiceDialect::V2);
}

#[test]
fn a_contract_is_known_by_its_shape_too() {
    let (graph, _) = one(r#"{"endpoints": [{"path": "/a", "serviceContract": {}}]}"#);
    assert_eq!(graph.services.len(), 1);
    let (graph, findings) = read(
        "a.yaml",
        &Memory(BTreeMap::from([("a.yaml", "$schema: service-contracts-v2\nendpoints: []\n")])),
    );
    assert_eq!((graph.services.len(), findings), (1, Vec::new()));
}

/// Bad input is a finding or nothing, never a panic; what can be read is.
#[test]
fn odd_values_are_read_as_missing() {
    for text in [
        r#"{"$schema": "service-contracts-v2"}"#,
        r#"{"$schema": "service-contracts-v2", "endpoints": 7}"#,
        r#"{"$schema": "service-contracts-v2", "endpoints": [7, null, {}, {"serviceContract": []}]}"#,
        r#"{"$schema": "service-contracts-v2", "endpoints": [], "statusEnums": [1, {}], "endpointExclusions": [1]}"#,
        r#"{"$schema": "scope-manifest-v6", "requiredEntities": 1, "userRoles": {}, "platformConstraints": []}"#,
        r#"{"$schema": "data-relationships-v2", "tables": [1, {"name": "a", "columns": 7}, {"columns": [1]}]}"#,
        r#"{"$schema": "env-manifest-v2", "variables": [1, {"name": 2}], "optional": "x"}"#,
    ] {
        let (_, findings) = one(text);
        assert_eq!(findings, [], "{text}");
    }
    let (_, findings) = one(r#"{"$schema": "service-contracts-v2", "endpoints": [], "#);
    assert!(findings.iter().all(|finding| finding.code.id != "IN026"));
}

/// The manifests beside a contract are found where only the contract was named.
#[test]
fn companions_are_read_along() {
    let files = Memory(BTreeMap::from([
        ("docs/file.json", r#"{"$schema": "service-contracts-v2", "endpoints": []}"#),
        ("docs/scope-manifest.json", r#"{"$schema": "scope-manifest-v6", "requiredEntities": ["a"]}"#),
        ("docs/data-relationships.json", r#"{"$schema": "data-relationships-v2", "tables": []}"#),
        ("docs/env-manifest.json", r#"{"$schema": "env-manifest-v1", "required": []}"#),
        ("other/scope-manifest.json", r#"{"$schema": "scope-manifest-v6", "requiredEntities": ["b"]}"#),
    ]));
    let (graph, findings) = read("docs/file.json", &files);
    assert_eq!(findings, []);
    assert_eq!((graph.scopes.len(), graph.data_models.len(), graph.env_manifests.len()), (1, 1, 1));
    assert_eq!(texts(&graph.scopes[0].required_entities), ["a"]);
}

/// S4-18, S4-19, S4-20, S4-21, S4-22, S4-23, S4-24, S4-25: the scope manifest's fields; older
/// manifests and those written as lists alike.
#[test]
fn scope_manifests_are_read_in_their_notations() {
    let (graph, _) = one(r#"{"$schema": "scope-manifest-v6", "requiredEntities": ["a", {"name": "b"}],
            "deferredEntities": [{"name": "c", "reason": "later"}], "userRoles": [{"role": "admin"}, "member"],
            "entityContracts": {"a": {"states": ["x"]}}, "excludedProcessingStages": ["s"],
            "architecturalInvariants": [{"name": "i"}], "failureHandlingPrinciples": {"p": true},
            "platformConstraints": {
              "limits": [{"name": "maxRecords", "value": 3}, {"name": "maxFileSizeBytes", "value": 10}],
              "supportedInputFormats": [{"mime": "text/csv"}],
              "multiTenancy": {"tenantContainer": {"entity": "a", "uiStrategy": "dedicatedPage"}}}}"#);
    let scope = &graph.scopes[0];
    assert_eq!(texts(&scope.required_entities), ["a", "b"]);
    assert_eq!(texts(&scope.deferred_entities), ["c"]);
    assert_eq!(texts(&scope.roles), ["admin", "member"]);
    assert_eq!(scope.entity_contracts[0].0.as_str(), "a");
    assert_eq!(texts(&scope.excluded_stages), ["s"]);
    assert_eq!((scope.invariants.len(), scope.failure_handling.is_some()), (1, true));
    assert_eq!(scope.mime_types.as_deref().map(texts), Some(vec!["text/csv"]));
    assert_eq!(scope.upload_bytes_max.map(|(bytes, _)| bytes), Some(10));
    let container = scope.tenant_container.as_ref().expect("a container");
    assert_eq!(container.ui_strategy, Some(UiStrategy::DedicatedPage));

    let (graph, _) = one(
        r#"{"$schema": "scope-manifest-v5", "requiredEntities": [], "userRoles": {"admin": {}, "guest": {}},
            "entityContracts": [{"entity": "a"}],
            "platformConstraints": {"limits": {"maxUploadSize": "50 MB"}, "supportedMimeTypes": ["text/csv"]}}"#,
    );
    let scope = &graph.scopes[0];
    assert_eq!(texts(&scope.roles), ["admin", "guest"]);
    assert_eq!(scope.upload_bytes_max.map(|(bytes, _)| bytes), Some(52_428_800));
    assert!(scope.tenant_container.is_none());
}

/// A004-32: foreign keys, nullability, enums and tables in each notation.
#[test]
fn data_models_are_read_in_their_notations() {
    let (graph, _) = one(r#"{"$schema": "data-relationships-v2", "enums": {"Stage": ["x", "y"]},
            "singletonFlags": [{"table": "bs", "column": "isDefault", "scope": "orgId"}],
            "tables": [
              {"name": "as", "tenantKey": "direct", "singletonFlags": ["isMain"], "columns": [
                {"name": "id", "type": "uuid", "primary": true},
                {"name": "b1", "references": "bs.id", "nullable": true},
                {"name": "b2", "references": {"table": "bs", "column": "key"}},
                {"name": "b3", "foreignKey": {"table": "bs"}, "notNull": false},
                {"name": "b4", "references": "bs(id)"},
                {"name": "e1", "type": "enum", "values": ["p", "q"]},
                {"name": "e2", "type": "Stage"}, {"name": "e3", "enum": "Stage"}, {"name": "e4", "enum": ["z"]},
                {"name": "c", "type": "jsonb"}, {"name": "cVersion", "type": "integer"},
                {"name": "d", "type": "json"}]},
              {"name": "bs", "tenantKey": "indirect", "fields": {"id": "uuid", "note": {"type": "text?"}}}]}"#);
    let model = &graph.data_models[0];
    let table = model.table("as").expect("the table");
    assert_eq!(table.tenant_key, Some(TenantKey::Direct));
    let key = |name: &str| {
        let key = table.column(name).and_then(|column| column.foreign_key.clone());
        key.map(|key| format!("{}.{}", key.table, key.column))
    };
    assert_eq!(key("b1").as_deref(), Some("bs.id"));
    assert_eq!(key("b2").as_deref(), Some("bs.key"));
    assert_eq!(key("b3").as_deref(), Some("bs.id"));
    assert_eq!(key("b4").as_deref(), Some("bs.id"));
    assert_eq!(key("id"), None);
    let nullable: Vec<&str> =
        table.columns.iter().filter(|column| column.nullable).map(|column| column.name.as_str()).collect();
    assert_eq!(nullable, ["b1", "b3"]);
    let values = |name: &str| table.column(name).and_then(|column| column.enum_values.as_deref()).map(texts);
    assert_eq!(values("e1"), Some(vec!["p", "q"]));
    assert_eq!(values("e2"), Some(vec!["x", "y"]));
    assert_eq!(values("e3"), Some(vec!["x", "y"]));
    assert_eq!(values("e4"), Some(vec!["z"]));
    let behavioural: Vec<&str> =
        table.behavioural_columns().map(|(column, _)| column.name.as_str()).collect();
    assert_eq!(behavioural, ["c"]);
    assert_eq!(table.singleton_flags[0].column.as_str(), "isMain");
    let other = model.table("bs").expect("the other table");
    assert_eq!(other.columns.len(), 2);
    assert!(other.columns[1].nullable);
    assert_eq!(texts(&other.singleton_flags[0].scope), ["orgId"]);
}

/// Version 1 has a list for each need, version 2 one list; defaults are texts or numbers.
#[test]
fn environment_manifests_are_read_in_both_versions() {
    let variables = |graph: &Graph| -> Vec<String> {
        let all = graph.env_manifests[0].variables.iter();
        all.map(|one| format!("{}={}", one.name.text, one.default.as_ref().map_or("", Name::as_str)))
            .collect()
    };
    let (graph, _) = one(
        r#"{"$schema": "env-manifest-v1", "required": [{"name": "A"}], "conditionallyRequired": [{"name": "B"}],
            "optional": [{"name": "C", "default": "3"}]}"#,
    );
    assert_eq!(variables(&graph), ["A=", "B=", "C=3"]);
    let (graph, _) = one(
        r#"{"$schema": "env-manifest-v2", "variables": [{"name": "A", "default": 5}, {"name": "B", "default": true}]}"#,
    );
    assert_eq!(variables(&graph), ["A=5", "B=true"]);
}

/// S4-321: the two public contracts are read whole, one of them as a dialect.
#[test]
fn real_contracts_are_read_whole() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/service-contracts");
    if !root.is_dir() {
        println!("not run: ../shared/real/service-contracts is not here");
        return;
    }
    for (version, operations, dialects) in [("foundry-v45", 47, 0), ("foundry-v47", 50, 1)] {
        let (graph, findings) = read("docs/service-contracts.json", &Disk(root.join(version)));
        assert_eq!(graph.operations.len(), operations, "{version}");
        assert_eq!((graph.scopes.len(), graph.data_models.len(), graph.env_manifests.len()), (1, 1, 1));
        assert_eq!(findings.len(), dialects, "{version}: {findings:?}");
        assert!(graph.operations.iter().all(|operation| service(operation).route_args.is_some()));
    }
}
