//! What drifted from `tenon.lock`, as findings.

use tenon_graph::Graph;
use tenon_graph::freeze::{Aspect, Drift, Lock, Move, Places};
use tenon_source::{Code, FileId, Finding, Level, Place, Span};

/// Elements that refer to what drifted which a finding names, a count: the rest is counted.
const NAMES_MAX: usize = 5;

/// A frozen contract changed.
pub static LOCK_DRIFT: Code = Code {
    id: "LK001",
    name: "lock-drift",
    summary: "A contract is not what `tenon.lock` says it is",
    level: Level::Error,
    aliases: &[],
};

/// A frozen list of RPCs changed.
pub static LOCKED_RPC_LIST: Code = Code {
    id: "LK002",
    name: "locked-rpc-list-changed",
    summary: "The list of RPCs of a contract is not the one that was frozen",
    level: Level::Error,
    aliases: &[],
};

/// A lock that cannot be used.
pub static UNUSABLE_LOCK: Code = Code {
    id: "LK003",
    name: "unusable-lock",
    summary: "`tenon.lock` cannot be used",
    level: Level::Error,
    aliases: &[],
};

/// A pinned tool changed.
pub static PIN_DRIFT: Code = Code {
    id: "LK004",
    name: "pinned-tool-changed",
    summary: "A tool has another version than the one that was frozen",
    level: Level::Error,
    aliases: &[],
};

/// Every code of this module, by id.
pub static CODES: &[&Code] = &[&LOCK_DRIFT, &LOCKED_RPC_LIST, &UNUSABLE_LOCK, &PIN_DRIFT];

/// A finding for each drift, in their order. What is gone is shown in the lock, which is a file of
/// the graph's sources.
#[must_use]
pub fn findings(graph: &Graph, drifts: &[Drift], places: &Places, lock: FileId) -> Vec<Finding> {
    drifts.iter().map(|drift| finding(graph, drift, places, lock)).collect()
}

/// That the lock was written by another version of the program, where nothing else drifted from it.
#[must_use]
pub fn other_tool(graph: &Graph, locked: &Lock, now: &Lock, lock: FileId) -> Option<Finding> {
    if locked.tool == now.tool {
        return None;
    }
    let place = in_lock(graph, lock, &format!("tenon = \"{}\"", locked.tool));
    let message = format!("the lock was written by tenon {}, and this is {}", locked.tool, now.tool);
    let help = "use that version, or freeze again with this one and look at what changed";
    Some(Finding::new(&PIN_DRIFT, place, message).at_level(Level::Warning).with_help(help))
}

/// Where the lock has a text; its start where it has it nowhere.
fn in_lock(graph: &Graph, lock: FileId, text: &str) -> Place {
    let found = graph.sources.get(lock).and_then(|file| file.text().find(text));
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = found.map(|at| Span::new(offset(at), offset(at + text.len()))).unwrap_or_default();
    Place { file: lock, span }
}

fn finding(graph: &Graph, drift: &Drift, places: &Places, lock: FileId) -> Finding {
    let code = match drift.aspect {
        Aspect::Rpcs => &LOCKED_RPC_LIST,
        Aspect::Pin => &PIN_DRIFT,
        Aspect::Block | Aspect::Element | Aspect::Reference | Aspect::Head => &LOCK_DRIFT,
    };
    let message = message(drift);
    let at = places.of(drift);
    let finding = match at {
        Some(at) => graph.sources.finding(code, at, message),
        None => {
            let name = drift.element.as_ref().filter(|_| drift.aspect == Aspect::Pin);
            let name = name.unwrap_or(&drift.path);
            Finding::new(code, in_lock(graph, lock, &format!("\"{name}\"")), message)
        }
    };
    finding.with_help(match drift.aspect {
        Aspect::Rpcs => {
            "give the change a row with its reason (`rpc.deltas` of the contract), or unlock the list with \
             `tenon freeze --unlock`"
        }
        _ => "undo it, or freeze it anew with `tenon freeze` once it is decided",
    })
}

fn message(drift: &Drift) -> String {
    let path = &drift.path;
    let element = drift.element.as_deref().unwrap_or_default();
    let (old, new) = drift.values.clone().unwrap_or_default();
    match (drift.aspect, drift.how) {
        (Aspect::Block, Move::Removed) => format!("`{path}` was frozen and is gone"),
        (Aspect::Block, _) => format!("`{path}` is not in the lock"),
        (Aspect::Element, Move::Changed) if element == "document" => {
            format!("`{path}` itself, beside its elements, is not what was frozen")
        }
        (Aspect::Element, Move::Added) => format!("{element} of `{path}` is new since the freeze"),
        (Aspect::Element, Move::Changed) => format!("{element} of `{path}` is not what was frozen"),
        (Aspect::Element, Move::Removed) => format!("{element} of `{path}` was frozen and is gone"),
        (Aspect::Reference, _) => {
            let count = drift.names.len();
            let names: Vec<&str> = drift.names.iter().take(NAMES_MAX).map(String::as_str).collect();
            let rest = count.saturating_sub(names.len());
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let noun = if count == 1 { "element refers" } else { "elements refer" };
            format!("{count} {noun} to what is not what was frozen: {}{rest}", names.join(", "))
        }
        (Aspect::Head, _) => format!("the {element} of `{path}` was frozen as {old} and is {new}"),
        (Aspect::Rpcs, Move::Removed) => {
            format!("the RPC {element} is in the frozen list and gone from `{path}`")
        }
        (Aspect::Rpcs, _) => format!("the RPC {element} of `{path}` is not in the frozen list"),
        (Aspect::Pin, Move::Added) => format!("{element} is pinned in `{path}` and not in the lock"),
        (Aspect::Pin, Move::Removed) => {
            format!("{element} was frozen and is not pinned in `{path}` any more")
        }
        (Aspect::Pin, Move::Changed) => {
            format!("{element} was frozen at {old}, and `{path}` pins {new}")
        }
    }
}
