//! OP008 `scope-of-other-kind`.

use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP008",
        name: "scope-of-other-kind",
        summary: "An operation that reads asks for a write scope, or the reverse",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("scope_of_other_kind.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx).filter(|operation| operation.http.is_some()) {
        let scopes = operation.governance.scopes.as_deref().unwrap_or_default();
        let (wanted, found, does) = if operation.is_mutating() {
            (":write", ":read", "changes something")
        } else {
            (":read", ":write", "only reads")
        };
        let odd = !scopes.is_empty() && scopes.iter().all(|scope| scope.text.ends_with(found));
        if let (true, Some(scope)) = (odd, scopes.first()) {
            let message = format!("{} {does}, yet all it asks for is `{}`", operation.label(), scope.text);
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, scope.at, message);
            out.push(
                finding
                    .with_operation(operation.label())
                    .with_help(format!("ask for a scope that ends in `{wanted}`")),
            );
        }
    }
}
