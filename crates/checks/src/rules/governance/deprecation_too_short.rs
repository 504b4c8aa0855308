//! OP070 `deprecation-too-short`.

use tenon_graph::{Name, Operation, VersionPolicy};
use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP070",
        name: "deprecation-too-short",
        summary: "A deprecation gives consumers less time than its contract promises",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("deprecation_too_short.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        let Some(policy) = &surface.versions else { continue };
        for operation in governed(ctx, contract) {
            let Some(lack) = lack(operation, policy) else { continue };
            let message = format!("{} is deprecated {lack}", operation.label());
            let place = ctx.graph.sources.place(policy.at);
            let help = "write `deprecation: {announced, deprecated, sunset}` with days far enough apart";
            let finding = report(ctx, &RULE.code, operation, message);
            out.push(finding.with_related(place, "the contract promises this").with_help(help));
        }
    }
}

/// What the deprecation of an operation lacks.
fn lack(operation: &Operation, policy: &VersionPolicy) -> Option<String> {
    let said = operation.governance.deprecation.as_ref();
    if !operation.detail.deprecated && said.is_none() {
        return None;
    }
    let day = |name: Option<&Name>| days(&name?.text);
    let announced = day(said.and_then(|said| said.announced.as_ref()));
    let apart = |later: Option<&Name>, days: Option<i64>, what: &str| {
        let days = days?;
        match (announced, day(later)) {
            (Some(from), Some(to)) if to - from >= days => None,
            (Some(from), Some(to)) => {
                Some(format!("with {} days from announcement to {what}, not {days}", to - from))
            }
            _ => Some(format!("without the days of its announcement and its {what}")),
        }
    };
    let notice = apart(said.and_then(|said| said.deprecated.as_ref()), policy.notice_days, "deprecation");
    notice.or_else(|| apart(said.and_then(|said| said.sunset.as_ref()), policy.sunset_days, "sunset"))
}

/// The day of a date `YYYY-MM-DD`, counted from 1 March of the year 0 (Gregorian).
fn days(date: &str) -> Option<i64> {
    let mut parts = date.get(..10)?.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The year begins in March, so that the day of the leap year is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (month * 153 + 2) / 5
            + day,
    )
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_are_counted_over_leap_years() {
        let apart = |from: &str, to: &str| days(to).unwrap() - days(from).unwrap();
        assert_eq!(apart("2026-01-31", "2026-02-01"), 1);
        assert_eq!(apart("2028-02-28", "2028-03-01"), 2);
        assert_eq!(apart("2026-01-01", "2027-01-01"), 365);
        assert_eq!(days("2026-13-01"), None);
    }
}
