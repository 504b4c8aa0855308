//! The part of the lock about files that were generated.

use std::collections::BTreeMap;

use tenon_graph::freeze::{Numbers, Output};
use toml::de::DeTable;

use super::{LockProblem, integer, missing, span_of, tables, text_of};

/// The files that each target wrote.
pub(super) fn outputs(root: &DeTable<'_>) -> Result<Vec<Output>, LockProblem> {
    let mut out = Vec::new();
    for (table, span) in tables(root, "output") {
        let files = table.get("files").and_then(|value| value.get_ref().as_table());
        let mut hashes = BTreeMap::new();
        for (path, hash) in files.ok_or_else(|| missing("files", span))? {
            let text = hash.get_ref().as_str();
            let text =
                text.ok_or_else(|| LockProblem::new(span_of(hash.span()), "a hash is a text in quotes"))?;
            hashes.insert(path.get_ref().to_string(), text.to_owned());
        }
        out.push(Output {
            target: text_of(table, "target", span)?.to_owned(),
            path: text_of(table, "path", span)?.to_owned(),
            files: hashes,
        });
    }
    out.sort();
    Ok(out)
}

/// The numbers that were given for good.
pub(super) fn numbers(root: &DeTable<'_>) -> Result<Numbers, LockProblem> {
    let Some(value) = root.get("numbers") else { return Ok(Numbers::default()) };
    let span = span_of(value.span());
    let table = value.get_ref().as_table().ok_or_else(|| missing("numbers", span))?;
    let mut out = Numbers::default();
    let owners = table.get("of").and_then(|value| value.get_ref().as_table());
    for (owner, fields) in owners.ok_or_else(|| missing("of", span))? {
        let at = span_of(fields.span());
        let fields = fields.get_ref().as_table().ok_or_else(|| missing("numbers", at))?;
        let mut numbers = BTreeMap::new();
        for (name, number) in fields {
            let at = span_of(number.span());
            let number = integer(number.get_ref()).and_then(|number| i32::try_from(number).ok());
            let number = number.ok_or_else(|| LockProblem::new(at, "a field number is a whole number"))?;
            numbers.insert(name.get_ref().to_string(), number);
        }
        out.of.insert(owner.get_ref().to_string(), numbers);
    }
    if out.hash() != text_of(table, "sha256", span)? {
        let message = "the numbers were changed by hand: their hash is another";
        return Err(LockProblem::new(span, message));
    }
    Ok(out)
}
