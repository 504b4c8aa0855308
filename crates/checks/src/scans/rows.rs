//! The rows: names, rules and words are the specification's; the numbers are counted.

use tenon_source::Finding;

use super::counts::Counts;
use super::{Scan, ScanResult, errors, result};
use crate::facts::service::ServiceFacts;

/// What a row says of its counts.
struct Words {
    /// In the table.
    count: String,
    /// As a sentence.
    sentence: String,
}

/// Builds rows for one contract.
struct Rows<'f, 'g> {
    facts: &'f ServiceFacts<'g>,
    findings: &'f [&'f Finding],
    out: Vec<Scan>,
}

impl Rows<'_, '_> {
    fn push(
        &mut self,
        number: u8,
        name: &'static str,
        rules: &'static [u8],
        words: impl Fn(bool, usize) -> Words,
    ) {
        let result = result(self.facts, self.findings, rules);
        let wrong = errors(self.findings, rules).count();
        let said = match result {
            ScanResult::NotApplicable(input) => {
                let reason = format!("{} is missing", input.as_str());
                Words { sentence: format!("Not applicable: {reason}."), count: reason }
            }
            ScanResult::Pass => words(true, 0),
            ScanResult::Fail => words(false, wrong),
        };
        self.out.push(Scan { number, name, rules, result, count: said.count, sentence: said.sentence });
    }
}

/// What stands at the end of a sentence: the specification's words, or how many errors there are.
fn end(passed: bool, wrong: usize, words: &str) -> String {
    if passed { format!("{words}.") } else { format!("{}.", errors_text(wrong)) }
}

fn errors_text(wrong: usize) -> String {
    if wrong == 1 { "1 error".to_owned() } else { format!("{wrong} errors") }
}

/// The 18 scans.
pub(super) fn scans(facts: &ServiceFacts<'_>, findings: &[&Finding]) -> Vec<Scan> {
    let counts = Counts { facts };
    let mut rows = Rows { facts, findings, out: Vec::with_capacity(18) };
    access(&mut rows, &counts);
    conventions(&mut rows, &counts);
    content(&mut rows, &counts);
    rows.out
}

/// Scans 1 to 6.
fn access(rows: &mut Rows<'_, '_>, counts: &Counts<'_, '_>) {
    let (x, y) = (counts.body_consuming(), counts.action_only());
    rows.push(1, "Body contract completeness", &[1, 6], |passed, wrong| Words {
        count: format!("{x} body-consuming, {y} action-only"),
        sentence: format!(
            "{x} body-consuming endpoints verified, {y} action-only endpoints verified{}",
            if passed { ".".to_owned() } else { format!(", {}.", errors_text(wrong)) }
        ),
    });
    let x = counts.applies(4);
    rows.push(2, "Scope-guard inheritance", &[4], |passed, wrong| Words {
        count: format!("{x} project-scoped endpoints"),
        sentence: format!(
            "{x} project-scoped endpoints verified, {}",
            end(passed, wrong, "all have validateProjectAccess")
        ),
    });
    let x = counts.applies(8);
    rows.push(3, "RBAC bidirectional", &[8], |passed, wrong| Words {
        count: format!("{x} RBAC-protected endpoints"),
        sentence: format!(
            "{x} RBAC-protected endpoints verified, {}",
            end(passed, wrong, "bidirectional consistency confirmed")
        ),
    });
    let (x, y) = (counts.with_auth_field(), counts.authenticated());
    let complete = if x == y { "yes" } else { "no" };
    rows.push(4, "Auth enforcement completeness", &[9], |_, _| Words {
        count: format!("{x} of {y} authenticated endpoints"),
        sentence: format!("{x} of {y} authenticated endpoints have mustUseAuth. Complete: {complete}."),
    });
    let strategy =
        rows.facts.contract.pagination_strategy.as_ref().map_or("none", |name| name.as_str()).to_owned();
    let y = counts.lists();
    rows.push(5, "Pagination consistency", &[7], |passed, wrong| Words {
        count: format!("Strategy: {strategy}, {y} list endpoints"),
        sentence: format!(
            "Strategy: {strategy}. {y} list endpoints verified, {}",
            end(passed, wrong, "all consistent")
        ),
    });
    let x = counts.without_tenant();
    rows.push(6, "Scope-intent documentation", &[10], |passed, wrong| Words {
        count: format!("{x} endpoints without tenant args"),
        sentence: format!(
            "{x} authenticated endpoints without explicit tenant args, {}",
            end(passed, wrong, "all have notes")
        ),
    });
}

/// Scans 7 to 11, and 12 after them.
fn conventions(rows: &mut Rows<'_, '_>, counts: &Counts<'_, '_>) {
    let x = counts.configurable();
    rows.push(7, "Config source-of-truth", &[2], |passed, wrong| Words {
        count: format!(
            "{x} configurable values, {}",
            if passed { "semantically correct".to_owned() } else { errors_text(wrong) }
        ),
        sentence: format!(
            "{x} configurable values verified, {}",
            end(passed, wrong, "all have semantically correct configSource attribution")
        ),
    });
    let convention =
        rows.facts.contract.route_convention.as_ref().map_or("none", |name| name.as_str()).to_owned();
    let y = counts.required();
    rows.push(8, "Route convention", &[11], |passed, wrong| Words {
        count: format!("Convention: {convention}, {y} endpoints"),
        sentence: format!(
            "Convention: {convention}. {y} required endpoints verified, {}",
            end(passed, wrong, "all consistent")
        ),
    });
    let x = counts.all();
    rows.push(9, "Endpoint deduplication", &[12], |passed, wrong| Words {
        count: format!(
            "{x} endpoints, {}",
            if passed { "zero duplicates".to_owned() } else { errors_text(wrong) }
        ),
        sentence: format!("{x} endpoints verified, {}", end(passed, wrong, "zero duplicates")),
    });
    let x = counts.applies(13);
    rows.push(10, "Tenant-scoping middleware", &[13], |passed, wrong| Words {
        count: format!(
            "{x} tenant-parameterised, {}",
            if passed { "all validated".to_owned() } else { errors_text(wrong) }
        ),
        sentence: format!(
            "{x} tenant-parameterised endpoints verified, {}",
            end(passed, wrong, "all include tenant-validation middleware")
        ),
    });
    let x = counts.with_side_effects();
    rows.push(11, "Intra-endpoint coherence", &[14], |passed, wrong| Words {
        count: format!(
            "{x} sideEffects endpoints, {}",
            if passed { "all params traceable".to_owned() } else { errors_text(wrong) }
        ),
        sentence: format!(
            "{x} endpoints with sideEffects verified, {}",
            end(passed, wrong, "all parameters traceable")
        ),
    });
    coverage(rows, counts);
}

/// Scan 12.
fn coverage(rows: &mut Rows<'_, '_>, counts: &Counts<'_, '_>) {
    let container = rows.facts.scope.and_then(|scope| scope.tenant_container.as_ref());
    let strategy = container.and_then(|container| container.ui_strategy_text.as_ref());
    let strategy = strategy.map_or("none declared", |name| name.as_str()).to_owned();
    let x = counts.entities();
    rows.push(12, "Entity endpoint coverage", &[15, 16], |passed, wrong| Words {
        count: format!(
            "{x} entities, {}. Tenant: {strategy}",
            if passed { "all covered".to_owned() } else { errors_text(wrong) }
        ),
        sentence: if passed {
            format!(
                "{x} required entities verified, all have endpoints or exclusions. Tenant container: {strategy}, \
                 minimum endpoints present."
            )
        } else {
            format!("{x} required entities verified. Tenant container: {strategy}. {}.", errors_text(wrong))
        },
    });
}

/// Scans 13 to 18.
fn content(rows: &mut Rows<'_, '_>, counts: &Counts<'_, '_>) {
    let x = counts.giving_tokens();
    rows.push(13, "Auth token path completeness", &[17], |passed, wrong| Words {
        count: format!("{x} authentication endpoints"),
        sentence: format!(
            "{x} authentication endpoints verified, {}",
            end(passed, wrong, "all have responseTokenPath")
        ),
    });
    let x = counts.public();
    rows.push(14, "Public endpoint consistency", &[18], |passed, wrong| Words {
        count: format!("{x} public endpoints"),
        sentence: format!(
            "{x} public endpoints verified, {}",
            end(passed, wrong, "all marked as authentication: public")
        ),
    });
    let x = counts.classified();
    let y = counts.all() - x;
    rows.push(15, "CRUD operation classification", &[19], |passed, wrong| Words {
        count: format!("{x} CRUD, {y} non-CRUD"),
        sentence: format!(
            "{x} CRUD endpoints classified, {y} non-CRUD endpoints{}",
            if passed { ".".to_owned() } else { format!(", {}.", errors_text(wrong)) }
        ),
    });
    let x = counts.applies(20);
    rows.push(16, "Enum field validation", &[20], |passed, wrong| Words {
        count: format!("{x} enum-field endpoints"),
        sentence: format!(
            "{x} endpoints with enum fields verified, {}",
            end(passed, wrong, "validation documented")
        ),
    });
    let (endpoints, keys) = (counts.creating(), counts.created_keys());
    let (bound, payloads) = (counts.applies(23), counts.payloads());
    rows.push(17, "Data model alignment", &[21, 23], |passed, wrong| Words {
        count: format!("{keys} create FKs checked, {payloads} structured payloads bound"),
        sentence: format!(
            "{endpoints} create endpoints verified for FK nullability, {bound} structured-payload endpoints verified \
             for data model binding{}",
            if passed { ".".to_owned() } else { format!(", {}.", errors_text(wrong)) }
        ),
    });
    let (x, y) = (counts.changing_config(), counts.taking_snapshots());
    rows.push(18, "Config mutation invariants", &[22], |passed, wrong| Words {
        count: format!("{x} version-bump, {y} snapshot endpoints"),
        sentence: if passed {
            format!(
                "{x} config-mutation endpoints verified with version-bump invariants, {y} snapshot endpoints verified \
                 with explicit field lists."
            )
        } else {
            format!("{x} config-mutation endpoints and {y} snapshot endpoints verified, {}.", errors_text(wrong))
        },
    });
}

/// Rules 3 and 5, which no scan covers.
pub(super) fn additional(facts: &ServiceFacts<'_>, findings: &[&Finding]) -> Vec<Scan> {
    let counts = Counts { facts };
    let mut rows = Rows { facts, findings, out: Vec::with_capacity(2) };
    let x = counts.applies(3);
    rows.push(0, "Singleton side-effect declaration", &[3], |passed, wrong| Words {
        count: format!("{x} singleton-flag endpoints"),
        sentence: format!(
            "{x} singleton-flag endpoints verified, {}",
            end(passed, wrong, "all declare sideEffects")
        ),
    });
    let x = counts.deferred();
    rows.push(0, "Deferred endpoint build-gate", &[5], |passed, wrong| Words {
        count: format!("{x} deferred endpoints"),
        sentence: format!(
            "{x} deferred endpoints verified, {}",
            end(passed, wrong, "all excluded from registration")
        ),
    });
    rows.out
}
