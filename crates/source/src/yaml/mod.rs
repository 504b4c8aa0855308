//! YAML 1.2 (core schema) to a [`Tree`].
//!
//! `events` turns what the scanner says into a tree, `schema` types the scalars, `diagnose` says
//! what a syntax error comes from, and this file recovers: the block with the mistake is blanked
//! and the text read again, so that one mistake does not hide the rest.

mod aliases;
mod diagnose;
mod events;
mod expansion;
mod fast;
mod schema;

use std::sync::Arc;

use crate::finding::{Finding, Place};
use crate::limits::{SYNTAX_FINDINGS_MAX, YAML_READ_BYTES_MAX, YAML_READS_MIN};
use crate::tree::Tree;
use crate::{FileId, Span, codes};
use diagnose::{Mistake, has_tab_indentation, tab_indentations};
use events::{Loaded, load};

/// Reads YAML text. What cannot be read is a finding; the tree holds the rest.
pub(crate) fn parse(file: FileId, text: Arc<String>) -> (Tree, Vec<Finding>) {
    if let Some(read) = fast::load(file, &text) {
        return read;
    }
    let Loaded { tree, findings, error } = load(file, &text, &text);
    let Some(error) = error else { return (tree, findings) };
    recover(file, &text, tree, findings, error)
}

/// Blanks the block of one mistake after the other, until the rest can be read.
fn recover(
    file: FileId,
    text: &Arc<String>,
    mut tree: Tree,
    mut findings: Vec<Finding>,
    mut error: Mistake,
) -> (Tree, Vec<Finding>) {
    let mut blanked = text.to_string();
    let mut mistakes = Vec::new();
    let mut tabs_seen = false;
    let reads_max = (YAML_READ_BYTES_MAX / text.len().max(1)).max(YAML_READS_MIN);
    for _ in 0..reads_max {
        let Mistake { finding, region, tabs } = error;
        // Tabs are one mistake, however many lines have them and whatever follows from them.
        let follows = tabs_seen && has_tab_indentation(text, finding.place.span.start as usize);
        if !follows {
            mistakes.push(finding);
        }
        let changed = if tabs && !tabs_seen {
            tab_indentations(text).into_iter().fold(false, |changed, tab| blank(&mut blanked, tab) | changed)
        } else {
            blank(&mut blanked, region)
        };
        tabs_seen |= tabs;
        if !changed || mistakes.len() >= SYNTAX_FINDINGS_MAX {
            break;
        }
        let loaded = load(file, text, &blanked);
        (tree, findings) = (loaded.tree, loaded.findings);
        match loaded.error {
            Some(next) => error = next,
            None => break,
        }
    }
    // What is empty now was not before.
    findings.retain(|finding| finding.code != &codes::EMPTY);
    mistakes.append(&mut findings);
    mistakes.sort_by_key(|finding| finding.place);
    mistakes.dedup();
    (tree, mistakes)
}

/// Puts spaces over a range, line breaks left alone. Whether that changed anything.
fn blank(text: &mut String, range: std::ops::Range<usize>) -> bool {
    let Some(slice) = text.get(range.clone()) else { return false };
    let spaces: String = slice.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    if spaces == slice {
        return false;
    }
    text.replace_range(range, &spaces);
    true
}

fn duplicate_key(file: FileId, text: &str, first: Span, second: Span) -> Finding {
    let name = text.get(second.range()).unwrap_or("");
    let message = format!("the key {name} occurs twice in this map; the first value counts");
    Finding::new(&codes::DUPLICATE_KEY, Place { file, span: second }, message)
        .with_related(Place { file, span: first }, "first given here")
        .with_help("keep one of the two")
}
