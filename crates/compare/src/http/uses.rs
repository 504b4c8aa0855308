//! The schemas that take each other's place, with the message each describes.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use tenon_graph::{
    Dialect, Graph, Header, HttpApi, MediaType, OpenApiVersion, Operation, OperationKind, ParameterIn,
};
use tenon_source::At;

use super::media::{MediaPair, pair_media};
use super::pair::{Pair, Pairs};
use super::parameters::{form_fields, pair_parameters};
use super::responses::pair_responses;
use crate::schema::{Part, SchemaAt, Use};
use crate::{Direction, Versions};

/// Every pair of schemas of every pair of operations.
pub(super) fn uses_of(versions: &Versions<'_>, pairs: &Pairs<'_>) -> Vec<Use> {
    let mut out = Vec::new();
    for pair in &pairs.operations {
        let mut collector = Collector { versions, pair, seen: BTreeSet::new(), out: &mut out };
        collector.parameters();
        if pair.apis().is_some() {
            collector.request();
            collector.responses();
        } else {
            collector.named_schemas();
        }
    }
    out
}

/// Who sends the request of an operation: of a webhook or callback the provider does.
pub(super) fn request_direction(operation: &Operation) -> Direction {
    match operation.kind {
        OperationKind::Offered | OperationKind::Message => Direction::Request,
        OperationKind::Webhook | OperationKind::Callback => Direction::Response,
    }
}

/// Who sends the answer.
pub(super) fn response_direction(operation: &Operation) -> Direction {
    match request_direction(operation) {
        Direction::Request => Direction::Response,
        _ => Direction::Request,
    }
}

/// The dialect that schemas of a document have where they name none.
pub(crate) fn dialect_of(graph: &Graph, api: Option<&HttpApi>, schema: At) -> Dialect {
    if let Ok(index) = graph.schemas.binary_search_by_key(&schema, |schema| schema.at)
        && let Some(schema) = graph.schemas.get(index)
    {
        return schema.dialect;
    }
    match api.map(|api| api.version) {
        Some(OpenApiVersion::V2) => Dialect::Swagger2,
        Some(OpenApiVersion::V3_0) => Dialect::OpenApi30,
        Some(OpenApiVersion::V3_1 | OpenApiVersion::V3_2) | None => Dialect::Draft202012,
    }
}

struct Collector<'c, 'g> {
    versions: &'c Versions<'g>,
    pair: &'c Pair<'g>,
    seen: BTreeSet<(At, At, Direction)>,
    out: &'c mut Vec<Use>,
}

impl Collector<'_, '_> {
    fn push(
        &mut self,
        old: Option<At>,
        new: Option<At>,
        direction: Direction,
        part: Part,
        what: &dyn Fn() -> String,
    ) {
        let (Some(old), Some(new)) = (old, new) else { return };
        // Media types of one body mostly share their schema.
        if !self.seen.insert((old, new, direction)) {
            return;
        }
        let old = SchemaAt { at: old, dialect: dialect_of(self.versions.old, self.pair.old_api, old) };
        let new = SchemaAt { at: new, dialect: dialect_of(self.versions.new, self.pair.new_api, new) };
        self.out.push(Use { old, new, direction, part, operation: self.pair.label, what: what() });
    }

    fn media(
        &mut self,
        pairs: &[MediaPair<'_>],
        direction: Direction,
        part: Part,
        what: &dyn Fn() -> String,
    ) {
        for pair in pairs {
            self.push(pair.old.schema, pair.new.schema, direction, part, what);
            let item = |graph: &Graph, media: &MediaType| {
                let schema = graph.node(media.at).get("itemSchema")?;
                Some(At { file: media.at.file, node: schema.id() })
            };
            let (old, new) = (item(self.versions.old, pair.old), item(self.versions.new, pair.new));
            self.push(old, new, direction, part, &|| format!("each item of {}", what()));
        }
    }

    fn parameters(&mut self) {
        let direction = request_direction(self.pair.new);
        for (old, new) in pair_parameters(self.pair).pairs {
            let name = new.name.as_ref().map_or("", |name| name.as_str());
            let kind = place_word(new.place);
            let what = || format!("the {kind} `{name}`");
            let schema = |parameter: &tenon_graph::Parameter| {
                parameter.schema.or_else(|| parameter.content.first().and_then(|media| media.schema))
            };
            self.push(schema(old), schema(new), direction, Part::Parameter, &what);
        }
    }

    /// The two schemas that formats other than OpenAPI name.
    fn named_schemas(&mut self) {
        let place = |schema: &Option<Result<At, tenon_graph::Name>>| schema.as_ref()?.as_ref().ok().copied();
        let (old, new) = (self.pair.old, self.pair.new);
        let (request, response) = (request_direction(new), response_direction(new));
        let what = || "the request body".to_owned();
        self.push(place(&old.request_schema), place(&new.request_schema), request, Part::Body, &what);
        let what = || "the response body".to_owned();
        self.push(place(&old.response_schema), place(&new.response_schema), response, Part::Body, &what);
    }

    fn request(&mut self) {
        let direction = request_direction(self.pair.new);
        let (Some(old), Some(new)) = (&self.pair.old.detail.request, &self.pair.new.detail.request) else {
            return;
        };
        let (old_form, new_form) = form_fields(self.versions, self.pair);
        if let (Some(old_form), Some(new_form)) = (old_form, new_form) {
            for field in &old_form {
                let other = new_form.iter().find(|other| other.name == field.name);
                let what = || format!("the form field `{}`", field.name);
                self.push(Some(field.schema), other.map(|other| other.schema), direction, Part::Body, &what);
            }
            return;
        }
        let pairs = pair_media(&old.content, &new.content).pairs;
        self.media(&pairs, direction, Part::Body, &|| "the request body".to_owned());
    }

    fn responses(&mut self) {
        let direction = response_direction(self.pair.new);
        let pairs = pair_responses(self.pair);
        for (old, new) in pairs {
            let what = || format!("the body of response `{}`", new.status);
            let media = pair_media(&old.content, &new.content).pairs;
            self.media(&media, direction, Part::Body, &what);
            for (old, new) in same_headers(&old.headers, &new.headers) {
                let what = || format!("the header `{}`", new.name);
                let (old, new) = (self.header(self.versions.old, old), self.header(self.versions.new, new));
                self.push(old, new, direction, Part::Header, &what);
            }
        }
    }

    /// The schema of a header, or of its content.
    fn header(&self, graph: &Graph, header: &Header) -> Option<At> {
        header.schema.or_else(|| {
            let content = graph.node(header.def).get("content")?;
            let (_, media) = content.members().next()?;
            Some(At { file: header.def.file, node: media.get("schema")?.id() })
        })
    }
}

/// Headers of the same name, whatever its case.
pub(super) fn same_headers<'h>(old: &'h [Header], new: &'h [Header]) -> Vec<(&'h Header, &'h Header)> {
    let mut by_name: FxHashMap<String, &Header> = FxHashMap::default();
    for header in old {
        by_name.entry(header.name.to_ascii_lowercase()).or_insert(header);
    }
    let find = |header: &Header| by_name.get(&header.name.to_ascii_lowercase()).copied();
    new.iter().filter_map(|header| Some((find(header)?, header))).collect()
}

/// What messages call a parameter of a place.
pub(super) fn place_word(place: Option<ParameterIn>) -> &'static str {
    match place {
        Some(ParameterIn::Path) => "path parameter",
        Some(ParameterIn::Query) => "query parameter",
        Some(ParameterIn::QueryString) => "query string",
        Some(ParameterIn::Header) => "header",
        Some(ParameterIn::Cookie) => "cookie",
        Some(ParameterIn::FormData) => "form field",
        Some(ParameterIn::Body) => "body",
        None => "parameter",
    }
}
