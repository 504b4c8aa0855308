//! Names as people vary them: `processingJobs`, `processing-jobs` and `ProcessingJob` are one name.

pub use tenon_graph::words;

/// A name without case, separators, plural and American spelling, for comparison.
#[must_use]
pub fn fold(name: &str) -> String {
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let letters = letters.replace("organization", "organisation");
    singular(&letters)
}

/// The singular of a lower-case English noun, as far as its ending tells.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies")
        && stem.len() > 1
    {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") || word.len() < 3 {
        return word.to_owned();
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Whether a text has a word, whole and with that very case: `a.b` has `b`, `abc` has not.
#[must_use]
pub fn has_word(text: &str, word: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text.match_indices(word).any(|(start, found)| {
        let before = text.get(..start).and_then(|head| head.chars().next_back());
        let after = text.get(start + found.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

/// Whether a text has one of some words in any case, as the beginning of a word of its own.
#[must_use]
pub fn speaks_of(text: &str, stems: &[&str]) -> bool {
    let lower = text.to_lowercase();
    stems.iter().any(|stem| {
        lower.match_indices(stem).any(|(start, _)| {
            let before = lower.get(..start).and_then(|head| head.chars().next_back());
            !before.is_some_and(char::is_alphanumeric)
        })
    })
}

/// The identifiers of an expression, joined as they are reached: `f(req.body.a, b)` has `f`,
/// `req.body.a` and `b`.
#[must_use]
pub fn chains(expression: &str) -> Vec<Vec<&str>> {
    let mut out: Vec<Vec<&str>> = Vec::new();
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut rest = expression;
    let mut joined = false;
    while let Some(c) = rest.chars().next() {
        if !is_name(c) {
            joined = joins(rest, c, joined);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        match out.last_mut() {
            Some(chain) if joined => chain.push(name),
            _ => out.push(vec![name]),
        }
        joined = true;
        rest = tail;
    }
    out
}

/// Whether the name after this character still belongs to the chain before it.
fn joins(rest: &str, c: char, before: bool) -> bool {
    before
        && match c {
            '.' => !rest.starts_with(".."),
            '?' => rest.starts_with("?."),
            '!' => rest.starts_with("!.") || rest.starts_with("!["),
            '[' => rest.starts_with("['") || rest.starts_with("[\""),
            '\'' | '"' => true,
            ']' => rest.starts_with("].") || rest.starts_with("]?.") || rest.starts_with("]["),
            _ => false,
        }
}

/// The one of some names that `name` was most likely meant to be.
#[must_use]
pub fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = name.to_lowercase();
    let most = (name.chars().count() / 4).clamp(1, 3);
    let scored = known.into_iter().map(|candidate| (distance(&folded, &candidate.to_lowercase()), candidate));
    scored.filter(|(far, _)| *far <= most).min().map(|(_, candidate)| candidate)
}

/// Letters to change, add or drop to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, a) in from.chars().enumerate() {
        let mut left = line + 1;
        let mut next = vec![left];
        for (index, b) in to.iter().enumerate() {
            let diagonal = row.get(index).copied().unwrap_or(0) + usize::from(a != *b);
            let above = row.get(index + 1).copied().unwrap_or(0) + 1;
            left = diagonal.min(above).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_a_name_fold_to_one() {
        for (a, b) in [
            ("processingJobs", "processing-job"),
            ("organisations", "organization"),
            ("entities", "Entity"),
            ("addresses", "address"),
            ("statuses", "statuses"),
            ("data_sources", "dataSource"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_ne!(fold("datasets"), fold("data"));
    }

    #[test]
    fn chains_follow_members_and_stop_at_operators() {
        assert_eq!(chains("req.body.email"), [vec!["req", "body", "email"]]);
        assert_eq!(chains("Number(req.query?.page)"), [vec!["Number"], vec!["req", "query", "page"]]);
        assert_eq!(chains("req.body['a']"), [vec!["req", "body", "a"]]);
        assert_eq!(chains("{ ...req.body, id }"), [vec!["req", "body"], vec!["id"]]);
        assert_eq!(chains("req_body_id.x"), [vec!["req_body_id", "x"]]);
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let known = ["maxSizeMb", "allowedMimeTypes", "notes"];
        assert_eq!(did_you_mean("maxSizeMB", known), Some("maxSizeMb"));
        assert_eq!(did_you_mean("note", known), Some("notes"));
        assert_eq!(did_you_mean("something", known), None);
    }

    #[test]
    fn words_are_split_at_case_and_separators() {
        assert_eq!(words("MAX_FILE_SIZE_BYTES"), ["max", "file", "size", "bytes"]);
        assert_eq!(words("maxSizeMb"), ["max", "size", "mb"]);
        assert!(has_word("see users.role here", "role"));
        assert!(!has_word("roles", "role"));
        assert!(speaks_of("Captures a Snapshot", &["snapshot"]));
        assert!(!speaks_of("recaptured", &["captured"]));
    }
}
