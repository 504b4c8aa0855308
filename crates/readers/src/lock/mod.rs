//! `tenon.lock`. It is not read as contracts are: it says nothing of its own, and one that cannot be
//! read whole is of no use.

mod generated;

use std::collections::BTreeMap;

use tenon_graph::Tier;
use tenon_graph::freeze::{Block, BlockKind, LOCK_VERSION, Lock, Pin, Rpcs};
use tenon_source::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How lines start that version control leaves where two changes met.
const CONFLICT_MARKS: &[&str] = &["<<<<<<< ", "||||||| ", ">>>>>>> "];

/// What to do about a lock that cannot be used.
const AGAIN: &str = "take the lock from version control, or run `tenon freeze` once it is out of the way";

/// Why a lock cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockProblem {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl LockProblem {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: AGAIN.to_owned() }
    }
}

/// Reads a lock.
///
/// # Errors
/// What is wrong with it, the first thing: a lock is written as a whole.
pub fn read_lock(text: &str) -> Result<Lock, LockProblem> {
    conflict(text)?;
    let root = DeTable::parse(text).map_err(|error| {
        let span = error.span().map(span_of).unwrap_or_default();
        LockProblem::new(span, format!("this is not valid TOML: {}", error.message().trim_end_matches('.')))
    })?;
    let root = root.get_ref();
    let top = Span::new(0, 0);
    let version = root.get("version").and_then(|value| integer(value.get_ref()));
    match version {
        Some(LOCK_VERSION) => {}
        Some(version) if version > LOCK_VERSION => {
            let message =
                format!("the lock has the form {version}, and this program reads up to {LOCK_VERSION}");
            let help = "install the version of tenon that wrote it, which the line `tenon` names";
            return Err(LockProblem { help: help.to_owned(), ..LockProblem::new(top, message) });
        }
        Some(_) | None => {
            return Err(LockProblem::new(top, "the lock does not say in which form it is (`version = 1`)"));
        }
    }
    let tool = text_of(root, "tenon", top)?.to_owned();
    let mut lock = Lock { tool, ..Lock::default() };
    for (table, span) in tables(root, "pin") {
        lock.pins.push(Pin {
            manifest: text_of(table, "manifest", span)?.to_owned(),
            tool: text_of(table, "tool", span)?.to_owned(),
            version: text_of(table, "version", span)?.to_owned(),
        });
    }
    for kind in [BlockKind::Contract, BlockKind::Family] {
        for (table, span) in tables(root, kind.as_str()) {
            let block = block(kind, table, span)?;
            if lock.blocks.iter().any(|other| other.kind == kind && other.path == block.path) {
                return Err(LockProblem::new(span, format!("`{}` stands in the lock twice", block.path)));
            }
            lock.blocks.push(block);
        }
    }
    lock.outputs = generated::outputs(root)?;
    lock.numbers = generated::numbers(root)?;
    lock.pins.sort();
    lock.blocks.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    Ok(lock)
}

fn conflict(text: &str) -> Result<(), LockProblem> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if CONFLICT_MARKS.iter().any(|mark| line.starts_with(mark)) {
            let span = span_of(start..start + line.trim_end().len());
            let help = "settle the contracts, take either side of the lock (`git checkout --ours \
                        tenon.lock`), then run `tenon freeze`";
            let message = "two changes of the lock met here and nobody settled them";
            return Err(LockProblem { span, message: message.to_owned(), help: help.to_owned() });
        }
        start += line.len();
    }
    Ok(())
}

fn block(kind: BlockKind, table: &DeTable<'_>, span: Span) -> Result<Block, LockProblem> {
    let optional = |name: &str| table.get(name).and_then(|value| value.get_ref().as_str()).map(str::to_owned);
    let path = text_of(table, "path", span)?.to_owned();
    let hash = text_of(table, "sha256", span)?.to_owned();
    let operations = table.get("operations").and_then(|value| integer(value.get_ref()));
    let operations = operations.and_then(|count| usize::try_from(count).ok());
    let tier = match optional("tier") {
        Some(tier) => {
            Some(Tier::parse(&tier).ok_or_else(|| LockProblem::new(span, format!("`{tier}` is no tier")))?)
        }
        None => None,
    };
    let elements = table.get("elements").and_then(|value| value.get_ref().as_table());
    let mut block = Block {
        kind,
        format: text_of(table, "format", span)?.to_owned(),
        name: optional("name"),
        version: optional("version"),
        tier,
        operations: operations.ok_or_else(|| missing("operations", span))?,
        hash,
        rpcs: rpcs(table, span)?,
        elements: BTreeMap::new(),
        path,
    };
    for (name, hash) in elements.ok_or_else(|| missing("elements", span))? {
        let text = hash.get_ref().as_str();
        let text =
            text.ok_or_else(|| LockProblem::new(span_of(hash.span()), "a hash is a text in quotes"))?;
        block.elements.insert(name.get_ref().to_string(), text.to_owned());
    }
    if block.sum() != block.hash {
        let message = format!(
            "the lock was changed by hand: the hash of `{}` is not that of what stands below it",
            block.path
        );
        let at = table.get("sha256").map_or(span, |value| span_of(value.span()));
        return Err(LockProblem::new(at, message));
    }
    Ok(block)
}

fn rpcs(table: &DeTable<'_>, span: Span) -> Result<Option<Rpcs>, LockProblem> {
    let Some(list) = table.get("rpcs") else { return Ok(None) };
    let at = span_of(list.span());
    let items = list.get_ref().as_array().ok_or_else(|| LockProblem::new(at, "`rpcs` is a list of names"))?;
    let names = items.iter().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect();
    let rpcs = Rpcs { names, explained: Vec::new() };
    if rpcs.hash() != text_of(table, "rpcs-sha256", span)? {
        let message = "the list of RPCs was changed by hand: its hash is another";
        let help = "a list that is frozen changes with a row in the contract, see `tenon explain LK002`";
        return Err(LockProblem { span: at, message: message.to_owned(), help: help.to_owned() });
    }
    Ok(Some(rpcs))
}

fn missing(name: &str, span: Span) -> LockProblem {
    LockProblem::new(span, format!("the lock lacks `{name}` here"))
}

fn text_of<'t>(table: &'t DeTable<'_>, name: &str, span: Span) -> Result<&'t str, LockProblem> {
    table.get(name).and_then(|value| value.get_ref().as_str()).ok_or_else(|| missing(name, span))
}

fn tables<'t, 's>(root: &'t DeTable<'s>, name: &str) -> Vec<(&'t DeTable<'s>, Span)> {
    let items = root.get(name).and_then(|value| value.get_ref().as_array());
    let table = |item: &'t Spanned<DeValue<'s>>| Some((item.get_ref().as_table()?, span_of(item.span())));
    items.into_iter().flat_map(|items| items.iter()).filter_map(table).collect()
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn span_of(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}
