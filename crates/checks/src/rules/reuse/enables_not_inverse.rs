//! RE010 `enables-not-inverse`.

use std::collections::BTreeSet;

use tenon_graph::ReuseRegister;
use tenon_source::{Code, Finding, Level};

use crate::facts::reuse::plan::{Package, Plan};
use crate::facts::words::has_word;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE010",
        name: "enables-not-inverse",
        summary: "`enables` of a work package is not what `depends_on` of the others says",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("enables_not_inverse.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for register in &ctx.graph.reuse_registers {
        let plan = Plan::of(register);
        for package in &plan.packages {
            let Some(said) = &package.enables_said else { continue };
            let said: BTreeSet<&str> =
                said.iter().filter(|mention| mention.known).map(|mention| mention.id.as_str()).collect();
            let derived: BTreeSet<&str> = package.enables.iter().map(String::as_str).collect();
            let mut tell = |message: String, help: &str| {
                out.push(ctx.graph.sources.finding(&RULE.code, package.at, message).with_help(help));
            };
            let id = &package.id;
            for other in derived.difference(&said) {
                tell(
                    format!("`{other}` depends on `{id}`, and `{id}` does not say that it enables `{other}`"),
                    "add it to `enables`, or leave `enables` out: it follows from `depends_on`",
                );
            }
            for other in said.difference(&derived) {
                tell(
                    format!("`{id}` says that it enables `{other}`, and `{other}` does not depend on `{id}`"),
                    "`depends_on` counts: add it there, or take it out here",
                );
            }
            handoffs(register, package, &mut tell);
        }
    }
}

/// Holds what a package is said to make possible to what the handoffs say.
fn handoffs(register: &ReuseRegister, package: &Package, tell: &mut dyn FnMut(String, &str)) {
    let id = &package.id;
    for handoff in &register.handoffs {
        let issue = handoff.issue.text.as_str();
        let number = issue.trim_start_matches('#');
        let said = package.makes_possible.iter().any(|text| has_word(text, number));
        let consumes = Plan::read(register, &handoff.consumes).iter().any(|mention| mention.id == *id);
        let help = "say the same in both, or leave `enables` out";
        match (said, consumes) {
            (true, false) => tell(
                format!(
                    "`{id}` says that it enables `{issue}`, and the handoff to `{issue}` does not consume it"
                ),
                help,
            ),
            (false, true) => tell(
                format!(
                    "the handoff to `{issue}` consumes `{id}`, and `{id}` does not say that it enables `{issue}`"
                ),
                help,
            ),
            _ => {}
        }
    }
}
