//! A file to a scenario: its shape is held to `docs/schemas/scenario.v1.schema.json`, and what fits
//! is read.

use std::sync::LazyLock;

use serde_json::{Map, Value};
use tenon_graph::to_value;
use tenon_schemas::Official;
use tenon_source::{At, FileId, Finding, Node, Sources};

use super::codes::INVALID;
use super::model::{
    Actor, Call, CoverageWish, Expect, Extent, NOBODY, Scenario, StatusWish, Step, StepKind, duration_ms,
};

/// What scenarios are written like; the same file editors get.
const SCHEMA: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/scenario.v1.schema.json"));

static SHAPE: LazyLock<Official> = LazyLock::new(|| Official::new(SCHEMA, &[]));

/// The word that marks a scenario.
pub const MARK: &str = "scenario/v1";

/// Whether a file says of itself that it is a scenario.
#[must_use]
pub fn is_scenario(root: Node<'_>) -> bool {
    root.get_str("tenon").is_some_and(|mark| mark.starts_with("scenario/"))
}

/// The path of the contract a scenario is about, as it is written there.
#[must_use]
pub fn contract_path(root: Node<'_>) -> Option<&str> {
    root.get_str("contract")
}

/// Reads a scenario.
///
/// # Errors
/// Everything that is not written as in scenarios, with its place.
pub fn parse(sources: &Sources, file: FileId) -> Result<Scenario, Vec<Finding>> {
    let root = sources.node(At { file, node: tenon_source::NodeId::default() });
    let failures = SHAPE.failures(root).unwrap_or_default();
    if !failures.is_empty() {
        let finding = |failure: &tenon_schemas::Failure<'_>| {
            let at = At { file, node: failure.node.id() };
            sources.finding_at_value(&INVALID, at, failure.message()).with_help(
                "docs/scenarios.md has the form; docs/schemas/scenario.v1.schema.json has it for editors",
            )
        };
        return Err(failures.iter().map(finding).collect());
    }
    Ok(Reader { sources, file }.scenario(root))
}

struct Reader<'s> {
    sources: &'s Sources,
    file: FileId,
}

impl Reader<'_> {
    fn scenario(&self, root: Node<'_>) -> Scenario {
        let clock = root.get_str("clock").and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let actors = root.get("actors").into_iter().flat_map(Node::members);
        Scenario {
            name: root.get_str("name").unwrap_or_default().to_owned(),
            title: root.get_str("title").map(str::to_owned),
            clock_ms: clock.map(jiff::Timestamp::as_millisecond),
            values: object(root.get("values")),
            headers: texts(root.get("headers")),
            actors: actors.map(|(name, node)| (name.to_owned(), actor(name, node))).collect(),
            coverage: root.get("coverage").map_or_else(CoverageWish::usual, coverage),
            steps: root.get("steps").into_iter().flat_map(Node::items).map(|node| self.step(node)).collect(),
        }
    }

    fn step(&self, node: Node<'_>) -> Step {
        let kind = kind(node);
        let line = self.sources.get(self.file).map_or(0, |file| file.locate(node.span().start).line);
        let first = node.members().find(|(word, _)| {
            matches!(*word, "call" | "request" | "replay" | "conflict" | "publish" | "advance")
        });
        let usual = || first.map(|(word, value)| format!("{word} {}", value.as_str().unwrap_or_default()));
        Step {
            node: node.id(),
            line,
            name: node.get_str("name").map(str::to_owned).or_else(usual).unwrap_or_default(),
            kind,
            repeat: node
                .get("repeat")
                .and_then(Node::as_i64)
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(1),
            expect: node.get("expect").map(expect).unwrap_or_default(),
            captures: texts(node.get("capture")),
        }
    }
}

fn kind(node: Node<'_>) -> StepKind {
    let text = |word: &str| node.get_str(word).map(str::to_owned);
    let actor = || text("as").unwrap_or_else(|| NOBODY.to_owned());
    if let Some(operation) = text("call") {
        return StepKind::Call(Box::new(call(node, operation, actor())));
    }
    if let Some(line) = text("request") {
        let (method, path) = line.split_once(' ').unwrap_or((&line, "/"));
        let call = Box::new(call(node, String::new(), actor()));
        return StepKind::Raw(method.to_owned(), path.trim().to_owned(), call);
    }
    if let Some(step) = text("replay") {
        return StepKind::Replay(step);
    }
    if let Some(step) = text("conflict") {
        return StepKind::Conflict(step, node.get("body").map(to_value));
    }
    if let Some(event) = text("publish") {
        return StepKind::Publish(event, actor(), node.get("data").map_or(Value::Null, to_value));
    }
    let ms = text("advance").and_then(|text| duration_ms(&text)).unwrap_or_default();
    StepKind::Advance(ms.unsigned_abs())
}

fn call(node: Node<'_>, operation: String, actor: String) -> Call {
    let fields = node.get("headers").into_iter().flat_map(Node::members);
    Call {
        operation,
        actor,
        key: node.get_str("key").map(str::to_owned),
        path: object(node.get("path")),
        query: object(node.get("query")),
        headers: fields.map(|(name, value)| (name.to_owned(), value.as_str().map(str::to_owned))).collect(),
        body: node.get("body").map(to_value),
        raw: node.get_str("raw").map(str::to_owned),
    }
}

fn actor(name: &str, node: Node<'_>) -> Actor {
    let text = |word: &str| node.get_str(word).map(str::to_owned);
    let list = |word: &str| {
        let items = node.get(word).into_iter().flat_map(Node::items);
        items.filter_map(Node::as_str).map(str::to_owned).collect()
    };
    let acts_for = node
        .get("for")
        .and_then(|one| Some((one.get_str("type")?.to_owned(), one.get_str("id")?.to_owned())));
    Actor {
        kind: text("type"),
        id: text("id").unwrap_or_else(|| name.to_owned()),
        tenant: text("tenant"),
        scopes: list("scopes"),
        roles: list("roles"),
        acts_for,
        expires_ms: node.get_str("expires").and_then(duration_ms),
        token: text("token"),
        claims: object(node.get("claims")),
    }
}

fn coverage(node: Node<'_>) -> CoverageWish {
    if node.as_str().is_some() {
        return CoverageWish::default();
    }
    let usual = CoverageWish::usual();
    let extent = |word: &str, usual: Extent| match node.get_str(word) {
        Some("each") => Extent::Each,
        Some("once") => Extent::Once,
        Some(_) => Extent::None,
        None => usual,
    };
    CoverageWish {
        operations: extent("operations", usual.operations),
        reason_codes: extent("reason_codes", usual.reason_codes),
        replay: extent("replay", usual.replay),
        conflict: extent("conflict", usual.conflict),
        scope_denial: extent("scope_denial", usual.scope_denial),
        actor_denial: extent("actor_denial", usual.actor_denial),
        unauthenticated: extent("unauthenticated", usual.unauthenticated),
        events: extent("events", usual.events),
        except: texts(node.get("except")).into_iter().collect(),
    }
}

fn expect(node: Node<'_>) -> Expect {
    if let Some(status) = node.as_i64() {
        return Expect { status: exactly(status), ..Expect::default() };
    }
    if let Some(text) = node.as_str() {
        let (status, code) = text.split_once(' ').map_or((text, None), |(status, code)| (status, Some(code)));
        return Expect { status: wish(status), code: code.map(str::to_owned), ..Expect::default() };
    }
    let events = node.get("events").map(|list| {
        let one = |event: Node<'_>| {
            (event.get_str("type").unwrap_or_default().to_owned(), event.get("data").map(to_value))
        };
        list.items().map(one).collect()
    });
    let status = node.get("status");
    Expect {
        status: status.and_then(|status| match status.as_i64() {
            Some(number) => exactly(number),
            None => wish(status.as_str()?),
        }),
        code: node.get_str("code").map(str::to_owned),
        headers: texts(node.get("headers")),
        body: node.get("body").map(to_value),
        exact: node.get("exact").map(to_value),
        schema: node.get_str("schema").map(str::to_owned),
        events,
    }
}

fn exactly(status: i64) -> Option<StatusWish> {
    u16::try_from(status).ok().map(StatusWish::Exactly)
}

fn wish(text: &str) -> Option<StatusWish> {
    match text.strip_suffix("xx") {
        Some(digit) => digit.parse().ok().map(StatusWish::Family),
        None => text.parse().ok().map(StatusWish::Exactly),
    }
}

fn object(node: Option<Node<'_>>) -> Map<String, Value> {
    match node.map(to_value) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn texts(node: Option<Node<'_>>) -> Vec<(String, String)> {
    let members = node.into_iter().flat_map(Node::members);
    members.filter_map(|(name, value)| Some((name.to_owned(), value.as_str()?.to_owned()))).collect()
}
