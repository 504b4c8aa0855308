//! What service contracts say of an endpoint beyond what all formats share: how its guards behave,
//! what its body is, which files it takes. What a contract laid over them says counts first.

use std::sync::Arc;

use http::StatusCode;
use tenon_graph::service::{ServiceEndpoint, TENANT_PARAMETERS, parse_signature};
use tenon_graph::serving::{Action, Page, Template};
use tenon_graph::{Dialect, Graph, Name, Operation};
use tenon_policies::page::PageRule;
use tenon_policies::request::BodyRule;
use tenon_schemas::{Direction, Key};

use super::contract::compile;
use super::entity::{EntityPlan, IdForm};
use super::operation::{HandlerPlan, OperationPlan};
use super::problem::{HANDLER_INVALID, Problems};
use super::resource::{ResourcePlan, UPLOAD_BYTES_MAX_DEFAULT, UploadPlan};

/// Bytes of a megabyte as `maxSizeMb` counts them.
const MEGABYTE: f64 = 1_048_576.0;

/// What a refusal says: two of them have words that whoever reads service contracts waits for.
const ERROR: &str = "code == 'unauthenticated' ? 'Authentication required' : \
                     code in ['token_invalid', 'token_expired'] ? 'Invalid token' : message";

/// Where `details` stand: in every refusal of a request as it was sent, and wherever there are any.
const DETAILS: &str =
    "status in [400, 413] || size(details) > 0 ? {'code': code, 'errors': details} : absent";

/// What is known of a file that was kept.
const FILE: [&str; 4] = ["name", "type", "size", "sha256"];

/// How refusals are told where service contracts are served and no contract is laid over them.
pub(super) fn refusals(graph: &Graph) -> Option<Template> {
    let at = graph.services.first()?.root;
    let expression = |text: &str| Template::Expression(Name::new(text, at));
    let members = [("error", ERROR), ("details", DETAILS)];
    Some(Template::Object(members.map(|(name, text)| (name.to_owned(), expression(text))).to_vec()))
}

/// Completes the plan of an endpoint.
pub(super) fn complete(
    plan: &mut OperationPlan,
    graph: &Graph,
    operation: &Operation,
    service: &ServiceEndpoint,
    problems: &mut Problems<'_>,
) {
    cut_lists(plan, graph, operation, service, problems);
    plan.ignores_credentials = service.authentication.as_ref().is_some_and(|how| how.text == "public");
    uses_its_parameters(service, problems);
    // Query parameters stand in calls of services, not in lists of their own.
    plan.request.rejects_unknown_query = false;
    if plan.tenancy.path_parameter.is_none()
        && let Some(named) = plan.http.path_parameters().find(|name| TENANT_PARAMETERS.contains(name))
    {
        plan.tenancy.path_parameter = Some(named.to_owned());
        // Whoever may call without credentials has no tenant to be held to.
        plan.tenancy.scoped = !plan.public;
    }
    if service.file_upload == Some(true) {
        return takes_files(plan, service, problems);
    }
    if service.accepts_body == Some(true) && plan.request.body.is_none() {
        let schema = service.body_schema.map(|at| Key {
            at,
            dialect: Dialect::Draft202012,
            direction: Direction::Request,
        });
        let required = operation.is_mutating();
        plan.request.body = Some(BodyRule { required, media_types: Vec::new(), schema });
    }
}

/// Lists are cut as the endpoint, or its document, says; a contract laid over it may say otherwise.
fn cut_lists(
    plan: &mut OperationPlan,
    graph: &Graph,
    operation: &Operation,
    service: &ServiceEndpoint,
    problems: &mut Problems<'_>,
) {
    let HandlerPlan::Resource(resource) = &mut plan.handler else { return };
    let own = operation.governance.serving.as_ref().and_then(|serving| serving.handler.as_ref());
    if resource.action != Action::List || own.is_some_and(|handler| handler.page.is_some()) {
        return;
    }
    let document = graph.services.iter().find(|document| document.file == operation.file);
    let Some(at) = service.pagination.or_else(|| document?.pagination) else { return };
    let said = graph.node(at);
    let count = |name: &str| said.get(name).and_then(|node| node.as_f64()).map(|count| count as u64);
    resource.page = PageRule::of(Some(&Page {
        limit: None,
        cursor: None,
        size: count("defaultPageSize"),
        max: count("maxPageSize"),
        rejects: said.get_str("enforcement") == Some("reject"),
    }));
    problems.see(&[]);
    let asked = |name: &str| Template::Expression(Name::new(format!("query.{name}"), at));
    resource.page_limit = compile(&asked("limit"), problems);
    resource.page_cursor = compile(&asked("cursor"), problems);
}

/// `mustUseParams` are handed to the service: a signature without one of them cannot be called.
fn uses_its_parameters(service: &ServiceEndpoint, problems: &mut Problems<'_>) {
    let Some(written) = &service.signature else { return };
    let Ok(signature) = parse_signature(&written.text) else { return };
    for wanted in &service.must_use_params {
        if !signature
            .parameters
            .iter()
            .any(|parameter| parameter.name == wanted.text || parameter.fields.contains(&wanted.text))
        {
            let message = format!("`{}` does not take `{}`", written.text, wanted.text);
            problems.add(
                &HANDLER_INVALID,
                wanted.at,
                message,
                "add it to the signature, or take it out here",
            );
        }
    }
}

/// An upload keeps its file with a record of its own, unless a contract says what to do with it.
fn takes_files(plan: &mut OperationPlan, service: &ServiceEndpoint, problems: &mut Problems<'_>) {
    plan.request.body = Some(BodyRule {
        required: true,
        media_types: vec!["multipart/form-data".to_owned(), "*/*".to_owned()],
        schema: None,
    });
    let types: Vec<String> =
        service.allowed_mime_types.iter().flatten().map(|name| name.text.clone()).collect();
    let bytes_max = service.max_size_mb.map(|megabytes| (megabytes * MEGABYTE) as u64);
    match &mut plan.handler {
        HandlerPlan::Resource(resource) => {
            if let Some(upload) = &mut resource.upload {
                if upload.types.is_empty() {
                    upload.types = types;
                }
                upload.bytes_max = bytes_max.map_or(upload.bytes_max, |most| most.min(upload.bytes_max));
            }
        }
        HandlerPlan::Mock => {
            let upload = UploadPlan { types, bytes_max: bytes_max.unwrap_or(UPLOAD_BYTES_MAX_DEFAULT) };
            plan.handler = HandlerPlan::Resource(Box::new(keeping(plan, upload, problems)));
        }
        _ => {}
    }
}

/// A handler that keeps a file and what is known of it.
fn keeping(plan: &OperationPlan, upload: UploadPlan, problems: &mut Problems<'_>) -> ResourcePlan {
    let known = |field: &str| {
        let expression = Template::Expression(Name::new(format!("file.{field}"), plan.at));
        (field.to_owned(), expression)
    };
    problems.see_too(&["file"]);
    let entity = EntityPlan {
        name: plan.id.clone(),
        collection: plan.id.clone(),
        schema: None,
        id_field: "id".to_owned(),
        id_form: IdForm::Uuid,
        id_prefix: String::new(),
        key: Vec::new(),
        index: Vec::new(),
        machine: None,
        computed: Vec::new(),
        private: Vec::new(),
        unknown_to_schema: Vec::new(),
        tenant_scoped: plan.tenancy.scoped,
    };
    ResourcePlan {
        action: Action::Upload,
        entity: Arc::new(entity),
        by: Vec::new(),
        visible: None,
        loads: Vec::new(),
        guards: Vec::new(),
        set: compile(&Template::Object(FILE.map(known).to_vec()), problems),
        effects: Vec::new(),
        emits: Vec::new(),
        page: PageRule::of(None),
        page_limit: None,
        page_cursor: None,
        order: Vec::new(),
        respond: None,
        status: StatusCode::CREATED,
        upload: Some(upload),
    }
}
