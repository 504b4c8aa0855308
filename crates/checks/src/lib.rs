//! Rules over the contract graph: facts first, then findings.
//!
//! Holds: one file a rule under `rules/<area>/`, with its documentation and test cases in the
//! Markdown file beside it. It must never hold: the grammar of a format, rendering, file access.
//!
//! Start reading at [`run`], then at any rule.
#![forbid(unsafe_code)]

pub mod clients;
mod context;
mod examples;
pub mod facts;
mod fix;
pub mod gates;
pub mod hygiene;
pub mod lock;
#[cfg(test)]
mod official_tests;
pub mod presets;
pub mod report;
pub mod rule_sets;
pub mod rules;
pub mod scans;

use rayon::prelude::*;
use tenon_source::{Code, Finding, Level};

pub use context::{Context, Settings};
use rules::protobuf;

/// Which rules run and at what level, before a user's own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Only what makes a contract unusable.
    Minimal,
    /// What most teams want.
    #[default]
    Recommended,
    /// Everything.
    Strict,
}

/// One rule.
pub struct Rule {
    /// Its identity, and its level in the `recommended` profile.
    pub code: Code,
    /// Its level in the `minimal` profile.
    pub minimal: Level,
    /// Its level in the `strict` profile.
    pub strict: Level,
    /// Its page: what it finds, why, bad and good examples, how to mend; its test cases too.
    pub doc: &'static str,
    /// Looks at the graph and reports, in document order, at the code's own level.
    pub check: fn(&Context<'_>, &mut Vec<Finding>),
}

impl Rule {
    /// The level in a profile.
    #[must_use]
    pub fn level(&self, profile: Profile) -> Level {
        match profile {
            Profile::Minimal => self.minimal,
            Profile::Recommended => self.code.level,
            Profile::Strict => self.strict,
        }
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("code", &self.code).finish_non_exhaustive()
    }
}

/// Runs every rule for which `level` gives more than `Off`, in parallel, and sets that level on
/// findings that bear the rule's own. The order of findings is by rule; the caller sorts.
#[must_use]
pub fn run(ctx: &Context<'_>, level: &(dyn Fn(&Rule) -> Level + Sync)) -> Vec<Finding> {
    let validators = tenon_schemas::Validators::new(ctx.graph);
    let ctx = &Context { validators: Some(&validators), ..*ctx };
    let ignored = protobuf::chosen::Ignored::of(ctx.graph);
    let active: Vec<(&Rule, Level)> = rules::all()
        .map(|rule| (rule, level(rule)))
        .filter(|(rule, level)| *level != Level::Off || protobuf::chosen::is_asked_for(ctx, rule))
        .collect();
    let found: Vec<Vec<Finding>> = active
        .par_iter()
        .map(|(rule, level)| {
            let mut out = Vec::new();
            (rule.check)(ctx, &mut out);
            if protobuf::chosen::settle(ctx, rule, *level, &ignored, &mut out) {
                return out;
            }
            for finding in out.iter_mut().filter(|finding| finding.level == rule.code.level) {
                finding.level = *level;
            }
            out
        })
        .collect();
    found.into_iter().flatten().collect()
}
