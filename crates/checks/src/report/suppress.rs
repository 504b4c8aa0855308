//! Findings that a user set aside, with a reason.

use rustc_hash::FxHashMap;
use tenon_source::{FileId, Finding, Place, Sources};

use super::codes;

/// Which findings of its rule a suppression covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those that start in one line of a file.
    Line {
        /// The file.
        file: FileId,
        /// The line, from 1.
        line: u32,
    },
    /// Those in some files, at or below a value, of one operation.
    Files {
        /// Whether each file, by its id, is covered.
        covered: Vec<bool>,
        /// JSON pointer of a value; the finding is there or below. A `*` stands for any one token.
        pointer: Option<String>,
        /// The operation, as findings name it: `GET /pets/{id}`.
        operation: Option<String>,
    },
}

/// One rule that findings are set aside for, where and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Id of the rule.
    pub rule: &'static str,
    /// Which of its findings.
    pub scope: Scope,
    /// Why.
    pub reason: String,
    /// Where the suppression itself stands.
    pub place: Place,
    /// Whether it stands beside what it covers and not in the configuration.
    pub inline: bool,
}

/// A finding that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The index of the suppression that covers it.
    pub by: usize,
}

/// Findings, told apart.
#[derive(Debug, Default)]
pub struct Applied {
    /// Those that stay.
    pub kept: Vec<Finding>,
    /// Those set aside.
    pub suppressed: Vec<Suppressed>,
    /// Whether each suppression covers any finding.
    pub used: Vec<bool>,
}

/// Sets aside the findings that suppressions cover. A finding counts by its own place, whichever
/// file refers to it.
#[must_use]
pub fn apply(findings: Vec<Finding>, suppressions: &[Suppression], sources: &Sources) -> Applied {
    let mut applied = Applied { used: vec![false; suppressions.len()], ..Applied::default() };
    if suppressions.is_empty() {
        applied.kept = findings;
        return applied;
    }
    let covering = covering(&findings, suppressions, sources);
    for (finding, by) in findings.into_iter().zip(covering) {
        match by {
            Some(by) => {
                if let Some(used) = applied.used.get_mut(by) {
                    *used = true;
                }
                applied.suppressed.push(Suppressed { finding, by });
            }
            None => applied.kept.push(finding),
        }
    }
    applied
}

/// The index of the suppression that covers each finding, if one does.
#[must_use]
pub fn covering(findings: &[Finding], suppressions: &[Suppression], sources: &Sources) -> Vec<Option<usize>> {
    let mut by_line: FxHashMap<(FileId, u32), Vec<usize>> = FxHashMap::default();
    let mut by_rule: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (index, suppression) in suppressions.iter().enumerate() {
        match suppression.scope {
            Scope::Line { file, line } => by_line.entry((file, line)).or_default().push(index),
            Scope::Files { .. } => by_rule.entry(suppression.rule).or_default().push(index),
        }
    }
    let cover = |finding: &Finding| {
        let wide = by_rule.get(finding.code.id).into_iter().flatten();
        let line = sources.get(finding.place.file).filter(|_| !by_line.is_empty());
        let line = line.map(|file| file.locate(finding.place.span.start).line);
        let narrow = line.and_then(|line| by_line.get(&(finding.place.file, line))).into_iter().flatten();
        let covers =
            |index: &usize| suppressions.get(*index).is_some_and(|suppression| suppression.covers(finding));
        narrow.chain(wide).copied().find(covers)
    };
    findings.iter().map(cover).collect()
}

impl Suppression {
    /// Whether a finding whose line is already known to fit is covered.
    fn covers(&self, finding: &Finding) -> bool {
        if self.rule != finding.code.id {
            return false;
        }
        let Scope::Files { covered, pointer, operation } = &self.scope else { return true };
        covered.get(finding.place.file.0 as usize) == Some(&true)
            && pointer.as_deref().is_none_or(|wanted| {
                finding.pointer.as_deref().is_some_and(|found| is_at_or_below(found, wanted))
            })
            && operation.as_deref().is_none_or(|wanted| finding.operation.as_deref() == Some(wanted))
    }
}

/// Whether pointer `found` is the value `wanted` names or lies below it.
fn is_at_or_below(found: &str, wanted: &str) -> bool {
    let mut tokens = found.split('/');
    wanted.split('/').all(|want| tokens.next().is_some_and(|token| want == "*" || token == want))
}

/// A finding for each suppression that covers nothing although its rule ran.
#[must_use]
pub fn unused(suppressions: &[Suppression], used: &[bool], ran: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    suppressions
        .iter()
        .zip(used)
        .filter(|(suppression, used)| !**used && ran(suppression.rule))
        .map(|(suppression, _)| {
            let message = format!("this suppression of {} suppresses nothing", suppression.rule);
            Finding::new(&codes::UNUSED_SUPPRESSION, suppression.place, message)
                .with_help("what it was for is mended or has moved: take the suppression out")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_at_or_below;

    #[test]
    fn a_pointer_covers_what_is_below_it() {
        assert!(is_at_or_below("/paths/~1pets/get", "/paths/~1pets"));
        assert!(is_at_or_below("/paths/~1pets", "/paths/~1pets"));
        assert!(is_at_or_below("/paths/~1pets/get/tags", "/paths/*/get"));
        assert!(!is_at_or_below("/paths/~1petshop", "/paths/~1pets"));
        assert!(!is_at_or_below("/paths", "/paths/~1pets"));
    }
}
