//! Every code there is, with its page: rules, readers, configuration.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tenon_checks::Profile;
use tenon_compare::Effect;
use tenon_source::{Code, Level};

use crate::failure::Failure;

/// Pages of the codes that are no rules, one heading each.
static OTHER_PAGES: [&str; 8] = [
    include_str!("pages/clients.md"),
    include_str!("pages/input.md"),
    include_str!("pages/gates.md"),
    include_str!("pages/conformance.md"),
    include_str!("pages/lock.md"),
    include_str!("pages/milestone.md"),
    include_str!("pages/scenario.md"),
    include_str!("pages/serve.md"),
];

/// Letters that may differ between a word and the one that was meant, at most a third of it.
const SIMILAR_PART: usize = 3;

/// One code and its page.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The code.
    pub code: &'static Code,
    /// The page of a rule that looks at one version.
    rule_page: Option<&'static str>,
    /// Its level in the `minimal` and the `strict` profile.
    levels: [Level; 2],
    /// Whether it is a rule or a kind of change, and not said by a reader or the configuration.
    pub is_rule: bool,
    /// What a kind of change does; `None` for all that looks at one version.
    pub effect: Option<Effect>,
}

impl Entry {
    /// Its page in Markdown, from its heading on. Pages that stand in one file with others are
    /// looked for when they are asked for: most runs need none.
    pub fn page(&self) -> &'static str {
        match (self.rule_page, &self.effect) {
            (Some(page), _) => page,
            (None, Some(_)) => tenon_compare::page_of(self.code.id),
            (None, None) => other_page(self.code.id),
        }
    }

    /// The level in a profile.
    pub fn level(&self, profile: Profile) -> Level {
        let [minimal, strict] = self.levels;
        match profile {
            Profile::Minimal => minimal,
            Profile::Recommended => self.code.level,
            Profile::Strict => strict,
        }
    }
}

/// Every code, by id.
pub static ALL: LazyLock<BTreeMap<&'static str, Entry>> = LazyLock::new(|| {
    let rules = tenon_checks::rules::all().map(|rule| Entry {
        code: &rule.code,
        rule_page: Some(rule.doc),
        levels: [rule.minimal, rule.strict],
        is_rule: true,
        effect: None,
    });
    let changes = tenon_compare::all_rules().map(|rule| Entry {
        code: &rule.code,
        rule_page: None,
        levels: [rule.code.level, rule.code.level],
        is_rule: true,
        effect: Some(rule.effect),
    });
    let others = codes().map(|code| Entry {
        code,
        rule_page: None,
        levels: [code.level, code.level],
        is_rule: false,
        effect: None,
    });
    rules.chain(changes).chain(others).map(|entry| (entry.code.id, entry)).collect()
});

/// The codes that are no rules.
fn codes() -> impl Iterator<Item = &'static &'static Code> {
    tenon_source::codes::ALL
        .iter()
        .chain(tenon_readers::codes::ALL)
        .chain(tenon_checks::report::CODES)
        .chain(tenon_checks::gates::codes::ALL)
        .chain(tenon_checks::lock::CODES)
        .chain(tenon_checks::clients::CODES)
        .chain(tenon_gateway::plan::problem::ALL)
        .chain(tenon_verify::codes::ALL)
        .chain(tenon_verify::scenario::codes::ALL)
        .chain(tenon_verify::conformance::kinds::ALL)
}

/// The section of a code that is no rule; empty if it has none.
fn other_page(id: &str) -> &'static str {
    let heading = format!("# {id} ");
    let found = OTHER_PAGES.iter().find_map(|pages| pages.get(pages.find(&heading)?..));
    let rest = found.unwrap_or_default();
    let end = rest.find("\n# ").map_or(rest.len(), |end| end + 1);
    rest.get(..end).unwrap_or_default()
}

/// The code with an id, a name, or an alias such as `spectral:no-$ref-siblings`.
pub fn find(word: &str) -> Option<&'static Entry> {
    ALL.get(word.to_ascii_uppercase().as_str())
        .or_else(|| ALL.values().find(|entry| entry.code.name == word || entry.code.aliases.contains(&word)))
        .or_else(|| ALL.get(tenon_compare::peers::counterparts(word).first()?))
}

/// The id of the rule with an id or name.
pub fn id_of(word: &str) -> Option<&'static str> {
    find(word).map(|entry| entry.code.id)
}

/// The levels in texts such as `OA012=off`.
///
/// # Errors
/// When one names no rule or no level.
pub fn typed_levels(typed: &[String]) -> Result<Vec<(&'static str, Level)>, Failure> {
    let sample = "write `--rule OA001=off`; levels are off, info, warning and error";
    typed
        .iter()
        .map(|text| {
            let (rule, level) = text
                .split_once('=')
                .ok_or_else(|| Failure::usage(format!("`--rule {text}` sets no level"), sample))?;
            let level = Level::parse(level)
                .ok_or_else(|| Failure::usage(format!("`{level}` is no level"), sample))?;
            Ok((known_rule(rule)?, level))
        })
        .collect()
}

/// The id of the rule with an id, name or alias.
///
/// # Errors
/// When there is none.
pub fn known_rule(word: &str) -> Result<&'static str, Failure> {
    id_of(word).ok_or_else(|| Failure::unknown_rule(word, similar(word)))
}

/// The id or name that is nearly the word.
pub fn similar(word: &str) -> Option<String> {
    let words = ALL.values().flat_map(|entry| [entry.code.id, entry.code.name]);
    nearest(word, words).map(str::to_owned)
}

/// The word of a list that is nearly the one given.
pub fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let lower = word.to_lowercase();
    let near = |candidate: &&str| strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
    let best = words.min_by_key(near)?;
    let most = (lower.chars().count() / SIMILAR_PART).max(1);
    (near(&best) <= most).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::{ALL, codes, find, nearest};

    #[test]
    fn every_code_has_a_page_that_bears_its_name() {
        for entry in ALL.values() {
            let heading = format!("# {} {}\n", entry.code.id, entry.code.name);
            assert!(
                entry.page().starts_with(&heading),
                "{} lacks a page that starts {heading:?}",
                entry.code.id
            );
        }
    }

    #[test]
    fn no_id_and_no_name_is_taken_twice() {
        let count = tenon_checks::rules::all().count() + tenon_compare::all_rules().count() + codes().count();
        assert_eq!(ALL.len(), count, "an id is taken twice");
        let mut names = std::collections::BTreeMap::new();
        for entry in ALL.values() {
            if let Some(other) = names.insert(entry.code.name, entry.code.id) {
                panic!("{other} and {} are both called {}", entry.code.id, entry.code.name);
            }
        }
    }

    #[test]
    fn a_code_is_found_by_id_name_and_alias() {
        for word in ["OA001", "oa001", "duplicate-operation-id", "spectral:operation-operationId-unique"] {
            assert_eq!(find(word).map(|entry| entry.code.id), Some("OA001"), "{word}");
        }
        assert!(find("OA9999").is_none());
    }

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        assert_eq!(nearest("profil", ["profile", "levels"].into_iter()), Some("profile"));
        assert_eq!(nearest("nonsense", ["profile", "levels"].into_iter()), None);
    }
}
