//! Frozen tables: which rules there are at what levels, and what other tools call them.

pub mod peers;
pub mod v1;

use tenon_source::Level;

use crate::Rule;

pub use peers::peers_table;

/// One row of a frozen table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The rule's id.
    pub id: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// Its level in the `minimal` profile.
    pub minimal: Level,
    /// Its level in the `recommended` profile.
    pub recommended: Level,
    /// Its level in the `strict` profile.
    pub strict: Level,
}

impl Row {
    /// The row of a rule as it is now.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        Self {
            id: rule.code.id,
            name: rule.code.name,
            minimal: rule.minimal,
            recommended: rule.code.level,
            strict: rule.strict,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, v1};
    use crate::rules;

    /// A user who pins a set of rules keeps it: a change here needs a new table beside `v1`.
    #[test]
    fn the_frozen_table_is_what_the_rules_say() {
        let mut rows: Vec<Row> = rules::all().map(Row::of).collect();
        rows.sort_by_key(|row| row.id);
        let missing: Vec<String> = rows
            .iter()
            .filter(|row| !v1::RULES.contains(row))
            .map(|row| {
                let Row { id, name, minimal, recommended, strict } = row;
                format!("    row(\"{id}\", \"{name}\", {minimal:?}, {recommended:?}, {strict:?}),")
            })
            .collect();
        let stale: Vec<&str> = v1::RULES.iter().filter(|row| !rows.contains(row)).map(|row| row.id).collect();
        assert!(
            missing.is_empty() && stale.is_empty(),
            "v1.rs has other rows for {stale:?}; until the first release put these in their place:\n{}",
            missing.join("\n")
        );
        assert!(v1::RULES.is_sorted_by_key(|row| row.id), "the rows of v1.rs stand by id");
    }
}
