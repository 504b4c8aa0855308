//! Kinds of changes: their identity, what they do to a message, and their pages.

use tenon_source::Code;

use crate::change::{Class, Direction};

/// What a kind of change does to the set of messages that are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Fewer messages are right: breaks those who send them.
    Narrows,
    /// More messages are right: breaks those who receive them.
    Widens,
    /// Breaks whoever sends or receives.
    Breaks,
    /// The same messages mean or do something else.
    Behaves,
    /// Something new beside what there was.
    Adds,
    /// Only people read it.
    Documents,
}

impl Effect {
    /// The class of such a change of a message that goes in a direction. What is about no message
    /// in particular is judged as if both parties sent it.
    #[must_use]
    pub fn class(self, direction: Option<Direction>) -> Class {
        match (self, direction.unwrap_or(Direction::Both)) {
            (Self::Breaks, _)
            | (Self::Narrows, Direction::Request | Direction::Both)
            | (Self::Widens, Direction::Response | Direction::Both) => Class::Breaking,
            (Self::Narrows, Direction::Response) | (Self::Widens, Direction::Request) | (Self::Adds, _) => {
                Class::Additive
            }
            (Self::Behaves, _) => Class::Behaviour,
            (Self::Documents, _) => Class::Docs,
        }
    }
}

/// One kind of change.
#[derive(Debug)]
pub struct ChangeRule {
    /// Its identity. The level is that of a breaking change of it under the tier `stable`.
    pub code: Code,
    /// What it does.
    pub effect: Effect,
}

/// The kinds of changes of one kind of contract, with their pages.
#[derive(Debug)]
pub struct Area {
    /// What people call it.
    pub name: &'static str,
    /// Its rules, by id.
    pub rules: &'static [&'static ChangeRule],
    /// Their pages in Markdown, a section each that starts `# ID name`; the examples in them are
    /// their tests.
    pub pages: &'static str,
}

/// Every area.
pub static AREAS: &[&Area] = &[
    &crate::http::AREA,
    &crate::schema::AREA,
    &crate::governance::AREA,
    &crate::asyncapi::AREA,
    &crate::protobuf::AREA,
];

/// Every rule, area by area.
pub fn all_rules() -> impl Iterator<Item = &'static ChangeRule> {
    AREAS.iter().flat_map(|area| area.rules.iter().copied())
}

/// The rule with an id, a name or an alias.
#[must_use]
pub fn find_rule(word: &str) -> Option<&'static ChangeRule> {
    let is = |rule: &&ChangeRule| {
        rule.code.id.eq_ignore_ascii_case(word) || rule.code.name == word || rule.code.aliases.contains(&word)
    };
    all_rules().find(is)
}

/// The page of a rule: its section of its area's pages; empty if it has none.
#[must_use]
pub fn page_of(id: &str) -> &'static str {
    let heading = format!("# {id} ");
    let section = |pages: &'static str| {
        // A heading counts at the start of a line.
        let starts = pages.match_indices(&heading).map(|(at, _)| at);
        let mut starts =
            starts.filter(|&at| at == 0 || pages.get(..at).is_some_and(|before| before.ends_with('\n')));
        let rest = pages.get(starts.next()?..)?;
        let end = rest.find("\n# ").map_or(rest.len(), |end| end + 1);
        rest.get(..end)
    };
    AREAS.iter().find_map(|area| section(area.pages)).unwrap_or_default()
}

/// Declares the rules of an area as a table: constant, id, name, effect, aliases, summary.
#[macro_export]
#[doc(hidden)]
macro_rules! change_rules {
    ($($name:ident = $id:literal $slug:literal $effect:ident [$($alias:literal),* $(,)?] $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $name: $crate::ChangeRule = $crate::ChangeRule {
                code: tenon_source::Code {
                    id: $id, name: $slug, summary: $summary,
                    level: tenon_source::Level::Error, aliases: &[$($alias),*],
                },
                effect: $crate::Effect::$effect,
            };
        )*
        /// The rules of this area, by id.
        pub static RULES: &[&$crate::ChangeRule] = &[$(&$name),*];
    };
}
